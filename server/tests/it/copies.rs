//! Copies that are made late, once more, or again.

use std::time::Duration;

use reelroom_domain::{cause::Cause, file::FileState, view::HistoryEvent};
use reelroom_service::SystemClock;
use serde_json::json;

use crate::{
    common::{actions::send, anyone},
    fetch::{SIZE, announce, content, file, sha256, start},
    files::get,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_takes_callbacks_and_its_files_come_later() {
    let (app, files, of) = start(|limits| limits.reserve_bytes = u64::MAX).await;
    for path in ["/a", "/b"] {
        announce(&app, &of, &files.base(), path).await;
        file(&app, path, |file| file.state == FileState::Remote).await;
    }
    assert_eq!(files.sent("/a") + files.sent("/b"), 0);
    // There is room again.
    app.open_again(SystemClock).await;
    for path in ["/a", "/b"] {
        file(&app, path, |file| file.state == FileState::Archived).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_fails_costs_no_byte_of_a_part() {
    let (app, files, of) = start(|_| ()).await;
    let admin = app.admin().await;
    announce(&app, &of, &files.base(), "/fails").await;
    for status in [503, 404, 500] {
        let why = Some(Cause::Status(status));
        let failed = file(&app, "/fails", |file| file.trouble == why).await;
        let recording = app.service.recording_of(anyone(), failed.id).await.unwrap();
        let tried = app.service.retry_files(&admin, recording).await;
        tried.unwrap();
    }
    let archived = file(&app, "/fails", |file| file.state == FileState::Archived).await;
    assert_eq!(archived.sha256, Some(sha256(&content(1))));
    let sent = files.sent("/fails");
    assert!((SIZE..SIZE + SIZE / 50).contains(&sent), "{sent}");
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_limit_makes_no_transfer_slow() {
    let (app, files, of) = start(|limits| {
        limits.bandwidth = Some(SIZE as u64 / 3);
        limits.least_speed = SIZE as u64;
        limits.slow_for = Duration::from_secs(1);
    })
    .await;
    announce(&app, &of, &files.base(), "/a").await;
    let tried = file(&app, "/a", |file| {
        file.trouble.is_some() || file.state == FileState::Archived
    })
    .await;
    assert_eq!((tried.state, tried.trouble), (FileState::Archived, None));
}

/// A part of which only the head is left, as after a kill before its first bytes, is begun again: a
/// request for all bytes is none for a range.
#[tokio::test(flavor = "multi_thread")]
async fn a_part_without_bytes_is_fetched_as_a_whole() {
    let (app, files, of) = start(|limits| limits.reserve_bytes = u64::MAX).await;
    announce(&app, &of, &files.base(), "/ranges").await;
    let announced = file(&app, "/ranges", |_| true).await;
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
    let head = json!({
        "boot": boot.trim(), "place": format!("{}/ranges", files.base()),
        "validator": "\"v1\"", "size": SIZE,
    });
    let head_of = app.data("staging").join(format!("{}.json", announced.id));
    std::fs::write(&head_of, head.to_string()).unwrap();
    app.open_again(SystemClock).await;
    let archived = file(&app, "/ranges", |file| file.state == FileState::Archived).await;
    assert_eq!(archived.sha256, Some(sha256(&content(1))));
    assert!(!head_of.exists());
}

/// Opening it is enough: the copy is checked at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_is_missing_is_fetched_again() {
    let (app, files, of) = start(|_| ()).await;
    announce(&app, &of, &files.base(), "/a").await;
    let id = file(&app, "/a", |file| file.state == FileState::Archived)
        .await
        .id;
    let recording = app.service.recording_of(anyone(), id).await.unwrap();
    let folder = app.data("files").join(recording.to_string());
    let entries = std::fs::read_dir(&folder).unwrap();
    let paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(send(get(&app, id).await).await.status(), 503);
    file(&app, "/a", |file| {
        file.state == FileState::Archived && paths.iter().all(|path| path.exists())
    })
    .await;
    let answer = send(get(&app, id).await).await;
    assert_eq!(answer.status(), 200);
    let etag = format!("\"{}\"", sha256(&content(1)));
    assert_eq!(answer.headers()["etag"], etag.as_str());
    assert_eq!(answer.bytes().await.unwrap(), content(1));
    let history = app.recording(recording).await.history;
    let line = history
        .iter()
        .find(|line| line.event == HistoryEvent::CopyLost);
    assert_eq!(line.unwrap().cause, Some(Cause::CopyMissing));
}
