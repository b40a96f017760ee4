//! The ledger of expected files: tracks, frames and due times.

use std::sync::Arc;

use crate::common::{
    TestApp, TestClock,
    actions::{
        move_people, newest, page, post, send_status, start, stop, wait_for_state,
        wait_until_understood,
    },
    app_form, eventually,
};
use reelroom_domain::{
    file::FileKind,
    inbox::{AfterStop, CallMark},
    ledger::Line,
    recording::RecordingState as S,
};
use reelroom_service::InboxQuery;
use serde_json::json;

const MINUTE: i64 = 60_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_room_needs_attention_only_in_the_overdue_state() {
    let clock = TestClock::default();
    clock.set_ahead(-120 * MINUTE);
    let app = TestApp::start_with_clock(&clock).await;
    app.set_faults(json!({ "callbacks": "drop" })).await;
    let id = start(&app, "hall").await;
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    stop(&app, id).await;
    wait_for_state(&app, "hall", S::AwaitingFiles).await;
    // By the clock the files are overdue, but the service has not looked them up yet.
    clock.set_ahead(0);
    for path in ["/rooms/hall", &format!("/recordings/{id}")] {
        let html = page(&app, path).await;
        assert!(html.contains("overdue since"), "{path}");
        assert!(!html.contains("The room needs attention"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_participant_of_the_recording_has_a_line() {
    let app = TestApp::start().await;
    app.set_faults(json!({ "callbacks": "drop" })).await;
    move_people(&app, "hall/join/ada").await;
    move_people(&app, "hall/join/bob").await;
    wait_until_understood(&app, "elsewhere").await;
    let id = start(&app, "hall").await;
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    move_people(&app, "hall/leave/bob").await;
    wait_until_understood(&app, "nowhere").await;
    stop(&app, id).await;
    let lines = async || {
        let recording = app.recording(id).await;
        let who = |line: &Line| match (line.kind, &line.who) {
            (FileKind::Composite, _) => "composite".to_owned(),
            (_, who) => who.as_ref().unwrap().to_string(),
        };
        recording.lines.iter().map(who).collect::<Vec<_>>()
    };
    assert_eq!(lines().await, ["composite", "ada", "bob"]);

    // A late callback adds a participant, and the next one shows that they had left before.
    let recording = app.recording(id).await;
    let started = recording.row.started_at.unwrap();
    send_status(&app, "hall", "eve", "Online", started.plus_millis(-10_000)).await;
    eventually("eve's line", async || {
        (lines().await == ["composite", "ada", "bob", "eve"]).then_some(())
    })
    .await;
    assert_eq!(app.recording(id).await.row.ledger.tracks_expected, 3);
    send_status(&app, "hall", "eve", "Offline", started.plus_millis(-5_000)).await;
    eventually("no line of eve's", async || {
        (lines().await == ["composite", "ada", "bob"]).then_some(())
    })
    .await;

    // The waiting times are settings.
    let minutes = [("late", "2"), ("due", "5")];
    assert_eq!(post(&app, "set_patience", &minutes).await, 200);
    let wrong = [("late", "5"), ("due", "5")];
    assert_eq!(post(&app, "set_patience", &wrong).await, 422);
    let recording = app.recording(id).await;
    let stopped = recording.row.stopped_at.unwrap();
    assert_eq!(recording.late_at, Some(stopped.plus_millis(2 * MINUTE)));
    assert_eq!(recording.due_at, Some(stopped.plus_millis(5 * MINUTE)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_matches_until_the_configured_due_time() {
    let clock = TestClock::default();
    clock.set_ahead(-70 * MINUTE);
    let by_clock = clock.clone();
    let app = TestApp::with_config(|config| config.clock = Arc::new(by_clock)).await;
    let minutes = [("late", "80"), ("due", "90")];
    assert_eq!(post(&app, "set_patience", &minutes).await, 200);
    let id = start(&app, "hall").await;
    stop(&app, id).await;
    clock.set_ahead(0);

    // Only the time of arrival tells which recording the file belongs to.
    let call = json!({ "type": "1", "mediaType": "video", "groupId": "hall",
        "fileName": "k2h34k2j3h4.mp4", "downloadUrl": "http://192.0.2.1/a.mp4" });
    app.send_callback("av", &call).await;
    let me = app.admin().await;
    let row = eventually("the file's call is understood", async || {
        let inbox = app.service.inbox(&me, InboxQuery::default()).await.unwrap();
        let row = inbox.calls.into_iter().next()?;
        (row.mark != CallMark::Waiting).then_some(row)
    })
    .await;
    let view = app.service.call(&me, row.id, None).await.unwrap();
    assert_eq!(view.recording_id(), Some(id));
    for shown in [row, view.row] {
        let after = shown.after_stop;
        assert!(
            matches!(after, AfterStop::After { slow: false, .. }),
            "{after:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_waits_for_a_frame_where_the_app_extracts_frames() {
    let app = TestApp::without_callbacks().await;
    let base = format!("http://{}", app.sandbox.addr());
    let mut form = app_form(&base, "test0app");
    form.push(("frames", "yes"));
    app.save_app(&form).await;
    let settings = page(&app, "/settings/apps").await;
    assert!(settings.contains(r#"name="frames" value="yes" checked"#));
    let id = start(&app, "hall").await;
    stop(&app, id).await;

    // The platform announces each file by a call of its own.
    let recording = app.recording(id).await;
    let announce = async |kind: &str, media: &str, name: &str| {
        let seconds = (recording.now.as_millis() / 1000).to_string();
        let call = json!({ "type": kind, "mediaType": media, "userId": "", "groupId": "hall",
            "fileName": name, "fileSize": 1000, "duration": 1, "startTime": seconds,
            "endTime": seconds, "downloadUrl": format!("{base}/none/{name}"), "userData": "" });
        app.send_callback("av", &call).await;
    };
    let kinds = async || {
        let lines = app.recording(id).await.lines;
        let has_arrived = |line: &Line| (line.kind, line.arrived_at.is_some());
        lines.iter().map(has_arrived).collect::<Vec<_>>()
    };
    let (composite, frame) = (FileKind::Composite, FileKind::Frame);
    assert_eq!(kinds().await, [(composite, false), (frame, false)]);
    announce("1", "video", "ar_hall_a7Kd.mp4").await;
    eventually("the composite", async || {
        (kinds().await == [(composite, true), (frame, false)]).then_some(())
    })
    .await;
    let waiting = wait_for_state(&app, "hall", S::AwaitingFiles).await;
    assert_eq!(waiting.row.ledger.expected(), 2);
    announce("3", "image", "ar_hall_a7Kd_1.jpg").await;
    eventually("ready", async || {
        let state = app.recording(id).await.row.state;
        (state == S::Ready).then_some(())
    })
    .await;
    assert_eq!(kinds().await, [(composite, true), (frame, true)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_length_is_called_so_on_every_page() {
    let app = TestApp::start().await;
    let call = json!({ "type": "1", "mediaType": "video", "userId": "", "groupId": "hall",
        "fileName": "odd.mp4", "downloadUrl": "", "userData": "" });
    app.send_callback("av", &call).await;
    let found = eventually("the recording", async || newest(&app.service).await).await;
    assert_eq!(found.row.length, None);
    let own = format!("/recordings/{}", found.row.id);
    for path in ["/recordings", "/rooms/hall", &own] {
        let html = page(&app, path).await;
        assert!(html.contains("length not known yet"), "{path}: {html}");
        assert!(!html.contains("00:00:00"), "{path}: {html}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_sound_alone_is_shown_as_sound() {
    let app = TestApp::start().await;
    let url = format!("http://{}/none/ada.mp4", app.sandbox.addr());
    let call = json!({ "type": "2", "mediaType": "audio", "userId": "ada", "groupId": "hall",
        "fileName": "ada.mp4", "downloadUrl": url, "userData": "" });
    app.send_callback("av", &call).await;
    let found = eventually("the recording", async || newest(&app.service).await).await;
    let html = page(&app, &format!("/recordings/{}", found.row.id)).await;
    assert!(
        html.contains("audio only") && !html.contains("poster="),
        "{html}"
    );
}
