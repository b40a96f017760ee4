//! Files without a copy: on the list of rooms, in the library, and tried again by a person.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use reelroom_domain::{file::FileState, find::Find, ids::RecordingId};
use reelroom_service::LibraryQuery;

use crate::{
    common::{
        ID, TestApp, TestClock,
        actions::{page, send},
        anyone,
    },
    files::{FILE, Stub, add_app, announce, file_in, wait_for},
};

const HOUR: i64 = 60 * 60_000;

const ERROR: &str = "HTTP/1.1 500 x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// The recordings in the library that have files in trouble.
async fn in_trouble(app: &TestApp) -> Vec<RecordingId> {
    let query = LibraryQuery {
        find: Find::of([("archive", "trouble")]),
        ..LibraryQuery::default()
    };
    let library = app.service.library(anyone(), query).await.unwrap();
    library.recordings.iter().map(|row| row.id).collect()
}

async fn page_for(app: &TestApp, path: &str, cookie: &str, language: &str) -> String {
    let request = app.get(path).header("cookie", cookie);
    let answer = send(request.header("accept-language", language)).await;
    answer.text().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_fails_for_an_hour_is_shown_until_there_is_a_copy() {
    let clock = TestClock::ahead(0);
    let app = TestApp::start_with_clock(&clock).await;
    let works = Arc::new(AtomicBool::new(false));
    let stub = {
        let works = Arc::clone(&works);
        Stub::start(move |path, _| {
            let works = path == "/intact" || works.load(Ordering::SeqCst);
            (if works { FILE } else { ERROR }).to_owned()
        })
        .await
    };
    let base = format!("http://{}", stub.address);
    let of = add_app(&app, &base).await;
    let (_, state) = announce(&app, &of, "intact", &format!("{base}/intact")).await;
    assert_eq!(state, FileState::Archived);
    let (file, state) = announce(&app, &of, "broken", &format!("{base}/broken")).await;
    assert_eq!(state, FileState::Failed);
    assert!(!page(&app, "/").await.contains("Files without a copy"));
    assert!(!page(&app, "/recordings").await.contains("no copy"));

    clock.set_ahead(HOUR);
    let recording = app.service.recording_of(anyone(), file).await.unwrap();
    assert_eq!(in_trouble(&app).await, [recording]);
    let desk = page(&app, "/").await;
    for text in [
        "Files without a copy",
        "1 failing for 1 hour",
        ": the answer was HTTP 500.",
        "Try now",
        &format!("href=\"/recordings/{recording}\""),
    ] {
        assert!(desk.contains(text), "{text}: {desk}");
    }
    let library = page(&app, "/recordings").await;
    let title = "1 file has no copy: 1 failing for 1 hour";
    assert!(library.contains(title), "{library}");
    assert!(library.contains("href=\"/recordings?archive=trouble\""));
    assert!(library.contains("Copy failed"), "{library}");

    // Everybody sees it, and operators can do something.
    let viewer = app.viewer_cookie().await;
    let listed = page_for(&app, "/recordings?archive=trouble", &viewer, "zh-CN").await;
    assert!(
        listed.contains("1 个文件没有副本：1 个复制失败已达 1 小时"),
        "{listed}"
    );
    assert!(
        !listed.contains("立即重试") && !listed.contains("intact"),
        "{listed}"
    );
    let id = recording.to_string();
    let retry =
        async |cookie: &str, id: &str| app.call("retry_files", cookie, &[("id", id)]).await.0;
    assert_eq!(retry(&viewer, &id).await, 403);
    works.store(true, Ordering::SeqCst);
    let admin = app.cookie().await;
    assert_eq!(retry(&admin, ID).await, 404);
    assert_eq!(retry(&admin, &id).await, 200);
    wait_for(&app, "broken", FileState::Archived).await;
    assert_eq!(in_trouble(&app).await, []);
    assert!(!page(&app, "/").await.contains("Files without a copy"));
    // There is nothing left to try.
    assert_eq!(retry(&admin, &id).await, 200);
    let file = file_in(&app, "broken").await.unwrap();
    assert_eq!(file.state, FileState::Archived);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_rooms_leads_to_the_recordings_that_it_does_not_show() {
    let app = TestApp::without_callbacks().await;
    let of = add_app(&app, "http://127.0.0.1:1").await;
    for name in ["a", "b", "c", "d", "e"] {
        let url = format!("http://files.invalid/{name}");
        let (_, state) = announce(&app, &of, name, &url).await;
        assert_eq!(state, FileState::Blocked);
    }
    let desk = page(&app, "/").await;
    assert_eq!(desk.matches("1 blocked").count(), 3, "{desk}");
    assert!(desk.contains("and 2 more"), "{desk}");
    assert!(desk.contains("Not tried again automatically"), "{desk}");
    let library = page(&app, "/recordings?archive=trouble").await;
    let title = "5 files have no copy: 5 blocked";
    assert!(library.contains(title), "{library}");
    assert_eq!(in_trouble(&app).await.len(), 5);

    // Each recording's page has the button, too.
    let id = in_trouble(&app).await[0];
    let recording = page(&app, &format!("/recordings/{id}")).await;
    assert!(
        recording.contains("action=\"/fn/retry_files\""),
        "{recording}"
    );
}
