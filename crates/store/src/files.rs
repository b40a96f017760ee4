//! Finished files: what was announced, and our copy.

use std::time::Duration;

use reelroom_domain::{
    cause::Cause,
    file::{Announcement, FileKind, FileState, Media},
    ids::{CallId, FileId, RecordingId},
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, any::AnyRow, query};

use crate::{
    Conn, StoreError,
    engine::{Engine, json, text},
    row::{Columns, millis, signed},
};

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its id.
    pub id: FileId,
    /// Its recording.
    pub recording: RecordingId,
    /// What the platform said of it.
    pub announced: Announcement,
    /// Where it stands.
    pub state: FileState,
    /// Why it is `failed`, `blocked` or `gone`.
    pub trouble: Option<Cause>,
    /// How many copies were begun since it was announced or renewed.
    pub tries: u32,
    /// When a failed copy is tried again; `None`: not by itself.
    pub next_try_at: Option<Timestamp>,
    /// Our copy; where the file is not `archived`, one that was replaced or deleted.
    pub stored: Option<Stored>,
    /// When it was first announced.
    pub announced_at: Timestamp,
    /// How often it was announced with another size or address, this time included.
    pub version: u32,
    /// The call that announced this version.
    pub call: Option<CallId>,
}

/// Our copy of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its key in our storage.
    pub key: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256, hex.
    pub sha256: String,
    /// Its media type, as it is served.
    pub content_type: String,
}

const COLUMNS: &str = "id, recording_id, kind, media, participant, name, size, length_ms,
    started_at, ended_at, url, state, trouble, tries, next_try_at, storage_key, stored_size,
    sha256, content_type, announced_at, version, call_id";

/// What the platform says of a file.
pub(crate) fn read_announcement(row: &AnyRow) -> Result<Announcement, StoreError> {
    let row = Columns::new(row, "files", "id");
    Ok(Announcement {
        kind: row.word("kind", FileKind::parse)?,
        media: row.word("media", Media::parse)?,
        participant: row.opt_person("participant")?,
        name: row.text("name")?,
        size: row.opt_size("size")?,
        length_ms: row.opt_int("length_ms")?,
        started_at: row.opt_time("started_at")?,
        ended_at: row.opt_time("ended_at")?,
        url: row.text("url")?,
    })
}

impl File {
    fn read(row: &AnyRow) -> Result<Self, StoreError> {
        let announced = read_announcement(row)?;
        let row = Columns::new(row, "files", "id");
        let stored = match row.opt_text("storage_key")? {
            None => None,
            Some(key) => Some(Stored {
                key,
                size: row.size("stored_size")?,
                sha256: row.text("sha256")?,
                content_type: row.text("content_type")?,
            }),
        };
        Ok(Self {
            id: row.id("id")?,
            recording: row.id("recording_id")?,
            announced,
            state: row.word("state", FileState::parse)?,
            trouble: row.opt_cause("trouble")?,
            tries: row.count("tries")?,
            next_try_at: row.opt_time("next_try_at")?,
            stored,
            announced_at: row.time("announced_at")?,
            version: row.count("version")?,
            call: row.opt_call("call_id")?,
        })
    }
}

/// The file of that id.
pub async fn get(conn: &mut Conn, id: FileId) -> Result<Option<File>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM files WHERE id = $1");
    let row = query(AssertSqlSafe(sql))
        .bind(id.to_string())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(File::read).transpose()
}

/// All files of a recording: composite, tracks by participant, frames.
pub async fn of_recording(conn: &mut Conn, id: RecordingId) -> Result<Vec<File>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM files WHERE recording_id = $1
         ORDER BY CASE kind WHEN 'composite' THEN 0 WHEN 'track' THEN 1 ELSE 2 END,
             participant, id"
    );
    let rows = query(AssertSqlSafe(sql))
        .bind(id.to_string())
        .fetch_all(conn)
        .await?;
    rows.iter().map(File::read).collect()
}

/// Takes the next file to fetch, the one announced first: it is `fetching` afterwards, counts one more
/// try, and is claimed by `holder` for the time `lasts`. Due are remote files, failed ones whose next
/// try is not after `now`, and those whose claim has ended.
pub async fn claim_next(
    conn: &mut Conn,
    now: Timestamp,
    holder: &str,
    lasts: Duration,
) -> Result<Option<File>, StoreError> {
    let engine = Engine::of_connection(conn);
    let (db_now, skip_locked) = (engine.now(), engine.skip_locked());
    let sql = format!(
        "UPDATE files SET state = 'fetching', tries = tries + 1, next_try_at = NULL,
             claimed_by = $2, claimed_until = {db_now} + $3
         WHERE id = (SELECT id FROM files
             WHERE state IN ('remote', 'failed', 'fetching') AND (state = 'remote'
                 OR (state = 'failed' AND next_try_at <= $1)
                 OR (state = 'fetching' AND claimed_until <= {db_now}))
             ORDER BY announced_at, id LIMIT 1{skip_locked})
         RETURNING {COLUMNS}"
    );
    let row = query(AssertSqlSafe(sql))
        .bind(now.as_millis())
        .bind(holder)
        .bind(millis(lasts))
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(File::read).transpose()
}

/// Renews the claim of `holder`; `false` where it has ended.
pub async fn renew_claim(
    conn: &mut Conn,
    id: FileId,
    holder: &str,
    lasts: Duration,
) -> Result<bool, StoreError> {
    let now = Engine::of_connection(conn).now();
    let sql = format!(
        "UPDATE files SET claimed_until = {now} + $3
         WHERE id = $1 AND claimed_by = $2 AND state = 'fetching'"
    );
    let done = query(AssertSqlSafe(sql))
        .bind(id.to_string())
        .bind(holder)
        .bind(millis(lasts))
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends the claims of `holder`: the files are to be fetched again.
pub async fn release_claims(conn: &mut Conn, holder: &str) -> Result<(), StoreError> {
    query("UPDATE files SET state = 'remote' WHERE state = 'fetching' AND claimed_by = $1")
        .bind(holder)
        .execute(conn)
        .await?;
    Ok(())
}

/// Moves a file that `holder` fetches to `to` with its trouble and next try (each `None`: none);
/// `false`, and nothing is changed, where it is no longer `fetching`, or another one fetches it. What
/// is known of a copy of ours stays. Which moves are allowed says `FileState::after`.
pub async fn set_state(
    conn: &mut Conn,
    id: FileId,
    holder: &str,
    to: FileState,
    trouble: Option<&Cause>,
    next_try_at: Option<Timestamp>,
) -> Result<bool, StoreError> {
    let done = query(
        "UPDATE files SET state = $3, trouble = $4, next_try_at = $5
         WHERE id = $1 AND claimed_by = $2 AND state = 'fetching'",
    )
    .bind(id.to_string())
    .bind(holder)
    .bind(to.as_str())
    .bind(trouble.map(json).transpose()?)
    .bind(next_try_at.map(Timestamp::as_millis))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The copy of a file that `holder` fetches is whole: it is `archived` afterwards. `false`, and
/// nothing is changed, where it is no longer `fetching`, or another one fetches it.
pub async fn set_stored(
    conn: &mut Conn,
    id: FileId,
    holder: &str,
    stored: &Stored,
) -> Result<bool, StoreError> {
    let done = query(
        "UPDATE files SET state = 'archived', trouble = NULL, next_try_at = NULL,
             storage_key = $3, stored_size = $4, sha256 = $5, content_type = $6
         WHERE id = $1 AND claimed_by = $2 AND state = 'fetching'",
    )
    .bind(id.to_string())
    .bind(holder)
    .bind(&stored.key)
    .bind(signed(stored.size))
    .bind(&stored.sha256)
    .bind(text(&stored.content_type))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The milliseconds from `now` until a failed copy is to be tried again or a claim ends, whichever is
/// first; `None`: there is neither.
pub async fn next_due_in(conn: &mut Conn, now: Timestamp) -> Result<Option<i64>, StoreError> {
    let sql = format!(
        "SELECT MIN(due) AS due FROM (
             SELECT MIN(next_try_at) - $1 AS due FROM files WHERE state = 'failed' UNION ALL
             SELECT MIN(claimed_until) - {} AS due FROM files WHERE state = 'fetching') AS each",
        Engine::of_connection(conn).now()
    );
    let row = query(AssertSqlSafe(sql))
        .bind(now.as_millis())
        .fetch_one(conn)
        .await?;
    Columns::new(&row, "files", "due").opt_int("due")
}

/// Ties a file to another recording; `false`, and nothing is changed, where that one has the same
/// file already, or the file is not there.
pub async fn move_to(conn: &mut Conn, id: FileId, to: RecordingId) -> Result<bool, StoreError> {
    let done = query(
        "UPDATE files SET recording_id = $2 WHERE id = $1 AND NOT EXISTS (
             SELECT 1 FROM files o WHERE o.recording_id = $2 AND o.kind = files.kind
             AND o.participant = files.participant AND o.name = files.name)",
    )
    .bind(id.to_string())
    .bind(to.to_string())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives the files of one recording to another that turned out to be the same. Where both have a
/// file, the calls of the one that goes, and what it was, become earlier versions of the other.
pub async fn give(
    conn: &mut Conn,
    from: RecordingId,
    to: RecordingId,
    now: Timestamp,
) -> Result<(), StoreError> {
    query(
        "UPDATE files SET recording_id = $2 WHERE recording_id = $1 AND NOT EXISTS (
             SELECT 1 FROM files f WHERE f.recording_id = $2 AND f.kind = files.kind
             AND f.participant = files.participant AND f.name = files.name)",
    )
    .bind(from.to_string())
    .bind(to.to_string())
    .execute(&mut *conn)
    .await?;
    let pairs = query(
        "SELECT f.id AS gone, t.id AS id FROM files f JOIN files t ON t.recording_id = $2
             AND t.kind = f.kind AND t.participant = f.participant AND t.name = f.name
         WHERE f.recording_id = $1",
    )
    .bind(from.to_string())
    .bind(to.to_string())
    .fetch_all(&mut *conn)
    .await?;
    for pair in &pairs {
        let pair = Columns::new(pair, "files", "id");
        join(conn, pair.id("gone")?, pair.id("id")?, now).await?;
    }
    Ok(())
}

/// Adds the versions of a file to those of another that it turned out to be.
async fn join(conn: &mut Conn, gone: FileId, id: FileId, now: Timestamp) -> Result<(), StoreError> {
    for sql in [
        "UPDATE file_versions SET version = version + (SELECT version FROM files WHERE id = $2) - 1,
             file_id = $2
         WHERE file_id = $1 AND $3 = $3",
        "INSERT INTO file_versions (file_id, version, call_id, size, length_ms, started_at,
             ended_at, url, replaced_at)
         SELECT t.id, t.version + f.version - 1, f.call_id, f.size, f.length_ms, f.started_at,
             f.ended_at, f.url, $3
         FROM files f JOIN files t ON t.id = $2 WHERE f.id = $1",
        "UPDATE files SET version = version + (SELECT version FROM files WHERE id = $1)
         WHERE id = $2 AND $3 = $3",
    ] {
        query(sql)
            .bind(gone.to_string())
            .bind(id.to_string())
            .bind(now.as_millis())
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}
