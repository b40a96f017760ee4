//! The binary on a file system of 256 MiB that is full: what was acknowledged is stored, nothing is half deleted, and
//! once there is room everything goes on.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use reelroom_domain::keep::Keep;
use reelroom_store::{DatabaseUrl, Store};
use tempfile::TempDir;
use tokio::time::sleep;

use super::{
    Caller, NOWHERE, Server, body, compare, prepare,
    purging::{ask, assert_purged, has_objects, in_the_trash, keep_of},
    stored_counts,
};
use crate::fetch::Files;

/// A file system of its own, unmounted at the end.
struct Mount(TempDir);

impl Mount {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=256m", "tmpfs"])
            .arg(folder.path())
            .status();
        assert!(mounted.unwrap().success(), "only root may mount");
        Self(folder)
    }

    fn path(&self) -> PathBuf {
        self.0.path().to_owned()
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// Writes a file until the disk is full.
fn fill(path: &Path) {
    let mut file = File::create(path).unwrap();
    for size in [1 << 20, 4 << 10, 1] {
        let bytes = vec![0; size];
        while file.write_all(&bytes).is_ok() {}
    }
}

/// Posts callbacks of 20 kB, and returns the names of those that are acknowledged, and the number of others.
fn post(server: &Server, client: usize, count: usize) -> (Vec<String>, usize) {
    let mut caller = Caller::connect(&server.address).unwrap();
    let (mut acknowledged, mut refused) = (Vec::new(), 0);
    for number in 0..count {
        let name = format!("c{client}-n{number}");
        let padding = format!("\"userData\":\"{}\"", "x".repeat(20_000));
        let body = body(&name, client, number).replace("\"userData\":\"\"", &padding);
        match caller.post("av", body.as_bytes()) {
            Ok(200) => acknowledged.push(name),
            Ok(503) | Err(_) => {
                refused += 1;
                // The server closes a connection whose callback it refuses.
                caller = Caller::connect(&server.address).unwrap();
            }
            Ok(other) => panic!("answered {other}"),
        }
    }
    (acknowledged, refused)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "mounts a file system, which only root may: `make torture`"]
async fn a_full_disk_loses_no_callback() {
    let mount = Mount::new();
    let folder = mount.path();
    let database = DatabaseUrl::Sqlite(folder.join("reelroom.db"));
    prepare(&database, &folder, NOWHERE).await;
    let mut server = Server::start(&folder, &database, &[]);
    let mut names = BTreeSet::new();
    let (before, refused) = post(&server, 1, 100);
    assert_eq!(refused, 0);
    names.extend(before);

    let ballast = folder.join("ballast");
    fill(&ballast);
    let (during, refused) = post(&server, 2, 400);
    println!("full: {} acknowledged, {refused} refused", during.len());
    assert!(refused > 0, "the disk was not full");
    names.extend(during);
    assert!(server.is_alive());

    fs::remove_file(&ballast).unwrap();
    // One that was refused is sent again by the platform's operator; here others are.
    let begun = Instant::now();
    let mut client = 3;
    loop {
        let (after, refused) = post(&server, client, 50);
        names.extend(after);
        if refused == 0 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "it stays full");
        client += 1;
        sleep(Duration::from_secs(1)).await;
    }
    // Without a restart.
    let kept = stored_counts(&database).await;
    println!("{} acknowledged, {} stored", names.len(), kept.len());
    server.kill();
    compare(&names, &kept);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "mounts a file system, which only root may: `make torture`"]
async fn a_full_disk_leaves_nothing_half_deleted() {
    // On a disk as small as the mounted one nothing is fetched.
    let (roomy, platform) = (TempDir::new().unwrap(), Files::start().await);
    let database = DatabaseUrl::Sqlite(roomy.path().join("reelroom.db"));
    let id = in_the_trash(&database, roomy.path(), &platform).await;
    let mount = Mount::new();
    let folder = mount.path();
    let copied = Command::new("cp")
        .arg("-a")
        .arg(roomy.path().join("."))
        .arg(&folder)
        .status();
    assert!(copied.unwrap().success());
    let database = DatabaseUrl::Sqlite(folder.join("reelroom.db"));
    let mut server = Server::start(&folder, &database, &[]);
    let store = Store::connect(&database).await.unwrap();
    ask(&database, &folder, id).await;
    let keep = keep_of(&store, id).await;
    assert!(matches!(keep, Keep::Trashed { .. }), "too soon: {keep:?}");

    // The server looks every ten seconds.
    let ballast = folder.join("ballast");
    fill(&ballast);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(30) {
        let is_there = has_objects(&folder, id);
        if let Keep::Trashed { .. } = keep_of(&store, id).await {
            assert!(is_there, "deleted, and still in the trash");
        }
        sleep(Duration::from_secs(1)).await;
    }
    println!("full: {:?}", keep_of(&store, id).await);
    assert!(server.is_alive());

    fs::remove_file(&ballast).unwrap();
    let begun = Instant::now();
    while !matches!(keep_of(&store, id).await, Keep::Purged { .. }) {
        assert!(
            begun.elapsed() < Duration::from_mins(3),
            "it stays half deleted"
        );
        sleep(Duration::from_secs(1)).await;
    }
    // Without a restart.
    assert_purged(&store, &folder, id, "after a full disk").await;
    store.close().await;
    server.kill();
}
