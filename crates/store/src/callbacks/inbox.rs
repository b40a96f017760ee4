//! Calls as people look at them: by verdict, room and name, and what a person did about one.

use reelroom_domain::{
    callback::{CallbackKind, Verdict},
    file::FileKind,
    ids::{CallbackId, FileId, RecordingId},
    inbox::{Inbox, InboxOnly, InboxTab},
    recording::Origin,
    room::{ParticipantId, RoomId},
    search::SearchText,
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, any::AnyRow, query};

use super::Callback;
use crate::{
    Conn, StoreError,
    engine::{containing, text},
    row::Columns,
};

/// Which calls to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'a> {
    /// The tab.
    pub tab: InboxTab,
    /// What else narrows it.
    pub only: InboxOnly,
    /// Only those that name this room.
    pub room: Option<&'a RoomId>,
    /// Only those whose room's or file's name contains this, in whatever case.
    pub search: Option<&'a SearchText>,
}

/// A call without its body, and what its recording says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: CallbackId,
    /// Which of the two callbacks it is.
    pub kind: CallbackKind,
    /// When its last byte was here.
    pub received_at: Timestamp,
    /// What we made of it.
    pub verdict: Option<Verdict>,
    /// The room that it names.
    pub room: Option<RoomId>,
    /// The file that it names.
    pub file_name: Option<String>,
    /// What that file shows.
    pub file_kind: Option<FileKind>,
    /// Whose file it is.
    pub participant: Option<ParticipantId>,
    /// Whether its recording was found by its files.
    pub found: bool,
    /// Whether we sent it ourselves.
    pub test: bool,
    /// When a person said that it is dealt with.
    pub dealt_at: Option<Timestamp>,
    /// Bytes of its body.
    pub size: u64,
    /// When the recording that it told of was stopped by us.
    pub stopped_at: Option<Timestamp>,
}

const COLUMNS: &str = "c.id, c.kind, c.received_at, c.verdict, c.room, c.file_name, c.file_kind,
    c.participant, c.found, c.test, c.dealt_at, CAST(LENGTH(c.body) AS BIGINT) AS size,
    r.origin, r.stopped_at";

impl Line {
    fn read(row: &AnyRow) -> Result<Self, StoreError> {
        let row = Columns::new(row, "callbacks", "id");
        let origin = row.opt_word("origin", Origin::parse)?;
        let stopped_at = row.opt_time("stopped_at")?;
        Ok(Self {
            id: row.id("id")?,
            kind: row.word("kind", CallbackKind::parse)?,
            received_at: row.time("received_at")?,
            verdict: row.opt_word("verdict", Verdict::parse)?,
            room: row
                .opt_text("room")?
                .and_then(|room| RoomId::new(room).ok()),
            file_name: row.opt_text("file_name")?,
            file_kind: row.opt_word("file_kind", FileKind::parse)?,
            participant: row
                .opt_text("participant")?
                .and_then(|person| ParticipantId::new(person).ok()),
            found: row.flag("found")?,
            test: row.flag("test")?,
            dealt_at: row.opt_time("dealt_at")?,
            size: row.size("size")?,
            stopped_at: stopped_at.filter(|_| origin == Some(Origin::Started)),
        })
    }
}

/// The conditions of a [`Filter`] on `callbacks c`: the search is `$1`, the room `$2`. What does not
/// matter is left out, and verdicts are spelled out, so that the index of the tab is used.
fn conditions(filter: Filter<'_>) -> String {
    const OPEN: &str = "c.verdict IN ('unrecognised', 'malformed') AND c.dealt_at IS NULL";
    let mut sql = match filter.tab {
        InboxTab::All => "1 = 1".to_owned(),
        InboxTab::Unrecognised => format!("{OPEN} AND c.verdict = 'unrecognised'"),
        InboxTab::Malformed => format!("{OPEN} AND c.verdict = 'malformed'"),
        InboxTab::Auto => "c.found = 1".to_owned(),
        InboxTab::Duplicate => "c.verdict = 'duplicate'".to_owned(),
        InboxTab::Accepted => "c.verdict = 'accepted'".to_owned(),
    };
    sql.push_str(match filter.only {
        InboxOnly::Everything => "",
        InboxOnly::Files => " AND c.kind = 'av'",
        InboxOnly::Status => " AND c.kind = 'status'",
        InboxOnly::Tests => " AND c.test = 1",
        InboxOnly::Dealt => " AND c.dealt_at IS NOT NULL",
        InboxOnly::LookedUp => " AND c.looked_up = 1",
    });
    // Both places stand there always: the engine counts what is bound.
    sql.push_str(" AND ($1 IS NULL OR c.subject_key LIKE $1 ESCAPE '\\')");
    sql.push_str(if filter.room.is_some() {
        " AND c.room = $2"
    } else {
        " AND $2 IS NULL"
    });
    sql
}

/// Calls, newest first, older than `before` where that is given, at most `limit`.
pub async fn page(
    conn: &mut Conn,
    filter: Filter<'_>,
    before: Option<(Timestamp, CallbackId)>,
    limit: u32,
) -> Result<Vec<Line>, StoreError> {
    // Without a bound: later than any moment.
    let (at, id) = before.map_or((i64::MAX, String::new()), |(at, id)| {
        (at.as_millis(), id.to_string())
    });
    let sql = format!(
        "SELECT {COLUMNS} FROM callbacks c LEFT JOIN recordings r ON r.id = c.recording_id
         WHERE {} AND (c.received_at, c.id) < ($3, $4)
         ORDER BY c.received_at DESC, c.id DESC LIMIT $5",
        conditions(filter)
    );
    let rows = query(AssertSqlSafe(sql))
        .bind(containing(filter.search))
        .bind(filter.room.map(RoomId::as_str))
        .bind(at)
        .bind(id)
        .bind(i64::from(limit))
        .fetch_all(conn)
        .await?;
    rows.iter().map(Line::read).collect()
}

/// The call of that id with its line; two statements, because bodies are large.
pub async fn line(conn: &mut Conn, id: CallbackId) -> Result<Option<Line>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM callbacks c LEFT JOIN recordings r ON r.id = c.recording_id
         WHERE c.id = $1"
    );
    let row = query(AssertSqlSafe(sql))
        .bind(id.to_string())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(Line::read).transpose()
}

/// How many calls [`page`] finds in all, counted up to [`Inbox::COUNTED`].
pub async fn count(conn: &mut Conn, filter: Filter<'_>) -> Result<u32, StoreError> {
    let sql = format!(
        "SELECT COUNT(*) AS n FROM (SELECT 1 FROM callbacks c WHERE {} LIMIT {}) AS counted",
        conditions(filter),
        Inbox::COUNTED
    );
    let row = query(AssertSqlSafe(sql))
        .bind(containing(filter.search))
        .bind(filter.room.map(RoomId::as_str))
        .fetch_one(conn)
        .await?;
    Columns::new(&row, "callbacks", "n").count("n")
}

/// How many calls a person has to look at.
pub async fn count_open(conn: &mut Conn) -> Result<u32, StoreError> {
    let row = query(
        "SELECT COUNT(*) AS n FROM callbacks
         WHERE verdict IN ('unrecognised', 'malformed') AND dealt_at IS NULL",
    )
    .fetch_one(conn)
    .await?;
    Columns::new(&row, "callbacks", "n").count("n")
}

/// The oldest calls that a person has to look at, those after `after`, at most `limit`.
pub async fn next_open(
    conn: &mut Conn,
    after: Option<(Timestamp, CallbackId)>,
    limit: u32,
) -> Result<Vec<Callback>, StoreError> {
    let (at, id) = after.map_or((i64::MIN, String::new()), |(at, id)| {
        (at.as_millis(), id.to_string())
    });
    let sql = format!(
        "SELECT {} FROM callbacks
         WHERE verdict IN ('unrecognised', 'malformed') AND dealt_at IS NULL
             AND (received_at, id) > ($1, $2)
         ORDER BY received_at, id LIMIT $3",
        super::COLUMNS
    );
    let rows = query(AssertSqlSafe(sql))
        .bind(at)
        .bind(id)
        .bind(i64::from(limit))
        .fetch_all(conn)
        .await?;
    rows.iter().map(Callback::read).collect()
}

/// The call that came at `since` or later with just this body.
pub async fn same_body(
    conn: &mut Conn,
    since: Timestamp,
    body: &[u8],
) -> Result<Option<CallbackId>, StoreError> {
    let row = query(
        "SELECT id FROM callbacks WHERE received_at >= $1 AND body = $2
         ORDER BY received_at LIMIT 1",
    )
    .bind(since.as_millis())
    .bind(body.to_vec())
    .fetch_optional(conn)
    .await?;
    row.as_ref()
        .map(|row| Columns::new(row, "callbacks", "id").id("id"))
        .transpose()
}

/// A person says that a call is dealt with, or (`None`) that it is not; `false`: no such call.
pub async fn deal(
    conn: &mut Conn,
    id: CallbackId,
    by: Option<(&str, Timestamp)>,
) -> Result<bool, StoreError> {
    let done = query("UPDATE callbacks SET dealt_at = $2, dealt_by = $3 WHERE id = $1")
        .bind(id.to_string())
        .bind(by.map(|(_, at)| at.as_millis()))
        .bind(by.map(|(name, _)| text(name)))
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// A person ties a call to a recording.
pub async fn assign(
    conn: &mut Conn,
    id: CallbackId,
    to: RecordingId,
    by: &str,
) -> Result<bool, StoreError> {
    let done = query("UPDATE callbacks SET assigned_to = $2, assigned_by = $3 WHERE id = $1")
        .bind(id.to_string())
        .bind(to.to_string())
        .bind(text(by))
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether a person ever tied a call to a recording.
pub async fn has_assigned(conn: &mut Conn) -> Result<bool, StoreError> {
    let row = query("SELECT 1 AS known FROM callbacks WHERE assigned_to IS NOT NULL LIMIT 1")
        .fetch_optional(conn)
        .await?;
    Ok(row.is_some())
}

/// The recording that a person tied an earlier call to which names this room and this file: one that
/// comes again belongs there, too.
pub async fn assigned(
    conn: &mut Conn,
    room: &RoomId,
    file_name: &str,
) -> Result<Option<RecordingId>, StoreError> {
    let row = query(
        "SELECT assigned_to FROM callbacks
         WHERE room = $1 AND file_name = $2 AND assigned_to IS NOT NULL
         ORDER BY received_at DESC, id DESC LIMIT 1",
    )
    .bind(room.as_str())
    .bind(text(file_name))
    .fetch_optional(conn)
    .await?;
    row.as_ref()
        .map(|row| Columns::new(row, "callbacks", "assigned_to").id("assigned_to"))
        .transpose()
}

/// Every call that told of `file` tells of `recording` now, as the file does.
pub async fn follow_file(
    conn: &mut Conn,
    file: FileId,
    recording: RecordingId,
    by: &str,
) -> Result<(), StoreError> {
    query(
        "UPDATE callbacks SET recording_id = $2, assigned_to = $2, assigned_by = $3
         WHERE file_id = $1",
    )
    .bind(file.to_string())
    .bind(recording.to_string())
    .bind(text(by))
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether a later call told something new of `file` than `call` did.
pub async fn told_later(
    conn: &mut Conn,
    call: &Callback,
    file: FileId,
) -> Result<bool, StoreError> {
    let row = query(
        "SELECT 1 AS told FROM callbacks WHERE file_id = $1 AND verdict = 'accepted'
             AND (received_at, id) > ($2, $3) LIMIT 1",
    )
    .bind(file.to_string())
    .bind(call.received_at.as_millis())
    .bind(call.id.to_string())
    .fetch_optional(conn)
    .await?;
    Ok(row.is_some())
}
