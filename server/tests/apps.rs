//! Several apps: each has its rooms, its settings keep their secrets, and a connection is tested
//! without starting anything.

mod common;

use common::TestApp;
use reelroom_domain::{
    app::{ConnectionTest, Step, VideoToken},
    ids::AppId,
    recording::RecordingState,
    room::RoomId,
    room_list::RoomsAsked,
    user::Role,
    view::{RoomFilter, RoomLabel},
};
use reelroom_service::{LibraryQuery, ServiceError};
use reqwest::{Response, StatusCode};
use serde_json::json;
use tokio::net::TcpListener;

const APP_ID: &str = "whole0app0id0of0board";
const TOKEN: &str = "vod0token0of0board";

fn room(name: &str) -> RoomId {
    RoomId::new(name).unwrap()
}

/// The form of an app that the emulated platform takes for its own.
fn form<'a>(base: &'a str, id: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("id", id),
        ("name", "Board"),
        ("app_id", if id.is_empty() { "test0app" } else { "" }),
        ("api_base", base),
        ("method", "get"),
        ("encoding", "json"),
        ("reply_form", "string"),
        ("zone", "Asia/Shanghai"),
        ("allowed_hosts", ""),
        ("kinds", "Meet\nLive"),
        ("vod_base", ""),
    ]
}

/// An app of our own beside the sandbox, on the same platform; it becomes the default one.
async fn second(app: &TestApp, cookie: &str) -> String {
    let base = format!("http://{}", app.sandbox.addr());
    let (status, body) = app.call("save_app", cookie, &form(&base, "")).await;
    assert_eq!(status, 200, "{body}");
    serde_json::from_str(&body).unwrap()
}

async fn page(app: &TestApp, path: &str, cookie: &str) -> Response {
    let request = app.get(path).header("cookie", cookie);
    request.header("accept", "text/html").send().await.unwrap()
}

fn location(answer: &Response) -> &str {
    answer.headers()["location"].to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_room_of_two_apps_is_two_rooms() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let sandbox = app.service.app_ids().await.unwrap()[0];
    let board: AppId = second(&app, &cookie).await.parse().unwrap();
    // The sandbox runs, so it is still there; the real one comes first.
    assert_eq!(app.service.app_ids().await.unwrap(), [board, sandbox]);
    let (board_text, sandbox_text) = (board.to_string(), sandbox.to_string());

    let form = |app| {
        [
            ("room", "class-7B"),
            ("rule", "ar_{roomid}_{date}_{random}"),
            ("kind", "Meet"),
            ("app", app),
        ]
    };
    let (status, body) = app
        .call("start_recording", &cookie, &form(&sandbox_text))
        .await;
    assert_eq!(status, 200, "{body}");
    let current = |id| {
        let (service, name) = (app.service.clone(), room("class-7B"));
        async move { service.room(Role::Viewer, id, &name).await.unwrap() }
    };
    let there = current(Some(sandbox)).await;
    assert_eq!(there.current.unwrap().row.state, RecordingState::Recording);
    let here = current(None).await;
    assert_eq!((here.app.id, here.current), (board, None));
    assert_eq!(here.app.kinds, ["Meet", "Live"]);

    // The list, the library and the side bar are one app's.
    let label = [
        ("room", "class-7B"),
        ("title", "Board's own"),
        ("app", &board_text),
    ];
    assert_eq!(app.call("label_room", &cookie, &label).await.0, 200);
    let listed = |id| {
        let service = app.service.clone();
        async move {
            let asked = RoomsAsked {
                filter: RoomFilter::All,
                search: "class".to_owned(),
                ..RoomsAsked::default()
            };
            let list = service.room_list(Role::Viewer, id, &asked).await;
            let row = list.unwrap().rooms.into_iter().next().unwrap();
            (row.label, row.current.is_some())
        }
    };
    let own = RoomLabel {
        title: "Board's own".to_owned(),
        ..RoomLabel::default()
    };
    assert_eq!(listed(None).await, (own, false));
    assert_eq!(listed(Some(sandbox)).await, (RoomLabel::default(), true));
    for (id, recordings) in [(None, 0), (Some(board), 0), (Some(sandbox), 1)] {
        let query = LibraryQuery {
            app: id,
            ..LibraryQuery::default()
        };
        assert_eq!(app.service.library(query).await.unwrap().total, recordings);
    }
    // A recording names its app where an address has to.
    let query = LibraryQuery {
        app: Some(sandbox),
        ..LibraryQuery::default()
    };
    let row = app
        .service
        .library(query)
        .await
        .unwrap()
        .recordings
        .remove(0);
    let view = app.service.recording(row.id).await.unwrap();
    assert_eq!(view.app, Some(sandbox));

    // An app that is not there has no rooms; above all not those of another.
    let gone: AppId = "0".repeat(32).parse().unwrap();
    let nobody = app
        .service
        .room(Role::Viewer, Some(gone), &room("class-7B"))
        .await;
    assert!(matches!(nobody, Err(ServiceError::NotFound)), "{nobody:?}");
    let refused = app
        .call("start_recording", &cookie, &form(&"0".repeat(32)))
        .await;
    assert_eq!(refused.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_says_which_app_it_is_about() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    // With one app nobody notices, whatever the browser remembers.
    let sandbox = app.service.app_ids().await.unwrap()[0];
    let chose = |id: &str| format!("{cookie}; app={id}");
    let answer = page(&app, "/", &chose(&sandbox.to_string())).await;
    assert_eq!(answer.status(), 200);
    let html = answer.text().await.unwrap();
    assert!(!html.contains("Switch app") && !html.contains("?app="));

    let board = second(&app, &cookie).await;
    let html = page(&app, "/", &cookie).await.text().await.unwrap();
    assert!(html.contains("Switch app"));

    // The choice is a cookie, and leads on within the app.
    let answer = app
        .post("/fn/choose_app")
        .header("cookie", &cookie)
        .header("accept", "text/html")
        .form(&[
            ("app", sandbox.to_string()),
            ("next", "/recordings".to_owned()),
        ])
        .send()
        .await
        .unwrap();
    assert_eq!(location(&answer), format!("/recordings?app={sandbox}"));
    let set = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(set.starts_with(&format!("app={sandbox};")), "{set}");
    let answer = app
        .post("/fn/choose_app")
        .header("cookie", &cookie)
        .header("accept", "text/html")
        .form(&[("app", board.as_str()), ("next", "//evil.example")])
        .send()
        .await
        .unwrap();
    assert_eq!(location(&answer), format!("/?app={board}"));

    let chosen = chose(&sandbox.to_string());
    let answer = page(&app, "/recordings?q=a", &chosen).await;
    assert_eq!(location(&answer), format!("/recordings?q=a&app={sandbox}"));
    // A link to a room shows everybody the same room.
    assert_eq!(page(&app, "/rooms/class-7B", &chosen).await.status(), 200);
    let answer = page(&app, &format!("/rooms/class-7B?app={board}"), &cookie).await;
    assert_eq!(location(&answer), "/rooms/class-7B");
    let there = page(&app, &format!("/rooms/class-7B?app={sandbox}"), &cookie).await;
    let html = there.text().await.unwrap();
    assert!(html.contains(&format!("/recordings?room=class-7B&amp;app={sandbox}")));
    let nowhere = format!("/rooms/class-7B?app={}", "0".repeat(32));
    assert_eq!(page(&app, &nowhere, &cookie).await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_kept_and_never_sent_back() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let base = format!("http://{}", app.sandbox.addr());
    let mut new = form(&base, "");
    new.retain(|(name, _)| *name != "app_id");
    new.extend([("app_id", APP_ID), ("vod_token", TOKEN)]);
    let (status, body) = app.call("save_app", &cookie, &new).await;
    assert_eq!(status, 200, "{body}");
    let id: String = serde_json::from_str(&body).unwrap();

    // Changed without typing either again.
    let (status, body) = app.call("save_app", &cookie, &form(&base, &id)).await;
    assert_eq!(status, 200, "{body}");
    let token = async || app.service.settings().await.unwrap().apps.remove(0).token;
    assert!(matches!(token().await, VideoToken::Set { .. }));

    // Not refused, not tested, not shown: it is in no answer. The pages are those of the app.
    let mut answers = Vec::new();
    for path in [
        "/settings",
        "/settings/apps",
        "/",
        "/rooms/class-7B",
        "/recordings",
    ] {
        answers.push(page(&app, path, &cookie).await.bytes().await.unwrap());
    }
    let bad = "ftp://nowhere";
    for (name, form) in [
        ("settings", vec![]),
        ("shell", vec![]),
        ("room_view", vec![("room", "class-7B")]),
        ("rooms_list", vec![("show", ""), ("search", "")]),
        ("save_app", form(bad, &id)),
        ("test_app", form(&base, &id)),
        ("remove_app", vec![("id", "0")]),
    ] {
        answers.push(app.call(name, &cookie, &form).await.1.into());
    }
    // A plain form that is not taken: its address carries what was typed, and no secret.
    let mut typed = form(bad, &id);
    typed.retain(|(name, _)| *name != "app_id");
    typed.extend([("app_id", APP_ID), ("vod_token", TOKEN)]);
    for name in ["save_app", "test_app"] {
        let answer = app
            .post(&format!("/fn/{name}"))
            .header("cookie", &cookie)
            .header("accept", "text/html")
            .form(&typed)
            .send()
            .await
            .unwrap();
        let to = location(&answer).to_owned();
        assert!(to.contains("api_base=ftp%3A%2F%2Fnowhere"), "{to}");
        answers.push(to.clone().into());
        answers.push(page(&app, &to, &cookie).await.bytes().await.unwrap());
    }
    for answer in answers {
        for secret in [APP_ID, TOKEN, common::VOD_TOKEN] {
            let held = answer
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!held, "{}", String::from_utf8_lossy(&answer));
        }
    }

    // Removed, it is gone.
    let mut drop = form(&base, &id);
    drop.push(("drop_token", "yes"));
    assert_eq!(app.call("save_app", &cookie, &drop).await.0, 200);
    assert_eq!(token().await, VideoToken::Absent);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_key_does_not_open_a_token_and_the_settings_say_so() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let base = format!("http://{}", app.sandbox.addr());
    let mut new = form(&base, "");
    new.push(("vod_token", TOKEN));
    assert_eq!(app.call("save_app", &cookie, &new).await.0, 200);
    let token = async |service: &reelroom_service::Service| {
        service.settings().await.unwrap().apps.remove(0).token
    };
    let same = app.again(reelroom_service::SystemClock).await;
    assert!(matches!(token(&same).await, VideoToken::Set { .. }));
    app.lose_secret_key();
    let other = app.again(reelroom_service::SystemClock).await;
    assert!(matches!(token(&other).await, VideoToken::Locked { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_tested_and_nothing_is_started() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let id = second(&app, &cookie).await;
    let base = format!("http://{}", app.sandbox.addr());
    let test = async |form: &[(&str, &str)]| -> ConnectionTest {
        let (status, body) = app.call("test_app", &cookie, form).await;
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    };
    let answers = test(&form(&base, &id)).await;
    assert_eq!(answers.failed, None, "{answers:?}");
    assert_eq!(answers.host, app.sandbox.addr().to_string());
    assert!(answers.millis < 10_000);
    let rooms: serde_json::Value = app
        .client
        .get(format!("{base}/sandbox/rooms"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    for room in rooms.as_array().unwrap() {
        let name = room["room"].as_str().unwrap();
        assert!(!name.contains("reelroom-test"), "{name}");
        assert!(room["recording_since"].is_null(), "{name}");
    }
    // What it said is remembered, until the app is reached in another way.
    let remembered = async || app.service.settings().await.unwrap().apps.remove(0).test;
    assert_eq!(remembered().await, Some(answers));

    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let failed = test(&form(&closed, &id)).await.failed;
    assert!(matches!(failed, Some((Step::Connect, _))), "{failed:?}");
    // The sandbox speaks no TLS.
    let secure = base.replace("http:", "https:");
    let failed = test(&form(&secure, &id)).await.failed;
    assert!(matches!(failed, Some((Step::Tls, _))), "{failed:?}");
    let mut wrong = form(&base, &id);
    wrong.retain(|(name, _)| *name != "app_id");
    wrong.push(("app_id", "somebody0else"));
    let failed = test(&wrong).await.failed;
    assert!(matches!(failed, Some((Step::Accepted, _))), "{failed:?}");
    let faults = json!({ "start": "ok", "stop": "html", "callbacks": "ok" });
    app.tell("/sandbox/faults", faults).await;
    let failed = test(&form(&base, &id)).await.failed;
    assert!(matches!(failed, Some((Step::Platform, _))), "{failed:?}");
    assert!(remembered().await.unwrap().failed.is_some());

    // What was tested and not saved is not saved.
    let kept = app.service.settings().await.unwrap().apps.remove(0).form;
    assert_eq!(kept.api_base.trim_end_matches('/'), base);
    let other = form(&closed, &id);
    assert_eq!(app.call("save_app", &cookie, &other).await.0, 200);
    assert_eq!(remembered().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_with_recordings_stays() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let id = second(&app, &cookie).await;
    let sandbox = app.service.app_ids().await.unwrap()[1];
    let label = [("room", "r"), ("title", "x"), ("app", &id)];
    assert_eq!(app.call("label_room", &cookie, &label).await.0, 200);
    let form = [
        ("room", "r"),
        ("rule", "a_{date}_{random}"),
        ("kind", "Meet"),
        ("app", &id),
    ];
    assert_eq!(app.call("start_recording", &cookie, &form).await.0, 200);
    let (status, body) = app.call("remove_app", &cookie, &[("id", &id)]).await;
    assert_eq!(status, 422, "{body}");
    assert!(body.contains("has_recordings"), "{body}");
    // The emulated platform is not one of those that are set up here.
    let text = sandbox.to_string();
    let (status, _) = app.call("remove_app", &cookie, &[("id", &text)]).await;
    assert_eq!(status, 404);

    let other = second(&app, &cookie).await;
    assert_eq!(app.service.app_ids().await.unwrap().len(), 3);
    let label = [("room", "r"), ("title", "x"), ("app", &other)];
    assert_eq!(app.call("label_room", &cookie, &label).await.0, 200);
    let (status, body) = app.call("remove_app", &cookie, &[("id", &other)]).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(app.service.app_ids().await.unwrap().len(), 2);
}
