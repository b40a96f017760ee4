//! Loads the part of the world that calls touch.

use std::collections::{BTreeMap, BTreeSet};

use reelroom_domain::{
    file::{FileKind, FileState},
    ids::{AppId, FileId, RecordingId},
    ledger::Patience,
    meeting::RoomKey,
    recording::{Origin, Recording, RecordingState},
    room::{ParticipantId, RoomId},
    time::Timestamp,
    understanding::{
        AT_ONCE, FileCall, HeldFile, HeldRecording, ReadCall, Told, Version, World,
        gathered_around, window,
    },
    view::HistoryEvent,
};
use sqlx::any::AnyRow;

use super::meetings::{self, Needs};
use crate::{
    Conn, StoreError,
    bulk::{Bound, Bulk},
    engine::{Engine, text},
    files, recordings, rooms,
    row::{Columns, of},
};

/// Loads the world that these calls touch, and locks its rooms until the end of the transaction.
pub async fn load(
    conn: &mut Conn,
    now: Timestamp,
    patience: Patience,
    calls: &[ReadCall],
) -> Result<World, StoreError> {
    let mut world = World::new(now, patience);
    let files: Vec<(&ReadCall, &FileCall)> = calls
        .iter()
        .filter_map(|call| match &call.told {
            Told::File(file) => Some((call, &**file)),
            Told::Status(_) | Told::Nothing(_) => None,
        })
        .collect();
    let mut needs = Needs::of(calls);
    for (_, told) in &files {
        let apps = told.token.map(|(app, _)| app).into_iter();
        for app in apps.chain([told.app]) {
            world.rooms.entry((app, told.room.clone())).or_default();
        }
    }
    for key in needs.rooms.keys() {
        world.rooms.entry(key.clone()).or_default();
    }
    let keys: Vec<RoomKey> = world.rooms.keys().cloned().collect();
    rooms::hold(conn, &keys).await?;
    load_rooms(conn, &mut world, &keys).await?;
    load_assigned(conn, &mut world, &files).await?;
    load_named(conn, &mut world, &files).await?;
    load_candidates(conn, &mut world, calls, &files).await?;
    load_open(conn, &mut world, &keys).await?;
    load_files(conn, &mut world, &files).await?;
    load_counts(conn, &mut world).await?;
    for (call, told) in &files {
        let key = (told.app, told.room.clone());
        let (since, until) = window(&told.file, call.received_at);
        needs.meetings(&key, since, until);
        if told.file.kind == FileKind::Composite {
            // A person may assign it to a recording of another room.
            for id in possible(&world, told) {
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

async fn load_rooms(
    conn: &mut Conn,
    world: &mut World,
    keys: &[RoomKey],
) -> Result<(), StoreError> {
    static ROOMS: Bulk = Bulk::new(
        "WITH k (app_id, room) AS (VALUES ",
        2,
        ") SELECT r.app_id, r.room, CASE WHEN r.always_at IS NULL THEN 0 ELSE 1 END AS is_always_recorded
         FROM k CROSS JOIN rooms r WHERE r.app_id = k.app_id AND r.room = k.room",
    );
    let rows = ROOMS
        .fetch(conn, keys, |query, (app, room)| {
            query.bind(app.to_string()).bind(room.as_str().to_owned())
        })
        .await?;
    for row in &rows {
        let row = Columns::new(row, "rooms", "room");
        let room = world
            .rooms
            .entry((row.id("app_id")?, row.room("room")?))
            .or_default();
        room.is_stored = true;
        room.is_always_recorded = row.flag("is_always_recorded")?;
    }
    Ok(())
}

/// The recordings that people assigned earlier calls to that name the same room and file.
async fn load_assigned(
    conn: &mut Conn,
    world: &mut World,
    files: &[(&ReadCall, &FileCall)],
) -> Result<(), StoreError> {
    static ASSIGNED: Bulk = Bulk::new(
        "WITH k (room, file_name) AS (VALUES ",
        2,
        ") SELECT i.call_id, i.room, i.file_name, i.assigned_to FROM k CROSS JOIN inbox i
         WHERE i.room = k.room AND i.file_name = k.file_name AND i.assigned_to IS NOT NULL",
    );
    static ROOMS: Bulk = Bulk::new(
        "WITH k (room) AS (VALUES ",
        1,
        ") SELECT k.room FROM k WHERE EXISTS (SELECT 1 FROM inbox i
             WHERE i.room = k.room AND i.assigned_to IS NOT NULL)",
    );
    let rooms: BTreeSet<&RoomId> = files.iter().map(|(_, told)| &told.room).collect();
    let rooms: Vec<_> = rooms.into_iter().collect();
    let rows = ROOMS
        .fetch(conn, &rooms, |query, room| {
            query.bind(room.as_str().to_owned())
        })
        .await?;
    let mut with_any = BTreeSet::new();
    for row in &rows {
        with_any.insert(Columns::new(row, "inbox", "room").room("room")?);
    }
    let names: BTreeSet<(&RoomId, &str)> = files
        .iter()
        .filter(|(_, told)| with_any.contains(&told.room))
        .map(|(_, told)| (&told.room, told.file.name.as_str()))
        .collect();
    let names: Vec<_> = names.into_iter().collect();
    let rows = ASSIGNED
        .fetch(conn, &names, |query, (room, name)| {
            query.bind(room.as_str().to_owned()).bind(text(name))
        })
        .await?;
    let mut newest = BTreeMap::new();
    for row in &rows {
        let row = Columns::new(row, "inbox", "assigned_to");
        let key = (row.room("room")?, row.text("file_name")?);
        newest.insert((row.int("call_id")?, key), row.id("assigned_to")?);
    }
    for ((_, key), recording) in newest {
        world.assigned.insert(key, recording);
    }
    Ok(())
}

/// The recordings that calls name, by token or because a person said so.
async fn load_named(
    conn: &mut Conn,
    world: &mut World,
    files: &[(&ReadCall, &FileCall)],
) -> Result<(), StoreError> {
    let mut ids: BTreeSet<RecordingId> = world.assigned.values().copied().collect();
    for (_, told) in files {
        let token = told.token.map(|(_, id)| id);
        ids.extend(token.into_iter().chain(told.assigned_to).chain(told.before));
    }
    load_recordings(conn, world, &ids.into_iter().collect::<Vec<_>>()).await
}

/// The statement over recordings that a list of keys finds.
fn recordings_of(keys: &str, rows: &str, condition: &str) -> String {
    format!(
        "WITH k ({keys}) AS (VALUES {rows}) SELECT {}, r.meeting_id
         FROM k CROSS JOIN recordings r WHERE {condition}",
        of("r", recordings::COLUMNS)
    )
}

async fn load_recordings(
    conn: &mut Conn,
    world: &mut World,
    ids: &[RecordingId],
) -> Result<(), StoreError> {
    static BY_ID: Bulk = Bulk::built(1, |_, rows| recordings_of("id", rows, "r.id = k.id"));
    let rows = BY_ID
        .fetch(conn, ids, |query, id| query.bind(id.to_string()))
        .await?;
    hold(world, &rows)
}

fn hold(world: &mut World, rows: &[AnyRow]) -> Result<(), StoreError> {
    for row in rows {
        let recording = recordings::read(row)?;
        let meeting = Columns::new(row, "recordings", "id").opt_id("meeting_id")?;
        world.hold(HeldRecording::stored(recording, meeting));
    }
    Ok(())
}

/// The recordings that files without a token may belong to, and those that a meeting may gather.
async fn load_candidates(
    conn: &mut Conn,
    world: &mut World,
    calls: &[ReadCall],
    files: &[(&ReadCall, &FileCall)],
) -> Result<(), StoreError> {
    static CANDIDATES: Bulk = Bulk::built(4, |_, rows| {
        recordings_of(
            "app_id, room, since, until",
            rows,
            "r.app_id = k.app_id AND r.room = k.room AND r.requested_at BETWEEN k.since AND k.until",
        )
    });
    let mut windows: BTreeMap<RoomKey, Vec<(Timestamp, Timestamp)>> = BTreeMap::new();
    for (call, told) in files {
        let key = (told.app, told.room.clone());
        let window = window(&told.file, call.received_at);
        windows.entry(key).or_default().push(window);
    }
    for call in calls {
        if let Told::Status(told) = &call.told {
            let window = gathered_around(call.received_at);
            for room in &told.rooms {
                let key = (told.app, room.clone());
                windows.entry(key).or_default().push(window);
            }
        }
    }
    let mut rows = Vec::new();
    for (key, windows) in windows {
        for window in merged(windows) {
            rows.push((key.clone(), window));
        }
    }
    let rows = CANDIDATES
        .fetch(conn, &rows, |query, ((app, room), (since, until))| {
            query
                .bind(app.to_string())
                .bind(room.as_str().to_owned())
                .bind(since.as_millis())
                .bind(until.as_millis())
        })
        .await?;
    hold(world, &rows)
}

/// The same times, each once.
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

/// The recordings that take the rooms, and those that wait for files there.
async fn load_open(conn: &mut Conn, world: &mut World, keys: &[RoomKey]) -> Result<(), StoreError> {
    static OPEN: Bulk = Bulk::built(2, |_, rows| {
        recordings_of(
            "app_id, room",
            rows,
            "r.app_id = k.app_id AND r.room = k.room AND (r.state IN ('requested', 'recording', 'stopping', 'unknown') OR r.state IN ('awaiting_files', 'overdue'))",
        )
    });
    let rows = OPEN
        .fetch(conn, keys, |query, (app, room)| {
            query.bind(app.to_string()).bind(room.as_str().to_owned())
        })
        .await?;
    hold(world, &rows)
}

const FILE: &str = "id, recording_id, kind, media, participant, name, size, length_ms, started_at,
    ended_at, url, state, version, call_id, announced_at, looked_up";

fn held_file(row: &AnyRow) -> Result<HeldFile, StoreError> {
    let announced = files::read_announcement(row)?;
    let row = Columns::new(row, "files", "id");
    Ok(HeldFile {
        id: row.id("id")?,
        recording: row.id("recording_id")?,
        announced,
        state: row.word("state", FileState::parse)?,
        version: row.count("version")?,
        call: row.opt_call("call_id")?,
        announced_at: row.time("announced_at")?,
        looked_up: row.flag("looked_up")?,
        versions: Vec::new(),
        is_stored: true,
        is_changed: false,
        is_renewed: false,
        is_moved: false,
        joined_into: None,
    })
}

/// The statement over files that a list of keys finds; PostgreSQL locks their rows, since the fetch
/// job changes them too.
fn files_of(engine: Engine, keys: &str, rows: &str, condition: &str) -> String {
    format!(
        "WITH k ({keys}) AS (VALUES {rows}) SELECT {} FROM k CROSS JOIN files f
         WHERE {condition}{}",
        of("f", FILE),
        engine.lock_rows("f")
    )
}

/// Files at a place of a room. The first lines are there for the index, which has no room for
/// addresses of any length.
fn files_at(engine: Engine, rows: &str, condition: &str) -> String {
    let condition = format!(
        "substr(f.url, 1, 400) >= substr(k.place, 1, 400)
             AND substr(f.url, 1, 400) < substr(k.place, 1, 400) || '@'
             AND (f.url = k.place OR (f.url >= k.place || '?' AND f.url < k.place || '@'))
             AND EXISTS (SELECT 1 FROM recordings r WHERE r.id = f.recording_id
                 AND r.app_id = k.app_id AND r.room = k.room){condition}"
    );
    files_of(engine, "app_id, room, place", rows, &condition)
}

/// Files of a name in a recording, of any kind.
fn files_named(engine: Engine, rows: &str, condition: &str) -> String {
    let condition = format!("f.recording_id = k.recording_id AND f.name = k.name{condition}");
    files_of(engine, "recording_id, name", rows, &condition)
}

/// The files that calls may announce again.
async fn load_files(
    conn: &mut Conn,
    world: &mut World,
    files: &[(&ReadCall, &FileCall)],
) -> Result<(), StoreError> {
    static NAMED: Bulk = Bulk::built(4, |engine, rows| {
        files_of(
            engine,
            "recording_id, kind, participant, name",
            rows,
            "f.recording_id = k.recording_id AND f.kind = k.kind
                 AND f.participant = k.participant AND f.name = k.name",
        )
    });
    let mut keys = BTreeSet::new();
    for (_, told) in files {
        let file = &told.file;
        for id in possible(world, told) {
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
    let keys: Vec<_> = keys.into_iter().collect();
    let rows = NAMED
        .fetch(conn, &keys, |query, (id, kind, who, name)| {
            let who = who.as_ref().map_or("", ParticipantId::as_str);
            query
                .bind(id.to_string())
                .bind(kind.as_str())
                .bind(who.to_owned())
                .bind(name.clone())
        })
        .await?;
    for row in &rows {
        world.hold_file(held_file(row)?);
    }
    load_versions(conn, world).await
}

/// The files at the places of those that calls announce, with their recordings: those that look-ups
/// found, and for a look-up's own call any.
async fn load_files_at(
    conn: &mut Conn,
    world: &mut World,
    files: &[(&ReadCall, &FileCall)],
) -> Result<Vec<AnyRow>, StoreError> {
    static LOOKED_UP: Bulk = Bulk::built(3, |engine, rows| {
        files_at(engine, rows, " AND f.looked_up = 1")
    });
    static ANY: Bulk = Bulk::built(3, |engine, rows| files_at(engine, rows, ""));
    let place = |(_, told): &(&ReadCall, &FileCall)| {
        let app = told.token.map_or(told.app, |(app, _)| app);
        (app, told.room.clone(), told.file.place().to_owned())
    };
    let bind = |query: Bound, (app, room, place): &(AppId, RoomId, String)| {
        query
            .bind(app.to_string())
            .bind(room.as_str().to_owned())
            .bind(place.clone())
    };
    let has_place = |(_, told): &&(&ReadCall, &FileCall)| !told.file.place().is_empty();
    let places: BTreeSet<_> = files.iter().filter(has_place).map(place).collect();
    let places: Vec<_> = places.into_iter().collect();
    let mut rows = LOOKED_UP.fetch(conn, &places, bind).await?;
    let listed = files.iter().filter(has_place);
    let listed = listed.filter(|(_, told)| told.looked_up);
    let listed: Vec<_> = listed.map(place).collect();
    rows.extend(ANY.fetch(conn, &listed, bind).await?);
    let mut unknown = BTreeSet::new();
    for row in &rows {
        let owner: RecordingId = Columns::new(row, "files", "id").id("recording_id")?;
        if !world.recordings.contains_key(&owner) {
            unknown.insert(owner);
        }
    }
    load_recordings(conn, world, &unknown.into_iter().collect::<Vec<_>>()).await?;
    Ok(rows)
}

/// The files of the same names that look-ups found, and for a look-up's own call any.
async fn load_guesses(
    conn: &mut Conn,
    world: &mut World,
    files: &[(&ReadCall, &FileCall)],
) -> Result<Vec<AnyRow>, StoreError> {
    static LOOKED_UP: Bulk = Bulk::built(2, |engine, rows| {
        files_named(engine, rows, " AND f.looked_up = 1")
    });
    static ANY: Bulk = Bulk::built(2, |engine, rows| files_named(engine, rows, ""));
    static WITH_ANY: Bulk = Bulk::new(
        "WITH k (id) AS (VALUES ",
        1,
        ") SELECT k.id FROM k WHERE EXISTS (SELECT 1 FROM files f
             WHERE f.recording_id = k.id AND f.looked_up = 1)",
    );
    let mut all = BTreeSet::new();
    for (_, told) in files {
        all.extend(possible(world, told));
    }
    let ids: Vec<RecordingId> = all.iter().copied().collect();
    let rows = WITH_ANY
        .fetch(conn, &ids, |query, id| query.bind(id.to_string()))
        .await?;
    let mut with_guesses = BTreeSet::new();
    for row in &rows {
        with_guesses.insert(Columns::new(row, "files", "id").id("id")?);
    }
    let names = |looked_up: bool, of: &BTreeSet<RecordingId>| {
        let mut names = BTreeSet::new();
        for (_, told) in files.iter().filter(|(_, told)| told.looked_up == looked_up) {
            let ids = possible(world, told).into_iter();
            let ids = ids.filter(|id| of.contains(id));
            names.extend(ids.map(|id| (id, told.file.name.clone())));
        }
        names.into_iter().collect::<Vec<_>>()
    };
    let (announced, listed) = (names(false, &with_guesses), names(true, &all));
    let bind = |query: Bound, (id, name): &(RecordingId, String)| {
        query.bind(id.to_string()).bind(name.clone())
    };
    let mut rows = LOOKED_UP.fetch(conn, &announced, bind).await?;
    if !listed.is_empty() {
        rows.extend(ANY.fetch(conn, &listed, bind).await?);
        let recordings: Vec<RecordingId> = world.recordings.keys().copied().collect();
        load_look_ups(conn, world, &recordings).await?;
    }
    Ok(rows)
}

fn recordings_of_room(world: &World, key: Option<RoomKey>) -> Vec<RecordingId> {
    let room = key.and_then(|key| world.rooms.get(&key));
    room.map_or_else(Vec::new, |room| room.recordings.iter().copied().collect())
}

/// The recordings that the file of a call may belong to, of those that were loaded, and all with
/// which these may be joined.
fn possible(world: &World, told: &FileCall) -> BTreeSet<RecordingId> {
    let token = told.token.map(|(_, id)| id);
    let assigned = world
        .assigned
        .get(&(told.room.clone(), told.file.name.clone()))
        .copied();
    let named = token.into_iter().chain(told.assigned_to).chain(told.before);
    let mut ids: BTreeSet<RecordingId> = named.chain(assigned).collect();
    let key = (told.app, told.room.clone());
    ids.extend(recordings_of_room(world, Some(key)));
    ids
}

async fn load_versions(conn: &mut Conn, world: &mut World) -> Result<(), StoreError> {
    static VERSIONS: Bulk = Bulk::new(
        "WITH k (file_id) AS (VALUES ",
        1,
        ") SELECT v.file_id, v.version, v.call_id, v.size, v.length_ms, v.started_at, v.ended_at,
             v.url, v.replaced_at
         FROM k CROSS JOIN file_versions v WHERE v.file_id = k.file_id ORDER BY v.version",
    );
    let ids: Vec<FileId> = world.files().iter().map(|file| file.id).collect();
    let rows = VERSIONS
        .fetch(conn, &ids, |query, id| query.bind(id.to_string()))
        .await?;
    for row in &rows {
        let row = Columns::new(row, "file_versions", "file_id");
        let version = Version {
            version: row.count("version")?,
            call: row.opt_call("call_id")?,
            size: row.opt_size("size")?,
            length_ms: row.opt_int("length_ms")?,
            started_at: row.opt_time("started_at")?,
            ended_at: row.opt_time("ended_at")?,
            url: row.text("url")?,
            replaced_at: row.time("replaced_at")?,
            is_stored: true,
        };
        world.hold_version(row.id("file_id")?, version);
    }
    Ok(())
}

/// When look-ups last found files of recordings, as far as that matters.
async fn load_look_ups(
    conn: &mut Conn,
    world: &mut World,
    recordings: &[RecordingId],
) -> Result<(), StoreError> {
    static LINES: Bulk = Bulk::new(
        "WITH k (recording_id, since) AS (VALUES ",
        2,
        ") SELECT h.recording_id, h.at, h.event FROM k CROSS JOIN history h
         WHERE h.recording_id = k.recording_id AND h.at > k.since ORDER BY h.id",
    );
    let since = world.now.plus_millis(-AT_ONCE).as_millis();
    let rows = LINES
        .fetch(conn, recordings, |query, id| {
            query.bind(id.to_string()).bind(since)
        })
        .await?;
    for row in &rows {
        let row = Columns::new(row, "history", "recording_id");
        let event: HistoryEvent = row.word("event", |text| serde_json::from_str(text).ok())?;
        if event == HistoryEvent::LookedUp
            && let Some(held) = world.recordings.get_mut(&row.id("recording_id")?)
        {
            held.looked_up_at = row.opt_time("at")?;
        }
    }
    Ok(())
}

/// The files of started recordings that are not ready, counted, and whose tracks they wait for.
async fn load_counts(conn: &mut Conn, world: &mut World) -> Result<(), StoreError> {
    static COUNTS: Bulk = Bulk::new(
        "WITH k (recording_id) AS (VALUES ",
        1,
        ") SELECT f.recording_id, f.kind, f.participant, COUNT(*) AS n
         FROM k CROSS JOIN files f WHERE f.recording_id = k.recording_id
         GROUP BY f.recording_id, f.kind, f.participant",
    );
    static EXPECTED: Bulk = Bulk::new(
        "WITH k (recording_id) AS (VALUES ",
        1,
        ") SELECT e.recording_id, e.participant FROM k CROSS JOIN expected_tracks e
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
    let bind = |query: Bound, id: &RecordingId| query.bind(id.to_string());
    for row in &COUNTS.fetch(conn, &ids, bind).await? {
        let row = Columns::new(row, "files", "recording_id");
        let key = (
            row.word("kind", FileKind::parse)?,
            row.opt_person("participant")?,
        );
        if let Some(held) = world.recordings.get_mut(&row.id("recording_id")?) {
            held.files.insert(key, row.count("n")?);
        }
    }
    for row in &EXPECTED.fetch(conn, &ids, bind).await? {
        let row = Columns::new(row, "expected_tracks", "recording_id");
        if let (Some(held), Some(who)) = (
            world.recordings.get_mut(&row.id("recording_id")?),
            row.opt_person("participant")?,
        ) {
            held.expected.push(who);
        }
    }
    Ok(())
}
