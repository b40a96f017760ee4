//! A room: who is in it now, and the recording that runs in it.

use jiff::{SignedDuration, Timestamp};

use crate::{
    files::Request,
    take::{Attendance, Take},
};

/// A room of the emulated platform.
#[derive(Debug, Default)]
pub(crate) struct Room {
    /// The users that may come here by themselves; empty in a room that somebody else named.
    pub regulars: Vec<String>,
    /// The meeting that is on.
    pub meeting: Option<Meeting>,
    /// The recording that runs.
    pub run: Option<Run>,
}

/// A meeting: there is one while somebody is in the room.
#[derive(Debug)]
pub(crate) struct Meeting {
    /// When it began.
    pub since: Timestamp,
    /// Who is in it, in the order in which they came.
    pub people: Vec<Person>,
}

/// Somebody in a meeting.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// The user.
    pub user: String,
    /// When they came.
    pub since: Timestamp,
    /// Since when they share their screen.
    pub screen: Option<Timestamp>,
}

/// A recording that runs.
#[derive(Debug)]
pub(crate) struct Run {
    /// When it started.
    pub began: Timestamp,
    /// What the start asked for.
    pub request: Request,
    /// Nobody was there: a guest came so that there is something to record, and goes with it.
    pub guest: bool,
    stays: Vec<(String, Vec<Stay>)>,
}

/// From when to when somebody was there; `None`: they still are.
type Stay = (Timestamp, Option<Timestamp>);

impl Room {
    /// The meeting's people, none where there is no meeting.
    pub(crate) fn people(&self) -> &[Person] {
        self.meeting.as_ref().map_or(&[], |meeting| &meeting.people)
    }

    /// Whether that user is in the meeting.
    pub(crate) fn has(&self, user: &str) -> bool {
        self.people().iter().any(|person| person.user == user)
    }
}

impl Run {
    /// A recording that starts now, with those who are there.
    pub(crate) fn begin(
        began: Timestamp,
        request: Request,
        guest: bool,
        people: &[Person],
    ) -> Self {
        let stay = |person: &Person| (person.user.clone(), vec![(began, None)]);
        Self {
            began,
            request,
            guest,
            stays: people.iter().map(stay).collect(),
        }
    }

    /// Somebody came.
    pub(crate) fn arrive(&mut self, user: &str, now: Timestamp) {
        match self.stays.iter_mut().find(|(known, _)| known == user) {
            Some((_, stays)) => stays.push((now, None)),
            None => self.stays.push((user.to_owned(), vec![(now, None)])),
        }
    }

    /// Somebody left.
    pub(crate) fn depart(&mut self, user: &str, now: Timestamp) {
        let of_user = self.stays.iter_mut().filter(|(known, _)| known == user);
        for (_, until) in of_user.flat_map(|(_, stays)| stays) {
            until.get_or_insert(now);
        }
    }

    /// What was recorded until now.
    pub(crate) fn take(&self, room: &str, now: Timestamp) -> Take {
        let inside = |at: Timestamp| millis(at.duration_since(self.began));
        let mut people = Vec::new();
        for (user, stays) in &self.stays {
            let present: Vec<_> = stays
                .iter()
                .map(|(from, until)| inside(*from)..inside(until.unwrap_or(now)))
                .filter(|stay| !stay.is_empty())
                .collect();
            if !present.is_empty() {
                people.push(Attendance {
                    user: user.clone(),
                    camera: has_camera(user),
                    present,
                });
            }
        }
        // Where several people are, one of them has no camera: both kinds of tracks occur.
        if let [_, .., last] = &mut people[..] {
            last.camera = false;
        }
        Take {
            room: room.to_owned(),
            began: self.began,
            length: inside(now).max(1),
            people,
        }
    }
}

/// Whether a user sends a picture: always the same for the same user.
fn has_camera(user: &str) -> bool {
    user.bytes().map(u32::from).sum::<u32>() % 4 != 0
}

fn millis(duration: SignedDuration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_take_holds_who_was_there_and_when() {
        let at = |millis: i64| Timestamp::from_millisecond(1_000_000 + millis).unwrap();
        let alice = Person {
            user: "alice".into(),
            since: at(-5_000),
            screen: None,
        };
        let mut run = Run::begin(at(0), Request::default(), false, &[alice]);
        run.arrive("bob", at(1_000));
        run.depart("bob", at(2_000));
        run.arrive("bob", at(3_000));
        run.depart("alice", at(4_000));
        run.arrive("too late", at(5_000));
        let take = run.take("room", at(5_000));
        assert_eq!(take.length, 5_000);
        let [alice, bob] = &take.people[..] else {
            panic!("{take:?}")
        };
        assert_eq!((&*alice.user, alice.span()), ("alice", 0..4_000));
        assert_eq!((&*bob.user, bob.span()), ("bob", 1_000..5_000));
        assert_eq!(bob.present, [1_000..2_000, 3_000..5_000]);
        assert!(!bob.camera);
    }
}
