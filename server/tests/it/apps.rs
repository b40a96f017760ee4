//! Several apps: each has its own rooms, secrets are never sent back, and a connection test starts
//! nothing.

use crate::common::{
    TestApp,
    actions::{library, newest, room},
    anyone, app_form, eventually, file_call, start_form, with,
};
use reelroom_domain::{
    app::{AppSettings, ConnectionTest, ListTested, Step, VideoToken},
    cause::Cause,
    change::Change,
    ids::AppId,
    recording::RecordingState,
    room::RoomTitle,
    room_list::RoomsQuery,
    search::SearchText,
    user::Role,
    view::{RecordingView, RoomFilter, RoomLabel},
};
use reelroom_service::{LibraryQuery, Principal, Service, ServiceError};
use reelroom_store::testing;
use reqwest::{Response, StatusCode};
use scraper::{Html, Selector};
use serde_json::json;
use tokio::net::TcpListener;

const APP_ID: &str = "whole0app0id0of0board";
const TOKEN: &str = "vod0token0of0board";

/// Form of an app at the emulated platform. For an existing `id` the empty AppID keeps the stored
/// one.
fn form<'a>(base: &'a str, id: &'a str) -> Vec<(&'static str, &'a str)> {
    let mut form = app_form(base, if id.is_empty() { "test0app" } else { "" });
    form[0] = ("id", id);
    form.push(("vod_base", ""));
    form
}

/// Adds an app beside the sandbox, at the same platform. It becomes the default app. Returns its
/// id.
async fn add_second_app(app: &TestApp) -> String {
    let base = format!("http://{}", app.sandbox.addr());
    app.save_app(&form(&base, "")).await
}

/// The first app in the settings of `by`.
async fn first_app(service: &Service, by: &Principal) -> AppSettings {
    service.settings(by).await.unwrap().apps.remove(0)
}

/// Address of a closed port.
async fn closed_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

async fn test_app(app: &TestApp, cookie: &str, form: &[(&str, &str)]) -> ConnectionTest {
    let body = app.done("test_app", cookie, form).await;
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
async fn another_time_zone_moves_no_known_file() {
    let app = TestApp::without_callbacks().await;
    let (me, board) = (app.admin().await, add_second_app(&app).await);
    // Its times are local.
    let announce = async |name: &str| {
        let call = file_call(name, "a.mp4", 12, "http://192.0.2.1/a.mp4");
        app.send_callback(&format!("av?app={board}"), &call).await;
        eventually("the file is known", async || {
            let newest = newest(&app.service).await;
            newest.filter(|view| view.row.room == room(name))
        })
        .await
    };
    let times = |view: &RecordingView| {
        let files = view.files.iter();
        let files = files.map(|file| (file.id, file.started_at, file.ended_at));
        let (id, files) = (view.row.id, files.collect::<Vec<_>>());
        (id, view.row.started_at, view.row.stopped_at, files)
    };
    let known = announce("known").await;
    assert_eq!(known.files.len(), 1);
    let base = format!("http://{}", app.sandbox.addr());
    let in_utc = with(form(&base, &board), &[("zone", "UTC")]);
    app.save_app(&in_utc).await;
    let calls = testing::all_calls(&app.store().await).await;
    let replayed = app.service.replay_call(&me, calls[0].call.id).await;
    assert!(!replayed.unwrap(), "the verdict changed");
    assert_eq!(library(&app.service).await.recordings.len(), 1);
    let again = newest(&app.service).await.unwrap();
    assert_eq!(times(&again), times(&known));
    // A new file has the new zone.
    let new = announce("new").await;
    let [new, known] = [new, known].map(|view| view.files[0].started_at.unwrap());
    assert_eq!(new.since(known), 8 * 60 * 60_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_room_of_two_apps_is_two_rooms() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let sandbox = app.service.app_ids().await.unwrap()[0];
    let board: AppId = add_second_app(&app).await.parse().unwrap();
    // The sandbox stays, after the real app.
    assert_eq!(app.service.app_ids().await.unwrap(), [board, sandbox]);
    let (board_text, sandbox_text) = (board.to_string(), sandbox.to_string());

    let form = |app| {
        let in_app: [(&str, &str); 1] = [("app", app)];
        [&start_form("class-7B")[..], &in_app].concat()
    };
    app.done("start_recording", &cookie, &form(&sandbox_text))
        .await;
    let current = |id| {
        let (service, name) = (app.service.clone(), room("class-7B"));
        async move { service.room(anyone(), id, &name).await.unwrap() }
    };
    let there = current(Some(sandbox)).await;
    assert_eq!(there.current.unwrap().row.state, RecordingState::Recording);
    let here = current(None).await;
    assert_eq!((here.app.id, here.current), (board, None));
    assert_eq!(here.app.kinds, ["Meet", "Live"]);

    // The list, the library and the side bar show one app.
    let label = [
        ("room", "class-7B"),
        ("title", "Board's own"),
        ("app", &board_text),
    ];
    app.done("label_room", &cookie, &label).await;
    let listed = |id| {
        let service = app.service.clone();
        async move {
            let query = RoomsQuery {
                filter: RoomFilter::All,
                search: SearchText::parse("class"),
                ..RoomsQuery::default()
            };
            let list = service.room_list(anyone(), id, &query).await;
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
        assert_eq!(
            app.service.library(anyone(), query).await.unwrap().total.n,
            recordings
        );
    }
    // The view names the app of a recording, for addresses.
    let query = LibraryQuery {
        app: Some(sandbox),
        ..LibraryQuery::default()
    };
    let row = app
        .service
        .library(anyone(), query)
        .await
        .unwrap()
        .recordings
        .remove(0);
    let view = app.recording(row.id).await;
    assert_eq!(view.app, Some(sandbox));

    // An unknown app has no rooms, least of all those of another one.
    let unknown: AppId = "0".repeat(32).parse().unwrap();
    let missing = app
        .service
        .room(anyone(), Some(unknown), &room("class-7B"))
        .await;
    assert!(
        matches!(missing, Err(ServiceError::NotFound)),
        "{missing:?}"
    );
    let refused = app
        .call("start_recording", &cookie, &form(&"0".repeat(32)))
        .await;
    assert_eq!(refused.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_names_its_app() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    // With one app, the app is in no address, whatever the browser's cookie says.
    let sandbox = app.service.app_ids().await.unwrap()[0];
    let chose = |id: &str| format!("{cookie}; app={id}");
    let answer = page(&app, "/", &chose(&sandbox.to_string())).await;
    assert_eq!(answer.status(), 200);
    let html = answer.text().await.unwrap();
    assert!(!html.contains("Switch app") && !html.contains("?app="));

    let board = add_second_app(&app).await;
    let html = page(&app, "/", &cookie).await.text().await.unwrap();
    assert!(html.contains("Switch app"));

    // The choice is a cookie, and redirects to a page of the app.
    let post = async |form: [(&str, &str); 2]| {
        let request = app.plain("choose_app", &cookie).form(&form);
        request.send().await.unwrap()
    };
    let answer = post([("app", &sandbox.to_string()), ("next", "/recordings")]).await;
    assert_eq!(location(&answer), format!("/recordings?app={sandbox}"));
    let set = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(set.starts_with(&format!("app={sandbox};")), "{set}");
    let answer = post([("app", &board), ("next", "//evil.example")]).await;
    assert_eq!(location(&answer), format!("/?app={board}"));

    let chosen = chose(&sandbox.to_string());
    let answer = page(&app, "/recordings", &chosen).await;
    assert_eq!(location(&answer), format!("/recordings?app={sandbox}"));
    let head = app.client.head(format!("{}/recordings", app.base));
    let head = head.header("cookie", &chosen).send().await.unwrap();
    assert_eq!(location(&head), location(&answer));
    // A link to a list with filters, or to a room, shows everybody the same, whatever they chose.
    for link in ["/recordings?q=a", "/rooms/class-7B"] {
        assert_eq!(page(&app, link, &chosen).await.status(), 200, "{link}");
    }
    let answer = page(&app, &format!("/rooms/class-7B?app={board}"), &cookie).await;
    assert_eq!(location(&answer), "/rooms/class-7B");
    let there = page(&app, &format!("/rooms/class-7B?app={sandbox}"), &cookie).await;
    let html = there.text().await.unwrap();
    assert!(html.contains(&format!("/recordings?room=class-7B&amp;app={sandbox}")));
    let nowhere = format!("/rooms/class-7B?app={}", "0".repeat(32));
    let answer = page(&app, &nowhere, &cookie).await;
    assert_eq!(answer.status(), 404);
    assert!(!answer.headers().contains_key("set-cookie"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_after_a_link_are_of_its_app() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let sandbox = app.service.app_ids().await.unwrap()[0].to_string();
    let now_in = |answer: &Response| {
        let set = answer.headers().get("set-cookie")?.to_str().unwrap();
        let (app, _) = set.strip_prefix("app=")?.split_once(';')?;
        Some(app.to_owned())
    };
    // The first app that is added becomes the default one: who was in the sandbox stays there.
    let first = page(&app, "/", &cookie).await;
    assert_eq!(now_in(&first), Some(sandbox.clone()));
    let board = add_second_app(&app).await;
    let in_app = |id: &str| format!("{cookie}; app={id}");
    let saved = format!("/settings/apps?saved={board}");
    let answer = page(&app, &saved, &in_app(&sandbox)).await;
    let back = location(&answer);
    assert_eq!(back, format!("{saved}&app={sandbox}"));
    let html = page(&app, back, &in_app(&sandbox)).await.text().await;
    assert!(html.unwrap().contains("Show its rooms"));

    let there = format!("/rooms/class-7B?app={sandbox}");
    let answer = page(&app, &there, &in_app(&board)).await;
    assert_eq!(now_in(&answer), Some(sandbox.clone()));
    assert_eq!(now_in(&page(&app, &there, &in_app(&sandbox)).await), None);
    // So do an address without an app and one that names the default app.
    let here = page(&app, "/rooms/class-7B", &in_app(&sandbox)).await;
    assert_eq!(now_in(&here), Some(board.clone()));
    let named = format!("/?app={board}");
    let answer = page(&app, &named, &in_app(&sandbox)).await;
    assert_eq!(location(&answer), "/");
    assert_eq!(now_in(&answer), Some(board.clone()));

    // A page that refreshes stays in its app and changes no choice.
    for (path, of_page, of_others, to) in [
        ("/", &board, &sandbox, None),
        ("/", &sandbox, &board, Some(format!("/?app={sandbox}"))),
        ("/rooms/class-7B", &sandbox, &board, Some(there.clone())),
        (&*there, &sandbox, &board, None),
    ] {
        let request = app.get(path).header("cookie", in_app(of_others));
        let answer = request.header("shown-app", of_page).send().await.unwrap();
        let location = answer.headers().get("location");
        let location = location.map(|to| to.to_str().unwrap().to_owned());
        assert_eq!(location, to, "{path}");
        assert_eq!(now_in(&answer), None, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_stored_and_never_sent_back() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let base = format!("http://{}", app.sandbox.addr());
    let secrets = [("app_id", APP_ID), ("vod_token", TOKEN)];
    let id = app.save_app(&with(form(&base, ""), &secrets)).await;

    // Saved again without either secret.
    app.save_app(&form(&base, &id)).await;
    let admin = app.admin().await;
    let token = async || first_app(&app.service, &admin).await.token;
    assert!(matches!(token().await, VideoToken::Set { .. }));

    // No response holds a secret.
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
    // The redirect of a rejected plain form carries the typed text, and no secret.
    let typed = with(form(bad, &id), &secrets);
    for name in ["save_app", "test_app"] {
        let post = app.plain(name, &cookie).form(&typed);
        let answer = post.send().await.unwrap();
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

    let drop = with(form(&base, &id), &[("drop_token", "yes")]);
    app.save_app(&drop).await;
    assert_eq!(token().await, VideoToken::Absent);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_under_another_key_is_shown_as_locked() {
    let app = TestApp::start().await;
    let base = format!("http://{}", app.sandbox.addr());
    let new = with(form(&base, ""), &[("vod_token", TOKEN)]);
    app.save_app(&new).await;
    let admin = app.admin().await;
    let token = async |service: &Service| first_app(service, &admin).await.token;
    let same = app.open_again(reelroom_service::SystemClock).await;
    assert!(matches!(token(&same).await, VideoToken::Set { .. }));
    app.lose_secret_key();
    let other = app.open_again(reelroom_service::SystemClock).await;
    assert!(matches!(token(&other).await, VideoToken::Locked { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_test_starts_nothing() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let id = add_second_app(&app).await;
    let base = format!("http://{}", app.sandbox.addr());
    let test = async |form: &[(&str, &str)]| test_app(&app, &cookie, form).await;
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
    // The result is stored until the app's connection changes.
    let admin = app.admin().await;
    let remembered = async || first_app(&app.service, &admin).await.test;
    assert_eq!(remembered().await.as_ref(), Some(&answers));

    let closed_address = closed_address().await;
    let failed = test(&form(&closed_address, &id)).await.failed;
    assert!(matches!(failed, Some((Step::Connect, _))), "{failed:?}");
    // A label of 64 characters is no valid name, so no resolver is asked.
    let nowhere = format!("http://{}.invalid", "x".repeat(64));
    let failed = test(&form(&nowhere, &id)).await.failed;
    assert_eq!(failed, Some((Step::Name, Cause::NameNotFound)));
    // The sandbox speaks no TLS.
    let secure = base.replace("http:", "https:");
    let failed = test(&form(&secure, &id)).await.failed;
    assert!(matches!(failed, Some((Step::Tls, _))), "{failed:?}");
    let wrong = with(form(&base, &id), &[("app_id", "somebody0else")]);
    let failed = test(&wrong).await.failed;
    assert!(matches!(failed, Some((Step::Accepted, _))), "{failed:?}");
    // A test of unsaved values leaves the stored result.
    assert_eq!(remembered().await, Some(answers));
    let faults = json!({ "start": "ok", "stop": "html", "callbacks": "ok" });
    app.set_faults(faults).await;
    let failed = test(&form(&base, &id)).await.failed;
    assert!(matches!(failed, Some((Step::Platform, _))), "{failed:?}");
    assert!(remembered().await.unwrap().failed.is_some());

    // A test saves nothing.
    let kept = first_app(&app.service, &admin).await.form;
    assert_eq!(kept.api_base.trim_end_matches('/'), base);
    let other = form(&closed_address, &id);
    app.save_app(&other).await;
    assert_eq!(remembered().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_server_fails_at_the_answer() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let id = add_second_app(&app).await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", silent.local_addr().unwrap());
    let test = test_app(&app, &cookie, &form(&base, &id)).await;
    assert_eq!(test.failed, Some((Step::Answer, Cause::NoAnswer)));
    drop(silent);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_of_unsaved_values_is_shown_only_to_its_author() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let id = add_second_app(&app).await;
    let base = format!("http://{}", app.sandbox.addr());
    let test = async |form: &[(&str, &str)]| {
        let post = app.plain("test_app", &cookie).form(form);
        location(&post.send().await.unwrap()).to_owned()
    };
    let html =
        async |path: &str, cookie: &str| page(&app, path, cookie).await.text().await.unwrap();
    // Only the name differs: the connection is the saved one.
    let renamed = with(form(&base, &id), &[("name", "Board & co")]);
    let back = test(&renamed).await;
    assert!(html(&back, &cookie).await.contains("Answers in"));
    assert!(html("/settings/apps", &cookie).await.contains("Answers in"));

    // An address holds no AppID, so the newer of the two tests is shown.
    let foreign = with(form(&base, &id), &[("app_id", "somebody0else")]);
    let back = test(&foreign).await;
    assert!(html(&back, &cookie).await.contains("AppID is unknown"));
    assert_eq!(test(&form(&base, &id)).await, back);
    assert!(!html(&back, &cookie).await.contains("AppID is unknown"));

    let closed_address = closed_address().await;
    let elsewhere = form(&closed_address, &id);
    let back = test(&elsewhere).await;
    let mine = html(&back, &cookie).await;
    assert!(
        mine.contains("No connection") && mine.contains(&format!("value=\"{closed_address}\""))
    );
    assert!(
        !mine.contains("Answers in"),
        "the result is of other values"
    );
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
        assert!(!html.contains("No connection"), "{path}");
        assert!(html.contains("Answers in"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_form_names_every_mistake_and_the_first_field_gets_the_focus() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let base = format!("http://{}", app.sandbox.addr());
    let wrong = ["name", "app_id", "zone"];
    let empty = with(form(&base, ""), &wrong.map(|name| (name, "")));
    let post = app.plain("save_app", &cookie).form(&empty);
    let answer = post.send().await.unwrap();
    let html = page(&app, location(&answer), &cookie).await.text().await;
    let document = Html::parse_document(&html.unwrap());
    let card = Selector::parse("#app-new").unwrap();
    let card = document.select(&card).next().unwrap();
    let names = |selector: &str| -> Vec<&str> {
        let selector = Selector::parse(selector).unwrap();
        let found = card.select(&selector);
        found.filter_map(|field| field.attr("name")).collect()
    };
    assert_eq!(names("[aria-invalid=true]"), wrong);
    assert_eq!(names("[autofocus]"), wrong, "a browser takes the first");
    assert_eq!(names("[required]"), [""; 0], "no browser stops the form");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_video_list_is_tested_within_its_quota() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let id = add_second_app(&app).await;
    let base = format!("http://{}", app.sandbox.addr());
    let (closed_address, host) = (closed_address().await, app.sandbox.addr().to_string());
    // Saved without a token, so that no sweep uses up the quota.
    let test = async |vod_base: &str, token: &[(&'static str, &str)]| {
        let form = with(form(&base, &id), &[("vod_base", vod_base)]);
        let test = test_app(&app, &cookie, &with(form, token)).await;
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
    let cause = Cause::Words("signature is invalid".to_owned());
    let refused = Some((Step::Token, cause));
    assert_eq!(
        test(&base, &wrong).await,
        (ListTested::Yes, refused, host.clone())
    );
    // A corrected token is tested at once.
    assert_eq!(test(&base, &right).await, well);
    let (list, failed, of) = test(&closed_address, &right).await;
    assert_eq!(list, ListTested::Yes);
    assert_eq!(failed, Some((Step::List, Cause::ConnectionRefused)));
    assert_eq!(format!("http://{of}"), closed_address);
    let faults = json!({ "start": "ok", "stop": "ok", "callbacks": "ok", "video_list": "error" });
    app.set_faults(faults).await;
    let (_, failed, _) = test(&base, &right).await;
    let cause = Cause::Words("internal error".to_owned());
    assert_eq!(failed, Some((Step::List, cause)));

    // The quota of five a minute is used up. Without a typed token the saved one is used.
    app.save_app(&with(form(&base, &id), &right)).await;
    assert_eq!(
        test(&base, &[]).await,
        (ListTested::Busy, None, host.clone())
    );
    let dropped = test(&base, &[("drop_token", "yes")]).await;
    assert_eq!(dropped, (ListTested::No, None, host));
    let unusable = with(form(&base, &id), &[("vod_token", "a\nb")]);
    let (status, body) = app.call("test_app", &cookie, &unusable).await;
    assert_eq!(status, 422, "{body}");
    assert!(body.contains("vod_token"), "{body}");
    assert_eq!(app.list_count("too_frequent").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn open_pages_learn_of_changed_apps() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let mut changes = app.service.changes();
    let mut is_published = || {
        std::iter::from_fn(|| changes.try_recv().ok())
            .any(|change| matches!(change, Some(Change::App { .. })))
    };
    let id = add_second_app(&app).await;
    assert!(is_published(), "added");
    assert!(!is_published());
    let base = format!("http://{}", app.sandbox.addr());
    app.save_app(&form(&base, &id)).await;
    assert!(is_published(), "changed");
    let (status, body) = app.call("remove_app", &cookie, &[("id", &id)]).await;
    assert_eq!((status.as_u16(), body), (200, format!("\"{id}\"")));
    assert!(is_published(), "removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_with_recordings_cannot_be_removed() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let id = add_second_app(&app).await;
    let sandbox = app.service.app_ids().await.unwrap()[1];
    let label = [("room", "r"), ("title", "x"), ("app", &id)];
    app.done("label_room", &cookie, &label).await;
    let form = [&start_form("r")[..], &[("app", &*id)]].concat();
    app.done("start_recording", &cookie, &form).await;
    let (status, body) = app.call("remove_app", &cookie, &[("id", &id)]).await;
    assert_eq!(status, 422, "{body}");
    assert!(body.contains("has_recordings"), "{body}");
    // The emulated platform cannot be removed here.
    let text = sandbox.to_string();
    let (status, _) = app.call("remove_app", &cookie, &[("id", &text)]).await;
    assert_eq!(status, 404);

    let other = add_second_app(&app).await;
    assert_eq!(app.service.app_ids().await.unwrap().len(), 3);
    let label = [("room", "r"), ("title", "x"), ("app", &other)];
    app.done("label_room", &cookie, &label).await;
    app.done("remove_app", &cookie, &[("id", &other)]).await;
    assert_eq!(app.service.app_ids().await.unwrap().len(), 2);
}
