//! The platform's calls: who may call, what is answered, what becomes of it.

mod common;

use std::sync::Arc;

use common::{OLD_SECRET, SECRET, TestApp, eventually};
use reelroom::TrustedProxies;
use reelroom_domain::{
    cause::Cause, file::FileState, recording::Origin, room::RoomId, user::Role, view::Presence,
};
use reelroom_service::{CallbackAuth, LibraryQuery};
use serde_json::{Value, json};

fn file(room: &str, name: &str) -> Value {
    json!({
        "type": "1", "mediaType": "video", "userId": "u1001", "groupId": room,
        "fileName": name, "fileSize": 12, "duration": 3,
        "startTime": "2018-3-21 13:06:27", "endTime": "2018-3-21 13:06:30",
        "downloadUrl": "http://192.0.2.1/a.mp4", "userData": "",
    })
}

async fn post(app: &TestApp, path: &str, body: impl Into<reqwest::Body>) -> (u16, String) {
    let answer = app.post(path).body(body).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secret_comes_in_three_forms() {
    let app = TestApp::start().await;
    let body = file("a", "8c1f0be2a974").to_string();
    for path in [
        format!("/{SECRET}/AR/V1/av"),
        format!("/AR/V1/av/{SECRET}"),
        format!("/AR/V1/av?secret={SECRET}"),
        format!("/{OLD_SECRET}/AR/V1/av"),
    ] {
        let (status, answer) = post(&app, &path, body.clone()).await;
        assert_eq!(status, 200, "{path}");
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["success"], "true", "{answer}");
        assert!(answer["message"].is_string(), "{answer}");
    }
    for path in [
        "/AR/V1/av",
        "/wrong/AR/V1/av",
        "/AR/V1/av/wrong",
        "/AR/V1/av?secret=",
    ] {
        assert_eq!(
            post(&app, path, body.clone()).await,
            (404, String::new()),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_are_asked_for_where_they_are_configured() {
    let proxies = || TrustedProxies(Arc::new(["127.0.0.1/32".parse().unwrap()]));
    let networks = || vec!["203.0.113.0/24".parse().unwrap()];
    let (with, without) = (format!("/{SECRET}/AR/V1/av"), "/AR/V1/av".to_owned());
    for (auth, path, from, status) in [
        (CallbackAuth::From(networks()), &without, "203.0.113.7", 200),
        (CallbackAuth::From(networks()), &with, "198.51.100.7", 404),
        (
            CallbackAuth::SecretFrom(networks()),
            &with,
            "203.0.113.7",
            200,
        ),
        (
            CallbackAuth::SecretFrom(networks()),
            &without,
            "203.0.113.7",
            404,
        ),
        (
            CallbackAuth::SecretFrom(networks()),
            &with,
            "198.51.100.7",
            404,
        ),
        (CallbackAuth::Open, &without, "198.51.100.7", 200),
    ] {
        let app = TestApp::start_with(auth.clone(), proxies()).await;
        let answer = app
            .post(path)
            .header("x-forwarded-for", from)
            .body(file("a", "8c1f0be2a974").to_string())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), status, "{auth:?} {path} {from}");
    }
    // Nobody is believed who is not configured.
    let app = TestApp::start_with(CallbackAuth::From(networks()), TrustedProxies::default()).await;
    let call = app.post(&with).header("x-forwarded-for", "203.0.113.7");
    assert_eq!(call.send().await.unwrap().status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_as_in_the_contract() {
    let app = TestApp::start().await;
    let path = format!("/{SECRET}/AR/V1/av");
    let (status, answer) = post(&app, &path, "{broken").await;
    assert_eq!(status, 400);
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["success"], "false");
    // JSON that is no callback is kept as it is; a person will look at it.
    assert_eq!(post(&app, &path, "[1,2]").await.0, 200);
    assert_eq!(post(&app, &path, vec![b' '; (1 << 20) + 1]).await.0, 413);
    assert_eq!(post(&app, "/AR/V1/av", "{}").await.0, 404);
    assert_eq!(app.get(&path).send().await.unwrap().status(), 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_from_elsewhere_is_found_and_its_address_is_blocked() {
    let app = TestApp::start().await;
    let path = format!("/{SECRET}/AR/V1/av");
    assert_eq!(
        post(&app, &path, file("elsewhere", "8c1f0be2a974").to_string())
            .await
            .0,
        200
    );
    // The same file announced again is the same file.
    assert_eq!(
        post(&app, &path, file("elsewhere", "8c1f0be2a974").to_string())
            .await
            .0,
        200
    );
    let view = eventually("the file to be blocked", || async {
        let row = app
            .service
            .library(LibraryQuery::default())
            .await
            .unwrap()
            .recordings
            .pop()?;
        let view = app.service.recording(row.id).await.unwrap();
        (view.files[0].state == FileState::Blocked).then_some(view)
    })
    .await;
    assert_eq!(view.row.origin, Origin::AutoRecorded);
    assert_eq!(view.files.len(), 1);
    assert_eq!(
        view.files[0].started_at.unwrap().as_millis(),
        1_521_608_787_000,
        "Shanghai time"
    );
    assert_eq!(
        view.files[0].trouble,
        Some(Cause::Host("192.0.2.1".to_owned()))
    );
    let cookie = app.cookie().await;
    let answer = app
        .get(&format!("/files/{}", view.files[0].id))
        .header("cookie", cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 403);
    assert!(
        answer
            .text()
            .await
            .unwrap()
            .contains("192.0.2.1 is not an allowed host")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn status_calls_make_rooms_known() {
    let app = TestApp::start().await;
    let path = format!("/{SECRET}/AR/V1/status");
    let event = |kind: &str, option: &str, user: &str, time: &str| json!({"type": kind, "option": option, "userId": user, "groupId": "quiet room", "time": time, "userData": ""});
    let began = json!([
        event("1", "Begin", "", "1521608787"),
        event("2", "ONLINE", "u1", "1521608788"),
        event("2", "online", "u2", "1521608789"),
        event("3", "ScreenOn", "u2", "1521608790"),
    ]);
    assert_eq!(post(&app, &path, began.to_string()).await.0, 200);
    let room = RoomId::new("quiet room").unwrap();
    let view = eventually("two people", || async {
        let view = app.service.room(Role::Viewer, None, &room).await.unwrap();
        matches!(view.presence, Presence::Live { people: 2, .. }).then_some(view)
    })
    .await;
    assert!(
        view.participants
            .iter()
            .any(|person| person.id.as_str() == "u2" && person.shares_screen)
    );
    // A lone object is taken too.
    let ended = event("1", "End", "", "1521608900");
    assert_eq!(post(&app, &path, ended.to_string()).await.0, 200);
    eventually("the end", || async {
        (app.service
            .room(Role::Viewer, None, &room)
            .await
            .unwrap()
            .presence
            == Presence::Empty)
            .then_some(())
    })
    .await;
}
