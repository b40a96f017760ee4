//! Where files may come from: redirects, and hosts that an administrator allows.

use std::sync::atomic::Ordering;

use crate::{
    common::{ID, TestApp, actions, app_form},
    files::{FILE, Stub, add_app, announce, file_in, get, wait_for},
};
use reelroom_domain::{cause::Cause, file::FileState, user::Role};

/// The page of the only recording in the room `name`.
async fn page_of(app: &TestApp, name: &str, cookie: &str) -> String {
    let view = actions::newest_in(&app.service, name).await.unwrap();
    let path = format!("/recordings/{}", view.row.id);
    actions::page_of(app, &path, cookie).await.1
}

fn redirect(to: &str) -> String {
    format!("HTTP/1.1 302 x\r\nlocation: {to}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_leads_only_where_the_app_allows() {
    let app = TestApp::without_callbacks().await;
    let other = Stub::start(|_, _| FILE.to_owned()).await;
    let port = other.address.port();
    let stub = Stub::start(move |path, _| match path {
        "/first" => redirect("/hop/a?x=1"),
        "/hop/a?x=1" => redirect("b"),
        "/hop/b" => redirect("../last"),
        "/last" => FILE.to_owned(),
        "/round" => redirect("/round"),
        "/port" => redirect(&format!("http://127.0.0.1:{port}/a")),
        "/second" => redirect("/port"),
        "/loopback" => redirect(&format!("http://127.0.0.2:{port}/a")),
        "/name" => redirect(&format!("http://localhost:{port}/a")),
        "/metadata" => redirect("http://169.254.169.254/a"),
        "/user" => redirect(&format!("http://u:p@127.0.0.1:{port}/a")),
        "/scheme" => redirect("file:///etc/passwd"),
        other => panic!("{other}"),
    })
    .await;
    let base = format!("http://{}", stub.address);
    let of = add_app(&app, &base).await;
    let never = |host: &str| Some(Cause::NeverAllowed(host.to_owned()));
    let other_port = || {
        let host = "127.0.0.1".to_owned();
        Some(Cause::Port { host, port })
    };
    let loopback = format!("127.0.0.2:{port}");
    let localhost = format!("localhost:{port}");
    for (name, state, trouble) in [
        ("first", FileState::Archived, None),
        ("round", FileState::Failed, Some(Cause::Redirects)),
        ("port", FileState::Blocked, other_port()),
        ("second", FileState::Blocked, other_port()),
        ("loopback", FileState::Blocked, never(&loopback)),
        ("name", FileState::Blocked, never(&localhost)),
        ("metadata", FileState::Blocked, never("169.254.169.254")),
        ("user", FileState::Blocked, Some(Cause::Address)),
        ("scheme", FileState::Blocked, Some(Cause::Address)),
    ] {
        let (id, found) = announce(&app, &of, name, &format!("{base}/{name}")).await;
        let file = file_in(&app, name).await.unwrap();
        assert_eq!((found, &file.trouble), (state, &trouble), "{name}");
        if state == FileState::Blocked {
            let response = get(&app, id).await.send().await.unwrap();
            assert_eq!(response.status(), 403, "{name}");
            let text = response.text().await.unwrap();
            let remedy = match trouble {
                Some(Cause::Host(_) | Cause::Port { .. }) => "An administrator can allow it",
                Some(Cause::NeverAllowed(_)) => "except for a loopback address with its port",
                _ => "No setting changes that.",
            };
            assert!(text.contains(remedy), "{name}: {text}");
        }
    }
    assert_eq!(other.connections.load(Ordering::SeqCst), 0);
    let cookie = app.cookie().await;
    let page = page_of(&app, "port", &cookie).await;
    let text = format!("port {port} of 127.0.0.1 is not allowed");
    assert!(page.contains(&text), "{page}");
    // Loopback is allowed in the settings only.
    assert!(!page.contains("Allow this host"), "{page}");

    // Allowed there, the files behind the redirect are fetched at once, and the others stay blocked.
    let allowed = format!("127.0.0.1:{port}");
    let mut form = app_form(&base, "");
    form.retain(|(name, _)| !["id", "allowed_hosts"].contains(name));
    form.extend([("id", of.as_str()), ("allowed_hosts", allowed.as_str())]);
    app.save_app(&form).await;
    for (name, state) in [
        ("port", FileState::Archived),
        ("second", FileState::Archived),
        ("loopback", FileState::Blocked),
    ] {
        wait_for(&app, name, state).await;
    }
    assert_eq!(other.connections.load(Ordering::SeqCst), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_file_is_fetched_once_its_host_is_allowed_in_the_settings() {
    let app = TestApp::without_callbacks().await;
    let stub = Stub::start(|_, _| FILE.to_owned()).await;
    let of = add_app(&app, "http://127.0.0.1:1").await;
    let url = format!("http://{}/a", stub.address);
    let (_, state) = announce(&app, &of, "early", &url).await;
    assert_eq!(state, FileState::Blocked);
    let hosts = format!("files.invalid {}", stub.address);
    let save = async |hosts: &str| {
        let mut form = app_form("http://127.0.0.1:1", "");
        form.retain(|(name, _)| !["id", "allowed_hosts"].contains(name));
        form.extend([("id", of.as_str()), ("allowed_hosts", hosts)]);
        app.call("save_app", &app.cookie().await, &form).await
    };
    for wrong in ["127.0.0.0/8", "169.254.169.254", "http://files.invalid"] {
        let (status, body) = save(wrong).await;
        assert_eq!(status, 422, "{wrong}: {body}");
        assert!(body.contains("allowed_hosts"), "{wrong}: {body}");
    }
    assert_eq!(save(&hosts).await.0, 200);
    wait_for(&app, "early", FileState::Archived).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_allows_the_host_of_a_blocked_file_on_its_page() {
    let app = TestApp::without_callbacks().await;
    let of = add_app(&app, "http://127.0.0.1:1").await;
    let (id, state) = announce(&app, &of, "far", "http://files.invalid:8123/a").await;
    assert_eq!(state, FileState::Blocked);
    let id = id.to_string();
    let cookie = app.cookie().await;
    let page = page_of(&app, "far", &cookie).await;
    assert!(page.contains("Allow this host"), "{page}");
    assert!(page.contains("This adds files.invalid:8123 to"), "{page}");

    // Others are told who can do it.
    app.service
        .add_user("operator", "records and stops", Role::Operator)
        .await
        .unwrap();
    let operator = app.cookie_of("operator", "records and stops").await;
    let page = page_of(&app, "far", &operator).await;
    assert!(!page.contains("Allow this host"), "{page}");
    assert!(
        page.contains("An administrator can allow the host"),
        "{page}"
    );
    let (status, _) = app.call("allow_host", &operator, &[("id", &id)]).await;
    assert_eq!(status, 403);

    let (status, _) = app.call("allow_host", &cookie, &[("id", ID)]).await;
    assert_eq!(status, 404);
    app.done("allow_host", &cookie, &[("id", &id)]).await;
    let file = file_in(&app, "far").await.unwrap();
    assert_ne!(file.state, FileState::Blocked);
    assert_eq!(file.to_allow, None);
    let settings = app.service.settings(&app.admin().await).await.unwrap();
    let form = &settings.apps[0].form;
    assert_eq!(form.allowed_hosts, "files.invalid:8123");
    // There is nothing to allow any more.
    let (status, _) = app.call("allow_host", &cookie, &[("id", &id)]).await;
    assert_eq!(status, 409);
}
