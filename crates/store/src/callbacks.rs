//! Raw calls from the platform: kept before they are understood.

use reelroom_domain::{
    callback::{CallbackKind, Verdict},
    ids::{AppId, CallbackId, FileId, RecordingId},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row, any::AnyRow, query};

use crate::{
    Conn, StoreError,
    engine::{opt_text, text},
    row::Columns,
};

/// One raw call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// Its id.
    pub id: CallbackId,
    /// Which of the two callbacks it is.
    pub kind: CallbackKind,
    /// The app that its address names.
    pub app: Option<AppId>,
    /// When its last byte was here.
    pub received_at: Timestamp,
    /// The address that it came from.
    pub remote: String,
    /// Its content type as sent.
    pub content_type: Option<String>,
    /// Its body to the byte.
    pub body: Vec<u8>,
    /// What we made of it; `None`: not yet looked at.
    pub verdict: Option<Verdict>,
    /// Why that verdict.
    pub reason: Option<String>,
    /// The recording that it told of.
    pub recording: Option<RecordingId>,
    /// The file that it told of.
    pub file: Option<FileId>,
    /// When the verdict was found.
    pub understood_at: Option<Timestamp>,
    /// Nobody called: we found the file in the platform's list.
    pub looked_up: bool,
}

/// A call that has just come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawCallback {
    /// Its id.
    pub id: CallbackId,
    /// Which of the two callbacks it is.
    pub kind: CallbackKind,
    /// The app that its address names.
    pub app: Option<AppId>,
    /// When its last byte was here.
    pub received_at: Timestamp,
    /// The address that it came from.
    pub remote: String,
    /// Its content type as sent.
    pub content_type: Option<String>,
    /// Its body to the byte.
    pub body: Vec<u8>,
}

/// What was made of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Understood {
    /// The verdict.
    pub verdict: Verdict,
    /// Why that verdict.
    pub reason: Option<String>,
    /// The recording that it told of.
    pub recording: Option<RecordingId>,
    /// The file that it told of.
    pub file: Option<FileId>,
}

impl Callback {
    fn read(row: &AnyRow) -> Result<Self, StoreError> {
        let row = Columns::new(row, "callbacks", "id");
        Ok(Self {
            id: row.id("id")?,
            kind: row.word("kind", CallbackKind::parse)?,
            app: row.opt_id("app_id")?,
            received_at: row.time("received_at")?,
            remote: row.text("remote")?,
            content_type: row.opt_text("content_type")?,
            body: row.bytes("body")?,
            verdict: row.opt_word("verdict", Verdict::parse)?,
            reason: row.opt_text("reason")?,
            recording: row.opt_id("recording_id")?,
            file: row.opt_id("file_id")?,
            understood_at: row.opt_time("understood_at")?,
            looked_up: row.flag("looked_up")?,
        })
    }
}

/// Keeps one call.
pub async fn insert(conn: &mut Conn, callback: &RawCallback) -> Result<(), StoreError> {
    insert_many(conn, std::slice::from_ref(callback)).await
}

/// Keeps many calls, all or none: one statement for each hundred of them.
pub async fn insert_many(conn: &mut Conn, callbacks: &[RawCallback]) -> Result<(), StoreError> {
    for some in callbacks.chunks(100) {
        let rows: Vec<String> = (0..some.len())
            .map(|i| {
                let places: Vec<String> =
                    (i * 7 + 1..=i * 7 + 7).map(|n| format!("${n}")).collect();
                format!("({})", places.join(", "))
            })
            .collect();
        let sql = format!(
            "INSERT INTO callbacks (id, kind, app_id, received_at, remote, content_type, body)
             VALUES {}",
            rows.join(", ")
        );
        // A text for each number of rows: none of them is worth keeping prepared but the single.
        let mut insert = query(AssertSqlSafe(sql)).persistent(some.len() == 1);
        for raw in some {
            insert = insert
                .bind(raw.id.to_string())
                .bind(raw.kind.as_str())
                .bind(raw.app.map(|app| app.to_string()))
                .bind(raw.received_at.as_millis())
                .bind(text(&raw.remote))
                .bind(opt_text(raw.content_type.as_deref()))
                .bind(raw.body.clone());
        }
        insert.execute(&mut *conn).await?;
    }
    Ok(())
}

/// Calls without a verdict, oldest first, at most `limit`.
pub async fn next_to_understand(conn: &mut Conn, limit: u32) -> Result<Vec<Callback>, StoreError> {
    let rows =
        query("SELECT * FROM callbacks WHERE verdict IS NULL ORDER BY received_at, id LIMIT $1")
            .bind(i64::from(limit))
            .fetch_all(conn)
            .await?;
    rows.iter().map(Callback::read).collect()
}

/// Sets a call's verdict, also where it had another; `false` where there is no such call.
pub async fn set_understood(
    conn: &mut Conn,
    id: CallbackId,
    now: Timestamp,
    understood: &Understood,
) -> Result<bool, StoreError> {
    let done = query(
        "UPDATE callbacks SET verdict = $2, reason = $3, recording_id = $4, file_id = $5,
         understood_at = $6 WHERE id = $1",
    )
    .bind(id.to_string())
    .bind(understood.verdict.as_str())
    .bind(opt_text(understood.reason.as_deref()))
    .bind(understood.recording.map(|id| id.to_string()))
    .bind(understood.file.map(|id| id.to_string()))
    .bind(now.as_millis())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The call of that id.
pub async fn get(conn: &mut Conn, id: CallbackId) -> Result<Option<Callback>, StoreError> {
    let row = query("SELECT * FROM callbacks WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(Callback::read).transpose()
}

/// When the last accepted call came in.
pub async fn last_accepted_at(conn: &mut Conn) -> Result<Option<Timestamp>, StoreError> {
    let row = query("SELECT MAX(received_at) AS at FROM callbacks WHERE verdict = 'accepted'")
        .fetch_one(conn)
        .await?;
    let at: Option<i64> = row.try_get("at")?;
    Ok(at.map(Timestamp::from_millis))
}

/// Calls, newest first, older than `before` where that is given, at most `limit`.
pub async fn list(
    conn: &mut Conn,
    before: Option<(Timestamp, CallbackId)>,
    limit: u32,
) -> Result<Vec<Callback>, StoreError> {
    // Without a bound: later than any moment.
    let (at, id) = before.map_or((i64::MAX, String::new()), |(at, id)| {
        (at.as_millis(), id.to_string())
    });
    let rows = query(
        "SELECT * FROM callbacks WHERE (received_at, id) < ($1, $2)
         ORDER BY received_at DESC, id DESC LIMIT $3",
    )
    .bind(at)
    .bind(id)
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?;
    rows.iter().map(Callback::read).collect()
}
