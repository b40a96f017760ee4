//! Look-ups of files whose callbacks were lost; late callbacks make no duplicates.

use std::time::Duration;

use crate::common::{
    TestApp, TestClock, VOD_TOKEN,
    actions::{library, newest, page},
    anyone, app_form, eventually,
};
use reelroom_anyrtc::{
    client::{Client, Timeouts},
    videos,
};
use reelroom_domain::{
    callback::{CallbackKind, Verdict},
    check::ListSign,
    file::FileKind,
    recording::{RecordingEvent, RecordingState},
    time::{Clock, Timestamp},
    view::{HistoryEvent, RecordingView},
};
use reelroom_service::{Service, SystemClock};
use reelroom_store::{
    apps,
    lookups::{self, Claim},
    testing::{self, KnownCall},
};
use serde_json::json;

async fn start(app: &TestApp, room: &str, rule: &str) {
    let cookie = app.cookie().await;
    let form = [("room", room), ("rule", rule), ("kind", "Meet")];
    app.done("start_recording", &cookie, &form).await;
}

/// Records for a second, and waits for the platform's four files: a composite, the guest's track
/// and two frames.
async fn record(app: &TestApp, room: &str, rule: &str) {
    let before = app.list_count("done").await;
    start(app, room, rule).await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let id = newest(&app.service).await.unwrap().row.id.to_string();
    let cookie = app.cookie().await;
    app.done("stop_recording", &cookie, &[("id", &id)]).await;
    eventually("the files", async || {
        (app.list_count("done").await == before + 4).then_some(())
    })
    .await;
}

/// Waits until the newest recording has this state and this number of files.
async fn wait_for_state(service: &Service, state: RecordingState, files: usize) -> RecordingView {
    eventually("the state", async || {
        newest(service)
            .await
            .filter(|view| view.row.state == state && view.files.len() == files)
    })
    .await
}

/// Every stored file call, once all are understood.
async fn calls(app: &TestApp) -> Vec<KnownCall> {
    let store = app.store().await;
    eventually("all calls understood", async || {
        let mut all = testing::all_calls(&store).await;
        all.retain(|known| known.call.content.kind == CallbackKind::Av);
        let is_understood = |known: &KnownCall| known.entry.is_some();
        all.iter().all(is_understood).then_some(all)
    })
    .await
}

fn has(view: &RecordingView, event: HistoryEvent) -> bool {
    view.history.iter().any(|line| line.event == event)
}

/// End of the span that sweeps have covered.
async fn swept_until(app: &TestApp) -> Option<Timestamp> {
    let store = app.store().await;
    let mut tx = store.write().await.unwrap();
    let sandbox = apps::default_app(&mut tx).await.unwrap().unwrap();
    let now = SystemClock.now().plus_millis(7 * 24 * 60 * 60_000);
    let sweep = lookups::claim_sweep(&mut tx, sandbox.id, now, 0).await;
    // Rolled back: only the value is read.
    sweep.unwrap().unwrap().swept_until
}

/// Sets the last successful sweep to `minutes` ago and the last attempt to now, so that only a
/// service with a later clock sweeps.
async fn sweep_since(app: &TestApp, minutes: i64) {
    let store = app.store().await;
    let mut tx = store.write().await.unwrap();
    let sandbox = apps::default_app(&mut tx).await.unwrap().unwrap();
    let now = SystemClock.now();
    // A second ahead, so that it is newer than any concurrent attempt.
    let begun = lookups::claim_sweep(&mut tx, sandbox.id, now.plus_millis(1000), 0).await;
    assert!(begun.unwrap().is_some());
    let good = now.plus_millis(-minutes * 60_000);
    lookups::record_sweep(&mut tx, sandbox.id, good)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Waits for this number of requests to the list, and asserts that no more follow.
async fn wait_for_list_calls(app: &TestApp, calls: u64) {
    eventually("the calls of the list", async || {
        (app.list_count("calls").await >= calls).then_some(())
    })
    .await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(app.list_count("calls").await, calls);
}

/// Asserts that a sweep over a list with this fault makes `calls_made` requests and finds `found`
/// of four files, and that the next sweep finds the others.
async fn assert_found_despite(fault: &str, calls_made: u64, found: usize) {
    let app = TestApp::start().await;
    app.set_faults(json!({"callbacks": "drop", "video_list": fault}))
        .await;
    record(&app, "lab-west", RULE).await;
    sweep_since(&app, 15).await;
    let before = swept_until(&app).await;
    assert!(before.is_some());
    let later = app.open_again(TestClock::ahead(11 * MINUTE)).await;
    wait_for_list_calls(&app, calls_made).await;
    assert_eq!(calls(&app).await.len(), found, "{fault}");
    assert_eq!(swept_until(&app).await, before, "{fault}");
    drop(later);

    app.set_faults(json!({"video_list": "ok"})).await;
    let _again = app.open_again(TestClock::ahead(22 * MINUTE)).await;
    wait_for_list_calls(&app, calls_made + 1).await;
    assert_eq!(calls(&app).await.len(), 4, "{fault}");
    assert!(swept_until(&app).await > before, "{fault}");
}

const MINUTE: i64 = 60_000;
const OVERDUE: HistoryEvent = HistoryEvent::Took(RecordingEvent::FallenDue);
const RULE: &str = "ar_{roomid}_{date}_{random}";

#[tokio::test(flavor = "multi_thread")]
async fn a_due_file_is_looked_up_and_not_doubled_by_its_late_callback() {
    let app = TestApp::start().await;
    app.set_faults(json!({"callbacks": {"delay": 6_000}})).await;
    record(&app, "客服 a&b", RULE).await;
    let waiting = newest(&app.service).await.unwrap();
    assert_eq!(waiting.row.state, RecordingState::AwaitingFiles);

    let later = app.open_again(TestClock::ahead(61 * MINUTE)).await;
    let ready = wait_for_state(&later, RecordingState::Ready, 4).await;
    assert!(
        has(&ready, HistoryEvent::LookedUp) && !has(&ready, OVERDUE),
        "{:?}",
        ready.history
    );
    let kinds: Vec<FileKind> = ready.files.iter().map(|file| file.kind).collect();
    let expected = [
        FileKind::Composite,
        FileKind::Track,
        FileKind::Frame,
        FileKind::Frame,
    ];
    assert_eq!(kinds, expected);
    let participant = ready.files[1].participant.as_ref().map(ToString::to_string);
    assert_eq!(participant.as_deref(), Some("guest"));

    // The callbacks come after all.
    let calls = eventually("the late callbacks", async || {
        let calls = calls(&app).await;
        (calls.len() == 8).then_some(calls)
    })
    .await;
    let looked_up = calls.iter().filter(|known| known.call.content.looked_up);
    assert_eq!(looked_up.count(), 4);
    assert!(
        calls
            .iter()
            .all(|known| known.recording() == Some(ready.row.id))
    );
    let view = newest(&app.service).await.unwrap();
    assert_eq!(
        (view.files.len(), view.row.state),
        (4, RecordingState::Ready)
    );
    assert_eq!(library(&app.service).await.total.n, 1);
    // One line, not one for each file. Each of the two services may understand some of them, and
    // their clocks are an hour apart.
    let lines = view
        .history
        .iter()
        .filter(|line| line.event == HistoryEvent::LookedUp);
    let count = lines.count();
    assert!((1..=2).contains(&count), "{count}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_finds_lost_files_before_they_are_due() {
    let app = TestApp::start().await;
    app.set_faults(json!({"callbacks": "drop", "video_list": "trailing_comma"}))
        .await;
    record(&app, "lab-west", RULE).await;
    // Nobody started this recording, and no meeting names its room. No other meeting is on, so that
    // the sweep requests no single rooms.
    let store = app.store().await;
    testing::execute(
        &store,
        "UPDATE meetings SET ended_at = (unixepoch() - 300) * 1000
         WHERE ended_at IS NULL AND began_at <= (unixepoch() - 300) * 1000",
    )
    .await;
    app.tell_sandbox("/sandbox/auto/legal-review", json!({}))
        .await;
    eventually("the files", async || {
        (app.list_count("done").await == 8).then_some(())
    })
    .await;

    let later = app.open_again(TestClock::ahead(11 * MINUTE)).await;
    let ready = wait_for_state(&later, RecordingState::Ready, 4).await;
    assert_eq!(ready.row.room.as_str(), "lab-west");
    assert!(has(&ready, HistoryEvent::LookedUp));
    assert_eq!(ready.files.len(), 4);
    let known = eventually("the other four", async || {
        let calls = calls(&app).await;
        (calls.len() == 8).then_some(calls)
    })
    .await;
    let homeless = known
        .iter()
        .filter(|known| known.verdict() == Some(Verdict::Unrecognised));
    assert_eq!(homeless.count(), 4, "they wait for a person");

    // The next sweep, after a restart, covers the same span again and adds nothing.
    drop(later);
    app.set_faults(json!({"video_list": "strings"})).await;
    let before = app.list_count("calls").await;
    let _again = app.open_again(TestClock::ahead(22 * MINUTE)).await;
    eventually("the next sweep", async || {
        (app.list_count("calls").await > before).then_some(())
    })
    .await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(calls(&app).await.len(), 8);
    assert_eq!(newest(&app.service).await.unwrap().files.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn look_ups_back_off_after_a_refusal_and_the_recording_is_overdue() {
    let app = TestApp::start().await;
    app.set_faults(json!({"callbacks": "drop"})).await;
    record(&app, "lab-east", RULE).await;
    // Another client uses up the quota of this minute.
    let client = Client::new(Timeouts::default()).unwrap();
    let list = videos::App {
        app_id: "test0app".to_owned(),
        base: format!("http://{}", app.sandbox.addr()).parse().unwrap(),
        token: VOD_TOKEN.to_owned(),
    };
    let stamp = videos::Stamp {
        random: "a1B2c3",
        at_ms: SystemClock.now().as_millis(),
    };
    while client.videos_of_room(&list, &stamp, "x").await.is_ok() {}

    let later = app.open_again(TestClock::ahead(61 * MINUTE)).await;
    let refused = app.list_count("too_frequent").await;
    eventually("one more no", async || {
        (app.list_count("too_frequent").await > refused).then_some(())
    })
    .await;
    // The sweep and the due recording may both be refused once, and back off.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert!(app.list_count("too_frequent").await <= refused + 2);
    // Overdue at once: the page says that the list failed.
    let overdue = wait_for_state(&later, RecordingState::Overdue, 0).await;
    assert!(has(&overdue, OVERDUE) && overdue.files.is_empty());
    let checks = overdue.checks.unwrap();
    assert!(matches!(
        checks.last.list,
        ListSign::Failed(_) | ListSign::Busy
    ));
    assert!(checks.next_at.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_overdue_recording_says_why_the_list_was_not_read() {
    let app = TestApp::start().await;
    app.set_faults(json!({"callbacks": "drop", "video_list": "error"}))
        .await;
    record(&app, "lab-west", RULE).await;
    record(&app, "lab-east", RULE).await;
    // One request is refused, and the others wait.
    let later = app.open_again(TestClock::ahead(70 * MINUTE)).await;
    eventually("both are overdue", async || {
        let rows = library(&later).await.recordings.into_iter();
        let overdue = rows.filter(|row| row.state == RecordingState::Overdue);
        let overdue: Vec<_> = overdue.map(|row| row.id).collect();
        (overdue.len() == 2).then_some(overdue)
    })
    .await;
    for row in library(&later).await.recordings {
        let view = later.recording(anyone(), row.id).await.unwrap();
        let list = view.checks.unwrap().last.list;
        let is_told = matches!(list, ListSign::Failed(_) | ListSign::Busy);
        assert!(is_told, "{}: {list:?}", row.room);
        // The page of the recording has the ways out, also while its room is recorded again.
        let html = page(&app, &format!("/recordings/{}", row.id)).await;
        assert!(html.contains("/fn/accept_incomplete") && html.contains("/fn/check_recording"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_without_listed_files_is_overdue_and_completed_later() {
    let app = TestApp::start().await;
    app.set_faults(json!({"start": "ok", "callbacks": "drop"}))
        .await;
    start(&app, "lab-north", RULE).await;
    // Stopped, while the list fails.
    let id = newest(&app.service).await.unwrap().row.id.to_string();
    let cookie = app.cookie().await;
    app.call("stop_recording", &cookie, &[("id", &id)]).await;
    app.set_faults(json!({"video_list": "error"})).await;
    let later = app.open_again(TestClock::ahead(80 * MINUTE)).await;
    let overdue = wait_for_state(&later, RecordingState::Overdue, 0).await;
    assert!(overdue.files.is_empty());
    // The next look-up succeeds.
    app.set_faults(json!({"video_list": "ok"})).await;
    let much_later = app.open_again(TestClock::ahead(200 * MINUTE)).await;
    let ready = wait_for_state(&much_later, RecordingState::Ready, 4).await;
    assert_eq!(ready.files.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_look_up_is_queued_for_the_next_slot() {
    let app = TestApp::start().await;
    app.set_faults(json!({"callbacks": "drop", "video_list": "error"}))
        .await;
    record(&app, "lab-west", RULE).await;
    let later = app.open_again(TestClock::ahead(61 * MINUTE)).await;
    let overdue = wait_for_state(&later, RecordingState::Overdue, 0).await;
    // The list has just failed, so it is not queried for a minute.
    let me = app.admin().await;
    later.check_recording(&me, overdue.row.id).await.unwrap();
    let queued = later.recording(anyone(), overdue.row.id).await.unwrap();
    let checks = queued.checks.unwrap();
    let ListSign::Queued { at } = checks.last.list else {
        panic!("{checks:?}");
    };
    assert!(at > queued.now && at < queued.now.plus_millis(2 * MINUTE));
    assert_eq!(checks.next_at, Some(at), "one time on every page");
    let html = page(&app, "/rooms/lab-west").await;
    assert!(html.contains("Queued: anyRTC"), "{html}");
    assert!(!html.contains("The next query is"), "{html}");

    app.set_faults(json!({"video_list": "ok"})).await;
    let _at_that_time = app.open_again(TestClock::ahead(63 * MINUTE)).await;
    let ready = wait_for_state(&later, RecordingState::Ready, 4).await;
    assert!(has(&ready, HistoryEvent::LookedUp));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_a_missing_file_is_a_failed_sweep() {
    assert_found_despite("short", 2, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_page_is_not_the_end_of_the_list() {
    assert_found_despite("hole", 2, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_moves_between_two_pages_is_found_by_the_next_sweep() {
    assert_found_despite("shift", 3, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_without_a_list_is_a_failed_sweep() {
    assert_found_despite("absent", 1, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_files_are_swept_in_shorter_spans() {
    let app = TestApp::start().await;
    app.set_faults(json!({"callbacks": "drop", "video_list": "crowd"}))
        .await;
    record(&app, "lab-west", RULE).await;
    sweep_since(&app, 150).await;
    let before = SystemClock.now();
    let _later = app.open_again(TestClock::ahead(11 * MINUTE)).await;
    // The whole span, its older half, and the rest.
    wait_for_list_calls(&app, 3).await;
    assert_eq!(calls(&app).await.len(), 4);
    assert!(swept_until(&app).await > Some(before));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_sweep_does_not_block_other_apps() {
    let app = TestApp::start().await;
    let store = app.store().await;
    let sandbox = {
        let mut tx = store.write().await.unwrap();
        let sandbox = apps::default_app(&mut tx).await.unwrap().unwrap().id;
        // Uses up the quota of this app for a minute.
        let claim = Claim {
            most: 5,
            in_person: true,
        };
        for _ in 0..5 {
            let now = SystemClock.now();
            lookups::claim_call(&mut tx, sandbox, now, claim)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        sandbox
    };
    eventually("its sweep has begun", async || {
        let mut tx = store.write().await.unwrap();
        let now = SystemClock.now();
        let sweep = lookups::claim_sweep(&mut tx, sandbox, now, 60_000).await;
        sweep.unwrap().is_none().then_some(())
    })
    .await;
    let before = app.list_count("calls").await;
    let base = format!("http://{}", app.sandbox.addr());
    // Another AppID, as apps with the same one share their quota.
    let mut form = app_form(&base, "another0app");
    form.extend([("vod_base", base.as_str()), ("vod_token", VOD_TOKEN)]);
    app.save_app(&form).await;
    eventually("the sweep of the other app", async || {
        (app.list_count("calls").await > before).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_due_at_the_configured_time() {
    let app = TestApp::start().await;
    app.set_faults(json!({"callbacks": "drop", "video_list": "error"}))
        .await;
    record(&app, "lab-west", RULE).await;
    let cookie = app.cookie().await;
    app.done("set_patience", &cookie, &[("late", "2"), ("due", "5")])
        .await;
    let later = app.open_again(TestClock::ahead(4 * MINUTE)).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let waiting = newest(&later).await.unwrap();
    assert_eq!(waiting.row.state, RecordingState::AwaitingFiles);
    drop(later);
    let later = app.open_again(TestClock::ahead(6 * MINUTE)).await;
    wait_for_state(&later, RecordingState::Overdue, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_services_share_a_quota_of_five_requests_a_minute() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    app.set_faults(json!({"start": "500"})).await;
    for room in ["a", "b", "c"] {
        let form = [("room", room), ("rule", RULE), ("kind", "Meet")];
        app.call("start_recording", &cookie, &form).await;
    }
    let _other = app.open_again(TestClock::ahead(0)).await;
    let rows = library(&app.service).await.recordings;
    let ids: Vec<String> = rows.iter().map(|row| row.id.to_string()).collect();
    assert_eq!(ids.len(), 3);
    let checks = (0..4).flat_map(|_| &ids).map(|id| {
        let (app, cookie) = (&app, &cookie);
        async move { app.call("check_recording", cookie, &[("id", id)]).await.0 }
    });
    for status in futures::future::join_all(checks).await {
        assert_eq!(status, 200);
    }
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(app.list_count("too_frequent").await, 0);
    assert_eq!(app.list_count("calls").await, 5);
}
