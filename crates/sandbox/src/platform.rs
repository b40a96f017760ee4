//! The state of the platform: rooms, meetings and recordings, and the actions on them.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rand::{Rng, SeedableRng, distr::Alphanumeric, rngs::StdRng, seq::index};
use reelroom_anyrtc::status::{StatusEvent, What};

use crate::{
    recording::Recording,
    request::{BadBody, Request},
};

/// Rooms that exist from the start; the first ones have a meeting.
const ROOMS: [&str; 12] = [
    "board-weekly",
    "class-7B",
    "townhall-q4",
    "客服培训",
    "support-tier2",
    "产品评审",
    "class-7A",
    "hiring-panel",
    "legal-review",
    "lab-west",
    "ops-standup",
    "sales-demo-03",
];
const LIVE_AT_START: usize = 6;
/// The only participant of a room that is recorded while it is empty.
const GUEST: &str = "guest";
const MAX_ROOMS: usize = 2_000;
/// Bytes.
const MAX_ROOM_ID: usize = 512;

/// Why the platform refuses a call; the message goes into `result`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("AppID is missing")]
    NoApp,
    #[error("AppID is unknown")]
    UnknownApp,
    #[error("Type is unknown")]
    UnknownType,
    #[error("ArRoomID is missing")]
    NoRoom,
    #[error("ArRoomID is too long")]
    RoomTooLong,
    #[error("too many rooms")]
    TooManyRooms,
    #[error(transparent)]
    Body(#[from] BadBody),
    #[error("room is already recording")]
    AlreadyRecording,
    #[error("room is not recording")]
    NotRecording,
    #[error("there is no such meeting or participant")]
    NotThere,
}

/// A room: the people in it now, and the recording that runs in it.
#[derive(Debug, Default)]
pub(crate) struct Room {
    /// The users that come here by themselves; empty in a room that a caller named.
    pub regulars: Vec<String>,
    /// When the meeting began; `None` while the room is empty.
    pub live_since: Option<Timestamp>,
    /// The people in the meeting, in the order in which they came.
    pub people: Vec<Person>,
    /// The recording that runs.
    pub run: Option<Run>,
}

impl Room {
    /// Whether that user is in the meeting.
    pub(crate) fn has(&self, user: &str) -> bool {
        self.users().any(|known| known == user)
    }

    fn users(&self) -> impl Iterator<Item = &str> {
        self.people.iter().map(|person| person.user.as_str())
    }
}

/// A person in a meeting.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub user: String,
    /// When they came.
    pub since: Timestamp,
    /// Since when they share their screen.
    pub screen: Option<Timestamp>,
}

/// A recording that runs.
#[derive(Debug)]
pub(crate) struct Run {
    pub recording: Recording,
    request: Request,
    /// Whether a guest came with it, to leave with it.
    guest: bool,
}

/// A recording that was stopped.
#[derive(Debug)]
pub(crate) struct Finished {
    pub recording: Recording,
    pub request: Request,
    /// The digits and letters of `{random}`, the same for all its files.
    pub random: String,
}

/// The state of the platform.
pub(crate) struct Platform {
    pub rooms: BTreeMap<String, Room>,
    pub rng: StdRng,
    events: Vec<StatusEvent>,
}

impl Platform {
    /// A platform on which some meetings have been going on for a while.
    pub(crate) fn new(seed: u64, now: Timestamp) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let rooms = ROOMS.into_iter().enumerate();
        let rooms = rooms.map(|(index, name)| {
            let room = room(&mut rng, name, index < LIVE_AT_START, now);
            (name.to_owned(), room)
        });
        Self {
            rooms: rooms.collect(),
            rng,
            events: Vec::new(),
        }
    }

    /// `count` random digits and letters.
    pub(crate) fn letters(&mut self, count: usize) -> String {
        let letters = (&mut self.rng).sample_iter(Alphanumeric).take(count);
        letters.map(char::from).collect()
    }

    /// Removes and returns the events since the last call.
    pub(crate) fn take_events(&mut self) -> Vec<StatusEvent> {
        std::mem::take(&mut self.events)
    }

    /// The present state as events, with the times at which it began.
    pub(crate) fn present(&self) -> Vec<StatusEvent> {
        let mut events = Vec::new();
        for (name, room) in &self.rooms {
            let Some(since) = room.live_since else {
                continue;
            };
            events.push(event(name, None, What::MeetingBegan, since));
            for person in &room.people {
                let user = Some(person.user.as_str());
                events.push(event(name, user, What::Online, person.since));
                events.extend((person.screen).map(|at| event(name, user, What::ScreenOn, at)));
            }
        }
        events
    }

    /// Starts a recording. An empty room gets a guest.
    pub(crate) fn start(
        &mut self,
        room: &str,
        request: Request,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let entry = self.room(room)?;
        if entry.run.is_some() {
            return Err(Refusal::AlreadyRecording);
        }
        let guest = entry.people.is_empty();
        if guest {
            self.join(room, GUEST, now)?;
        }
        let entry = self.room(room)?;
        entry.run = Some(Run {
            recording: Recording::start(room, now, entry.users()),
            request,
            guest,
        });
        Ok(())
    }

    /// Stops the recording of a room.
    pub(crate) fn stop(&mut self, room: &str, now: Timestamp) -> Result<Finished, Refusal> {
        if room.is_empty() {
            return Err(Refusal::NoRoom);
        }
        let entry = self.rooms.get_mut(room).ok_or(Refusal::NotRecording)?;
        let run = entry.run.take().ok_or(Refusal::NotRecording)?;
        if run.guest && entry.has(GUEST) {
            self.leave(room, GUEST, now)?;
        }
        Ok(Finished {
            recording: run.recording.stop(now),
            request: run.request,
            random: self.letters(4),
        })
    }

    /// An automatic recording of that room which ends now: of the people who are there, or of a
    /// guest. Its files have random names.
    pub(crate) fn record_automatically(
        &mut self,
        room: &str,
        length: SignedDuration,
        now: Timestamp,
    ) -> Result<Finished, Refusal> {
        let entry = self.room(room)?;
        let guest = entry.people.is_empty().then_some(GUEST);
        let users = entry.users().chain(guest);
        Ok(Finished {
            recording: Recording::start(room, now - length, users).stop(now),
            request: Request {
                rule: Some("{random}".to_owned()),
                ..Request::default()
            },
            random: self.letters(16),
        })
    }

    /// Adds a person to a room; with the first, the meeting begins. Joining twice is no error.
    pub(crate) fn join(&mut self, room: &str, user: &str, now: Timestamp) -> Result<(), Refusal> {
        let entry = self.room(room)?;
        if entry.has(user) {
            return Ok(());
        }
        entry.people.push(Person {
            user: user.to_owned(),
            since: now,
            screen: None,
        });
        if let Some(run) = &mut entry.run {
            run.recording.join(user, now);
        }
        if entry.live_since.is_none() {
            entry.live_since = Some(now);
            self.add_event(room, None, What::MeetingBegan, now);
        }
        self.add_event(room, Some(user), What::Online, now);
        Ok(())
    }

    /// Removes a person from a room; with the last, the meeting ends.
    pub(crate) fn leave(&mut self, room: &str, user: &str, now: Timestamp) -> Result<(), Refusal> {
        let entry = self.rooms.get_mut(room).ok_or(Refusal::NotThere)?;
        let place = entry.people.iter().position(|person| person.user == user);
        let person = entry.people.remove(place.ok_or(Refusal::NotThere)?);
        if let Some(run) = &mut entry.run {
            run.recording.leave(user, now);
        }
        let ended = entry.people.is_empty();
        if ended {
            entry.live_since = None;
        }
        if ended && entry.regulars.is_empty() && entry.run.is_none() {
            self.rooms.remove(room);
        }
        if person.screen.is_some() {
            self.add_event(room, Some(user), What::ScreenOff, now);
        }
        self.add_event(room, Some(user), What::Offline, now);
        if ended {
            self.add_event(room, None, What::MeetingEnded, now);
        }
        Ok(())
    }

    /// Removes all people from a room. A recording continues until its stop.
    pub(crate) fn end(&mut self, room: &str, now: Timestamp) -> Result<(), Refusal> {
        let entry = self
            .rooms
            .get(room)
            .filter(|entry| !entry.people.is_empty());
        let people = entry.ok_or(Refusal::NotThere)?.people.clone();
        for person in people {
            self.leave(room, &person.user, now)?;
        }
        Ok(())
    }

    /// Starts or stops a person's screen share.
    pub(crate) fn toggle_screen(
        &mut self,
        room: &str,
        user: &str,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let mut people = self
            .rooms
            .get_mut(room)
            .into_iter()
            .flat_map(|entry| &mut entry.people);
        let person = people.find(|person| person.user == user);
        let screen = &mut person.ok_or(Refusal::NotThere)?.screen;
        let what = if screen.take().is_some() {
            What::ScreenOff
        } else {
            *screen = Some(now);
            What::ScreenOn
        };
        self.add_event(room, Some(user), what, now);
        Ok(())
    }

    fn add_event(&mut self, room: &str, user: Option<&str>, what: What, at: Timestamp) {
        self.events.push(event(room, user, what, at));
    }

    /// The room of that name, made if need be.
    fn room(&mut self, room: &str) -> Result<&mut Room, Refusal> {
        if room.is_empty() {
            return Err(Refusal::NoRoom);
        }
        if room.len() > MAX_ROOM_ID {
            return Err(Refusal::RoomTooLong);
        }
        if self.rooms.len() >= MAX_ROOMS && !self.rooms.contains_key(room) {
            return Err(Refusal::TooManyRooms);
        }
        Ok(self.rooms.entry(room.to_owned()).or_default())
    }
}

fn event(room: &str, user: Option<&str>, what: What, at: Timestamp) -> StatusEvent {
    StatusEvent {
        room: room.to_owned(),
        user: user.map(str::to_owned),
        at_ms: Some(at.as_millisecond()),
        what,
        user_data: None,
    }
}

/// A room with regulars and, if it is live, a meeting of some of them.
fn room(rng: &mut StdRng, name: &str, live: bool, now: Timestamp) -> Room {
    let regulars = index::sample(rng, 39, 7).into_iter();
    let mut regulars: Vec<String> = regulars
        .map(|number| format!("u{}", 1001 + number))
        .collect();
    if !name.is_ascii() {
        regulars.insert(1, "王小明".to_owned());
    }
    if !live {
        return Room {
            regulars,
            ..Room::default()
        };
    }
    let minutes = rng.random_range(6..50);
    let since = now - SignedDuration::from_mins(minutes);
    let count = rng.random_range(2..=5);
    let people = regulars.iter().take(count).enumerate();
    let people = people.map(|(index, user)| {
        // The first of them begins the meeting.
        let late = rng.random_range(0..minutes * 60 - 60) * i64::from(index > 0);
        Person {
            user: user.clone(),
            since: since + SignedDuration::from_secs(late),
            screen: None,
        }
    });
    let mut people: Vec<Person> = people.collect();
    people.sort_by_key(|person| person.since);
    Room {
        regulars,
        live_since: Some(since),
        people,
        run: None,
    }
}

#[cfg(test)]
mod tests;
