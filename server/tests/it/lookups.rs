//! Files whose callbacks were lost are looked up; nothing doubles when they come after all.

use std::time::Duration;

use crate::common::{TestApp, VOD_TOKEN, app_form, eventually};
use reelroom_anyrtc::{
    client::{Client, Timeouts},
    videos,
};
use reelroom_domain::{
    callback::{CallbackKind, Verdict},
    file::FileKind,
    recording::{RecordingEvent, RecordingState},
    time::{Clock, Timestamp},
    view::{HistoryEvent, RecordingView},
};
use reelroom_service::{LibraryQuery, Service, SystemClock};
use reelroom_store::{
    apps,
    lookups::{self, Claim},
    testing::{self, KnownCall},
};
use serde_json::json;

/// A clock that is ahead by so many minutes.
struct Ahead(i64);

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus_millis(self.0 * 60_000)
    }
}

async fn newest(service: &Service) -> Option<RecordingView> {
    let library = service.library(LibraryQuery::default()).await.unwrap();
    let row = library.recordings.into_iter().next()?;
    Some(service.recording(row.id).await.unwrap())
}

async fn start(app: &TestApp, room: &str, rule: &str) {
    let cookie = app.cookie().await;
    let form = [("room", room), ("rule", rule), ("kind", "Meet")];
    let (status, body) = app.call("start_recording", &cookie, &form).await;
    assert_eq!(status, 200, "{body}");
}

/// Records for a second; the platform makes four files of it: a composite, the guest's track, two
/// frames.
async fn record(app: &TestApp, room: &str, rule: &str) {
    let before = app.videos("done").await;
    start(app, room, rule).await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let id = newest(&app.service).await.unwrap().row.id.to_string();
    let cookie = app.cookie().await;
    let (status, body) = app.call("stop_recording", &cookie, &[("id", &id)]).await;
    assert_eq!(status, 200, "{body}");
    eventually("the files", async || {
        (app.videos("done").await == before + 4).then_some(())
    })
    .await;
}

/// The newest recording, once it is in this state and has so many files.
async fn in_state(service: &Service, state: RecordingState, files: usize) -> RecordingView {
    eventually("the state", async || {
        newest(service)
            .await
            .filter(|view| view.row.state == state && view.files.len() == files)
    })
    .await
}

/// Every call that was kept, once all of them are understood.
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

/// Up to where everything was seen.
async fn swept_until(app: &TestApp) -> Option<Timestamp> {
    let store = app.store().await;
    let mut tx = store.write().await.unwrap();
    let sandbox = apps::default_app(&mut tx).await.unwrap().unwrap();
    let now = SystemClock.now().plus_millis(7 * 24 * 60 * 60_000);
    let sweep = lookups::claim_sweep(&mut tx, sandbox.id, now, 0).await;
    // Not kept: it is only a look.
    sweep.unwrap().unwrap().swept_until
}

/// As if the last good sweep had been so many minutes ago, and one that was none just now: the service
/// that is here does not sweep, one whose clock is ahead does.
async fn sweep_since(app: &TestApp, minutes: i64) {
    let store = app.store().await;
    let mut tx = store.write().await.unwrap();
    let sandbox = apps::default_app(&mut tx).await.unwrap().unwrap();
    let now = SystemClock.now();
    // A little ahead, so that it is the newest whatever else began just now.
    let begun = lookups::claim_sweep(&mut tx, sandbox.id, now.plus_millis(1000), 0).await;
    assert!(begun.unwrap().is_some());
    let good = now.plus_millis(-minutes * 60_000);
    lookups::record_sweep(&mut tx, sandbox.id, good)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// So many calls of the list, and no more.
async fn asked(app: &TestApp, calls: u64) {
    eventually("the calls of the list", async || {
        (app.videos("calls").await >= calls).then_some(())
    })
    .await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(app.videos("calls").await, calls);
}

/// A sweep by a list with this fault makes so many calls and finds so many of four files; the sweep
/// after it finds the others.
async fn is_not_lost(fault: &str, calls_made: u64, found: usize) {
    let app = TestApp::start().await;
    app.tell(
        "/sandbox/faults",
        json!({"callbacks": "drop", "video_list": fault}),
    )
    .await;
    record(&app, "lab-west", RULE).await;
    sweep_since(&app, 15).await;
    let before = swept_until(&app).await;
    assert!(before.is_some());
    let later = app.again(Ahead(11)).await;
    asked(&app, calls_made).await;
    assert_eq!(calls(&app).await.len(), found, "{fault}");
    assert_eq!(swept_until(&app).await, before, "{fault}");
    drop(later);

    app.tell("/sandbox/faults", json!({"video_list": "ok"}))
        .await;
    let _again = app.again(Ahead(22)).await;
    asked(&app, calls_made + 1).await;
    assert_eq!(calls(&app).await.len(), 4, "{fault}");
    assert!(swept_until(&app).await > before, "{fault}");
}

const OVERDUE: HistoryEvent = HistoryEvent::Took(RecordingEvent::FallenDue);
const RULE: &str = "ar_{roomid}_{date}_{random}";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_looked_up_and_stays_one_file_when_its_callback_comes() {
    let app = TestApp::start().await;
    app.tell("/sandbox/faults", json!({"callbacks": {"delay": 6_000}}))
        .await;
    record(&app, "客服 a&b", RULE).await;
    let waiting = newest(&app.service).await.unwrap();
    assert_eq!(waiting.row.state, RecordingState::AwaitingFiles);

    let later = app.again(Ahead(61)).await;
    let ready = in_state(&later, RecordingState::Ready, 4).await;
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
    let whose = ready.files[1].participant.as_ref().map(ToString::to_string);
    assert_eq!(whose.as_deref(), Some("guest"));

    // Now the callbacks come after all.
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
    let total = app
        .service
        .library(LibraryQuery::default())
        .await
        .unwrap()
        .total;
    assert_eq!(total, 1);
    // One line, not one a file. Each of the two services may understand a part of them, and their
    // clocks are an hour apart.
    let lines = view
        .history
        .iter()
        .filter(|line| line.event == HistoryEvent::LookedUp);
    let count = lines.count();
    assert!((1..=2).contains(&count), "{count}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sweep_finds_what_was_dropped_before_it_is_due() {
    let app = TestApp::start().await;
    app.tell(
        "/sandbox/faults",
        json!({"callbacks": "drop", "video_list": "trailing_comma"}),
    )
    .await;
    record(&app, "lab-west", RULE).await;
    // Nobody started this one, and no meeting tells of its room; nor is one on elsewhere, so that
    // the sweep need not ask for room after room.
    let store = app.store().await;
    testing::execute(
        &store,
        "UPDATE meetings SET ended_at = (unixepoch() - 300) * 1000
         WHERE ended_at IS NULL AND began_at <= (unixepoch() - 300) * 1000",
    )
    .await;
    app.tell("/sandbox/auto/legal-review", json!({})).await;
    eventually("the files", async || {
        (app.videos("done").await == 8).then_some(())
    })
    .await;

    let later = app.again(Ahead(11)).await;
    let ready = in_state(&later, RecordingState::Ready, 4).await;
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

    // The next sweep, after a restart, covers the same time once more, and nothing enters twice.
    drop(later);
    app.tell("/sandbox/faults", json!({"video_list": "strings"}))
        .await;
    let asked = app.videos("calls").await;
    let _again = app.again(Ahead(22)).await;
    eventually("the next sweep", async || {
        (app.videos("calls").await > asked).then_some(())
    })
    .await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(calls(&app).await.len(), 8);
    assert_eq!(newest(&app.service).await.unwrap().files.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_says_no_is_left_in_peace_and_a_person_is_told_at_last() {
    let app = TestApp::start().await;
    app.tell("/sandbox/faults", json!({"callbacks": "drop"}))
        .await;
    record(&app, "lab-east", RULE).await;
    // Somebody else has used this minute's calls.
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

    let later = app.again(Ahead(61)).await;
    let refused = app.videos("too_frequent").await;
    eventually("one more no", async || {
        (app.videos("too_frequent").await > refused).then_some(())
    })
    .await;
    // One no is enough, for the sweep and for the recording that is due; both may ask at once.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert!(app.videos("too_frequent").await <= refused + 2);
    let waiting = newest(&later).await.unwrap();
    assert_eq!(
        waiting.row.state,
        RecordingState::AwaitingFiles,
        "not said yet"
    );
    // A quarter of an hour later it is.
    let much_later = app.again(Ahead(80)).await;
    let overdue = in_state(&much_later, RecordingState::Overdue, 0).await;
    assert!(has(&overdue, OVERDUE) && overdue.files.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_without_files_in_the_list_is_overdue_at_once() {
    let app = TestApp::start().await;
    app.tell(
        "/sandbox/faults",
        json!({"start": "ok", "callbacks": "drop"}),
    )
    .await;
    start(&app, "lab-north", RULE).await;
    // It is stopped here, and the platform, which was stopped by somebody else, knows of nothing.
    let id = newest(&app.service).await.unwrap().row.id.to_string();
    let cookie = app.cookie().await;
    app.call("stop_recording", &cookie, &[("id", &id)]).await;
    app.tell("/sandbox/faults", json!({"video_list": "error"}))
        .await;
    let later = app.again(Ahead(80)).await;
    let overdue = in_state(&later, RecordingState::Overdue, 0).await;
    assert!(overdue.files.is_empty());
    // It is looked up again by itself, and the platform answers now.
    app.tell("/sandbox/faults", json!({"video_list": "ok"}))
        .await;
    let much_later = app.again(Ahead(200)).await;
    let ready = in_state(&much_later, RecordingState::Ready, 4).await;
    assert_eq!(ready.files.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_one_of_its_files_is_no_good_sweep() {
    is_not_lost("short", 2, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_page_is_not_the_end_of_the_list() {
    is_not_lost("hole", 2, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_slips_by_between_two_pages_is_found_by_the_next_sweep() {
    is_not_lost("shift", 3, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_a_list_is_no_good_sweep() {
    is_not_lost("absent", 1, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_files_are_swept_in_shorter_spans() {
    let app = TestApp::start().await;
    app.tell(
        "/sandbox/faults",
        json!({"callbacks": "drop", "video_list": "crowd"}),
    )
    .await;
    record(&app, "lab-west", RULE).await;
    sweep_since(&app, 150).await;
    let before = SystemClock.now();
    let _later = app.again(Ahead(11)).await;
    // All of it, its older half, and the rest.
    asked(&app, 3).await;
    assert_eq!(calls(&app).await.len(), 4);
    assert!(swept_until(&app).await > Some(before));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_whose_sweep_waits_holds_no_other_up() {
    let app = TestApp::start().await;
    let store = app.store().await;
    let sandbox = {
        let mut tx = store.write().await.unwrap();
        let sandbox = apps::default_app(&mut tx).await.unwrap().unwrap().id;
        // No call of this app is left for a minute.
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
    let before = app.videos("calls").await;
    let base = format!("http://{}", app.sandbox.addr());
    // Apps of one AppID share their calls.
    let mut form = app_form(&base, "another0app");
    form.extend([("vod_base", base.as_str()), ("vod_token", VOD_TOKEN)]);
    let (status, body) = app.call("save_app", &app.cookie().await, &form).await;
    assert_eq!(status, 200, "{body}");
    eventually("the sweep of the other app", async || {
        (app.videos("calls").await > before).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_due_when_it_is_set() {
    let app = TestApp::start().await;
    app.tell(
        "/sandbox/faults",
        json!({"callbacks": "drop", "video_list": "error"}),
    )
    .await;
    record(&app, "lab-west", RULE).await;
    let cookie = app.cookie().await;
    let (status, body) = app
        .call("set_patience", &cookie, &[("late", "2"), ("due", "5")])
        .await;
    assert_eq!(status, 200, "{body}");
    // Due, and for another quarter of an hour the platform may come to itself.
    let later = app.again(Ahead(12)).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let waiting = newest(&later).await.unwrap();
    assert_eq!(waiting.row.state, RecordingState::AwaitingFiles);
    drop(later);
    let later = app.again(Ahead(21)).await;
    in_state(&later, RecordingState::Overdue, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_services_over_one_database_ask_five_times_a_minute_together() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    app.tell("/sandbox/faults", json!({"start": "500"})).await;
    for room in ["a", "b", "c"] {
        let form = [("room", room), ("rule", RULE), ("kind", "Meet")];
        app.call("start_recording", &cookie, &form).await;
    }
    let _other = app.again(Ahead(0)).await;
    let library = app.service.library(LibraryQuery::default()).await.unwrap();
    let ids: Vec<String> = library
        .recordings
        .iter()
        .map(|row| row.id.to_string())
        .collect();
    assert_eq!(ids.len(), 3);
    let checks = (0..4).flat_map(|_| &ids).map(|id| {
        let (app, cookie) = (&app, &cookie);
        async move { app.call("check_recording", cookie, &[("id", id)]).await.0 }
    });
    for status in futures::future::join_all(checks).await {
        assert_eq!(status, 200);
    }
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(app.videos("too_frequent").await, 0);
    assert_eq!(app.videos("calls").await, 5);
}
