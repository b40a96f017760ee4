//! The rows of a demo: recordings that are made up, in bulk.
//!
//! No job touches its files. Copies are neither checked nor made pictures of, files that are only at the platform
//! have a next try that never comes, and nobody has claimed those that are being fetched.

use reelroom_domain::{
    about::About,
    ids::{AppId, RecordingId},
    meeting::{Meeting, Stay},
    recording::Recording,
    room::{RoomId, RoomTitle},
    time::Timestamp,
    view::HistoryLine,
};

use crate::{
    Conn, Result,
    about::INSERT_TAGS,
    bulk::Bulk,
    engine::{Engine, json, key},
    expected,
    files::{self, File, INSERTED},
    query::{Values, query},
    recordings::{self, COLUMNS},
    stale,
};

/// A time that never comes: the end of the year 9999.
pub const NEVER: Timestamp = Timestamp::from_millis(253_402_300_799_000);

/// The number of tries after which no more pictures of a video are made.
const NO_PICTURES: u32 = 3;

/// A room of a demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoRoom {
    /// The room.
    pub id: RoomId,
    /// Its title; may be empty.
    pub title: RoomTitle,
    /// Whether it is starred.
    pub is_starred: bool,
}

/// A recording of a demo, with all that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoRecording {
    /// The recording.
    pub recording: Recording,
    /// Whether a person has seen that its start failed.
    pub is_seen: bool,
    /// The meeting that it records.
    pub meeting: Option<Meeting>,
    /// The stays in that meeting.
    pub stays: Vec<Stay>,
    /// What people say about it; its notes are of the account that started it.
    pub about: About,
    /// Its files, each a take of its own.
    pub files: Vec<File>,
    /// Its history.
    pub history: Vec<HistoryLine>,
}

/// Whether there are neither rooms nor recordings.
pub async fn is_empty(conn: &mut Conn) -> Result<bool> {
    let any = "SELECT 1 AS yes FROM rooms UNION ALL SELECT 1 AS yes FROM recordings LIMIT 1";
    Ok(!query(any).exists(conn).await?)
}

/// Inserts rooms that are not known, before their recordings. Gives the connection memory for these.
pub async fn insert_rooms(
    conn: &mut Conn,
    app: AppId,
    rooms: &[DemoRoom],
    first_seen_at: Timestamp,
) -> Result<()> {
    static INSERT: Bulk = Bulk::new(
        "INSERT INTO rooms (app_id, room, room_key, title, title_key, starred, first_seen_at)
         VALUES {}",
    );
    if let Some(prepare) = Engine::of_connection(conn).before_bulk() {
        query(prepare).execute(conn).await?;
    }
    let rows = rooms.iter().map(|room| {
        (
            (app, &room.id, key(room.id.as_str())),
            (&room.title, key(room.title.as_str())),
            (room.is_starred, first_seen_at),
        )
    });
    INSERT.execute(conn, rows).await
}

/// Inserts recordings of known rooms, with all that belongs to them, and adds them to the queue of the index. After the last ones,
/// [`rooms::update_facts`](crate::rooms::update_facts) brings the rooms up to date.
pub async fn insert(conn: &mut Conn, recordings: &[DemoRecording]) -> Result<()> {
    insert_meetings(conn, recordings).await?;
    insert_recordings(conn, recordings).await?;
    insert_files(conn, recordings).await?;
    insert_history(conn, recordings).await?;
    let ids: Vec<RecordingId> = recordings.iter().map(|one| one.recording.id).collect();
    stale::mark(conn, &ids).await
}

async fn insert_meetings(conn: &mut Conn, recordings: &[DemoRecording]) -> Result<()> {
    static MEETINGS: Bulk =
        Bulk::new("INSERT INTO meetings (id, app_id, room, began_at, ended_at) VALUES {}");
    static STAYS: Bulk = Bulk::new(
        "INSERT INTO participants (meeting_id, participant, joined_at, left_at, shares_screen)
         VALUES {}",
    );
    let with_meeting = recordings
        .iter()
        .filter_map(|one| Some((one, one.meeting?)));
    let meetings = with_meeting.clone().map(|(one, meeting)| {
        let room = (one.recording.app, &one.recording.room);
        (meeting.id, room, meeting.began_at, meeting.ended_at)
    });
    MEETINGS.execute(conn, meetings).await?;
    let stays = with_meeting.flat_map(|(one, meeting)| {
        let stays = one.stays.iter();
        stays.map(move |stay| {
            let times = (stay.joined_at, stay.left_at);
            (meeting.id, &stay.who, times, stay.shares_screen)
        })
    });
    STAYS.execute(conn, stays).await
}

async fn insert_recordings(conn: &mut Conn, recordings: &[DemoRecording]) -> Result<()> {
    static INSERT: Bulk = Bulk::built(|_| {
        format!(
            "INSERT INTO recordings ({COLUMNS}, meeting_id, seen, title, notes, notes_at, notes_by)
             VALUES {{}}"
        )
    });
    INSERT
        .execute(conn, recordings.iter().map(recording_values))
        .await?;
    let tags = recordings.iter().flat_map(|one| {
        let tags = one.about.tags.as_slice().iter();
        tags.map(|tag| (one.recording.id, tag.key(), tag))
    });
    INSERT_TAGS.execute(conn, tags).await?;
    let waiting = recordings.iter().filter(|one| one.recording.awaits_files());
    let rows = waiting.flat_map(|one| {
        let stays = one.stays.iter();
        stays.map(|stay| (one.recording.id, &stay.who))
    });
    expected::INSERT.execute(conn, rows).await
}

fn recording_values(one: &DemoRecording) -> impl Values {
    let (recording, about) = (&one.recording, &one.about);
    let has_notes = !about.notes.as_str().is_empty();
    let by = recording.requested_by.as_ref();
    (
        recordings::values(recording),
        (one.meeting.map(|meeting| meeting.id), one.is_seen),
        (&about.title, &about.notes),
        has_notes.then_some(recording.state_since),
        by.filter(|_| has_notes),
    )
}

async fn insert_files(conn: &mut Conn, recordings: &[DemoRecording]) -> Result<()> {
    static INSERT: Bulk = Bulk::built(|_| {
        format!(
            "INSERT INTO files ({INSERTED}, trouble, next_try_at, missing_since, failed_since,
                 check_at, probe_at, picture_tries) VALUES {{}}"
        )
    });
    let files = recordings.iter().flat_map(|one| &one.files);
    let rows: Result<Vec<_>> = files.map(file_values).collect();
    INSERT.execute(conn, rows?).await
}

fn file_values(file: &File) -> Result<impl Values> {
    let trouble = file.trouble.as_ref().map(json).transpose()?;
    let has_failed = file.state.is_in_trouble();
    Ok((
        files::inserted_values(file),
        (trouble, file.next_try_at, file.missing_since),
        has_failed.then_some(file.announced_at),
        (NEVER, NEVER, NO_PICTURES),
    ))
}

async fn insert_history(conn: &mut Conn, recordings: &[DemoRecording]) -> Result<()> {
    static INSERT: Bulk =
        Bulk::new("INSERT INTO history (recording_id, at, event, actor, note) VALUES {}");
    let mut rows = Vec::new();
    for one in recordings {
        for line in &one.history {
            let cause = line.cause.as_ref().map(json).transpose()?;
            let event = json(&line.event)?;
            rows.push((one.recording.id, line.at, event, &line.actor, cause));
        }
    }
    INSERT.execute(conn, rows).await
}
