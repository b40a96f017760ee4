//! Trash, holds, purges and certificates over HTTP.

use std::time::Duration;

use reelroom_domain::{
    access::Grant, file::FileState, ids::RecordingId, keep::Keep, recording::RecordingState,
    user::Role,
};
use reelroom_service::TrashQuery;
use serde_json::Value;

use crate::common::{
    ADMIN, TestApp,
    actions::{current, library, newest, page_of, post, send, start, stop, view},
    as_role, eventually,
};

const ROOM: &str = "audit-room";

/// A recording that is ready, with its copies.
async fn recorded(app: &TestApp) -> RecordingId {
    let id = start(app, ROOM).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    stop(app, id).await;
    eventually("the copies", async || {
        let view = app.recording(id).await;
        let is_whole = view.row.state == RecordingState::Ready
            && (view.files.iter()).all(|file| file.state == FileState::Archived);
        is_whole.then_some(())
    })
    .await;
    id
}

/// The number of objects of a recording in the storage.
fn objects(app: &TestApp, id: RecordingId) -> usize {
    let folder = app.data("files").join(id.to_string());
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

async fn keep(app: &TestApp, id: RecordingId) -> Keep {
    let view = app.service.kept(as_role(Role::Admin), id).await;
    view.unwrap().keep
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_in_the_trash_is_nowhere_and_comes_back_as_it_was() {
    let app = TestApp::start().await;
    let id = recorded(&app).await;
    let (id_text, cookie) = (id.to_string(), app.cookie().await);
    let about = [("id", &*id_text), ("title", "Board"), ("tags", "audit")];
    assert_eq!(post(&app, "describe_recording", &about).await, 200);
    let file = newest(&app.service).await.unwrap().files[0].id;
    app.add_account(
        "reader",
        Role::Viewer,
        "download,export",
        &[Grant::Everything],
    )
    .await;
    let reader = app.cookie_of("reader", ADMIN.1).await;
    let form = [("id", &*id_text)];
    let (status, _) = app.call("trash_recording", &reader, &form).await;
    assert_eq!(status, 403);
    assert_eq!(post(&app, "trash_recording", &form).await, 200);

    let addresses = [
        format!("/recordings/{id}"),
        format!("/recordings/{id}/zip"),
        format!("/recordings/{id}/files.txt"),
        format!("/files/{file}"),
        format!("/files/{file}/poster.jpg"),
    ];
    for address in &addresses {
        let (status, body) = page_of(&app, address, &reader).await;
        assert_eq!(status, 404, "{address}: {body}");
    }
    // Those who may restore it are told where it is, and its page restores it.
    for (address, expected) in [
        (&addresses[0], 200),
        (&addresses[3], 410),
        (&addresses[4], 410),
    ] {
        let (status, body) = page_of(&app, address, &cookie).await;
        assert_eq!(status, expected, "{address}: {body}");
        assert!(body.contains("in the trash"), "{address}: {body}");
    }
    for address in [
        "/recordings".to_owned(),
        "/recordings?q=Board".to_owned(),
        "/recordings/export?form=csv".to_owned(),
        format!("/recordings/export?form=csv&id={id}"),
        format!("/rooms/{ROOM}"),
        "/jump?q=Board".to_owned(),
    ] {
        let (_, body) = page_of(&app, &address, &cookie).await;
        assert!(!body.contains(&id_text), "{address}: {body}");
    }
    assert_eq!(library(&app.service).await.total.n, 0);
    assert!(current(&app.service, ROOM).await.is_none());
    let trash = TrashQuery::default();
    let trash = app.service.trash_list(as_role(Role::Admin), &trash).await;
    assert_eq!(trash.unwrap().recordings[0].row.id, id);
    assert!(objects(&app, id) > 0);

    assert_eq!(post(&app, "restore_recording", &form).await, 200);
    let (status, page) = page_of(&app, &addresses[0], &reader).await;
    assert_eq!(status, 200);
    assert!(page.contains("Board") && page.contains("audit"), "{page}");
    assert!(current(&app.service, ROOM).await.is_some());
    assert_eq!(view(&app.service, ROOM).await.current.unwrap().row.id, id);
    for address in &addresses[1..4] {
        let (status, _) = page_of(&app, address, &reader).await;
        assert_eq!(status, 200, "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_recording_is_not_trashed() {
    let app = TestApp::start().await;
    let id = start(&app, ROOM).await;
    let form = [("id", &*id.to_string())];
    assert_eq!(post(&app, "trash_recording", &form).await, 409);
    assert_eq!(keep(&app, id).await, Keep::Kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_now_has_a_certificate_and_what_is_held_stays() {
    let app = TestApp::start().await;
    let id = recorded(&app).await;
    let file = newest(&app.service).await.unwrap().files[0].id;
    let id_text = id.to_string();
    let form = [("id", &*id_text), ("reason", "Complaint")];
    assert_eq!(post(&app, "hold_recording", &form).await, 200);
    assert_eq!(post(&app, "trash_recording", &form).await, 409);
    assert!(objects(&app, id) > 0);
    assert_eq!(post(&app, "release_recording", &form).await, 200);
    assert_eq!(post(&app, "trash_recording", &form).await, 200);
    // The same recording twice is one.
    let twice = format!("{id_text},{id_text}");
    let typed = |typed| [("ids", &*twice), ("typed", typed), ("reason", "Wrong room")];
    for wrong in ["delete", "delete 2"] {
        assert_eq!(post(&app, "delete_now", &typed(wrong)).await, 422);
    }
    assert_eq!(post(&app, "delete_now", &typed("delete 1")).await, 200);
    eventually("the purge", async || {
        matches!(keep(&app, id).await, Keep::Purged { .. }).then_some(())
    })
    .await;
    assert_eq!(objects(&app, id), 0);
    assert_eq!(post(&app, "restore_recording", &form).await, 409);
    assert_eq!(post(&app, "hold_recording", &form).await, 409);
    // Nothing restores it, so nobody is told to try.
    let cookie = app.cookie().await;
    for (accept, language, text) in [
        ("*/*", "en", "deleted for good"),
        ("text/html", "en", "This recording is deleted for good"),
        ("text/html", "zh-CN", "此录像已永久删除"),
    ] {
        let request = app.get(&format!("/files/{file}")).header("cookie", &cookie);
        let request = request.header("accept", accept);
        let answer = send(request.header("accept-language", language)).await;
        assert_eq!(answer.status(), 410, "{accept}");
        let body = answer.text().await.unwrap();
        assert!(
            body.contains(text) && !body.contains("Restore it"),
            "{body}"
        );
    }
    let admin = app.admin().await;
    let number = app.service.kept(&admin, id).await.unwrap().certificate;
    let path = format!("/certificates/{}/json", number.unwrap());
    let answer = send(app.get(&path).header("cookie", app.cookie().await)).await;
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let certificate: Value = answer.json().await.unwrap();
    assert_eq!(certificate["recording"], id_text);
    assert_eq!(certificate["why"]["reason"], "Wrong room");
    for file in certificate["files"].as_array().unwrap() {
        assert_eq!(file["answer"], "deleted", "{file}");
        assert_eq!(file["sha256"].as_str().unwrap().len(), 64, "{file}");
    }
    app.add_account("reader", Role::Viewer, "", &[Grant::Everything])
        .await;
    let reader = app.cookie_of("reader", ADMIN.1).await;
    assert_eq!(page_of(&app, &path, &reader).await.0, 404);
}
