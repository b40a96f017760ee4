//! The page of the storage: its usage, its test, and the alert when a disk is nearly full.

use std::{fs, time::Duration};

use crate::{
    common::{
        TestApp,
        actions::{location, newest, newest_in, page, page_of, post, start, stop},
        eventually,
    },
    fetch::{self, announce, content, file, sha256},
};
use reelroom_domain::{
    cause::Cause,
    file::FileState,
    time::Clock,
    usage::{StorageStep, StorageTest},
};
use reelroom_service::{Service, ServiceConfig, StorageLocation, SystemClock, back_up, restore};
use reelroom_store::DatabaseUrl;
use tempfile::TempDir;

#[tokio::test(flavor = "multi_thread")]
async fn the_copies_of_a_room_are_summed_up() {
    let app = TestApp::start().await;
    let before = page(&app, "/settings/storage").await;
    assert!(before.contains("Nothing is archived yet"), "{before}");
    assert!(!before.contains("by-room"), "{before}");

    let id = start(&app, "hall").await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    stop(&app, id).await;
    let admin = app.admin().await;
    let usage = eventually("copies of all files in the usage", async || {
        let files = newest(&app.service).await?.files;
        let bytes: u64 = files.iter().filter_map(|file| file.size).sum();
        let usage = app.service.storage(&admin).await.unwrap().usage;
        let is_whole = (usage.total.files, usage.total.bytes) == (files.len() as u64, bytes);
        (is_whole && !files.is_empty()).then_some(usage)
    })
    .await;
    assert_eq!((usage.rooms.len(), usage.apps.len()), (1, 1));
    let html = page(&app, "/settings/storage").await;
    for piece in [
        "<title>Storage · Reelroom</title>",
        "Too little data",
        ">hall<",
        "id=\"by-app\"",
        "are free on the disk of",
    ] {
        assert!(html.contains(piece), "no {piece}: {html}");
    }
    assert!(!html.contains("Fetching pauses"), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_folder_of_copies_is_gone_is_not_ready() {
    let app = TestApp::without_callbacks().await;
    let status = async || app.get("/readyz").send().await.unwrap().status();
    assert_eq!(status().await, 200);
    let (files, away) = (app.data("files"), app.data("away"));
    fs::rename(&files, &away).unwrap();
    assert_eq!(status().await, 503);
    fs::rename(&away, &files).unwrap();
    assert_eq!(status().await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_folder_of_copies_is_not_made_anew() {
    let (app, platform, of) = fetch::start(|_| ()).await;
    announce(&app, &of, &platform.base(), "/a").await;
    file(&app, "/a", |file| file.state == FileState::Archived).await;
    let (files, away) = (app.data("files"), app.data("away"));
    let (place, now) = (TempDir::new().unwrap(), SystemClock.now());
    let [backup, other] = ["backup", "other"].map(|name| place.path().join(name));
    let (database, storage) = (app.database(), StorageLocation::Folder(files.clone()));
    back_up(&database, &storage, &backup, now).await.unwrap();
    fs::rename(&files, &away).unwrap();

    // The next file is not stored, and tried again.
    announce(&app, &of, &platform.base(), "/ranges").await;
    let failed = file(&app, "/ranges", |file| file.state == FileState::Failed).await;
    let says_why = |why: &str| why.contains("is not there, and nothing was made");
    assert!(
        matches!(&failed.trouble, Some(Cause::Storage(why)) if says_why(why)),
        "{failed:?}"
    );
    // Nor does a start or a command make the folder; each goes on without it.
    let config = ServiceConfig {
        storage: storage.clone(),
        ..ServiceConfig::new(database.clone(), place.path())
    };
    let service = Service::connect(config).await.unwrap();
    assert!(service.ready().await.is_err());
    service.close().await;
    let backed_up = back_up(&database, &storage, &other, now).await.unwrap();
    assert_eq!(backed_up.missing.len(), 1);
    let restored = DatabaseUrl::Sqlite(place.path().join("restored.db"));
    let restored = restore(&restored, &storage, &backup, false, now).await;
    assert_eq!(restored.unwrap().copies.missing.len(), 1);
    assert!(!files.exists());

    fs::rename(&away, &files).unwrap();
    let recording = newest_in(&app.service, "/ranges").await.unwrap();
    let form = [("id", &*recording.row.id.to_string())];
    assert_eq!(post(&app, "retry_files", &form).await, 200);
    let stored = file(&app, "/ranges", |file| file.state == FileState::Archived).await;
    assert_eq!(stored.sha256, Some(sha256(&content(1))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_tests_the_storage_and_the_page_shows_each_step() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    let body = app.done("test_storage", &cookie, &[]).await;
    let test: StorageTest = serde_json::from_str(&body).unwrap();
    assert!(test.steps.iter().all(|tested| tested.failed.is_none()));
    assert_eq!(test.steps.last().unwrap().step, StorageStep::Delete);

    let form = app.plain_from("/settings/storage", "test_storage", &cookie);
    let nothing: &[(&str, &str)] = &[];
    let answer = form.form(nothing).send().await.unwrap();
    assert_eq!(location(&answer), "/settings/storage");
    let (_, html) = page_of(&app, "/settings/storage", &cookie).await;
    for words in ["Written", "Read back, the same bytes", "Deleted", "Tested "] {
        assert!(html.contains(words), "no {words}: {html}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_learn_that_fetching_pauses() {
    let app = TestApp::with_config(|config| config.limits.fetch.reserve_bytes = u64::MAX).await;
    let (cookie, viewer) = (app.cookie().await, app.viewer_cookie().await);
    let title = "Fetching pauses: the disk is nearly full";
    for path in ["/", "/settings/storage"] {
        let (status, html) = page_of(&app, path, &cookie).await;
        assert_eq!(status, 200);
        assert!(html.contains(title), "{path}: {html}");
    }
    let (_, html) = page_of(&app, "/", &viewer).await;
    assert!(!html.contains(title), "{html}");
    let (status, html) = page_of(&app, "/settings/storage", &viewer).await;
    assert_eq!(status, 403);
    assert!(!html.contains("are free on the disk of"), "{html}");
    let (_, html) = page_of(&app, "/settings", &viewer).await;
    assert!(!html.contains("/settings/storage"), "{html}");
    // Actions that need no room on the disk go on.
    assert_eq!(post(&app, "add_room", &[("room", "hall")]).await, 200);
}
