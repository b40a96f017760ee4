//! Automatic stops: at the end of the meeting, and after a set time.

use crate::common::{
    TestApp, TestClock,
    actions::{current, move_people, post, room, state, view},
    as_role, eventually,
};
use reelroom_domain::{
    recording::{RecordingEvent, RecordingState as S},
    user::Role,
    view::HistoryEvent,
};
use serde_json::json;

const MINUTE: i64 = 60_000;

/// Starts a recording that stops after `after` minutes, or at the end of the meeting.
async fn start(app: &TestApp, room: &str, after: &str, at_end: &str) -> u16 {
    let form = [
        ("room", room),
        ("rule", "ar_{roomid}_{random}"),
        ("kind", "Meet"),
        ("stop_after", after),
        ("stop_at_end", at_end),
    ];
    post(app, "start_recording", &form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_stops_when_its_meeting_ends() {
    let app = TestApp::start().await;
    move_people(&app, "lab-west/join/u1").await;
    let live = eventually("the meeting", async || {
        let view = view(&app.service, "lab-west").await;
        (!view.participants.is_empty()).then_some(view)
    })
    .await;
    assert!(live.current.is_none());
    assert_eq!(start(&app, "lab-west", "", "yes").await, 200);
    assert_eq!(state(&app.service, "lab-west").await, Some(S::Recording));
    move_people(&app, "lab-west/end").await;
    let view = eventually("the stop", async || {
        let view = current(&app.service, "lab-west").await?;
        (view.row.state == S::AwaitingFiles || view.row.state == S::Ready).then_some(view)
    })
    .await;
    // The stop has no author.
    assert_eq!(view.stopped_by, None);
    let requested = view
        .history
        .iter()
        .find(|line| line.event == HistoryEvent::Took(RecordingEvent::StopRequested));
    assert_eq!(requested.unwrap().actor, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_to_stop_survives_a_restart() {
    let app = TestApp::start().await;
    assert_eq!(start(&app, "lab-east", "10", "").await, 200);
    let before = app.open_again(TestClock::ahead(9 * MINUTE)).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(state(&before, "lab-east").await, Some(S::Recording));
    let after = app.open_again(TestClock::ahead(10 * MINUTE + 1_000)).await;
    eventually("the stop", async || {
        (state(&after, "lab-east").await != Some(S::Recording)).then_some(())
    })
    .await;
    let stopped = state(&after, "lab-east").await;
    assert!(
        matches!(
            stopped,
            None | Some(
                S::Stopping
                    | S::AwaitingFiles
                    // Files may arrive before this check.
                    | S::Ready
            )
        ),
        "{stopped:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unanswered_stop_is_not_repeated() {
    let app = TestApp::start().await;
    assert_eq!(start(&app, "lab-north", "1", "").await, 200);
    app.set_faults(json!({ "stop": "500" })).await;
    let later = app.open_again(TestClock::ahead(MINUTE + 1_000)).await;
    eventually("an unknown state", async || {
        (state(&later, "lab-north").await == Some(S::Unknown)).then_some(())
    })
    .await;
    let lines = current(&later, "lab-north").await.unwrap().history.len();
    let again = app.open_again(TestClock::ahead(2 * MINUTE)).await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(
        current(&again, "lab-north").await.unwrap().history.len(),
        lines
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_minutes_are_refused_and_kept_in_the_form() {
    let app = TestApp::start().await;
    assert_eq!(start(&app, "lab-south", "an hour", "yes").await, 422);
    let room = room("lab-south");
    let view = app
        .service
        .room(as_role(Role::Operator), None, &room)
        .await
        .unwrap();
    assert!(view.current.is_none());
    assert_eq!(
        (view.form.stop_after.as_str(), view.form.stop_at_end),
        ("an hour", true)
    );
}
