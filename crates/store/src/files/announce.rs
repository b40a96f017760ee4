//! Announcements: what is new, what was known, and the versions of a file.
//!
//! A file is the same where recording, kind, participant and name are. Announced with another size
//! or address it is another version of that file; which versions there were is kept, so that an old
//! announcement, heard again, changes nothing.

use std::collections::HashSet;

use reelroom_domain::{
    file::{FileEvent, FileState},
    ids::{CallId, FileId, RecordingId},
    room::ParticipantId,
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row, query};

use super::{Announcement, COLUMNS, File};
use crate::{
    Conn, StoreError,
    bulk::Bulk,
    engine::{key, text},
    row::signed,
};

/// A file that a call tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Its id, where it is new.
    pub id: FileId,
    /// Its recording.
    pub recording: RecordingId,
    /// The call.
    pub call: CallId,
    /// When that came.
    pub at: Timestamp,
    /// What it says.
    pub file: Announcement,
}

/// What became of an announcement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announced {
    /// The first of this file.
    New(FileId),
    /// Known from another call. What was not known of the version that stands was filled in.
    Same(FileId),
    /// It has another size or address now: a new version. It is fetched again, unless a copy is
    /// being made just now (that one goes on; the next takes the new address).
    Renewed(FileId),
    /// This very call told it before: nothing was changed.
    Again(FileId),
}

impl Announced {
    /// The file, whatever became of the announcement.
    pub const fn id(self) -> FileId {
        match self {
            Self::New(id) | Self::Same(id) | Self::Renewed(id) | Self::Again(id) => id,
        }
    }
}

static INSERT: Bulk = Bulk::new(
    "INSERT INTO files (id, recording_id, kind, media, participant, name, name_key, size,
         length_ms, started_at, ended_at, url, state, tries, announced_at, call_id) VALUES ",
    16,
    " ON CONFLICT (recording_id, kind, participant, name) DO NOTHING",
);

static INSERTED: Bulk = Bulk::new("SELECT id FROM files WHERE id IN (VALUES ", 1, ")");

/// Takes announcements in, in their order; what became of each.
pub async fn announce(conn: &mut Conn, news: &[News]) -> Result<Vec<Announced>, StoreError> {
    let mut became = Vec::with_capacity(news.len());
    for (sql, some) in INSERT.portions(conn, news) {
        let insert = some.iter().fold(query(sql), |insert, news| {
            let file = &news.file;
            insert
                .bind(news.id.to_string())
                .bind(news.recording.to_string())
                .bind(file.kind.as_str())
                .bind(file.media.as_str())
                .bind(participant(file).to_owned())
                .bind(text(&file.name))
                .bind(key(&file.name))
                .bind(file.size.map(signed))
                .bind(file.length_ms)
                .bind(file.started_at.map(Timestamp::as_millis))
                .bind(file.ended_at.map(Timestamp::as_millis))
                .bind(text(&file.url))
                .bind(FileState::Remote.as_str())
                .bind(0_i64)
                .bind(news.at.as_millis())
                .bind(news.call.number())
        });
        let inserted = insert.execute(&mut *conn).await?.rows_affected();
        if inserted == some.len() as u64 {
            became.extend(some.iter().map(|news| Announced::New(news.id)));
            continue;
        }
        let new = inserted_of(conn, some).await?;
        for news in some {
            became.push(if new.contains(&news.id.to_string()) {
                Announced::New(news.id)
            } else {
                again(conn, news).await?
            });
        }
    }
    Ok(became)
}

/// The ids of those that have just become files.
async fn inserted_of(conn: &mut Conn, news: &[News]) -> Result<HashSet<String>, StoreError> {
    let mut ids = HashSet::new();
    for (sql, some) in INSERTED.portions(conn, news) {
        let select = some
            .iter()
            .fold(query(sql), |select, news| select.bind(news.id.to_string()));
        for row in &select.fetch_all(&mut *conn).await? {
            ids.insert(row.try_get("id")?);
        }
    }
    Ok(ids)
}

fn participant(file: &Announcement) -> &str {
    file.participant.as_ref().map_or("", ParticipantId::as_str)
}

/// A file that is there already.
async fn again(conn: &mut Conn, news: &News) -> Result<Announced, StoreError> {
    // Its state may change between reading and writing it.
    for _ in 0..3 {
        let sql = format!(
            "SELECT {COLUMNS} FROM files
             WHERE recording_id = $1 AND kind = $2 AND participant = $3 AND name = $4"
        );
        let row = query(AssertSqlSafe(sql))
            .bind(news.recording.to_string())
            .bind(news.file.kind.as_str())
            .bind(participant(&news.file))
            .bind(text(&news.file.name))
            .fetch_one(&mut *conn)
            .await?;
        if let Some(announced) = renew(conn, &File::read(&row)?, news).await? {
            return Ok(announced);
        }
    }
    Err(StoreError::Contended)
}

/// A second announcement of `known`. `None`: the file is no longer as it is known.
async fn renew(
    conn: &mut Conn,
    known: &File,
    news: &News,
) -> Result<Option<Announced>, StoreError> {
    let (old, file) = (&known.announced, &news.file);
    if known.call == Some(news.call) {
        return Ok(Some(Announced::Again(known.id)));
    }
    let agrees = |other: Option<u64>| file.size.is_none() || other.is_none() || other == file.size;
    let same_url = file.url.is_empty() || text(&file.url) == old.url;
    if agrees(old.size) && same_url {
        fill_in(conn, known, file).await?;
        return Ok(Some(Announced::Same(known.id)));
    }
    let before = query(
        "SELECT call_id FROM file_versions WHERE file_id = $1 AND (call_id = $2
             OR ((url = $3 OR $3 = '') AND (size IS NULL OR $4 IS NULL OR size = $4)))",
    )
    .bind(known.id.to_string())
    .bind(news.call.number())
    .bind(text(&file.url))
    .bind(file.size.map(signed))
    .fetch_all(&mut *conn)
    .await?;
    for row in &before {
        if row.try_get::<Option<i64>, _>("call_id")? == Some(news.call.number()) {
            return Ok(Some(Announced::Again(known.id)));
        }
    }
    if !before.is_empty() {
        return Ok(Some(Announced::Same(known.id)));
    }
    let state = match known.state.after(FileEvent::Renewed) {
        Ok(state) => state,
        // The copy that is being made goes on.
        Err(_) if known.state == FileState::Fetching => known.state,
        Err(_) => return Ok(Some(Announced::Same(known.id))),
    };
    replace(conn, known, state, news).await
}

/// What was not known of the version that stands.
async fn fill_in(conn: &mut Conn, known: &File, file: &Announcement) -> Result<(), StoreError> {
    let old = &known.announced;
    let more = old.size.is_none() && file.size.is_some()
        || old.length_ms.is_none() && file.length_ms.is_some()
        || old.started_at.is_none() && file.started_at.is_some()
        || old.ended_at.is_none() && file.ended_at.is_some();
    if !more {
        return Ok(());
    }
    query(
        "UPDATE files SET size = COALESCE(size, $2), length_ms = COALESCE(length_ms, $3),
             started_at = COALESCE(started_at, $4), ended_at = COALESCE(ended_at, $5)
         WHERE id = $1",
    )
    .bind(known.id.to_string())
    .bind(file.size.map(signed))
    .bind(file.length_ms)
    .bind(file.started_at.map(Timestamp::as_millis))
    .bind(file.ended_at.map(Timestamp::as_millis))
    .execute(conn)
    .await?;
    Ok(())
}

/// A new version: the one that stood goes beside. What the new one leaves out stays as it was.
async fn replace(
    conn: &mut Conn,
    known: &File,
    state: FileState,
    news: &News,
) -> Result<Option<Announced>, StoreError> {
    let file = &news.file;
    query(
        "INSERT INTO file_versions (file_id, version, call_id, size, length_ms, started_at,
             ended_at, url, replaced_at)
         SELECT id, version, call_id, size, length_ms, started_at, ended_at, url, $3
         FROM files WHERE id = $1 AND state = $2 ON CONFLICT DO NOTHING",
    )
    .bind(known.id.to_string())
    .bind(known.state.as_str())
    .bind(news.at.as_millis())
    .execute(&mut *conn)
    .await?;
    let done = query(
        "UPDATE files SET media = $3, size = COALESCE($4, size),
             length_ms = COALESCE($5, length_ms), started_at = COALESCE($6, started_at),
             ended_at = COALESCE($7, ended_at), url = CASE WHEN $8 = '' THEN url ELSE $8 END,
             state = $9, tries = 0, trouble = NULL, next_try_at = NULL, version = version + 1,
             call_id = $10
         WHERE id = $1 AND state = $2",
    )
    .bind(known.id.to_string())
    .bind(known.state.as_str())
    .bind(file.media.as_str())
    .bind(file.size.map(signed))
    .bind(file.length_ms)
    .bind(file.started_at.map(Timestamp::as_millis))
    .bind(file.ended_at.map(Timestamp::as_millis))
    .bind(text(&file.url))
    .bind(state.as_str())
    .bind(news.call.number())
    .execute(conn)
    .await?;
    Ok((done.rows_affected() == 1).then_some(Announced::Renewed(known.id)))
}

/// Gives the files of one recording to another that turned out to be the same. A file that both
/// have is one: the other's is left to be deleted with its recording.
pub async fn give(conn: &mut Conn, from: RecordingId, to: RecordingId) -> Result<(), StoreError> {
    query(
        "UPDATE files SET recording_id = $2 WHERE recording_id = $1 AND NOT EXISTS (
             SELECT 1 FROM files f WHERE f.recording_id = $2 AND f.kind = files.kind
             AND f.participant = files.participant AND f.name = files.name)",
    )
    .bind(from.to_string())
    .bind(to.to_string())
    .execute(conn)
    .await?;
    Ok(())
}
