use std::collections::{BTreeMap, BTreeSet};

use reelroom_domain::{
    file::{FileKind, FileState, Media},
    find::Archive,
    ids::AppId,
    recording::{Origin, RecordingState},
    time::Timestamp,
};
use reelroom_store::demo::DemoRecording;

use super::maker::Maker;

/// A Sunday in Shanghai.
const NOW: Timestamp = Timestamp::from_millis(1_795_339_805_000);

fn maker(seed: u64, count: usize) -> Maker {
    let app: AppId = "0192f00d0192f00d0192f00d0192f00d".parse().unwrap();
    Maker::new(seed, app, NOW, count)
}

fn made(count: usize) -> Vec<DemoRecording> {
    maker(1, count).collect()
}

#[test]
fn the_same_seed_makes_the_same_recordings() {
    let made = |seed| -> Vec<DemoRecording> { maker(seed, 500).collect() };
    assert!(made(1) == made(1));
    assert!(made(1) != made(2));
}

#[test]
fn any_number_of_recordings_is_made() {
    for count in [1, 19, 20, 100, 999] {
        assert_eq!(made(count).len(), count);
        assert_eq!(maker(1, count).rooms().len(), 5);
    }
    let maker = maker(1, 100_000);
    let ids = maker.rooms().iter().map(|room| &room.row.id);
    assert_eq!(ids.collect::<BTreeSet<_>>().len(), 500);
}

#[test]
fn there_are_three_files_a_recording_of_every_kind() {
    let made = made(10_000);
    let files: Vec<_> = made.iter().flat_map(|one| &one.files).collect();
    assert!((27_000..33_000).contains(&files.len()), "{}", files.len());
    let count = |kind, media| {
        let files = files
            .iter()
            .map(|file| (file.announced.kind, file.announced.media));
        files.filter(|file| *file == (kind, media)).count()
    };
    assert!(count(FileKind::Composite, Media::Video) > 8_000);
    assert!(count(FileKind::Composite, Media::Audio) > 500);
    assert!(count(FileKind::Track, Media::Video) > 5_000);
    assert!(count(FileKind::Track, Media::Audio) > 3_000);
    assert!(count(FileKind::Frame, Media::Image) > 1_500);
    let takes = made.iter().filter(|one| {
        let files = one.files.iter();
        files
            .filter(|file| file.announced.kind == FileKind::Composite)
            .count()
            > 1
    });
    assert!((200..1_000).contains(&takes.count()));
    let ids: BTreeSet<_> = files.iter().map(|file| file.id).collect();
    assert_eq!(ids.len(), files.len());
}

#[test]
fn most_recordings_are_ready_and_archived() {
    let made = made(10_000);
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for one in &made {
        *states.entry(one.recording.state.as_str()).or_default() += 1;
    }
    let failed = states.remove("failed").unwrap();
    assert!((15..100).contains(&failed), "{failed}");
    let ready = states.remove("ready").unwrap();
    assert!(ready > 9_800, "{ready}");
    let rare = [
        ("awaiting_files", 3),
        ("overdue", 2),
        ("recording", 2),
        ("unknown", 1),
    ];
    assert_eq!(states, BTreeMap::from(rare));
    let count = |archive| {
        let states = made
            .iter()
            .map(|one| one.files.iter().map(|file| file.state));
        states
            .filter(|states| Archive::of(states.clone()) == Some(archive))
            .count()
    };
    assert!(count(Archive::Archived) > 9_500);
    for rare in [Archive::Remote, Archive::Fetching] {
        assert!((20..300).contains(&count(rare)), "{rare:?}");
    }
    assert!((3..20).contains(&count(Archive::Trouble)));
}

#[test]
fn recordings_and_their_times_go_together() {
    let made = made(3_000);
    // All but the few starts that failed.
    let meetings = made
        .iter()
        .filter(|one| one.meeting.is_some() && one.stays.len() > 1);
    assert!(meetings.count() > 2_900);
    for one in made {
        let recording = &one.recording;
        let times = [
            Some(recording.requested_at),
            recording.started_at,
            recording.stopped_at,
            Some(recording.state_since),
        ];
        let times: Vec<_> = times.into_iter().flatten().collect();
        assert!(
            times.is_sorted() && times.iter().all(|at| *at <= NOW),
            "{one:?}"
        );
        assert!(one.history.is_sorted_by_key(|line| line.at), "{one:?}");
        assert!(!one.is_seen || recording.state == RecordingState::Failed);
        for stay in &one.stays {
            assert!(
                stay.left_at.is_none_or(|at| at >= stay.joined_at),
                "{one:?}"
            );
        }
        let people: BTreeSet<_> = one.stays.iter().map(|stay| &stay.who).collect();
        assert_eq!(people.len(), one.stays.len());
        for file in &one.files {
            assert!(file.is_demo() || file.stored.is_none());
            assert_eq!(file.stored.is_some(), file.state == FileState::Archived);
            assert!(file.archived_at.is_none_or(|at| at <= NOW), "{file:?}");
        }
        let is_found = recording.origin == Origin::AutoRecorded;
        assert_eq!(is_found, recording.requested_by.is_none());
    }
}

#[test]
fn people_said_something_about_many_recordings() {
    let made = made(3_000);
    let count = |has: fn(&DemoRecording) -> bool| made.iter().filter(|one| has(one)).count();
    assert!((700..1_200).contains(&count(|one| !one.about.title.as_str().is_empty())));
    assert!((1_200..1_700).contains(&count(|one| !one.about.tags.as_slice().is_empty())));
    assert!((120..400).contains(&count(|one| !one.about.notes.as_str().is_empty())));
    assert!(count(|one| one.recording.user_data.is_some()) > 1_500);
    let data = made
        .iter()
        .filter_map(|one| one.recording.user_data.as_deref());
    for data in data {
        assert!(
            serde_json::from_str::<serde_json::Value>(data).is_ok(),
            "{data}"
        );
    }
    let has_chinese = |text: &str| text.chars().any(|letter| letter > '\u{3000}');
    let titles = made.iter().map(|one| one.about.title.as_str());
    assert!(titles.clone().any(has_chinese) && titles.clone().any(str::is_ascii));
}
