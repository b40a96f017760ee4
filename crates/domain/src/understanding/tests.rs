//! Any order of the same calls, decided without a database, ends in the same world.

mod takes;

use std::collections::{BTreeMap, BTreeSet};

use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, subsequence},
};
use uuid::Uuid;

use super::*;
use crate::{
    callback::Verdict,
    change::Change,
    file::{Announcement, FileKind, Media},
    ids::{AppId, CallId, RecordingId},
    keep::KeepState,
    ledger::Patience,
    recording::{Origin, Recording, RecordingState},
    room::{ParticipantId, RoomId},
    table::{at, events},
    time::Timestamp,
};

/// Ids that count up.
struct Counter(u128);

impl Ids for Counter {
    fn next(&mut self, _: Timestamp) -> Uuid {
        self.0 += 1;
        Uuid::from_u128(self.0)
    }
}

fn app() -> AppId {
    Uuid::from_u128(1).into()
}

fn room(name: &str) -> RoomId {
    RoomId::new(name).unwrap()
}

fn person(name: &str) -> ParticipantId {
    ParticipantId::new(name).unwrap()
}

fn started_id(number: u128) -> RecordingId {
    Uuid::from_u128(0xf000 + number).into()
}

/// A started recording in a room of its own.
fn started(number: u128, name: &str, begin: i64, end: Option<i64>) -> HeldRecording {
    let recording = Recording {
        state: match end {
            Some(_) => RecordingState::AwaitingFiles,
            None => RecordingState::Recording,
        },
        state_since: at(end.unwrap_or(begin)),
        rule: Some("ar_{roomid}_{date}_{random}".to_owned()),
        started_at: Some(at(begin)),
        stopped_at: end.map(at),
        ..Recording::requested(started_id(number), app(), room(name), at(begin))
    };
    HeldRecording::stored(recording, None, KeepState::Kept)
}

/// A world with two started recordings, one of which is running.
fn evening() -> World {
    let mut world = World::new(at(100_000), Patience::default());
    world.hold(started(1, "board", 0, Some(600)));
    world.hold(started(2, "hall", 1000, None));
    world
}

fn file(name: &str, room_name: &str, kind: FileKind, (from, to): (i64, i64)) -> FileCall {
    FileCall {
        room: room(room_name),
        app: app(),
        file: Announcement {
            kind,
            media: Media::Video,
            participant: (kind != FileKind::Composite).then(|| person(&name[..3])),
            name: name.to_owned(),
            size: Some(1000),
            length_ms: Some((to - from) * 1000),
            started_at: Some(at(from)),
            ended_at: Some(at(to)),
            url: format!("https://files.example/{room_name}/{name}"),
        },
        other_zones: Vec::new(),
        named: None,
        token: None,
        user_data: None,
        looked_up: false,
        assigned_to: None,
        before: None,
    }
}

fn of(file: FileCall, recording: u128) -> FileCall {
    FileCall {
        token: Some((app(), started_id(recording))),
        ..file
    }
}

/// The file of another address and size.
fn at_place(place: &str, size: u64, file: FileCall) -> FileCall {
    let file_of = Announcement {
        size: Some(size),
        url: format!("https://files.example/{place}/{}", file.file.name),
        ..file.file
    };
    FileCall {
        file: file_of,
        ..file
    }
}

fn status(name: &str, text: &str) -> Meaning {
    let events = events(text).into_iter();
    Meaning::Status(StatusCall {
        app: app(),
        rooms: vec![room(name)],
        events: events.map(|event| (room(name), event)).collect(),
        skipped: 0,
        was_accepted: false,
    })
}

fn announced(file: FileCall) -> Meaning {
    Meaning::File(Box::new(file))
}

/// The calls of the evening.
fn calls() -> Vec<Meaning> {
    use FileKind::{Composite, Frame, Track};
    vec![
        announced(of(file("ann_1.mp4", "board", Track, (5, 590)), 1)),
        announced(of(file("bob_1.mp4", "board", Track, (10, 300)), 1)),
        announced(of(file("mix_1.mp4", "board", Composite, (0, 600)), 1)),
        announced(of(file("cyd_2.mp4", "hall", Track, (1005, 1500)), 2)),
        announced(of(file("mix_2.mp4", "hall", Composite, (1000, 1600)), 2)),
        announced(file("mix_3.mp4", "found", Composite, (2000, 2600))),
        announced(file("ann_3.mp4", "found", Track, (2010, 2500))),
        announced(file("dot_3.jpg", "found", Frame, (2300, 2300))),
        // Of the same meeting, but of another recording.
        announced(file("mix_4.mp4", "found", Composite, (2700, 2800))),
        announced(file("mix_5.mp4", "other", Composite, (2000, 2600))),
        // Versions and takes under names that are known.
        announced(at_place(
            "2",
            900,
            file("mix_3.mp4", "found", Composite, (2000, 2600)),
        )),
        announced(at_place(
            "3",
            800,
            file("mix_3.mp4", "found", Composite, (2650, 2690)),
        )),
        announced(at_place(
            "4",
            700,
            of(file("ann_1.mp4", "board", Track, (592, 599)), 1),
        )),
        status("board", "0 begin, 1 online ann, 2 online bob"),
        status("board", "300 offline bob, 600 end"),
        status("hall", "1000 begin, 1001 online cyd"),
        status("hall", "1550 offline cyd, 1599 end"),
        status("found", "1990 begin, 1991 online ann"),
        status("found", "2850 offline ann, 2900 end"),
    ]
}

/// A call long after all that it is about.
fn call(number: i64, meaning: &Meaning) -> ReadCall {
    ReadCall {
        id: CallId::new(number),
        received_at: at(90_000),
        meaning: meaning.clone(),
    }
}

/// Decides calls in portions. Their numbers give the original order.
fn decide_all(world: &mut World, order: &[(usize, Meaning)], portion: usize) -> Vec<Understood> {
    let mut ids = Counter(0x1_0000);
    let mut understood = Vec::new();
    for (chunk, some) in order.chunks(portion.max(1)).enumerate() {
        let calls: Vec<ReadCall> = some
            .iter()
            .enumerate()
            .map(|(place, (_, meaning))| {
                call(i64::try_from(chunk * 1000 + place + 1).unwrap(), meaning)
            })
            .collect();
        understood.extend(decide(world, &calls, &mut ids).understood);
    }
    understood
}

/// The files of a recording.
fn files_of(world: &World, recording: RecordingId) -> Vec<&HeldFile> {
    let files = world.files().iter();
    files
        .filter(|file| file.recording == recording && file.joined_into.is_none())
        .collect()
}

/// The observable state of the world, without ids.
fn observable(world: &World) -> (Vec<String>, Vec<String>) {
    let mut recordings = Vec::new();
    for held in world.recordings.values() {
        let recording = &held.recording;
        let of_it = files_of(world, recording.id);
        let takes: BTreeSet<_> = of_it.iter().map(|file| file.take).collect();
        let mut files: Vec<String> = of_it
            .iter()
            .map(|file| format!("{:?}", file.announced))
            .collect();
        files.sort_unstable();
        // A ready recording stays ready, whatever tracks are expected later.
        let state = match recording.origin {
            Origin::AutoRecorded => Some(recording.state),
            Origin::Started => None,
        };
        recordings.push(format!(
            "{} {state:?} {:?}..{:?} {} takes\n{}",
            recording.room,
            recording.started_at,
            recording.stopped_at,
            takes.len(),
            files.join("\n")
        ));
    }
    recordings.sort_unstable();
    let mut meetings = Vec::new();
    for ((_, name), room) in &world.rooms {
        for held in room.meetings.values() {
            let (id, meeting) = (held.meeting.id, held.meeting);
            let stays: Vec<_> = room
                .stays
                .iter()
                .filter(|(of, _)| *of == id)
                .map(|(_, stay)| stay)
                .collect();
            meetings.push(format!(
                "{name} {:?}..{:?} {stays:?}",
                meeting.began_at, meeting.ended_at
            ));
        }
    }
    meetings.sort_unstable();
    (recordings, meetings)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn any_order_of_the_same_calls_ends_in_the_same_world(
        kept in subsequence((0..calls().len()).collect::<Vec<_>>(), 1..=calls().len()),
        doubled in vec(any::<Index>(), 0..4),
        keys in vec(any::<u32>(), 24),
        portion in 1..12_usize,
    ) {
        let all = calls();
        let in_order: Vec<_> = kept.iter().map(|which| (*which, all[*which].clone())).collect();
        let mut shuffled = in_order.clone();
        shuffled.extend(doubled.iter().map(|index| in_order[index.index(in_order.len())].clone()));
        let mut order: Vec<usize> = (0..shuffled.len()).collect();
        order.sort_by_key(|place| (keys[*place % keys.len()], *place));
        let shuffled: Vec<_> = order.into_iter().map(|place| shuffled[place].clone()).collect();

        let (mut one, mut other) = (evening(), evening());
        decide_all(&mut one, &in_order, 1);
        decide_all(&mut other, &shuffled, portion);
        let order: Vec<_> = shuffled.iter().map(|(which, _)| which).collect();
        prop_assert_eq!(observable(&one), observable(&other), "{:?}", order);
    }

    #[test]
    fn deciding_again_changes_nothing(
        keys in vec(any::<u32>(), 24),
        portion in 1..12_usize,
    ) {
        let mut order: Vec<_> = calls().into_iter().enumerate().collect();
        order.sort_by_key(|(place, _)| keys[*place]);
        let mut world = evening();
        let first = decide_all(&mut world, &order, order.len());
        let once = observable(&world);
        let again: Vec<_> = order
            .iter()
            .zip(&first)
            .map(|((place, meaning), understood)| {
                let mut meaning = meaning.clone();
                if let Meaning::File(file) = &mut meaning {
                    file.before = understood.recording;
                }
                (*place, meaning)
            })
            .collect();
        decide_all(&mut world, &again, portion);
        prop_assert_eq!(once, observable(&world));
    }
}

#[test]
fn calls_of_an_evening_are_decided() {
    let mut world = evening();
    let order: Vec<_> = calls().into_iter().enumerate().collect();
    let understood = decide_all(&mut world, &order, order.len());
    let verdicts: BTreeMap<_, usize> =
        understood.iter().fold(BTreeMap::new(), |mut counts, one| {
            *counts.entry(one.verdict.as_str()).or_default() += 1;
            counts
        });
    assert_eq!(verdicts, BTreeMap::from([("accepted", order.len())]));
    let states: Vec<_> = world
        .recordings
        .values()
        .map(|held| (held.recording.room.as_str(), held.recording.state))
        .collect();
    // Two composites of one meeting are one recording.
    assert_eq!(
        states,
        [
            ("board", RecordingState::Ready),
            ("hall", RecordingState::Ready),
            ("found", RecordingState::Ready),
            ("other", RecordingState::Ready),
        ]
    );
}

#[test]
fn joined_recordings_keep_both_histories_and_change() {
    let mut world = evening();
    let part = |place, size, times| {
        let part = file("mix_3.mp4", "found", FileKind::Composite, times);
        announced(at_place(place, size, part))
    };
    let parts = [part("1", 10, (2000, 2100)), part("2", 20, (2400, 2500))];
    let mut ids = Counter(0x1_0000);
    let calls = [call(1, &parts[0]), call(2, &parts[1])];
    let first = decide(&mut world, &calls, &mut ids);
    let [one, other] = [0, 1].map(|index: usize| first.understood[index].recording.unwrap());
    assert_ne!(one, other);
    let meaning = status("found", "1990 begin, 2900 end");
    let decided = decide(&mut world, &[call(3, &meaning)], &mut ids);
    assert_eq!(world.current(other), one);
    for id in [one, other] {
        let (app, room) = (app(), room("found"));
        let change = Change::Recording { id, app, room };
        assert!(decided.changes.contains(&change));
    }
    let of_one = world.history.iter().filter(|line| line.recording == one);
    assert!(of_one.count() >= 2);
    let files = files_of(&world, one);
    let numbers: Vec<_> = files
        .iter()
        .map(|file| (file.version, file.take == file.id))
        .collect();
    assert_eq!(numbers, [(1, true), (1, true)]);
}

#[test]
fn a_recording_that_is_being_purged_keeps_its_files_and_is_joined_with_none() {
    let part = |number: u32, times| {
        let name = format!("mix_{number}.mp4");
        let part = file(&name, "found", FileKind::Composite, times);
        announced(at_place(&number.to_string(), 10, part))
    };
    let ended = status("found", "1990 begin, 2900 end");
    for purging in [0, 1] {
        let (mut world, mut ids) = (evening(), Counter(0x1_0000));
        let parts = [part(1, (2000, 2100)), part(2, (2400, 2500))];
        let calls = [call(1, &parts[0]), call(2, &parts[1])];
        let first = decide(&mut world, &calls, &mut ids);
        let found = [0, 1].map(|index: usize| first.understood[index].recording.unwrap());
        let gone = found[purging];
        world.recordings.get_mut(&gone).unwrap().keep = KeepState::Purging;
        // The end of the meeting joins them, and so does a file of it.
        let calls = [call(3, &ended), call(4, &part(3, (2600, 2700)))];
        let then = decide(&mut world, &calls, &mut ids);
        assert!(world.joins.is_empty());
        assert_eq!(then.understood[1].recording, Some(found[1 - purging]));
        assert_eq!(files_of(&world, gone).len(), 1);
        // Its own file is not found anew.
        let again = decide(&mut world, &[call(5, &parts[purging])], &mut ids);
        assert_eq!(again.understood[0].recording, Some(gone));
        assert_eq!(again.understood[0].verdict, Verdict::Duplicate);
    }
}

#[test]
fn another_zone_moves_no_known_file() {
    let mut world = evening();
    let meaning = file("mix_5.mp4", "other", FileKind::Composite, (2000, 2600));
    let mut ids = Counter(0x1_0000);
    let call = |meaning: FileCall| call(7, &announced(meaning));
    let first = decide(&mut world, &[call(meaning.clone())], &mut ids);
    let before = observable(&world);
    let mut later = meaning;
    later.before = first.understood[0].recording;
    later.file.started_at = Some(at(2000 + 8 * 3600));
    later.file.ended_at = Some(at(2600 + 8 * 3600));
    let again = decide(&mut world, &[call(later)], &mut ids);
    assert_eq!(again.understood, first.understood);
    assert_eq!(observable(&world), before);
}

#[test]
fn a_status_call_without_a_new_event_is_a_duplicate() {
    let began = status("quiet", "0 begin, 1 online ann");
    let more = status("quiet", "0 begin, 2 online bob");
    let elsewhere = status("loud", "0 begin, 1 online ann");
    let none = status("quiet", "");
    for portion in [1, 7] {
        let calls = [&began, &began, &more, &none, &more, &elsewhere, &none];
        let order: Vec<_> = calls.into_iter().cloned().enumerate().collect();
        let mut world = evening();
        let understood = decide_all(&mut world, &order, portion);
        let verdicts: Vec<_> = understood.iter().map(|one| one.verdict.as_str()).collect();
        assert_eq!(
            verdicts,
            [
                "accepted",
                "duplicate",
                "accepted",
                "accepted",
                "duplicate",
                "accepted",
                "accepted"
            ],
            "{portion}"
        );
    }
    // Understood again, it stays what it was.
    let Meaning::Status(mut again) = began.clone() else {
        panic!("{began:?}");
    };
    again.was_accepted = true;
    let mut world = evening();
    let understood = decide_all(&mut world, &[(0, began), (1, Meaning::Status(again))], 1);
    assert_eq!(understood[1].verdict, Verdict::Accepted);
}

#[test]
fn an_end_that_nobody_told_is_unknown() {
    let stopped_at = |length_ms: Option<i64>| {
        let mut world = evening();
        let mut open = file("mix_6.mp4", "lone", FileKind::Composite, (2000, 2600));
        open.file.ended_at = None;
        open.file.length_ms = length_ms;
        let understood = decide_all(&mut world, &[(0, announced(open))], 1);
        let id = understood[0].recording.unwrap();
        world.recordings[&id].recording.stopped_at
    };
    assert_eq!(stopped_at(None), None);
    assert_eq!(stopped_at(Some(0)), None);
    assert_eq!(stopped_at(Some(600_000)), Some(at(2600)));
}

#[test]
fn a_length_tells_the_end_in_any_order() {
    let mut long = file("mix_6.mp4", "lone", FileKind::Composite, (2000, 2600));
    long.file.ended_at = None;
    let within = file("ann_6.mp4", "lone", FileKind::Track, (2100, 2200));
    let calls = [announced(long), announced(within)];
    for order in [[0, 1], [1, 0]] {
        let mut world = evening();
        let order = order.map(|which: usize| (which, calls[which].clone()));
        let understood = decide_all(&mut world, &order, 1);
        let one = understood[0].recording.unwrap();
        assert_eq!(understood[1].recording, Some(one));
        let recording = &world.recordings[&one].recording;
        let times = (recording.started_at, recording.stopped_at);
        assert_eq!(times, (Some(at(2000)), Some(at(2600))));
    }
}

#[test]
fn files_of_a_meeting_are_one_recording_though_the_end_of_the_first_is_unknown() {
    let mut open = file("mix_6.mp4", "lone", FileKind::Composite, (2000, 2600));
    (open.file.ended_at, open.file.length_ms) = (None, None);
    let later = file("ann_6.mp4", "lone", FileKind::Track, (2500, 2600));
    let next = file("mix_7.mp4", "lone", FileKind::Composite, (3000, 3600));
    let over = status("lone", "2000 begin, 2700 end");
    let calls = [announced(open), announced(later), announced(next), over];
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 1, 3, 0], [0, 3, 1, 2]] {
        let mut world = evening();
        let order = order.map(|which: usize| (which, calls[which].clone()));
        decide_all(&mut world, &order, 1);
        let found = world.recordings.values().map(|held| &held.recording);
        let found = found.filter(|one| one.room == room("lone"));
        let times: BTreeSet<_> = found.map(|one| (one.started_at, one.stopped_at)).collect();
        let expected =
            [(2000, 2600), (3000, 3600)].map(|(from, to)| (Some(at(from)), Some(at(to))));
        assert_eq!(times, BTreeSet::from(expected), "{order:?}");
    }
}

#[test]
fn a_thousand_events_in_reverse_order_make_one_meeting() {
    let mut world = evening();
    let joins = (1..=1000).rev().map(|n| format!("{n} online p{n}"));
    let events: Vec<String> = joins.chain(["0 begin".to_owned()]).collect();
    let order = [(0, status("crowd", &events.join(", ")))];
    decide_all(&mut world, &order, 1);
    let (_, meetings) = observable(&world);
    assert_eq!(meetings.len(), 1);
    let crowd = &world.rooms[&(app(), room("crowd"))];
    assert_eq!((crowd.stays.len(), crowd.new_events.len()), (1000, 1001));
}

#[test]
fn a_call_without_content_changes_nothing() {
    let mut world = evening();
    let before = observable(&world);
    let nothing = Understood {
        reason: Some("not JSON".to_owned()),
        ..Understood::of(Verdict::Malformed)
    };
    let understood = decide_all(&mut world, &[(0, Meaning::Nothing(nothing.clone()))], 1);
    assert_eq!(understood, [nothing]);
    assert_eq!(observable(&world), before);
}
