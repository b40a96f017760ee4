//! Recordings by the day on which they started, in the reader's zone.

use reelroom_domain::{
    ids::RecordingId,
    time::{Civil, Timestamp},
    view::RecordingRow,
};

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// The head of a day; its recordings follow.
    Day(Day),
    /// A recording.
    Recording(RecordingRow),
}

/// What the recordings of one day come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// A moment of the day, on the reader's clock.
    pub at: Civil,
    /// Its first in the list.
    pub first: RecordingId,
    /// How many.
    pub recordings: u64,
    /// Bytes of all their files.
    pub bytes: u64,
}

/// What a line is of, while what it says changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// The day that begins with this recording. By its date it might stand there twice: the list is
    /// in the order of the requests, and one that was answered late starts late.
    Day(RecordingId),
    /// A recording.
    Recording(RecordingId),
}

impl Line {
    /// What it is of.
    pub fn key(&self) -> Key {
        match self {
            Self::Day(day) => Key::Day(day.first),
            Self::Recording(row) => Key::Recording(row.id),
        }
    }
}

/// When a recording started, as far as anybody knows.
pub fn started(row: &RecordingRow) -> Timestamp {
    row.started_at.unwrap_or(row.requested_at)
}

/// `rows` in their order, with a head where the day changes.
pub fn lines(rows: &[RecordingRow], civil: impl Fn(Timestamp) -> Civil) -> Vec<Line> {
    let date = |row: &RecordingRow| {
        let at = civil(started(row));
        (at.year, at.month, at.day)
    };
    let mut lines = Vec::new();
    for day in rows.chunk_by(|a, b| date(a) == date(b)) {
        lines.push(Line::Day(Day {
            at: civil(started(&day[0])),
            first: day[0].id,
            recordings: day.len() as u64,
            bytes: day.iter().fold(0, |sum, row| sum.saturating_add(row.bytes)),
        }));
        lines.extend(day.iter().cloned().map(Line::Recording));
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use reelroom_domain::{
        ledger::{Lateness, Ledger},
        recording::{Origin, RecordingState},
        room::RoomId,
    };

    use super::*;

    const HOUR: i64 = 3_600_000;

    fn row(requested_at: i64) -> RecordingRow {
        RecordingRow {
            id: format!("{requested_at:032x}").parse().unwrap(),
            room: RoomId::new("r").unwrap(),
            origin: Origin::Started,
            state: RecordingState::Ready,
            requested_at: Timestamp::from_millis(requested_at),
            started_at: None,
            stopped_at: None,
            length: None,
            file_name: None,
            ledger: Ledger::default(),
            lateness: Lateness::InTime,
            given_up: false,
            bytes: 5,
            archived: 0,
            thumbnail: None,
        }
    }

    #[test]
    fn midnight_is_the_readers() {
        // 17:00 and 15:00 UTC: two days in Shanghai, one in London.
        let rows = [row(17 * HOUR), row(15 * HOUR), row(14 * HOUR)];
        assert_eq!(days(&rows, 8), [(1, 5), (2, 10)]);
        assert_eq!(days(&rows, 0), [(3, 15)]);
        assert_eq!(days(&[], 0), []);
    }

    #[test]
    fn no_two_lines_are_taken_for_one() {
        // Requested before midnight, answered after it, between two of the day before.
        let mut late = row(23 * HOUR);
        late.started_at = Some(Timestamp::from_millis(25 * HOUR));
        let rows = [row(23 * HOUR + 1), late, row(22 * HOUR)];
        assert_eq!(days(&rows, 0), [(1, 5), (1, 5), (1, 5)]);
        let lines = lines(&rows, |at| Civil::at(at, 0));
        let keys: HashSet<Key> = lines.iter().map(Line::key).collect();
        assert_eq!(keys.len(), lines.len());
    }

    fn days(rows: &[RecordingRow], zone_hours: i32) -> Vec<(u64, u64)> {
        lines(rows, |at| Civil::at(at, zone_hours * 3600))
            .into_iter()
            .filter_map(|line| match line {
                Line::Day(day) => Some((day.recordings, day.bytes)),
                Line::Recording(_) => None,
            })
            .collect()
    }
}
