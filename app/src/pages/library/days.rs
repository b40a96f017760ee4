//! Groups recordings by the day on which they started, in the reader's zone.

use reelroom_domain::{
    time::{Civil, Timestamp},
    view::RecordingRow,
};

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// The heading of a day, before its recordings.
    Day(Day),
    /// A recording.
    Recording(RecordingRow),
}

/// The totals of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// A time on that day, in the reader's zone.
    pub at: Civil,
    /// The number of recordings.
    pub recordings: u64,
    /// The size of all their files in bytes.
    pub bytes: u64,
}

/// The start of a recording, as far as it is known.
pub fn started(row: &RecordingRow) -> Timestamp {
    row.started_at.unwrap_or(row.requested_at)
}

/// The lines for `rows`, in order, with a heading where the day changes.
pub fn lines(rows: &[RecordingRow], civil: impl Fn(Timestamp) -> Civil) -> Vec<Line> {
    let date = |row: &RecordingRow| {
        let at = civil(started(row));
        (at.year, at.month, at.day)
    };
    let mut lines = Vec::new();
    for day in rows.chunk_by(|a, b| date(a) == date(b)) {
        lines.push(Line::Day(Day {
            at: civil(started(&day[0])),
            recordings: day.len() as u64,
            bytes: day.iter().fold(0, |sum, row| sum.saturating_add(row.bytes)),
        }));
        lines.extend(day.iter().cloned().map(Line::Recording));
    }
    lines
}

#[cfg(test)]
mod tests {
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
