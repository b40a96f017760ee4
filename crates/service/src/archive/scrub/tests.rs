use std::{
    fs,
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use reelroom_domain::{
    cause::Cause,
    file::FileState,
    recording::{Recording, RecordingState},
    view::HistoryEvent,
};
use reelroom_store::{
    files::{self, File},
    history,
    testing::execute,
};
use tempfile::TempDir;

use super::{AFTER_ERROR, DUE_AFTER, pause};
use crate::{
    Service, ServiceError,
    testing::{TestClock, insert_stopped, silent_app, sqlite, without_jobs},
};

/// Three files whose copies hold `hello`, to be checked in their order.
const FILES: &str = "INSERT INTO files (id, take, recording_id, kind, media, participant, name, name_key,
        url, announced_at, state, tries, storage_key, stored_size, sha256, content_type, check_at)
    SELECT n.id, n.id, r.id, 'frame', 'image', '', n.id, n.id, 'http://192.0.2.1/', 0, 'archived', 3,
        n.id, 5, '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824', 'image/jpeg',
        n.check_at
    FROM recordings r, (SELECT '00000000000000000000000000000001' AS id, 1 AS check_at
        UNION ALL SELECT '00000000000000000000000000000002', 2
        UNION ALL SELECT '00000000000000000000000000000003', 3) n";

struct Case {
    service: Service,
    clock: Arc<TestClock>,
    recording: Recording,
    folder: TempDir,
}

impl Case {
    async fn open() -> Self {
        let (service, clock, folder) = without_jobs(sqlite, 10).await;
        let app = silent_app(&service).await;
        let recording = insert_stopped(&service, app, RecordingState::Ready).await;
        execute(&service.0.store, FILES).await;
        let case = Self {
            service,
            clock,
            recording,
            folder,
        };
        for number in 1..=3 {
            fs::write(case.copy(number), "hello").unwrap();
        }
        case
    }

    /// Where the copy of a file lies.
    fn copy(&self, number: u32) -> PathBuf {
        self.folder.path().join(format!("files/{number:032}"))
    }

    fn pass(&self, millis: i64) {
        self.clock.0.fetch_add(millis, Ordering::Relaxed);
    }

    async fn check(&self) -> Result<Option<Duration>, ServiceError> {
        self.service.scrub_round().await
    }

    async fn file(&self, number: u32) -> File {
        let id = format!("{number:032}").parse().unwrap();
        let mut read = self.service.0.store.read().await.unwrap();
        files::get(&mut read, id).await.unwrap().unwrap()
    }

    async fn states(&self) -> [FileState; 3] {
        let (one, two) = (self.file(1).await, self.file(2).await);
        [one.state, two.state, self.file(3).await.state]
    }
}

#[tokio::test]
async fn a_damaged_or_missing_copy_is_fetched_again() {
    use FileState::{Archived, Remote};
    let case = Case::open().await;
    fs::write(case.copy(2), "hellO").unwrap();
    let third = Duration::from_hours(5 * 24);
    assert_eq!(case.check().await.unwrap(), Some(third));
    assert_eq!(case.states().await, [Archived; 3]);
    case.check().await.unwrap();
    assert_eq!(case.states().await, [Archived, Remote, Archived]);
    let lost = case.file(2).await;
    assert_eq!(lost.trouble, Some(Cause::CopyDamaged));
    assert_eq!((lost.tries, lost.next_try_at), (0, None));
    assert_eq!(
        fs::read(case.copy(2)).unwrap(),
        b"hellO",
        "it is not deleted"
    );
    case.check().await.unwrap();
    assert_eq!(case.check().await.unwrap(), None, "none is due");
    // The CRC-32 of `hello`, for archives.
    let crc32 = async |number| case.file(number).await.stored.unwrap().crc32;
    assert_eq!(crc32(1).await, Some(0x3610_a686));
    assert_eq!(crc32(2).await, None, "its copy is damaged");

    case.pass(DUE_AFTER);
    fs::remove_file(case.copy(1)).unwrap();
    case.check().await.unwrap();
    assert_eq!(case.states().await, [Remote, Remote, Archived]);
    assert_eq!(case.file(1).await.trouble, Some(Cause::CopyMissing));
    // The only copy that is left.
    fs::remove_file(case.copy(3)).unwrap();
    case.check().await.unwrap();
    assert_eq!(case.states().await, [Remote; 3]);

    let mut read = case.service.0.store.read().await.unwrap();
    let lines = history::of_recording(&mut read, case.recording.id).await;
    let lines: Vec<_> = lines
        .unwrap()
        .into_iter()
        .map(|line| (line.event, line.cause))
        .collect();
    let lost = |cause| (HistoryEvent::CopyLost, Some(cause));
    let expected = [
        lost(Cause::CopyDamaged),
        lost(Cause::CopyMissing),
        lost(Cause::CopyMissing),
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn a_storage_that_is_away_loses_no_copy() {
    let case = Case::open().await;
    let (files, away) = (
        case.folder.path().join("files"),
        case.folder.path().join("away"),
    );
    fs::rename(&files, &away).unwrap();
    // An empty folder, as if nothing is mounted.
    fs::create_dir(&files).unwrap();
    for _ in 0..3 {
        let error = case.check().await.unwrap_err().to_string();
        assert!(error.contains("is it the right storage"), "{error}");
    }
    assert_eq!(case.states().await, [FileState::Archived; 3]);
    assert_eq!(case.check().await.unwrap(), None);
    fs::remove_dir(&files).unwrap();
    fs::rename(&away, &files).unwrap();
    case.pass(AFTER_ERROR);
    for _ in 0..3 {
        assert!(case.check().await.unwrap().is_some());
    }
    assert_eq!(case.check().await.unwrap(), None);
    assert_eq!(case.states().await, [FileState::Archived; 3]);
}

#[tokio::test]
async fn a_missing_folder_does_not_lose_the_only_copy() {
    let case = Case::open().await;
    for number in [1, 2] {
        fs::remove_file(case.copy(number)).unwrap();
        while case.check().await.unwrap().is_some() {}
        case.pass(DUE_AFTER);
    }
    let states = [FileState::Remote, FileState::Remote, FileState::Archived];
    assert_eq!(case.states().await, states);
    let files = case.folder.path().join("files");
    fs::rename(&files, case.folder.path().join("away")).unwrap();
    let error = case.check().await.unwrap_err().to_string();
    assert!(error.contains("is not there"), "{error}");
    assert_eq!(case.states().await, states);
}

#[tokio::test]
async fn a_lost_copy_that_is_back_is_taken_again() {
    let case = Case::open().await;
    fs::remove_file(case.copy(1)).unwrap();
    case.check().await.unwrap();
    assert_eq!(case.file(1).await.state, FileState::Remote);
    fs::write(case.copy(1), "hello").unwrap();
    // Nobody answers at its address.
    case.service.fetch_round().await.unwrap();
    let found = case.file(1).await;
    assert_eq!((found.state, found.trouble), (FileState::Archived, None));
    assert_eq!(found.stored.unwrap().crc32, Some(0x3610_a686));
    // Other bytes under its key are not taken.
    case.pass(DUE_AFTER);
    fs::write(case.copy(2), "hellO").unwrap();
    while case.check().await.unwrap().is_some() {}
    assert_eq!(case.file(2).await.state, FileState::Remote);
    case.service.fetch_round().await.unwrap();
    assert_eq!(case.file(2).await.state, FileState::Blocked);
}

#[test]
fn all_copies_are_checked_within_the_time_until_they_are_due() {
    let millis = u64::try_from(DUE_AFTER).unwrap();
    assert_eq!(pause(0), Duration::from_millis(millis));
    assert_eq!(pause(2), Duration::from_millis(millis / 2));
    assert_eq!(pause(1_000), Duration::from_secs(1296));
    assert_eq!(pause(u32::MAX), Duration::from_secs(1));
}
