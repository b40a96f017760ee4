//! Writes what a decision changed.

use std::collections::BTreeSet;

use reelroom_domain::{
    callback::Understood,
    ids::{CallId, MeetingId, RecordingId},
    meeting::{RoomKey, Stay},
    room::ParticipantId,
    time::Timestamp,
    understanding::{HeldFile, HeldMeeting, HeldRecording, Join, Room, Version, World},
};
use sqlx::query;

use crate::{
    Conn, StoreError,
    bulk::{Bound, Bulk},
    calls::Call,
    engine::{json, key, text},
    files, inbox, recordings, rooms,
    row::signed,
};

/// Writes what was decided about these calls.
pub async fn apply(
    conn: &mut Conn,
    world: &World,
    calls: &[(&Call, Understood)],
) -> Result<(), StoreError> {
    insert_rooms(conn, world).await?;
    write_meetings(conn, world).await?;
    write_recordings(conn, world).await?;
    free_names(conn, world).await?;
    for join in world.joins.iter().filter(|join| join.is_stored) {
        let into = world.current(join.into);
        give(conn, Join { into, ..*join }, world.now).await?;
    }
    write_files(conn, world).await?;
    write_history(conn, world).await?;
    inbox::record(conn, world.now, calls).await?;
    for id in &world.emptied {
        recordings::remove_found_without_files(conn, *id).await?;
    }
    rooms::settle(conn, &touched(world)).await
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

fn bind_room(query: Bound, (app, room): &RoomKey) -> Bound {
    query.bind(app.to_string()).bind(room.as_str().to_owned())
}

async fn insert_rooms(conn: &mut Conn, world: &World) -> Result<(), StoreError> {
    static HEARD: Bulk = Bulk::new(
        "WITH k (app_id, room, at) AS (VALUES ",
        3,
        ") UPDATE rooms SET heard_at = k.at FROM k
         WHERE rooms.app_id = k.app_id AND rooms.room = k.room
             AND (rooms.heard_at IS NULL OR rooms.heard_at < k.at)",
    );
    let mut new = Vec::new();
    let mut heard = Vec::new();
    for (key, room) in &world.rooms {
        new.extend(room.first_seen_at.map(|at| (key.0, key.1.clone(), at)));
        heard.extend(room.heard_at.map(|at| (key, at)));
    }
    rooms::ensure_many(conn, &new).await?;
    HEARD
        .execute(conn, &heard, |query, (key, at)| {
            bind_room(query, key).bind(at.as_millis())
        })
        .await?;
    Ok(())
}

async fn write_meetings(conn: &mut Conn, world: &World) -> Result<(), StoreError> {
    static EVENTS: Bulk = Bulk::new(
        "INSERT INTO room_status (app_id, room, at, what, participant) VALUES ",
        5,
        " ON CONFLICT DO NOTHING",
    );
    static FORGET: Bulk = Bulk::new("DELETE FROM meetings WHERE id IN (VALUES ", 1, ")");
    let all = || world.rooms.iter();
    let events: Vec<_> = all()
        .flat_map(|(key, room)| room.new_events.iter().map(move |event| (key, event)))
        .collect();
    EVENTS
        .execute(conn, &events, |query, (key, event)| {
            bind_room(query, key)
                .bind(event.at.as_millis())
                .bind(event.what.as_str())
                .bind(
                    event
                        .who
                        .as_ref()
                        .map_or("", ParticipantId::as_str)
                        .to_owned(),
                )
        })
        .await?;
    let forgotten: Vec<MeetingId> = all()
        .flat_map(|(_, room)| room.forgotten.iter().copied())
        .collect();
    FORGET
        .execute(conn, &forgotten, |query, id| query.bind(id.to_string()))
        .await?;
    let changed = |(key, room): (&'_ RoomKey, &'_ Room)| {
        let changed = room.meetings.values().filter(|held| held.is_changed);
        let changed: Vec<_> = changed.map(|held| (key.clone(), held.clone())).collect();
        changed
    };
    let meetings: Vec<(RoomKey, HeldMeeting)> = all().flat_map(changed).collect();
    write_meeting_rows(conn, &meetings).await?;
    let stays: Vec<&Room> = all().map(|(_, room)| room).collect();
    write_stays(conn, &stays).await
}

async fn write_meeting_rows(
    conn: &mut Conn,
    meetings: &[(RoomKey, HeldMeeting)],
) -> Result<(), StoreError> {
    static UPDATE: Bulk = Bulk::new(
        "WITH k (id, began_at, ended_at) AS (VALUES ",
        3,
        ") UPDATE meetings SET began_at = k.began_at, ended_at = k.ended_at FROM k
         WHERE meetings.id = k.id",
    );
    static INSERT: Bulk = Bulk::new(
        "INSERT INTO meetings (app_id, room, id, began_at, ended_at, auto_start) VALUES ",
        6,
        "",
    );
    let (stored, new): (Vec<_>, Vec<_>) = meetings.iter().partition(|(_, held)| held.is_stored);
    // At most one is on at a time: those that ended come first.
    let (over, on): (Vec<_>, Vec<_>) = stored
        .into_iter()
        .map(|(_, held)| held.meeting)
        .partition(|meeting| meeting.ended_at.is_some());
    for some in [over, on] {
        UPDATE
            .execute(conn, &some, |query, meeting| {
                query
                    .bind(meeting.id.to_string())
                    .bind(meeting.began_at.as_millis())
                    .bind(meeting.ended_at.map(Timestamp::as_millis))
            })
            .await?;
    }
    INSERT
        .execute(conn, &new, |query, (key, held)| {
            bind_room(query, key)
                .bind(held.meeting.id.to_string())
                .bind(held.meeting.began_at.as_millis())
                .bind(held.meeting.ended_at.map(Timestamp::as_millis))
                .bind(held.is_to_start.then_some("due"))
        })
        .await?;
    Ok(())
}

async fn write_stays(conn: &mut Conn, rooms: &[&Room]) -> Result<(), StoreError> {
    static UPSERT: Bulk = Bulk::new(
        "INSERT INTO participants (meeting_id, participant, joined_at, left_at, shares_screen)
         VALUES ",
        5,
        " ON CONFLICT (meeting_id, participant, joined_at) DO UPDATE SET
             left_at = excluded.left_at, shares_screen = excluded.shares_screen",
    );
    static DELETE: Bulk = Bulk::new(
        "DELETE FROM participants WHERE (meeting_id, participant, joined_at) IN (VALUES ",
        3,
        ")",
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
    DELETE
        .execute(conn, &gone, |query, (meeting, stay)| {
            query
                .bind(meeting.to_string())
                .bind(stay.who.as_str().to_owned())
                .bind(stay.joined_at.as_millis())
        })
        .await?;
    // A participant has at most one open stay in a meeting: closed stays are written first.
    let (left, here): (Vec<&Row>, Vec<&Row>) = changed
        .into_iter()
        .partition(|(_, stay)| stay.left_at.is_some());
    for some in [left, here] {
        UPSERT
            .execute(conn, &some, |query, (meeting, stay)| {
                query
                    .bind(meeting.to_string())
                    .bind(stay.who.as_str().to_owned())
                    .bind(stay.joined_at.as_millis())
                    .bind(stay.left_at.map(Timestamp::as_millis))
                    .bind(i64::from(stay.shares_screen))
            })
            .await?;
    }
    Ok(())
}

async fn write_recordings(conn: &mut Conn, world: &World) -> Result<(), StoreError> {
    static UPDATE: Bulk = Bulk::new(
        "WITH k (id, state, state_since, requested_at, started_at, stopped_at, tracks_expected,
             meeting_id) AS (VALUES ",
        8,
        ") UPDATE recordings SET
             given_up = CASE WHEN recordings.state <> k.state THEN 0 ELSE given_up END,
             state = k.state, state_since = k.state_since, requested_at = k.requested_at,
             started_at = k.started_at, stopped_at = k.stopped_at,
             tracks_expected = k.tracks_expected, meeting_id = k.meeting_id
         FROM k WHERE recordings.id = k.id",
    );
    static FORGET: Bulk = Bulk::new(
        "DELETE FROM expected_tracks WHERE recording_id IN (VALUES ",
        1,
        ")",
    );
    static EXPECT: Bulk = Bulk::new(
        "INSERT INTO expected_tracks (recording_id, participant) VALUES ",
        2,
        "",
    );
    let changed = world.recordings.values().filter(|held| held.is_changed);
    let (stored, new): (Vec<&HeldRecording>, Vec<_>) = changed.partition(|held| held.is_stored);
    let new: Vec<_> = new.into_iter().map(|held| held.recording.clone()).collect();
    recordings::insert_found(conn, &new).await?;
    UPDATE
        .execute(conn, &stored, |query, held| {
            let recording = &held.recording;
            query
                .bind(recording.id.to_string())
                .bind(recording.state.as_str())
                .bind(recording.state_since.as_millis())
                .bind(recording.requested_at.as_millis())
                .bind(recording.started_at.map(Timestamp::as_millis))
                .bind(recording.stopped_at.map(Timestamp::as_millis))
                .bind(i64::from(recording.tracks_expected))
                .bind(held.meeting.map(|id| id.to_string()))
        })
        .await?;
    let recordings = world.recordings.values();
    let expecting: Vec<_> = recordings.filter(|held| held.is_expected_changed).collect();
    FORGET
        .execute(conn, &expecting, |query, held| {
            query.bind(held.recording.id.to_string())
        })
        .await?;
    let expected: Vec<(RecordingId, &ParticipantId)> = expecting
        .iter()
        .flat_map(|held| held.expected.iter().map(|who| (held.recording.id, who)))
        .collect();
    EXPECT
        .execute(conn, &expected, |query, (id, who)| {
            query.bind(id.to_string()).bind(who.as_str().to_owned())
        })
        .await?;
    Ok(())
}

/// Gives the files, calls and history of a recording to the one that it turned out to be, and deletes
/// it.
async fn give(conn: &mut Conn, join: Join, now: Timestamp) -> Result<(), StoreError> {
    let Join { from, into, .. } = join;
    files::give(conn, from, into, now).await?;
    inbox::give(conn, from, into).await?;
    query("UPDATE history SET recording_id = $2 WHERE recording_id = $1")
        .bind(from.to_string())
        .bind(into.to_string())
        .execute(&mut *conn)
        .await?;
    recordings::delete(conn, from).await
}

async fn write_files(conn: &mut Conn, world: &World) -> Result<(), StoreError> {
    static INSERT: Bulk = Bulk::new(
        "INSERT INTO files (id, recording_id, kind, media, participant, name, name_key, size,
             length_ms, started_at, ended_at, url, looked_up, version, call_id, state, tries,
             announced_at) VALUES ",
        18,
        "",
    );
    static UPDATE: Bulk = Bulk::new(
        "WITH k (id, recording_id, kind, media, participant, name, name_key, size, length_ms,
             started_at, ended_at, url, looked_up, version, call_id) AS (VALUES ",
        15,
        ") UPDATE files SET recording_id = k.recording_id, kind = k.kind, media = k.media,
             participant = k.participant, name = k.name, name_key = k.name_key, size = k.size,
             length_ms = k.length_ms, started_at = k.started_at, ended_at = k.ended_at,
             url = k.url, looked_up = k.looked_up, version = k.version, call_id = k.call_id
         FROM k WHERE files.id = k.id",
    );
    static RENEW: Bulk = Bulk::new(
        "WITH k (id, state) AS (VALUES ",
        2,
        ") UPDATE files SET state = k.state, tries = 0, trouble = NULL, next_try_at = NULL
         FROM k WHERE files.id = k.id",
    );
    let is_there = |file: &&HeldFile| file.joined_into.is_none();
    let (stored, new): (Vec<&HeldFile>, Vec<_>) = world
        .files()
        .iter()
        .filter(is_there)
        .partition(|file| file.is_stored);
    let stored: Vec<_> = stored.into_iter().filter(|file| file.is_changed).collect();
    UPDATE
        .execute(conn, &stored, |query, file| bind_file(query, file))
        .await?;
    let renewed: Vec<_> = stored.iter().filter(|file| file.is_renewed).collect();
    RENEW
        .execute(conn, &renewed, |query, file| {
            query.bind(file.id.to_string()).bind(file.state.as_str())
        })
        .await?;
    INSERT
        .execute(conn, &new, |query, file| {
            bind_file(query, file)
                .bind(file.state.as_str())
                .bind(0_i64)
                .bind(file.announced_at.as_millis())
        })
        .await?;
    forget_joined(conn, world).await?;
    write_versions(conn, world).await
}

/// Frees the names of files that get another name or recording, or turned out to be others, so that
/// each may be taken in any order.
async fn free_names(conn: &mut Conn, world: &World) -> Result<(), StoreError> {
    static FREE: Bulk = Bulk::new("UPDATE files SET name = id WHERE id IN (VALUES ", 1, ")");
    let files = world.files().iter();
    let moved: Vec<_> = files
        .filter(|file| file.is_stored && (file.is_moved || file.joined_into.is_some()))
        .collect();
    FREE.execute(conn, &moved, |query, file| query.bind(file.id.to_string()))
        .await?;
    Ok(())
}

/// Files that turned out to be others: their calls name those, and their rows go.
async fn forget_joined(conn: &mut Conn, world: &World) -> Result<(), StoreError> {
    static FOLLOW: Bulk = Bulk::new(
        "WITH k (old, new) AS (VALUES ",
        2,
        ") UPDATE inbox SET file_id = k.new FROM k WHERE inbox.file_id = k.old",
    );
    static DELETE: Bulk = Bulk::new("DELETE FROM files WHERE id IN (VALUES ", 1, ")");
    let joined = world.files().iter();
    let joined: Vec<_> = joined
        .filter(|file| file.is_stored && file.joined_into.is_some())
        .map(|file| (file.id, world.current_file(file.id)))
        .collect();
    FOLLOW
        .execute(conn, &joined, |query, (old, new)| {
            query.bind(old.to_string()).bind(new.to_string())
        })
        .await?;
    DELETE
        .execute(conn, &joined, |query, (old, _)| query.bind(old.to_string()))
        .await?;
    Ok(())
}

async fn write_versions(conn: &mut Conn, world: &World) -> Result<(), StoreError> {
    static INSERT: Bulk = Bulk::new(
        "INSERT INTO file_versions (file_id, version, call_id, size, length_ms, started_at,
             ended_at, url, replaced_at) VALUES ",
        9,
        "",
    );
    let files = world.files().iter();
    let versions: Vec<(&HeldFile, &Version)> = files
        .filter(|file| file.joined_into.is_none())
        .flat_map(|file| file.versions.iter().map(move |version| (file, version)))
        .filter(|(_, version)| !version.is_stored)
        .collect();
    INSERT
        .execute(conn, &versions, |query, (file, version)| {
            query
                .bind(file.id.to_string())
                .bind(i64::from(version.version))
                .bind(version.call.map(CallId::number))
                .bind(version.size.map(signed))
                .bind(version.length_ms)
                .bind(version.started_at.map(Timestamp::as_millis))
                .bind(version.ended_at.map(Timestamp::as_millis))
                .bind(version.url.clone())
                .bind(version.replaced_at.as_millis())
        })
        .await?;
    Ok(())
}

fn bind_file(query: Bound, file: &HeldFile) -> Bound {
    let announced = &file.announced;
    let who = announced.participant.as_ref();
    query
        .bind(file.id.to_string())
        .bind(file.recording.to_string())
        .bind(announced.kind.as_str())
        .bind(announced.media.as_str())
        .bind(who.map_or("", ParticipantId::as_str).to_owned())
        .bind(text(&announced.name))
        .bind(key(&announced.name))
        .bind(announced.size.map(signed))
        .bind(announced.length_ms)
        .bind(announced.started_at.map(Timestamp::as_millis))
        .bind(announced.ended_at.map(Timestamp::as_millis))
        .bind(text(&announced.url))
        .bind(i64::from(file.looked_up))
        .bind(i64::from(file.version))
        .bind(file.call.map(CallId::number))
}

async fn write_history(conn: &mut Conn, world: &World) -> Result<(), StoreError> {
    static APPEND: Bulk = Bulk::new(
        "INSERT INTO history (recording_id, at, event) VALUES ",
        3,
        "",
    );
    let mut lines = Vec::with_capacity(world.history.len());
    for entry in &world.history {
        lines.push((entry.recording, entry.at, json(&entry.event)?));
    }
    APPEND
        .execute(conn, &lines, |query, (recording, at, event)| {
            query
                .bind(recording.to_string())
                .bind(at.as_millis())
                .bind(event.clone())
        })
        .await?;
    Ok(())
}
