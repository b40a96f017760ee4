//! Raw calls: appended once, never changed, and the list of those that wait to be understood.
//!
//! On SQLite they lie in a database file of their own, so that an acknowledgement waits for no other
//! writer. Its connections come from [`Store::read_calls`](crate::Store::read_calls) and
//! [`Store::write_calls`](crate::Store::write_calls); on PostgreSQL these are the same as for all else.

use std::sync::{Arc, OnceLock};

use reelroom_domain::{
    callback::CallbackKind,
    ids::{AppId, CallId},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, any::AnyRow, query};

use crate::{
    Conn, StoreError,
    bulk::Bulk,
    engine::{Engine, opt_text, text},
    row::{Columns, signed},
};

/// A call to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCall {
    /// Which of the two callbacks it is.
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
    /// Its body, to the byte.
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

const COLUMNS: &str = "c.id, c.kind, c.app_id, c.received_at, c.remote, c.content_type,
    c.content_encoding, c.looked_up, c.body";

impl Call {
    fn read(row: &AnyRow) -> Result<Self, StoreError> {
        let row = Columns::new(row, "calls", "id");
        Ok(Self {
            id: CallId::new(row.int("id")?),
            content: NewCall {
                kind: row.word("kind", CallbackKind::parse)?,
                app: row.opt_id("app_id")?,
                received_at: row.time("received_at")?,
                remote: row.text("remote")?,
                content_type: row.opt_text("content_type")?,
                content_encoding: row.opt_text("content_encoding")?,
                looked_up: row.flag("looked_up")?,
                body: row.bytes("body")?,
            },
        })
    }
}

const INSERT: &str = "INSERT INTO calls (kind, app_id, received_at, remote, content_type,
         content_encoding, looked_up, body) VALUES";

/// Appends calls and puts them on the list of those that wait, in one exchange with the database.
static APPEND: Bulk = Bulk::built(8, |engine, rows| match engine {
    // The rows of one statement get consecutive numbers: there is no other writer.
    Engine::Sqlite => format!(
        "{INSERT} {rows};
         INSERT INTO waiting (call_id, size) SELECT id, LENGTH(body) FROM calls
         WHERE id > (SELECT last_insert_rowid() - changes());
         SELECT last_insert_rowid() AS id"
    ),
    Engine::Postgres => format!(
        "WITH new AS ({INSERT} {rows} RETURNING id, LENGTH(body) AS size)
         INSERT INTO waiting (call_id, size) SELECT id, size FROM new RETURNING call_id AS id"
    ),
});

/// How many calls one statement appends on SQLite. There is a text for each number up to that: the
/// connection runs little else.
const AT_ONCE: usize = 64;

fn portions<'a>(
    conn: &Conn,
    calls: &'a [NewCall],
) -> Vec<(AssertSqlSafe<Arc<str>>, &'a [NewCall])> {
    static TEXTS: [OnceLock<Arc<str>>; AT_ONCE] = [const { OnceLock::new() }; AT_ONCE];
    let engine = Engine::of_connection(conn);
    if engine == Engine::Postgres {
        return APPEND.portions(conn, calls).collect();
    }
    let text = |some: &[NewCall]| {
        let text = TEXTS[some.len() - 1].get_or_init(|| APPEND.text(engine, some.len()).into());
        AssertSqlSafe(text.clone())
    };
    let portions = calls.chunks(AT_ONCE);
    portions.map(|some| (text(some), some)).collect()
}

/// Stores calls, which wait to be understood from then on; their numbers, in the same order.
pub async fn append(conn: &mut Conn, calls: &[NewCall]) -> Result<Vec<CallId>, StoreError> {
    let mut ids = Vec::with_capacity(calls.len());
    for (sql, some) in portions(conn, calls) {
        let insert = some.iter().fold(query(sql), |insert, call| {
            insert
                .bind(call.kind.as_str())
                .bind(call.app.map(|app| app.to_string()))
                .bind(call.received_at.as_millis())
                .bind(text(&call.remote))
                .bind(opt_text(call.content_type.as_deref()))
                .bind(opt_text(call.content_encoding.as_deref()))
                .bind(i64::from(call.looked_up))
                .bind(call.body.clone())
        });
        let rows = insert.fetch_all(&mut *conn).await?;
        let id = |row| Columns::new(row, "calls", "id").int("id");
        if let [last] = &rows[..] {
            // SQLite tells the last one only.
            let last = id(last)?;
            let first = last + 1 - signed(some.len() as u64);
            ids.extend((first..=last).map(CallId::new));
        } else {
            for row in &rows {
                ids.push(CallId::new(id(row)?));
            }
        }
    }
    // The rows of one statement get growing numbers, but may be returned in another order.
    ids.sort_unstable();
    Ok(ids)
}

/// The oldest calls that wait, after the call `after`: at most `limit`, and none more once their
/// bodies have `bytes` bytes together.
pub async fn next_waiting(
    conn: &mut Conn,
    after: CallId,
    limit: usize,
    bytes: u64,
) -> Result<Vec<Call>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM (
             SELECT call_id, SUM(size) OVER (ORDER BY call_id) - size AS before
             FROM (SELECT call_id, size FROM waiting WHERE call_id > $1
                 ORDER BY call_id LIMIT $2) AS oldest) AS w
         JOIN calls c ON c.id = w.call_id WHERE w.before < $3 ORDER BY c.id"
    );
    let rows = query(AssertSqlSafe(sql))
        .bind(after.number())
        .bind(signed(limit as u64))
        .bind(signed(bytes))
        .fetch_all(conn)
        .await?;
    rows.iter().map(Call::read).collect()
}

/// The newest calls that wait, older than `before` where that is given, at most `limit`.
pub async fn newest_waiting(
    conn: &mut Conn,
    before: Option<CallId>,
    limit: u32,
) -> Result<Vec<Call>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM waiting w JOIN calls c ON c.id = w.call_id
         WHERE w.call_id < $1 ORDER BY w.call_id DESC LIMIT $2"
    );
    let rows = query(AssertSqlSafe(sql))
        .bind(before.map_or(i64::MAX, CallId::number))
        .bind(i64::from(limit))
        .fetch_all(conn)
        .await?;
    rows.iter().map(Call::read).collect()
}

/// How many calls wait after the call `after`, counted up to `limit`.
pub async fn count_waiting(conn: &mut Conn, after: CallId, limit: u32) -> Result<u32, StoreError> {
    let row = query(
        "SELECT COUNT(*) AS n
         FROM (SELECT call_id FROM waiting WHERE call_id > $1 LIMIT $2) AS counted",
    )
    .bind(after.number())
    .bind(i64::from(limit))
    .fetch_one(conn)
    .await?;
    Columns::new(&row, "waiting", "n").count("n")
}

/// How many calls of an app wait that a look-up made.
pub async fn count_looked_up(conn: &mut Conn, app: AppId) -> Result<u32, StoreError> {
    let row = query(
        "SELECT COUNT(*) AS n FROM waiting w JOIN calls c ON c.id = w.call_id
         WHERE c.looked_up = 1 AND c.app_id = $1",
    )
    .bind(app.to_string())
    .fetch_one(conn)
    .await?;
    Columns::new(&row, "waiting", "n").count("n")
}

/// Takes calls off the list of those that wait. On SQLite with all older ones, since one process
/// understands them in their order.
pub async fn clear_waiting(conn: &mut Conn, ids: &[CallId]) -> Result<(), StoreError> {
    static CLEAR: Bulk = Bulk::new("DELETE FROM waiting WHERE call_id IN (VALUES ", 1, ")");
    if Engine::of_connection(conn) == Engine::Sqlite {
        let last = ids.iter().max().copied().unwrap_or_default();
        query("DELETE FROM waiting WHERE call_id <= $1")
            .bind(last.number())
            .execute(conn)
            .await?;
        return Ok(());
    }
    for (sql, some) in CLEAR.portions(conn, ids) {
        let delete = some
            .iter()
            .fold(query(sql), |delete, id| delete.bind(id.number()));
        delete.execute(&mut *conn).await?;
    }
    Ok(())
}

/// The call of that number.
pub async fn get(conn: &mut Conn, id: CallId) -> Result<Option<Call>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM calls c WHERE c.id = $1");
    let row = query(AssertSqlSafe(sql))
        .bind(id.number())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(Call::read).transpose()
}

/// Every call, in the order of their numbers.
#[cfg(any(test, feature = "testing"))]
pub(crate) async fn all(conn: &mut Conn) -> Result<Vec<Call>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM calls c ORDER BY c.id");
    let rows = query(AssertSqlSafe(sql)).fetch_all(conn).await?;
    rows.iter().map(Call::read).collect()
}

/// Puts every call after the call `after` on the list of those that wait.
pub async fn wait_after(conn: &mut Conn, after: CallId) -> Result<u64, StoreError> {
    let done = query(
        "INSERT INTO waiting (call_id, size) SELECT id, LENGTH(body) FROM calls WHERE id > $1
         ON CONFLICT (call_id) DO NOTHING",
    )
    .bind(after.number())
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// The number of the newest call; 0: there is none.
pub async fn newest(conn: &mut Conn) -> Result<CallId, StoreError> {
    let row = query("SELECT COALESCE(MAX(id), 0) AS id FROM calls")
        .fetch_one(conn)
        .await?;
    Ok(CallId::new(Columns::new(&row, "calls", "id").int("id")?))
}

/// A call after the call `after` with exactly this body.
pub async fn of_body(
    conn: &mut Conn,
    after: CallId,
    body: &[u8],
) -> Result<Option<CallId>, StoreError> {
    let row = query("SELECT id FROM calls WHERE id > $1 AND body = $2 ORDER BY id LIMIT 1")
        .bind(after.number())
        .bind(body.to_vec())
        .fetch_optional(conn)
        .await?;
    row.as_ref()
        .map(|row| Ok(CallId::new(Columns::new(row, "calls", "id").int("id")?)))
        .transpose()
}

/// Deletes calls that are kept no longer.
pub async fn delete(conn: &mut Conn, ids: &[CallId]) -> Result<(), StoreError> {
    static DELETE: Bulk = Bulk::new("DELETE FROM calls WHERE id IN (VALUES ", 1, ")");
    for (sql, some) in DELETE.portions(conn, ids) {
        let delete = some
            .iter()
            .fold(query(sql), |delete, id| delete.bind(id.number()));
        delete.execute(&mut *conn).await?;
    }
    Ok(())
}
