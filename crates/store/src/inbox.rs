//! The inbox: what was understood of each call, and what people did about it.

mod list;

use std::collections::HashSet;

use reelroom_domain::{
    callback::{CallbackKind, Subject, Understood, Verdict},
    file::FileKind,
    ids::{CallId, FileId, RecordingId},
    room::{ParticipantId, RoomId},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, any::AnyRow, query};

pub use self::list::{Filter, Line, count, count_open, line, next_open, page};
use crate::{
    Conn, StoreError,
    bulk::Bulk,
    calls::Call,
    engine::{Engine, key, opt_text, text},
    row::{Columns, signed},
};

/// A call as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The call.
    pub id: CallId,
    /// Which of the two callbacks it is.
    pub kind: CallbackKind,
    /// When its last byte arrived.
    pub received_at: Timestamp,
    /// Bytes of its body.
    pub size: u64,
    /// Whether a look-up made it from the platform's list.
    pub looked_up: bool,
    /// How it was understood.
    pub understood: Understood,
    /// When.
    pub understood_at: Timestamp,
    /// The recording that a person assigned it to.
    pub assigned_to: Option<RecordingId>,
    /// The account that did.
    pub assigned_by: Option<String>,
    /// When a person marked it as dealt with.
    pub dealt_at: Option<Timestamp>,
    /// The account that did.
    pub dealt_by: Option<String>,
}

/// What a search looks at: room and file name, each on a line.
fn key_of(subject: &Subject) -> Option<String> {
    let room = subject.room.as_ref().map_or("", RoomId::as_str);
    let name = subject.file_name.as_deref().unwrap_or_default();
    let names_any = subject.room.is_some() || subject.file_name.is_some();
    names_any.then(|| key(&format!("{room}\n{name}")))
}

const COLUMNS: &str = "i.call_id, i.kind, i.received_at, i.size, i.looked_up, i.verdict, i.reason,
    i.recording_id, i.file_id, i.understood_at, i.room, i.file_name, i.file_kind, i.participant,
    i.found, i.test, i.assigned_to, i.assigned_by, i.dealt_at, i.dealt_by";

impl Entry {
    fn read(row: &AnyRow) -> Result<Self, StoreError> {
        let row = Columns::new(row, "inbox", "call_id");
        let room = row.opt_text("room")?;
        let participant = row.opt_text("participant")?;
        Ok(Self {
            id: CallId::new(row.int("call_id")?),
            kind: row.word("kind", CallbackKind::parse)?,
            received_at: row.time("received_at")?,
            size: row.size("size")?,
            looked_up: row.flag("looked_up")?,
            understood: Understood {
                verdict: row.word("verdict", Verdict::parse)?,
                reason: row.opt_text("reason")?,
                recording: row.opt_id("recording_id")?,
                file: row.opt_id("file_id")?,
                subject: Subject {
                    room: room.and_then(|room| RoomId::new(room).ok()),
                    file_name: row.opt_text("file_name")?,
                    file_kind: row.opt_word("file_kind", FileKind::parse)?,
                    participant: participant.and_then(|name| ParticipantId::new(name).ok()),
                    found: row.flag("found")?,
                    test: row.flag("test")?,
                },
            },
            understood_at: row.time("understood_at")?,
            assigned_to: row.opt_id("assigned_to")?,
            assigned_by: row.opt_text("assigned_by")?,
            dealt_at: row.opt_time("dealt_at")?,
            dealt_by: row.opt_text("dealt_by")?,
        })
    }
}

/// From here to its end, no other transaction of any process understands calls: what two of them
/// found out about one room at once would be found twice.
pub async fn understand_alone(conn: &mut Conn) -> Result<(), StoreError> {
    if let Some(sql) = Engine::of_connection(conn).alone() {
        query(sql).execute(conn).await?;
    }
    Ok(())
}

static RECORD: Bulk = Bulk::new(
    "INSERT INTO inbox (call_id, kind, received_at, size, looked_up, verdict, reason, recording_id,
         file_id, understood_at, room, file_name, file_kind, participant, subject_key, found, test)
     VALUES ",
    17,
    " ON CONFLICT (call_id) DO UPDATE SET verdict = excluded.verdict, reason = excluded.reason,
         recording_id = excluded.recording_id, file_id = excluded.file_id,
         understood_at = excluded.understood_at, room = excluded.room,
         file_name = excluded.file_name, file_kind = excluded.file_kind,
         participant = excluded.participant, subject_key = excluded.subject_key,
         found = excluded.found, test = excluded.test",
);

/// Records how calls were understood, also where they had been before; what people did stays.
pub async fn record(
    conn: &mut Conn,
    now: Timestamp,
    calls: &[(&Call, Understood)],
) -> Result<(), StoreError> {
    for (sql, some) in RECORD.portions(conn, calls) {
        let mut insert = query(sql);
        for (call, understood) in some {
            let subject = &understood.subject;
            insert = insert
                .bind(call.id.number())
                .bind(call.content.kind.as_str())
                .bind(call.content.received_at.as_millis())
                .bind(signed(call.content.body.len() as u64))
                .bind(i64::from(call.content.looked_up))
                .bind(understood.verdict.as_str())
                .bind(opt_text(understood.reason.as_deref()))
                .bind(understood.recording.map(|id| id.to_string()))
                .bind(understood.file.map(|id| id.to_string()))
                .bind(now.as_millis())
                .bind(subject.room.as_ref().map(RoomId::as_str))
                .bind(opt_text(subject.file_name.as_deref()))
                .bind(subject.file_kind.map(FileKind::as_str))
                .bind(subject.participant.as_ref().map(ParticipantId::as_str))
                .bind(key_of(subject))
                .bind(i64::from(subject.found))
                .bind(i64::from(subject.test));
        }
        insert.execute(&mut *conn).await?;
    }
    Ok(())
}

/// The entry of a call; `None`: there is no such call, or it waits.
pub async fn get(conn: &mut Conn, id: CallId) -> Result<Option<Entry>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM inbox i WHERE i.call_id = $1");
    let row = query(AssertSqlSafe(sql))
        .bind(id.number())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(Entry::read).transpose()
}

/// The newest call that has an entry; 0: none has.
pub async fn newest(conn: &mut Conn) -> Result<CallId, StoreError> {
    let row = query("SELECT COALESCE(MAX(call_id), 0) AS call_id FROM inbox")
        .fetch_one(conn)
        .await?;
    Ok(CallId::new(
        Columns::new(&row, "inbox", "call_id").int("call_id")?,
    ))
}

/// Those of these calls that have an entry.
pub async fn understood_of(conn: &mut Conn, ids: &[CallId]) -> Result<HashSet<CallId>, StoreError> {
    static KNOWN: Bulk = Bulk::new(
        "SELECT call_id FROM inbox WHERE call_id IN (VALUES ",
        1,
        ")",
    );
    let newest = newest(conn).await?;
    let old: Vec<CallId> = ids.iter().copied().filter(|id| *id <= newest).collect();
    let rows = KNOWN
        .fetch(conn, &old, |query, id| query.bind(id.number()))
        .await?;
    rows.iter()
        .map(|row| {
            Ok(CallId::new(
                Columns::new(row, "inbox", "call_id").int("call_id")?,
            ))
        })
        .collect()
}

/// Gives the calls of one recording to another that turned out to be the same, whose files it has
/// been [given](crate::files::give): those of a file that both had to the one that stays.
pub async fn give(conn: &mut Conn, from: RecordingId, to: RecordingId) -> Result<(), StoreError> {
    query(
        "UPDATE inbox SET recording_id = $2,
             assigned_to = CASE WHEN assigned_to = $1 THEN $2 ELSE assigned_to END,
             file_id = COALESCE((
             SELECT t.id FROM files f JOIN files t ON t.recording_id = $2 AND t.kind = f.kind
                 AND t.participant = f.participant AND t.name = f.name
             WHERE f.id = inbox.file_id), file_id)
         WHERE recording_id = $1",
    )
    .bind(from.to_string())
    .bind(to.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes the oldest entries of calls that nobody can use (unrecognised, malformed) until at most
/// `rows` are left, whose bodies have at most `bytes` bytes together; the calls whose entries went.
pub async fn keep_to_quota(
    conn: &mut Conn,
    rows: u32,
    bytes: u64,
) -> Result<Vec<CallId>, StoreError> {
    // Counted from the newest back; the newest that does not fit goes, and all before it.
    let gone = query(
        "DELETE FROM inbox WHERE call_id IN (
             SELECT call_id FROM (
                 SELECT call_id,
                     ROW_NUMBER() OVER newest AS place,
                     SUM(size) OVER newest AS together
                 FROM inbox WHERE verdict IN ('unrecognised', 'malformed')
                 WINDOW newest AS (ORDER BY call_id DESC
                     ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) AS counted
             WHERE place > $1 OR together > $2)
         RETURNING call_id",
    )
    .bind(i64::from(rows))
    .bind(signed(bytes))
    .fetch_all(conn)
    .await?;
    gone.iter()
        .map(|row| {
            Ok(CallId::new(
                Columns::new(row, "inbox", "call_id").int("call_id")?,
            ))
        })
        .collect()
}

/// When the newest accepted call arrived; our own tests do not count.
pub async fn last_accepted_at(conn: &mut Conn) -> Result<Option<Timestamp>, StoreError> {
    let row = query(
        "SELECT call_id, received_at FROM inbox WHERE verdict = 'accepted' AND test = 0
         ORDER BY call_id DESC LIMIT 1",
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| Columns::new(&row, "inbox", "call_id").time("received_at"))
        .transpose()
}

/// A person marks a call as dealt with, or (`None`) as not; `false`: no such entry.
pub async fn deal(
    conn: &mut Conn,
    id: CallId,
    by: Option<(&str, Timestamp)>,
) -> Result<bool, StoreError> {
    let done = query("UPDATE inbox SET dealt_at = $2, dealt_by = $3 WHERE call_id = $1")
        .bind(id.number())
        .bind(by.map(|(_, at)| at.as_millis()))
        .bind(by.map(|(name, _)| text(name)))
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// A person assigns a call to a recording.
pub async fn assign(
    conn: &mut Conn,
    id: CallId,
    to: RecordingId,
    by: &str,
) -> Result<bool, StoreError> {
    let done = query("UPDATE inbox SET assigned_to = $2, assigned_by = $3 WHERE call_id = $1")
        .bind(id.number())
        .bind(to.to_string())
        .bind(text(by))
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Assigns every call that announced `file` to `recording`, as the file is.
pub async fn follow_file(
    conn: &mut Conn,
    file: FileId,
    recording: RecordingId,
    by: &str,
) -> Result<(), StoreError> {
    query(
        "UPDATE inbox SET recording_id = $2, assigned_to = $2, assigned_by = $3
         WHERE file_id = $1",
    )
    .bind(file.to_string())
    .bind(recording.to_string())
    .bind(text(by))
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether a later call announced something new of `file` than the call `id` did.
pub async fn told_later(conn: &mut Conn, id: CallId, file: FileId) -> Result<bool, StoreError> {
    let row = query(
        "SELECT 1 AS told FROM inbox WHERE file_id = $1 AND verdict = 'accepted'
             AND call_id > $2 LIMIT 1",
    )
    .bind(file.to_string())
    .bind(id.number())
    .fetch_optional(conn)
    .await?;
    Ok(row.is_some())
}
