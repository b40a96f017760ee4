//! A demo: an empty database that is filled with recordings that are made up.

use std::time::Duration;

use reelroom_domain::{file::FileState, recording::RecordingState, view::RecordingView};
use reelroom_service::DemoError;
use reelroom_store::{files, rooms, testing::Databases};
use reqwest::StatusCode;

use crate::common::{
    TestApp, TestClock,
    actions::{get, library, page, send},
};

const MANY: u32 = 2_000;
const DAY: i64 = 24 * 60 * 60_000;

async fn filled(databases: &Databases) -> TestApp {
    let app = TestApp::with_config(|config| config.database = databases.another()).await;
    let filled = app.service.fill_with_demo(MANY, 7).await.unwrap();
    assert_eq!((filled.recordings, filled.rooms), (2_000, 10));
    let again = app.service.fill_with_demo(MANY, 7).await;
    assert!(matches!(again, Err(DemoError::NotEmpty)));
    let store = app.store().await;
    let mut read = store.read().await.unwrap();
    assert_eq!(rooms::stale(&mut read).await.unwrap(), []);
    // No job asks for a file.
    let in_a_year = app.service.now().plus_millis(365 * DAY);
    let probed = files::next_to_probe(&mut read, in_a_year).await.unwrap();
    let checked = files::next_to_check(&mut read, in_a_year).await.unwrap();
    assert!(
        probed.is_none() && checked.is_none(),
        "{probed:?} {checked:?}"
    );
    drop(read);
    let files: u32 = states(&app).await.iter().map(|(_, count)| *count).sum();
    assert_eq!(filled.files, usize::try_from(files).unwrap());
    app
}

async fn states(app: &TestApp) -> Vec<(FileState, u32)> {
    let store = app.store().await;
    let mut read = store.read().await.unwrap();
    files::count_by_state(&mut read).await.unwrap()
}

/// The newest recordings.
async fn newest(app: &TestApp) -> Vec<RecordingView> {
    let library = library(&app.service).await;
    assert_eq!(library.total.n + library.tries.n, MANY);
    let mut found = Vec::new();
    for row in library.recordings {
        found.push(app.recording(row.id).await);
    }
    found
}

async fn the_library_and_its_recordings_open(databases: &Databases) {
    let app = filled(databases).await;
    let found = newest(&app).await;
    let rare = [
        RecordingState::Recording,
        RecordingState::Unknown,
        RecordingState::AwaitingFiles,
        RecordingState::Overdue,
    ];
    for state in rare {
        assert!(
            found.iter().any(|view| view.row.state == state),
            "{state:?}"
        );
    }
    let library = page(&app, "/recordings").await;
    for view in &found {
        let path = format!("/recordings/{}", view.row.id);
        assert!(library.contains(&path), "{path}");
    }
    let fetching = page(&app, "/recordings?archive=fetching&state=ready").await;
    assert!(fetching.contains("<span>Verifying<!></span>"), "{fetching}");
    assert!(!fetching.contains("<span>At anyRTC only<!></span>"));
    let ready = found.iter().find(|view| {
        let is_archived = view
            .files
            .iter()
            .all(|file| file.state == FileState::Archived);
        view.row.state == RecordingState::Ready && is_archived
    });
    let ready = ready.unwrap();
    let (id, file) = (ready.row.id, ready.files[0].id);
    assert!(
        page(&app, &format!("/recordings/{id}"))
            .await
            .contains(&ready.files[0].name)
    );

    for path in [format!("/files/{file}"), format!("/recordings/{id}/zip")] {
        let answer = send(get(&app, &path).await).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        let text = answer.text().await.unwrap();
        assert!(
            text.contains("This is a demo: its files have no content"),
            "{text}"
        );
    }
    for path in [
        format!("/files/{file}"),
        format!("/recordings/{id}/zip"),
        format!("/recordings/zip?id={id}"),
        format!("/recordings/files.txt?id={id}"),
    ] {
        let request = get(&app, &path).await;
        let answer = send(request.header("accept", "text/html")).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        let html = answer.text().await.unwrap();
        assert!(
            html.contains("<h1") && html.contains("This is a demo: its files have no content"),
            "{html}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_library_and_its_recordings_open_on_sqlite() {
    the_library_and_its_recordings_open(&Databases::on_sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_library_and_its_recordings_open_on_postgres() {
    the_library_and_its_recordings_open(&Databases::on_postgres()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_jobs_leave_its_files_alone() {
    let databases = Databases::on_sqlite();
    let app = filled(&databases).await;
    let before = states(&app).await;
    let all = [
        FileState::Archived,
        FileState::Blocked,
        FileState::Failed,
        FileState::Fetching,
        FileState::Gone,
        FileState::Remote,
    ];
    let found: Vec<FileState> = before.iter().map(|(state, _)| *state).collect();
    assert_eq!(found, all);
    // After a restart, when copies are due to be read again.
    app.open_again(TestClock::ahead(40 * DAY)).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(states(&app).await, before);
}
