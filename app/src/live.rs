//! Live changes: what `/events` tells, as signals that resources depend on.

use std::collections::HashMap;

use leptos::prelude::*;
use reelroom_domain::{ids::RecordingId, room::RoomId, time::Timestamp, view::Change};

use crate::{clock::ServerClock, platform};

/// Changes that come within this many milliseconds are one: a recording's files often come together.
const GATHER_MILLIS: u64 = 120;

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
    /// Changes were missed.
    Resync,
    /// The stream broke, or was refused.
    Lost,
}

/// How often things changed. Numbers only ever grow; a page loads again what it shows when its
/// number does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Counts {
    all: u32,
    missed: u32,
    callbacks: u32,
    rooms: HashMap<RoomId, u32>,
    recordings: HashMap<RecordingId, u32>,
}

impl Counts {
    fn add(&mut self, changes: &[Change]) {
        for change in changes {
            let room = match change {
                Change::Callback => {
                    self.callbacks += 1;
                    continue;
                }
                Change::Room { room } => room,
                Change::Recording { id, room } => {
                    *self.recordings.entry(*id).or_default() += 1;
                    room
                }
            };
            self.all += 1;
            *self.rooms.entry(room.clone()).or_default() += 1;
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

    fn of_recording(&self, id: RecordingId) -> u32 {
        self.missed + self.recordings.get(&id).copied().unwrap_or_default()
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

    /// Grows when calls of the platform come, or something becomes of one.
    pub fn of_callbacks(self) -> u32 {
        self.counts.with(Counts::of_callbacks)
    }

    /// Since when the server has not been heard; `None` while it is.
    pub fn silent_since(self) -> Option<Timestamp> {
        self.silent_since.get()
    }

    /// Listens until the owner goes. In the browser only; called by the frame of signed-in pages.
    pub fn listen(self) {
        let clock = ServerClock::expect();
        let gathered = StoredValue::new(Vec::new());
        let pour = move || {
            // Gone with its owner: nobody waits for these changes.
            let Some(changes) = gathered.try_update_value(std::mem::take) else {
                return;
            };
            self.counts.update(|counts| counts.add(&changes));
        };
        let on_change = move |change| {
            let first = gathered.try_update_value(|changes: &mut Vec<Change>| {
                changes.push(change);
                changes.len() == 1
            });
            if first == Some(true) {
                set_timeout(pour, std::time::Duration::from_millis(GATHER_MILLIS));
            }
        };
        let connected_before = StoredValue::new(false);
        let on_hello = move |build: String| {
            if platform::is_other_build(&build) {
                platform::load_pages_anew();
            }
            self.silent_since.set(None);
            if connected_before.try_get_value() == Some(true) {
                self.counts.update(Counts::missed);
            }
            connected_before.try_update_value(|before| *before = true);
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
            Heard::Resync => self.counts.update(Counts::missed),
            Heard::Lost => on_lost(),
        })));
        on_cleanup(move || {
            ear.try_update_value(Option::take);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            (1, 1)
        );
        assert_eq!(counts.of_room(&room("three")), 0);
        assert_eq!(
            (counts.of_recording(id('a')), counts.of_recording(id('b'))),
            (1, 0)
        );
        counts.add(&[Change::Callback]);
        assert_eq!((counts.all, counts.of_callbacks()), (2, 1));
        counts.missed();
        assert_eq!(
            (counts.of_room(&room("three")), counts.of_recording(id('b'))),
            (1, 1)
        );
    }
}
