//! What is deleted when it is old, and files that are only at the platform.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use reelroom_domain::{
    file::FileState,
    inbox::{BodyView, CallMark},
};
use reelroom_service::InboxQuery;

use crate::{
    common::{
        TestApp, TestClock,
        actions::{page, post},
        anyone, eventually, file_call,
    },
    files::{FILE, Stub, add_app, announce, archived, file_in, wait_for},
};

const HOUR: i64 = 60 * 60_000;

const NOT_FOUND: &str = "HTTP/1.1 404 x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
const REFUSED: &str = "HTTP/1.1 403 x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// Waits until the list of rooms says that files are gone, or no longer says it.
async fn wait_for_alert(app: &TestApp, is_there: bool) {
    eventually(if is_there { "an alert" } else { "no alert" }, async || {
        (page(app, "/").await.contains("Files are gone") == is_there).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_gone_is_an_alert_until_it_is_there_again() {
    let clock = TestClock::ahead(0);
    let app = TestApp::start_with_clock(&clock).await;
    let works = Arc::new(AtomicBool::new(false));
    let stub = {
        let works = Arc::clone(&works);
        Stub::start(move |_, _| {
            let works = works.load(Ordering::SeqCst);
            (if works { FILE } else { NOT_FOUND }).to_owned()
        })
        .await
    };
    let base = format!("http://{}", stub.address);
    let of = add_app(&app, &base).await;
    let (file, state) = announce(&app, &of, "rot", &format!("{base}/rot")).await;
    assert_eq!(state, FileState::Failed);
    wait_for_alert(&app, false).await;

    clock.set_ahead(25 * HOUR);
    wait_for(&app, "rot", FileState::Gone).await;
    wait_for_alert(&app, true).await;
    let recording = app.service.recording_of(anyone(), file).await.unwrap();
    let room = page(&app, "/rooms/rot").await;
    for text in [
        "anyRTC no longer has files of a recording",
        "Show the recording",
        &format!("href=\"/recordings/{recording}\""),
    ] {
        assert!(room.contains(text), "{text}: {room}");
    }

    works.store(true, Ordering::SeqCst);
    // A day and its jitter later.
    clock.set_ahead(53 * HOUR);
    wait_for(&app, "rot", FileState::Archived).await;
    wait_for_alert(&app, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_alert_about_gone_files_is_dismissed_once() {
    let clock = TestClock::ahead(0);
    let app = TestApp::start_with_clock(&clock).await;
    let stub = Stub::start(|_, _| NOT_FOUND.to_owned()).await;
    let base = format!("http://{}", stub.address);
    let of = add_app(&app, &base).await;
    announce(&app, &of, "rot", &format!("{base}/rot")).await;
    clock.set_ahead(25 * HOUR);
    wait_for_alert(&app, true).await;
    let form = [("room", "rot"), ("alert", "files_gone")];
    assert_eq!(post(&app, "dismiss_alert", &form).await, 200);
    wait_for_alert(&app, false).await;
    // The next probe finds the same.
    let before = stub.connections.load(Ordering::SeqCst);
    clock.set_ahead(53 * HOUR);
    eventually("another probe", async || {
        (stub.connections.load(Ordering::SeqCst) > before).then_some(())
    })
    .await;
    wait_for_alert(&app, false).await;
    wait_for(&app, "rot", FileState::Gone).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_waits_for_room_on_the_disk_is_probed_and_only_a_missing_one_is_gone() {
    let clock = TestClock::ahead(0);
    let by_clock = clock.clone();
    let app = TestApp::with_callbacks(|config| {
        config.clock = Arc::new(by_clock);
        config.limits.fetch.reserve_bytes = u64::MAX;
    })
    .await;
    let stub = Stub::start(|path, has_range| {
        let is_file = ["/missing", "/refused"].contains(&path);
        assert!(!is_file || has_range, "one byte is enough");
        (if path == "/missing" {
            NOT_FOUND
        } else {
            REFUSED
        })
        .to_owned()
    })
    .await;
    let base = format!("http://{}", stub.address);
    let of = add_app(&app, &base).await;
    for name in ["missing", "refused"] {
        let call = file_call(name, name, 10, &format!("{base}/{name}"));
        app.send_callback(&format!("av?app={of}"), &call).await;
        wait_for(&app, name, FileState::Remote).await;
    }
    for (hours, probes) in [(25, 2), (53, 4)] {
        clock.set_ahead(hours * HOUR);
        eventually("probes", async || {
            (stub.connections.load(Ordering::SeqCst) >= probes).then_some(())
        })
        .await;
    }
    wait_for(&app, "missing", FileState::Gone).await;
    let refused = file_in(&app, "refused").await.unwrap();
    assert_eq!(refused.state, FileState::Remote);
    let listed = page(&app, "/recordings?archive=remote").await;
    assert!(
        listed.contains("At anyRTC only") && listed.contains("refused"),
        "{listed}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_body_of_an_old_call_is_deleted_and_its_page_says_so() {
    let app = TestApp::start().await;
    archived(&app).await;
    let admin = app.admin().await;
    let inbox = app.service.inbox(&admin, InboxQuery::default()).await;
    let inbox = inbox.unwrap();
    let row = inbox.calls.iter().find(|row| row.mark == CallMark::Auto);
    let id = row.unwrap().id;
    let call = app.service.call(&admin, id, None).await.unwrap();
    assert!(!call.is_deleted() && !call.fields.is_empty());

    app.open_again(TestClock::ahead(91 * 24 * HOUR)).await;
    let call = eventually("no body", async || {
        let call = app.service.call(&admin, id, None).await.unwrap();
        call.is_deleted().then_some(call)
    })
    .await;
    let BodyView::Deleted { sha256, .. } = &call.body else {
        panic!("{call:?}")
    };
    assert!(call.recording.is_some() && call.trouble.is_none());
    let html = page(&app, &format!("/callbacks?call={id}")).await;
    assert!(html.contains("The body was deleted on"), "{html}");
    assert!(html.contains(sha256.as_str()), "{html}");
    assert!(!html.contains("/fn/replay_call"), "{html}");

    // It cannot be read again, and stays what it is.
    let number = id.to_string();
    assert_eq!(post(&app, "replay_call", &[("id", &number)]).await, 200);
    let replayed = app.service.replay_call(&admin, id).await.unwrap();
    assert!(!replayed, "its verdict is the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_say_for_how_long_old_data_is_kept() {
    let app = TestApp::without_callbacks().await;
    let html = page(&app, "/settings/storage").await;
    for piece in [
        "id=\"keeping-h\"",
        "value=\"1095\"",
        "The history of access is kept for 730 days.",
    ] {
        assert!(html.contains(piece), "no {piece}: {html}");
    }
    let form = [
        ("call_bodies", "6"),
        ("status_events", "30"),
        ("lookup_finds", "60"),
        ("seen", "a year"),
    ];
    let cookie = app.cookie().await;
    let (status, body) = app.call("set_keeping", &cookie, &form).await;
    assert_eq!(status, 422, "{body}");
    for field in ["call_bodies", "seen"] {
        assert!(body.contains(field), "{body}");
    }
    let form = [
        ("call_bodies", "8"),
        ("status_events", "30"),
        ("lookup_finds", "60"),
        ("seen", "365"),
    ];
    assert_eq!(post(&app, "set_keeping", &form).await, 200);
    let html = page(&app, "/settings/storage").await;
    assert!(html.contains("value=\"8\"") && html.contains("value=\"365\""));
    let history = page(&app, "/settings/history").await;
    let words = "changed how long old data is kept";
    assert!(history.contains(words), "{history}");
}
