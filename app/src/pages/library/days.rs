//! Recordings by the day on which they started, in the reader's zone.

use reelroom_domain::{
    time::{Civil, Timestamp},
    view::RecordingRow,
};

/// The recordings of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// A moment of the day, on the reader's clock.
    pub at: Civil,
    /// Newest first.
    pub rows: Vec<RecordingRow>,
}

impl Day {
    /// Bytes of all files of the day.
    pub fn bytes(&self) -> u64 {
        self.rows
            .iter()
            .fold(0, |sum, row| sum.saturating_add(row.bytes))
    }
}

/// When a recording started, as far as anybody knows.
pub fn started(row: &RecordingRow) -> Timestamp {
    row.started_at.unwrap_or(row.requested_at)
}

/// `rows` in their order, cut where the day changes.
pub fn by_day(rows: Vec<RecordingRow>, civil: impl Fn(Timestamp) -> Civil) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for row in rows {
        let at = civil(started(&row));
        match days.last_mut() {
            Some(day) if (day.at.year, day.at.month, day.at.day) == (at.year, at.month, at.day) => {
                day.rows.push(row);
            }
            _ => days.push(Day {
                at,
                rows: vec![row],
            }),
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{
        ledger::{Lateness, Ledger},
        recording::{Origin, RecordingState},
        room::RoomId,
    };

    use super::*;

    fn row(requested_at: i64) -> RecordingRow {
        RecordingRow {
            id: "a".repeat(32).parse().unwrap(),
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
            bytes: 5,
            archived: 0,
            thumbnail: None,
        }
    }

    #[test]
    fn midnight_is_the_readers() {
        const HOUR: i64 = 3_600_000;
        // 17:00 and 15:00 UTC: two days in Shanghai, one in London.
        let rows = || vec![row(17 * HOUR), row(15 * HOUR), row(14 * HOUR)];
        let shanghai = by_day(rows(), |at| Civil::at(at, 8 * 3600));
        assert_eq!(
            shanghai
                .iter()
                .map(|day| day.rows.len())
                .collect::<Vec<_>>(),
            [1, 2]
        );
        assert_eq!(shanghai[1].bytes(), 10);
        assert_eq!(by_day(rows(), |at| Civil::at(at, 0)).len(), 1);
        assert!(by_day(Vec::new(), |at| Civil::at(at, 0)).is_empty());
    }
}
