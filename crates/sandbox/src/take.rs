//! What a recording holds before it is made into files.

use std::ops::Range;

use jiff::Timestamp;

/// One recording, from start to stop. Times inside it are milliseconds from its start.
#[derive(Debug, Clone)]
pub(crate) struct Take {
    /// The room.
    pub room: String,
    /// When it started.
    pub began: Timestamp,
    /// How long it ran, in milliseconds; at least 1.
    pub length: u64,
    /// Everybody who was there, in the order in which they came.
    pub people: Vec<Attendance>,
}

/// One participant of a recording.
#[derive(Debug, Clone)]
pub(crate) struct Attendance {
    /// The participant.
    pub user: String,
    /// Whether they send a picture; without, their track is sound only.
    pub camera: bool,
    /// When they were there, in order, none empty.
    pub present: Vec<Range<u64>>,
}

impl Take {
    /// The indices of those who are there at that time.
    pub(crate) fn voices(&self, at: u64) -> Vec<usize> {
        let there = |(index, person): (usize, &Attendance)| person.is_there(at).then_some(index);
        self.people.iter().enumerate().filter_map(there).collect()
    }
}

impl Attendance {
    /// From the first arrival to the last departure: what their track covers.
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
