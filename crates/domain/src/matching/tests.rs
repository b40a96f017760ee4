use uuid::Uuid;

use super::{Origin::*, RecordingState::*, *};
use crate::{
    ids::AppId,
    naming::NamingRule,
    recording::{self, AutoStop},
    room::RoomId,
};

const MINUTE: i64 = 60_000;
const BY_RULE: &str = "ar_board_20180912_a7Kd.mp4";
const BY_CHANCE: &str = "k2h34k2j3h4.mp4";

fn at(minute: i64) -> Timestamp {
    Timestamp::from_millis(minute * MINUTE)
}

/// A composite that spans these minutes, announced in minute 100.
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

/// State, origin, and the minutes of the request and of the stop.
type Row = (RecordingState, Origin, i64, Option<i64>);

/// The reason, the file's name and minutes, and the candidates.
type Tie = (&'static str, &'static str, Option<(i64, i64)>, [Row; 2]);

/// Candidates with ids 1, 2, … Started ones have the default rule.
fn candidates(rows: &[Row]) -> Vec<recording::Recording> {
    let candidate = |(index, &(state, origin, begin, end)): (usize, &Row)| recording::Recording {
        id: id(index + 1),
        app: AppId::from(Uuid::nil()),
        room: RoomId::new("board").unwrap(),
        origin,
        state,
        state_since: at(begin),
        rule: (origin == Started).then(|| NamingRule::DEFAULT.to_owned()),
        path: None,
        user_data: None,
        kind: None,
        requested_at: at(begin),
        started_at: None,
        stopped_at: end.map(at),
        requested_by: None,
        stopped_by: None,
        tracks_expected: 0,
        frames_expected: false,
        auto_stop: AutoStop::default(),
    };
    rows.iter().enumerate().map(candidate).collect()
}

/// The number of the chosen candidate in any order of the candidates, or 0.
fn chosen(file: &Announced, rows: &[Row]) -> usize {
    chosen_within(Patience::default(), file, rows)
}

fn chosen_within(patience: Patience, file: &Announced, rows: &[Row]) -> usize {
    let mut candidates = candidates(rows);
    let found = choose(file, &candidates, patience).map(|one| one.id);
    candidates.reverse();
    let again = choose(file, &candidates, patience).map(|one| one.id);
    assert_eq!(again, found, "{rows:?}");
    found.map_or(0, |found| {
        (1..=rows.len())
            .find(|&number| id(number) == found)
            .unwrap()
    })
}

#[test]
fn the_time_window() {
    let table: [(&str, Row, (i64, i64), usize); 16] = [
        (
            BY_CHANCE,
            (AwaitingFiles, Started, 10, Some(20)),
            (10, 20),
            1,
        ),
        (
            BY_CHANCE,
            (AwaitingFiles, Started, 10, Some(20)),
            (5, 30),
            1,
        ),
        (BY_RULE, (AwaitingFiles, Started, 10, Some(20)), (22, 30), 1),
        (BY_RULE, (AwaitingFiles, Started, 10, Some(20)), (23, 30), 0),
        (BY_RULE, (AwaitingFiles, Started, 10, Some(20)), (0, 8), 1),
        (BY_RULE, (AwaitingFiles, Started, 10, Some(20)), (0, 7), 0),
        (BY_RULE, (Ready, Started, 10, Some(20)), (21, 30), 1),
        // A name that breaks the rule: of another recording, unless it overlaps this one.
        (BY_CHANCE, (Ready, Started, 10, Some(20)), (20, 30), 1),
        (BY_CHANCE, (Ready, Started, 10, Some(20)), (21, 30), 0),
        (BY_CHANCE, (AwaitingFiles, Started, 10, Some(20)), (0, 9), 0),
        (BY_CHANCE, (Recording, Started, 10, None), (50, 60), 1),
        (BY_CHANCE, (Unknown, Started, 10, None), (50, 60), 1),
        (BY_RULE, (Recording, Started, 10, None), (0, 7), 0),
        (BY_CHANCE, (Ready, AutoRecorded, 10, Some(20)), (19, 30), 1),
        (BY_CHANCE, (Ready, AutoRecorded, 10, Some(20)), (20, 30), 0),
        (BY_CHANCE, (Ready, AutoRecorded, 10, Some(20)), (20, 20), 1),
    ];
    for (name, row, minutes, expected) in table {
        let file = file(name, Some(minutes));
        assert_eq!(
            chosen(&file, &[row]),
            expected,
            "{name} {row:?} {minutes:?}"
        );
    }
}

#[test]
fn a_file_without_times_must_arrive_in_time() {
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
fn the_patience_limits_a_file_without_times() {
    let row = (AwaitingFiles, Started, 10, Some(95));
    let taken_within = |minutes: i64| {
        let patience = Patience {
            due_after: minutes * MINUTE,
            ..Patience::default()
        };
        chosen_within(patience, &file(BY_CHANCE, None), &[row])
    };
    assert_eq!([4, 5].map(taken_within), [0, 1]);
}

#[test]
fn a_refused_start_matches_only_names_of_its_rule() {
    let row = (Failed, Started, 10, None);
    assert_eq!(chosen(&file(BY_RULE, Some((10, 20))), &[row]), 1);
    assert_eq!(chosen(&file(BY_CHANCE, Some((10, 20))), &[row]), 0);
    assert_eq!(chosen(&file(BY_RULE, Some((20, 30))), &[row]), 0);
}

#[test]
fn ties_are_broken_in_this_order() {
    let first_wins: [Tie; 10] = [
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
            "by tolerance alone, the nearer",
            BY_RULE,
            Some((30, 31)),
            [
                (AwaitingFiles, Started, 10, Some(29)),
                (AwaitingFiles, Started, 33, Some(40)),
            ],
        ),
        (
            "by tolerance alone and as near, the newer",
            BY_RULE,
            Some((30, 31)),
            [
                (AwaitingFiles, Started, 32, Some(40)),
                (AwaitingFiles, Started, 10, Some(29)),
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
fn a_track_goes_to_the_recording_of_its_time() {
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
fn no_candidate_matches() {
    assert_eq!(chosen(&file(BY_RULE, None), &[]), 0);
}

#[test]
fn files_of_one_meeting_are_gathered() {
    let found = |begin, end| candidates(&[(Ready, AutoRecorded, begin, Some(end))]).remove(0);
    let file = file(BY_CHANCE, Some((20, 30)));
    let meeting = meeting_of(&file, &[(at(0), at(19)), (at(5), at(60)), (at(60), at(90))]);
    assert_eq!(meeting, Some((at(5), at(60))));
    for (begin, end, meeting, expected) in [
        (25, 40, None, true),
        (30, 40, None, false),
        (30, 40, meeting, true),
        (6, 10, meeting, true),
        (0, 5, meeting, false),
        (60, 70, meeting, false),
    ] {
        assert_eq!(
            gathers(&file, &found(begin, end), meeting),
            expected,
            "{begin}-{end}"
        );
    }
    let started = candidates(&[(Ready, Started, 20, Some(30))]).remove(0);
    assert!(!gathers(&file, &started, meeting));
}
