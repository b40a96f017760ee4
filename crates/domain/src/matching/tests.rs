use uuid::Uuid;

use super::*;
use crate::{naming::NamingRule, room::RoomId, table::lines};

const MINUTE: i64 = 60_000;
const BY_RULE: &str = "ar_board_20180912_a7Kd.mp4";
const BY_CHANCE: &str = "k2h34k2j3h4.mp4";

fn at(minute: i64) -> Timestamp {
    Timestamp::from_millis(minute * MINUTE)
}

fn id(number: usize) -> RecordingId {
    RecordingId::from(Uuid::from_u128(number as u128))
}

/// The minutes of a text: `10..20`, `10..`, or `-` for none.
fn minutes(text: &str) -> Option<(i64, Option<i64>)> {
    let (from, to) = text.split_once("..")?;
    Some((from.parse().unwrap(), to.parse().ok()))
}

/// A composite of a name (`rule` or `chance`) and minutes, announced in minute 100: `rule 10..20`.
fn composite(text: &str) -> Announced {
    let (name, times) = text.split_once(' ').unwrap();
    let name = if name == "rule" { BY_RULE } else { BY_CHANCE };
    let times = minutes(times);
    Announced {
        kind: FileKind::Composite,
        file_name: name.to_owned(),
        started_at: times.map(|(start, _)| at(start)),
        ended_at: times.and_then(|(_, end)| end).map(at),
        received_at: at(100),
    }
}

/// Candidates of a state, an origin, and the minutes of the request and of the stop, with ids 1, 2, …: `ready started
/// 10..20, recording started 16..`. Started ones have the default rule.
fn candidates(text: &str) -> Vec<Recording> {
    let rows = text.split(',').filter(|row| !row.trim().is_empty());
    let candidate = |(index, row): (usize, &str)| {
        let words: Vec<&str> = row.split_whitespace().collect();
        let (begin, end) = minutes(words[2]).unwrap();
        let origin = Origin::parse(words[1]).unwrap();
        let (app, room) = (Uuid::nil().into(), RoomId::new("board").unwrap());
        Recording {
            origin,
            state: RecordingState::parse(words[0]).unwrap(),
            started_at: (origin == Origin::AutoRecorded).then(|| at(begin)),
            rule: (origin == Origin::Started).then(|| NamingRule::DEFAULT.to_owned()),
            stopped_at: end.map(at),
            ..Recording::requested(id(index + 1), app, room, at(begin))
        }
    };
    rows.enumerate().map(candidate).collect()
}

/// The number of the chosen candidate in any order of the candidates, or 0.
fn chosen(file: &Announced, rows: &str) -> usize {
    chosen_within(Patience::default(), file, rows)
}

fn chosen_within(patience: Patience, file: &Announced, rows: &str) -> usize {
    let mut candidates = candidates(rows);
    let number = |candidates: &[Recording]| {
        let found = choose(file, candidates, patience).map(|one| one.id);
        found.map_or(0, |found| {
            let mut numbers = 1..=candidates.len();
            numbers.find(|&number| id(number) == found).unwrap()
        })
    };
    let found = number(&candidates);
    candidates.reverse();
    assert_eq!(number(&candidates), found, "{rows}");
    found
}

#[test]
fn the_time_window() {
    for (text, row, expected) in [
        ("chance 10..20", "awaiting_files started 10..20", 1),
        ("chance 5..30", "awaiting_files started 10..20", 1),
        ("rule 22..30", "awaiting_files started 10..20", 1),
        ("rule 23..30", "awaiting_files started 10..20", 0),
        ("rule 0..8", "awaiting_files started 10..20", 1),
        ("rule 0..7", "awaiting_files started 10..20", 0),
        ("rule 21..30", "ready started 10..20", 1),
        // A name that breaks the rule: of another recording, unless it overlaps this one.
        ("chance 20..30", "ready started 10..20", 1),
        ("chance 21..30", "ready started 10..20", 0),
        ("chance 0..9", "awaiting_files started 10..20", 0),
        ("chance 50..60", "recording started 10..", 1),
        ("chance 50..60", "unknown started 10..", 1),
        ("rule 0..7", "recording started 10..", 0),
        ("chance 19..30", "ready auto_recorded 10..20", 1),
        ("chance 20..30", "ready auto_recorded 10..20", 0),
        ("chance 20..20", "ready auto_recorded 10..20", 1),
    ] {
        assert_eq!(chosen(&composite(text), row), expected, "{text} {row}");
    }
}

#[test]
fn a_file_without_times_must_arrive_in_time() {
    for (row, expected) in [
        ("awaiting_files started 10..40", 1),
        ("awaiting_files started 10..39", 0),
        ("recording started 10..", 1),
        ("recording started 101..", 0),
        ("ready auto_recorded 90..90", 1),
        ("ready started 10..", 0),
    ] {
        assert_eq!(chosen(&composite("chance -"), row), expected, "{row}");
    }
}

#[test]
fn the_patience_limits_a_file_without_times() {
    let taken_within = |minutes: i64| {
        let patience = Patience {
            due_after: minutes * MINUTE,
            ..Patience::default()
        };
        chosen_within(
            patience,
            &composite("chance -"),
            "awaiting_files started 10..95",
        )
    };
    assert_eq!([4, 5].map(taken_within), [0, 1]);
}

#[test]
fn a_refused_start_matches_only_names_of_its_rule() {
    for (text, expected) in [("rule 10..20", 1), ("chance 10..20", 0), ("rule 20..30", 0)] {
        assert_eq!(
            chosen(&composite(text), "failed started 10.."),
            expected,
            "{text}"
        );
    }
}

/// Pairs of lines: why the first candidate wins, and the file with the candidates.
const TIES: &str = "
    the rule reads the name, though the other overlaps longer
        rule 10..30: ready started 10..11, ready auto_recorded 10..30
    no rule before one that does not read the name
        chance 10..30: ready auto_recorded 10..12, awaiting_files started 10..30
    an overlap before the tolerance
        rule 21..30: ready started 21..30, awaiting_files started 10..20
    one that awaits its composite
        rule 10..40: awaiting_files started 30..40, ready started 10..29
    one that awaits files before one that runs
        rule 10..40: overdue started 10..15, recording started 16..
    the longer overlap
        rule 10..40: awaiting_files started 10..29, awaiting_files started 30..40
    by tolerance alone, the nearer
        rule 30..31: awaiting_files started 10..29, awaiting_files started 33..40
    by tolerance alone and as near, the newer
        rule 30..31: awaiting_files started 32..40, awaiting_files started 10..29
    the newer
        rule 30..30: awaiting_files started 29..40, awaiting_files started 10..31
    without times: one that awaits files
        rule -: awaiting_files started 80..90, recording started 91..
";

#[test]
fn ties_are_broken_in_this_order() {
    let lines: Vec<&str> = lines(TIES).collect();
    for &[why, tie] in lines.as_chunks::<2>().0 {
        let (file, rows) = tie.split_once(": ").unwrap();
        assert_eq!(chosen(&composite(file), rows), 1, "{why}");
    }
}

#[test]
fn a_track_goes_to_the_recording_of_its_time() {
    let rows = "ready started 10..29, awaiting_files started 30..40";
    let mut track = composite("rule 10..31");
    assert_eq!(chosen(&track, rows), 2);
    track.kind = FileKind::Track;
    assert_eq!(chosen(&track, rows), 1);
}

#[test]
fn one_time_is_better_than_none() {
    let row = "awaiting_files started 10..20";
    let mut file = composite("rule -");
    assert_eq!(chosen(&file, row), 0);
    file.ended_at = Some(at(19));
    assert_eq!(chosen(&file, row), 1);
    file.started_at = Some(at(30));
    assert_eq!(chosen(&file, row), 0);
}

#[test]
fn no_candidate_matches() {
    assert_eq!(chosen(&composite("rule -"), ""), 0);
}

#[test]
fn files_of_one_meeting_are_gathered() {
    let found = |minutes: &str| candidates(&format!("ready auto_recorded {minutes}")).remove(0);
    let file = composite("chance 20..30");
    let meeting = meeting_of(&file, &[(at(0), at(19)), (at(5), at(60)), (at(60), at(90))]);
    assert_eq!(meeting, Some((at(5), at(60))));
    for (minutes, meeting, expected) in [
        ("25..40", None, true),
        ("30..40", None, false),
        ("30..40", meeting, true),
        ("6..10", meeting, true),
        ("0..5", meeting, false),
        ("60..70", meeting, false),
        // A frame, or content whose end is unknown.
        ("40..40", None, false),
        ("5..5", meeting, true),
        ("40..40", meeting, true),
        ("60..60", meeting, false),
    ] {
        let gathered = gathers(&file, &found(minutes), meeting);
        assert_eq!(gathered, expected, "{minutes}");
    }
    let started = candidates("ready started 20..30").remove(0);
    assert!(!gathers(&file, &started, meeting));
    let mut open = candidates("ready auto_recorded 6..").remove(0);
    assert!(gathers(&file, &open, meeting));
    assert!(!gathers(&file, &open, None));
    open.started_at = None;
    assert!(!gathers(&file, &open, meeting));
}

#[test]
fn a_moment_is_of_the_meeting_in_which_it_lies() {
    let meetings = [(at(20), at(30)), (at(0), at(20))];
    let meeting_at =
        |minute| meeting_of(&composite(&format!("chance {minute}..{minute}")), &meetings);
    let expected = [Some(meetings[1]), Some(meetings[0]), None];
    assert_eq!([0, 20, 30].map(meeting_at), expected);
}
