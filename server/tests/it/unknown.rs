//! Starts and stops without a response: checks, and no second request.

use std::time::Duration;

use crate::common::{
    TestApp, TestClock,
    actions::{current, page, room, state, wait_for_state},
    anyone, as_role, eventually,
};
use reelroom_domain::{
    cause::Cause,
    check::{Check, ListSign, RoomSign},
    find::Find,
    recording::{RecordingEvent, RecordingState},
    room_list::RoomsQuery,
    search::SearchText,
    time::Clock,
    user::Role,
    view::{HistoryEvent, RecordingView, RoomFilter, RoomView},
};
use reelroom_service::{LibraryQuery, SystemClock};
use reelroom_store::{
    apps,
    recordings::{self, Fields},
};
use serde_json::json;

const RULE: &str = "ar_{roomid}_{date}_{random}";

async fn start(app: &TestApp, room: &str) -> (u16, String) {
    let cookie = app.cookie().await;
    let form = [("room", room), ("rule", RULE), ("kind", "Meet")];
    let (status, body) = app.call("start_recording", &cookie, &form).await;
    (status.as_u16(), body)
}

async fn check(app: &TestApp, view: &RecordingView) -> RecordingView {
    let cookie = app.cookie().await;
    let id = view.row.id.to_string();
    app.done("check_recording", &cookie, &[("id", &id)]).await;
    app.recording(view.row.id).await
}

fn checked(view: &RecordingView) -> Option<Check> {
    view.history.iter().rev().find_map(|line| match line.event {
        HistoryEvent::Checked(check_result) => Some(check_result),
        _ => None,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_swallowed_start_is_checked_and_never_repeated() {
    let app = TestApp::start().await;
    app.set_faults(json!({"start": "swallow"})).await;
    let (status, body) = start(&app, "lab-west").await;
    assert_eq!(status, 200, "{body}");
    app.set_faults(json!({"start": "ok"})).await;
    let unknown = current(&app.service, "lab-west").await.unwrap();
    assert_eq!(unknown.row.state, RecordingState::Unknown);

    // The platform records, with a guest: the room is live, and no file is listed.
    let seen = check(&app, &unknown).await;
    let check_result = checked(&seen).unwrap();
    assert_eq!(check_result.room, RoomSign::Live { people: 1 });
    assert_eq!(check_result.list, ListSign::Nothing);
    let line = seen.history.last().unwrap();
    assert_eq!(line.actor.as_deref(), Some("admin"));
    assert_eq!(
        seen.row.state,
        RecordingState::Unknown,
        "a check changes no state"
    );
    assert!(seen.checks.unwrap().count >= 1);
    // The service checks by itself after half a minute, without a line in the history.
    let before = seen.checks.unwrap().count;
    let later = app.open_again(TestClock::ahead(31_000)).await;
    eventually("a check by the service", async || {
        let view = current(&app.service, "lab-west").await?;
        view.checks.filter(|checks| checks.count > before)
    })
    .await;
    drop(later);
    let lines = seen.history.len();
    assert_eq!(
        current(&app.service, "lab-west")
            .await
            .unwrap()
            .history
            .len(),
        lines
    );
    let (_, body) = start(&app, "lab-west").await;
    assert!(body.contains("RoomTaken"), "{body}");

    // The platform ends it, and its callbacks are lost: the next check finds the files.
    app.set_faults(json!({"callbacks": "drop"})).await;
    let url = format!(
        "http://{}/anyapi/v1/stoprecord?AppID=test0app&ArRoomID=lab-west&Type=Meet",
        app.sandbox.addr()
    );
    app.client.get(url).send().await.unwrap();
    eventually("the files", async || {
        (app.list_count("done").await == 4).then_some(())
    })
    .await;
    let seen = check(&app, &unknown).await;
    assert_eq!(checked(&seen).unwrap().list, ListSign::Files { files: 4 });
    let ready = eventually("the files complete it", async || {
        let view = app.recording(unknown.row.id).await;
        (view.row.state == RecordingState::Ready).then_some(view)
    })
    .await;
    assert_eq!(ready.files.len(), 4);
    assert!(
        ready
            .history
            .iter()
            .any(|line| line.event == HistoryEvent::LookedUp)
    );
    assert_eq!(ready.checks, None, "nothing is left to check");
    // A further check adds nothing and fails nothing.
    let lines = ready.history.len();
    assert_eq!(check(&app, &unknown).await.history.len(), lines);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_says_why_the_list_failed() {
    let app = TestApp::start().await;
    app.set_faults(json!({"start": "500", "video_list": "error"}))
        .await;
    start(&app, "class-7A").await;
    let unknown = current(&app.service, "class-7A").await.unwrap();
    let check_result = checked(&check(&app, &unknown).await).unwrap();
    assert_eq!(check_result.room, RoomSign::Silent);
    // The service's own check may have come first; then it backs off for a minute.
    assert!(
        matches!(check_result.list, ListSign::Failed(_) | ListSign::Busy),
        "{check_result:?}"
    );
    let (status, _) = app
        .call(
            "check_recording",
            &app.viewer_cookie().await,
            &[("id", &unknown.row.id.to_string())],
        )
        .await;
    assert_eq!(status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_response_counts() {
    let app = TestApp::start().await;
    app.set_faults(json!({"start": {"late": 700}, "stop": {"late": 300}}))
        .await;
    let (status, body) = start(&app, "lab-east").await;
    assert_eq!(status, 200, "{body}");
    let view = current(&app.service, "lab-east").await.unwrap();
    assert_eq!(view.row.state, RecordingState::Recording);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let id = view.row.id.to_string();
    let cookie = app.cookie().await;
    app.done("stop_recording", &cookie, &[("id", &id)]).await;
}

async fn stop(app: &TestApp, room: &str) -> u16 {
    let cookie = app.cookie().await;
    let id = current(&app.service, room)
        .await
        .unwrap()
        .row
        .id
        .to_string();
    let answer = app.call("stop_recording", &cookie, &[("id", &id)]).await;
    answer.0.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_a_response_is_unknown_after_half_a_minute() {
    use RecordingState::{Recording, Requested, Stopping, Unknown};
    let clock = TestClock::default();
    let app = TestApp::start_with_clock(&clock).await;
    let cases = [
        ("lab-west", Requested, RecordingEvent::StartUnanswered),
        ("lab-east", Stopping, RecordingEvent::StopUncertain),
    ];
    // The rows after a process ended between request and response.
    let store = app.store().await;
    for (room, state, _) in cases {
        assert_eq!(start(&app, room).await.0, 200);
        let id = current(&app.service, room).await.unwrap().row.id;
        let mut tx = store.write().await.unwrap();
        let (now, fields) = (SystemClock.now(), Fields::default());
        let moved = recordings::update_state(&mut tx, id, Recording, state, now, &fields);
        assert!(moved.await.unwrap());
        tx.commit().await.unwrap();
    }
    // A second process leaves requests alone that may still be in progress.
    let _another = app.open_again(SystemClock).await;
    for (room, former, _) in cases {
        assert_eq!(state(&app.service, room).await, Some(former));
    }
    clock.set_ahead(31_000);
    for (room, _, event) in cases {
        let view = eventually("an unknown state", async || {
            let view = current(&app.service, room).await?;
            (view.row.state == Unknown).then_some(view)
        })
        .await;
        let line = view
            .history
            .iter()
            .find(|line| line.event == HistoryEvent::Took(event));
        assert_eq!(line.unwrap().cause, Some(Cause::Interrupted), "{room}");
    }
    // A person can act on the room again.
    assert_eq!(stop(&app, "lab-west").await, 200);
    assert_ne!(state(&app.service, "lab-west").await, Some(Unknown));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_is_stored_when_the_database_is_free_again() {
    let app = TestApp::start().await;
    assert_eq!(start(&app, "lab-east").await.0, 200);
    // Signed in before: both requests have to be on their way at the same time.
    let cookie = app.cookie().await;
    let id = current(&app.service, "lab-east").await.unwrap().row.id;
    let stop_form = [("id", &*id.to_string())];
    let start_form = [("room", "lab-west"), ("rule", RULE), ("kind", "Meet")];
    let late = json!({"start": {"late": 6000}, "stop": {"late": 6000}});
    app.set_faults(late).await;
    let busy = async {
        eventually("both requests", async || {
            let started = state(&app.service, "lab-west").await? == RecordingState::Requested;
            let stopped = state(&app.service, "lab-east").await? == RecordingState::Stopping;
            (started && stopped).then_some(())
        })
        .await;
        let other = app.store().await;
        let lock = other.write().await.unwrap();
        // Longer than the responses take, so that both wait for the database.
        tokio::time::sleep(Duration::from_secs(10)).await;
        drop(lock);
    };
    let (started, stopped, ()) = tokio::join!(
        app.call("start_recording", &cookie, &start_form),
        app.call("stop_recording", &cookie, &stop_form),
        busy
    );
    assert_eq!(
        (started.0.as_u16(), stopped.0.as_u16()),
        (200, 200),
        "{}",
        started.1
    );
    assert_eq!(
        state(&app.service, "lab-west").await,
        Some(RecordingState::Recording)
    );
    assert_ne!(
        state(&app.service, "lab-east").await,
        Some(RecordingState::Stopping)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_app_address_is_refused_without_a_request() {
    let app = TestApp::start().await;
    assert_eq!(start(&app, "lab-east").await.0, 200);
    let store = app.store().await;
    let mut tx = store.write().await.unwrap();
    let mut broken = apps::list(&mut tx).await.unwrap().remove(0);
    "nowhere".clone_into(&mut broken.api_base);
    apps::update(&mut tx, &broken).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(start(&app, "lab-west").await.0, 409);
    assert_eq!(state(&app.service, "lab-west").await, None);
    assert_eq!(stop(&app, "lab-east").await, 409);
    assert_eq!(
        state(&app.service, "lab-east").await,
        Some(RecordingState::Recording)
    );
}

async fn close(app: &TestApp, function: &str, view: &RecordingView) -> u16 {
    let cookie = app.cookie().await;
    let id = view.row.id.to_string();
    app.call(function, &cookie, &[("id", &id)]).await.0.as_u16()
}

/// Whether the room's page offers this server function.
async fn offers(app: &TestApp, room: &str, function: &str) -> bool {
    let page = page(app, &format!("/rooms/{room}")).await;
    page.contains(&format!("action=\"/fn/{function}\""))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unconfirmed_stop_can_only_be_marked_as_stopped() {
    let app = TestApp::start().await;
    app.set_faults(json!({"stop": "500", "callbacks": "drop"}))
        .await;
    assert_eq!(start(&app, "lab-west").await.0, 200);
    let running = current(&app.service, "lab-west").await.unwrap();
    assert_eq!(close(&app, "say_stopped", &running).await, 409);
    assert_eq!(stop(&app, "lab-west").await, 200);
    let unknown = current(&app.service, "lab-west").await.unwrap();
    assert_eq!(unknown.row.state, RecordingState::Unknown);
    assert!(offers(&app, "lab-west", "say_stopped").await);
    assert!(!offers(&app, "lab-west", "give_up_recording").await);

    // It was recorded, so its files still matter.
    assert_eq!(close(&app, "give_up_recording", &unknown).await, 409);
    assert_eq!(close(&app, "say_stopped", &unknown).await, 200);
    let stopped = current(&app.service, "lab-west").await.unwrap();
    assert_eq!(stopped.row.state, RecordingState::AwaitingFiles);
    let requested = HistoryEvent::Took(RecordingEvent::StopRequested);
    let requested = stopped.history.iter().find(|line| line.event == requested);
    assert_eq!(stopped.row.stopped_at, Some(requested.unwrap().at));
    let line = stopped.history.last().unwrap();
    assert_eq!(line.event, HistoryEvent::Took(RecordingEvent::SaidStopped));
    assert_eq!(line.actor.as_deref(), Some("admin"));

    // Conversely, an unanswered start without a stop.
    app.set_faults(json!({"start": "500", "stop": "500"})).await;
    assert_eq!(start(&app, "lab-east").await.0, 200);
    let unknown = current(&app.service, "lab-east").await.unwrap();
    assert!(!offers(&app, "lab-east", "say_stopped").await);
    assert!(offers(&app, "lab-east", "give_up_recording").await);
    assert_eq!(close(&app, "say_stopped", &unknown).await, 409);
    // Neither was answered, so both actions are offered.
    assert_eq!(stop(&app, "lab-east").await, 200);
    assert!(offers(&app, "lab-east", "say_stopped").await);
    assert_eq!(close(&app, "give_up_recording", &unknown).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_given_up_recording_leaves_the_list_and_the_room() {
    let app = TestApp::start().await;
    app.set_faults(json!({"start": "500"})).await;
    start(&app, "lab-west").await;
    let unknown = current(&app.service, "lab-west").await.unwrap();
    let listed = async |filter| {
        let query = RoomsQuery {
            filter,
            search: SearchText::parse("lab-west"),
            ..RoomsQuery::default()
        };
        let list = app.service.room_list(anyone(), None, &query).await;
        list.unwrap().rooms
    };
    assert_eq!(listed(RoomFilter::Attention).await.len(), 1);
    assert_eq!(close(&app, "give_up_recording", &unknown).await, 200);
    assert!(listed(RoomFilter::Attention).await.is_empty());
    assert_eq!(listed(RoomFilter::All).await[0].current, None);
    assert!(current(&app.service, "lab-west").await.is_none());
    // A refused start still needs attention.
    app.set_faults(json!({"start": "refuse"})).await;
    start(&app, "lab-west").await;
    assert_eq!(listed(RoomFilter::Attention).await.len(), 1);
    assert!(current(&app.service, "lab-west").await.is_some());
}

/// The room as an operator sees it.
async fn lab_west(app: &TestApp) -> RoomView {
    let room = room("lab-west");
    let view = app.service.room(as_role(Role::Operator), None, &room);
    view.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_refused_starts_in_a_room_the_newest_is_told() {
    let app = TestApp::start().await;
    app.set_faults(json!({"start": "refuse"})).await;
    for room in ["lab-west", "lab-west", "lab-east", "lab-west"] {
        assert_eq!(start(&app, room).await.0, 502);
    }
    let html = page(&app, "/recordings").await;
    assert_eq!(html.matches("id=\"news-").count(), 2, "{html}");
    for room in ["lab-west", "lab-east"] {
        let newest = current(&app.service, room).await.unwrap().row.id;
        assert!(html.contains(&format!("id=\"news-{newest}-failed\"")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_start_is_a_try_and_its_form_is_not_kept() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let form = |kind| [("room", "lab-west"), ("rule", RULE), ("kind", kind)];
    let sent = app.call("start_recording", &cookie, &form("Foo")).await;
    assert_eq!(sent.0.as_u16(), 502, "{}", sent.1);
    let seen = lab_west(&app).await;
    let refused = seen.current.unwrap();
    assert_eq!(refused.row.state, RecordingState::Failed);
    assert_eq!((&*seen.form.kind, seen.refused_kind), ("Foo", true));
    assert_eq!((seen.recorded_times, seen.recent.len()), (0, 1));
    let library = |find| {
        let query = LibraryQuery {
            find,
            ..LibraryQuery::default()
        };
        app.service.library(anyone(), query)
    };
    let recordings = library(Find::default()).await.unwrap();
    assert_eq!((recordings.total.n, recordings.tries.n), (0, 1));
    assert_eq!(
        library(Find::of([("state", "failed")]))
            .await
            .unwrap()
            .recordings
            .len(),
        1
    );
    let own = format!("/recordings/{}", refused.row.id);
    let pages = [own.as_str(), "/recordings?state=failed"];
    for path in pages {
        let html = page(&app, path).await;
        assert!(html.contains("Needs attention"), "{path}");
        assert!(html.contains("anyRTC: Type is unknown"), "{path}");
        // Nothing about files.
        for word in ["once the composite", "no file name", "0/1", "0 / 1", "0 B"] {
            assert!(!html.contains(word), "{path}: {word}");
        }
    }

    // A person has seen it: the room is calm, and its form as before.
    assert_eq!(close(&app, "mark_seen", &refused).await, 200);
    let calm = lab_west(&app).await;
    assert_eq!((calm.current, &*calm.form.kind), (None, "Meet"));
    let failed = calm.recent[0].failed.as_ref().unwrap();
    assert!(!failed.needs_attention && failed.is_refused());
    for path in pages {
        let html = page(&app, path).await;
        assert!(!html.contains("Needs attention"), "{path}");
        assert!(html.contains(">Refused<"), "{path}");
    }
    // Its form can be sent again, in its room.
    for (name, kind) in [("lab-west", Some("Foo")), ("lab-east", None)] {
        let (app_id, room, id) = (calm.app.id, room(name), refused.row.id);
        let sent = app
            .service
            .sent_form(as_role(Role::Operator), app_id, &room, id)
            .await
            .unwrap();
        assert_eq!(sent.map(|form| form.kind).as_deref(), kind);
    }
    assert_eq!(close(&app, "accept_incomplete", &refused).await, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn minutes_are_for_one_recording_unless_a_preset_has_them() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let form = [
        ("room", "lab-west"),
        ("rule", RULE),
        ("kind", "Meet"),
        ("stop_after", "90"),
    ];
    let start = async || {
        app.done("start_recording", &cookie, &form).await;
        assert_eq!(stop(&app, "lab-west").await, 200);
        lab_west(&app).await.form.stop_after
    };
    assert_eq!(start().await, "");
    let preset = [&form[..], &[("preset_name", "90 minutes")]].concat();
    let saved = app.call("save_preset", &cookie, &preset).await;
    assert_eq!(saved.0.as_u16(), 200, "{}", saved.1);
    assert_eq!(start().await, "90");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_overdue_recording_is_accepted_without_its_files() {
    let app = TestApp::start().await;
    app.set_faults(json!({"callbacks": "drop", "video_list": "error"}))
        .await;
    assert_eq!(start(&app, "lab-west").await.0, 200);
    assert_eq!(stop(&app, "lab-west").await, 200);
    let _later = app.open_again(TestClock::ahead(61 * 60_000)).await;
    let overdue = wait_for_state(&app, "lab-west", RecordingState::Overdue).await;
    let checks = overdue.checks.unwrap();
    assert!(matches!(checks.last.list, ListSign::Failed(_)));
    let room = page(&app, "/rooms/lab-west").await;
    let assign = format!("/callbacks?show=unrecognised&amp;for={}", overdue.row.id);
    assert!(room.contains(&assign), "{room}");
    // A person asks again.
    assert_eq!(close(&app, "check_recording", &overdue).await, 200);
    let again = app.recording(overdue.row.id).await;
    assert!(again.checks.unwrap().count > checks.count);
    assert_eq!(close(&app, "accept_incomplete", &overdue).await, 200);
    let ready = app.recording(overdue.row.id).await;
    assert_eq!(ready.row.state, RecordingState::Ready);
    let line = ready.history.last().unwrap();
    assert_eq!(line.actor.as_deref(), Some("admin"));
    // Its page waits for nothing.
    let html = page(&app, &format!("/recordings/{}", ready.row.id)).await;
    assert!(html.contains("admin accepted it without the missing files"));
    for word in [
        "5 to 10 minutes",
        "Nothing to play yet",
        "once the composite",
    ] {
        assert!(!html.contains(word), "{word}");
    }
}
