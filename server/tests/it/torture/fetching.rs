//! The binary, crashed at each step by which a file becomes a copy: it is copied after the next start, and
//! nothing else is left.

use std::{path::Path, time::Duration};

use futures::future::join_all;
use reelroom_domain::file::FileState;
use reelroom_store::{
    DatabaseUrl, Store, apps,
    files::{self, File, Stored},
    testing::{Databases, recordings_of},
};
use tempfile::TempDir;
use tokio::time::sleep;

use super::{Caller, Server, prepare};
use crate::{
    common::eventually,
    fetch::{Files, call_about, content, sha256},
};

/// The crash points of `reelroom_service::ground::crash` that a file passes.
pub(super) const POINTS: [&str; 4] = [
    "fetch-finished",
    "fetch-moved",
    "fetch-described",
    "fetch-recorded",
];

/// The only file, once it is archived.
async fn archived(store: &Store) -> Option<File> {
    let mut read = store.read().await.unwrap();
    let app = apps::default_app(&mut read).await.unwrap().unwrap();
    let all = recordings_of(&mut read, app.id).await;
    let of = all.first()?.recording.id;
    let mut files = files::of_recording(&mut read, of).await.unwrap();
    assert_eq!((all.len(), files.len()), (1, 1));
    files.pop().filter(|file| file.state == FileState::Archived)
}

pub(super) fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Waits for the crash at `point`.
pub(super) async fn crashed(server: &mut Server, point: &str) {
    for _ in 0..200 {
        if !server.is_alive() {
            return;
        }
        sleep(Duration::from_millis(100)).await;
    }
    panic!("{point} was never reached");
}

/// Starts the server again, which makes a whole copy of the only file. Asserts that nothing else is left.
pub(super) async fn copied_after_restart(
    what: &str,
    folder: &Path,
    database: &DatabaseUrl,
) -> Stored {
    let mut server = Server::start(folder, database, &[]);
    let store = Store::connect(database).await.unwrap();
    let file = eventually(what, || archived(&store)).await;
    store.close().await;
    server.kill();
    let copy = file.stored.unwrap();
    assert_eq!(copy.sha256, sha256(&content(1)), "{what}");
    let path = folder.join("files").join(&copy.key);
    // The bytes would fill the screen.
    assert!(std::fs::read(&path).unwrap() == content(1), "{what}");
    let name = path.file_name().unwrap().to_str().unwrap();
    let beside = names_in(path.parent().unwrap());
    assert_eq!(beside, [name.to_owned(), format!("{name}.json")], "{what}");
    assert!(names_in(&folder.join("staging")).is_empty(), "{what}");
    copy
}

async fn crash_at(point: &str, databases: &Databases) {
    let database = &databases.another();
    let (folder, platform) = (TempDir::new().unwrap(), Files::start().await);
    let folder = folder.path();
    prepare(database, folder, &platform.base()).await;
    let mut server = Server::start(folder, database, &[("REELROOM_CRASH_AT", point)]);
    let mut caller = Caller::connect(&server.address).unwrap();
    let call = call_about(&platform.base(), "/ranges");
    assert_eq!(caller.post("av", call.as_bytes()).unwrap(), 200);
    crashed(&mut server, point).await;
    copied_after_restart(point, folder, database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_at_each_step_of_a_copy_leaves_nothing_behind_on_sqlite() {
    let databases = Databases::on_sqlite();
    join_all(POINTS.map(|point| crash_at(point, &databases))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_at_each_step_of_a_copy_leaves_nothing_behind_on_postgres() {
    let databases = Databases::on_postgres();
    join_all(POINTS.map(|point| crash_at(point, &databases))).await;
}
