//! Loads meetings, their participants, and the events that they are derived from.

use std::collections::{BTreeMap, BTreeSet};

use reelroom_domain::{
    ids::{MeetingId, RecordingId},
    meeting::{Meeting, RoomEvent, RoomKey, Stay},
    recording::{Origin, Recording},
    room::ParticipantId,
    time::Timestamp,
    understanding::{Events, HeldMeeting, Meaning, ReadCall, World},
};
use sqlx::any::AnyRow;

use crate::{Conn, Result, bulk::Bulk, fields, row::Columns};

/// The longest time from the begin of a meeting to a moment at which it is on. Milliseconds.
const LONGEST_MEETING: i64 = 7 * 24 * 60 * 60_000;

/// The facts to load about the rooms that calls name.
pub(super) struct Needs<'a> {
    /// By room.
    pub rooms: BTreeMap<RoomKey, Need<'a>>,
}

/// The facts to load about a room.
#[derive(Default)]
pub(super) struct Need<'a> {
    /// The events of the calls, in their order.
    events: Vec<&'a RoomEvent>,
    is_status: bool,
    /// The time in which the meetings began.
    began: Option<(Timestamp, Timestamp)>,
    /// Whether all their participants are needed.
    people: bool,
}

impl<'a> Needs<'a> {
    pub fn of(calls: &'a [ReadCall]) -> Self {
        let mut rooms: BTreeMap<RoomKey, Need<'a>> = BTreeMap::new();
        for call in calls {
            let Meaning::Status(meaning) = &call.meaning else {
                continue;
            };
            for name in &meaning.rooms {
                let need = rooms.entry((meaning.app, name.clone())).or_default();
                need.is_status = true;
            }
            for (name, event) in &meaning.events {
                let need = rooms.entry((meaning.app, name.clone())).or_default();
                need.events.push(event);
            }
        }
        Self { rooms }
    }

    /// The rooms that status calls name.
    pub fn status_rooms(&self) -> Vec<RoomKey> {
        let rooms = self.rooms.iter();
        rooms
            .filter(|(_, need)| need.is_status)
            .map(|(key, _)| key.clone())
            .collect()
    }

    /// Adds the meetings of a room that were on at some moment between two.
    pub fn meetings(&mut self, key: &RoomKey, since: Timestamp, until: Timestamp) {
        let since = since.plus_millis(-LONGEST_MEETING);
        let need = self.rooms.entry(key.clone()).or_default();
        let (first, last) = need.began.unwrap_or((since, until));
        need.began = Some((first.min(since), last.max(until)));
    }

    /// Adds the participants during a recording, if it was started and is `which`.
    pub fn people(&mut self, world: &World, id: RecordingId, which: fn(&Recording) -> bool) {
        let Some(held) = world.recordings.get(&id) else {
            return;
        };
        let recording = &held.recording;
        if recording.origin == Origin::Started && which(recording) {
            let key = (recording.app, recording.room.clone());
            let from = recording.started_at.unwrap_or(recording.requested_at);
            let to = recording
                .stopped_at
                .unwrap_or(Timestamp::from_millis(i64::MAX));
            self.meetings(&key, from, to);
            self.rooms.entry(key).or_default().people = true;
        }
    }
}

impl Need<'_> {
    /// Whether all events are of participants, and each is later than the last known one and than the
    /// one before it.
    fn goes_on_after(&self, last: Option<Timestamp>) -> bool {
        let mut last = last.map(|last| (last, None));
        let mut moment: BTreeSet<&ParticipantId> = BTreeSet::new();
        for event in &self.events {
            let Some(who) = &event.who else {
                return false;
            };
            match last {
                Some((at, None)) if event.at <= at => return false,
                Some((at, Some(()))) if event.at < at => return false,
                Some((at, Some(()))) if event.at == at => {}
                _ => moment.clear(),
            }
            // Two events of one second have no order.
            if !moment.insert(who) {
                return false;
            }
            last = Some((event.at, Some(())));
        }
        true
    }
}

/// Loads the meetings that are needed.
pub(super) async fn load(conn: &mut Conn, world: &mut World, needs: &Needs<'_>) -> Result<()> {
    let mut spans = BTreeMap::new();
    let mut later = Vec::new();
    for row in &bounds(conn, needs).await? {
        let row = Columns::new(row, "room_status", "room");
        let key: RoomKey = (row.get("app_id")?, row.get("room")?);
        let Some(need) = needs.rooms.get(&key) else {
            continue;
        };
        let open: Option<MeetingId> = row.get("open_id")?;
        if let Some(open) = open.filter(|_| !need.people)
            && need.goes_on_after(row.get("last")?)
        {
            later.push((key, open));
            continue;
        }
        let (after, until): (Option<i64>, Option<i64>) = (row.get("after")?, row.get("until")?);
        let room = world.rooms.entry(key.clone()).or_default();
        room.status_from = row.get("status_from")?;
        let after = after.max(room.status_from.map(Timestamp::as_millis));
        spans.insert(key, (after.unwrap_or(i64::MIN), until.unwrap_or(i64::MAX)));
    }
    load_meetings(conn, world, needs, &spans, &later).await?;
    for (key, between) in &spans {
        let room = world.rooms.entry(key.clone()).or_default();
        room.events = Events::Span {
            between: *between,
            events: BTreeSet::new(),
        };
    }
    load_events(conn, world, &spans).await?;
    let whole = needs.rooms.iter().filter(|(_, need)| need.people);
    let whole: BTreeSet<&RoomKey> = whole.map(|(key, _)| key).chain(spans.keys()).collect();
    load_stays(conn, world, &whole).await?;
    for (key, meeting) in &later {
        let room = world.rooms.entry(key.clone()).or_default();
        room.events = Events::Later(*meeting);
    }
    load_open_stays(conn, world, needs, &later).await?;
    for room in world.rooms.values_mut() {
        room.stored_stays = room.stays.clone();
    }
    Ok(())
}

/// For each room with events: the Ends around them after which certainly no meeting is on, the time of
/// the last known event and that before which events were deleted, and the meeting that is on.
async fn bounds(conn: &mut Conn, needs: &Needs<'_>) -> Result<Vec<AnyRow>> {
    static BOUNDS: Bulk = Bulk::new(
        "WITH k (app_id, room, first, latest) AS (VALUES {})
         SELECT k.app_id, k.room,
             (SELECT MAX(s.at) FROM room_status s
              WHERE s.app_id = k.app_id AND s.room = k.room) AS last,
             (SELECT o.status_from FROM rooms o
              WHERE o.app_id = k.app_id AND o.room = k.room) AS status_from,
             (SELECT m.id FROM meetings m WHERE m.app_id = k.app_id AND m.room = k.room
              AND m.ended_at IS NULL) AS open_id,
             (SELECT e.at FROM room_status e
              WHERE e.app_id = k.app_id AND e.room = k.room AND e.what = 'end' AND e.at < k.first
                  AND NOT EXISTS (SELECT 1 FROM room_status b
                      WHERE b.app_id = e.app_id AND b.room = e.room AND b.at = e.at
                      AND b.what IN ('on', 'begin', 'online'))
              ORDER BY e.at DESC LIMIT 1) AS after,
             (SELECT e.at FROM room_status e
              WHERE e.app_id = k.app_id AND e.room = k.room AND e.what = 'end' AND e.at > k.latest
                  AND NOT EXISTS (SELECT 1 FROM room_status b
                      WHERE b.app_id = e.app_id AND b.room = e.room AND b.at = e.at
                      AND b.what IN ('on', 'begin', 'online'))
              ORDER BY e.at LIMIT 1) AS until
         FROM k",
    );
    let mut rooms = Vec::new();
    for (key, need) in &needs.rooms {
        let times = need.events.iter().map(|event| event.at);
        if let (Some(first), Some(last)) = (times.clone().min(), times.max()) {
            rooms.push((key, first, last));
        }
    }
    BOUNDS.fetch(conn, rooms).await
}

async fn load_meetings(
    conn: &mut Conn,
    world: &mut World,
    needs: &Needs<'_>,
    spans: &BTreeMap<RoomKey, (i64, i64)>,
    later: &[(RoomKey, MeetingId)],
) -> Result<()> {
    static MEETINGS: Bulk = Bulk::new(
        "WITH k (app_id, room, first, latest) AS (VALUES {})
         SELECT m.id, m.app_id, m.room, m.began_at, m.ended_at FROM k CROSS JOIN meetings m
         WHERE m.app_id = k.app_id AND m.room = k.room
             AND m.began_at >= k.first AND m.began_at <= k.latest",
    );
    static OPEN: Bulk = Bulk::new(
        "WITH k (id) AS (VALUES {})
         SELECT m.id, m.app_id, m.room, m.began_at, m.ended_at FROM k CROSS JOIN meetings m
         WHERE m.id = k.id",
    );
    let mut wanted: BTreeMap<&RoomKey, (i64, i64)> = BTreeMap::new();
    for (key, need) in &needs.rooms {
        if let Some((since, until)) = need.began {
            wanted.insert(key, (since.as_millis(), until.as_millis()));
        }
    }
    for (key, (after, until)) in spans {
        let (first, last) = wanted.entry(key).or_insert((*after, *until));
        (*first, *last) = ((*first).min(*after), (*last).max(*until));
    }
    let mut rows = MEETINGS.fetch(conn, wanted).await?;
    rows.extend(OPEN.fetch(conn, later.iter().map(|(_, id)| id)).await?);
    for row in &rows {
        let row = Columns::new(row, "meetings", "id");
        let meeting = fields!(row => Meeting { id, began_at, ended_at });
        let held = HeldMeeting {
            meeting,
            is_to_start: false,
            is_stored: true,
            is_changed: false,
        };
        let key = (row.get("app_id")?, row.get("room")?);
        let room = world.rooms.entry(key).or_default();
        room.meetings.insert(meeting.id, held);
    }
    Ok(())
}

async fn load_events(
    conn: &mut Conn,
    world: &mut World,
    spans: &BTreeMap<RoomKey, (i64, i64)>,
) -> Result<()> {
    static EVENTS: Bulk = Bulk::new(
        "WITH k (app_id, room, after, until) AS (VALUES {})
         SELECT s.app_id, s.room, s.at, s.what, s.participant FROM k CROSS JOIN room_status s
         WHERE s.app_id = k.app_id AND s.room = k.room AND s.at > k.after AND s.at <= k.until",
    );
    let spans = spans.iter().map(|(key, span)| (key, *span));
    for row in &EVENTS.fetch(conn, spans).await? {
        let row = Columns::new(row, "room_status", "participant");
        let key = (row.get("app_id")?, row.get("room")?);
        let event = fields!(row => RoomEvent { at, what, who = row.participant("participant")? });
        if let Some(room) = world.rooms.get_mut(&key)
            && let Events::Span { events, .. } = &mut room.events
        {
            events.insert(event);
        }
    }
    Ok(())
}

fn read_stay(row: &AnyRow) -> Result<(MeetingId, Stay)> {
    let row = Columns::new(row, "participants", "participant");
    let stay = fields!(row => Stay { who: participant, joined_at, left_at, shares_screen });
    Ok((row.get("meeting_id")?, stay))
}

/// All participants of the loaded meetings of these rooms.
async fn load_stays(conn: &mut Conn, world: &mut World, rooms: &BTreeSet<&RoomKey>) -> Result<()> {
    static STAYS: Bulk = Bulk::new(
        "WITH k (meeting_id) AS (VALUES {})
         SELECT p.meeting_id, p.participant, p.joined_at, p.left_at, p.shares_screen
         FROM k CROSS JOIN participants p WHERE p.meeting_id = k.meeting_id",
    );
    let mut room_of = BTreeMap::new();
    for key in rooms {
        let room = world.rooms.get(*key);
        let ids = room.into_iter().flat_map(|room| room.meetings.keys());
        room_of.extend(ids.map(|id| (*id, *key)));
    }
    let rows = STAYS.fetch(conn, room_of.keys()).await?;
    hold_stays(world, &room_of, &rows)
}

fn hold_stays(
    world: &mut World,
    room_of: &BTreeMap<MeetingId, &RoomKey>,
    rows: &[AnyRow],
) -> Result<()> {
    for row in rows {
        let (meeting, stay) = read_stay(row)?;
        let key = room_of.get(&meeting);
        if let Some(room) = key.and_then(|key| world.rooms.get_mut(*key)) {
            room.stays.insert((meeting, stay));
        }
    }
    Ok(())
}

/// The open stays of the participants that the events name, in rooms whose meeting goes on.
async fn load_open_stays(
    conn: &mut Conn,
    world: &mut World,
    needs: &Needs<'_>,
    later: &[(RoomKey, MeetingId)],
) -> Result<()> {
    static HERE: Bulk = Bulk::new(
        "WITH k (meeting_id, participant) AS (VALUES {})
         SELECT p.meeting_id, p.participant, p.joined_at, p.left_at, p.shares_screen
         FROM k CROSS JOIN participants p
         WHERE p.meeting_id = k.meeting_id AND p.participant = k.participant
             AND p.left_at IS NULL",
    );
    let mut people = BTreeSet::new();
    let mut room_of = BTreeMap::new();
    for (key, meeting) in later {
        room_of.insert(*meeting, key);
        let events = needs.rooms.get(key).map(|need| need.events.as_slice());
        for event in events.unwrap_or_default() {
            people.extend(event.who.as_ref().map(|who| (*meeting, who)));
        }
    }
    let rows = HERE.fetch(conn, people).await?;
    hold_stays(world, &room_of, &rows)
}
