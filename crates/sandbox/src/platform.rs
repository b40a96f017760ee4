//! The platform's state: rooms, meetings and recordings, and what may be done to them.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rand::{Rng, SeedableRng, distr::Alphanumeric, rngs::StdRng};

use crate::{
    files::Request,
    room::{Meeting, Person, Room, Run},
    take::Take,
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
/// The guest of a room that is recorded while nobody is in it.
const GUEST: &str = "guest";
/// More rooms than these are refused: nobody names so many by hand.
const MOST_ROOMS: usize = 2_000;
const LONGEST_ROOM: usize = 512;

/// Something that happened, as a status callback tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct News {
    /// In which room.
    pub room: String,
    /// Who; `None`: the meeting itself.
    pub user: Option<String>,
    /// What.
    pub what: What,
    /// When.
    pub at: Timestamp,
}

/// What can happen in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// A meeting began.
    Begin,
    /// The meeting ended.
    End,
    /// Somebody came.
    Online,
    /// Somebody left.
    Offline,
    /// Somebody shares their screen.
    ScreenOn,
    /// They no longer do.
    ScreenOff,
}

/// Why the platform refuses; its words go into `result`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// No room id.
    #[error("ArRoomID is missing")]
    NoRoom,
    /// A room id longer than 512 bytes.
    #[error("ArRoomID is too long")]
    RoomTooLong,
    /// More rooms than the sandbox keeps.
    #[error("too many rooms")]
    TooManyRooms,
    /// A second start.
    #[error("room is already recording")]
    AlreadyRecording,
    /// A stop without a start.
    #[error("room is not recording")]
    NotRecording,
    /// No such room, meeting or participant.
    #[error("there is no such meeting or participant")]
    NotThere,
}

/// A recording that was stopped.
#[derive(Debug)]
pub(crate) struct Finished {
    /// What was recorded.
    pub take: Take,
    /// What its start asked for.
    pub request: Request,
    /// Four digits and letters, the same for all its files.
    pub random: String,
}

/// The state.
pub(crate) struct Platform {
    rooms: BTreeMap<String, Room>,
    rng: StdRng,
    news: Vec<News>,
}

impl Platform {
    /// A platform on which some meetings have been going on for a while.
    pub(crate) fn new(seed: u64, now: Timestamp) -> Self {
        let mut platform = Self {
            rooms: BTreeMap::new(),
            rng: StdRng::seed_from_u64(seed),
            news: Vec::new(),
        };
        for (index, name) in ROOMS.into_iter().enumerate() {
            let room = platform.furnish(name, index < LIVE_AT_START, now);
            platform.rooms.insert(name.to_owned(), room);
        }
        platform
    }

    fn furnish(&mut self, name: &str, live: bool, now: Timestamp) -> Room {
        let mut regulars: Vec<String> = Vec::new();
        while regulars.len() < 7 {
            let user = format!("u{}", self.rng.random_range(1001..1040));
            if !regulars.contains(&user) {
                regulars.push(user);
            }
        }
        if !name.is_ascii() {
            regulars.insert(1, "王小明".to_owned());
        }
        let meeting = live.then(|| {
            let minutes = self.rng.random_range(6..50);
            let since = now - SignedDuration::from_mins(minutes);
            let count = self.rng.random_range(2..=5);
            let mut people: Vec<Person> = Vec::new();
            for user in regulars.iter().take(count) {
                let late = self.rng.random_range(0..minutes * 60 - 60);
                let late = if people.is_empty() { 0 } else { late };
                people.push(Person {
                    user: user.clone(),
                    since: since + SignedDuration::from_secs(late),
                    screen: None,
                });
            }
            people.sort_by_key(|person| person.since);
            Meeting { since, people }
        });
        Room {
            regulars,
            meeting,
            run: None,
        }
    }

    /// Every room by its name.
    pub(crate) const fn rooms(&self) -> &BTreeMap<String, Room> {
        &self.rooms
    }

    /// A random whole number below `end`, which is not 0.
    pub(crate) fn dice(&mut self, end: usize) -> usize {
        self.rng.random_range(0..end.max(1))
    }

    /// That many random digits and letters.
    pub(crate) fn letters(&mut self, count: usize) -> String {
        let letters = (&mut self.rng).sample_iter(Alphanumeric).take(count);
        letters.map(char::from).collect()
    }

    /// Takes out what happened since the last call.
    pub(crate) fn take_news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.news)
    }

    /// All that is true now, told as if it were news, with the times at which it became true.
    pub(crate) fn present(&self) -> Vec<News> {
        let mut news = Vec::new();
        for (name, room) in &self.rooms {
            let Some(meeting) = &room.meeting else {
                continue;
            };
            let mut tell = |user: Option<&str>, what, at| {
                news.push(News {
                    room: name.clone(),
                    user: user.map(str::to_owned),
                    what,
                    at,
                });
            };
            tell(None, What::Begin, meeting.since);
            for person in &meeting.people {
                tell(Some(&person.user), What::Online, person.since);
                if let Some(since) = person.screen {
                    tell(Some(&person.user), What::ScreenOn, since);
                }
            }
        }
        news
    }

    /// Starts a recording. Where nobody is in the room, a guest comes.
    pub(crate) fn start(
        &mut self,
        room: &str,
        request: Request,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let entry = self.open(room)?;
        if entry.run.is_some() {
            return Err(Refusal::AlreadyRecording);
        }
        let guest = entry.meeting.is_none();
        if guest {
            self.join(room, GUEST, now)?;
        }
        let entry = self.open(room)?;
        entry.run = Some(Run::begin(now, request, guest, entry.people()));
        Ok(())
    }

    /// Stops the recording of a room.
    pub(crate) fn stop(&mut self, room: &str, now: Timestamp) -> Result<Finished, Refusal> {
        if room.is_empty() {
            return Err(Refusal::NoRoom);
        }
        let run = self.rooms.get_mut(room).and_then(|entry| entry.run.take());
        let run = run.ok_or(Refusal::NotRecording)?;
        let take = run.take(room, now);
        let guest_stays = self.rooms.get(room).is_some_and(|entry| entry.has(GUEST));
        if run.guest && guest_stays {
            self.leave(room, GUEST, now)?;
        }
        Ok(Finished {
            take,
            request: run.request,
            random: self.letters(4),
        })
    }

    /// What the platform's automatic recording made of that room in the last while: of those
    /// who are there, or of a guest.
    pub(crate) fn recorded_by_itself(
        &mut self,
        room: &str,
        length: SignedDuration,
        now: Timestamp,
    ) -> Result<Finished, Refusal> {
        let began = now - length;
        let guest = [Person {
            user: GUEST.to_owned(),
            since: began,
            screen: None,
        }];
        let there = self.open(room)?.people();
        let people = if there.is_empty() { &guest } else { there };
        let run = Run::begin(began, Request::default(), false, people);
        Ok(Finished {
            take: run.take(room, now),
            request: run.request,
            random: self.letters(16),
        })
    }

    /// Somebody comes; with the first, the meeting begins. Coming twice changes nothing.
    pub(crate) fn join(&mut self, room: &str, user: &str, now: Timestamp) -> Result<(), Refusal> {
        let entry = self.open(room)?;
        if entry.has(user) {
            return Ok(());
        }
        let begins = entry.meeting.is_none();
        let meeting = entry.meeting.get_or_insert_with(|| Meeting {
            since: now,
            people: Vec::new(),
        });
        meeting.people.push(Person {
            user: user.to_owned(),
            since: now,
            screen: None,
        });
        if let Some(run) = &mut entry.run {
            run.arrive(user, now);
        }
        if begins {
            self.tell(room, None, What::Begin, now);
        }
        self.tell(room, Some(user), What::Online, now);
        Ok(())
    }

    /// Somebody leaves; with the last, the meeting ends.
    pub(crate) fn leave(&mut self, room: &str, user: &str, now: Timestamp) -> Result<(), Refusal> {
        let entry = self.rooms.get_mut(room).filter(|entry| entry.has(user));
        let entry = entry.ok_or(Refusal::NotThere)?;
        if let Some(run) = &mut entry.run {
            run.depart(user, now);
        }
        let mut shared = false;
        let mut ended = false;
        if let Some(meeting) = &mut entry.meeting {
            let gone = meeting.people.extract_if(.., |person| person.user == user);
            shared = gone.last().is_some_and(|person| person.screen.is_some());
            ended = meeting.people.is_empty();
        }
        if ended {
            entry.meeting = None;
        }
        let forgotten = ended && entry.regulars.is_empty() && entry.run.is_none();
        if shared {
            self.tell(room, Some(user), What::ScreenOff, now);
        }
        self.tell(room, Some(user), What::Offline, now);
        if ended {
            self.tell(room, None, What::End, now);
        }
        if forgotten {
            self.rooms.remove(room);
        }
        Ok(())
    }

    /// Everybody leaves. A recording goes on until its stop.
    pub(crate) fn end(&mut self, room: &str, now: Timestamp) -> Result<(), Refusal> {
        let entry = self.rooms.get(room).filter(|room| room.meeting.is_some());
        let people = entry.ok_or(Refusal::NotThere)?.people().to_vec();
        for person in people {
            self.leave(room, &person.user, now)?;
        }
        Ok(())
    }

    /// Somebody begins to share their screen, or stops.
    pub(crate) fn toggle_screen(
        &mut self,
        room: &str,
        user: &str,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let meeting = self
            .rooms
            .get_mut(room)
            .and_then(|room| room.meeting.as_mut());
        let people = meeting.map(|meeting| &mut meeting.people);
        let person = people.and_then(|people| people.iter_mut().find(|one| one.user == user));
        let person = person.ok_or(Refusal::NotThere)?;
        person.screen = if person.screen.is_some() {
            None
        } else {
            Some(now)
        };
        let what = if person.screen.is_some() {
            What::ScreenOn
        } else {
            What::ScreenOff
        };
        self.tell(room, Some(user), what, now);
        Ok(())
    }

    fn tell(&mut self, room: &str, user: Option<&str>, what: What, at: Timestamp) {
        self.news.push(News {
            room: room.to_owned(),
            user: user.map(str::to_owned),
            what,
            at,
        });
    }

    /// The room of that name; any name is a room.
    fn open(&mut self, room: &str) -> Result<&mut Room, Refusal> {
        if room.is_empty() {
            return Err(Refusal::NoRoom);
        }
        if room.len() > LONGEST_ROOM {
            return Err(Refusal::RoomTooLong);
        }
        if self.rooms.len() >= MOST_ROOMS && !self.rooms.contains_key(room) {
            return Err(Refusal::TooManyRooms);
        }
        Ok(self.rooms.entry(room.to_owned()).or_default())
    }
}

#[cfg(test)]
mod tests;
