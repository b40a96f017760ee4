//! How a file without a correlation token finds its recording.
//!
//! 1. **Room and time window.** Only recordings of the same room are looked at. A file that says
//!    when its content starts and ends must overlap the time from the request to the stop,
//!    [`TOLERANCE`] allowed at both ends (two clocks); a file that does not must have come after
//!    the request and within [`Patience`] after the stop. A recording that still runs has an open end.
//!    Two are taken by less: one found by its files has no tolerance, because automatic recordings
//!    of one room follow each other closely, and one that the platform refused is taken only where
//!    its rule reads the name.
//! 2. **The rule read backwards**: a recording whose rule reads the name before one without a rule,
//!    and that before one whose rule does not read it.
//! 3. An overlap without the tolerance before one by tolerance alone.
//! 4. For a composite, or a file without times: a recording that still awaits files before one that
//!    may yet run, and that before one that has all its files (one composite is expected of each).
//! 5. The longer overlap.
//! 6. The newer request.
//!
//! Nothing left after the first step: the file is a recording of its own.

use crate::{
    file::FileKind,
    ids::RecordingId,
    ledger::Patience,
    naming::NamingRule,
    recording::{Origin, RecordingState},
    room::RoomId,
    time::Timestamp,
};

/// How far the platform's clock and ours may be apart, and how long a start or a stop may take to
/// have its effect. Milliseconds.
pub const TOLERANCE: i64 = 2 * 60_000;

/// What a callback says of a file (`VENDOR.md` §3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// What it shows.
    pub kind: FileKind,
    /// Its name.
    pub file_name: String,
    /// When its content starts, where that is known.
    pub started_at: Option<Timestamp>,
    /// When its content ends, where that is known.
    pub ended_at: Option<Timestamp>,
    /// When the callback came.
    pub received_at: Timestamp,
}

/// A recording of the file's room that the file may belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub id: RecordingId,
    /// Where it stands.
    pub state: RecordingState,
    /// How it came to be.
    pub origin: Origin,
    /// The rule that it was started with.
    pub rule: Option<NamingRule>,
    /// When it was requested or, if found, when its content starts.
    pub requested_at: Timestamp,
    /// When it was stopped or, if found, when its content ends.
    pub stopped_at: Option<Timestamp>,
}

/// The recording of `room` that the file belongs to; `None`: one of its own. The module says how
/// it is chosen. The candidates' order does not matter.
pub fn choose(file: &Announced, room: &RoomId, candidates: &[Candidate]) -> Option<RecordingId> {
    candidates
        .iter()
        .filter_map(|candidate| Some((rank(file, room, candidate)?, candidate.id)))
        .max()
        .map(|(_, id)| id)
}

/// How well a recording fits; compared from the first field to the last, more is better.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    reading: Reading,
    without_tolerance: bool,
    waiting: Waiting,
    overlap: i64,
    newest: Timestamp,
}

/// What a recording's rule makes of the file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reading {
    Refuses,
    NoRule,
    Reads,
}

/// Whether a recording has need of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Waiting {
    /// It does not matter for this file.
    Any,
    Served,
    MayRun,
    Awaits,
}

/// `None`: the file cannot belong to it.
fn rank(file: &Announced, room: &RoomId, candidate: &Candidate) -> Option<Rank> {
    let reading = match &candidate.rule {
        None => Reading::NoRule,
        Some(rule) => match rule.read_back(&file.file_name, file.kind, Some(room)) {
            Some(_) => Reading::Reads,
            None => Reading::Refuses,
        },
    };
    if candidate.state == RecordingState::Failed && reading != Reading::Reads {
        return None;
    }
    let span = span(file);
    let (without_tolerance, overlap) = match span {
        Some(span) => overlap(span, candidate)?,
        None => (
            came_in_time(file.received_at, candidate).then_some(true)?,
            0,
        ),
    };
    let waiting = if file.kind == FileKind::Composite || span.is_none() {
        waiting(candidate.state)
    } else {
        Waiting::Any
    };
    Some(Rank {
        reading,
        without_tolerance,
        waiting,
        overlap,
        newest: candidate.requested_at,
    })
}

/// From when to when the file's content goes; a moment where it says only one of them, or has them
/// the wrong way round.
fn span(file: &Announced) -> Option<(Timestamp, Timestamp)> {
    let start = file.started_at.or(file.ended_at)?;
    let end = file.ended_at.unwrap_or(start);
    Some((start, end.max(start)))
}

/// When the recording ended at the latest; `None`: it may run still.
fn end(candidate: &Candidate) -> Option<Timestamp> {
    match candidate.stopped_at {
        None if candidate.state.is_active() => None,
        // Refused, or never stopped by us: all that is known is that it was requested.
        None => Some(candidate.requested_at),
        stopped => stopped,
    }
}

/// Whether the content overlaps the recording without the tolerance, and for how many milliseconds;
/// `None`: not even with it.
fn overlap((start, until): (Timestamp, Timestamp), candidate: &Candidate) -> Option<(bool, i64)> {
    let begin = candidate.requested_at;
    let end = end(candidate).unwrap_or(Timestamp::from_millis(i64::MAX));
    // Negative: so many milliseconds lie between them.
    let length = until.min(end).since(start.max(begin));
    let touches = match candidate.origin {
        Origin::Started => length >= -TOLERANCE,
        // Two that only meet, one's end the other's start, are two recordings; a frame, which has
        // no length, at the very end is still of the first.
        Origin::AutoRecorded => length > 0 || (length == 0 && (start == until || begin == end)),
    };
    touches.then_some((length >= 0, length.max(0)))
}

/// For a file without times: whether it came when files of the recording may come.
fn came_in_time(received: Timestamp, candidate: &Candidate) -> bool {
    let latest = Patience::default().due_after;
    received >= candidate.requested_at
        && end(candidate).is_none_or(|end| received.since(end) <= latest)
}

const fn waiting(state: RecordingState) -> Waiting {
    use RecordingState as S;
    match state {
        S::AwaitingFiles | S::Overdue => Waiting::Awaits,
        S::Requested | S::Recording | S::Stopping | S::Unknown => Waiting::MayRun,
        S::Ready | S::Failed => Waiting::Served,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{Origin::*, RecordingState::*, *};

    const MINUTE: i64 = 60_000;
    const BY_RULE: &str = "ar_board_20180912_a7Kd.mp4";
    const BY_CHANCE: &str = "k2h34k2j3h4.mp4";

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_millis(minute * MINUTE)
    }

    /// A composite whose content goes over these minutes, announced in minute 100.
    fn file(name: &str, minutes: Option<(i64, i64)>) -> Announced {
        Announced {
            kind: FileKind::Composite,
            file_name: name.to_owned(),
            started_at: minutes.map(|(start, _)| at(start)),
            ended_at: minutes.map(|(_, end)| at(end)),
            received_at: at(100),
        }
    }

    fn id(number: usize) -> RecordingId {
        RecordingId::from(Uuid::from_u128(number as u128))
    }

    type Row = (RecordingState, Origin, i64, Option<i64>);

    /// Candidates with ids 1, 2, … The ones that were started have the default rule.
    fn candidates(rows: &[Row]) -> Vec<Candidate> {
        let candidate = |(index, &(state, origin, begin, end)): (usize, &Row)| Candidate {
            id: id(index + 1),
            state,
            origin,
            rule: (origin == Started).then(NamingRule::default),
            requested_at: at(begin),
            stopped_at: end.map(at),
        };
        rows.iter().enumerate().map(candidate).collect()
    }

    /// The number of the chosen candidate, whatever order they come in; 0: none.
    fn chosen(file: &Announced, rows: &[Row]) -> usize {
        let room = RoomId::new("board").unwrap();
        let mut candidates = candidates(rows);
        let found = choose(file, &room, &candidates);
        candidates.reverse();
        assert_eq!(choose(file, &room, &candidates), found, "{rows:?}");
        found.map_or(0, |found| {
            (1..=rows.len())
                .find(|&number| id(number) == found)
                .unwrap()
        })
    }

    #[test]
    fn the_time_window() {
        let table: [(Row, (i64, i64), usize); 12] = [
            ((AwaitingFiles, Started, 10, Some(20)), (10, 20), 1),
            ((AwaitingFiles, Started, 10, Some(20)), (5, 30), 1),
            ((AwaitingFiles, Started, 10, Some(20)), (22, 30), 1),
            ((AwaitingFiles, Started, 10, Some(20)), (23, 30), 0),
            ((AwaitingFiles, Started, 10, Some(20)), (0, 8), 1),
            ((AwaitingFiles, Started, 10, Some(20)), (0, 7), 0),
            ((Recording, Started, 10, None), (50, 60), 1),
            ((Unknown, Started, 10, None), (50, 60), 1),
            ((Recording, Started, 10, None), (0, 7), 0),
            ((Ready, AutoRecorded, 10, Some(20)), (19, 30), 1),
            ((Ready, AutoRecorded, 10, Some(20)), (20, 30), 0),
            ((Ready, AutoRecorded, 10, Some(20)), (20, 20), 1),
        ];
        for (row, minutes, expected) in table {
            let file = file(BY_CHANCE, Some(minutes));
            assert_eq!(chosen(&file, &[row]), expected, "{row:?} {minutes:?}");
        }
    }

    #[test]
    fn without_times_it_must_have_come_in_time() {
        let table: [(Row, usize); 6] = [
            ((AwaitingFiles, Started, 10, Some(40)), 1),
            ((AwaitingFiles, Started, 10, Some(39)), 0),
            ((Recording, Started, 10, None), 1),
            ((Recording, Started, 101, None), 0),
            ((Ready, AutoRecorded, 90, Some(90)), 1),
            ((Ready, Started, 10, None), 0),
        ];
        for (row, expected) in table {
            assert_eq!(chosen(&file(BY_CHANCE, None), &[row]), expected, "{row:?}");
        }
    }

    #[test]
    fn a_refused_start_takes_only_what_its_rule_reads() {
        let row = (Failed, Started, 10, None);
        assert_eq!(chosen(&file(BY_RULE, Some((10, 20))), &[row]), 1);
        assert_eq!(chosen(&file(BY_CHANCE, Some((10, 20))), &[row]), 0);
        assert_eq!(chosen(&file(BY_RULE, Some((20, 30))), &[row]), 0);
    }

    #[test]
    fn ties_are_broken_in_this_order() {
        let first_wins: [(&str, &str, Option<(i64, i64)>, [Row; 2]); 8] = [
            (
                "the rule reads the name, though the other overlaps longer",
                BY_RULE,
                Some((10, 30)),
                [
                    (Ready, Started, 10, Some(11)),
                    (Ready, AutoRecorded, 10, Some(30)),
                ],
            ),
            (
                "no rule before one that does not read the name",
                BY_CHANCE,
                Some((10, 30)),
                [
                    (Ready, AutoRecorded, 10, Some(12)),
                    (AwaitingFiles, Started, 10, Some(30)),
                ],
            ),
            (
                "an overlap before the tolerance",
                BY_RULE,
                Some((21, 30)),
                [
                    (Ready, Started, 21, Some(30)),
                    (AwaitingFiles, Started, 10, Some(20)),
                ],
            ),
            (
                "one that awaits its composite",
                BY_RULE,
                Some((10, 40)),
                [
                    (AwaitingFiles, Started, 30, Some(40)),
                    (Ready, Started, 10, Some(29)),
                ],
            ),
            (
                "one that awaits files before one that runs",
                BY_RULE,
                Some((10, 40)),
                [
                    (Overdue, Started, 10, Some(15)),
                    (Recording, Started, 16, None),
                ],
            ),
            (
                "the longer overlap",
                BY_RULE,
                Some((10, 40)),
                [
                    (AwaitingFiles, Started, 10, Some(29)),
                    (AwaitingFiles, Started, 30, Some(40)),
                ],
            ),
            (
                "the newer",
                BY_RULE,
                Some((30, 30)),
                [
                    (AwaitingFiles, Started, 29, Some(40)),
                    (AwaitingFiles, Started, 10, Some(31)),
                ],
            ),
            (
                "without times: one that awaits files",
                BY_RULE,
                None,
                [
                    (AwaitingFiles, Started, 80, Some(90)),
                    (Recording, Started, 91, None),
                ],
            ),
        ];
        for (why, name, minutes, rows) in first_wins {
            assert_eq!(chosen(&file(name, minutes), &rows), 1, "{why}");
        }
    }

    #[test]
    fn a_track_goes_where_its_time_is_whoever_waits() {
        let rows = [
            (Ready, Started, 10, Some(29)),
            (AwaitingFiles, Started, 30, Some(40)),
        ];
        let mut track = file(BY_RULE, Some((10, 31)));
        assert_eq!(chosen(&track, &rows), 2);
        track.kind = FileKind::Track;
        assert_eq!(chosen(&track, &rows), 1);
    }

    #[test]
    fn one_time_is_better_than_none() {
        let row = (AwaitingFiles, Started, 10, Some(20));
        let mut file = file(BY_RULE, None);
        assert_eq!(chosen(&file, &[row]), 0);
        file.ended_at = Some(at(19));
        assert_eq!(chosen(&file, &[row]), 1);
        file.started_at = Some(at(30));
        assert_eq!(chosen(&file, &[row]), 0);
    }

    #[test]
    fn nothing_to_choose_from() {
        assert_eq!(chosen(&file(BY_RULE, None), &[]), 0);
    }
}
