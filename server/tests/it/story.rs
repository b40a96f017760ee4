//! The main path over HTTP: start, stop, callbacks, files.

use std::time::Duration;

use crate::common::{
    TestApp,
    actions::{current, library, newest, room, send, wait_for_state},
    as_role, eventually, start_form,
};
use reelroom_domain::{
    file::{FileKind, FileState},
    naming::Token,
    order::StartForm,
    recording::{Origin, RecordingState},
    user::Role,
    view::RecordingView,
};
use serde_json::json;
use sha2::{Digest, Sha256};

async fn start(app: &TestApp, cookie: &str, room: &str) -> RecordingView {
    let data = [("user_data", r#"{"meeting":"2026-47"}"#)];
    let form = [&start_form(room)[..], &data].concat();
    app.done("start_recording", cookie, &form).await;
    newest(&app.service).await.unwrap()
}

/// The start form of a room, as an operator sees it.
async fn form_of(app: &TestApp, name: &str) -> StartForm {
    let (operator, room) = (as_role(Role::Operator), room(name));
    let view = app.service.room(operator, None, &room).await;
    view.unwrap().form
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_goes_on_when_the_browser_disconnects() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    app.set_faults(json!({"start": {"late": 1_000}})).await;
    let request = app.post("/fn/start_recording").header("cookie", cookie);
    let request = request
        .form(&start_form("hall"))
        .timeout(Duration::from_millis(300));
    assert!(request.send().await.unwrap_err().is_timeout());
    wait_for_state(&app, "hall", RecordingState::Recording).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_recorded_and_its_files_are_archived() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let name = "客服 a&b+c";
    let recording = start(&app, &cookie, name).await;
    assert_eq!(recording.row.state, RecordingState::Recording);
    assert_eq!(recording.started_by.as_deref(), Some("admin"));
    tokio::time::sleep(Duration::from_millis(1500)).await;

    let id = recording.row.id.to_string();
    app.done("stop_recording", &cookie, &[("id", &id)]).await;
    // A repeated stop succeeds.
    app.done("stop_recording", &cookie, &[("id", &id)]).await;

    let ready = eventually("every file archived", || async {
        let view = newest(&app.service).await?;
        let whole = view
            .files
            .iter()
            .all(|file| file.state == FileState::Archived);
        (view.row.state == RecordingState::Ready && whole && view.files.len() > 2).then_some(view)
    })
    .await;
    assert_eq!(ready.row.room, room(name));
    assert_eq!(
        ready.user_data.as_deref(),
        Some(r#"{"meeting":"2026-47"}"#),
        "only their own"
    );
    let part = |token: Token| {
        ready
            .name_parts
            .iter()
            .find(|(one, _)| *one == token)
            .map(|(_, value)| value.clone())
    };
    let random = part(Token::Random).unwrap();
    assert_eq!(random.len(), 4, "{:?}", ready.name_parts);

    let composite = ready
        .files
        .iter()
        .find(|file| file.kind == FileKind::Composite)
        .unwrap();
    let path = format!("/files/{}", composite.id);
    let get = || app.get(&path).header("cookie", &cookie);
    let whole = send(get()).await;
    assert_eq!(whole.status(), 200);
    assert_eq!(whole.headers()["content-type"], "video/mp4");
    assert_eq!(whole.headers()["accept-ranges"], "bytes");
    let etag = whole.headers()["etag"].clone();
    let bytes = whole.bytes().await.unwrap();
    let digest = format!("{:x}", Sha256::digest(&bytes));
    assert_eq!(composite.sha256.as_deref(), Some(digest.as_str()));

    let part = get().header("range", "bytes=100-199");
    let part = send(part.header("if-range", &etag)).await;
    assert_eq!(part.status(), 206);
    assert_eq!(
        part.headers()["content-range"],
        format!("bytes 100-199/{}", bytes.len())
    );
    assert_eq!(part.bytes().await.unwrap(), bytes[100..200]);

    let status = |name: &'static str, value: String| {
        let request = get().header(name, value);
        async move { send(request).await.status().as_u16() }
    };
    assert_eq!(
        status("range", format!("bytes={}-", bytes.len())).await,
        416
    );
    assert_eq!(
        status("if-none-match", etag.to_str().unwrap().to_owned()).await,
        304
    );

    let head = app
        .client
        .head(format!("{}{path}?download", app.base))
        .header("cookie", &cookie);
    let head = head.send().await.unwrap();
    assert_eq!(head.headers()["content-length"], bytes.len().to_string());
    let disposition = head.headers()["content-disposition"].to_str().unwrap();
    assert!(
        disposition.starts_with("attachment; filename=\""),
        "{disposition}"
    );
    assert!(
        disposition.contains("filename*=UTF-8''ar_%E5%AE%A2%E6%9C%8D"),
        "{disposition}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_takes_one_recording_at_a_time() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    start(&app, &cookie, "board-weekly").await;
    let form = start_form("board-weekly");
    let (status, body) = app.call("start_recording", &cookie, &form).await;
    assert_ne!(status, 200);
    assert!(
        body.contains("RoomTaken") && body.contains("admin"),
        "{body}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_platforms_response_decides_the_state() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let form = |room: &'static str| {
        let typed = [("path", "typed/path"), ("user_data", "typed data")];
        [&start_form(room)[..], &typed].concat()
    };
    for (fault, room_name, state) in [
        ("refuse", "a", RecordingState::Failed),
        ("html", "b", RecordingState::Unknown),
        ("500", "c", RecordingState::Unknown),
    ] {
        app.set_faults(serde_json::json!({ "start": fault })).await;
        app.call("start_recording", &cookie, &form(room_name)).await;
        let view = current(&app.service, room_name).await.unwrap();
        assert_eq!(view.row.state, state, "{fault}");
        let cause = view.history.last().unwrap().cause.clone();
        assert!(cause.is_some(), "{fault}: the cause is in the history");
        let typed = form_of(&app, room_name).await;
        assert_eq!(
            typed.path, "typed/path",
            "{fault}: what was typed is still there"
        );
        assert_eq!(typed.user_data, "typed data");
    }
    // An unknown recording takes the room until a person closes it.
    app.set_faults(serde_json::json!({ "start": "ok" })).await;
    let (_, body) = app.call("start_recording", &cookie, &form("c")).await;
    assert!(body.contains("RoomTaken"), "{body}");
    let unknown = newest(&app.service).await.unwrap().row.id.to_string();
    app.done("give_up_recording", &cookie, &[("id", &unknown)])
        .await;
    app.done("start_recording", &cookie, &form("c")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_automatic_recording_enters_the_library() {
    let app = TestApp::start().await;
    app.tell_sandbox("/sandbox/auto/hiring-panel", serde_json::json!({}))
        .await;
    let found = eventually("the files of the automatic recording", || async {
        let view = newest(&app.service).await?;
        (view.row.state == RecordingState::Ready && view.row.ledger.tracks > 0).then_some(view)
    })
    .await;
    assert_eq!(found.row.origin, Origin::AutoRecorded);
    assert_eq!(found.row.room, room("hiring-panel"));
    let found = library(&app.service).await.total.n;
    assert_eq!(found, 1, "its files gather in one recording");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_form_starts_nothing_and_is_kept() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let form = [
        ("room", "lab-west"),
        ("rule", "no levels {nope}"),
        ("path", "/etc"),
        ("user_data", "x"),
        ("kind", "Meet"),
    ];
    let (status, body) = app.call("start_recording", &cookie, &form).await;
    assert_ne!(status, 200, "{body}");
    assert!(body.contains("rule") && body.contains("path"), "{body}");
    assert!(newest(&app.service).await.is_none());
    let typed = form_of(&app, "lab-west").await;
    assert_eq!(
        typed,
        StartForm {
            rule: "no levels {nope}".to_owned(),
            path: "/etc".to_owned(),
            user_data: "x".to_owned(),
            kind: "Meet".to_owned(),
            stop_after: String::new(),
            stop_at_end: false,
        }
    );
}
