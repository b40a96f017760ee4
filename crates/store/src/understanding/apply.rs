//! Writes a decision.

use std::collections::BTreeSet;

use reelroom_domain::{
    callback::Understood,
    ids::{MeetingId, RecordingId},
    meeting::{Meeting, RoomKey, Stay},
    room::ParticipantId,
    time::Timestamp,
    understanding::{HeldMeeting, HeldRecording, Join, Room, World},
};

use super::takes::{move_all, write_files};
use crate::{
    Conn, Result, about,
    bulk::Bulk,
    calls::Call,
    engine::json,
    inbox,
    query::execute,
    recordings::{self, keep},
    rooms, seen, stale,
    value::or_empty,
};

/// Writes the decision about these calls.
pub async fn apply(conn: &mut Conn, world: &World, calls: &[(&Call, Understood)]) -> Result<()> {
    insert_rooms(conn, world).await?;
    write_meetings(conn, world).await?;
    write_recordings(conn, world).await?;
    write_files(conn, world).await?;
    inbox::record(conn, world.now, calls).await?;
    for join in world.joins.iter().filter(|join| join.is_stored) {
        let into = world.current(join.into);
        join_stored(conn, Join { into, ..*join }, world.now).await?;
    }
    write_history(conn, world).await?;
    for id in &world.emptied {
        recordings::remove_found_without_files(conn, *id).await?;
    }
    stale::mark(conn, &listed_anew(world)).await?;
    rooms::update_facts(conn, &touched(world)).await
}

/// The recordings whose rows of the library's index may change: those that changed, those of changed files, and those
/// of meetings whose participants changed.
fn listed_anew(world: &World) -> Vec<RecordingId> {
    let mut ids = BTreeSet::new();
    for (id, held) in &world.recordings {
        let has_new_people = || {
            let rooms = world.rooms.values();
            let new = rooms.flat_map(|room| room.stays.difference(&room.stored_stays));
            held.meeting
                .is_some_and(|meeting| new.into_iter().any(|(of, _)| *of == meeting))
        };
        if held.is_changed || held.is_expected_changed || has_new_people() {
            ids.insert(*id);
        }
    }
    let files = world.files().iter();
    let changed =
        files.filter(|file| file.is_changed || !file.is_stored || file.joined_into.is_some());
    ids.extend(changed.map(|file| file.recording));
    ids.extend(
        world
            .joins
            .iter()
            .flat_map(|join| [join.from, world.current(join.into)]),
    );
    ids.into_iter().collect()
}

/// The rooms whose facts may have changed.
fn touched(world: &World) -> Vec<RoomKey> {
    let mut touched = BTreeSet::new();
    for (key, room) in &world.rooms {
        let held = room
            .recordings
            .iter()
            .filter_map(|id| world.recordings.get(id));
        let has_changed = held.into_iter().any(|held| held.is_changed);
        let has_joined = world
            .joins
            .iter()
            .any(|join| room.recordings.contains(&world.current(join.into)));
        if has_changed || has_joined || room.heard_at.is_some() {
            touched.insert(key.clone());
        }
    }
    touched.into_iter().collect()
}

async fn insert_rooms(conn: &mut Conn, world: &World) -> Result<()> {
    static HEARD: Bulk = Bulk::new(
        "WITH k (app_id, room, at) AS (VALUES {})
         UPDATE rooms SET heard_at = k.at FROM k
         WHERE rooms.app_id = k.app_id AND rooms.room = k.room
             AND (rooms.heard_at IS NULL OR rooms.heard_at < k.at)",
    );
    let mut new = Vec::new();
    let mut call_times = Vec::new();
    for (key, room) in &world.rooms {
        new.extend(room.first_seen_at.map(|at| (key.0, key.1.clone(), at)));
        call_times.extend(room.heard_at.map(|at| (key, at)));
    }
    rooms::ensure_many(conn, &new).await?;
    HEARD.execute(conn, call_times).await
}

async fn write_meetings(conn: &mut Conn, world: &World) -> Result<()> {
    static EVENTS: Bulk = Bulk::new(
        "INSERT INTO room_status (app_id, room, at, what, participant) VALUES {}
         ON CONFLICT DO NOTHING",
    );
    static FORGET: Bulk = Bulk::new("DELETE FROM meetings WHERE id IN (VALUES {})");
    let all = || world.rooms.iter();
    let events = all().flat_map(|(key, room)| {
        let events = room.new_events.iter();
        events.map(move |event| (key, event.at, event.what, or_empty(event.who.as_ref())))
    });
    EVENTS.execute(conn, events).await?;
    let forgotten = all().flat_map(|(_, room)| &room.forgotten);
    FORGET.execute(conn, forgotten).await?;
    let meetings =
        all().flat_map(|(key, room)| room.meetings.values().map(move |held| (key, held)));
    let changed = meetings.filter(|(_, held)| held.is_changed);
    write_meeting_rows(conn, changed.collect()).await?;
    let stays: Vec<&Room> = all().map(|(_, room)| room).collect();
    write_stays(conn, &stays).await
}

async fn write_meeting_rows(
    conn: &mut Conn,
    meetings: Vec<(&RoomKey, &HeldMeeting)>,
) -> Result<()> {
    static UPDATE: Bulk = Bulk::new(
        "WITH k (id, began_at, ended_at) AS (VALUES {})
         UPDATE meetings SET began_at = k.began_at, ended_at = k.ended_at FROM k
         WHERE meetings.id = k.id",
    );
    static INSERT: Bulk = Bulk::new(
        "INSERT INTO meetings (app_id, room, id, began_at, ended_at, auto_start) VALUES {}",
    );
    let (stored, new): (Vec<_>, Vec<_>) =
        (meetings.into_iter()).partition(|(_, held)| held.is_stored);
    let row = |meeting: Meeting| (meeting.id, meeting.began_at, meeting.ended_at);
    // At most one is on at a time: those that ended come first.
    let (over, on): (Vec<_>, Vec<_>) = (stored.into_iter())
        .map(|(_, held)| row(held.meeting))
        .partition(|(_, _, ended_at)| ended_at.is_some());
    UPDATE.execute(conn, over).await?;
    UPDATE.execute(conn, on).await?;
    let new = new.into_iter().map(|(key, held)| {
        let auto_start = held.is_to_start.then_some("due");
        (key, row(held.meeting), auto_start)
    });
    INSERT.execute(conn, new).await
}

async fn write_stays(conn: &mut Conn, rooms: &[&Room]) -> Result<()> {
    static UPSERT: Bulk = Bulk::new(
        "INSERT INTO participants (meeting_id, participant, joined_at, left_at, shares_screen)
         VALUES {}
         ON CONFLICT (meeting_id, participant, joined_at) DO UPDATE SET
             left_at = excluded.left_at, shares_screen = excluded.shares_screen",
    );
    static DELETE: Bulk = Bulk::new(
        "DELETE FROM participants WHERE (meeting_id, participant, joined_at) IN (VALUES {})",
    );
    type Row = (MeetingId, Stay);
    fn place((meeting, stay): &Row) -> (MeetingId, &ParticipantId, Timestamp) {
        (*meeting, &stay.who, stay.joined_at)
    }
    let (mut gone, mut changed) = (Vec::new(), Vec::new());
    for room in rooms {
        let kept: BTreeSet<_> = room.stays.iter().map(place).collect();
        let stored = room.stored_stays.difference(&room.stays);
        // Those of meetings that were deleted went with them.
        let is_gone =
            |stay: &&Row| !room.forgotten.contains(&stay.0) && !kept.contains(&place(stay));
        gone.extend(stored.filter(is_gone));
        changed.extend(room.stays.difference(&room.stored_stays));
    }
    DELETE.execute(conn, gone.into_iter().map(place)).await?;
    // A participant has at most one open stay in a meeting: closed stays are written first.
    let (left, here): (Vec<&Row>, Vec<&Row>) = changed
        .into_iter()
        .partition(|(_, stay)| stay.left_at.is_some());
    let row = |stay| (place(stay), stay.1.left_at, stay.1.shares_screen);
    UPSERT.execute(conn, left.into_iter().map(row)).await?;
    UPSERT.execute(conn, here.into_iter().map(row)).await
}

async fn write_recordings(conn: &mut Conn, world: &World) -> Result<()> {
    static UPDATE: Bulk = Bulk::new(
        "WITH k (id, state, state_since, requested_at, started_at, stopped_at, tracks_expected,
             meeting_id) AS (VALUES {})
         UPDATE recordings SET
             given_up = CASE WHEN recordings.state <> k.state THEN 0 ELSE given_up END,
             state = k.state, state_since = k.state_since, requested_at = k.requested_at,
             started_at = k.started_at, stopped_at = k.stopped_at,
             tracks_expected = k.tracks_expected, meeting_id = k.meeting_id
         FROM k WHERE recordings.id = k.id",
    );
    static FORGET: Bulk =
        Bulk::new("DELETE FROM expected_tracks WHERE recording_id IN (VALUES {})");
    static EXPECT: Bulk =
        Bulk::new("INSERT INTO expected_tracks (recording_id, participant) VALUES {}");
    let changed = world.recordings.values().filter(|held| held.is_changed);
    let (stored, new): (Vec<&HeldRecording>, Vec<_>) = changed.partition(|held| held.is_stored);
    let new: Vec<_> = new.into_iter().map(|held| held.recording.clone()).collect();
    recordings::insert_found(conn, &new).await?;
    let stored = stored.into_iter().map(|held| {
        let recording = &held.recording;
        (
            (recording.id, recording.state, recording.state_since),
            (recording.requested_at, recording.started_at),
            (recording.stopped_at, recording.tracks_expected),
            held.meeting,
        )
    });
    UPDATE.execute(conn, stored).await?;
    let recordings = world.recordings.values();
    let expecting = recordings.filter(|held| held.is_expected_changed);
    let forgotten = expecting.clone().map(|held| held.recording.id);
    FORGET.execute(conn, forgotten).await?;
    let expected =
        expecting.flat_map(|held| held.expected.iter().map(|who| (held.recording.id, who)));
    EXPECT.execute(conn, expected).await
}

/// Moves the calls, the history, the other files, the holds and what people say about a recording to another that turned out
/// to be the same `now`, and deletes it.
async fn join_stored(conn: &mut Conn, join: Join, now: Timestamp) -> Result<()> {
    let Join { from, into, .. } = join;
    move_all(conn, from, into).await?;
    inbox::move_all(conn, from, into).await?;
    let update = "UPDATE history SET recording_id = $2 WHERE recording_id = $1";
    execute(conn, update, (from, into)).await?;
    keep::join(conn, from, into, now).await?;
    about::copy(conn, from, into).await?;
    seen::copy(conn, from, into).await?;
    recordings::delete(conn, from).await
}

async fn write_history(conn: &mut Conn, world: &World) -> Result<()> {
    static APPEND: Bulk = Bulk::new("INSERT INTO history (recording_id, at, event) VALUES {}");
    let mut lines = Vec::with_capacity(world.history.len());
    for entry in &world.history {
        lines.push((entry.recording, entry.at, json(&entry.event)?));
    }
    APPEND.execute(conn, lines).await
}
