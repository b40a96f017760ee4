//! What is on the disk at which moment, by the system calls that `strace` shows, and what a power cut leaves.
//!
//! The tests fail without `strace`. Where tracing is impossible, `scripts/test` skips them by the name of this
//! module, and says so.

mod bytes;
mod calls;
mod disk;

use std::{fs, path::Path, process::Command};

use reelroom_store::testing::Databases;
use serde_json::Value;
use tempfile::TempDir;

use self::disk::{Disk, FOLDERS, Unsynced};
use super::{
    Caller, NOWHERE, Server, body,
    fetching::{POINTS, copied_after_restart, crashed, names_in},
    prepare,
};
use crate::{
    common::eventually,
    fetch::{Files, call_about},
};

fn check_strace() {
    let traced = Command::new("strace")
        .args(["-qq", "-o", "/dev/null", "true"])
        .status();
    assert!(
        traced.is_ok_and(|status| status.success()),
        "strace is not there, or may not trace; `scripts/bootstrap test` installs it"
    );
}

/// The WAL of the calls' database, as a trace shows it.
const LOG: &str = ".calls.db-wal>";

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_synced_before_the_response() {
    check_strace();
    let databases = Databases::on_sqlite();
    let database = databases.another();
    let folder = TempDir::new().unwrap();
    prepare(&database, folder.path(), NOWHERE).await;
    let trace = folder.path().join("trace");
    let calls = "fsync,fdatasync,pwrite64,read,recvfrom,write,writev,sendto,sendmsg";
    let mut server = Server::traced(folder.path(), &database, &[], calls, &trace);
    let mut caller = Caller::connect(&server.address).unwrap();
    for number in 1..=3 {
        let name = format!("c0-n{number}");
        let status = caller.post("av", body(&name, 0, number).as_bytes());
        assert_eq!(status.unwrap(), 200);
    }
    server.kill();
    let trace = fs::read_to_string(&trace).unwrap();
    let lines: Vec<&str> = trace.lines().collect();
    for number in 1..=3 {
        let name = format!("c0-n{number}");
        let position = |from: usize, what: &dyn Fn(&str) -> bool| {
            lines[from..]
                .iter()
                .position(|line| what(line))
                .map(|at| from + at)
        };
        let received = position(0, &|line| line.contains("fileName") && line.contains(&name))
            .unwrap_or_else(|| panic!("{name} did not come\n{trace}"));
        let answered = position(received, &|line| line.contains("HTTP/1.1 200 OK"))
            .unwrap_or_else(|| panic!("{name} was not answered\n{trace}"));
        let shown = lines[received..=answered].join("\n");
        // Only writes to the WAL of the calls' database count.
        let written = position(received, &|line| {
            line.contains("pwrite64(") && line.contains(LOG)
        });
        let written = written.filter(|at| *at < answered);
        let written = written.unwrap_or_else(|| panic!("{name}: not written\n{shown}"));
        let thread = |line: &str| line.split(' ').next().map(str::to_owned);
        // The sync starts and ends before the response; another thread may interrupt its line.
        let begun = lines[written..answered]
            .iter()
            .find(|line| line.contains("sync(") && line.contains(LOG));
        let begun = begun.unwrap_or_else(|| panic!("{name}: no sync\n{shown}"));
        let is_over = |line: &&str| {
            thread(line) == thread(begun)
                && line.contains("sync")
                && line.trim_end().ends_with("= 0")
        };
        let is_synced = lines[written..answered].iter().any(is_over);
        assert!(is_synced, "{name}: the sync was not over\n{shown}");
    }
}

/// A moment in the middle of a transfer, beside the crash points of a file.
const HALFWAY: &str = "halfway";

fn has_extension(name: &str, wanted: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == wanted)
}

/// Names another boot in the heads beside parts, as the machine is started again.
fn boot_again(staging: &Path) {
    for name in names_in(staging)
        .iter()
        .filter(|name| has_extension(name, "json"))
    {
        let path = staging.join(name);
        let mut head: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        head["boot"] = "another".into();
        fs::write(&path, head.to_string()).unwrap();
    }
}

/// Cuts the power when a file has come to `point`. The database has all that was written: no row may say more
/// than the disk has.
async fn cut_at(point: &str, unsynced: Unsynced) {
    let what = format!("{point}, {unsynced:?}");
    let databases = Databases::on_sqlite();
    let (database, folder) = (databases.another(), TempDir::new().unwrap());
    let root = folder.path().canonicalize().unwrap();
    let platform = Files::start().await;
    prepare(&database, &root, &platform.base()).await;
    for name in FOLDERS {
        // The server creates it.
        fs::remove_dir(root.join(name)).unwrap();
    }
    let (trace, staging) = (root.join("trace"), root.join("staging"));
    let variables = [("REELROOM_CRASH_AT", point)];
    let mut server = Server::traced(&root, &database, &variables, disk::CALLS, &trace);
    let mut caller = Caller::connect(&server.address).unwrap();
    let path = if point == HALFWAY {
        "/stalls"
    } else {
        "/ranges"
    };
    let call = call_about(&platform.base(), path);
    assert_eq!(caller.post("av", call.as_bytes()).unwrap(), 200);
    if point == HALFWAY {
        eventually("some bytes of a part", || async {
            let names = names_in(&staging);
            let part = names.iter().find(|name| has_extension(name, "part"))?;
            let size = staging.join(part).metadata().unwrap().len();
            (size > 0).then_some(())
        })
        .await;
        server.kill();
    } else {
        crashed(&mut server, point).await;
    }
    let calls = disk::calls(&fs::read_to_string(&trace).unwrap());
    Disk::replay(&calls).cut(&root, unsynced);
    if unsynced == Unsynced::Partly {
        boot_again(&staging);
    }

    let copy = copied_after_restart(&what, &root, &database).await;
    let is_row = |call: &String| {
        call.starts_with("pwrite64(") && call.contains("-wal>") && call.contains(&copy.key)
    };
    let row = calls.iter().position(is_row);
    assert_eq!(row.is_some(), point == "fetch-recorded", "{what}");
    let disk = Disk::replay(&calls[..row.unwrap_or(calls.len())]);
    let keeps = |name: &str| disk.keeps(&root.join("files").join(name), &root);
    let kept = (keeps(&copy.key), keeps(&format!("{}.json", copy.key)));
    let expected = match point {
        "fetch-moved" => (true, false),
        "fetch-described" | "fetch-recorded" => (true, true),
        _ => (false, false),
    };
    assert_eq!(kept, expected, "on the disk before the row: {what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_that_loses_all_that_was_not_synced_loses_no_copy() {
    check_strace();
    for point in POINTS {
        cut_at(point, Unsynced::Lost).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_that_leaves_files_with_holes_leaves_none_in_a_copy() {
    check_strace();
    for point in POINTS.into_iter().chain([HALFWAY]) {
        cut_at(point, Unsynced::Partly).await;
    }
}
