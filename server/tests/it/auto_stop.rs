//! Recordings that stop by themselves.

use crate::common::{TestApp, eventually};
use reelroom_domain::{
    recording::RecordingState,
    room::RoomId,
    time::{Clock, Timestamp},
    user::Role,
    view::{HistoryEvent, RecordingView},
};
use reelroom_service::{Service, SystemClock};

/// A clock that is ahead by so many milliseconds.
struct Ahead(i64);

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus_millis(self.0)
    }
}

fn form(room: &str, after: &'static str, at_end: &'static str) -> Vec<(&'static str, String)> {
    vec![
        ("room", room.to_owned()),
        ("rule", "ar_{roomid}_{random}".to_owned()),
        ("kind", "Meet".to_owned()),
        ("stop_after", after.to_owned()),
        ("stop_at_end", at_end.to_owned()),
    ]
}

async fn start(app: &TestApp, form: &[(&str, String)]) -> u16 {
    let cookie = app.cookie().await;
    let form: Vec<(&str, &str)> = form
        .iter()
        .map(|(key, value)| (*key, value.as_str()))
        .collect();
    app.call("start_recording", &cookie, &form).await.0.as_u16()
}

async fn current(service: &Service, room: &RoomId) -> Option<RecordingView> {
    service
        .room(Role::Viewer, None, room)
        .await
        .unwrap()
        .current
}

async fn state(service: &Service, room: &RoomId) -> Option<RecordingState> {
    current(service, room).await.map(|view| view.row.state)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_stops_when_its_meeting_ends() {
    let app = TestApp::start().await;
    let room = RoomId::new("lab-west".to_owned()).unwrap();
    app.tell("/sandbox/rooms/lab-west/join/u1", serde_json::json!({}))
        .await;
    let live = eventually("the meeting", async || {
        let view = app.service.room(Role::Viewer, None, &room).await.unwrap();
        (!view.participants.is_empty()).then_some(view)
    })
    .await;
    assert!(live.current.is_none());
    assert_eq!(start(&app, &form("lab-west", "", "yes")).await, 200);
    assert_eq!(
        state(&app.service, &room).await,
        Some(RecordingState::Recording)
    );
    app.tell("/sandbox/rooms/lab-west/end", serde_json::json!({}))
        .await;
    let view = eventually("the stop", async || {
        let view = current(&app.service, &room).await?;
        (view.row.state == RecordingState::AwaitingFiles || view.row.state == RecordingState::Ready)
            .then_some(view)
    })
    .await;
    // Nobody pressed anything.
    assert_eq!(view.stopped_by, None);
    let asked = view.history.iter().find(|line| {
        line.event == HistoryEvent::Took(reelroom_domain::recording::RecordingEvent::StopRequested)
    });
    assert_eq!(asked.unwrap().actor, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_to_stop_survives_a_restart() {
    let app = TestApp::start().await;
    let room = RoomId::new("lab-east".to_owned()).unwrap();
    assert_eq!(start(&app, &form("lab-east", "10", "")).await, 200);
    let before = app.again(Ahead(9 * 60_000)).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(state(&before, &room).await, Some(RecordingState::Recording));
    let after = app.again(Ahead(10 * 60_000 + 1_000)).await;
    eventually("the stop", async || {
        (state(&after, &room).await != Some(RecordingState::Recording)).then_some(())
    })
    .await;
    let stopped = state(&after, &room).await;
    assert!(
        matches!(
            stopped,
            None | Some(
                RecordingState::Stopping
                    | RecordingState::AwaitingFiles
                    // Its files may be faster than we are.
                    | RecordingState::Ready
            )
        ),
        "{stopped:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_is_not_answered_is_not_repeated() {
    let app = TestApp::start().await;
    let room = RoomId::new("lab-north".to_owned()).unwrap();
    assert_eq!(start(&app, &form("lab-north", "1", "")).await, 200);
    app.tell("/sandbox/faults", serde_json::json!({ "stop": "500" }))
        .await;
    let later = app.again(Ahead(61_000)).await;
    eventually("nobody knows", async || {
        (state(&later, &room).await == Some(RecordingState::Unknown)).then_some(())
    })
    .await;
    let lines = current(&later, &room).await.unwrap().history.len();
    let again = app.again(Ahead(120_000)).await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(current(&again, &room).await.unwrap().history.len(), lines);
}

#[tokio::test(flavor = "multi_thread")]
async fn minutes_that_are_none_are_refused_and_kept() {
    let app = TestApp::start().await;
    let room = RoomId::new("lab-south".to_owned()).unwrap();
    assert_eq!(start(&app, &form("lab-south", "an hour", "yes")).await, 422);
    let view = app.service.room(Role::Operator, None, &room).await.unwrap();
    assert!(view.current.is_none());
    assert_eq!(
        (view.form.stop_after.as_str(), view.form.stop_at_end),
        ("an hour", true)
    );
}
