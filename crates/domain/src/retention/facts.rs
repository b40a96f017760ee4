use std::collections::BTreeSet;

use super::kinds::Kinds;
use crate::{file::FileKind, ids::AppId, recording::RecordingState, room::RoomId, time::Timestamp};

/// The facts that decide about a recording. It is neither in the trash nor purged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Its app.
    pub app: AppId,
    /// Its room.
    pub room: RoomId,
    /// Its state.
    pub state: RecordingState,
    /// The keys of its tags, at least of those that rules name.
    pub tags: BTreeSet<String>,
    /// When it began.
    pub began_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// The bytes of its files, by kind.
    pub sizes: Sizes,
    /// Whether it is on hold, itself or by a case.
    pub is_held: bool,
}

/// Bytes by kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sizes([u64; FileKind::ALL.len()]);

impl Sizes {
    /// The bytes of composites, of tracks, and of frames.
    pub const fn new(composite: u64, tracks: u64, frames: u64) -> Self {
        Self([composite, tracks, frames])
    }

    /// Those of one kind.
    pub const fn of(self, kind: FileKind) -> u64 {
        self.0[kind as usize]
    }

    /// The sum over some kinds.
    pub fn sum(self, kinds: &Kinds) -> u64 {
        kinds.iter().map(|kind| self.of(kind)).sum()
    }
}

/// Recordings that are alike to every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stock {
    /// The facts that decide about them: the bytes are sums over all; the days of begin and end are the same for all.
    pub facts: Facts,
    /// Their number.
    pub recordings: u64,
}
