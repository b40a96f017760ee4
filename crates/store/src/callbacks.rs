//! Raw calls from the platform: kept before they are understood.

mod inbox;

use reelroom_domain::{
    callback::{CallbackKind, Verdict},
    file::FileKind,
    ids::{AppId, CallbackId, FileId, RecordingId},
    room::{ParticipantId, RoomId},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row, any::AnyRow, query};

pub use self::inbox::{
    Filter, Line, assign, assigned, count, count_open, deal, follow_file, has_assigned, line,
    next_open, page, same_body, told_later,
};
use crate::{
    Conn, StoreError,
    bulk::Bulk,
    engine::{Engine, key, opt_text, text},
    row::{Columns, signed},
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
    /// The recording that a person tied it to.
    pub assigned_to: Option<RecordingId>,
    /// The account that did.
    pub assigned_by: Option<String>,
    /// When a person said that it is dealt with.
    pub dealt_at: Option<Timestamp>,
    /// The account that did.
    pub dealt_by: Option<String>,
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
    /// What it names, for finding it.
    pub subject: Subject,
}

/// What a call names, whatever became of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subject {
    /// The room.
    pub room: Option<RoomId>,
    /// The file.
    pub file_name: Option<String>,
    /// What that file shows.
    pub file_kind: Option<FileKind>,
    /// Whose file it is.
    pub participant: Option<ParticipantId>,
    /// Whether its recording was found by its files.
    pub found: bool,
    /// Whether we sent it ourselves, to try the way.
    pub test: bool,
}

impl Subject {
    /// What a search looks at: room and file name, each on a line.
    fn key(&self) -> Option<String> {
        let room = self.room.as_ref().map_or("", RoomId::as_str);
        let name = self.file_name.as_deref().unwrap_or_default();
        (self.room.is_some() || self.file_name.is_some()).then(|| key(&format!("{room}\n{name}")))
    }
}

const COLUMNS: &str = "id, kind, app_id, received_at, remote, content_type, body, verdict,
    reason, recording_id, file_id, understood_at, looked_up, assigned_to, assigned_by, dealt_at,
    dealt_by";

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
            assigned_to: row.opt_id("assigned_to")?,
            assigned_by: row.opt_text("assigned_by")?,
            dealt_at: row.opt_time("dealt_at")?,
            dealt_by: row.opt_text("dealt_by")?,
        })
    }
}

impl From<RawCallback> for Callback {
    fn from(raw: RawCallback) -> Self {
        Self {
            id: raw.id,
            kind: raw.kind,
            app: raw.app,
            received_at: raw.received_at,
            remote: raw.remote,
            content_type: raw.content_type,
            body: raw.body,
            verdict: None,
            reason: None,
            recording: None,
            file: None,
            understood_at: None,
            looked_up: false,
            assigned_to: None,
            assigned_by: None,
            dealt_at: None,
            dealt_by: None,
        }
    }
}

/// Keeps one call.
pub async fn insert(conn: &mut Conn, callback: &RawCallback) -> Result<(), StoreError> {
    insert_many(conn, std::slice::from_ref(callback)).await
}

static INSERT: Bulk = Bulk::new(
    "INSERT INTO callbacks (id, kind, app_id, received_at, remote, content_type, body, size)
     VALUES ",
    8,
    "",
);

/// Keeps many calls, all or none of a transaction.
pub async fn insert_many(conn: &mut Conn, callbacks: &[RawCallback]) -> Result<(), StoreError> {
    for (sql, some) in INSERT.portions(conn, callbacks) {
        let mut insert = query(sql);
        for raw in some {
            insert = insert
                .bind(raw.id.to_string())
                .bind(raw.kind.as_str())
                .bind(raw.app.map(|app| app.to_string()))
                .bind(raw.received_at.as_millis())
                .bind(text(&raw.remote))
                .bind(opt_text(raw.content_type.as_deref()))
                .bind(raw.body.clone())
                .bind(signed(raw.body.len() as u64));
        }
        insert.execute(&mut *conn).await?;
    }
    Ok(())
}

/// Calls without a verdict, oldest first: at most `limit`, and no more once their bodies are `bytes`
/// together.
pub async fn next_to_understand(
    conn: &mut Conn,
    limit: u32,
    bytes: u64,
) -> Result<Vec<Callback>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM callbacks WHERE id IN (
             SELECT id FROM (
                 SELECT id, SUM(size) OVER (ORDER BY received_at, id) - size AS before
                 FROM (SELECT id, received_at, size FROM callbacks WHERE verdict IS NULL
                     ORDER BY received_at, id LIMIT $1) AS waiting) AS counted
             WHERE before < $2)
         ORDER BY received_at, id"
    );
    let rows = query(AssertSqlSafe(sql))
        .bind(i64::from(limit))
        .bind(signed(bytes))
        .fetch_all(conn)
        .await?;
    rows.iter().map(Callback::read).collect()
}

/// From here to its end nobody else understands calls, in no process: what two of them find out of one
/// room at once would be found twice.
pub async fn understand_alone(conn: &mut Conn) -> Result<(), StoreError> {
    if let Some(sql) = Engine::of_connection(conn).alone() {
        query(sql).execute(conn).await?;
    }
    Ok(())
}

static UNDERSTOOD: Bulk = Bulk::new(
    "WITH news (id, verdict, reason, recording_id, file_id, at, room, file_name, file_kind,
         participant, subject_key, found, test) AS (VALUES ",
    13,
    ")
     UPDATE callbacks SET verdict = news.verdict, reason = news.reason,
         recording_id = news.recording_id, file_id = news.file_id, understood_at = news.at,
         room = news.room, file_name = news.file_name, file_kind = news.file_kind,
         participant = news.participant, subject_key = news.subject_key, found = news.found,
         test = news.test
     FROM news WHERE callbacks.id = news.id",
);

/// Sets the verdicts of calls, also where they had another; how many of them there are.
pub async fn set_understood(
    conn: &mut Conn,
    now: Timestamp,
    calls: &[(CallbackId, Understood)],
) -> Result<u64, StoreError> {
    let mut known = 0;
    for (sql, some) in UNDERSTOOD.portions(conn, calls) {
        let mut update = query(sql);
        for (id, understood) in some {
            let subject = &understood.subject;
            update = update
                .bind(id.to_string())
                .bind(understood.verdict.as_str())
                .bind(opt_text(understood.reason.as_deref()))
                .bind(understood.recording.map(|id| id.to_string()))
                .bind(understood.file.map(|id| id.to_string()))
                .bind(now.as_millis())
                .bind(subject.room.as_ref().map(RoomId::as_str))
                .bind(opt_text(subject.file_name.as_deref()))
                .bind(subject.file_kind.map(FileKind::as_str))
                .bind(subject.participant.as_ref().map(ParticipantId::as_str))
                .bind(subject.key())
                .bind(i64::from(subject.found))
                .bind(i64::from(subject.test));
        }
        known += update.execute(&mut *conn).await?.rows_affected();
    }
    Ok(known)
}

/// Ties the calls of one recording to another that turned out to be the same, whose files it has
/// been [given](crate::files::give): those of a file that both had to the one that stays.
pub async fn give(conn: &mut Conn, from: RecordingId, to: RecordingId) -> Result<(), StoreError> {
    query(
        "UPDATE callbacks SET recording_id = $2,
             assigned_to = CASE WHEN assigned_to = $1 THEN $2 ELSE assigned_to END,
             file_id = COALESCE((
             SELECT t.id FROM files f JOIN files t ON t.recording_id = $2 AND t.kind = f.kind
                 AND t.participant = f.participant AND t.name = f.name
             WHERE f.id = callbacks.file_id), file_id)
         WHERE recording_id = $1",
    )
    .bind(from.to_string())
    .bind(to.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes the oldest calls that nobody can use (unrecognised, malformed) until those that are left
/// are at most `rows` and their bodies together at most `bytes`; how many went.
pub async fn keep_to_quota(conn: &mut Conn, rows: u32, bytes: u64) -> Result<u64, StoreError> {
    // From the newest back, so many fit; the newest that does not fit and all before it go.
    let done = query(
        "DELETE FROM callbacks WHERE id IN (
             SELECT id FROM (
                 SELECT id,
                     ROW_NUMBER() OVER newest AS place,
                     SUM(size) OVER newest AS together
                 FROM callbacks WHERE verdict IN ('unrecognised', 'malformed')
                 WINDOW newest AS (ORDER BY received_at DESC, id DESC
                     ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) AS counted
             WHERE place > $1 OR together > $2)",
    )
    .bind(i64::from(rows))
    .bind(signed(bytes))
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// The call of that id.
pub async fn get(conn: &mut Conn, id: CallbackId) -> Result<Option<Callback>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM callbacks WHERE id = $1");
    let row = query(AssertSqlSafe(sql))
        .bind(id.to_string())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(Callback::read).transpose()
}

/// When the last accepted call came in; our own tests are none.
pub async fn last_accepted_at(conn: &mut Conn) -> Result<Option<Timestamp>, StoreError> {
    let row = query(
        "SELECT MAX(received_at) AS at FROM callbacks WHERE verdict = 'accepted' AND test = 0",
    )
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
    let sql = format!(
        "SELECT {COLUMNS} FROM callbacks WHERE (received_at, id) < ($1, $2)
         ORDER BY received_at DESC, id DESC LIMIT $3"
    );
    let rows = query(AssertSqlSafe(sql))
        .bind(at)
        .bind(id)
        .bind(i64::from(limit))
        .fetch_all(conn)
        .await?;
    rows.iter().map(Callback::read).collect()
}
