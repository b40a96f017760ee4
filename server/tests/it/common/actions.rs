//! Actions of a person on the pages, and events of the platform.

use reelroom_domain::{
    ids::RecordingId,
    recording::RecordingState as S,
    room::RoomId,
    time::{Clock, Timestamp},
    user::SignInRules,
    view::{Library, Presence, RecordingView, RoomView},
};
use reelroom_service::{LibraryQuery, Service, SystemClock};
use reelroom_store::settings;
use reqwest::{RequestBuilder, Response};
use serde_json::json;

use super::{TestApp, anyone, eventually};

pub fn room(name: &str) -> RoomId {
    RoomId::new(name).unwrap()
}

pub async fn view(service: &Service, name: &str) -> RoomView {
    service.room(anyone(), None, &room(name)).await.unwrap()
}

pub async fn current(service: &Service, name: &str) -> Option<RecordingView> {
    view(service, name).await.current
}

pub async fn state(service: &Service, name: &str) -> Option<S> {
    current(service, name).await.map(|view| view.row.state)
}

/// The first page of the library.
pub async fn library(service: &Service) -> Library {
    let page = service.library(anyone(), LibraryQuery::default()).await;
    page.unwrap()
}

/// The newest recording.
pub async fn newest(service: &Service) -> Option<RecordingView> {
    let row = library(service).await.recordings.into_iter().next()?;
    Some(service.recording(anyone(), row.id).await.unwrap())
}

/// The newest recording of the room.
pub async fn newest_in(service: &Service, room: &str) -> Option<RecordingView> {
    let mut rows = library(service).await.recordings.into_iter();
    let row = rows.find(|row| row.room.as_str() == room)?;
    Some(service.recording(anyone(), row.id).await.unwrap())
}

/// Waits until the room's recording is in this state.
pub async fn wait_for_state(app: &TestApp, name: &str, state: S) -> RecordingView {
    eventually(&format!("{name} is {state:?}"), async || {
        current(&app.service, name)
            .await
            .filter(|recording| recording.row.state == state)
    })
    .await
}

pub async fn post(app: &TestApp, function: &str, form: &[(&str, &str)]) -> u16 {
    let cookie = app.cookie().await;
    app.call(function, &cookie, form).await.0.as_u16()
}

/// A request of the administrator.
pub async fn get(app: &TestApp, path: &str) -> RequestBuilder {
    app.get(path).header("cookie", app.cookie().await)
}

pub async fn send(request: RequestBuilder) -> Response {
    request.send().await.unwrap()
}

/// The value of a header of an answer; empty without it.
pub fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    let value = answer.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

/// The `name=value` pairs of the cookies that an answer sets, and removes.
pub fn set_cookies(answer: &Response) -> Vec<String> {
    let values = answer.headers().get_all("set-cookie").iter();
    let pair = |value: &str| value.split(';').next().unwrap().to_owned();
    values.map(|value| pair(value.to_str().unwrap())).collect()
}

/// The address that a form leads to.
pub fn location(answer: &Response) -> &str {
    assert_eq!(answer.status(), 303, "{}", answer.url());
    answer.headers()["location"].to_str().unwrap()
}

/// A page as the administrator sees it.
pub async fn page(app: &TestApp, path: &str) -> String {
    let answer = send(get(app, path).await).await;
    answer.text().await.unwrap()
}

/// The status and the text of a page, as the account of the cookie sees it.
pub async fn page_of(app: &TestApp, path: &str, cookie: &str) -> (u16, String) {
    let answer = send(app.get(path).header("cookie", cookie)).await;
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// Sets the rules of sign-in.
pub async fn set_rules(app: &TestApp, rules: &SignInRules) {
    let store = app.store().await;
    let mut tx = store.write().await.unwrap();
    let set = settings::set_value(&mut tx, "sign_in_rules", rules);
    set.await.unwrap();
    tx.commit().await.unwrap();
}

pub async fn mark_always(app: &TestApp, name: &str) {
    let form = [("room", name), ("always", "yes")];
    assert_eq!(post(app, "mark_always", &form).await, 200);
}

pub async fn start(app: &TestApp, name: &str) -> RecordingId {
    let rule = "ar_{roomid}_{random}";
    let form = [("room", name), ("rule", rule), ("kind", "Meet")];
    assert_eq!(post(app, "start_recording", &form).await, 200);
    current(&app.service, name).await.unwrap().row.id
}

pub async fn stop(app: &TestApp, id: RecordingId) {
    let form = [("id", &*id.to_string())];
    assert_eq!(post(app, "stop_recording", &form).await, 200);
}

/// Moves people in and out of an emulated room: `hall/join/ada`, `hall/leave/ada`, `hall/end`.
pub async fn move_people(app: &TestApp, what: &str) {
    app.tell_sandbox(&format!("/sandbox/rooms/{what}"), json!({}))
        .await;
}

/// Sends a status callback: of the meeting where `who` is empty, otherwise of this participant.
pub async fn send_status(app: &TestApp, name: &str, who: &str, option: &str, at: Timestamp) {
    let kind = if who.is_empty() { "1" } else { "2" };
    let seconds = (at.as_millis() / 1000).to_string();
    let call = json!([{ "type": kind, "userId": who, "groupId": name, "option": option,
        "time": seconds, "userData": "" }]);
    app.send_callback("status", &call).await;
}

/// Waits until all earlier calls are understood, which happens in order. `name` is a room that no
/// other step uses.
pub async fn wait_until_understood(app: &TestApp, name: &str) {
    send_status(app, name, "", "Begin", SystemClock.now()).await;
    eventually("the calls before", async || {
        let live = view(&app.service, name).await.presence != Presence::Empty;
        live.then_some(())
    })
    .await;
}
