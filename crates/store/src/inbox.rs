//! The inbox: how each call was understood, and what people did about it.

mod entry;
mod list;

use std::collections::HashSet;

use reelroom_domain::{
    callback::{Subject, Understood},
    file::FileKind,
    ids::{CallId, FileId, RecordingId},
    room::RoomId,
    time::Timestamp,
};
use sqlx::any::AnyRow;

use self::entry::ENTRIES;
pub use self::{
    entry::Entry,
    list::{Filter, Line, count, count_open, line, next_open, page},
};
use crate::{
    Conn, Result,
    bulk::Bulk,
    calls::Call,
    engine::key,
    query::{affects_any, execute, lock, query},
    row::Columns,
};

/// The text that a search compares: room and file name, each on a line.
fn key_of(subject: &Subject) -> Option<String> {
    let room = subject.room.as_ref().map_or("", RoomId::as_str);
    let name = subject.file_name.as_deref().unwrap_or_default();
    let names_any = subject.room.is_some() || subject.file_name.is_some();
    names_any.then(|| key(&format!("{room}\n{name}")))
}

/// Locks the understanding of calls until the end of the transaction, for all processes: two that
/// understood calls of one room at once would decide the same twice.
pub async fn lock_understanding(conn: &mut Conn) -> Result<()> {
    lock(conn, "SELECT pg_advisory_xact_lock(7366355821)").await
}

/// Records how calls were understood, also again; what people did about them stays.
pub async fn record(conn: &mut Conn, now: Timestamp, calls: &[(&Call, Understood)]) -> Result<()> {
    static RECORD: Bulk = Bulk::new(
        "INSERT INTO inbox (call_id, kind, received_at, size, looked_up, verdict, reason,
             recording_id, file_id, understood_at, room, file_name, file_kind, participant,
             subject_key, found, test)
         VALUES {}
         ON CONFLICT (call_id) DO UPDATE SET verdict = excluded.verdict, reason = excluded.reason,
             recording_id = excluded.recording_id, file_id = excluded.file_id,
             understood_at = excluded.understood_at, room = excluded.room,
             file_name = excluded.file_name, file_kind = excluded.file_kind,
             participant = excluded.participant, subject_key = excluded.subject_key,
             found = excluded.found, test = excluded.test",
    );
    let rows = calls.iter().map(|(call, understood)| {
        let (content, subject) = (&call.content, &understood.subject);
        (
            (call.id, content.kind, content.received_at),
            (content.body.len(), content.looked_up),
            (understood.verdict, &understood.reason),
            (understood.recording, understood.file, now),
            (&subject.room, &subject.file_name, subject.file_kind),
            (&subject.participant, key_of(subject)),
            (subject.found, subject.test),
        )
    });
    RECORD.execute(conn, rows).await
}

/// The entry of a call; `None`: there is no such call, or it waits.
pub async fn get(conn: &mut Conn, id: CallId) -> Result<Option<Entry>> {
    ENTRIES.first(conn, "WHERE i.call_id = $1", id).await
}

fn read_id(row: &AnyRow) -> Result<CallId> {
    Columns::new(row, "inbox", "call_id").get("call_id")
}

/// The newest call that has an entry; 0: none has.
pub async fn newest(conn: &mut Conn) -> Result<CallId> {
    query("SELECT COALESCE(MAX(call_id), 0) AS call_id FROM inbox")
        .one(conn, read_id)
        .await
}

/// Those of these calls that have an entry.
pub async fn understood_of(conn: &mut Conn, ids: &[CallId]) -> Result<HashSet<CallId>> {
    static KNOWN: Bulk = Bulk::new("SELECT call_id FROM inbox WHERE call_id IN (VALUES {})");
    let newest = newest(conn).await?;
    let old = ids.iter().filter(|id| **id <= newest);
    let rows = KNOWN.fetch(conn, old).await?;
    rows.iter().map(read_id).collect()
}

/// Moves the calls of one recording to another that turned out to be the same.
pub async fn move_all(conn: &mut Conn, from: RecordingId, to: RecordingId) -> Result<()> {
    let update = "UPDATE inbox SET recording_id = $2,
             assigned_to = CASE WHEN assigned_to = $1 THEN $2 ELSE assigned_to END
         WHERE recording_id = $1";
    execute(conn, update, (from, to)).await
}

/// Deletes the oldest entries of useless calls (unrecognised, malformed) until at most `rows` are left,
/// with at most `bytes` bytes of bodies together. Returns the calls of the deleted entries.
pub async fn keep_to_quota(conn: &mut Conn, rows: u32, bytes: u64) -> Result<Vec<CallId>> {
    // Counted from the newest: the first that exceeds the quota is deleted, and all older ones.
    query(
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
    .bind((rows, bytes))
    .all(conn, read_id)
    .await
}

/// When the newest accepted call arrived, without our own tests.
pub async fn last_accepted_at(conn: &mut Conn) -> Result<Option<Timestamp>> {
    query(
        "SELECT received_at FROM inbox WHERE verdict = 'accepted' AND test = 0
         ORDER BY call_id DESC LIMIT 1",
    )
    .first(conn, Columns::value("inbox", "received_at"))
    .await
}

/// Marks a call as dealt with, by whom and when, or (`None`) as open; `false`: no such entry.
pub async fn set_dealt(conn: &mut Conn, id: CallId, by: Option<(&str, Timestamp)>) -> Result<bool> {
    query("UPDATE inbox SET dealt_at = $2, dealt_by = $3 WHERE call_id = $1")
        .bind((id, by.map(|(_, at)| at), by.map(|(name, _)| name)))
        .affects_any(conn)
        .await
}

/// Assigns a call to a recording on behalf of a person, as a file of this kind where the call does not say
/// it; `None` takes an assignment back.
pub async fn assign(
    conn: &mut Conn,
    id: CallId,
    to: Option<(RecordingId, Option<FileKind>)>,
    by: &str,
) -> Result<bool> {
    let (to, kind) = to.unzip();
    let update = "UPDATE inbox SET assigned_to = $2, assigned_kind = $3, assigned_by = $4
         WHERE call_id = $1";
    affects_any(conn, update, (id, to, kind.flatten(), by)).await
}

/// Assigns every call that announced `file` or a version of it to `recording`, as the file is.
pub async fn follow_file(
    conn: &mut Conn,
    file: FileId,
    recording: RecordingId,
    by: &str,
) -> Result<()> {
    let update = "UPDATE inbox SET recording_id = $2, assigned_to = $2, assigned_by = $3
         WHERE file_id IN (SELECT f.id FROM files f
             WHERE f.take = (SELECT o.take FROM files o WHERE o.id = $1))";
    execute(conn, update, (file, recording, by)).await
}

/// Whether a later call than `id` announced something new of `file`.
pub async fn has_later(conn: &mut Conn, id: CallId, file: FileId) -> Result<bool> {
    query(
        "SELECT 1 AS later FROM inbox WHERE file_id = $1 AND verdict = 'accepted'
             AND call_id > $2 LIMIT 1",
    )
    .bind((file, id))
    .exists(conn)
    .await
}

/// At most `limit` calls after the call `after` whose bodies can be deleted, with their sizes. They were received before
/// `before`. Either they were accepted and their file has had a copy since before then, or they are status calls and all
/// of their events were understood, also if none was new.
pub async fn with_old_bodies(
    conn: &mut Conn,
    after: CallId,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<(CallId, u64)>> {
    query(
        "SELECT i.call_id, i.size FROM inbox i
         WHERE i.call_id > $1 AND i.body_deleted_at IS NULL AND i.received_at < $2
             AND ((i.kind = 'status' AND i.verdict IN ('accepted', 'duplicate') AND i.reason IS NULL)
                 OR (i.verdict = 'accepted' AND EXISTS (SELECT 1 FROM files f
                     WHERE f.id = i.file_id AND f.state IN ('archived', 'purged')
                         AND COALESCE(f.archived_at, f.announced_at) < $2)))
         ORDER BY i.call_id LIMIT $3",
    )
    .bind((after, before, limit))
    .all(conn, Columns::values("inbox", ["call_id", "size"]))
    .await
}

/// Records that the bodies of calls were deleted.
pub async fn set_bodies_deleted(conn: &mut Conn, ids: &[CallId], at: Timestamp) -> Result<()> {
    static DELETED: Bulk = Bulk::new(
        "WITH k (id, at) AS (VALUES {})
         UPDATE inbox SET body_deleted_at = k.at FROM k WHERE inbox.call_id = k.id",
    );
    DELETED.execute(conn, ids.iter().map(|id| (*id, at))).await
}
