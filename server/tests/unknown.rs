//! A start that got no answer: what a look sees, and that nothing starts twice.

mod common;

use std::time::Duration;

use common::{TestApp, eventually};
use reelroom_domain::{
    look::{ListSign, Look, RoomSign},
    recording::RecordingState,
    room::RoomId,
    time::{Clock, Timestamp},
    user::Role,
    view::{HistoryEvent, RecordingView},
};
use reelroom_service::SystemClock;
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
