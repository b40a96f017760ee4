//! Recordings with a summary of their files.

use std::collections::HashMap;

use reelroom_domain::{
    about::{RecordingTitle, Tags},
    file::FileState,
    find::Archive,
    ids::{AppId, FileId, RecordingId},
    ledger::Ledger,
    recording::{FailedStart, Recording, RecordingState},
    room::RoomId,
    time::Timestamp,
};
use sqlx::any::AnyRow;

use super::row::{self, COLUMNS};
use crate::{
    Conn, Result, Scope, about, fields, files, history,
    query::{Query, query, query_over},
    reader,
    row::{Columns, of},
    value::{ACTIVE, length_in_sum, size_in_sum},
};

/// A place in a list: a recording's `requested_at` and id. The next page begins after it.
pub type Cursor = (Timestamp, RecordingId);

/// A recording and a summary of its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The recording.
    pub recording: Recording,
    /// The title of its room; may be empty.
    pub title: String,
    /// The title that people gave it.
    pub own_title: RecordingTitle,
    /// Its tags; only [`summaries`] reads them.
    pub tags: Tags,
    /// How many files of each kind were announced, without versions; tracks counted by participant.
    pub ledger: Ledger,
    /// Bytes of all files, of one version each: of our copy where there is one, else as the platform says.
    pub bytes: u64,
    /// Files in our own storage.
    pub archived: u32,
    /// The state of the copies of its files as one; only [`summaries`] reads it.
    pub archive: Option<Archive>,
    /// How its start failed, if it did.
    pub failed: Option<FailedStart>,
    /// The first composite's name.
    pub composite_name: Option<String>,
    /// The length of all composites together in milliseconds; 0 if it is unknown.
    pub composites_length: i64,
    /// The first frame that can be shown.
    pub frame: Option<FileId>,
    /// The first composite, if it has a poster.
    pub poster: Option<FileId>,
}

/// The statement that [`Summary`] is read from, newest first, for the recordings `r` that meet the
/// conditions. Ids grow with time, so the least is the first.
fn summarised(conditions: &str) -> String {
    let (size, length) = (size_in_sum("f.size"), length_in_sum("f.length_ms"));
    format!(
        "WITH page AS (SELECT {COLUMNS}, given_up, title AS own_title, (
             SELECT o.title FROM rooms o WHERE o.app_id = r.app_id AND o.room = r.room) AS title FROM recordings r WHERE {conditions}),
    sums AS (
        SELECT f.recording_id,
            SUM(CASE WHEN f.kind = 'composite' THEN 1 ELSE 0 END) AS composites,
            COUNT(DISTINCT CASE WHEN f.kind = 'track' THEN f.participant END) AS tracks,
            SUM(CASE WHEN f.kind = 'frame' THEN 1 ELSE 0 END) AS frames,
            SUM(CASE WHEN f.state = 'archived' THEN f.stored_size ELSE {size} END) AS bytes,
            SUM(CASE WHEN f.state = 'archived' THEN 1 ELSE 0 END) AS archived,
            SUM(CASE WHEN f.kind = 'composite' THEN {length} END) AS composites_length,
            MIN(CASE WHEN f.kind = 'composite' THEN f.take END) AS composite,
            MIN(CASE WHEN f.kind = 'frame' AND f.state NOT IN ('blocked', 'gone', 'purged')
                THEN f.id END) AS frame
        FROM shown_files f WHERE f.recording_id IN (SELECT id FROM page) GROUP BY f.recording_id)
    SELECT {}, page.given_up, page.title, page.own_title,
        (SELECT COUNT(*) FROM rooms o WHERE o.app_id = page.app_id AND o.room = page.room
            AND o.recording_id = page.id) AS is_current,
        CAST(COALESCE(sums.composites, 0) AS BIGINT) AS composites,
        CAST(COALESCE(sums.tracks, 0) AS BIGINT) AS tracks,
        CAST(COALESCE(sums.frames, 0) AS BIGINT) AS frames,
        CAST(COALESCE(sums.bytes, 0) AS BIGINT) AS bytes,
        CAST(COALESCE(sums.archived, 0) AS BIGINT) AS archived,
        CAST(COALESCE(sums.composites_length, 0) AS BIGINT) AS composites_length,
        (SELECT COUNT(*) FROM expected_tracks e WHERE e.recording_id = page.id
            AND NOT EXISTS (SELECT 1 FROM files t WHERE t.recording_id = page.id
                AND t.kind = 'track' AND t.participant = e.participant)) AS tracks_missing,
        sums.frame, c.name AS composite_name,
        (SELECT p.take FROM files p WHERE p.id = c.id AND p.strip IS NOT NULL) AS poster
    FROM page LEFT JOIN sums ON sums.recording_id = page.id
    LEFT JOIN shown_files c ON c.take = sums.composite
    ORDER BY page.requested_at DESC, page.id DESC",
        of("page", COLUMNS)
    )
}

impl Summary {
    /// Reads a row of [`summarised`]; the cause of a failed start is not in it.
    fn read(row: &AnyRow) -> Result<Self> {
        let of = row::read(row)?;
        let row = Columns::new(row, "recordings", "id");
        let start = if of.state == RecordingState::Failed {
            Some(FailedStart {
                needs_attention: row.get("is_current")?,
                given_up: row.get("given_up")?,
                cause: None,
            })
        } else {
            None
        };
        // By name: the track of somebody else makes up for no missing one.
        let by_name = row.get::<u32>("tracks")? + row.get::<u32>("tracks_missing")?;
        Ok(fields!(row => Self {
            bytes, archived, title, own_title, composite_name, composites_length, frame, poster,
            ledger = fields!(row => Ledger {
                composites, tracks, frames,
                tracks_expected = of.tracks_expected.max(by_name),
                frames_expected = of.frames_expected
            }),
            tags = Tags::default(),
            archive = None,
            failed = start,
            recording = of
        }))
    }
}

/// Recordings of a room, failed starts too, newest first, those after `before` where it is given, at most `limit`.
pub async fn of_room(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    before: Option<Cursor>,
    limit: u32,
) -> Result<Vec<Summary>> {
    // Without a bound: later than any moment.
    let (at, id) = before.map_or((i64::MAX, String::new()), |(at, id)| {
        (at.as_millis(), id.to_string())
    });
    let page = query(of_room_sql()).bind((app, room, at, id, limit));
    read_all(conn, page).await
}

/// The statement of [`of_room`].
pub(crate) fn of_room_sql() -> String {
    summarised(
        "r.app_id = $1 AND r.room = $2 AND r.keep = 'kept' AND (r.requested_at, r.id) < ($3, $4)
         ORDER BY r.requested_at DESC, r.id DESC LIMIT $5",
    )
}

/// Runs a statement made by [`summarised`], and reads why the starts of those recordings failed that did.
async fn read_all(conn: &mut Conn, statement: Query) -> Result<Vec<Summary>> {
    let mut found = statement.all(conn, Summary::read).await?;
    let failed: Vec<RecordingId> = found
        .iter()
        .filter(|one| one.failed.is_some())
        .map(|one| one.recording.id)
        .collect();
    if failed.is_empty() {
        return Ok(found);
    }
    let mut causes = history::refusals(conn, &failed).await?;
    for one in &mut found {
        if let Some(failed) = &mut one.failed {
            failed.cause = causes.remove(&one.recording.id).flatten();
        }
    }
    Ok(found)
}

/// These recordings and summaries of their files, in this order; those that are gone or deleted are left out.
pub async fn summaries(conn: &mut Conn, ids: &[RecordingId]) -> Result<Vec<Summary>> {
    these(conn, ids, "r.keep = 'kept'").await
}

/// As [`summaries`], of those that are in the trash or purged.
pub async fn deleted(conn: &mut Conn, ids: &[RecordingId]) -> Result<Vec<Summary>> {
    these(conn, ids, "r.keep <> 'kept'").await
}

async fn these(conn: &mut Conn, ids: &[RecordingId], condition: &str) -> Result<Vec<Summary>> {
    let text = summarised(&format!("r.id IN {{list}} AND {condition}"));
    let found = query_over(conn, &text, ids)?;
    let found = read_all(conn, found).await?;
    let mut tags = about::tags_of(conn, ids).await?;
    let mut states: HashMap<RecordingId, Vec<FileState>> = HashMap::new();
    for (id, state) in files::states(conn, ids).await? {
        states.entry(id).or_default().push(state);
    }
    let mut found: HashMap<RecordingId, Summary> = found
        .into_iter()
        .map(|one| (one.recording.id, one))
        .collect();
    let complete = |id: &RecordingId| {
        let one = found.remove(id)?;
        Some(Summary {
            tags: tags.remove(id).unwrap_or_default(),
            archive: states.remove(id).and_then(Archive::of),
            ..one
        })
    };
    Ok(ids.iter().filter_map(complete).collect())
}

/// One recording and a summary of its files; `None` where it is deleted.
pub async fn summary(conn: &mut Conn, id: RecordingId) -> Result<Option<Summary>> {
    let one = query(summarised("r.id = $1 AND r.keep = 'kept'")).bind(id);
    Ok(read_all(conn, one).await?.pop())
}

/// Recordings of a scope that became ready, or began to need attention, after `since`: the newest of each
/// room, the newest first, at most 3.
pub async fn news(
    conn: &mut Conn,
    scope: impl Into<Scope<'_>>,
    since: Timestamp,
) -> Result<Vec<Summary>> {
    let scope = scope.into();
    let news = query(summarised(&format!(
        // Few have changed of late; an app has many, by whose indexes they would be found.
        "r.id IN (
             WITH recent AS MATERIALIZED (SELECT id, app_id, room, state_since FROM recordings
                 WHERE state IN ('ready', 'unknown', 'overdue', 'failed') AND state_since > $2
                     AND origin = 'started' AND keep = 'kept')
             SELECT d.id FROM (SELECT n.id, ROW_NUMBER() OVER (
                     PARTITION BY n.room ORDER BY n.state_since DESC, n.id DESC) AS place
                 FROM recent n WHERE n.app_id = $1{}) d
             WHERE d.place = 1)
         ORDER BY r.state_since DESC, r.id DESC LIMIT 3",
        scope.condition(conn, "n.room", "$3")
    )))
    .bind((scope.app, since, scope.value()?));
    read_all(conn, news).await
}

/// Recordings of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfRoom {
    /// Its app.
    pub app: AppId,
    /// The room.
    pub room: RoomId,
    /// How many they are.
    pub recordings: u32,
    /// How many of them have copies of files.
    pub with_copies: u32,
    /// How many of them can be moved to the trash: neither active nor on hold.
    pub deletable: u32,
}

/// The number of these recordings in each of their rooms.
pub async fn by_room(conn: &mut Conn, ids: &[RecordingId]) -> Result<Vec<OfRoom>> {
    let read = reader!(recordings.room => OfRoom {
        app: app_id, room, recordings, with_copies, deletable
    });
    let text = format!(
        "SELECT r.app_id, r.room, COUNT(*) AS recordings,
             CAST(SUM(CASE WHEN EXISTS (SELECT 1 FROM files f
                 WHERE f.recording_id = r.id AND f.state = 'archived') THEN 1 ELSE 0 END) AS BIGINT) AS with_copies,
             CAST(SUM(CASE WHEN r.{ACTIVE} OR EXISTS (SELECT 1 FROM holds h
                 WHERE h.recording_id = r.id AND h.released_at IS NULL) THEN 0 ELSE 1 END) AS BIGINT) AS deletable
         FROM recordings r WHERE r.id IN {{list}} AND r.keep = 'kept'
         GROUP BY r.app_id, r.room ORDER BY r.app_id, r.room"
    );
    query_over(conn, &text, ids)?.all(conn, read).await
}

/// The number of recordings of a room and their total length in milliseconds, of each by the rule of
/// [`reelroom_domain::recording::length`].
pub async fn totals_of_room(conn: &mut Conn, app: AppId, room: &RoomId) -> Result<(u32, i64)> {
    let (length, ran) = (
        length_in_sum("f.length_ms"),
        length_in_sum("r.stopped_at - r.started_at"),
    );
    query(format!(
        "SELECT COUNT(*) AS times, CAST(COALESCE(SUM(COALESCE(
             (SELECT NULLIF(SUM({length}), 0) FROM shown_files f
              WHERE f.recording_id = r.id AND f.kind = 'composite'),
             CASE WHEN r.origin = 'started' THEN {ran} END, 0)), 0) AS BIGINT) AS millis
         FROM recordings r WHERE r.app_id = $1 AND r.room = $2 AND r.state <> 'failed'
             AND r.keep = 'kept'"
    ))
    .bind((app, room))
    .one(conn, Columns::values("recordings", ["times", "millis"]))
    .await
}
