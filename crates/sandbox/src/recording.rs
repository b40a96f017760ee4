//! The content of a recording before its files are made.

use std::{ops::Range, time::Duration};

use jiff::Timestamp;

/// One recording, from start to stop. Times in it are milliseconds from its start.
#[derive(Debug, Clone)]
pub(crate) struct Recording {
    pub room: String,
    pub began: Timestamp,
    /// At least 1; 0 while it runs.
    pub length: u64,
    /// In the order in which they came.
    pub people: Vec<Participant>,
}

/// One participant of a recording.
#[derive(Debug, Clone)]
pub(crate) struct Participant {
    pub user: String,
    /// Whether they send a picture; without it, their track is audio only.
    pub camera: bool,
    /// When they are in the room, in order, none empty. The last range has no end while the
    /// recording runs and they are there.
    pub present: Vec<Range<u64>>,
}

impl Recording {
    /// A recording that starts with these users.
    pub(crate) fn start<'a>(
        room: &str,
        began: Timestamp,
        users: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut recording = Self {
            room: room.to_owned(),
            began,
            length: 0,
            people: Vec::new(),
        };
        for user in users {
            recording.join(user, began);
        }
        recording
    }

    /// Adds a participant, or a further stay of one.
    pub(crate) fn join(&mut self, user: &str, now: Timestamp) {
        let stay = self.offset(now)..u64::MAX;
        match self.people.iter_mut().find(|known| known.user == user) {
            Some(known) => known.present.push(stay),
            None => self.people.push(Participant {
                user: user.to_owned(),
                camera: has_camera(user),
                present: vec![stay],
            }),
        }
    }

    /// Ends the stay of a participant.
    pub(crate) fn leave(&mut self, user: &str, now: Timestamp) {
        let end = self.offset(now);
        let known = self.people.iter_mut().find(|known| known.user == user);
        if let Some(stay) = known.and_then(|known| known.present.last_mut()) {
            stay.end = end;
        }
    }

    /// Ends the recording; participants who were there for less than a millisecond are left out.
    pub(crate) fn stop(mut self, now: Timestamp) -> Self {
        let end = self.offset(now);
        self.length = end.max(1);
        for person in &mut self.people {
            for stay in &mut person.present {
                stay.end = stay.end.min(end);
            }
            person.present.retain(|stay| !stay.is_empty());
        }
        self.people.retain(|person| !person.present.is_empty());
        // One of several participants has no camera: both kinds of tracks occur.
        if let [_, .., last] = &mut self.people[..] {
            last.camera = false;
        }
        self
    }

    /// The indices of the participants who are there at that time.
    pub(crate) fn voices(&self, at: u64) -> Vec<usize> {
        let people = self.people.iter().enumerate();
        let there = people.filter(|(_, person)| person.is_there(at));
        there.map(|(index, _)| index).collect()
    }

    /// The moment `at` milliseconds after the start.
    pub(crate) fn moment(&self, at: u64) -> Timestamp {
        self.began + Duration::from_millis(at)
    }

    fn offset(&self, now: Timestamp) -> u64 {
        u64::try_from(now.duration_since(self.began).as_millis()).unwrap_or(0)
    }
}

impl Participant {
    /// From the first arrival to the last departure: the part that their track covers.
    pub(crate) fn span(&self) -> Range<u64> {
        match (self.present.first(), self.present.last()) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        }
    }

    /// Whether they are there at that time.
    pub(crate) fn is_there(&self, at: u64) -> bool {
        self.present.iter().any(|stay| stay.contains(&at))
    }
}

/// Whether a user sends a picture: always the same for the same user.
fn has_camera(user: &str) -> bool {
    user.bytes().map(u32::from).sum::<u32>() % 4 != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_holds_the_stays_of_its_participants() {
        let at = |millis: i64| Timestamp::from_millisecond(1_000_000 + millis).unwrap();
        let mut recording = Recording::start("room", at(0), ["alice"]);
        recording.join("bob", at(1_000));
        recording.leave("bob", at(2_000));
        recording.join("bob", at(3_000));
        recording.leave("alice", at(4_000));
        recording.join("too late", at(5_000));
        let recording = recording.stop(at(5_000));
        assert_eq!(recording.length, 5_000);
        let [alice, bob] = &recording.people[..] else {
            panic!("{recording:?}")
        };
        assert_eq!((&*alice.user, alice.span()), ("alice", 0..4_000));
        assert_eq!((&*bob.user, bob.span()), ("bob", 1_000..5_000));
        assert_eq!(bob.present, [1_000..2_000, 3_000..5_000]);
        assert!(!bob.camera);
    }
}
