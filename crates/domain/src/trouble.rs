//! Files in trouble: tried, and without a copy.

use std::collections::BTreeMap;

use crate::{
    cause::Cause, file::FileState, ids::RecordingId, room::RoomId, time::Timestamp, usage::DAY,
};

/// The milliseconds for which a file fails before it is in trouble. One that is blocked or gone is in trouble at once.
pub const FAILING_FOR: i64 = 60 * 60_000;

/// The milliseconds from its first failure for which the list of rooms shows a file in trouble. The library shows it
/// until there is a copy.
pub const SHOWN_FOR: i64 = 7 * DAY;

/// A sum of files in trouble.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trouble {
    /// The number of files that have failed for [`FAILING_FOR`].
    pub failing: u32,
    /// The number of files whose address the app does not allow.
    pub blocked: u32,
    /// The number of files that the platform no longer has.
    pub gone: u32,
    /// The first failure of the failing ones.
    pub failing_since: Option<Timestamp>,
    /// The number of failing files that are being tried, or are next.
    pub trying: u32,
    /// The most tries of one file.
    pub tries: u32,
    /// When the first of them is tried again; `None`: not automatically.
    pub next_try_at: Option<Timestamp>,
    /// The cause of one of them.
    pub cause: Option<Cause>,
}

impl Trouble {
    /// The number of files.
    pub const fn files(&self) -> u32 {
        self.failing + self.blocked + self.gone
    }

    /// The state of those that a person can do most about.
    pub const fn state(&self) -> FileState {
        match self {
            Self { blocked: 1.., .. } => FileState::Blocked,
            Self { failing: 1.., .. } => FileState::Failed,
            _ => FileState::Gone,
        }
    }
}

/// The files in trouble of an app, for a page of its library.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LibraryTrouble {
    /// All of them.
    pub all: Trouble,
    /// Those of the recordings on the page.
    pub recordings: BTreeMap<RecordingId, Trouble>,
}

/// The newest recordings with files in trouble, for the list of rooms.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecentTrouble {
    /// The newest first.
    pub recordings: Vec<TroubledRecording>,
    /// The number of further recordings.
    pub more: u32,
}

/// A recording with files in trouble.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TroubledRecording {
    /// The recording.
    pub id: RecordingId,
    /// Its room.
    pub room: RoomId,
    /// The title of the room; may be empty.
    pub title: String,
    /// When it was requested or, if found, when it started.
    pub requested_at: Timestamp,
    /// Its files in trouble.
    pub trouble: Trouble,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_is_that_of_the_files_that_need_a_person() {
        let state = |blocked, failing, gone| {
            let trouble = Trouble {
                failing,
                blocked,
                gone,
                ..Trouble::default()
            };
            (trouble.files(), trouble.state())
        };
        assert_eq!(state(1, 2, 3), (6, FileState::Blocked));
        assert_eq!(state(0, 1, 3), (4, FileState::Failed));
        assert_eq!(state(0, 0, 3), (3, FileState::Gone));
    }
}
