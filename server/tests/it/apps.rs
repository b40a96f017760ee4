//! Several apps: each has its rooms, its settings keep their secrets, and a connection is tested
//! without starting anything.

use crate::common::{TestApp, app_form};
use reelroom_domain::{
    app::{AppSettings, ConnectionTest, ListTested, Step, VideoToken},
    cause::Cause,
    ids::AppId,
    recording::RecordingState,
    room::{RoomId, RoomTitle},
    room_list::RoomsQuery,
    search::SearchText,
    user::Role,
    view::{Change, RoomFilter, RoomLabel},
};
use reelroom_service::{LibraryQuery, Principal, Service, ServiceError};
use reqwest::{Response, StatusCode};
use serde_json::json;
use tokio::net::TcpListener;

const APP_ID: &str = "whole0app0id0of0board";
const TOKEN: &str = "vod0token0of0board";

fn room(name: &str) -> RoomId {
    RoomId::new(name).unwrap()
}

/// The form of an app that the emulated platform takes for its own; what is empty in that of a kept one
/// stays as it is.
fn form<'a>(base: &'a str, id: &'a str) -> Vec<(&'static str, &'a str)> {
    let mut form = app_form(base, if id.is_empty() { "test0app" } else { "" });
    form[0] = ("id", id);
    form.push(("vod_base", ""));
    form
}

/// An app of our own beside the sandbox, on the same platform; it becomes the default one.
async fn second(app: &TestApp, cookie: &str) -> String {
    let base = format!("http://{}", app.sandbox.addr());
    let (status, body) = app.call("save_app", cookie, &form(&base, "")).await;
    assert_eq!(status, 200, "{body}");
    serde_json::from_str(&body).unwrap()
}

async fn admin(app: &TestApp) -> Principal {
    app.principal(crate::common::ADMIN.0, crate::common::ADMIN.1)
        .await
}

/// The first app, as the settings show it to `by`.
async fn shown(service: &Service, by: &Principal) -> AppSettings {
    service.settings(by).await.unwrap().apps.remove(0)
}

/// An address where nobody listens.
async fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

async fn tested(app: &TestApp, cookie: &str, form: &[(&str, &str)]) -> ConnectionTest {
    let (status, body) = app.call("test_app", cookie, form).await;
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
            let asked = RoomsQuery {
                filter: RoomFilter::All,
                search: SearchText::parse("class"),
                ..RoomsQuery::default()
            };
            let list = service.room_list(Role::Viewer, id, &asked).await;
            let row = list.unwrap().rooms.into_iter().next().unwrap();
            (row.label, row.current.is_some())
        }
    };
    let own = RoomLabel {
        title: RoomTitle::parse("Board's own").unwrap(),
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
    let me = admin(&app).await;
    let token = async || shown(&app.service, &me).await.token;
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
        ("shell", vec![]),
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
        for secret in [APP_ID, TOKEN, crate::common::VOD_TOKEN] {
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
    let me = admin(&app).await;
    let token = async |service: &Service| shown(service, &me).await.token;
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
    let test = async |form: &[(&str, &str)]| tested(&app, &cookie, form).await;
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
    let me = admin(&app).await;
    let remembered = async || shown(&app.service, &me).await.test;
    assert_eq!(remembered().await.as_ref(), Some(&answers));

    let closed = closed().await;
    let failed = test(&form(&closed, &id)).await.failed;
    assert!(matches!(failed, Some((Step::Connect, _))), "{failed:?}");
    // No name has a label of 64 characters: no resolver is asked.
    let nowhere = format!("http://{}.invalid", "x".repeat(64));
    let failed = test(&form(&nowhere, &id)).await.failed;
    assert_eq!(failed, Some((Step::Name, Cause::NameNotFound)));
    // The sandbox speaks no TLS.
    let secure = base.replace("http:", "https:");
    let failed = test(&form(&secure, &id)).await.failed;
    assert!(matches!(failed, Some((Step::Tls, _))), "{failed:?}");
    let mut wrong = form(&base, &id);
    wrong.retain(|(name, _)| *name != "app_id");
    wrong.push(("app_id", "somebody0else"));
    let failed = test(&wrong).await.failed;
    assert!(matches!(failed, Some((Step::Accepted, _))), "{failed:?}");
    // Of values that nobody saved, it is not said of the app.
    assert_eq!(remembered().await, Some(answers));
    let faults = json!({ "start": "ok", "stop": "html", "callbacks": "ok" });
    app.tell("/sandbox/faults", faults).await;
    let failed = test(&form(&base, &id)).await.failed;
    assert!(matches!(failed, Some((Step::Platform, _))), "{failed:?}");
    assert!(remembered().await.unwrap().failed.is_some());

    // What was tested and not saved is not saved.
    let kept = shown(&app.service, &me).await.form;
    assert_eq!(kept.api_base.trim_end_matches('/'), base);
    let other = form(&closed, &id);
    assert_eq!(app.call("save_app", &cookie, &other).await.0, 200);
    assert_eq!(remembered().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_the_call_and_says_nothing_fails_at_the_answer() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let id = second(&app, &cookie).await;
    let mute = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", mute.local_addr().unwrap());
    let test = tested(&app, &cookie, &form(&base, &id)).await;
    assert_eq!(test.failed, Some((Step::Answer, Cause::NoAnswer)));
    drop(mute);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_of_what_is_not_saved_is_shown_to_who_typed_it_and_to_nobody_else() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let id = second(&app, &cookie).await;
    let base = format!("http://{}", app.sandbox.addr());
    let test = async |form: &[(&str, &str)]| {
        let post = app.post("/fn/test_app").header("cookie", &cookie);
        let post = post.header("accept", "text/html").form(form);
        location(&post.send().await.unwrap()).to_owned()
    };
    let html =
        async |path: &str, cookie: &str| page(&app, path, cookie).await.text().await.unwrap();
    // Only the name is another one: it is reached as it is kept.
    let mut renamed = form(&base, &id);
    renamed.retain(|(name, _)| *name != "name");
    renamed.push(("name", "Board & co"));
    let back = test(&renamed).await;
    assert!(html(&back, &cookie).await.contains("Answers in"));
    assert!(html("/settings/apps", &cookie).await.contains("Answers in"));

    // An AppID is in no address, so the newer of the two tests counts.
    let mut foreign = form(&base, &id);
    foreign.retain(|(name, _)| *name != "app_id");
    foreign.push(("app_id", "somebody0else"));
    let back = test(&foreign).await;
    assert!(html(&back, &cookie).await.contains("AppID is unknown"));
    assert_eq!(test(&form(&base, &id)).await, back);
    assert!(!html(&back, &cookie).await.contains("AppID is unknown"));

    let closed = closed().await;
    let elsewhere = form(&closed, &id);
    let back = test(&elsewhere).await;
    let mine = html(&back, &cookie).await;
    assert!(mine.contains("Nobody answers") && mine.contains(&format!("value=\"{closed}\"")));
    assert!(!mine.contains("Answers in"), "that is said of other values");
    let service = &app.service;
    let made = service
        .add_user("u1002", "another admin", Role::Admin)
        .await;
    made.unwrap();
    let other = app.cookie_of("u1002", "another admin").await;
    let with_other_name = back.replace("name=Board", "name=Bored");
    for (path, cookie) in [
        ("/settings/apps", &cookie),
        ("/settings/apps", &other),
        (&back, &other),
        (&with_other_name, &cookie),
    ] {
        let html = html(path, cookie).await;
        assert!(!html.contains("Nobody answers"), "{path}");
        assert!(html.contains("Answers in"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_video_list_is_tested_too_within_its_limit() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let id = second(&app, &cookie).await;
    let base = format!("http://{}", app.sandbox.addr());
    let (closed, host) = (closed().await, app.sandbox.addr().to_string());
    // The app is kept without a token, so that no sweep of ours takes a call.
    let test = async |vod_base: &str, token: &[(&'static str, &str)]| {
        let mut form = form(&base, &id);
        form.retain(|(name, _)| *name != "vod_base");
        form.push(("vod_base", vod_base));
        form.extend(token);
        let test = tested(&app, &cookie, &form).await;
        (test.list, test.failed, test.host)
    };
    let (right, wrong) = (
        [("vod_token", crate::common::VOD_TOKEN)],
        [("vod_token", TOKEN)],
    );
    let without = test(&base, &[]).await;
    assert_eq!(without, (ListTested::No, None, host.clone()));
    let well = (ListTested::Yes, None, host.clone());
    assert_eq!(test(&base, &right).await, well);
    let said = Cause::Words("signature is invalid".to_owned());
    let refused = Some((Step::Token, said));
    assert_eq!(
        test(&base, &wrong).await,
        (ListTested::Yes, refused, host.clone())
    );
    // Who corrects what they typed need not wait.
    assert_eq!(test(&base, &right).await, well);
    let (list, failed, of) = test(&closed, &right).await;
    assert_eq!(list, ListTested::Yes);
    assert_eq!(failed, Some((Step::List, Cause::ConnectionRefused)));
    assert_eq!(format!("http://{of}"), closed);
    let faults = json!({ "start": "ok", "stop": "ok", "callbacks": "ok", "video_list": "error" });
    app.tell("/sandbox/faults", faults).await;
    let (_, failed, _) = test(&base, &right).await;
    let said = Cause::Words("internal error".to_owned());
    assert_eq!(failed, Some((Step::List, said)));

    // These were the five of this minute; the token that is kept is used where none is typed.
    let mut kept = form(&base, &id);
    kept.extend(right);
    assert_eq!(app.call("save_app", &cookie, &kept).await.0, 200);
    assert_eq!(
        test(&base, &[]).await,
        (ListTested::Busy, None, host.clone())
    );
    let dropped = test(&base, &[("drop_token", "yes")]).await;
    assert_eq!(dropped, (ListTested::No, None, host));
    let mut unusable = form(&base, &id);
    unusable.push(("vod_token", "a\nb"));
    let (status, body) = app.call("test_app", &cookie, &unusable).await;
    assert_eq!(status, 422, "{body}");
    assert!(body.contains("vod_token"), "{body}");
    assert_eq!(app.videos("too_frequent").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn open_pages_are_told_which_apps_there_are() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let mut changes = app.service.changes();
    let mut told = || {
        std::iter::from_fn(|| changes.try_recv().ok()).any(|change| change == Some(Change::Apps))
    };
    let id = second(&app, &cookie).await;
    assert!(told(), "added");
    assert!(!told());
    let base = format!("http://{}", app.sandbox.addr());
    assert_eq!(
        app.call("save_app", &cookie, &form(&base, &id)).await.0,
        200
    );
    assert!(told(), "changed");
    let (status, body) = app.call("remove_app", &cookie, &[("id", &id)]).await;
    assert_eq!((status.as_u16(), body), (200, format!("\"{id}\"")));
    assert!(told(), "removed");
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
