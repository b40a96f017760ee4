//! Rooms that are always recorded, and the alerts of the watchdog.

use crate::common::{
    ADMIN, TestApp, TestClock,
    actions::{
        current, mark_always, move_people, page, page_of, post, room, send_status, start, stop,
        view, wait_for_state, wait_until_understood,
    },
    anyone, eventually, start_form,
};
use reelroom_app::{error::ApiError, form::with_error, paths::LocalAddress};
use reelroom_domain::{
    recording::{RecordingEvent, RecordingState as S},
    room_list::RoomsQuery,
    search::SearchText,
    time::Clock,
    user::Role,
    view::{HistoryEvent, Presence, RoomFilter},
    watch::{AlertKind as K, EMPTY_FOR, LONG, RoomEvent},
};
use reelroom_service::SystemClock;
use reelroom_store::{Store, rooms, testing::begin_meeting};
use serde_json::json;

const MINUTE: i64 = 60_000;

async fn alert(app: &TestApp, name: &str, kind: K) {
    eventually(&format!("{kind:?} in {name}"), async || {
        let alerts = view(&app.service, name).await.watch.alerts;
        alerts.iter().any(|alert| alert.kind == kind).then_some(())
    })
    .await;
    let query = RoomsQuery {
        filter: RoomFilter::Attention,
        search: SearchText::parse(name),
        ..RoomsQuery::default()
    };
    let attention = app.service.room_list(anyone(), None, &query);
    let listed = attention.await.unwrap().rooms;
    assert_eq!(listed.len(), 1, "{name} is listed as needing attention");
    assert!(listed[0].alert.is_some());
}

async fn calm(app: &TestApp, name: &str) {
    eventually(&format!("no alerts in {name}"), async || {
        let alerts = view(&app.service, name).await.watch.alerts;
        alerts.is_empty().then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_marked_room_is_recorded_from_begin_to_end() {
    let app = TestApp::start().await;
    mark_always(&app, "hall").await;
    mark_always(&app, "hall").await;
    move_people(&app, "hall/join/ada").await;
    let recording = wait_for_state(&app, "hall", S::Recording).await;
    let first = &recording.history[0];
    assert_eq!(first.event, HistoryEvent::Always);
    assert_eq!(first.actor.as_deref(), Some("admin"), "who marked it");
    assert_eq!(recording.started_by, None);
    assert!(recording.auto_stop.at_end);

    // Longer than a second, the unit of the platform's times.
    tokio::time::sleep(std::time::Duration::from_millis(1200)).await;
    move_people(&app, "hall/end").await;
    let over = eventually("the stop", async || {
        let row = view(&app.service, "hall").await.recent.remove(0);
        row.stopped_at.is_some().then_some(row)
    })
    .await;
    let stopped = app.recording(over.id).await;
    assert_eq!(stopped.stopped_by, None);

    // The next meeting has a recording of its own.
    move_people(&app, "hall/join/bob").await;
    let next = wait_for_state(&app, "hall", S::Recording).await;
    assert_ne!(next.row.id, over.id);

    let form = [("room", "hall"), ("always", "")];
    assert_eq!(post(&app, "mark_always", &form).await, 200);
    let watch = view(&app.service, "hall").await.watch;
    let notes: Vec<_> = watch.notes.iter().map(|note| note.event).collect();
    assert_eq!(notes, [RoomEvent::AlwaysOff, RoomEvent::AlwaysOn]);
    assert_eq!((watch.always, &*watch.notes[0].by), (None, "admin"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_is_recorded_once_and_a_persons_stop_holds() {
    let clock = TestClock::default();
    let app = TestApp::start_with_clock(&clock).await;
    mark_always(&app, "hall").await;
    move_people(&app, "hall/join/ada").await;
    let recording = wait_for_state(&app, "hall", S::Recording).await;
    let Presence::Live { since, .. } = view(&app.service, "hall").await.presence else {
        panic!("a meeting is on")
    };
    // The begin is sent again, and again after a restart.
    send_status(&app, "hall", "", "Begin", since).await;
    let _again = app.open_again(SystemClock).await;
    stop(&app, recording.row.id).await;
    for _ in 0..2 {
        send_status(&app, "hall", "", "Begin", since).await;
        send_status(&app, "hall", "ada", "Online", since).await;
    }
    move_people(&app, "hall/join/bob").await;
    clock.set_ahead(MINUTE);
    wait_until_understood(&app, "elsewhere").await;
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    let hall = view(&app.service, "hall").await;
    assert_eq!(hall.recorded_times, 1);
    assert_eq!(hall.watch.alerts, [], "it was stopped by hand");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_next_meeting_is_recorded_and_a_note_says_that_it_is_ready() {
    let app = TestApp::start().await;
    let form = [("room", "hall"), ("always", "once")];
    assert_eq!(post(&app, "mark_always", &form).await, 200);
    move_people(&app, "hall/join/ada").await;
    let first = wait_for_state(&app, "hall", S::Recording).await;
    assert!(view(&app.service, "hall").await.watch.always.is_none());
    // Longer than a second, the unit of the platform's times.
    tokio::time::sleep(std::time::Duration::from_millis(1200)).await;
    move_people(&app, "hall/end").await;
    let note = format!("id=\"news-{}-ready\"", first.row.id);
    eventually("the note, on another page", async || {
        let html = page(&app, "/callbacks").await;
        let is_named = html.contains("hall is ready, ");
        (html.contains(&note) && is_named).then_some(())
    })
    .await;
    move_people(&app, "hall/join/bob").await;
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    let hall = view(&app.service, "hall").await;
    assert!(matches!(hall.presence, Presence::Live { .. }));
    assert_eq!(hall.recorded_times, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_meeting_is_recorded_after_a_lost_end() {
    let app = TestApp::start().await;
    // The emulated platform would report other meetings of the room.
    app.sandbox.set_callbacks(None, None);
    mark_always(&app, "hall").await;
    let now = SystemClock.now();
    let ago = |minutes: i64| now.plus_millis(-minutes * MINUTE);
    send_status(&app, "hall", "", "Begin", ago(60)).await;
    send_status(&app, "hall", "ada", "Online", ago(60)).await;
    let first = wait_for_state(&app, "hall", S::Recording).await;
    send_status(&app, "hall", "ada", "Offline", ago(40)).await;

    // The recording of the former meeting ends by itself, and the next one begins.
    send_status(&app, "hall", "", "Begin", ago(30)).await;
    let second = eventually("the second recording", async || {
        let recording = current(&app.service, "hall").await?.row;
        (recording.id != first.row.id && recording.state == S::Recording).then_some(recording.id)
    })
    .await;

    // A person's stop holds for its meeting, not for the next one.
    stop(&app, second).await;
    send_status(&app, "hall", "", "Begin", now).await;
    let third = wait_for_state(&app, "hall", S::Recording).await;
    assert_eq!(third.history[0].event, HistoryEvent::Always);
    assert_eq!(view(&app.service, "hall").await.recorded_times, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_due_start_survives_a_crash() {
    let app = TestApp::start().await;
    mark_always(&app, "hall").await;
    // The rows after a process ended between the callback and the start.
    let store = Store::connect(&app.database()).await.unwrap();
    let mut write = store.write().await.unwrap();
    let default = view(&app.service, "hall").await.app.id;
    let id = 0x0192_f00d;
    let now = SystemClock.now();
    rooms::ensure(&mut write, default, &room("hall"), now)
        .await
        .unwrap();
    begin_meeting(&mut write, (default, &room("hall")), now, id)
        .await
        .unwrap();
    write.commit().await.unwrap();
    let _again = app.open_again(SystemClock).await;
    let recording = wait_for_state(&app, "hall", S::Recording).await;
    assert_eq!(recording.history[0].event, HistoryEvent::Always);
    assert_eq!(view(&app.service, "hall").await.recorded_times, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_start_raises_an_alert_and_is_not_retried() {
    let clock = TestClock::default();
    let app = TestApp::start_with_clock(&clock).await;
    for (name, fault, state) in [
        ("refused", "refuse", S::Failed),
        ("unanswered", "500", S::Unknown),
    ] {
        mark_always(&app, name).await;
        app.set_faults(json!({ "start": fault })).await;
        move_people(&app, &format!("{name}/join/ada")).await;
        wait_for_state(&app, name, state).await;
    }
    app.set_faults(json!({ "start": "ok" })).await;
    clock.set_ahead(MINUTE);
    move_people(&app, "refused/join/bob").await;
    alert(&app, "refused", K::NotRecorded).await;
    for (name, recorded) in [("refused", 0), ("unanswered", 1)] {
        let view = view(&app.service, name).await;
        assert_eq!(
            (view.recent.len(), view.recorded_times),
            (1, recorded),
            "{name}"
        );
    }
    // Whether this one is recorded is unknown, which its state shows.
    assert_eq!(view(&app.service, "unanswered").await.watch.alerts, []);

    assert_eq!(post(&app, "start_now", &[("room", "refused")]).await, 200);
    let restarted = wait_for_state(&app, "refused", S::Recording).await;
    assert_eq!(restarted.started_by.as_deref(), Some("admin"));
    calm(&app, "refused").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_for_a_meeting_before_the_mark_can_be_dismissed() {
    let clock = TestClock::default();
    let app = TestApp::start_with_clock(&clock).await;
    move_people(&app, "hall/join/ada").await;
    wait_until_understood(&app, "elsewhere").await;
    clock.set_ahead(MINUTE);
    mark_always(&app, "hall").await;
    alert(&app, "hall", K::NotRecorded).await;
    // The error of a plain form is shown in the room's panel, and not at each row.
    for function in ["/fn/start_now", "/fn/dismiss_alert"] {
        let room = LocalAddress::or_home("/rooms/hall");
        let back = with_error(&room, function, &ApiError::Unavailable);
        let html = page(&app, back.as_str()).await;
        let count = html.matches("The server could not answer").count();
        assert_eq!(count, 1, "{function}");
    }
    let form = [("room", "hall"), ("alert", "not_recorded")];
    assert_eq!(post(&app, "dismiss_alert", &form).await, 200);
    calm(&app, "hall").await;
    let note = view(&app.service, "hall").await.watch.notes.remove(0);
    assert_eq!(note.event, RoomEvent::Dismissed(K::NotRecorded));
    assert_eq!(note.by, "admin");
    assert_eq!(view(&app.service, "hall").await.recorded_times, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_watchdog_raises_and_clears_alerts() {
    let clock = TestClock::default();
    let app = TestApp::start_with_clock(&clock).await;
    move_people(&app, "hall/join/ada").await;
    wait_until_understood(&app, "elsewhere").await;
    let id = start(&app, "hall").await;

    clock.set_ahead(6 * 60 * MINUTE + MINUTE);
    move_people(&app, "hall/join/bob").await;
    alert(&app, "hall", K::TooLong).await;
    let form = [("room", "hall"), ("alert", "too_long")];
    assert_eq!(post(&app, "dismiss_alert", &form).await, 200);
    calm(&app, "hall").await;
    let last = app.recording(id).await.history.pop().unwrap();
    assert_eq!(last.event, HistoryEvent::Dismissed(K::TooLong));
    assert_eq!(last.actor.as_deref(), Some("admin"));

    move_people(&app, "hall/end").await;
    alert(&app, "hall", K::EmptyRoom).await;
    let alerts = view(&app.service, "hall").await.watch.alerts;
    assert_eq!((alerts.len(), alerts[0].recording), (1, Some(id)));
    stop(&app, id).await;
    calm(&app, "hall").await;

    // Status calls come from other rooms only.
    app.sandbox.set_callbacks(None, None);
    start(&app, "silent").await;
    clock.set_ahead(6 * 60 * MINUTE + 12 * MINUTE);
    mark_always(&app, "elsewhere").await;
    alert(&app, "silent", K::NoSign).await;
    send_status(&app, "silent", "ada", "Online", clock.now()).await;
    calm(&app, "silent").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_concurrent_starts_one_succeeds_and_the_others_name_its_author() {
    let app = TestApp::start().await;
    let added = app.service.add_user("other", ADMIN.1, Role::Operator).await;
    added.unwrap();
    let cookies = [app.cookie().await, app.cookie_of("other", ADMIN.1).await];
    let form = start_form("hall");
    let presses = (0..8).map(|n| app.call("start_recording", &cookies[n % 2], &form));
    let answers = futures::future::join_all(presses).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|(status, _)| *status == 200);
    assert_eq!((won.len(), lost.len()), (1, 7), "{answers:?}");
    let recording = wait_for_state(&app, "hall", S::Recording).await;
    let first = recording.started_by.unwrap();
    for (status, body) in lost {
        assert_eq!(*status, 409);
        assert!(
            body.contains("RoomTaken") && body.contains(&first),
            "{body}"
        );
        let since = recording.row.requested_at.as_millis().to_string();
        assert!(body.contains(&since), "{body}");
    }
    assert_eq!(view(&app.service, "hall").await.recorded_times, 1);

    // Concurrent stops are one stop, and succeed for all.
    let id = recording.row.id.to_string();
    let form = [("id", id.as_str())];
    let presses = (0..8).map(|n| app.call("stop_recording", &cookies[n % 2], &form));
    for (status, body) in futures::future::join_all(presses).await {
        assert_eq!(status, 200, "{body}");
    }
    let history = app.recording(recording.row.id).await.history;
    let stops = history
        .iter()
        .filter(|line| line.event == HistoryEvent::Took(RecordingEvent::StopRequested));
    assert_eq!(stops.count(), 1);
}

/// Submits the form of the alert below the room's row.
async fn submit_alert(app: &TestApp, name: &str) -> String {
    let page = page(app, "/").await;
    let of_room = format!("name=\"room\" value=\"{name}\"");
    let form = page
        .split("class=\"row-alert\"")
        .skip(1)
        .filter_map(|row| row.split("</form>").next())
        .find(|form| form.contains(&of_room));
    let form = form.expect("a form below the row");
    assert!(form.contains("action=\"/fn/stop_recording\""), "{form}");
    let after = form.split("name=\"id\" value=\"").nth(1).unwrap();
    let id = after.split('"').next().unwrap().to_owned();
    let fields = [("id", &*id), ("room", name)];
    assert_eq!(post(app, "stop_recording", &fields).await, 200);
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_comes_in_time_and_its_button_stops_that_recording() {
    let clock = TestClock::default();
    let app = TestApp::start_with_clock(&clock).await;
    app.sandbox.set_callbacks(None, None);
    for name in ["first", "hall", "long"] {
        send_status(&app, name, "", "Begin", clock.now()).await;
        send_status(&app, name, "ada", "Online", clock.now()).await;
    }
    wait_until_understood(&app, "elsewhere").await;
    for name in ["first", "hall", "long", "silent"] {
        start(&app, name).await;
    }
    clock.set_ahead(MINUTE);
    let left = clock.now();
    send_status(&app, "first", "ada", "Offline", left.plus_millis(-20_000)).await;
    send_status(&app, "hall", "ada", "Offline", left).await;
    wait_until_understood(&app, "nowhere").await;
    // One check of all rooms: due for one of both, and not yet for the other.
    clock.set_ahead(MINUTE + EMPTY_FOR - 10_000);
    send_status(&app, "elsewhere", "ada", "Online", clock.now()).await;
    alert(&app, "first", K::EmptyRoom).await;
    assert_eq!(view(&app.service, "hall").await.watch.alerts, []);
    clock.set_ahead(MINUTE + EMPTY_FOR + 1_000);
    send_status(&app, "elsewhere", "bob", "Online", clock.now()).await;
    alert(&app, "hall", K::EmptyRoom).await;
    alert(&app, "silent", K::NoSign).await;
    assert_eq!(view(&app.service, "long").await.watch.alerts, []);
    for name in ["hall", "silent"] {
        assert_alert_stops(&app, name).await;
    }
    clock.set_ahead(LONG + MINUTE);
    send_status(&app, "elsewhere", "eve", "Online", clock.now()).await;
    alert(&app, "long", K::TooLong).await;
    assert_alert_stops(&app, "long").await;
    let first = current(&app.service, "first").await.unwrap();
    assert_eq!(first.row.state, S::Recording, "nobody pressed there");
}

async fn assert_alert_stops(app: &TestApp, name: &str) {
    let before = current(&app.service, name).await.unwrap();
    assert_eq!(submit_alert(app, name).await, before.row.id.to_string());
    let after = app.recording(before.row.id).await;
    assert_eq!(after.stopped_by.as_deref(), Some("admin"), "{name}");
    calm(app, name).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_page_cannot_start_a_meeting_that_is_over() {
    let app = TestApp::start().await;
    move_people(&app, "hall/join/ada").await;
    wait_until_understood(&app, "elsewhere").await;
    move_people(&app, "hall/end").await;
    eventually("the end", async || {
        (view(&app.service, "hall").await.presence == Presence::Empty).then_some(())
    })
    .await;
    let cookie = app.cookie().await;
    let (status, body) = app.call("start_now", &cookie, &[("room", "hall")]).await;
    assert_eq!(status, 409);
    assert!(body.contains("MeetingOver"), "{body}");
    // Without scripts, the redirect shows the same.
    let form = app.plain("start_now", &cookie).form(&[("room", "hall")]);
    let answer = form.send().await.unwrap();
    let location = answer.headers()["location"].to_str().unwrap();
    for (path, is_told) in [("/rooms/hall", false), (location, true)] {
        let (_, page) = page_of(&app, path, &cookie).await;
        assert_eq!(page.contains("The meeting is over"), is_told, "{path}");
    }
    assert_eq!(view(&app.service, "hall").await.recorded_times, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_start_runs_as_soon_as_the_room_is_free() {
    let app = TestApp::start().await;
    move_people(&app, "hall/join/ada").await;
    wait_until_understood(&app, "elsewhere").await;
    app.set_faults(json!({ "start": "500" })).await;
    let id = start(&app, "hall").await.to_string();
    app.set_faults(json!({ "start": "ok" })).await;
    mark_always(&app, "hall").await;
    // Longer than a second: see above.
    tokio::time::sleep(std::time::Duration::from_millis(1200)).await;
    move_people(&app, "hall/end").await;
    move_people(&app, "hall/join/bob").await;
    // Attempts run after 1, 3 and 7 seconds, and then after 15.
    tokio::time::sleep(std::time::Duration::from_millis(8500)).await;
    assert_eq!(view(&app.service, "hall").await.recorded_times, 1);
    assert_eq!(post(&app, "give_up_recording", &[("id", &id)]).await, 200);
    let free = std::time::Instant::now();
    wait_for_state(&app, "hall", S::Recording).await;
    assert!(free.elapsed().as_secs() < 5, "the start was not woken");
}
