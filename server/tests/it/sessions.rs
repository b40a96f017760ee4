//! Sessions: nothing is served without one.

use std::{
    io,
    sync::{Arc, Mutex},
};

use crate::common::{ADMIN, ARGUMENTS, ID, TestApp, TestClock, actions::page_of, start_form};
use reelroom::TrustedProxies;
use reelroom_domain::user::Role;
use reelroom_service::CallbackAuth;
use reelroom_store::users;
use reqwest::{Response, header};

/// The addresses that are open to anybody: the sign-in page, and the server functions that work before sign-in.
const OPEN_FUNCTIONS: [&str; 7] = [
    "/fn/use_link",
    "/fn/set_up",
    "/fn/sign_in",
    "/fn/sign_in_code",
    "/fn/sign_out",
    "/fn/set_language",
    "/fn/set_theme",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_page_redirects_to_the_sign_in() {
    let app = TestApp::start().await;
    for path in reelroom::page_paths() {
        let path = path.replace("{room}", "board-weekly").replace("{id}", ID);
        let answer = app.get(&path).send().await.unwrap();
        let is_open = match path.as_str() {
            "/login" => Some(200),
            "/once/{token}" => Some(404),
            _ => None,
        };
        if let Some(status) = is_open {
            assert_eq!(answer.status(), status, "{path}");
            continue;
        }
        assert_eq!(answer.status(), 303, "{path}");
        let to = answer.headers()["location"].to_str().unwrap();
        assert!(to.starts_with("/login"), "{path}: {to}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sign_in_page_says_that_a_session_ended_but_not_on_a_first_visit() {
    let app = TestApp::start().await;
    let forged = format!("reelroom_session={}", "0".repeat(64));
    let [page, login] = ["/recordings?q=a", "/login?next=%2F"].map(|path| app.base.clone() + path);
    for (name, value, has_ended) in [
        ("accept", "text/html", false),
        ("cookie", forged.as_str(), true),
        ("cookie", "reelroom_session=odd", false),
        ("referer", page.as_str(), true),
        ("referer", login.as_str(), false),
        ("referer", "https://evil.example/recordings", false),
    ] {
        let first = app.get("/rooms/hall").header(name, value).send();
        let first = first.await.unwrap();
        let to = first.headers()["location"].to_str().unwrap();
        let next = to.strip_prefix("/login?next=%2Frooms%2Fhall").unwrap();
        assert_eq!(next, if has_ended { "&ended=yes" } else { "" }, "{value}");
        let html = app.get(to).send().await.unwrap().text().await.unwrap();
        let says = html.contains("Your session ended") && html.contains("Sign in to go on.");
        assert_eq!(says, has_ended, "{value}");
    }
    // Nor after a sign-out.
    let cookie = app.cookie().await;
    let request = app.plain("sign_out", &cookie).header("referer", page);
    let request = request.form(&[("next", "/")]);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["location"], "/login");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_server_function_needs_a_session() {
    let app = TestApp::start().await;
    let functions: Vec<(String, http::Method)> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, method)| (path.to_owned(), method))
        .collect();
    assert!(functions.len() >= 12, "{functions:?}");
    for name in OPEN_FUNCTIONS {
        assert!(
            functions.iter().any(|(path, _)| path == name),
            "{name} is not there any more"
        );
    }
    for (path, method) in functions {
        if OPEN_FUNCTIONS.contains(&path.as_str()) {
            continue;
        }
        let url = format!("{}{path}", app.base);
        let request = app
            .client
            .request(method, url)
            .header("accept", "application/json");
        let answer = request.form(ARGUMENTS).send().await.unwrap();
        assert_eq!(answer.status(), 401, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_and_files_need_a_session() {
    let app = TestApp::start().await;
    let forged = format!("reelroom_session={}", "0".repeat(64));
    for path in [
        "/events",
        &format!("/files/{ID}"),
        &format!("/files/{ID}/poster.jpg"),
        &format!("/recordings/{ID}/zip"),
        &format!("/recordings/zip?id={ID}"),
        &format!("/recordings/{ID}/files.txt"),
        &format!("/recordings/files.txt?id={ID}"),
        "/settings/history/export?form=csv",
        "/settings/people/export",
    ] {
        assert_eq!(app.get(path).send().await.unwrap().status(), 401, "{path}");
        assert_eq!(page_of(&app, path, &forged).await.0, 401, "{path}");
    }
    let cookie = app.cookie().await;
    let file = format!("/files/{ID}");
    assert_eq!(page_of(&app, &file, &cookie).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_cannot_start_or_change_anything() {
    let app = TestApp::start().await;
    let cookie = app.viewer_cookie().await;
    for (name, form) in [
        ("start_recording", &start_form("a")[..]),
        ("add_room", &[("room", "a")]),
        ("label_room", &[("room", "a"), ("starred", "yes")]),
        ("mark_always", &[("room", "a"), ("always", "yes")]),
        ("start_now", &[("room", "a")]),
        ("dismiss_alert", &[("room", "a"), ("alert", "too_long")]),
        ("set_patience", &[("late", "1"), ("due", "2")]),
        ("replay_call", &[("id", "1")]),
        ("replay_all", &[]),
        ("assign_call", &[("id", "1"), ("recording", ID)]),
        ("deal_with_call", &[("id", "1"), ("dealt", "yes")]),
        ("send_test_callback", &[("local", "yes")]),
        (
            "save_preset",
            &[("room", "a"), ("rule", "a_{date}_x"), ("preset_name", "x")],
        ),
        ("rename_preset", &[("room", "a"), ("preset", ID)]),
        ("delete_preset", &[("room", "a"), ("preset", ID)]),
        (
            "move_preset",
            &[
                ("room", "a"),
                ("preset", ID),
                ("past", "up 0192f00d0192f00d0192f00d0192f00d"),
            ],
        ),
        (
            "default_preset",
            &[("room", "a"), ("preset", ID), ("begin", "all")],
        ),
        ("fill_in", &[("room", "a"), ("with", "last"), ("rule", "x")]),
        ("save_app", ARGUMENTS),
        ("test_app", ARGUMENTS),
        ("remove_app", &[("id", ID)]),
        ("allow_host", &[("id", ID)]),
        ("set_sign_in_rules", ARGUMENTS),
        ("set_keeping", ARGUMENTS),
        ("test_storage", &[]),
        ("add_person", &[("name", "eve"), ("role", "admin")]),
        ("change_person", &[("id", ID), ("role", "admin")]),
        ("disable_person", &[("id", ID), ("disabled", "yes")]),
        ("end_sessions_of", &[("id", ID)]),
        ("make_link", &[("id", ID)]),
        ("reset_second_factor", &[("id", ID)]),
        (
            "add_grant",
            &[("of", "user"), ("id", ID), ("kind", "everything")],
        ),
        (
            "remove_grant",
            &[("of", "user"), ("id", ID), ("kind", "everything")],
        ),
        ("add_group", &[("name", "x")]),
        ("rename_group", &[("id", ID), ("name", "x")]),
        ("delete_group", &[("id", ID)]),
        ("add_member", &[("id", ID), ("name", "x")]),
        ("remove_member", &[("id", ID), ("user", ID)]),
    ] {
        let (status, body) = app.call(name, &cookie, form).await;
        assert_eq!(status, 403, "{name}: {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_at_sign_out_and_at_a_new_password() {
    let app = TestApp::start().await;
    let open = |cookie: String| {
        let request = app.get("/settings").header("cookie", cookie);
        async move { request.send().await.unwrap().status() == 200 }
    };
    let cookie = app.cookie().await;
    assert!(open(cookie.clone()).await);
    app.call("sign_out", &cookie, &[]).await;
    assert!(!open(cookie).await);

    let cookie = app.cookie().await;
    app.service
        .set_password("admin", "another horse")
        .await
        .unwrap();
    assert!(!open(cookie).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_open_all_day_does_not_extend_its_session() {
    const HOUR: i64 = 60 * 60_000;
    let clock = TestClock::default();
    let app = TestApp::start_with_clock(&clock).await;
    let cookie = app.cookie().await;
    let statuses = async || {
        let events = app.get("/events").header("cookie", &cookie).send();
        let page = app.get("/settings").header("cookie", &cookie);
        let refresh = page.header("shown-app", "").send();
        [
            events.await.unwrap().status().as_u16(),
            refresh.await.unwrap().status().as_u16(),
        ]
    };
    for hour in 0..12 {
        clock.set_ahead(hour * HOUR);
        assert_eq!(statuses().await, [200, 200], "{hour}");
    }
    clock.set_ahead(12 * HOUR);
    assert_eq!(statuses().await, [401, 303]);

    let cookie = app.cookie().await;
    for hour in 12..36 {
        clock.set_ahead(hour * HOUR);
        assert!(opens(&app, &[cookie.as_bytes()]).await, "{hour}");
    }
}

/// Posts a sign-in with these cookies, through a proxy for `address`.
async fn sign_in(app: &TestApp, cookies: &[&str], address: &str, form: [&str; 2]) -> Response {
    let [name, password] = form;
    let mut request = app
        .post("/fn/sign_in")
        .header("accept", "application/json")
        .header("x-forwarded-for", address)
        .form(&[("name", name), ("password", password), ("next", "/")]);
    for cookie in cookies {
        request = request.header("cookie", *cookie);
    }
    request.send().await.unwrap()
}

const RIGHT: [&str; 2] = [ADMIN.0, ADMIN.1];
const WRONG: [&str; 2] = [ADMIN.0, "wrong horse"];

/// The `Set-Cookie` values of an answer.
fn set_cookies(answer: &Response) -> Vec<String> {
    let values = answer.headers().get_all(header::SET_COOKIE).iter();
    values
        .map(|value| value.to_str().unwrap().to_owned())
        .collect()
}

/// Signs in, and returns the cookies of the session and the device.
async fn signed_in(app: &TestApp, cookies: &[&str], address: &str) -> [String; 2] {
    let answer = sign_in(app, cookies, address, RIGHT).await;
    let cookies = set_cookies(&answer).into_iter();
    let pairs: Vec<String> = cookies
        .map(|cookie| cookie.split(';').next().unwrap().to_owned())
        .filter(|cookie| cookie.contains("reelroom_"))
        .collect();
    pairs.try_into().unwrap()
}

async fn opens(app: &TestApp, cookies: &[&[u8]]) -> bool {
    let mut request = app.get("/settings");
    for cookie in cookies {
        request = request.header("cookie", *cookie);
    }
    request.send().await.unwrap().status() == 200
}

async fn behind_a_proxy() -> TestApp {
    let proxies = TrustedProxies(Arc::new(["127.0.0.0/8".parse().unwrap()]));
    TestApp::start_with_auth(CallbackAuth::Secret, proxies).await
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_ends_the_browsers_former_session() {
    let app = TestApp::start().await;
    let [former, device] = signed_in(&app, &[], "").await;
    let [other, _] = signed_in(&app, &[], "").await;
    let [next, same] = signed_in(&app, &[&former, &device], "").await;
    assert_eq!(same, device);
    assert!(!opens(&app, &[former.as_bytes()]).await);
    assert!(opens(&app, &[other.as_bytes()]).await);
    assert!(opens(&app, &[next.as_bytes()]).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_found_beside_a_broken_cookie() {
    let app = TestApp::start().await;
    let [session, _] = signed_in(&app, &[], "").await;
    let session = session.as_bytes();
    for first in [
        &b"reelroom_session=broken"[..],
        b"reelroom_session=",
        b"reelroom_session",
        b"theme=\xff\xfe",
        "name=客服".as_bytes(),
    ] {
        let in_one = [first, b"; ", session].concat();
        assert!(opens(&app, &[&in_one]).await, "{first:?}");
        assert!(opens(&app, &[first, session]).await, "{first:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_are_bound_to_the_host_with_https() {
    for (public_url, prefix, secure) in [
        ("http://rec.example", "", false),
        ("https://rec.example", "__Host-", true),
    ] {
        let app = TestApp::with_public_url(public_url.parse().unwrap()).await;
        let answer = sign_in(&app, &[], "", RIGHT).await;
        let mut cookies = set_cookies(&answer);
        // The choices of people are no secret.
        cookies.retain(|cookie| cookie.contains("reelroom_"));
        for (cookie, name) in cookies.iter().zip(["session", "device"]) {
            assert!(
                cookie.starts_with(&format!("{prefix}reelroom_{name}=")),
                "{cookie}"
            );
            let attributes = "; Path=/; HttpOnly; SameSite=Lax; Max-Age=";
            assert!(cookie.contains(attributes), "{cookie}");
            assert!(!cookie.to_lowercase().contains("domain"), "{cookie}");
            assert_eq!(cookie.contains("; Secure"), secure, "{cookie}");
        }
        assert_eq!(cookies.len(), 2);
        let session = cookies[0].split(';').next().unwrap();
        assert!(opens(&app, &[session.as_bytes()]).await);
        let bare = session.trim_start_matches("__Host-");
        assert_eq!(opens(&app, &[bare.as_bytes()]).await, !secure);
        let form: [(&str, &str); 0] = [];
        let answer = app.post("/fn/sign_out").header("cookie", session);
        let answer = answer.form(&form).send().await.unwrap();
        let cleared = &set_cookies(&answer)[0];
        assert!(cleared.starts_with(&format!("{prefix}reelroom_session=; Path=/;")));
        assert!(!opens(&app, &[session.as_bytes()]).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_sign_ins_have_one_answer_whether_the_account_exists_or_not() {
    let app = behind_a_proxy().await;
    let added = app.service.add_user("gone", ADMIN.1, Role::Viewer).await;
    let store = app.store().await;
    let mut tx = store.write().await.unwrap();
    let now = app.service.now();
    users::set_disabled(&mut tx, added.unwrap(), Some(now))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut answers = Vec::new();
    for (address, name) in [
        ("192.0.2.1", ADMIN.0),
        ("192.0.2.2", "nobody"),
        ("192.0.2.3", "gone"),
    ] {
        let answer = sign_in(&app, &[], address, [name, WRONG[1]]).await;
        assert_eq!(set_cookies(&answer), [""; 0], "{name}");
        answers.push((answer.status().as_u16(), answer.text().await.unwrap()));
    }
    let wrong = (401, "\"WrongSignIn\"".to_owned());
    assert_eq!(answers, [wrong.clone(), wrong.clone(), wrong]);
    let refused = sign_in(&app, &[], "192.0.2.3", ["gone", ADMIN.1]).await;
    assert_eq!(refused.status(), 403);
    assert_eq!(refused.text().await.unwrap(), "\"AccountDisabled\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn throttling_spares_other_addresses_and_known_devices() {
    let app = behind_a_proxy().await;
    let [_, device] = signed_in(&app, &[], "192.0.2.1").await;
    for _ in 0..8 {
        let wrong = sign_in(&app, &[], "192.0.2.1", WRONG).await;
        assert_eq!(wrong.status(), 401);
    }
    let refused = sign_in(&app, &[], "192.0.2.1", RIGHT).await;
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["retry-after"], "300");
    assert_eq!(refused.text().await.unwrap(), "\"TooManyTries\"");
    assert_eq!(
        sign_in(&app, &[&device], "192.0.2.1", RIGHT).await.status(),
        200
    );
    assert_eq!(sign_in(&app, &[], "192.0.2.2", RIGHT).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_wrong_codes_are_throttled() {
    let app = TestApp::with_config(|config| config.admin = None).await;
    let code = app.service.set_up_code().await.unwrap().unwrap();
    let form = |code: &'static str| [("code", code), ("name", "ada"), ("password", ADMIN.1)];
    for _ in 0..8 {
        let (status, body) = app.call("set_up", "", &form("wrong")).await;
        assert_eq!(status, 422, "{body}");
        assert!(body.contains("wrong_code"), "{body}");
        let wrong = sign_in(&app, &[], "", ["\0set-up", ADMIN.1]).await;
        assert_eq!(wrong.status(), 401);
    }
    let form = [("code", &*code), ("name", "ada"), ("password", ADMIN.1)];
    let (status, body) = app.call("set_up", "", &form).await;
    assert_eq!((status.as_u16(), &*body), (429, "\"TooManyTries\""));
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Runs on one thread, so that every log line is captured.
#[tokio::test]
async fn a_wrong_sign_in_logs_only_existing_names() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _caught = tracing::subscriber::set_default(subscriber);
    let app = TestApp::start().await;
    for (name, status) in [
        ("a password typed as a name", 401),
        (&*"n".repeat(1_900_000), 401),
        ("ADMIN", 401),
    ] {
        let wrong = sign_in(&app, &[], "", [name, "wrong horse"]).await;
        assert_eq!(wrong.status(), status);
    }
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let wrong: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("wrong sign-in"))
        .collect();
    assert_eq!(wrong.len(), 2, "{log}");
    assert!(wrong[0].ends_with("wrong sign-in: no such account address=127.0.0.1"));
    assert!(wrong[1].ends_with("wrong sign-in name=\"admin\" address=127.0.0.1"));
    assert!(!log.contains("typed as") && !log.contains("nnnn"));
}
