//! Live changes: what `/events` tells, as signals that resources depend on.

use std::{collections::HashMap, time::Duration};

use leptos::prelude::*;
use reelroom_domain::{ids::RecordingId, room::RoomId, time::Timestamp, view::Change};

use crate::{whole::clock::ServerClock, whole::platform};

/// Changes that come within this many milliseconds are one: a recording's files often come together.
const GATHER_MILLIS: i64 = 120;

/// While much happens, pages load again what they show once in so many milliseconds.
const PAUSE_MILLIS: i64 = 600;

/// What `/events` tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// The stream is open, served by this build.
    Hello {
        /// The id of the build.
        build: String,
    },
    /// One change.
    Change(Change),
    /// The server lives.
    Beat {
        /// The server's time.
        now: Timestamp,
    },
    /// Changes were missed.
    Resync,
    /// The stream broke, or was refused.
    Lost,
}

/// How often things changed, and with which change a room or a recording did last. Numbers only ever
/// grow; a page loads again what it shows when its number does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Counts {
    all: u32,
    missed: u32,
    callbacks: u32,
    apps: u32,
    rooms: HashMap<RoomId, u32>,
    recordings: HashMap<RecordingId, u32>,
}

/// How far a reader of [`Changes::since`] has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Read {
    all: u32,
    missed: u32,
}

/// What changed since a reader read last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// These rooms, or recordings in them.
    Rooms(Vec<RoomId>),
    /// Nobody knows what: all that is shown has to be loaded again.
    Everything,
}

impl Counts {
    fn add(&mut self, changes: &[Change]) {
        for change in changes {
            let (recording, room) = match change {
                Change::Callback => {
                    self.callbacks += 1;
                    continue;
                }
                Change::Apps => {
                    self.apps += 1;
                    continue;
                }
                Change::Room { room } => (None, room),
                Change::Recording { id, room } => (Some(*id), room),
            };
            self.all += 1;
            if let Some(id) = recording {
                self.recordings.insert(id, self.all);
            }
            self.rooms.insert(room.clone(), self.all);
        }
    }

    /// Whatever happened while nobody listened is not known: everything may have changed.
    fn missed(&mut self) {
        self.all += 1;
        self.missed += 1;
    }

    fn of_room(&self, room: &RoomId) -> u32 {
        self.missed + self.rooms.get(room).copied().unwrap_or_default()
    }

    fn of_callbacks(&self) -> u32 {
        self.missed + self.callbacks
    }

    fn of_apps(&self) -> u32 {
        self.missed + self.apps
    }

    fn of_recording(&self, id: RecordingId) -> u32 {
        self.missed + self.recordings.get(&id).copied().unwrap_or_default()
    }

    fn since(&self, read: Read) -> (Read, Changed) {
        let changed = if self.missed == read.missed {
            let later = self.rooms.iter().filter(|(_, last)| **last > read.all);
            Changed::Rooms(later.map(|(room, _)| room.clone()).collect())
        } else {
            Changed::Everything
        };
        let (all, missed) = (self.all, self.missed);
        (Read { all, missed }, changed)
    }
}

/// What changes on the server, and whether it is still heard.
#[derive(Clone, Copy)]
pub struct Changes {
    counts: RwSignal<Counts>,
    silent_since: RwSignal<Option<Timestamp>>,
}

impl Changes {
    /// Nothing has changed yet.
    #[expect(
        clippy::new_without_default,
        reason = "it makes signals, which is not a default"
    )]
    pub fn new() -> Self {
        Self {
            counts: RwSignal::new(Counts::default()),
            silent_since: RwSignal::new(None),
        }
    }

    /// Those of this page.
    pub fn expect() -> Self {
        expect_context()
    }

    /// Grows with every change of a room or a recording. Use it as (part of) the source of a
    /// `Resource`.
    pub fn all(self) -> u32 {
        self.counts.with(|counts| counts.all)
    }

    /// Grows when the room, a recording in it or one of its files changes.
    pub fn of_room(self, room: &RoomId) -> u32 {
        self.counts.with(|counts| counts.of_room(room))
    }

    /// Grows when the recording or one of its files changes.
    pub fn of_recording(self, id: RecordingId) -> u32 {
        self.counts.with(|counts| counts.of_recording(id))
    }

    /// Which rooms changed since `read`, and how far that is read then. Wakes with every change.
    pub fn since(self, read: Read) -> (Read, Changed) {
        self.counts.with(|counts| counts.since(read))
    }

    /// Grows when calls of the platform come, or something becomes of one.
    pub fn of_callbacks(self) -> u32 {
        self.counts.with(Counts::of_callbacks)
    }

    /// Grows when an app is added, changed or removed.
    pub fn of_apps(self) -> u32 {
        self.counts.with(Counts::of_apps)
    }

    /// Since when the server has not been heard; `None` while it is.
    pub fn silent_since(self) -> Option<Timestamp> {
        self.silent_since.get()
    }

    /// Listens until the owner goes. In the browser only; called by the frame of signed-in pages.
    pub fn listen(self) {
        let clock = ServerClock::expect();
        let gathered = StoredValue::new(Vec::new());
        let poured_at = StoredValue::new(Timestamp::from_millis(0));
        let pour = move || {
            // Gone with its owner: nobody waits for these changes.
            let Some(changes) = gathered.try_update_value(std::mem::take) else {
                return;
            };
            if let Some(now) = platform::browser_now() {
                poured_at.set_value(now);
            }
            self.counts.update(|counts| counts.add(&changes));
        };
        let on_change = move |change| {
            let first = gathered.try_update_value(|changes: &mut Vec<Change>| {
                changes.push(change);
                changes.len() == 1
            });
            if first == Some(true) {
                let now = platform::browser_now();
                let last = poured_at.try_get_value();
                let wait = now
                    .zip(last)
                    .map_or(GATHER_MILLIS, |(now, last)| wait_millis(now.since(last)));
                set_timeout(pour, Duration::from_millis(wait.unsigned_abs()));
            }
        };
        let on_hello = move |build: String| {
            if platform::is_other_build(&build) {
                platform::load_pages_anew();
            }
            // Whether changes were missed says the server: it knows from where the page reads on.
            self.silent_since.set(None);
        };
        let on_lost = move || {
            let first = self.silent_since.with_untracked(Option::is_none);
            self.silent_since.update(|since| {
                since.get_or_insert_with(|| clock.now_untracked());
            });
            if !first {
                // Still silent: whoever loads again learns whether the session has ended.
                self.counts.update(Counts::missed);
            }
        };
        let ear = StoredValue::new_local(Some(platform::listen(move |heard| match heard {
            Heard::Hello { build } => on_hello(build),
            Heard::Change(change) => on_change(change),
            Heard::Beat { now } => clock.adjust(now),
            Heard::Resync => self.counts.update(Counts::missed),
            Heard::Lost => on_lost(),
        })));
        on_cleanup(move || {
            ear.try_update_value(Option::take);
        });
    }
}

/// How long to wait before a change is poured out, `since_last` milliseconds after the last pouring.
const fn wait_millis(since_last: i64) -> i64 {
    let pause = PAUSE_MILLIS - since_last;
    if pause > GATHER_MILLIS && pause <= PAUSE_MILLIS {
        pause
    } else {
        GATHER_MILLIS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_change_comes_at_once_and_many_are_gathered() {
        for (since_last, wait) in [(10_000, 120), (600, 120), (0, 600), (200, 400), (-5, 120)] {
            assert_eq!(wait_millis(since_last), wait, "{since_last}");
        }
    }

    #[test]
    fn a_change_reaches_only_whom_it_concerns() {
        let room = |name: &str| RoomId::new(name).unwrap();
        let id = |n: char| -> RecordingId { n.to_string().repeat(32).parse().unwrap() };
        let mut counts = Counts::default();
        counts.add(&[
            Change::Recording {
                id: id('a'),
                room: room("one"),
            },
            Change::Room { room: room("two") },
        ]);
        assert_eq!(counts.all, 2);
        assert_eq!(
            (counts.of_room(&room("one")), counts.of_room(&room("two"))),
            (1, 2)
        );
        assert_eq!(counts.of_room(&room("three")), 0);
        assert_eq!(
            (counts.of_recording(id('a')), counts.of_recording(id('b'))),
            (1, 0)
        );

        let (read, changed) = counts.since(Read { all: 1, missed: 0 });
        assert_eq!(changed, Changed::Rooms(vec![room("two")]));
        assert_eq!(counts.since(read), (read, Changed::Rooms(vec![])));
        counts.add(&[Change::Room { room: room("one") }]);
        assert_eq!(counts.since(read).1, Changed::Rooms(vec![room("one")]));

        counts.add(&[Change::Callback]);
        assert_eq!((counts.all, counts.of_callbacks()), (3, 1));
        counts.add(&[Change::Apps]);
        let others = (counts.all, counts.of_callbacks());
        assert_eq!((others, counts.of_apps()), ((3, 1), 1));
        counts.missed();
        assert_eq!(counts.of_apps(), 2);
        assert_eq!(
            (counts.of_room(&room("three")), counts.of_recording(id('b'))),
            (1, 1)
        );
        assert_eq!(counts.since(read).1, Changed::Everything);
    }
}
