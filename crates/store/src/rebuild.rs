//! The rows of a library that is made of the descriptions beside its copies, in bulk. What is there stays as it is.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    hash::Hash,
};

use reelroom_domain::{
    about::About,
    ids::{FileId, RecordingId},
    meeting::RoomKey,
    recording::{Origin, Recording},
    room::RoomTitle,
    time::Timestamp,
    view::HistoryEvent,
};

use crate::{
    Conn, Result,
    about::INSERT_TAGS,
    bulk::Bulk,
    engine::{Engine, json, key},
    files::{self, File, INSERTED},
    query::{Values, query, query_over},
    recordings::{self, COLUMNS},
    rooms,
    row::Columns,
    stale,
    value::Column,
};

/// A recording as the descriptions of its copies tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// The recording, which is not active.
    pub recording: Recording,
    /// The title of its room; may be empty.
    pub room_title: RoomTitle,
    /// Title, tags and notes.
    pub about: About,
    /// When the notes were last changed, and the name of the account.
    pub noted: Option<(Timestamp, String)>,
    /// Its archived files.
    pub files: Vec<File>,
}

/// How many rows were inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Added {
    /// Recordings.
    pub recordings: usize,
    /// Files.
    pub files: usize,
}

/// Inserts those recordings, rooms and files that are not known, and adds the recordings to the queue of the index.
/// Their apps must be known. After the last ones, [`rooms::update_facts`] brings the rooms up to date.
pub async fn insert(conn: &mut Conn, described: &[Described]) -> Result<Added> {
    if let Some(prepare) = Engine::of_connection(conn).before_bulk() {
        query(prepare).execute(conn).await?;
    }
    let ids = described.iter().map(|one| one.recording.id.to_string());
    let known_recordings: HashSet<RecordingId> = ids_in(conn, "recordings", ids).await?;
    let files = described.iter().flat_map(|one| &one.files);
    let ids = files.clone().map(|file| file.id.to_string());
    let known_files: HashSet<FileId> = ids_in(conn, "files", ids).await?;
    let new: Vec<&Described> = described
        .iter()
        .filter(|one| !known_recordings.contains(&one.recording.id))
        .collect();
    let new_files: Vec<&File> = files
        .filter(|file| !known_files.contains(&file.id))
        .collect();
    insert_rooms(conn, &new).await?;
    insert_recordings(conn, &new).await?;
    insert_files(conn, &new_files).await?;
    let mut changed: BTreeSet<RecordingId> = new.iter().map(|one| one.recording.id).collect();
    changed.extend(new_files.iter().map(|file| file.recording));
    let changed: Vec<RecordingId> = changed.into_iter().collect();
    stale::mark(conn, &changed).await?;
    Ok(Added {
        recordings: new.len(),
        files: new_files.len(),
    })
}

/// The ids of these that a table has.
async fn ids_in<T: Column + Eq + Hash>(
    conn: &mut Conn,
    table: &str,
    ids: impl Iterator<Item = String>,
) -> Result<HashSet<T>> {
    let text = format!("SELECT id FROM {table} WHERE id IN {{list}}");
    let found =
        query_over(conn, &text, &ids.collect::<Vec<_>>())?.all(conn, Columns::value("rows", "id"));
    Ok(found.await?.into_iter().collect())
}

async fn insert_rooms(conn: &mut Conn, new: &[&Described]) -> Result<()> {
    static TITLE: Bulk = Bulk::new(
        "WITH named (app_id, room, title, title_key) AS (VALUES {})
         UPDATE rooms SET title = n.title, title_key = n.title_key FROM named n
         WHERE rooms.app_id = n.app_id AND rooms.room = n.room AND rooms.title = ''",
    );
    let mut first_seen: BTreeMap<RoomKey, Timestamp> = BTreeMap::new();
    let mut titles: BTreeMap<RoomKey, &RoomTitle> = BTreeMap::new();
    for one in new {
        let room = (one.recording.app, one.recording.room.clone());
        let at = one.recording.requested_at;
        let first = first_seen.entry(room.clone()).or_insert(at);
        *first = at.min(*first);
        if !one.room_title.as_str().is_empty() {
            titles.insert(room, &one.room_title);
        }
    }
    let rooms: Vec<_> = first_seen
        .into_iter()
        .map(|((app, room), at)| (app, room, at))
        .collect();
    rooms::ensure_many(conn, &rooms).await?;
    let rows = titles.into_iter().map(|((app, room), title)| {
        let by_title = key(title.as_str());
        (app, room, title, by_title)
    });
    TITLE.execute(conn, rows).await
}

async fn insert_recordings(conn: &mut Conn, new: &[&Described]) -> Result<()> {
    static INSERT: Bulk = Bulk::built(|_| {
        format!(
            "INSERT INTO recordings ({COLUMNS}, title, notes, notes_at, notes_by) VALUES {{}}
             ON CONFLICT (id) DO NOTHING"
        )
    });
    static HISTORY: Bulk =
        Bulk::new("INSERT INTO history (recording_id, at, event, actor) VALUES {}");
    let rows = new.iter().map(|one| recording_values(one));
    INSERT.execute(conn, rows).await?;
    let tags = new.iter().flat_map(|one| {
        let tags = one.about.tags.as_slice().iter();
        tags.map(|tag| (one.recording.id, tag.key(), tag))
    });
    INSERT_TAGS.execute(conn, tags).await?;
    let mut begun = Vec::new();
    for one in new {
        let recording = &one.recording;
        let event = match recording.origin {
            Origin::Started => HistoryEvent::Requested,
            Origin::AutoRecorded => HistoryEvent::Found,
        };
        let (at, by) = (recording.requested_at, &recording.requested_by);
        begun.push((recording.id, at, json(&event)?, by));
    }
    HISTORY.execute(conn, begun).await
}

fn recording_values(one: &Described) -> impl Values {
    (
        recordings::values(&one.recording),
        (one.about.title.as_str(), one.about.notes.as_str()),
        one.noted.as_ref().map(|(at, _)| *at),
        one.noted.as_ref().map(|(_, by)| by),
    )
}

/// Inserts archived files. Their copies are due to be checked at once.
async fn insert_files(conn: &mut Conn, new: &[&File]) -> Result<()> {
    static INSERT: Bulk = Bulk::built(|_| {
        format!("INSERT INTO files ({INSERTED}, peaks) VALUES {{}} ON CONFLICT (id) DO NOTHING")
    });
    let rows = new.iter();
    let rows = rows.map(|file| (files::inserted_values(file), &file.peaks));
    INSERT.execute(conn, rows).await
}
