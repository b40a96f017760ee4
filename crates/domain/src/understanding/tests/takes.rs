//! Takes and versions of files, and what is kept of them.

use super::*;
use crate::{file::FileState, ids::FileId};

/// The calls of numbers from `first` on.
fn numbered(first: i64, meanings: impl IntoIterator<Item = FileCall>) -> Vec<ReadCall> {
    (first..)
        .zip(meanings)
        .map(|(number, meaning)| ReadCall {
            id: CallId::new(number),
            received_at: at(90_000 + number),
            meaning: announced(meaning),
        })
        .collect()
}

fn verdicts(decided: &Decided) -> Vec<&'static str> {
    let understood = decided.understood.iter();
    understood.map(|one| one.verdict.as_str()).collect()
}

#[test]
fn content_of_another_time_is_another_take() {
    let mut world = evening();
    let mut ids = Counter(0x1_0000);
    let weekly = |place, size, times| {
        let weekly = file("weekly_class_7b.mp4", "takes", FileKind::Composite, times);
        at_place(place, size, weekly)
    };
    let calls = numbered(
        1,
        [
            weekly("1", 40_556, (60, 600)),
            weekly("2", 81_112, (1200, 2400)),
        ],
    );
    let status = ReadCall {
        id: CallId::new(9),
        received_at: at(90_000),
        meaning: status("takes", "0 begin, 3600 end"),
    };
    decide(&mut world, &[status], &mut ids);
    let decided = decide(&mut world, &calls, &mut ids);
    assert_eq!(verdicts(&decided), ["accepted", "accepted"]);
    let recording = decided.understood[0].recording.unwrap();
    assert_eq!(decided.understood[1].recording, Some(recording));
    let files = files_of(&world, recording);
    assert_eq!(files.len(), 2);
    assert!(files.iter().all(|file| file.take == file.id));
    // Again, in the other order: nothing changes.
    let again: Vec<_> = calls.iter().rev().cloned().collect();
    let understood = decide(&mut world, &again, &mut ids).understood;
    let once: Vec<_> = decided.understood.iter().rev().cloned().collect();
    assert_eq!(understood, once);
    assert_eq!(files_of(&world, recording).len(), 2);
}

#[test]
fn a_file_announced_again_keeps_its_copy_and_remembers_the_newest_address() {
    let mut world = evening();
    let mut ids = Counter(0x1_0000);
    let signed = |sign: i64| {
        let mut signed = of(file("mix_1.mp4", "board", FileKind::Composite, (0, 600)), 1);
        signed.file.url = format!("{}?sign={sign}", signed.file.url);
        signed
    };
    let calls = numbered(1, (1..=10).map(signed));
    let first = decide(&mut world, &calls[..6], &mut ids);
    assert_eq!(verdicts(&first)[..2], ["accepted", "duplicate"]);
    let known = |world: &World| {
        let files = files_of(world, started_id(1));
        assert_eq!(files.len(), 1);
        files[0].clone()
    };
    assert!(known(&world).announced.url.ends_with("?sign=6"));
    for (state, then) in [
        (FileState::Archived, FileState::Archived),
        (FileState::Fetching, FileState::Fetching),
        (FileState::Failed, FileState::Remote),
        (FileState::Blocked, FileState::Remote),
        (FileState::Gone, FileState::Remote),
        (FileState::Purged, FileState::Purged),
    ] {
        let mut world = evening();
        world.hold_file(HeldFile {
            state,
            is_stored: true,
            ..known_file(&calls[0])
        });
        let decided = decide(&mut world, &calls[1..], &mut ids);
        assert!(verdicts(&decided).iter().all(|one| *one == "duplicate"));
        let file = known(&world);
        assert_eq!(
            (file.state, file.is_renewed),
            (then, state != then),
            "{state:?}"
        );
        assert!(file.announced.url.ends_with("?sign=10"));
        // An older call brings back neither an address nor a try.
        world.file_at(0).state = FileState::Failed;
        let replayed = decide(&mut world, &calls[..3], &mut ids);
        assert_eq!(verdicts(&replayed), ["accepted", "duplicate", "duplicate"]);
        let file = known(&world);
        assert_eq!(file.state, FileState::Failed);
        assert!(file.announced.url.ends_with("?sign=10"));
    }
}

/// The file that a call announced.
fn known_file(call: &ReadCall) -> HeldFile {
    let Meaning::File(meaning) = &call.meaning else {
        panic!("{call:?}");
    };
    let id = Uuid::from_u128(0xe001).into();
    HeldFile {
        id,
        take: id,
        version: 1,
        recording: started_id(1),
        announced: meaning.file.clone(),
        state: FileState::Remote,
        has_key: false,
        call: Some(call.id),
        url_call: Some(call.id),
        announced_at: call.received_at,
        looked_up: false,
        is_stored: false,
        is_changed: false,
        is_renewed: false,
        joined_into: None,
    }
}

#[test]
fn other_content_of_the_same_time_is_a_version() {
    let mut world = evening();
    let mut ids = Counter(0x1_0000);
    let sized = |size| {
        let mix = of(file("mix_1.mp4", "board", FileKind::Composite, (0, 600)), 1);
        at_place("1", size, mix)
    };
    let calls = numbered(1, [sized(10), sized(20), sized(10), sized(30), sized(20)]);
    let decided = decide(&mut world, &calls, &mut ids);
    assert_eq!(
        verdicts(&decided),
        ["accepted", "accepted", "duplicate", "accepted", "duplicate"]
    );
    let files = files_of(&world, started_id(1));
    let versions: Vec<_> = files
        .iter()
        .map(|file| (file.version, file.announced.size, file.take))
        .collect();
    let take = files[0].id;
    let expected: [(u32, u64); 3] = [(1, 10), (2, 20), (3, 30)];
    assert_eq!(
        versions,
        expected.map(|(version, size)| (version, Some(size), take))
    );
    // Versions are no further files of the recording.
    let ledger = world.recordings[&started_id(1)].ledger();
    assert_eq!(ledger.composites, 1);
}

/// Checks whether a file that a look-up found for recording 1 is moved to recording 3, for which it is announced.
fn assert_moved(world: &mut World, is_moved: bool) {
    let mix = file("mix_1.mp4", "board", FileKind::Composite, (0, 600));
    let found = FileCall {
        looked_up: true,
        ..of(mix.clone(), 1)
    };
    let calls = numbered(1, [found, of(mix.clone(), 3), of(mix, 3)]);
    let decided = decide(world, &calls, &mut Counter(0x1_0000));
    assert_eq!(verdicts(&decided), ["accepted", "accepted", "duplicate"]);
    let [found, announced] = [0, 1].map(|index: usize| decided.understood[index].file.unwrap());
    let files = [1, 3].map(|number| {
        let files = files_of(world, started_id(number));
        files.iter().map(|file| file.id).collect::<Vec<_>>()
    });
    let expected = if is_moved {
        [vec![], vec![found]]
    } else {
        [vec![found], vec![announced]]
    };
    assert_eq!(files, expected);
    assert_eq!(found == announced, is_moved);
}

#[test]
fn a_found_file_stays_in_a_recording_on_hold_and_in_one_that_is_being_purged() {
    for (is_held, keep) in [
        (false, KeepState::Kept),
        (true, KeepState::Kept),
        (false, KeepState::Purging),
    ] {
        let mut world = evening();
        world.hold(started(3, "board", 0, Some(600)));
        if is_held {
            world.on_hold.insert(started_id(1));
        }
        world.recordings.get_mut(&started_id(1)).unwrap().keep = keep;
        assert_moved(&mut world, !is_held && keep != KeepState::Purging);
    }
}

#[test]
fn a_found_file_is_not_moved_to_a_recording_that_is_being_purged_or_was() {
    for (keep, is_moved) in [
        (KeepState::Kept, true),
        (KeepState::Trashed, true),
        (KeepState::Purging, false),
        (KeepState::Purged, false),
    ] {
        let mut world = evening();
        world.hold(HeldRecording {
            keep,
            ..started(3, "board", 0, Some(600))
        });
        assert_moved(&mut world, is_moved);
    }
}

#[test]
fn a_recording_that_is_joined_with_one_on_hold_is_on_hold() {
    let mut world = evening();
    world.on_hold.insert(started_id(2));
    world.join(started_id(1), started_id(2));
    assert_eq!(world.on_hold, BTreeSet::from([started_id(1)]));
}

#[test]
fn of_two_recordings_that_are_one_no_copy_is_lost() {
    use FileState::{Archived, Failed, Fetching, Gone, Remote};
    let found = |number: u128| HeldRecording {
        recording: Recording {
            origin: Origin::AutoRecorded,
            ..started(number, "found", 0, Some(600)).recording
        },
        ..started(number, "found", 0, Some(600))
    };
    let mix = of(file("mix.mp4", "found", FileKind::Composite, (0, 600)), 1);
    let calls = numbered(1, [mix]);
    let call = &calls[0];
    let id = |number: u128| -> FileId { Uuid::from_u128(0xe000 + number).into() };
    let held = |number: u128, (state, size): (FileState, u64), has_key| {
        let mut held = HeldFile {
            id: id(number),
            take: id(number),
            recording: started_id(number),
            state,
            has_key,
            is_stored: true,
            ..known_file(call)
        };
        held.announced.size = Some(size);
        held
    };
    let both = || vec![(1, 1, 1), (2, 1, 2)];
    for (one, other, lost, kept) in [
        ((Remote, 10), (Gone, 10), vec![], vec![(1, 1, 1)]),
        ((Archived, 10), (Remote, 10), vec![], vec![(1, 1, 1)]),
        ((Remote, 10), (Archived, 10), vec![], vec![(2, 2, 1)]),
        ((Archived, 10), (Archived, 10), vec![], both()),
        ((Archived, 10), (Fetching, 10), vec![], both()),
        ((Remote, 10), (Remote, 20), vec![], both()),
        // A lost copy may be found again.
        ((Remote, 10), (Remote, 10), vec![1], vec![(1, 1, 1)]),
        ((Remote, 10), (Remote, 10), vec![2], vec![(2, 2, 1)]),
        ((Failed, 10), (Gone, 10), vec![1, 2], both()),
        ((Archived, 10), (Remote, 10), vec![2], both()),
    ] {
        let mut world = World::new(at(100_000), Patience::default());
        world.hold(found(1));
        world.hold(found(2));
        world.hold_file(held(1, one, lost.contains(&1)));
        world.hold_file(held(2, other, lost.contains(&2)));
        world.join(started_id(1), started_id(2));
        let files = files_of(&world, started_id(1));
        let files: Vec<_> = files
            .iter()
            .map(|file| (file.id, file.take, file.version))
            .collect();
        let kept: Vec<(FileId, FileId, u32)> = kept
            .into_iter()
            .map(|(file, take, version)| (id(file), id(take), version))
            .collect();
        assert_eq!(files, kept, "{one:?} {other:?} {lost:?}");
    }
}
