//! Makes the recordings of a demo, one after another.

use std::{iter::Enumerate, slice, vec};

use rand::{Rng, SeedableRng, rngs::StdRng};
use reelroom_domain::{
    file::FileState::{self, Archived, Blocked, Failed as CopyFailed, Fetching, Gone, Remote},
    ids::AppId,
    naming::NamingRule,
    recording::RecordingState::{self, AwaitingFiles, Failed, Overdue, Ready, Recording, Unknown},
    time::Timestamp,
};
use reelroom_store::demo::DemoRecording;

use super::{
    choice::{MINUTE, Source, Weighted, one_of},
    files::Copies,
    recording::{Case, recording},
    rooms::{Room, frequencies, rooms},
    starts::starts,
    words::{ACCOUNTS, RULES},
};
use crate::SharedRng;

/// The states of the copies of recordings, of 10,000.
const COPIES: [(u64, Copies); 6] = [
    (9_797, copies(Archived, Archived)),
    (120, copies(Remote, Remote)),
    (80, copies(Fetching, Remote)),
    (1, copies(CopyFailed, Archived)),
    (1, copies(Blocked, Archived)),
    (1, copies(Gone, Archived)),
];

/// Of the newest recordings: how many minutes ago it was requested, how many minutes it ran, its state, and that of
/// its first copy.
type Newest = (i64, i64, RecordingState, FileState);

const fn copies(first: FileState, others: FileState) -> Copies {
    Copies { first, others }
}

/// The newest recordings, each in a room of its own.
static NEWEST: [Newest; 12] = [
    (25, 25, Recording, Archived),
    (44, 35, AwaitingFiles, Archived),
    (26 * 60, 50, Overdue, Archived),
    (70, 70, Unknown, Archived),
    (95, 1, Failed, Archived),
    (200, 40, Ready, CopyFailed),
    (300, 55, Ready, Blocked),
    (420, 30, Ready, Gone),
    (52, 52, Recording, Archived),
    (38, 33, AwaitingFiles, Archived),
    (64, 50, AwaitingFiles, Archived),
    (5 * 60, 45, Overdue, Archived),
];

/// An iterator of recordings, in the order of their requests; the newest ones come last.
pub struct Maker {
    source: Source,
    app: AppId,
    now: Timestamp,
    rooms: Vec<Room>,
    /// How often each room is recorded.
    frequencies: Weighted<usize>,
    /// When the last recording of each room is over.
    free_at: Vec<Timestamp>,
    rules: Vec<NamingRule>,
    accounts: Weighted<&'static str>,
    copies: Weighted<Copies>,
    starts: vec::IntoIter<Timestamp>,
    newest: Enumerate<slice::Iter<'static, Newest>>,
}

impl Maker {
    /// Makes this many recordings: the same ones for the same seed, app and time.
    pub fn new(seed: u64, app: AppId, now: Timestamp, recordings: usize) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let rooms = rooms(&mut rng, (recordings / 200).max(5));
        let newest = NEWEST.len().min(rooms.len()).min(recordings / 20);
        let starts = starts(&mut rng, recordings - newest, now);
        let rules = RULES.iter().filter_map(|rule| NamingRule::parse(rule).ok());
        Self {
            source: Source {
                rng,
                ids: SharedRng::from_seed(seed),
            },
            app,
            now,
            frequencies: frequencies(rooms.len()),
            free_at: vec![Timestamp::default(); rooms.len()],
            rooms,
            rules: rules.collect(),
            accounts: Weighted::new(ACCOUNTS),
            copies: Weighted::new(COPIES),
            starts: starts.into_iter(),
            newest: NEWEST[..newest].iter().enumerate(),
        }
    }

    pub fn rooms(&self) -> &[Room] {
        &self.rooms
    }

    /// A recording that was requested then.
    fn usual(&mut self, at: Timestamp) -> DemoRecording {
        let rng = &mut self.source.rng;
        let mut place = *self.frequencies.choose(rng);
        // Not a room that is still being recorded.
        for _ in 0..20 {
            if self.free_at[place] <= at {
                break;
            }
            place = *self.frequencies.choose(rng);
        }
        let minutes = *one_of(rng, self.rooms[place].theme.minutes);
        let length = minutes * MINUTE * rng.random_range(70..=115_i64) / 100;
        let length = length + rng.random_range(0..MINUTE);
        self.free_at[place] = at.plus_millis(length + 2 * MINUTE);
        let has_failed = rng.random_ratio(1, 250);
        let state = if has_failed { Failed } else { Ready };
        let copies = *self.copies.choose(rng);
        self.recording(place, at, length, state, true, copies)
    }

    fn recording(
        &mut self,
        place: usize,
        at: Timestamp,
        length: i64,
        state: RecordingState,
        is_seen: bool,
        copies: Copies,
    ) -> DemoRecording {
        let case = Case {
            app: self.app,
            room: &self.rooms[place],
            at,
            length,
            state,
            is_seen,
            copies,
            rule: one_of(&mut self.source.rng, &self.rules),
            accounts: &self.accounts,
        };
        recording(&mut self.source, &case)
    }
}

impl Iterator for Maker {
    type Item = DemoRecording;

    fn next(&mut self) -> Option<DemoRecording> {
        if let Some(at) = self.starts.next() {
            return Some(self.usual(at));
        }
        let (index, &(ago, minutes, state, first)) = self.newest.next()?;
        let at = self.now.plus_millis(-ago * MINUTE);
        // The last rooms are recorded least.
        let place = self.rooms.len() - 1 - index;
        let copies = copies(first, Archived);
        Some(self.recording(place, at, minutes * MINUTE, state, false, copies))
    }
}
