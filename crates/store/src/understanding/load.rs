//! Loads the part of the world that calls touch.

use std::collections::{BTreeMap, BTreeSet};

use reelroom_domain::{
    file::FileKind,
    ids::{AppId, CallId, RecordingId},
    ledger::Patience,
    meeting::RoomKey,
    recording::{Origin, Recording, RecordingState},
    room::RoomId,
    time::Timestamp,
    understanding::{
        AT_ONCE, FileCall, HeldRecording, Meaning, ReadCall, World, gathered_around, window,
    },
    view::HistoryEvent,
};
use sqlx::any::AnyRow;

use super::{
    meetings::{self, Needs},
    takes::{FileKey, files_by, files_of, held_file, load_files_named},
};
use crate::{
    Conn, Result,
    bulk::Bulk,
    engine::Engine,
    holds, recordings, rooms,
    row::{Columns, of},
    value::ACTIVE,
};

/// Loads the world that these calls touch, and locks its rooms until the end of the transaction.
pub async fn load(
    conn: &mut Conn,
    now: Timestamp,
    patience: Patience,
    calls: &[ReadCall],
) -> Result<World> {
    let mut world = World::new(now, patience);
    let files: Vec<(&ReadCall, &FileCall)> = calls
        .iter()
        .filter_map(|call| match &call.meaning {
            Meaning::File(file) => Some((call, &**file)),
            Meaning::Status(_) | Meaning::Nothing(_) => None,
        })
        .collect();
    let mut needs = Needs::of(calls);
    for (_, meaning) in &files {
        let apps = meaning.token.map(|(app, _)| app).into_iter();
        for app in apps.chain([meaning.app]) {
            world.rooms.entry((app, meaning.room.clone())).or_default();
        }
    }
    for key in needs.rooms.keys() {
        world.rooms.entry(key.clone()).or_default();
    }
    let keys: Vec<RoomKey> = world.rooms.keys().cloned().collect();
    rooms::lock(conn, &keys).await?;
    load_rooms(conn, &mut world, &keys).await?;
    load_candidates(conn, &mut world, calls, &files).await?;
    load_assigned(conn, &mut world, &files).await?;
    load_named(conn, &mut world, &files).await?;
    load_open(conn, &mut world, &needs.status_rooms()).await?;
    load_files(conn, &mut world, &files).await?;
    load_holds(conn, &mut world, &files).await?;
    load_counts(conn, &mut world, &files).await?;
    for (call, meaning) in &files {
        let key = (meaning.app, meaning.room.clone());
        let (since, until) = window(&meaning.file, call.received_at);
        needs.meetings(&key, since, until);
        if meaning.file.kind == FileKind::Composite {
            // A person may assign it to a recording of another room.
            for id in possible(&world, meaning) {
                needs.people(&world, id, |recording| recording.state.is_active());
            }
        }
    }
    for key in needs.status_rooms() {
        for id in recordings_of_room(&world, Some(key)) {
            needs.people(&world, id, Recording::awaits_files);
        }
    }
    meetings::load(conn, &mut world, &needs).await?;
    Ok(world)
}

async fn load_rooms(conn: &mut Conn, world: &mut World, keys: &[RoomKey]) -> Result<()> {
    static ROOMS: Bulk = Bulk::new(
        "WITH k (app_id, room) AS (VALUES {})
         SELECT r.app_id, r.room,
             CASE WHEN r.always_at IS NULL THEN 0 ELSE 1 END AS is_always_recorded
         FROM k CROSS JOIN rooms r WHERE r.app_id = k.app_id AND r.room = k.room",
    );
    for row in &ROOMS.fetch(conn, keys).await? {
        let row = Columns::new(row, "rooms", "room");
        let room = world
            .rooms
            .entry((row.get("app_id")?, row.get("room")?))
            .or_default();
        room.is_stored = true;
        room.is_always_recorded = row.get("is_always_recorded")?;
    }
    Ok(())
}

/// The recordings that people assigned earlier calls to that name the same room and file.
async fn load_assigned(
    conn: &mut Conn,
    world: &mut World,
    files: &[(&ReadCall, &FileCall)],
) -> Result<()> {
    static ASSIGNED: Bulk = Bulk::new(
        "WITH k (room, file_name) AS (VALUES {})
         SELECT i.call_id, i.room, i.file_name, i.assigned_to FROM k CROSS JOIN inbox i
         WHERE i.room = k.room AND i.file_name = k.file_name AND i.assigned_to IS NOT NULL",
    );
    let names: BTreeSet<(&RoomId, &str)> = files
        .iter()
        .map(|(_, meaning)| (&meaning.room, meaning.file.name.as_str()))
        .collect();
    let mut newest = BTreeMap::new();
    for row in &ASSIGNED.fetch(conn, names).await? {
        let row = Columns::new(row, "inbox", "assigned_to");
        let key = (row.get("room")?, row.get("file_name")?);
        newest.insert(
            (row.get::<CallId>("call_id")?, key),
            row.get("assigned_to")?,
        );
    }
    for ((_, key), recording) in newest {
        world.assigned.insert(key, recording);
    }
    Ok(())
}

/// The recordings that calls name by token, or that a person assigned them to, unless they are loaded.
async fn load_named(
    conn: &mut Conn,
    world: &mut World,
    files: &[(&ReadCall, &FileCall)],
) -> Result<()> {
    let mut ids: BTreeSet<RecordingId> = world.assigned.values().copied().collect();
    for (_, meaning) in files {
        let token = meaning.token.map(|(_, id)| id);
        ids.extend(
            token
                .into_iter()
                .chain(meaning.assigned_to)
                .chain(meaning.before),
        );
    }
    ids.retain(|id| !world.recordings.contains_key(id));
    load_recordings(conn, world, ids).await
}

/// The statement that finds recordings by a list of keys.
fn recordings_of(keys: &str, condition: &str) -> String {
    format!(
        "WITH k ({keys}) AS (VALUES {{}})
         SELECT {}, r.meeting_id, r.keep
         FROM k CROSS JOIN recordings r WHERE {condition}",
        of("r", recordings::COLUMNS)
    )
}

async fn load_recordings(
    conn: &mut Conn,
    world: &mut World,
    ids: BTreeSet<RecordingId>,
) -> Result<()> {
    static BY_ID: Bulk = Bulk::built(|_| recordings_of("id", "r.id = k.id"));
    hold(world, &BY_ID.fetch(conn, ids).await?)
}

fn hold(world: &mut World, rows: &[AnyRow]) -> Result<()> {
    for row in rows {
        let recording = recordings::read(row)?;
        let row = Columns::new(row, "recordings", "id");
        let (meeting, keep) = (row.get("meeting_id")?, row.get("keep")?);
        world.hold(HeldRecording::stored(recording, meeting, keep));
    }
    Ok(())
}

/// The recordings that files without a token may belong to, and those that a meeting may gather.
async fn load_candidates(
    conn: &mut Conn,
    world: &mut World,
    calls: &[ReadCall],
    files: &[(&ReadCall, &FileCall)],
) -> Result<()> {
    static CANDIDATES: Bulk = Bulk::built(|_| {
        recordings_of(
            "app_id, room, since, until",
            "r.app_id = k.app_id AND r.room = k.room
                 AND r.requested_at BETWEEN k.since AND k.until",
        )
    });
    let mut windows: BTreeMap<RoomKey, Vec<(Timestamp, Timestamp)>> = BTreeMap::new();
    for (call, meaning) in files {
        let key = (meaning.app, meaning.room.clone());
        let window = window(&meaning.file, call.received_at);
        windows.entry(key).or_default().push(window);
    }
    for call in calls {
        if let Meaning::Status(meaning) = &call.meaning {
            let window = gathered_around(call.received_at);
            for room in &meaning.rooms {
                let key = (meaning.app, room.clone());
                windows.entry(key).or_default().push(window);
            }
        }
    }
    let keys = windows.iter().flat_map(|(key, windows)| {
        let windows = merged(windows.clone()).into_iter();
        windows.map(move |window| (key, window))
    });
    hold(world, &CANDIDATES.fetch(conn, keys).await?)
}

/// The union of windows, in order.
fn merged(mut windows: Vec<(Timestamp, Timestamp)>) -> Vec<(Timestamp, Timestamp)> {
    windows.sort_unstable();
    let mut merged: Vec<(Timestamp, Timestamp)> = Vec::new();
    for (since, until) in windows {
        match merged.last_mut() {
            Some((_, end)) if since <= *end => *end = until.max(*end),
            _ => merged.push((since, until)),
        }
    }
    merged
}

/// The recordings that status calls of these rooms may change whenever they were requested: active ones, and
/// started ones that await files. Each kind has an index that holds no others.
async fn load_open(conn: &mut Conn, world: &mut World, keys: &[RoomKey]) -> Result<()> {
    static OPEN: Bulk = Bulk::built(|_| {
        let columns = of("r", recordings::COLUMNS);
        let those = |condition: &str| {
            format!(
                "SELECT {columns}, r.meeting_id, r.keep FROM k CROSS JOIN recordings r
                 WHERE r.app_id = k.app_id AND r.room = k.room AND {condition}"
            )
        };
        format!(
            "WITH k (app_id, room) AS (VALUES {{}}) {} UNION ALL {}",
            those(&format!("r.{ACTIVE}")),
            those("r.state IN ('awaiting_files', 'overdue') AND r.origin = 'started'")
        )
    });
    hold(world, &OPEN.fetch(conn, keys).await?)
}

/// Files at a place of a room. The first lines use the index, which holds the beginning of an address.
fn files_at(engine: Engine, index: &str, condition: &str) -> String {
    let condition = format!(
        "substr(f.url, 1, 400) >= substr(k.place, 1, 400)
             AND substr(f.url, 1, 400) < substr(k.place, 1, 400) || '@'
             AND (f.url = k.place OR (f.url >= k.place || '?' AND f.url < k.place || '@'))
             AND EXISTS (SELECT 1 FROM recordings r WHERE r.id = f.recording_id
                 AND r.app_id = k.app_id AND r.room = k.room){condition}"
    );
    files_by(engine, "app_id, room, place", index, &condition)
}

/// Files at a place of a room that look-ups found. For many places SQLite would otherwise read the whole table to make
/// an index of its own.
pub(crate) fn looked_up_at(engine: Engine) -> String {
    let index = engine.indexed_by("files_looked_up_by_url");
    files_at(engine, &index, " AND f.looked_up = 1")
}

/// The files that calls may announce again.
async fn load_files(
    conn: &mut Conn,
    world: &mut World,
    files: &[(&ReadCall, &FileCall)],
) -> Result<()> {
    let mut keys: BTreeSet<FileKey> = BTreeSet::new();
    for (_, meaning) in files {
        let file = &meaning.file;
        for id in possible(world, meaning) {
            keys.insert((id, file.kind, file.participant.clone(), file.name.clone()));
        }
    }
    let mut rows = load_files_at(conn, world, files).await?;
    rows.extend(load_guesses(conn, world, files).await?);
    for row in &rows {
        let file = held_file(row)?;
        // A recording that is joined with its own may have the same file.
        let owner = world.recordings.get(&file.recording);
        let room = owner.map(|held| (held.recording.app, held.recording.room.clone()));
        for id in recordings_of_room(world, room) {
            let known = file.announced.clone();
            keys.insert((id, known.kind, known.participant, known.name));
        }
        world.hold_file(file);
    }
    load_files_named(conn, world, &keys).await
}

/// The files at the places of those that calls announce, with their recordings: those that look-ups
/// found, and for a look-up's own call any.
async fn load_files_at(
    conn: &mut Conn,
    world: &mut World,
    files: &[(&ReadCall, &FileCall)],
) -> Result<Vec<AnyRow>> {
    static LOOKED_UP: Bulk = Bulk::built(looked_up_at);
    static ANY: Bulk = Bulk::built(|engine| files_at(engine, "", ""));
    fn place<'a>((_, meaning): &(&ReadCall, &'a FileCall)) -> (AppId, &'a RoomId, &'a str) {
        let app = meaning.token.map_or(meaning.app, |(app, _)| app);
        (app, &meaning.room, meaning.file.place())
    }
    let has_place = |(_, meaning): &&(&ReadCall, &FileCall)| !meaning.file.place().is_empty();
    let places: BTreeSet<_> = files.iter().filter(has_place).map(place).collect();
    let mut rows = LOOKED_UP.fetch(conn, places).await?;
    let listed = files.iter().filter(has_place);
    let listed = listed.filter(|(_, meaning)| meaning.looked_up);
    rows.extend(ANY.fetch(conn, listed.map(place)).await?);
    let mut unknown = BTreeSet::new();
    for row in &rows {
        let owner: RecordingId = Columns::new(row, "files", "id").get("recording_id")?;
        if !world.recordings.contains_key(&owner) {
            unknown.insert(owner);
        }
    }
    load_recordings(conn, world, unknown).await?;
    Ok(rows)
}

/// The files of the same names that look-ups found, and for a look-up's own call any.
async fn load_guesses(
    conn: &mut Conn,
    world: &mut World,
    files: &[(&ReadCall, &FileCall)],
) -> Result<Vec<AnyRow>> {
    static LOOKED_UP: Bulk = Bulk::built(|engine| {
        let condition = "f.recording_id = k.recording_id AND f.looked_up = 1";
        files_of(engine, "recording_id", condition)
    });
    static ANY: Bulk = Bulk::built(|engine| {
        let condition = "f.recording_id = k.recording_id AND f.name = k.name";
        files_of(engine, "recording_id, name", condition)
    });
    let names = |which: fn(&FileCall) -> bool| {
        let mut names = BTreeSet::new();
        for (_, meaning) in files.iter().filter(|(_, meaning)| which(meaning)) {
            let ids = possible(world, meaning).into_iter();
            names.extend(ids.map(|id| (id, &meaning.file.name)));
        }
        names
    };
    let (announced, listed) = (
        names(|meaning| !meaning.looked_up),
        names(|meaning| meaning.looked_up),
    );
    let mut rows = Vec::new();
    // Most recordings have no such file: one key a recording is less than one a name.
    let ids: BTreeSet<RecordingId> = announced.iter().map(|(id, _)| *id).collect();
    for row in LOOKED_UP.fetch(conn, ids).await? {
        let file = Columns::new(&row, "files", "id");
        let (id, name): (RecordingId, String) = (file.get("recording_id")?, file.get("name")?);
        if announced.contains(&(id, &name)) {
            rows.push(row);
        }
    }
    if !listed.is_empty() {
        rows.extend(ANY.fetch(conn, listed).await?);
        load_look_ups(conn, world).await?;
    }
    Ok(rows)
}

fn recordings_of_room(world: &World, key: Option<RoomKey>) -> Vec<RecordingId> {
    let room = key.and_then(|key| world.rooms.get(&key));
    room.map_or_else(Vec::new, |room| room.recordings.iter().copied().collect())
}

/// The loaded recordings that the file of a call may belong to, and all with which these may be joined.
fn possible(world: &World, meaning: &FileCall) -> BTreeSet<RecordingId> {
    let token = meaning.token.map(|(_, id)| id);
    let assigned = world
        .assigned
        .get(&(meaning.room.clone(), meaning.file.name.clone()))
        .copied();
    let named = token
        .into_iter()
        .chain(meaning.assigned_to)
        .chain(meaning.before);
    let mut ids: BTreeSet<RecordingId> = named.chain(assigned).collect();
    let key = (meaning.app, meaning.room.clone());
    ids.extend(recordings_of_room(world, Some(key)));
    ids
}

/// When look-ups last found files of recordings, within [`AT_ONCE`].
async fn load_look_ups(conn: &mut Conn, world: &mut World) -> Result<()> {
    static LINES: Bulk = Bulk::new(
        "WITH k (recording_id, since) AS (VALUES {})
         SELECT h.recording_id, h.at, h.event FROM k CROSS JOIN history h
         WHERE h.recording_id = k.recording_id AND h.at > k.since ORDER BY h.id",
    );
    let since = world.now.plus_millis(-AT_ONCE);
    let recordings = world.recordings.keys().map(|id| (id, since));
    for row in &LINES.fetch(conn, recordings).await? {
        let row = Columns::new(row, "history", "recording_id");
        let event: HistoryEvent = row.json("event")?;
        if event == HistoryEvent::LookedUp
            && let Some(held) = world.recordings.get_mut(&row.get("recording_id")?)
        {
            held.looked_up_at = row.get("at")?;
        }
    }
    Ok(())
}

/// Loads which of the recordings are on hold. It matters only for files that look-ups found, which are rare.
async fn load_holds(
    conn: &mut Conn,
    world: &mut World,
    files: &[(&ReadCall, &FileCall)],
) -> Result<()> {
    let is_found = world.files().iter().any(|file| file.looked_up)
        || files.iter().any(|(_, meaning)| meaning.looked_up);
    if is_found {
        let ids: Vec<RecordingId> = world.recordings.keys().copied().collect();
        world.on_hold.extend(holds::of_many(conn, &ids).await?);
    }
    Ok(())
}

/// The takes of started recordings that are not ready, counted, and whose tracks they wait for. Takes are
/// only counted where there is a composite, or these calls may bring one: no other recording can become
/// complete.
async fn load_counts(
    conn: &mut Conn,
    world: &mut World,
    files: &[(&ReadCall, &FileCall)],
) -> Result<()> {
    static COUNTS: Bulk = Bulk::new(
        "WITH k (recording_id, gets_composite) AS (VALUES {})
         SELECT f.recording_id, f.kind, f.participant, COUNT(*) AS n
         FROM k CROSS JOIN files f WHERE f.recording_id = k.recording_id AND f.id = f.take
             AND (k.gets_composite = 1 OR EXISTS (SELECT 1 FROM files c
                 WHERE c.recording_id = k.recording_id AND c.kind = 'composite'))
         GROUP BY f.recording_id, f.kind, f.participant",
    );
    static EXPECTED: Bulk = Bulk::new(
        "WITH k (recording_id) AS (VALUES {})
         SELECT e.recording_id, e.participant FROM k CROSS JOIN expected_tracks e
         WHERE e.recording_id = k.recording_id ORDER BY e.participant",
    );
    let waits = |recording: &Recording| {
        recording.origin == Origin::Started && recording.state != RecordingState::Ready
    };
    let recordings = world.recordings.values();
    let ids: Vec<RecordingId> = recordings
        .filter(|held| waits(&held.recording))
        .map(|held| held.recording.id)
        .collect();
    let composites = files.iter().map(|(_, meaning)| *meaning);
    let composites = composites.filter(|meaning| meaning.file.kind == FileKind::Composite);
    let get_composite: BTreeSet<RecordingId> = composites
        .flat_map(|meaning| possible(world, meaning))
        .collect();
    let counted = ids.iter().map(|id| (id, get_composite.contains(id)));
    for row in &COUNTS.fetch(conn, counted).await? {
        let row = Columns::new(row, "files", "recording_id");
        let key = (row.get("kind")?, row.participant("participant")?);
        if let Some(held) = world.recordings.get_mut(&row.get("recording_id")?) {
            held.files.insert(key, row.get("n")?);
        }
    }
    for row in &EXPECTED.fetch(conn, &ids).await? {
        let row = Columns::new(row, "expected_tracks", "recording_id");
        if let (Some(held), Some(who)) = (
            world.recordings.get_mut(&row.get("recording_id")?),
            row.participant("participant")?,
        ) {
            held.expected.push(who);
        }
    }
    Ok(())
}
