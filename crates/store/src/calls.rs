//! Raw calls: appended once, never changed but for old bodies, which are deleted, and the list of those that wait to
//! be understood.
//!
//! On SQLite they lie in a database file of their own, so that an acknowledgement waits for no other
//! writer. Its connections come from [`Store::read_calls`](crate::Store::read_calls) and
//! [`Store::write_calls`](crate::Store::write_calls); on PostgreSQL these are the same as for all other
//! tables.

use reelroom_domain::{
    callback::CallbackKind,
    ids::{AppId, CallId},
    time::Timestamp,
};
use sqlx::any::AnyRow;

use crate::{
    Conn, Result, bulk::Bulk, engine::Engine, fields, query::query, reader, row::Columns,
    select::Select,
};

/// The content of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCall {
    /// Its kind.
    pub kind: CallbackKind,
    /// The app that its address names.
    pub app: Option<AppId>,
    /// When its last byte arrived.
    pub received_at: Timestamp,
    /// The address that it came from; empty for one that a look-up made.
    pub remote: String,
    /// Its `Content-Type` header.
    pub content_type: Option<String>,
    /// Its `Content-Encoding` header.
    pub content_encoding: Option<String>,
    /// Whether a look-up made it from the platform's list.
    pub looked_up: bool,
    /// Its raw body.
    pub body: Vec<u8>,
}

/// A stored call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its number.
    pub id: CallId,
    /// Its content.
    pub content: NewCall,
}

/// The record of a deleted body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedBody {
    /// When it was deleted.
    pub at: Timestamp,
    /// Its SHA-256, hex.
    pub sha256: String,
}

const COLUMNS: &str = "c.id, c.kind, c.app_id, c.received_at, c.remote, c.content_type,
    c.content_encoding, c.looked_up, c.body";

impl Call {
    fn read(row: &AnyRow) -> Result<Self> {
        let row = Columns::new(row, "calls", "id");
        Ok(Self {
            id: row.get("id")?,
            content: fields!(row => NewCall {
                kind, app: app_id, received_at, remote, content_type, content_encoding, looked_up,
                body
            }),
        })
    }
}

static CALLS: Select<Call> = Select::new(COLUMNS, "calls c", Call::read);

const INSERT: &str = "INSERT INTO calls (kind, app_id, received_at, remote, content_type,
         content_encoding, looked_up, body) VALUES {}";

/// Appends calls and puts them on the list of those that wait, in one exchange with the database.
static APPEND: Bulk = Bulk::built(|engine| match engine {
    // The rows get consecutive numbers: there is no other writer.
    Engine::Sqlite => format!(
        "{INSERT};
         INSERT INTO waiting (call_id, size) SELECT id, LENGTH(body) FROM calls
         WHERE id > (SELECT last_insert_rowid() - changes());
         SELECT last_insert_rowid() AS id"
    ),
    Engine::Postgres => format!(
        "WITH new AS ({INSERT} RETURNING id, LENGTH(body) AS size)
         INSERT INTO waiting (call_id, size) SELECT id, size FROM new RETURNING call_id AS id"
    ),
});

/// Stores calls, which wait to be understood from then on. Returns their numbers in the same order.
pub async fn append(conn: &mut Conn, calls: &[NewCall]) -> Result<Vec<CallId>> {
    let rows = calls.iter().map(|call| {
        (
            (call.kind, call.app, call.received_at, &call.remote),
            (&call.content_type, &call.content_encoding, call.looked_up),
            &call.body,
        )
    });
    let stored = APPEND.fetch(conn, rows).await?;
    let mut ids: Vec<CallId> = stored.iter().map(read_id).collect::<Result<_>>()?;
    if Engine::of_connection(conn) == Engine::Sqlite {
        // Each statement returns the last of its numbers only.
        let last = ids.last().copied().unwrap_or_default().number();
        let numbers = (1..=last).rev().take(calls.len());
        ids = numbers.map(CallId::new).collect();
    }
    // The rows of one statement get growing numbers, but may be returned in another order.
    ids.sort_unstable();
    Ok(ids)
}

fn read_id(row: &AnyRow) -> Result<CallId> {
    Columns::new(row, "calls", "id").get("id")
}

/// The oldest calls that wait, after the call `after`: at most `limit`, and none more once their
/// bodies have `bytes` bytes together.
pub async fn next_waiting(
    conn: &mut Conn,
    after: CallId,
    limit: usize,
    bytes: u64,
) -> Result<Vec<Call>> {
    query(format!(
        "SELECT {COLUMNS} FROM (
             SELECT call_id, SUM(size) OVER (ORDER BY call_id) - size AS before
             FROM (SELECT call_id, size FROM waiting WHERE call_id > $1
                 ORDER BY call_id LIMIT $2) AS oldest) AS w
         JOIN calls c ON c.id = w.call_id WHERE w.before < $3 ORDER BY c.id"
    ))
    .bind((after, limit, bytes))
    .all(conn, Call::read)
    .await
}

/// The newest calls that wait, older than `before` where that is given, at most `limit`.
pub async fn newest_waiting(
    conn: &mut Conn,
    before: Option<CallId>,
    limit: u32,
) -> Result<Vec<Call>> {
    query(format!(
        "SELECT {COLUMNS} FROM waiting w JOIN calls c ON c.id = w.call_id
         WHERE w.call_id < $1 ORDER BY w.call_id DESC LIMIT $2"
    ))
    .bind((before.map_or(i64::MAX, CallId::number), limit))
    .all(conn, Call::read)
    .await
}

/// The number of calls that wait after the call `after`, counted up to `limit`.
pub async fn count_waiting(conn: &mut Conn, after: CallId, limit: u32) -> Result<u32> {
    query(
        "SELECT COUNT(*) AS n
         FROM (SELECT call_id FROM waiting WHERE call_id > $1 LIMIT $2) AS counted",
    )
    .bind((after, limit))
    .count(conn)
    .await
}

/// When the oldest call that waits after the call `after` arrived; `None`: none waits.
pub async fn waiting_since(conn: &mut Conn, after: CallId) -> Result<Option<Timestamp>> {
    query(
        "SELECT c.received_at FROM waiting w JOIN calls c ON c.id = w.call_id
         WHERE w.call_id > $1 ORDER BY w.call_id LIMIT 1",
    )
    .bind(after)
    .first(conn, Columns::value("calls", "received_at"))
    .await
}

/// The number of waiting calls of an app that a look-up made.
pub async fn count_looked_up(conn: &mut Conn, app: AppId) -> Result<u32> {
    query(
        "SELECT COUNT(*) AS n FROM waiting w JOIN calls c ON c.id = w.call_id
         WHERE c.looked_up = 1 AND c.app_id = $1",
    )
    .bind(app)
    .count(conn)
    .await
}

/// Removes calls from the list of those that wait; on SQLite with all older ones, since one process
/// understands them in their order.
pub async fn clear_waiting(conn: &mut Conn, ids: &[CallId]) -> Result<()> {
    static CLEAR: Bulk = Bulk::new("DELETE FROM waiting WHERE call_id IN (VALUES {})");
    if Engine::of_connection(conn) == Engine::Sqlite {
        let clear = query("DELETE FROM waiting WHERE call_id <= $1");
        let last = ids.iter().max().copied().unwrap_or_default();
        return clear.bind(last).execute(conn).await;
    }
    CLEAR.execute(conn, ids).await
}

/// The call of that number.
pub async fn get(conn: &mut Conn, id: CallId) -> Result<Option<Call>> {
    CALLS.first(conn, "WHERE c.id = $1", id).await
}

/// Every call, in the order of their numbers.
#[cfg(any(test, feature = "testing"))]
pub(crate) async fn all(conn: &mut Conn) -> Result<Vec<Call>> {
    CALLS.all(conn, "ORDER BY c.id", ()).await
}

/// Puts every call after the call `after` that still has its body on the list of those that wait. Returns how many were
/// not on it before.
pub async fn wait_after(conn: &mut Conn, after: CallId) -> Result<u64> {
    query(
        "INSERT INTO waiting (call_id, size) SELECT id, LENGTH(body) FROM calls
         WHERE id > $1 AND body_deleted_at IS NULL
         ON CONFLICT (call_id) DO NOTHING",
    )
    .bind(after)
    .count_affected(conn)
    .await
}

/// The number of the newest call; 0: there is none.
pub async fn newest(conn: &mut Conn) -> Result<CallId> {
    query("SELECT COALESCE(MAX(id), 0) AS id FROM calls")
        .one(conn, read_id)
        .await
}

/// A call after the call `after` with exactly this body.
pub async fn of_body(conn: &mut Conn, after: CallId, body: &[u8]) -> Result<Option<CallId>> {
    query("SELECT id FROM calls WHERE id > $1 AND body = $2 ORDER BY id LIMIT 1")
        .bind((after, body.to_vec()))
        .first(conn, read_id)
        .await
}

/// Deletes calls.
pub async fn delete(conn: &mut Conn, ids: &[CallId]) -> Result<()> {
    static DELETE: Bulk = Bulk::new("DELETE FROM calls WHERE id IN (VALUES {})");
    DELETE.execute(conn, ids).await
}

/// The bodies of those of these calls that still have theirs.
pub async fn bodies(conn: &mut Conn, ids: &[CallId]) -> Result<Vec<(CallId, Vec<u8>)>> {
    static BODIES: Bulk =
        Bulk::new("SELECT id, body FROM calls WHERE body_deleted_at IS NULL AND id IN (VALUES {})");
    let rows = BODIES.fetch(conn, ids).await?;
    let read = Columns::values("calls", ["id", "body"]);
    rows.iter().map(read).collect()
}

/// Deletes the bodies of calls. Their SHA-256, which is given with each, is kept.
pub async fn delete_bodies(
    conn: &mut Conn,
    at: Timestamp,
    hashes: &[(CallId, String)],
) -> Result<()> {
    static DELETE: Bulk = Bulk::new(
        "WITH k (id, sha256, at, body) AS (VALUES {})
         UPDATE calls SET body = k.body, sha256 = k.sha256, body_deleted_at = k.at FROM k
         WHERE calls.id = k.id AND calls.body_deleted_at IS NULL",
    );
    let rows = hashes.iter();
    let rows = rows.map(|(id, sha256)| (*id, sha256, at, Vec::<u8>::new()));
    DELETE.execute(conn, rows).await
}

/// The record of the deleted body of a call; `None`: the body is there, or there is no such call.
pub async fn deleted_body(conn: &mut Conn, id: CallId) -> Result<Option<DeletedBody>> {
    let read = reader!(calls.id => DeletedBody { at: body_deleted_at, sha256 });
    query(
        "SELECT id, body_deleted_at, sha256 FROM calls
         WHERE id = $1 AND body_deleted_at IS NOT NULL",
    )
    .bind(id)
    .first(conn, read)
    .await
}
