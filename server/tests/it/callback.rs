//! Callbacks over HTTP: authorisation, responses, and what becomes of a call.

use std::{sync::Arc, time::Duration};

use crate::common::{
    OLD_SECRET, SECRET, TestApp,
    actions::{library, newest, page, page_of, start, stop, view},
    app_form, eventually, file_call, with,
};
use reelroom::TrustedProxies;
use reelroom_domain::{
    callback::CallbackKind,
    cause::Cause,
    file::FileState,
    inbox::{BodyView, CallMark, InboxTab},
    recording::Origin,
    view::Presence,
};
use reelroom_service::{CallbackAuth, InboxQuery};
use reelroom_store::testing;
use serde_json::{Value, json};

fn file(room: &str, name: &str) -> Value {
    file_call(room, name, 12, "http://192.0.2.1/a.mp4")
}

async fn post(app: &TestApp, path: &str, body: impl Into<reqwest::Body>) -> (u16, String) {
    let answer = app.post(path).body(body).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secret_is_accepted_in_three_places() {
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
        "/AR/V1/status",
        "/wrong/AR/V1/status",
        "/AR/V1/status/wrong",
        "/AR/V1/status?secret=wrong",
    ] {
        assert_eq!(
            post(&app, path, body.clone()).await,
            (404, String::new()),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn extra_slashes_and_parameters_are_accepted() {
    let app = TestApp::without_callbacks().await;
    let body = file("a", "8c1f0be2a974").to_string();
    for path in [
        format!("/{SECRET}//AR/V1/av"),
        format!("//{SECRET}/AR/V1/av"),
        format!("/{SECRET}/AR/V1/av/"),
        format!("/AR/V1/av/{SECRET}/"),
        format!("/AR/V1/av/?secret={SECRET}"),
        format!("/wrong/AR/V1/av?secret={SECRET}"),
        format!("/AR/V1/av?secret=wrong&secret={SECRET}&secret="),
        format!("/{SECRET}/AR/V1/status/"),
    ] {
        let (status, answer) = post(&app, &path, body.clone()).await;
        assert_eq!(status, 200, "{path} {answer}");
    }
    assert_eq!(app.service.rejected().await.unwrap().calls, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_callback_address_is_404_and_counted() {
    let app = TestApp::without_callbacks().await;
    let body = file("a", "8c1f0be2a974").to_string();
    let nearly = [
        "/wrong/AR/V1/av/".to_owned(),
        "/AR/V1/av/".to_owned(),
        "/wrong//AR/V1/status".to_owned(),
        format!("/old/prefix/AR/V1/av?secret={SECRET}"),
        format!("/{SECRET}/ar/v1/av"),
        format!("/{SECRET}AR/V1/av"),
    ];
    for path in &nearly {
        let answer = post(&app, path, body.clone()).await;
        assert_eq!(answer, (404, String::new()), "{path}");
    }
    let view = app.service.rejected().await.unwrap();
    assert_eq!(view.calls, nearly.len() as u64);
    assert_eq!(view.last.unwrap().remote, "127.0.0.1");
    // Posts to any other path are 404 and not counted.
    for path in ["/nowhere", "/", "/recordings", "/callback"] {
        let (status, _) = post(&app, path, body.clone()).await;
        assert_eq!(status, 404, "{path}");
    }
    let view = app.service.rejected().await.unwrap();
    assert_eq!(view.calls, nearly.len() as u64);
}

/// The answer to a request without a body.
async fn tried(app: &TestApp, method: &str, path: &str) -> reqwest::Response {
    let method = method.parse().unwrap();
    let request = app.client.request(method, format!("{}{path}", app.base));
    request.send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_may_try_the_address() {
    let app = TestApp::without_callbacks().await;
    let mut sent = 0;
    for what in ["av", "status"] {
        for path in [
            format!("/{SECRET}/AR/V1/{what}"),
            format!("/AR/V1/{what}/{SECRET}"),
            format!("/AR/V1/{what}?secret={SECRET}"),
            format!("/AR/V1/{what}/{SECRET}/"),
            format!("//{SECRET}//AR/V1/{what}"),
        ] {
            for method in ["GET", "HEAD", "POST"] {
                let answer = tried(&app, method, &path).await;
                assert_eq!(answer.status(), 200, "{method} {path}");
                let body = answer.text().await.unwrap();
                assert_eq!(
                    body.contains("\"true\""),
                    method != "HEAD",
                    "{method} {body}"
                );
                sent += 1;
            }
            let answer = tried(&app, "PUT", &path).await;
            assert_eq!(answer.status(), 405, "{path}");
            assert_eq!(answer.headers()["allow"], "GET, HEAD, POST", "{path}");
        }
    }
    assert_eq!(app.service.rejected().await.unwrap().calls, 0);
    let admin = app.admin().await;
    let inbox = eventually("the tries are read", async || {
        let inbox = app.service.inbox(&admin, InboxQuery::default()).await;
        let inbox = inbox.unwrap();
        let mut calls = inbox.calls.iter();
        let is_read = calls.all(|row| row.mark != CallMark::Waiting);
        (inbox.calls.len() == sent && is_read).then_some(inbox)
    })
    .await;
    for row in &inbox.calls {
        assert_eq!(row.mark, CallMark::AddressCheck);
        assert!(!row.needs_attention());
    }
    for tab in [InboxTab::Malformed, InboxTab::Unrecognised] {
        assert_eq!(inbox.count(tab), 0, "{tab:?}");
    }
    let id = inbox.calls[0].id;
    let call = app.service.call(&admin, id, None).await.unwrap();
    assert_eq!((call.body, call.trouble), (BodyView::Empty, None));
    let page = page(&app, &format!("/callbacks?call={id}")).await;
    assert!(page.contains("Address check"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_is_404_and_counted_by_any_method() {
    let app = TestApp::without_callbacks().await;
    let mut sent = 0;
    for path in [
        "/AR/V1/av",
        "/AR/V1/av/wrong",
        "/wrong/AR/V1/av",
        "/wrong/AR/V1/status",
        "/AR/V1/status?secret=wrong",
        "/AR/V1/av/wrong/",
        "//wrong//AR/V1/status",
        "/old/prefix/wrong/AR/V1/av",
    ] {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            let answer = tried(&app, method, path).await;
            assert_eq!(answer.status(), 404, "{method} {path}");
            for header in ["location", "allow"] {
                assert!(!answer.headers().contains_key(header), "{method} {path}");
            }
            sent += 1;
        }
    }
    assert_eq!(app.service.rejected().await.unwrap().calls, sent);
    assert_eq!(testing::all_calls(&app.store().await).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_unauthorised_body_is_404() {
    let app = TestApp::without_callbacks().await;
    for (path, size) in [
        ("/wrong/AR/V1/av", 200 << 10),
        ("/wrong/AR/V1/av", (1 << 20) + 5),
        ("/wrong/AR/V1/status", (1 << 20) + 5),
        ("/wrong/AR/V1/av/", (1 << 20) + 5),
    ] {
        let answer = post(&app, path, vec![b'x'; size]).await;
        assert_eq!(answer, (404, String::new()), "{path} {size}");
    }
    assert_eq!(app.service.rejected().await.unwrap().calls, 4);
    let path = format!("/{SECRET}/AR/V1/av");
    let (status, _) = post(&app, &path, vec![b'x'; (1 << 20) + 5]).await;
    assert_eq!(status, 413);
}

/// Records in the room, and returns the user data of the platform's callback.
async fn recorded_user_data(app: &TestApp, room: &str) -> String {
    let id = start(app, room).await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    stop(app, id).await;
    let store = app.store().await;
    eventually("a file of it", async || {
        let all = testing::all_calls(&store).await;
        let mut all = all.iter().map(|known| &known.call.content);
        let call = all.find(|call| call.kind == CallbackKind::Av)?;
        let body: Value = serde_json::from_slice(&call.body).unwrap();
        Some(body["userData"].as_str().unwrap().to_owned())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_authorises_files_of_its_room_only() {
    // A token suffices, also where callers are limited to networks.
    let networks = vec!["203.0.113.0/24".parse().unwrap()];
    for auth in [CallbackAuth::Secret, CallbackAuth::SecretFrom(networks)] {
        let app = TestApp::start_with_auth(auth, TrustedProxies::default()).await;
        let data = recorded_user_data(&app, "lab").await;
        let call = |room: &str, data: &str| {
            let mut body = file(room, "one more");
            body["userData"] = data.into();
            body.to_string()
        };
        let last = data.rfind(|digit: char| digit.is_ascii_hexdigit()).unwrap();
        let other = if &data[last..=last] == "0" { "1" } else { "0" };
        let mut forged = data.clone();
        forged.replace_range(last..=last, other);
        let before = app.service.rejected().await.unwrap().calls;
        let event = json!([{"type": "1", "option": "Begin", "groupId": "lab", "userData": data}]);
        for (path, body) in [
            ("/AR/V1/av", call("lab", &forged)),
            ("/AR/V1/av", call("another lab", &data)),
            ("/AR/V1/av", call("lab", "{}")),
            ("/AR/V1/status", call("lab", &data)),
            ("/AR/V1/status", event.to_string()),
        ] {
            let answer = post(&app, path, body.clone()).await;
            assert_eq!(answer, (404, String::new()), "{path} {body}");
        }
        let after = app.service.rejected().await.unwrap().calls;
        assert_eq!(after - before, 5);

        let (status, answer) = post(&app, "/AR/V1/av", call("lab", &data)).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(library(&app.service).await.total.n, 1);
        eventually("the file with its recording", async || {
            let mut files = newest(&app.service).await.unwrap().files.into_iter();
            files.find(|file| file.name == "one more")
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_app_gets_its_own_reply_form() {
    let app = TestApp::without_callbacks().await;
    let sandbox = app.service.app_ids().await.unwrap()[0];
    let base = format!("http://{}", app.sandbox.addr());
    let by_code = [("method", "post"), ("reply_form", "code")];
    let form = with(app_form(&base, "test0app"), &by_code);
    let board = app.save_app(&form).await;
    let began = r#"[{"type":"1","option":"Begin","groupId":"a"}]"#.to_owned();
    let answer = async |path: String, body: &str| {
        let (status, answer) = post(&app, &path, body.to_owned()).await;
        let mut answer: Value = serde_json::from_str(&answer).unwrap();
        let message = answer.as_object_mut().unwrap().remove("message");
        assert!(message.unwrap().is_string(), "{path}");
        (status, answer)
    };
    for (what, body) in [("av", file("a", "f").to_string()), ("status", began)] {
        // Without `app` the reply has the form of the first app; real apps come before the sandbox.
        for path in [
            format!("/{SECRET}/AR/V1/{what}"),
            format!("/AR/V1/{what}/{SECRET}"),
            format!("/AR/V1/{what}?secret={SECRET}"),
            format!("/AR/V1/{what}/{SECRET}?app={board}"),
        ] {
            let of_board = json!({"code": 0, "success": true});
            assert_eq!(answer(path.clone(), &body).await, (200, of_board), "{path}");
            let of_board = json!({"code": 1, "success": false});
            let broken = answer(path.clone(), "{broken").await;
            assert_eq!(broken, (400, of_board), "{path}");
        }
        let path = format!("/{SECRET}/AR/V1/{what}?app={sandbox}");
        let of_sandbox = json!({"success": "true"});
        assert_eq!(
            answer(path.clone(), &body).await,
            (200, of_sandbox),
            "{path}"
        );
        let of_sandbox = json!({"success": "false"});
        assert_eq!(answer(path, "{broken").await, (400, of_sandbox));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_are_checked_where_networks_are_configured() {
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
        let app = TestApp::start_with_auth(auth.clone(), proxies()).await;
        let answer = app
            .post(path)
            .header("x-forwarded-for", from)
            .body(file("a", "8c1f0be2a974").to_string())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), status, "{auth:?} {path} {from}");
    }
    // Only a trusted proxy can name a client's address.
    let app =
        TestApp::start_with_auth(CallbackAuth::From(networks()), TrustedProxies::default()).await;
    let call = app.post(&with).header("x-forwarded-for", "203.0.113.7");
    assert_eq!(call.send().await.unwrap().status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn responses_follow_the_contract() {
    let app = TestApp::start().await;
    let path = format!("/{SECRET}/AR/V1/av");
    let (status, answer) = post(&app, &path, "{broken").await;
    assert_eq!(status, 400);
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["success"], "false");
    // Valid JSON that is no callback is stored, for a person to review.
    assert_eq!(post(&app, &path, "[1,2]").await.0, 200);
    assert_eq!(post(&app, &path, vec![b' '; (1 << 20) + 1]).await.0, 413);
    assert_eq!(post(&app, "/AR/V1/av", "{}").await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_at_a_foreign_host_is_listed_and_blocked() {
    let app = TestApp::start().await;
    let path = format!("/{SECRET}/AR/V1/av");
    // A repeated announcement adds no file.
    for _ in 0..2 {
        let call = file("elsewhere", "8c1f0be2a974").to_string();
        assert_eq!(post(&app, &path, call).await.0, 200);
    }
    let view = eventually("the file to be blocked", || async {
        let view = newest(&app.service).await?;
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
    let path = format!("/files/{}", view.files[0].id);
    let (status, text) = page_of(&app, &path, &cookie).await;
    assert_eq!(status, 403);
    assert!(text.contains("192.0.2.1 is not an allowed host"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn status_callbacks_show_a_room_and_its_participants() {
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
    let shown = || view(&app.service, "quiet room");
    let room = eventually("two people", || async {
        let view = shown().await;
        matches!(view.presence, Presence::Live { people: 2, .. }).then_some(view)
    })
    .await;
    assert!(
        room.participants
            .iter()
            .any(|person| person.who.as_str() == "u2" && person.shares_screen)
    );
    // A single event without a list is accepted.
    let ended = event("1", "End", "", "1521608900");
    assert_eq!(post(&app, &path, ended.to_string()).await.0, 200);
    eventually("the end", || async {
        (shown().await.presence == Presence::Empty).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absurd_number_is_unknown_and_breaks_no_page() {
    let app = TestApp::without_callbacks().await;
    let path = format!("/{SECRET}/AR/V1/av");
    for (name, size, duration) in [
        ("huge", i64::MAX, 3_i64),
        ("nothing", 0, 3),
        ("long", 12, 9_000_000_000_000_000),
        ("longer", 12, 9_000_000_000_000_000),
    ] {
        let mut body = file("a", name);
        body["fileSize"] = json!(size);
        body["duration"] = json!(duration);
        body["endTime"] = json!("");
        assert_eq!(post(&app, &path, body.to_string()).await.0, 200);
    }
    let view = eventually("the files", async || {
        let view = newest(&app.service).await?;
        (view.files.len() == 4).then_some(view)
    })
    .await;
    let known = |name: &str| {
        let file = view.files.iter().find(|file| file.name == name).unwrap();
        (file.size, file.length)
    };
    assert_eq!(known("huge"), (None, Some(3000)));
    assert_eq!(known("nothing"), (None, Some(3000)));
    assert_eq!(known("long"), (Some(12), None));
    assert_eq!(known("longer"), (Some(12), None));
    assert_eq!((view.row.bytes, view.row.length), (24, Some(6000)));

    let cookie = app.cookie().await;
    let id = view.row.id;
    for path in [
        "/recordings".to_owned(),
        "/trash".to_owned(),
        "/rooms/a".to_owned(),
        format!("/recordings/{id}"),
        format!("/recordings/export?form=csv&id={id}"),
    ] {
        assert_eq!(page_of(&app, &path, &cookie).await.0, 200, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_nobody_told_is_not_shown() {
    let app = TestApp::without_callbacks().await;
    let mut body = file("a", "open");
    body["duration"] = json!(-5);
    body["endTime"] = json!("");
    let path = format!("/{SECRET}/AR/V1/av");
    assert_eq!(post(&app, &path, body.to_string()).await.0, 200);
    let view = eventually("the file", || newest(&app.service)).await;
    assert_eq!(view.row.stopped_at, None);
    let html = page(&app, &format!("/recordings/{}", view.row.id)).await;
    assert!(html.contains("21 March 2018, from "), "{html}");
}
