//! A start that got no answer: what a look sees, and that nothing starts twice.

use std::time::Duration;

use crate::common::{TestApp, Turned, eventually};
use reelroom_domain::{
    cause::Cause,
    look::{ListSign, Look, RoomSign},
    recording::{RecordingEvent, RecordingState},
    room::RoomId,
    room_list::RoomsQuery,
    search::SearchText,
    time::{Clock, Timestamp},
    user::Role,
    view::{HistoryEvent, RecordingView, RoomFilter},
};
use reelroom_service::SystemClock;
use reelroom_store::{
    apps,
    recordings::{self, Fields},
};
use serde_json::json;

/// A clock that is ahead by so many milliseconds.
struct Ahead(i64);

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus_millis(self.0)
    }
}

const RULE: &str = "ar_{roomid}_{date}_{random}";

async fn current(app: &TestApp, room: &str) -> Option<RecordingView> {
    let room = RoomId::new(room).unwrap();
    app.service
        .room(Role::Viewer, None, &room)
        .await
        .unwrap()
        .current
}

async fn start(app: &TestApp, room: &str) -> (u16, String) {
    let cookie = app.cookie().await;
    let form = [("room", room), ("rule", RULE), ("kind", "Meet")];
    let (status, body) = app.call("start_recording", &cookie, &form).await;
    (status.as_u16(), body)
}

async fn check(app: &TestApp, view: &RecordingView) -> RecordingView {
    let cookie = app.cookie().await;
    let id = view.row.id.to_string();
    let (status, body) = app.call("check_recording", &cookie, &[("id", &id)]).await;
    assert_eq!(status, 200, "{body}");
    app.service.recording(view.row.id).await.unwrap()
}

fn checked(view: &RecordingView) -> Option<Look> {
    view.history.iter().rev().find_map(|line| match line.event {
        HistoryEvent::Checked(look) => Some(look),
        _ => None,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_swallowed_start_is_looked_at_and_never_made_again() {
    let app = TestApp::start().await;
    app.tell("/sandbox/faults", json!({"start": "swallow"}))
        .await;
    let (status, body) = start(&app, "lab-west").await;
    assert_eq!(status, 200, "{body}");
    app.tell("/sandbox/faults", json!({"start": "ok"})).await;
    let unknown = current(&app, "lab-west").await.unwrap();
    assert_eq!(unknown.row.state, RecordingState::Unknown);

    // It records, with a guest: the room is live, and no file is listed.
    let seen = check(&app, &unknown).await;
    let look = checked(&seen).unwrap();
    assert_eq!(look.room, RoomSign::Live { people: 1 });
    assert_eq!(look.list, ListSign::Nothing);
    let line = seen.history.last().unwrap();
    assert_eq!(line.actor.as_deref(), Some("admin"));
    assert_eq!(
        seen.row.state,
        RecordingState::Unknown,
        "a look moves nothing"
    );
    assert!(seen.looks.unwrap().count >= 1);
    // We look by ourselves, too, half a minute later, which is no line of the history.
    let before = seen.looks.unwrap().count;
    let later = app.again(Ahead(31_000)).await;
    eventually("a look of ours", async || {
        let view = current(&app, "lab-west").await?;
        view.looks.filter(|looks| looks.count > before)
    })
    .await;
    drop(later);
    let lines = seen.history.len();
    assert_eq!(
        current(&app, "lab-west").await.unwrap().history.len(),
        lines
    );
    let (_, body) = start(&app, "lab-west").await;
    assert!(body.contains("RoomTaken"), "{body}");

    // The platform ends it, and its callbacks are lost: the next look finds the files.
    app.tell("/sandbox/faults", json!({"callbacks": "drop"}))
        .await;
    let url = format!(
        "http://{}/anyapi/v1/stoprecord?AppID=test0app&ArRoomID=lab-west&Type=Meet",
        app.sandbox.addr()
    );
    app.client.get(url).send().await.unwrap();
    eventually("the files", async || {
        (app.videos("done").await == 4).then_some(())
    })
    .await;
    let seen = check(&app, &unknown).await;
    assert_eq!(checked(&seen).unwrap().list, ListSign::Files { files: 4 });
    let ready = eventually("the files settle it", async || {
        let view = app.service.recording(unknown.row.id).await.unwrap();
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
    assert_eq!(ready.looks, None, "there is nothing to look for any more");
    // Settled: another look says nothing, and fails nothing.
    let lines = ready.history.len();
    assert_eq!(check(&app, &unknown).await.history.len(), lines);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_says_why_the_list_told_nothing() {
    let app = TestApp::start().await;
    app.tell(
        "/sandbox/faults",
        json!({"start": "500", "video_list": "error"}),
    )
    .await;
    start(&app, "class-7A").await;
    let unknown = current(&app, "class-7A").await.unwrap();
    let look = checked(&check(&app, &unknown).await).unwrap();
    assert_eq!(look.room, RoomSign::Silent);
    // Ours came first, perhaps; then the platform is left in peace for a minute.
    assert!(
        matches!(look.list, ListSign::Failed(_) | ListSign::Busy),
        "{look:?}"
    );
    let (status, _) = app
        .call(
            "check_recording",
            &app.viewer().await,
            &[("id", &unknown.row.id.to_string())],
        )
        .await;
    assert_eq!(status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_answer_is_an_answer() {
    let app = TestApp::start().await;
    app.tell(
        "/sandbox/faults",
        json!({"start": {"late": 700}, "stop": {"late": 300}}),
    )
    .await;
    let (status, body) = start(&app, "lab-east").await;
    assert_eq!(status, 200, "{body}");
    let view = current(&app, "lab-east").await.unwrap();
    assert_eq!(view.row.state, RecordingState::Recording);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let id = view.row.id.to_string();
    let cookie = app.cookie().await;
    assert_eq!(
        app.call("stop_recording", &cookie, &[("id", &id)]).await.0,
        200
    );
}

async fn state(app: &TestApp, room: &str) -> Option<RecordingState> {
    current(app, room).await.map(|view| view.row.state)
}

async fn stop(app: &TestApp, room: &str) -> u16 {
    let cookie = app.cookie().await;
    let id = current(app, room).await.unwrap().row.id.to_string();
    let answer = app.call("stop_recording", &cookie, &[("id", &id)]).await;
    answer.0.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_whose_answer_nobody_heard_is_settled_in_half_a_minute() {
    use RecordingState::{Recording, Requested, Stopping, Unknown};
    let clock = Turned::default();
    let app = TestApp::start_by(&clock).await;
    let asked = [
        ("lab-west", Requested, RecordingEvent::StartUnanswered),
        ("lab-east", Stopping, RecordingEvent::StopUncertain),
    ];
    // What the database holds where a process has asked, and never wrote the answer down.
    let store = app.store().await;
    for (room, state, _) in asked {
        assert_eq!(start(&app, room).await.0, 200);
        let id = current(&app, room).await.unwrap().row.id;
        let mut tx = store.write().await.unwrap();
        let (now, fields) = (SystemClock.now(), Fields::default());
        let moved = recordings::update_state(&mut tx, id, Recording, state, now, &fields);
        assert!(moved.await.unwrap());
        tx.commit().await.unwrap();
    }
    // Another process that starts leaves alone what this one may be waiting for.
    let _another = app.again(SystemClock).await;
    for (room, asked, _) in asked {
        assert_eq!(state(&app, room).await, Some(asked));
    }
    clock.ahead(31_000);
    for (room, _, event) in asked {
        let view = eventually("nobody knows", async || {
            let view = current(&app, room).await?;
            (view.row.state == Unknown).then_some(view)
        })
        .await;
        let line = view
            .history
            .iter()
            .find(|line| line.event == HistoryEvent::Took(event));
        assert_eq!(line.unwrap().cause, Some(Cause::Interrupted), "{room}");
    }
    // The room is a person's again.
    assert_eq!(stop(&app, "lab-west").await, 200);
    assert_ne!(state(&app, "lab-west").await, Some(Unknown));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_written_down_when_the_database_is_free_again() {
    let app = TestApp::start().await;
    assert_eq!(start(&app, "lab-east").await.0, 200);
    let late = json!({"start": {"late": 4000}, "stop": {"late": 4000}});
    app.tell("/sandbox/faults", late).await;
    let busy = async {
        eventually("both are asked", async || {
            let started = state(&app, "lab-west").await? == RecordingState::Requested;
            let stopped = state(&app, "lab-east").await? == RecordingState::Stopping;
            (started && stopped).then_some(())
        })
        .await;
        let other = app.store().await;
        let lock = other.write().await.unwrap();
        // Longer than the answers take, and then somebody waits for the database.
        tokio::time::sleep(Duration::from_secs(10)).await;
        drop(lock);
    };
    let (started, stopped, ()) =
        tokio::join!(start(&app, "lab-west"), stop(&app, "lab-east"), busy);
    assert_eq!((started.0, stopped), (200, 200), "{}", started.1);
    assert_eq!(
        state(&app, "lab-west").await,
        Some(RecordingState::Recording)
    );
    assert_ne!(
        state(&app, "lab-east").await,
        Some(RecordingState::Stopping)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_is_not_asked() {
    let app = TestApp::start().await;
    assert_eq!(start(&app, "lab-east").await.0, 200);
    let store = app.store().await;
    let mut tx = store.write().await.unwrap();
    let mut broken = apps::list(&mut tx).await.unwrap().remove(0);
    "nowhere".clone_into(&mut broken.api_base);
    apps::update(&mut tx, &broken).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(start(&app, "lab-west").await.0, 409);
    assert_eq!(state(&app, "lab-west").await, None);
    assert_eq!(stop(&app, "lab-east").await, 409);
    assert_eq!(
        state(&app, "lab-east").await,
        Some(RecordingState::Recording)
    );
}

async fn settle(app: &TestApp, word: &str, view: &RecordingView) -> u16 {
    let cookie = app.cookie().await;
    let id = view.row.id.to_string();
    app.call(word, &cookie, &[("id", &id)]).await.0.as_u16()
}

/// Whether the room's page offers the server function of that name.
async fn offers(app: &TestApp, room: &str, word: &str) -> bool {
    let page = app.get(&format!("/rooms/{room}"));
    let page = page.header("cookie", app.cookie().await).send().await;
    let page = page.unwrap().text().await.unwrap();
    page.contains(&format!("action=\"/fn/{word}\""))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unconfirmed_stop_can_only_be_said_to_have_stopped() {
    let app = TestApp::start().await;
    app.tell(
        "/sandbox/faults",
        json!({"stop": "500", "callbacks": "drop"}),
    )
    .await;
    assert_eq!(start(&app, "lab-west").await.0, 200);
    let running = current(&app, "lab-west").await.unwrap();
    assert_eq!(settle(&app, "say_stopped", &running).await, 409);
    assert_eq!(stop(&app, "lab-west").await, 200);
    let unknown = current(&app, "lab-west").await.unwrap();
    assert_eq!(unknown.row.state, RecordingState::Unknown);
    assert!(offers(&app, "lab-west", "say_stopped").await);
    assert!(!offers(&app, "lab-west", "give_up_recording").await);

    // It was recorded: its files are not to be forgotten.
    assert_eq!(settle(&app, "give_up_recording", &unknown).await, 409);
    assert_eq!(settle(&app, "say_stopped", &unknown).await, 200);
    let stopped = current(&app, "lab-west").await.unwrap();
    assert_eq!(stopped.row.state, RecordingState::AwaitingFiles);
    let asked = HistoryEvent::Took(RecordingEvent::StopRequested);
    let asked = stopped.history.iter().find(|line| line.event == asked);
    assert_eq!(stopped.row.stopped_at, Some(asked.unwrap().at));
    let line = stopped.history.last().unwrap();
    assert_eq!(line.event, HistoryEvent::Took(RecordingEvent::SaidStopped));
    assert_eq!(line.actor.as_deref(), Some("admin"));

    // The other way round: nobody asked for a stop.
    app.tell("/sandbox/faults", json!({"start": "500", "stop": "500"}))
        .await;
    assert_eq!(start(&app, "lab-east").await.0, 200);
    let unknown = current(&app, "lab-east").await.unwrap();
    assert!(!offers(&app, "lab-east", "say_stopped").await);
    assert!(offers(&app, "lab-east", "give_up_recording").await);
    assert_eq!(settle(&app, "say_stopped", &unknown).await, 409);
    // Neither was answered: a person may know either.
    assert_eq!(stop(&app, "lab-east").await, 200);
    assert!(offers(&app, "lab-east", "say_stopped").await);
    assert_eq!(settle(&app, "give_up_recording", &unknown).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_and_the_room_agree_on_what_was_given_up() {
    let app = TestApp::start().await;
    app.tell("/sandbox/faults", json!({"start": "500"})).await;
    start(&app, "lab-west").await;
    let unknown = current(&app, "lab-west").await.unwrap();
    let listed = async |filter| {
        let asked = RoomsQuery {
            filter,
            search: SearchText::parse("lab-west"),
            ..RoomsQuery::default()
        };
        let list = app.service.room_list(Role::Viewer, None, &asked).await;
        list.unwrap().rooms
    };
    assert_eq!(listed(RoomFilter::Attention).await.len(), 1);
    assert_eq!(settle(&app, "give_up_recording", &unknown).await, 200);
    assert!(listed(RoomFilter::Attention).await.is_empty());
    assert_eq!(listed(RoomFilter::All).await[0].current, None);
    assert!(current(&app, "lab-west").await.is_none());
    // What the platform refused is another matter.
    app.tell("/sandbox/faults", json!({"start": "refuse"}))
        .await;
    start(&app, "lab-west").await;
    assert_eq!(listed(RoomFilter::Attention).await.len(), 1);
    assert!(current(&app, "lab-west").await.is_some());
}
