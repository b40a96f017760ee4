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
    Filter, Line, assign, assigned, count, count_open, deal, follow_file, line, next_open, page,
    same_body, told_later,
};
use crate::{
    Conn, StoreError,
    engine::{key, opt_text, text},
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
    let subject = &understood.subject;
    let done = query(
        "UPDATE callbacks SET verdict = $2, reason = $3, recording_id = $4, file_id = $5,
         understood_at = $6, room = $7, file_name = $8, file_kind = $9, participant = $10,
         subject_key = $11, found = $12, test = $13 WHERE id = $1",
    )
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
    .bind(i64::from(subject.test))
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
