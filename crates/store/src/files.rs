//! Finished files: the announcement and the archived copy.

use reelroom_domain::{
    cause::Cause,
    fetch::PROBE_EVERY,
    file::{
        Announcement, FileFacts, FileState, Media, UNKNOWN_TYPE, plausible_length, plausible_size,
    },
    ids::{AppId, CallId, FileId, RecordingId},
    strip::Strip,
    time::Timestamp,
};
use sqlx::any::AnyRow;

use crate::{
    Conn, Result,
    bulk::Bulk,
    engine::{json, key},
    fields,
    query::{Values, affects_any, execute, query, query_over},
    reader,
    row::Columns,
    select::Select,
    stale,
    value::or_empty,
};

/// The beginning of the storage keys of a demo's copies, which do not exist. Those of real copies begin with the id
/// of their recording.
pub const DEMO_KEY: &str = "demo/";

/// The beginning of the addresses of a demo's files. No host has this name (RFC 6761 §6.4).
pub const DEMO_ADDRESS: &str = "https://demo.invalid/";

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its id.
    pub id: FileId,
    /// The first version of its take.
    pub take: FileId,
    /// Its number within the take.
    pub version: u32,
    /// Its recording.
    pub recording: RecordingId,
    /// The platform's announcement.
    pub announced: Announcement,
    /// Its state.
    pub state: FileState,
    /// Why it is `failed`, `blocked` or `gone`.
    pub trouble: Option<Cause>,
    /// How many copies were begun since it was last announced.
    pub tries: u32,
    /// When a failed copy is retried; `None`: not automatically.
    pub next_try_at: Option<Timestamp>,
    /// Since when the platform has answered that there is no such file.
    pub missing_since: Option<Timestamp>,
    /// Our copy; where the file is not `archived`, one that was deleted or lost.
    pub stored: Option<Stored>,
    /// The tracks of the copy, as pages show them.
    pub tracks: Option<String>,
    /// The loudness of equal parts of the copy, 255 the highest; of sound only.
    pub peaks: Option<Vec<u8>>,
    /// The filmstrip of the copy, once its pictures are made; of a video only.
    pub strip: Option<Strip>,
    /// When it was first announced.
    pub announced_at: Timestamp,
    /// When our copy was made; copies from before this was stored have none.
    pub archived_at: Option<Timestamp>,
    /// The call that announced it.
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
    /// CRC-32 as in ZIP; copies from before it was stored have none.
    pub crc32: Option<u32>,
    /// Its media type, as it is served.
    pub content_type: String,
}

/// The facts that were read from the content of a file. Where one is missing, the announcement counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measured {
    /// Its media type.
    pub content_type: Option<String>,
    /// Its media.
    pub media: Option<Media>,
    /// Milliseconds.
    pub length_ms: Option<i64>,
    /// Its tracks, as pages show them.
    pub tracks: Option<String>,
    /// The loudness of equal parts, 255 the highest; of sound only.
    pub peaks: Option<Vec<u8>>,
}

pub(crate) const COLUMNS: &str =
    "id, take, version, recording_id, kind, media, participant, name, size, length_ms,
    started_at, ended_at, url, state, trouble, tries, next_try_at, missing_since, storage_key,
    stored_size, sha256, crc32, content_type, tracks, peaks, strip, announced_at, archived_at,
    call_id";

/// The columns that are inserted for a file, those of its copy included.
pub(crate) const INSERTED: &str = "id, take, version, recording_id, kind, media, participant, name,
    name_key, size, length_ms, started_at, ended_at, url, announced_at, state, tries, storage_key,
    stored_size, sha256, crc32, content_type, tracks, archived_at";

/// The values of [`INSERTED`].
pub(crate) fn inserted_values(file: &File) -> impl Values {
    let (announced, copy) = (&file.announced, file.stored.as_ref());
    (
        (file.id, file.take, file.version, file.recording),
        (announced.kind, announced.media),
        or_empty(announced.participant.as_ref()),
        (&announced.name, key(&announced.name)),
        (announced.size, announced.length_ms),
        (
            (announced.started_at, announced.ended_at),
            (&announced.url, file.announced_at),
        ),
        (file.state, file.tries),
        (
            copy.map(|copy| &copy.key),
            copy.map(|copy| copy.size),
            copy.map(|copy| &copy.sha256),
            copy.and_then(|copy| copy.crc32),
            copy.map(|copy| &copy.content_type),
            (&file.tracks, file.archived_at),
        ),
    )
}

pub(crate) fn read_announcement(row: &AnyRow) -> Result<Announcement> {
    let row = Columns::new(row, "files", "id");
    Ok(fields!(row => Announcement {
        kind, media, name, started_at, ended_at, url,
        participant = row.participant("participant")?,
        // A row may be older than the limits.
        size = row.get::<Option<u64>>("size")?.and_then(plausible_size),
        length_ms = row.get::<Option<i64>>("length_ms")?.and_then(plausible_length)
    }))
}

fn read_stored(row: &Columns<'_>) -> Result<Stored> {
    Ok(fields!(row => Stored {
        key: storage_key, size: stored_size, sha256, crc32, content_type
    }))
}

impl File {
    /// Whether it is of a demo, and has no content anywhere. Of one with a copy the key decides: its address may
    /// be announced anew.
    pub fn is_demo(&self) -> bool {
        match &self.stored {
            Some(copy) => copy.key.starts_with(DEMO_KEY),
            None => self.announced.url.starts_with(DEMO_ADDRESS),
        }
    }

    /// Our copy and its CRC-32, if the copy is complete and the CRC-32 known: what a ZIP archive takes.
    pub fn copy_with_crc32(&self) -> Option<(&Stored, u32)> {
        let is_archived = self.state == FileState::Archived;
        let stored = self.stored.as_ref().filter(|_| is_archived)?;
        Some((stored, stored.crc32?))
    }

    /// How good its copy is: `None` where it has none, else whether its content is of a known kind. Of the versions of
    /// a take the best is shown, and of several the newest, as in the view `shown_files`.
    pub fn copy_is_known(&self) -> Option<bool> {
        let is_unknown = |copy: &Stored| copy.content_type == UNKNOWN_TYPE;
        let is_archived = self.state == FileState::Archived;
        is_archived.then(|| !self.stored.as_ref().is_some_and(is_unknown))
    }

    pub(crate) fn read(any_row: &AnyRow) -> Result<Self> {
        let row = Columns::new(any_row, "files", "id");
        let key: Option<String> = row.get("storage_key")?;
        let strip: Option<String> = row.get("strip")?;
        Ok(fields!(row => Self {
            id, take, version, recording: recording_id, state, tries, next_try_at, missing_since,
            tracks, peaks, announced_at, archived_at, call: call_id,
            announced = read_announcement(any_row)?,
            trouble = row.cause("trouble")?,
            stored = key.map(|_| read_stored(&row)).transpose()?,
            strip = strip.map(|_| row.json("strip")).transpose()?
        }))
    }
}

pub(crate) static FILES: Select<File> = Select::new(COLUMNS, "files", File::read);

/// The order of the files of a recording: composites, tracks by participant, frames.
pub(crate) const IN_ORDER: &str = "ORDER BY
    CASE kind WHEN 'composite' THEN 0 WHEN 'track' THEN 1 ELSE 2 END, participant, id";

/// The file of that id.
pub async fn get(conn: &mut Conn, id: FileId) -> Result<Option<File>> {
    FILES.first(conn, "WHERE id = $1", id).await
}

/// All versions of a file, the newest first.
pub async fn versions(conn: &mut Conn, id: FileId) -> Result<Vec<File>> {
    let of_take = "WHERE take = (SELECT o.take FROM files o WHERE o.id = $1) ORDER BY version DESC";
    FILES.all(conn, of_take, id).await
}

/// Deletes a file with all its versions, unless one is archived, purged or being fetched from an address, or its copy
/// is lost and may be found again; returns whether it did.
pub async fn delete_uncopied(conn: &mut Conn, id: FileId) -> Result<bool> {
    stale::mark_files(conn, &[id]).await?;
    let delete = "DELETE FROM files WHERE take = (SELECT o.take FROM files o WHERE o.id = $1)
             AND NOT EXISTS (SELECT 1 FROM files o WHERE o.take = files.take
                 AND (o.storage_key IS NOT NULL OR o.state IN ('archived', 'purged')
                     OR (o.state = 'fetching' AND o.url <> '')))";
    affects_any(conn, delete, id).await
}

/// All files of a recording with their versions: composite, tracks by participant, frames.
pub async fn of_recording(conn: &mut Conn, id: RecordingId) -> Result<Vec<File>> {
    let of_recording = format!("WHERE recording_id = $1 {IN_ORDER}");
    FILES.all(conn, &of_recording, id).await
}

/// The facts about the files of a recording, with their versions, that stay once it is deleted; in the order of
/// [`of_recording`].
pub async fn facts(conn: &mut Conn, id: RecordingId) -> Result<Vec<FileFacts>> {
    let read = reader!(files.id => FileFacts { kind, name, version, size, sha256 });
    query(format!(
        "SELECT id, kind, name, version, COALESCE(stored_size, size) AS size, sha256
         FROM files WHERE recording_id = $1 {IN_ORDER}"
    ))
    .bind(id)
    .all(conn, read)
    .await
}

/// Of each take of a recording the version that is shown: the newest one whose copy is of a known kind, else the newest
/// archived one, else the newest.
pub async fn shown(conn: &mut Conn, id: RecordingId) -> Result<Vec<File>> {
    let shown = format!(
        "WHERE id IN (SELECT f.id FROM shown_files f WHERE f.recording_id = $1) {IN_ORDER}"
    );
    FILES.all(conn, &shown, id).await
}

/// The states of the files of these recordings, of one version each.
pub async fn states(
    conn: &mut Conn,
    recordings: &[RecordingId],
) -> Result<Vec<(RecordingId, FileState)>> {
    let text = "SELECT f.recording_id, f.state FROM shown_files f WHERE f.recording_id IN {list}";
    query_over(conn, text, recordings)?
        .all(conn, Columns::values("files", ["recording_id", "state"]))
        .await
}

/// Why a file was not copied.
#[derive(Debug, Clone, Copy)]
pub struct Failure<'a> {
    /// Its new state; `FileState::after` says which are allowed.
    pub state: FileState,
    /// The cause.
    pub trouble: &'a Cause,
    /// When it failed.
    pub at: Timestamp,
    /// When it is tried again; `None`: not automatically.
    pub next_try_at: Option<Timestamp>,
    /// Since when the platform has answered that there is no such file.
    pub missing_since: Option<Timestamp>,
}

/// Records that a file which `holder` fetches was not copied; `false`, without a change, where `holder` no
/// longer fetches it. The columns of the archived copy stay. A try is a probe, too.
pub async fn set_failed(
    conn: &mut Conn,
    id: FileId,
    holder: &str,
    failure: Failure<'_>,
) -> Result<bool> {
    stale::mark_files(conn, &[id]).await?;
    query(
        "UPDATE files SET state = $3, trouble = $4, next_try_at = $5, missing_since = $6,
             failed_since = COALESCE(failed_since, $7), probe_at = $8
         WHERE id = $1 AND claimed_by = $2 AND state = 'fetching'",
    )
    .bind((id, holder, failure.state, json(failure.trouble)?))
    .bind((failure.next_try_at, failure.missing_since, failure.at))
    .bind(failure.at.plus_millis(PROBE_EVERY))
    .affects_any(conn)
    .await
}

/// Records the complete copy of a file that `holder` fetches, made `now`, and the file becomes `archived`. Its
/// size tells it from later versions where none was announced. `false`, without a change, where `holder` no longer fetches it.
pub async fn set_stored(
    conn: &mut Conn,
    id: FileId,
    holder: &str,
    now: Timestamp,
    stored: &Stored,
    measured: &Measured,
) -> Result<bool> {
    stale::mark_files(conn, &[id]).await?;
    query(
        "UPDATE files SET state = 'archived', trouble = NULL, next_try_at = NULL,
             missing_since = NULL, failed_since = NULL, storage_key = $3, stored_size = $4,
             size = COALESCE(size, $4), sha256 = $5, crc32 = $6, content_type = $7, media = COALESCE($8, media),
             length_ms = COALESCE($9, length_ms), tracks = $10, peaks = $11, archived_at = $12,
             picture_tries = 0, strip = NULL
         WHERE id = $1 AND claimed_by = $2 AND state = 'fetching'",
    )
    .bind((id, holder, &stored.key, stored.size))
    .bind((&stored.sha256, stored.crc32, &stored.content_type))
    .bind((measured.media, measured.length_ms))
    .bind((&measured.tracks, &measured.peaks, now))
    .affects_any(conn)
    .await
}

/// The archived file whose copy is to be checked next, if it is due.
pub async fn next_to_check(conn: &mut Conn, now: Timestamp) -> Result<Option<File>> {
    FILES.first(conn, NEXT_TO_CHECK, now).await
}

/// The end of the statement of [`next_to_check`].
pub(crate) const NEXT_TO_CHECK: &str =
    "WHERE state = 'archived' AND check_at <= $1 ORDER BY check_at, id LIMIT 1";

/// The archived file before which `skip` others are to be checked.
pub async fn checked_after(conn: &mut Conn, skip: u32) -> Result<Option<File>> {
    let behind = "WHERE state = 'archived' ORDER BY check_at, id LIMIT 1 OFFSET $1";
    FILES.first(conn, behind, skip).await
}

/// The number of archived files.
pub async fn count_archived(conn: &mut Conn) -> Result<u32> {
    query("SELECT COUNT(*) AS n FROM files WHERE state = 'archived'")
        .count(conn)
        .await
}

/// Whether a file has a copy, or had one that is lost or being deleted; those of a demo do not count.
pub async fn has_copies(conn: &mut Conn) -> Result<bool> {
    query(format!(
        "SELECT id FROM files WHERE storage_key IS NOT NULL AND storage_key NOT LIKE '{DEMO_KEY}%'
         LIMIT 1"
    ))
    .exists(conn)
    .await
}

/// The copies after that of the file `after`, in the order of the files' ids, at most `limit`; without those of a
/// demo.
pub async fn copies(
    conn: &mut Conn,
    after: Option<FileId>,
    limit: u32,
) -> Result<Vec<(FileId, Stored)>> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    query(format!(
        "SELECT id, storage_key, stored_size, sha256, crc32, content_type FROM files
         WHERE state = 'archived' AND id > $1 AND storage_key NOT LIKE '{DEMO_KEY}%'
         ORDER BY id LIMIT $2"
    ))
    .bind((after, limit))
    .all(conn, |row| {
        let row = Columns::new(row, "files", "id");
        Ok((row.get("id")?, read_stored(&row)?))
    })
    .await
}

/// Sets when the copy of a file is checked.
pub async fn set_check_at(conn: &mut Conn, id: FileId, at: Timestamp) -> Result<()> {
    let update = "UPDATE files SET check_at = $2 WHERE id = $1 AND state = 'archived'";
    execute(conn, update, (id, at)).await
}

/// Records the CRC-32 of a copy with this SHA-256, which has none.
pub async fn set_crc32(conn: &mut Conn, id: FileId, sha256: &str, crc32: u32) -> Result<()> {
    let update = "UPDATE files SET crc32 = $3 WHERE id = $1 AND sha256 = $2 AND crc32 IS NULL";
    execute(conn, update, (id, sha256, crc32)).await
}

/// Records that the copy of an archived file is lost: it is fetched again, as if it were new. `state` is
/// what [`FileState::after`] says. `false`, without a change, where the file has another copy or none.
pub async fn set_lost(
    conn: &mut Conn,
    id: FileId,
    copy: &Stored,
    state: FileState,
    trouble: &Cause,
) -> Result<bool> {
    stale::mark_files(conn, &[id]).await?;
    query(
        "UPDATE files SET state = $4, trouble = $5, tries = 0, next_try_at = NULL
         WHERE id = $1 AND storage_key = $2 AND sha256 = $3 AND state = 'archived'",
    )
    .bind((id, &copy.key, &copy.sha256, state, json(trouble)?))
    .affects_any(conn)
    .await
}

/// Chooses the next video to make pictures of, of those that were tried least the newest, and counts a try.
pub async fn begin_pictures(conn: &mut Conn) -> Result<Option<File>> {
    query(begin_pictures_sql()).first(conn, File::read).await
}

/// The statement of [`begin_pictures`].
pub(crate) fn begin_pictures_sql() -> String {
    format!(
        "UPDATE files SET picture_tries = picture_tries + 1
         WHERE id = (SELECT id FROM files
             WHERE media = 'video' AND state = 'archived' AND strip IS NULL AND picture_tries < 3
             ORDER BY picture_tries, announced_at DESC LIMIT 1)
         RETURNING {COLUMNS}"
    )
}

/// Takes back a try: it failed for a reason that has nothing to do with the file.
pub async fn forget_picture_try(conn: &mut Conn, id: FileId) -> Result<()> {
    let update =
        "UPDATE files SET picture_tries = picture_tries - 1 WHERE id = $1 AND picture_tries > 0";
    execute(conn, update, id).await
}

/// Records the pictures that were made of the copy under `key`; `None`: there are none, and none are made
/// again. `false`, without a change, where the file has no such copy any more.
pub async fn set_pictures(
    conn: &mut Conn,
    id: FileId,
    key: &str,
    strip: Option<&Strip>,
) -> Result<bool> {
    let strip = strip.map(json).transpose()?;
    let update =
        "UPDATE files SET picture_tries = 3, strip = $3 WHERE id = $1 AND storage_key = $2";
    affects_any(conn, update, (id, key, strip)).await
}

/// The blocked files of an app and their addresses.
pub async fn blocked(conn: &mut Conn, app: AppId) -> Result<Vec<(FileId, String)>> {
    query(
        "SELECT f.id, f.url FROM files f JOIN recordings r ON r.id = f.recording_id
         WHERE r.app_id = $1 AND f.state = 'blocked'",
    )
    .bind(app)
    .all(conn, Columns::values("files", ["id", "url"]))
    .await
}

/// Makes those of the files that are in trouble `remote`: they are tried at once. How long they have failed,
/// and the platform has had no such file, is kept.
pub async fn renew(conn: &mut Conn, ids: &[FileId]) -> Result<()> {
    static RENEW: Bulk = Bulk::new(
        "UPDATE files SET state = 'remote', trouble = NULL, tries = 0, next_try_at = NULL
         WHERE state IN ('failed', 'blocked', 'gone') AND id IN (VALUES {})",
    );
    RENEW.execute(conn, ids).await?;
    stale::mark_files(conn, ids).await
}

/// The next file to probe: the first one without a copy that is due. It waits for its copy, failed, or is gone.
pub async fn next_to_probe(conn: &mut Conn, now: Timestamp) -> Result<Option<File>> {
    FILES.first(conn, NEXT_TO_PROBE, now).await
}

/// The end of the statement of [`next_to_probe`]. A file that was never probed is due [`PROBE_EVERY`] after its
/// announcement.
pub(crate) const NEXT_TO_PROBE: &str = "WHERE state IN ('remote', 'failed', 'gone')
         AND COALESCE(probe_at, announced_at + 86400000) <= $1
     ORDER BY COALESCE(probe_at, announced_at + 86400000), id LIMIT 1";

/// Records that a file was probed: when it is next, and since when the platform has answered that there is no such
/// file. `false`, without a change, where the file has another state or address by now.
pub async fn set_probed(
    conn: &mut Conn,
    file: &File,
    probe_at: Timestamp,
    missing_since: Option<Timestamp>,
) -> Result<bool> {
    query(
        "UPDATE files SET probe_at = $4, missing_since = $5
         WHERE id = $1 AND state = $2 AND url = $3",
    )
    .bind((file.id, file.state, &file.announced.url))
    .bind((probe_at, missing_since))
    .affects_any(conn)
    .await
}

/// Records that the platform no longer has a file that is not being fetched; `state` is what
/// [`FileState::after`] says. `false`, without a change, where the file has another state or address by now.
pub async fn set_gone(
    conn: &mut Conn,
    file: &File,
    state: FileState,
    trouble: &Cause,
    missing_since: Timestamp,
) -> Result<bool> {
    stale::mark_files(conn, &[file.id]).await?;
    query(
        "UPDATE files SET state = $4, trouble = $5, next_try_at = NULL,
             failed_since = COALESCE(failed_since, $6)
         WHERE id = $1 AND state = $2 AND url = $3",
    )
    .bind((file.id, file.state, &file.announced.url))
    .bind((state, json(trouble)?, missing_since))
    .affects_any(conn)
    .await
}

/// The number of files in each state that files are in. Reads the whole table.
pub async fn count_by_state(conn: &mut Conn) -> Result<Vec<(FileState, u32)>> {
    query("SELECT state, COUNT(*) AS n FROM files GROUP BY state ORDER BY state")
        .all(conn, Columns::values("files", ["state", "n"]))
        .await
}
