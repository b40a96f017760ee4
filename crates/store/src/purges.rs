//! Purges of recordings: their reasons, the servers that claim them, and their files.

use std::time::Duration;

use reelroom_domain::{
    certificate::{DeletedFile, DeletedWhy, PurgeAnswer},
    file::FileKind,
    ids::{FileId, RecordingId},
    time::Timestamp,
};

use crate::{
    Conn, Result,
    engine::{Engine, json},
    files::IN_ORDER,
    query::{affects_any, execute, query},
    reader,
    row::Columns,
    stale,
};

/// A file whose copy is to be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToPurge {
    /// The file.
    pub id: FileId,
    /// The key of its copy in the storage, if there is one.
    pub key: Option<String>,
    /// Whether the deletion of its copy has begun; after a crash the copy may still be there.
    pub is_begun: bool,
}

/// A purge that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purge {
    /// Why.
    pub why: DeletedWhy,
    /// When it was checked that nothing holds the recording.
    pub checked_at: Timestamp,
}

/// Stores why a recording is to be purged. What was stored before is replaced.
pub async fn ask(conn: &mut Conn, recording: RecordingId, why: &DeletedWhy) -> Result<()> {
    let insert = "INSERT INTO purges (recording_id, why) VALUES ($1, $2)
         ON CONFLICT (recording_id) DO UPDATE SET why = excluded.why";
    execute(conn, insert, (recording, json(why)?)).await
}

/// Why a recording is to be purged, if people or a rule said so.
pub async fn asked(conn: &mut Conn, recording: RecordingId) -> Result<Option<DeletedWhy>> {
    query("SELECT recording_id, why FROM purges WHERE recording_id = $1")
        .bind(recording)
        .first(conn, |row| {
            Columns::new(row, "purges", "recording_id").json("why")
        })
        .await
}

/// The recordings whose purges have not begun, and why they are to be purged.
pub async fn not_begun(conn: &mut Conn) -> Result<Vec<(RecordingId, DeletedWhy)>> {
    query("SELECT recording_id, why FROM purges WHERE checked_at IS NULL ORDER BY recording_id")
        .all(conn, |row| {
            let row = Columns::new(row, "purges", "recording_id");
            Ok((row.get("recording_id")?, row.json("why")?))
        })
        .await
}

/// Removes the purge of a recording: it is over, or the recording is kept.
pub async fn remove(conn: &mut Conn, recording: RecordingId) -> Result<()> {
    let delete = "DELETE FROM purges WHERE recording_id = $1";
    execute(conn, delete, recording).await
}

/// Begins the purge of a recording for `holder`, checked `now`, and claims it for the time `lasts`.
pub async fn begin(
    conn: &mut Conn,
    recording: RecordingId,
    why: &DeletedWhy,
    now: Timestamp,
    holder: &str,
    lasts: Duration,
) -> Result<()> {
    let db_now = Engine::of_connection(conn).now();
    let insert = format!(
        "INSERT INTO purges (recording_id, why, checked_at, claimed_by, claimed_until)
         VALUES ($1, $2, $3, $4, {db_now} + $5)
         ON CONFLICT (recording_id) DO UPDATE SET why = excluded.why, checked_at = excluded.checked_at,
             claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until"
    );
    execute(conn, insert, (recording, json(why)?, now, holder, lasts)).await
}

/// Claims a purge that has begun and whose claim has ended, after a crash; for `holder` and the time `lasts`.
pub async fn resume(conn: &mut Conn, holder: &str, lasts: Duration) -> Result<Option<RecordingId>> {
    query(resume_sql(Engine::of_connection(conn)))
        .bind((holder, lasts))
        .first(conn, Columns::value("purges", "recording_id"))
        .await
}

pub(crate) fn resume_sql(engine: Engine) -> String {
    let (db_now, skip_locked) = (engine.now(), engine.skip_locked());
    format!(
        "UPDATE purges SET claimed_by = $1, claimed_until = {db_now} + $2
         WHERE recording_id = (SELECT recording_id FROM purges
             WHERE checked_at IS NOT NULL AND claimed_until <= {db_now}
             ORDER BY claimed_until LIMIT 1{skip_locked})
         RETURNING recording_id"
    )
}

/// Renews the claim of `holder`; `false` where another server has it, or the purge is over.
pub async fn renew(
    conn: &mut Conn,
    recording: RecordingId,
    holder: &str,
    lasts: Duration,
) -> Result<bool> {
    let db_now = Engine::of_connection(conn).now();
    let update = format!(
        "UPDATE purges SET claimed_until = {db_now} + $3 WHERE recording_id = $1 AND claimed_by = $2"
    );
    affects_any(conn, update, (recording, holder, lasts)).await
}

/// Ends all claims, where no other server has any.
pub async fn release_all(conn: &mut Conn) -> Result<()> {
    let update = "UPDATE purges SET claimed_until = 0 WHERE claimed_until > 0";
    execute(conn, update, ()).await
}

/// The purge of a recording; `None` where none has begun.
pub async fn get(conn: &mut Conn, recording: RecordingId) -> Result<Option<Purge>> {
    let read = reader!(row of purges.recording_id => Purge { checked_at, why = row.json("why")? });
    query(
        "SELECT recording_id, why, checked_at FROM purges
         WHERE recording_id = $1 AND checked_at IS NOT NULL",
    )
    .bind(recording)
    .first(conn, read)
    .await
}

/// The next file of a recording, only of this kind if one is given, that is not purged. One whose copy is being
/// deleted comes first.
pub async fn next_file(
    conn: &mut Conn,
    recording: RecordingId,
    kind: Option<FileKind>,
) -> Result<Option<ToPurge>> {
    let read = reader!(files.id => ToPurge { id, key: storage_key, is_begun });
    query(
        "SELECT id, storage_key, CASE WHEN state = 'purged' THEN 1 ELSE 0 END AS is_begun FROM files
         WHERE recording_id = $1 AND ($2 IS NULL OR kind = $2)
             AND (state <> 'purged' OR storage_key IS NOT NULL)
         ORDER BY is_begun DESC, id LIMIT 1",
    )
    .bind((recording, kind))
    .first(conn, read)
    .await
}

/// Whether another file has the same copy. Locks these files: of two that are purged at the same time, the second
/// one sees that it is the last.
pub async fn is_shared(conn: &mut Conn, file: FileId, key: &str) -> Result<bool> {
    let lock = Engine::of_connection(conn).lock_rows("f");
    let files: Vec<FileId> = query(format!(
        "SELECT f.id FROM files f WHERE f.storage_key = $1 ORDER BY f.id{lock}"
    ))
    .bind(key)
    .all(conn, Columns::value("files", "id"))
    .await?;
    Ok(files.iter().any(|id| *id != file))
}

/// Records that the copy of a file is being deleted: the file is purged from now on, and keeps its key until the copy
/// is gone.
pub async fn begin_file(conn: &mut Conn, file: &ToPurge, at: Timestamp) -> Result<()> {
    stale::mark_files(conn, &[file.id]).await?;
    let update = "UPDATE files SET state = 'purged', purged_at = $3
         WHERE id = $1 AND storage_key = $2 AND state <> 'purged'";
    execute(conn, update, (file.id, file.key.as_deref(), at)).await
}

/// Records that the copy of a file is deleted: the file is purged. Its size and hash stay; its pictures and waveform
/// are removed. Changes nothing where a server has claimed the file to fetch it, as it may have since the recording was
/// locked.
pub async fn set_purged(
    conn: &mut Conn,
    file: &ToPurge,
    answer: PurgeAnswer,
    at: Timestamp,
) -> Result<()> {
    stale::mark_files(conn, &[file.id]).await?;
    let db_now = Engine::of_connection(conn).now();
    query(format!(
        "UPDATE files SET state = 'purged', purged_at = COALESCE(purged_at, $3), purge_answer = $4, storage_key = NULL,
             trouble = NULL, next_try_at = NULL, failed_since = NULL, missing_since = NULL,
             claimed_by = NULL, claimed_until = NULL, peaks = NULL, strip = NULL, picture_tries = 3
         WHERE id = $1 AND COALESCE(storage_key, '') = $2 AND (state <> 'purged' OR storage_key IS NOT NULL)
             AND (state <> 'fetching' OR COALESCE(claimed_until, 0) <= {db_now})"
    ))
    .bind((file.id, file.key.as_deref().unwrap_or_default(), at, answer))
    .execute(conn)
    .await
}

/// The files of a recording whose purge began at `since` or later, and has ended.
pub async fn files(
    conn: &mut Conn,
    recording: RecordingId,
    since: Timestamp,
) -> Result<Vec<DeletedFile>> {
    let read = reader!(row of files.id => DeletedFile {
        id, kind, name, version, size, sha256, answer: purge_answer, at: purged_at,
        participant = row.participant("participant")?
    });
    query(format!(
        "SELECT id, kind, participant, name, version, COALESCE(stored_size, size) AS size, sha256,
             purge_answer, purged_at
         FROM files WHERE recording_id = $1 AND purged_at >= $2 AND purge_answer IS NOT NULL {IN_ORDER}"
    ))
    .bind((recording, since))
    .all(conn, read)
    .await
}
