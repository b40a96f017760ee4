//! The binary, killed at each step of a purge and of a restore: what was deleted is gone with its certificate after
//! the next start, and what was restored is whole.

use std::{path::Path, time::Duration};

use futures::future::join_all;
use reelroom_domain::{
    access::{Access, Grant, Rights},
    file::FileState,
    ids::RecordingId,
    keep::Keep,
    user::Role,
};
use reelroom_service::{Browser, Principal, Selection};
use reelroom_store::{
    DatabaseUrl, Store, apps, certificates, files,
    recordings::keep,
    testing::{Databases, recordings_of},
};
use tempfile::TempDir;
use tokio::time::sleep;

use super::{
    Caller, Server, connect,
    fetching::{crashed, names_in},
    prepare,
};
use crate::fetch::{Files, call_about};

/// The crash points of `reelroom_service::ground::crash` that a purge passes.
pub(super) const POINTS: [&str; 4] = [
    "purge-begun",
    "purge-deleted",
    "purge-recorded",
    "purge-certified",
];

fn admin() -> Principal {
    Principal {
        user: crate::common::ID.parse().unwrap(),
        name: "ada".to_owned(),
        access: Access {
            role: Role::Admin,
            rights: Rights::all(),
            grants: vec![Grant::Everything],
        },
        needs_second_factor: false,
    }
}

/// Asks until there is an answer, for a minute: a claim of the killed server has to end.
async fn within_a_minute<T, F: Future<Output = Option<T>>>(what: &str, ask: impl Fn() -> F) -> T {
    for _ in 0..600 {
        if let Some(answer) = ask().await {
            return answer;
        }
        sleep(Duration::from_millis(100)).await;
    }
    panic!("{what}: not within a minute");
}

/// The only recording, once its file is archived.
async fn archived(store: &Store) -> Option<RecordingId> {
    let mut read = store.read().await.unwrap();
    let app = apps::default_app(&mut read).await.unwrap().unwrap();
    let all = recordings_of(&mut read, app.id).await;
    let id = all.first()?.recording.id;
    let files = files::of_recording(&mut read, id).await.unwrap();
    files
        .iter()
        .all(|file| file.state == FileState::Archived)
        .then_some(id)
}

/// Has a file fetched, and moves its recording to the trash.
pub(super) async fn in_the_trash(
    database: &DatabaseUrl,
    folder: &Path,
    platform: &Files,
) -> RecordingId {
    prepare(database, folder, &platform.base()).await;
    let mut server = Server::start(folder, database, &[]);
    let mut caller = Caller::connect(&server.address).unwrap();
    let call = call_about(&platform.base(), "/ranges");
    assert_eq!(caller.post("av", call.as_bytes()).unwrap(), 200);
    let store = Store::connect(database).await.unwrap();
    let id = within_a_minute("the copy", || archived(&store)).await;
    store.close().await;
    server.kill();
    let service = connect(database, folder).await;
    let these = Selection::These(vec![id]);
    let trashed = service.trash(&admin(), &Browser::default(), these).await;
    trashed.unwrap();
    service.close().await;
    id
}

/// Asks for the purge of a recording in the trash, without telling a server.
pub(super) async fn ask(database: &DatabaseUrl, folder: &Path, id: RecordingId) {
    let service = connect(database, folder).await;
    let (these, browser, by) = ([id], Browser::default(), admin());
    let asked = service.delete_now(&by, &browser, &these, "delete 1", "x");
    asked.await.unwrap();
    service.close().await;
}

/// Whether a recording is kept or deleted.
pub(super) async fn keep_of(store: &Store, id: RecordingId) -> Keep {
    let mut read = store.read().await.unwrap();
    keep::of(&mut read, id).await.unwrap().unwrap()
}

/// Whether the storage has anything of a recording.
pub(super) fn has_objects(folder: &Path, id: RecordingId) -> bool {
    let folder = folder.join("files").join(id.to_string());
    folder.exists() && !names_in(&folder).is_empty()
}

/// Asserts that nothing is left of the files of a purged recording, and that its certificate names all of them.
pub(super) async fn assert_purged(store: &Store, folder: &Path, id: RecordingId, what: &str) {
    let mut read = store.read().await.unwrap();
    let rows = files::of_recording(&mut read, id).await.unwrap();
    let is_purged = |file: &files::File| file.state == FileState::Purged && file.stored.is_none();
    assert!(rows.iter().all(is_purged), "{what}");
    let number = certificates::of_recording(&mut read, id).await.unwrap();
    let stored = certificates::get(&mut read, &number.unwrap()).await;
    let certificate = stored.unwrap().unwrap().certificate;
    assert_eq!(certificate.files.len(), rows.len(), "{what}");
    assert!(!has_objects(folder, id), "{what}");
}

async fn crash_at(point: &str, databases: &Databases) {
    let database = &databases.another();
    let (folder, platform) = (TempDir::new().unwrap(), Files::start().await);
    let folder = folder.path();
    let id = in_the_trash(database, folder, &platform).await;
    ask(database, folder, id).await;
    let mut server = Server::start(folder, database, &[("REELROOM_CRASH_AT", point)]);
    crashed(&mut server, point).await;

    let mut server = Server::start(folder, database, &[]);
    let store = Store::connect(database).await.unwrap();
    within_a_minute(point, async || {
        matches!(keep_of(&store, id).await, Keep::Purged { .. }).then_some(())
    })
    .await;
    assert_purged(&store, folder, id, point).await;
    store.close().await;
    server.kill();
}

/// Killed at any moment of a restore: the recording is in the trash or kept, and whole either way.
async fn killed_while_restoring(database: &DatabaseUrl) {
    let (folder, platform) = (TempDir::new().unwrap(), Files::start().await);
    let folder = folder.path();
    let id = in_the_trash(database, folder, &platform).await;
    for round in 0..5_u64 {
        let mut server = Server::start(folder, database, &[]);
        let service = connect(database, folder).await;
        let (these, browser, by) = ([id], Browser::default(), admin());
        let restore = service.restore(&by, &browser, &these);
        // Dropped half-way, as a killed process does.
        let _ = tokio::time::timeout(Duration::from_millis(round), restore).await;
        server.kill();
        service.close().await;
        let store = Store::connect(database).await.unwrap();
        let mut read = store.read().await.unwrap();
        let keep = keep::of(&mut read, id).await.unwrap().unwrap();
        assert!(
            matches!(keep, Keep::Kept | Keep::Trashed { .. }),
            "{keep:?}"
        );
        let rows = files::of_recording(&mut read, id).await.unwrap();
        for file in rows {
            let key = file.stored.unwrap().key;
            assert!(folder.join("files").join(&key).exists(), "{key}");
        }
        drop(read);
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_at_each_step_of_a_purge_leaves_nothing_half_deleted_on_sqlite() {
    let databases = Databases::on_sqlite();
    join_all(POINTS.map(|point| crash_at(point, &databases))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_at_each_step_of_a_purge_leaves_nothing_half_deleted_on_postgres() {
    let databases = Databases::on_postgres();
    join_all(POINTS.map(|point| crash_at(point, &databases))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_is_cut_off_loses_nothing_on_sqlite() {
    killed_while_restoring(&Databases::on_sqlite().another()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_is_cut_off_loses_nothing_on_postgres() {
    killed_while_restoring(&Databases::on_postgres().another()).await;
}
