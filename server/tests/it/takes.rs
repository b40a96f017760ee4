//! Files that are announced again: takes, versions, and the copy that stays.

use std::sync::{
    Arc,
    atomic::{AtomicU16, Ordering},
};

use reelroom_domain::{cause::Cause, file::FileState, view::RecordingView};
use reelroom_store::files;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::{
    common::{
        TestApp,
        actions::{get, newest_in, page, send},
        eventually,
    },
    files::{Stub, add_app},
};

/// 2023-11-14.
const BEGIN: i64 = 1_700_000_000;

/// A server whose app has files at a stub.
struct Case {
    app: TestApp,
    of: String,
    stub: Stub,
}

impl Case {
    /// Starts with a stub that answers with the status `status` and a body of as many bytes as the path
    /// begins with.
    async fn start(status: &Arc<AtomicU16>) -> Self {
        let status = Arc::clone(status);
        // Text would be no video.
        Self::of(move |size| (status.load(Ordering::SeqCst), "\u{1}".repeat(size))).await
    }

    /// Starts with a stub that answers with this status and body, by the number that the path begins with.
    async fn of(answer: impl Fn(usize) -> (u16, String) + Send + 'static) -> Self {
        let app = TestApp::without_callbacks().await;
        let stub = Stub::start(move |path, _| {
            let size = path.trim_start_matches('/').split('/').next();
            let (status, body) = answer(size.unwrap().parse().unwrap());
            let length = body.len();
            format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\n\r\n{body}")
        })
        .await;
        let of = add_app(&app, &format!("http://{}", stub.address)).await;
        Self { app, of, stub }
    }

    async fn post(&self, what: &str, call: &Value) {
        let kind = format!("{what}?app={}", self.of);
        self.app.send_callback(&kind, call).await;
    }

    /// Announces the composite of a room, over these seconds.
    async fn announce(&self, size: usize, sign: u32, (from, to): (i64, i64)) {
        let name = "weekly_class_7b.mp4";
        let call = json!({
            "type": "1", "mediaType": "video", "userId": "u1", "groupId": "takes",
            "fileName": name, "fileSize": size, "duration": to - from,
            "startTime": (BEGIN + from).to_string(), "endTime": (BEGIN + to).to_string(),
            "downloadUrl": format!("http://{}/{size}/{name}?sign={sign}", self.stub.address),
            "userData": "",
        });
        self.post("av", &call).await;
    }

    async fn recording(&self) -> Option<RecordingView> {
        newest_in(&self.app.service, "takes").await
    }

    /// Waits until the recording has this number of files, and each is archived.
    async fn archived(&self, takes: usize) -> RecordingView {
        eventually("the copies", async || {
            let view = self.recording().await?;
            let states = view.files.iter().map(|file| file.state);
            let archived = states.filter(|state| *state == FileState::Archived);
            (archived.count() == takes).then_some(view)
        })
        .await
    }

    /// Waits until the newest version has this signature in its address.
    async fn remembered(&self, sign: u32) {
        let store = self.app.store().await;
        eventually("the newest address", async || {
            let id = self.recording().await?.row.id;
            let mut read = store.read().await.unwrap();
            let files = files::of_recording(&mut read, id).await.unwrap();
            let end = format!("?sign={sign}");
            let newest = files.iter().max_by_key(|file| file.version)?;
            newest.announced.url.ends_with(&end).then_some(())
        })
        .await;
    }

    async fn get(&self, path: &str) -> Response {
        send(get(&self.app, path).await).await
    }

    /// Asserts that a file is served with this number of bytes.
    async fn assert_served(&self, path: &str, size: usize) {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(answer.bytes().await.unwrap().len(), size, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn takes_under_one_name_are_files_of_their_own() {
    let case = Case::start(&Arc::new(AtomicU16::new(200))).await;
    let meeting = |option: &str, second: i64| {
        json!([{"type": "1", "option": option, "userId": "", "groupId": "takes",
            "time": (BEGIN + second).to_string(), "userData": ""}])
    };
    case.post("status", &meeting("Begin", 0)).await;
    case.post("status", &meeting("End", 3600)).await;
    case.announce(40_556, 1, (60, 600)).await;
    case.announce(81_112, 1, (1200, 2400)).await;
    let view = case.archived(2).await;
    let takes: Vec<_> = view.files.iter().map(|file| file.take).collect();
    assert_eq!(takes, [Some((1, 2)), Some((2, 2))]);
    for (file, size) in view.files.iter().zip([40_556, 81_112]) {
        case.assert_served(&format!("/files/{}", file.id), size)
            .await;
    }
    assert_eq!((view.row.ledger.composites, view.row.bytes), (2, 121_668));
    let page = page(&case.app, &format!("/recordings/{}", view.row.id)).await;
    assert!(page.contains("Take 1 of 2") && page.contains("Take 2 of 2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_announced_ten_times_is_fetched_once() {
    let case = Case::start(&Arc::new(AtomicU16::new(200))).await;
    for sign in 1..=6 {
        case.announce(5000, sign, (0, 600)).await;
    }
    case.archived(1).await;
    for sign in 7..=10 {
        case.announce(5000, sign, (0, 600)).await;
    }
    case.remembered(10).await;
    let view = case.archived(1).await;
    assert!(view.files.len() == 1 && view.files[0].versions.is_empty());
    let fetched = case.stub.connections.load(Ordering::SeqCst);
    assert!((1..=2).contains(&fetched), "{fetched}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_served_whatever_is_announced_later() {
    let status = Arc::new(AtomicU16::new(200));
    let case = Case::start(&status).await;
    case.announce(5000, 1, (0, 600)).await;
    let view = case.archived(1).await;
    let path = format!("/files/{}", view.files[0].id);
    for (sign, answer) in [(2, 403), (3, 404)] {
        status.store(answer, Ordering::SeqCst);
        case.announce(5000, sign, (0, 600)).await;
        case.remembered(sign).await;
        case.assert_served(&path, 5000).await;
        assert_eq!(case.archived(1).await.files.len(), 1);
    }
    // Other content at an address that is not there.
    status.store(403, Ordering::SeqCst);
    case.announce(6000, 4, (0, 600)).await;
    let view = eventually("the failed version", async || {
        let view = case.recording().await?;
        let newer = view.files[0].versions.first()?;
        (newer.state == FileState::Failed).then_some(view)
    })
    .await;
    assert_eq!((view.files.len(), view.files[0].version), (1, 1));
    assert_eq!((view.row.archived, view.row.bytes), (1, 5000));
    case.assert_served(&path, 5000).await;
    case.assert_served(&format!("{path}?version=1"), 5000).await;
    for (version, expected) in [(2, StatusCode::BAD_GATEWAY), (3, StatusCode::NOT_FOUND)] {
        let answer = case.get(&format!("{path}?version={version}")).await;
        assert_eq!(answer.status(), expected);
    }
    let page = page(&case.app, &format!("/recordings/{}", view.row.id)).await;
    assert!(page.contains("A newer version was announced; our copy is served."));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_worse_version_takes_the_place_of_a_copy() {
    // Sound, text, or content of no known kind.
    let case = Case::of(|size| {
        let body = match size {
            5000 => "ID3".to_owned() + &"\u{1}".repeat(size - 3),
            11 => "hello world".to_owned(),
            size => "\u{1}".repeat(size),
        };
        (200, body)
    })
    .await;
    let newest = async |version: u32, state: FileState| {
        eventually("the newest version", async || {
            let view = case.recording().await?;
            let newer = view.files[0].versions.first()?;
            (newer.version == version && newer.state == state).then_some(view)
        })
        .await
    };
    case.announce(5000, 1, (0, 600)).await;
    let path = format!("/files/{}", case.archived(1).await.files[0].id);

    case.announce(11, 2, (0, 600)).await;
    let view = newest(2, FileState::Failed).await;
    let trouble = &view.files[0].versions[0].trouble;
    assert_eq!(*trouble, Some(Cause::OtherContent));
    // Nor is the text passed through.
    let answer = case.get(&format!("{path}?version=2")).await;
    assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);

    case.announce(6000, 3, (0, 600)).await;
    let view = newest(3, FileState::Archived).await;
    assert_eq!((view.files.len(), view.files[0].version), (1, 1));
    assert_eq!((view.row.archived, view.row.bytes), (1, 5000));
    assert_eq!(view.zip, (1, 5000));
    for (path, kind, size) in [
        (path.clone(), "audio/mpeg", 5000),
        (
            format!("{path}?version=3"),
            "application/octet-stream",
            6000,
        ),
    ] {
        let answer = case.get(&path).await;
        assert_eq!(answer.headers()["content-type"], kind, "{path}");
        assert_eq!(answer.bytes().await.unwrap().len(), size, "{path}");
    }
    let page = page(&case.app, &format!("/recordings/{}", view.row.id)).await;
    assert!(page.contains("The newest version is of an unknown kind"));
}
