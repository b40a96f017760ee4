//! The ledger of expected files: what should arrive after a stop, by when, and what has.

use serde::{Deserialize, Serialize};

use crate::{file::FileKind, time::Timestamp};

/// How long after a stop a file may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patience {
    /// Later than this is late: shown, nothing more. Milliseconds.
    pub late_after: i64,
    /// Later than this is due: looked up, then reported. Milliseconds.
    pub due_after: i64,
}

impl Default for Patience {
    /// Late after 20 minutes, due after 60 (5 to 10 are normal: `VENDOR.md` §3).
    fn default() -> Self {
        Self {
            late_after: 20 * 60_000,
            due_after: 60 * 60_000,
        }
    }
}

/// What one recording's files come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ledger {
    /// Composites announced; one is expected.
    pub composites: u32,
    /// Tracks announced, counted by participant.
    pub tracks: u32,
    /// Participants seen in the room while it recorded. Zero where no status callback told us:
    /// then the composite alone makes a recording ready.
    pub tracks_expected: u32,
    /// Frames announced. How many there will be nobody says.
    pub frames: u32,
}

impl Ledger {
    /// Counts one more file.
    pub const fn add(&mut self, kind: FileKind) {
        match kind {
            FileKind::Composite => self.composites += 1,
            FileKind::Track => self.tracks += 1,
            FileKind::Frame => self.frames += 1,
        }
    }

    /// Whether everything that is expected has been announced.
    pub const fn is_complete(&self) -> bool {
        self.composites > 0 && self.tracks >= self.tracks_expected
    }

    /// All files announced.
    pub const fn arrived(&self) -> u32 {
        self.composites + self.tracks + self.frames
    }

    /// All files that are expected; frames count once they came.
    pub const fn expected(&self) -> u32 {
        let composites = if self.composites > 1 {
            self.composites
        } else {
            1
        };
        let tracks = if self.tracks > self.tracks_expected {
            self.tracks
        } else {
            self.tracks_expected
        };
        composites + tracks + self.frames
    }
}

/// How late the missing files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lateness {
    /// Nothing is late.
    InTime,
    /// Later than usual.
    Late,
    /// Due.
    Due,
}

impl Patience {
    /// How late files are at `now` that were expected after a stop at `stopped`.
    pub fn lateness(self, stopped: Timestamp, now: Timestamp) -> Lateness {
        let waited = now.since(stopped);
        if waited >= self.due_after {
            Lateness::Due
        } else if waited >= self.late_after {
            Lateness::Late
        } else {
            Lateness::InTime
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complete_means_the_composite_and_a_track_for_each_participant() {
        let mut ledger = Ledger {
            tracks_expected: 2,
            ..Ledger::default()
        };
        for kind in [FileKind::Track, FileKind::Composite, FileKind::Frame] {
            ledger.add(kind);
            assert!(!ledger.is_complete(), "{ledger:?}");
        }
        ledger.add(FileKind::Track);
        assert!(ledger.is_complete());
        assert_eq!((ledger.arrived(), ledger.expected()), (4, 4));
    }

    #[test]
    fn lateness_begins_to_the_millisecond() {
        let stopped = Timestamp::from_millis(1000);
        let at = |minutes: i64, more: i64| {
            Patience::default().lateness(stopped, stopped.plus_millis(minutes * 60_000 + more))
        };
        assert_eq!((at(20, -1), at(20, 0)), (Lateness::InTime, Lateness::Late));
        assert_eq!((at(60, -1), at(60, 0)), (Lateness::Late, Lateness::Due));
    }
}
