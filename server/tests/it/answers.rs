//! Responses of every route: redirects, statuses, caching, compression, and what a page takes from
//! its address.

use std::io::Read;

use crate::common::{
    ADMIN, ARGUMENTS, ID, SECRET, TestApp,
    actions::{header, page_of, send},
    start_form,
};
use flate2::read::GzDecoder;
use leptos::server_fn::error::{ServerFnErrorErr, ServerFnUrlError};
use reelroom_app::error::ApiError;
use reelroom_domain::cause::Cause;
use reqwest::{RequestBuilder, Response};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The server functions without arguments, which no form can get wrong.
const WITHOUT_ARGUMENTS: [&str; 3] = ["/fn/my_sessions", "/fn/sign_out", "/fn/test_storage"];

/// Those with arguments that may all be left out.
const WITHOUT_NEEDS: [&str; 4] = [
    "/fn/dry_run",
    "/fn/replay_all",
    "/fn/save_view",
    "/fn/send_test_callback",
];

/// Every server function, the one that ends the session last.
pub fn functions() -> Vec<&'static str> {
    let mut paths: Vec<_> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path)
        .collect();
    paths.sort_by_key(|path| (*path == "/fn/sign_out", *path));
    assert!(paths.len() >= 30, "{paths:?}");
    paths
}

/// Every page, with the parameters of its path filled in.
pub fn pages() -> Vec<String> {
    reelroom::page_paths()
        .map(|path| path.replace("{room}", "hall").replace("{id}", ID))
        .map(|path| path.replace("{number}", "C-2026-0001"))
        .collect()
}

fn form(app: &TestApp, path: &str, body: impl Into<reqwest::Body>) -> RequestBuilder {
    let request = app.post(path).body(body.into());
    request.header("content-type", "application/x-www-form-urlencoded")
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

/// The decompressed body, and whether it was compressed.
async fn body(answer: Response) -> (String, bool) {
    let compressed = header(&answer, "content-encoding") == "gzip";
    let bytes = answer.bytes().await.unwrap();
    let mut text = String::new();
    if compressed {
        GzDecoder::new(&*bytes).read_to_string(&mut text).unwrap();
    } else {
        text = String::from_utf8_lossy(&bytes).into_owned();
    }
    (text, compressed)
}

const FOREIGN: [&str; 12] = [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/%5cevil.example",
    "/.//evil.example",
    "/x/..//evil.example",
    "/x/%2e%2e//evil.example",
    "/\t/evil.example",
    "/\u{1}",
    "/a\r\nset-cookie: a=b",
    "/login",
    "/客服",
];

#[tokio::test(flavor = "multi_thread")]
async fn no_form_redirects_to_another_site_or_panics() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let sandbox = app.service.app_ids().await.unwrap()[0].to_string();
    for next in FOREIGN {
        for accept in ["text/html", "application/json"] {
            let fields = [("name", ADMIN.0), ("password", ADMIN.1), ("next", next)];
            let request = app.post("/fn/sign_in").header("accept", accept);
            let answer = send(request.form(&fields)).await;
            let status = if accept == "text/html" { 303 } else { 200 };
            assert_eq!(answer.status(), status, "{next:?}");
            assert_eq!(header(&answer, "location"), "/", "{next:?}");
            assert!(
                header(&answer, "set-cookie").contains("session"),
                "{next:?}"
            );
        }
        let ours = |path: &str| app.post(path).header("cookie", &cookie);
        let plain = |path: &str| ours(path).header("accept", "text/html");
        let fields = [("app", sandbox.as_str()), ("next", next)];
        let answer = send(plain("/fn/choose_app").form(&fields)).await;
        assert_eq!(header(&answer, "location"), format!("/?app={sandbox}"));
        let fields = [("language", "en"), ("next", next)];
        let answer = send(plain("/fn/set_language").form(&fields)).await;
        // The page of sign-in has a choice of the language, too.
        let to = if next == "/login" { next } else { "/" };
        assert_eq!(header(&answer, "location"), to, "{next:?}");
        let answer = send(plain("/fn/replay_all").form(&[("back", next)])).await;
        assert_eq!(
            header(&answer, "location"),
            "/callbacks?replayed=all",
            "{next:?}"
        );
        // Text with control characters is no header value.
        if let Ok(referer) = http::HeaderValue::from_str(next) {
            let request = plain("/fn/set_theme").header("referer", referer);
            let answer = send(request.form(&[("theme", "dark")])).await;
            assert_eq!(header(&answer, "location"), "/", "{next:?}");
        }
    }
    let fields = [
        ("name", ADMIN.0),
        ("password", ADMIN.1),
        ("next", "/rooms/客 服?q=a b"),
    ];
    let answer = send(app.post("/fn/sign_in").form(&fields)).await;
    let there = "/rooms/%E5%AE%A2%20%E6%9C%8D?q=a%20b";
    assert_eq!(header(&answer, "location"), there);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_gets_no_redirect_to_the_sign_in_page() {
    let app = TestApp::without_callbacks().await;
    for path in [
        "/api/v1",
        "/api/v1/",
        "/api/v1/openapi.json",
        "/api/v1/rooms?x=y",
    ] {
        for request in [app.get(path), app.post(path)] {
            for cookie in [String::new(), app.cookie().await] {
                let request = request.try_clone().unwrap();
                let answer = send(request.header("cookie", cookie)).await;
                assert_eq!(answer.status(), 404, "{path}");
                assert_eq!(header(&answer, "content-type"), "application/json");
                let error = answer.json::<serde_json::Value>().await.unwrap();
                assert_eq!(error["error"], "not_found", "{path}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_form_redirects_back_to_its_page() {
    let app = TestApp::start().await;
    let viewer = app.viewer_cookie().await;
    let plain = |path: &str| {
        let request = app.post(path).header("cookie", &viewer);
        let referer = format!("{}/rooms/hall?failed=sign_in&why=no_app&app=", app.base);
        let request = request.header("referer", referer);
        request.header("accept", "text/html,application/xhtml+xml")
    };
    let answer = send(plain("/fn/set_theme").form(&[("theme", "dark")])).await;
    assert_eq!(answer.status(), 303);
    assert_eq!(header(&answer, "location"), "/rooms/hall?app=");
    assert!(header(&answer, "set-cookie").contains("theme=dark"));

    let answer = send(plain("/fn/replay_all").form(&[("back", "")])).await;
    assert_eq!(answer.status(), 303);
    let back = "/callbacks?failed=replay_all&why=forbidden";
    assert_eq!(header(&answer, "location"), back);
    // Without a session the form leads to the sign-in page, and from there back.
    let request = app.post("/fn/replay_all").header("accept", "text/html");
    let referer = format!("{}/callbacks?show=all", app.base);
    let answer = send(request.header("referer", referer).form(&[("back", "")])).await;
    let login = "/login?next=%2Fcallbacks%3Fshow%3Dall&ended=yes";
    assert_eq!(header(&answer, "location"), login);
}

#[tokio::test(flavor = "multi_thread")]
async fn text_of_an_address_is_not_shown_in_alerts() {
    const WORDS: &str = "Call 555 to unlock";
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let words = || WORDS.to_owned();
    let errors = [
        ApiError::Refused {
            words: Some(words()),
        },
        ApiError::NotSent {
            cause: Some(Cause::Words(words())),
        },
        ApiError::RoomTaken {
            by: Some(words()),
            since: Some(app.service.now()),
        },
        ApiError::invalid(WORDS, WORDS),
        ApiError::Wire(ServerFnErrorErr::ServerError(words())),
    ];
    let codes = ["refused", "not_sent", "room_taken", "invalid", ""];
    for (page, names) in [
        ("/login", &["sign_in", "set_up"][..]),
        ("/", &["add_room"]),
        (
            "/rooms/hall",
            &[
                "start_recording",
                "label_room",
                "start_now",
                "save_preset",
                "fill_in",
            ],
        ),
        ("/callbacks", &["replay_call", "send_test_callback"]),
        (
            "/settings",
            &["save_app", "test_app", "remove_app", "set_patience"],
        ),
        ("/settings/sign-in", &["set_sign_in_rules"]),
        ("/settings/storage", &["test_storage", "set_keeping"]),
        (
            "/settings/retention",
            &[
                "move_rule",
                "switch_rule",
                "remove_rule",
                "dry_run",
                "switch_retention",
                "set_retention_time",
            ],
        ),
        ("/settings/deleting", &["set_keep_settings"]),
        ("/cases?new=yes", &["open_case"]),
    ] {
        for name in names {
            for (code, error) in codes.iter().zip(&errors) {
                let path = format!("/fn/{name}");
                assert!(functions().contains(&path.as_str()), "{path}");
                // The query of our own forms, and the one that Leptos reads from any address.
                let theirs = ServerFnUrlError::new(path, error.clone());
                let theirs = theirs.to_url("http://here").unwrap();
                let why = format!("{code} {WORDS}");
                let ours = encoded(&[("failed", name), ("why", &why)]);
                for query in [theirs.query().unwrap(), &ours] {
                    let mark = if page.contains('?') { '&' } else { '?' };
                    let path = format!("{page}{mark}{query}");
                    let (status, text) = page_of(&app, &path, &cookie).await;
                    assert_eq!(status, 200, "{path}");
                    assert!(!text.contains(WORDS), "{path}");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_javascript_shows_the_error_of_its_address() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    app.call("add_room", &cookie, &[("room", "hall")]).await;
    for (path, text) in [
        (
            "/login?failed=sign_in&why=wrong_sign_in",
            "User id and password do not match",
        ),
        (
            "/login?failed=sign_in&why=name_closed",
            "Sign in from a browser you have used before",
        ),
        (
            "/login?failed=sign_in_code&why=codes_closed",
            "Too many wrong codes",
        ),
        (
            "/login?failed=sign_in&why=account_disabled",
            "This account is disabled",
        ),
        (
            "/rooms/hall?failed=label_room&why=invalid%20title.not_a_title",
            "aria-invalid",
        ),
        (
            "/callbacks?failed=replay_call&why=not_found",
            "There is nothing at this address",
        ),
    ] {
        let (_, page) = page_of(&app, path, &cookie).await;
        assert!(page.contains(text), "{path}: {page}");
    }
    // The platform's reason comes from the room, not from the address.
    app.set_faults(serde_json::json!({"start": "refuse"})).await;
    let request = app.plain("start_recording", &cookie);
    let answer = send(request.form(&start_form("hall"))).await;
    let back = header(&answer, "location").to_owned();
    assert_eq!(back, "/rooms/hall?failed=start_recording&why=refused");
    let (_, page) = page_of(&app, &back, &cookie).await;
    assert!(page.contains("anyRTC refused the start."), "{page}");
}

/// Sends only the head of a form with this content length. Returns the start of the response.
async fn send_head(app: &TestApp, path: &str, accept: &str, length: usize) -> String {
    let address = app.base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\naccept: {accept}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 512];
    let read = stream.read(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_server_function_rejects_malformed_calls() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let double: Vec<_> = ARGUMENTS.iter().chain(ARGUMENTS).copied().collect();
    let not_text: String = ARGUMENTS
        .iter()
        .flat_map(|(name, _)| [*name, "=%FF&"])
        .collect();
    let not_text = not_text.trim_end_matches('&').to_owned();
    for path in functions() {
        for accept in ["application/json", "text/html"] {
            let status = async |request: RequestBuilder| {
                let request = request.header("cookie", &cookie).header("accept", accept);
                send(request).await.status().as_u16()
            };
            let large = send_head(&app, path, accept, 3 << 20).await;
            assert!(large.starts_with("HTTP/1.1 413 "), "{path}: {large}");
            for kind in [
                "text/plain",
                "multipart/form-data; boundary=x",
                "application/json",
            ] {
                let other = app.post(path).header("content-type", kind).body("room=a");
                assert_eq!(status(other).await, 415, "{path} {kind}");
            }
            assert_eq!(status(app.post(path)).await, 415, "{path} of no kind");
            assert_eq!(status(app.get(path)).await, 405, "{path}");
            // The rest would end the session.
            if path == "/fn/sign_out" {
                continue;
            }
            let has_arguments = !WITHOUT_ARGUMENTS.contains(&path);
            let has_needs = has_arguments && !WITHOUT_NEEDS.contains(&path);
            for (what, body, is_wrong) in [
                ("nothing", Vec::new(), has_needs),
                ("raw bytes", b"room=\xff\xfe".to_vec(), true),
                ("no text", not_text.clone().into_bytes(), has_arguments),
                ("double", encoded(&double).into_bytes(), has_arguments),
                ("all", encoded(ARGUMENTS).into_bytes(), false),
            ] {
                let status = status(form(&app, path, body)).await;
                assert!(status < 500, "{path} {what}: {status}");
                if is_wrong {
                    assert_eq!(status, 400, "{path} {what}");
                }
            }
        }
    }
    for accept in ["application/json", "text/html"] {
        for cookie in ["", cookie.as_str()] {
            let request = form(&app, "/fn/nothing", "a=b").header("accept", accept);
            let answer = send(request.header("cookie", cookie)).await;
            assert_eq!(answer.status(), 404);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_that_holds_the_secret_is_compressed() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let compressed = |request: RequestBuilder| {
        let request = request.header("cookie", &cookie);
        async { body(send(request.header("accept-encoding", "gzip")).await).await }
    };
    let mut with_secret = Vec::new();
    let mut any_compressed = false;
    let gets = pages()
        .into_iter()
        .map(|path| (path.clone(), app.get(&path)));
    let posts = functions()
        .into_iter()
        .filter(|path| *path != "/fn/sign_out");
    let posts = posts.map(|path| (path.to_owned(), form(&app, path, encoded(ARGUMENTS))));
    let revealed = (
        "POST /callbacks".to_owned(),
        app.post("/callbacks?show=all"),
    );
    let linked = ("?reveal=1".to_owned(), app.get("/callbacks?reveal=1"));
    for (name, request) in gets.chain(posts).chain([revealed, linked]) {
        let (text, is_compressed) = compressed(request).await;
        any_compressed |= is_compressed;
        if text.contains(SECRET) {
            assert!(!is_compressed, "{name}");
            with_secret.push(name);
        }
    }
    assert!(any_compressed, "nothing is compressed at all");
    // To an administrator who asks by a form, not by a link.
    assert_eq!(with_secret, ["POST /callbacks"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_our_form_reveals_the_secret_and_only_to_administrators() {
    let app = TestApp::start().await;
    let viewer = app.viewer_cookie().await;
    let post = |cookie: &str| app.post("/callbacks").header("cookie", cookie.to_owned());
    let answer = send(post(&app.cookie().await)).await;
    let kept = header(&answer, "cache-control").to_owned();
    assert_eq!(kept, "no-store, no-transform");
    assert!(answer.text().await.unwrap().contains(SECRET));
    let denied = send(post(&viewer)).await.text().await.unwrap();
    assert!(!denied.contains(SECRET));
    assert_eq!(send(post("")).await.status(), 404);
    let foreign = post(&app.cookie().await).header("sec-fetch-site", "cross-site");
    assert_eq!(send(foreign).await.status(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session_whichever_cookie_header_holds_it() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let request = form(&app, "/fn/sign_out", "");
    let request = request
        .header("cookie", "theme=dark")
        .header("cookie", &cookie);
    assert_eq!(send(request).await.status(), 200);
    assert_eq!(page_of(&app, "/settings", &cookie).await.0, 303);
}
