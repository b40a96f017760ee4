//! Nobody gets anywhere without a session.

mod common;

use common::TestApp;

const ID: &str = "0192f00d0192f00d0192f00d0192f00d";

/// A form of an app.
const APP: &[(&str, &str)] = &[
    ("id", ID),
    ("name", "x"),
    ("app_id", "x"),
    ("api_base", "http://127.0.0.1"),
    ("method", "get"),
    ("encoding", "json"),
    ("reply_form", "string"),
    ("zone", "UTC"),
    ("allowed_hosts", ""),
];

/// What is anybody's: the sign-in page, and the server functions that work before sign-in.
const OPEN_FUNCTIONS: [&str; 6] = [
    "/fn/needs_set_up",
    "/fn/set_up",
    "/fn/sign_in",
    "/fn/sign_out",
    "/fn/set_language",
    "/fn/set_theme",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_page_leads_to_the_sign_in() {
    let app = TestApp::start().await;
    let routes = leptos_axum::generate_route_list(reelroom_app::App);
    assert!(routes.len() >= 6, "{}", routes.len());
    for route in routes {
        let path = route
            .path()
            .replace("{room}", "board-weekly")
            .replace("{id}", ID);
        let answer = app.get(&path).send().await.unwrap();
        if path == "/login" {
            assert_eq!(answer.status(), 200);
            continue;
        }
        assert_eq!(answer.status(), 303, "{path}");
        let to = answer.headers()["location"].to_str().unwrap();
        assert!(to.starts_with("/login"), "{path}: {to}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_server_function_refuses() {
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
    // Every argument of every function, so that none is refused for want of one.
    let arguments = [
        ("id", ID),
        ("room", "board-weekly"),
        ("rule", "a_{date}_{random}"),
        ("path", ""),
        ("user_data", ""),
        ("kind", "Meet"),
        ("show", "all"),
        ("search", ""),
        ("before", ""),
        ("name", "x"),
        ("app_id", "x"),
        ("api_base", "http://127.0.0.1"),
        ("method", "get"),
        ("encoding", "json"),
        ("reply_form", "string"),
        ("zone", "UTC"),
        ("allowed_hosts", ""),
        ("alert", "too_long"),
        ("late", "20"),
        ("due", "60"),
        ("preset", ID),
        ("past", "up 0"),
        ("begin", "room"),
        ("with", "last"),
        ("app", ID),
    ];
    for (path, method) in functions {
        if OPEN_FUNCTIONS.contains(&path.as_str()) {
            continue;
        }
        let url = format!("{}{path}", app.base);
        let request = app
            .client
            .request(method, url)
            .header("accept", "application/json");
        let answer = request.form(&arguments).send().await.unwrap();
        assert_eq!(answer.status(), 401, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_and_files_refuse() {
    let app = TestApp::start().await;
    let forged = format!("reelroom_session={}", "0".repeat(64));
    for path in ["/events", &format!("/files/{ID}")] {
        assert_eq!(app.get(path).send().await.unwrap().status(), 401, "{path}");
        let answer = app
            .get(path)
            .header("cookie", &forged)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 401, "{path}");
    }
    let cookie = app.cookie().await;
    let answer = app
        .get(&format!("/files/{ID}"))
        .header("cookie", &cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_starts_and_changes_nothing() {
    let app = TestApp::start().await;
    let cookie = app.viewer().await;
    for (name, form) in [
        (
            "start_recording",
            &[
                ("room", "a"),
                ("rule", "a_{date}_{random}"),
                ("path", ""),
                ("user_data", ""),
                ("kind", "Meet"),
            ][..],
        ),
        ("stop_recording", &[("id", ID)]),
        ("give_up_recording", &[("id", ID)]),
        ("say_stopped", &[("id", ID)]),
        ("add_room", &[("room", "a")]),
        ("label_room", &[("room", "a"), ("starred", "yes")]),
        ("mark_always", &[("room", "a"), ("always", "yes")]),
        ("start_now", &[("room", "a")]),
        ("dismiss_alert", &[("room", "a"), ("alert", "too_long")]),
        ("set_patience", &[("late", "1"), ("due", "2")]),
        ("replay_call", &[("id", ID)]),
        ("replay_all", &[]),
        ("assign_call", &[("id", ID), ("recording", ID)]),
        ("deal_with_call", &[("id", ID), ("dealt", "yes")]),
        ("send_test_callback", &[("local", "yes")]),
        (
            "save_preset",
            &[("room", "a"), ("rule", "a_{date}_x"), ("preset_name", "x")],
        ),
        ("rename_preset", &[("room", "a"), ("preset", ID)]),
        ("delete_preset", &[("room", "a"), ("preset", ID)]),
        (
            "move_preset",
            &[("room", "a"), ("preset", ID), ("past", "up 0")],
        ),
        (
            "default_preset",
            &[("room", "a"), ("preset", ID), ("begin", "all")],
        ),
        ("fill_in", &[("room", "a"), ("with", "last"), ("rule", "x")]),
        ("save_app", APP),
        ("test_app", APP),
        ("remove_app", &[("id", ID)]),
    ] {
        let (status, body) = app.call(name, &cookie, form).await;
        assert_eq!(status, 403, "{name}: {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_with_sign_out_and_with_a_new_password() {
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
        .set_password("admin", "another one")
        .await
        .unwrap();
    assert!(!open(cookie).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sites_form_is_refused() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    for (headers, refused) in [
        (&[("sec-fetch-site", "cross-site")][..], true),
        (&[("sec-fetch-site", "same-site")], true),
        (&[("origin", "http://evil.example")], true),
        (&[("origin", "null")], true),
        (
            &[("sec-fetch-site", "cross-site"), ("origin", &app.base)],
            true,
        ),
        (&[("origin", &app.base)], false),
        (&[("sec-fetch-site", "same-origin")], false),
        (&[("sec-fetch-site", "none")], false),
        (&[], false),
    ] {
        let mut request = app.post("/fn/mark_always").header("cookie", &cookie);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.form(&[("room", "a"), ("always", "yes")]).send();
        let status = answer.await.unwrap().status();
        assert_eq!(status == 403, refused, "{headers:?}: {status}");
    }
}
