//! Requests for the consent of a second administrator.

use reelroom_domain::{
    ids::{RequestId, UserId},
    keep::{Request, RequestState, Wish},
    time::Timestamp,
};
use sqlx::any::AnyRow;

use crate::{
    Conn, Result,
    engine::{Engine, json},
    fields,
    query::{affects_any, query, query_over},
    row::Columns,
    select::Select,
};

const COLUMNS: &str =
    "r.id, r.wish, r.reason, r.asked_at, r.asked_by, r.asked_name, r.lapses_at, r.state,
    r.answered_at, r.answered_by";

fn read(row: &AnyRow) -> Result<Request> {
    let row = Columns::new(row, "requests", "id");
    let answered_at: Option<Timestamp> = row.get("answered_at")?;
    Ok(fields!(row => Request {
        id, reason, asked_at, asked_by, asked_name, lapses_at, state,
        wish = row.json("wish")?,
        answered = answered_at.zip(row.get("answered_by")?)
    }))
}

static REQUESTS: Select<Request> = Select::new(COLUMNS, "requests r", read);

/// Adds a request.
pub async fn insert(conn: &mut Conn, request: &Request) -> Result<()> {
    query(
        "INSERT INTO requests (id, wish, reason, asked_at, asked_by, asked_name, lapses_at, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind((request.id, json(&request.wish)?, &request.reason))
    .bind((request.asked_at, request.asked_by, &request.asked_name))
    .bind((request.lapses_at, request.state))
    .execute(conn)
    .await
}

/// The request of that id.
pub async fn get(conn: &mut Conn, id: RequestId) -> Result<Option<Request>> {
    REQUESTS.first(conn, "WHERE r.id = $1", id).await
}

/// For each of these wishes the request that is open at `now`, or else the last one.
pub async fn of_wishes(conn: &mut Conn, wishes: &[Wish], now: Timestamp) -> Result<Vec<Request>> {
    let wishes = wishes.iter().map(json);
    let wishes = wishes.collect::<std::result::Result<Vec<String>, _>>()?;
    let text = format!(
        "SELECT {COLUMNS} FROM (
             SELECT {COLUMNS}, ROW_NUMBER() OVER (PARTITION BY r.wish ORDER BY
                 CASE WHEN r.state = 'open' AND r.lapses_at > $2 THEN 0 ELSE 1 END,
                 r.asked_at DESC, r.id DESC) AS place
             FROM requests r WHERE r.wish IN {{list}}) AS r
         WHERE r.place = 1"
    );
    query_over(conn, &text, &wishes)?
        .bind(now)
        .all(conn, read)
        .await
}

/// The number of requests that are open at `now` and that another account than `user` made.
pub async fn count_of_others(conn: &mut Conn, user: UserId, now: Timestamp) -> Result<u32> {
    query(
        "SELECT COUNT(*) AS n FROM requests r
         WHERE r.state = 'open' AND r.lapses_at > $1 AND r.asked_by <> $2",
    )
    .bind((now, user))
    .count(conn)
    .await
}

/// The request of that id. Nobody else answers it until the end of the transaction, which writes.
pub async fn lock(conn: &mut Conn, id: RequestId) -> Result<Option<Request>> {
    let lock = Engine::of_connection(conn).lock_rows("r");
    let locked = format!("WHERE r.id = $1{lock}");
    REQUESTS.first(conn, &locked, id).await
}

/// The requests that are open at `now`, in the order in which they lapse.
pub async fn open(conn: &mut Conn, now: Timestamp) -> Result<Vec<Request>> {
    let open = "WHERE r.state = 'open' AND r.lapses_at > $1 ORDER BY r.lapses_at, r.id";
    REQUESTS.all(conn, open, now).await
}

/// Stores the answer to a request; `false` where it was answered.
pub async fn answer(
    conn: &mut Conn,
    id: RequestId,
    state: RequestState,
    at: Timestamp,
    by: &str,
) -> Result<bool> {
    let update = "UPDATE requests SET state = $2, answered_at = $3, answered_by = $4
         WHERE id = $1 AND state = 'open'";
    affects_any(conn, update, (id, state, at, by)).await
}
