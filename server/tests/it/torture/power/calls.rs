//! Acknowledged calls after a power cut at each answer, with SQLite's files as the disk has them at that moment.

use std::{collections::BTreeSet, fs};

use reelroom_store::{DatabaseUrl, Store, testing};
use tempfile::TempDir;

use super::{
    LOG, bytes, check_strace,
    disk::{self, Unsynced},
};
use crate::{
    binary::{Caller, Server},
    torture::{NOWHERE, body, compare, prepare, stored_counts},
};

/// The system calls that change files or answer, as a regular expression of `strace`.
const TRACED: &str = "/^(open|ftruncate|fallocate|p?write|fsync|fdatasync|send)";

/// The number of calls, and the bytes of each. Five of them fill the write-ahead log, which is then copied into the
/// database (a checkpoint) and begins anew.
const CALLS: usize = 7;
const BYTES: usize = 900_000;

/// The number of calls in a database that no server uses.
async fn count(database: &DatabaseUrl) -> usize {
    let store = Store::connect(database).await.unwrap();
    let count = testing::all_calls(&store).await.len();
    store.close().await;
    count
}

/// The lines at which a sync of the calls' log is over.
fn synced(lines: &[&str]) -> Vec<usize> {
    let begins = |line: &&str| line.contains("sync(") && line.contains(LOG);
    let begun = (0..lines.len()).filter(|at| begins(&lines[*at]));
    begun
        .filter_map(|at| {
            let thread = lines[at].split(' ').next();
            let is_over = |line: &&str| {
                line.split(' ').next() == thread
                    && line.contains("sync")
                    && line.trim_end().ends_with("= 0")
            };
            Some(at + lines[at..].iter().position(is_over)?)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_after_any_answer_loses_no_acknowledged_call() {
    check_strace();
    let folder = TempDir::new().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let database = DatabaseUrl::Sqlite(root.join("reelroom.db"));
    prepare(&database, &root, NOWHERE).await;
    let before = bytes::read(&root);
    let trace = root.join("trace");
    let mut server = Server::traced(&root, &database, &[], TRACED, &trace);
    let mut caller = Caller::connect(&server.address).unwrap();
    let names: Vec<String> = (1..=CALLS).map(|number| format!("c0-n{number}")).collect();
    for (number, name) in (1..).zip(&names) {
        let mut call = body(name, 0, number).into_bytes();
        call.resize(BYTES, b' ');
        assert_eq!(caller.post("av", &call).unwrap(), 200);
    }
    assert_eq!(stored_counts(&database).await.len(), CALLS);
    server.kill();

    let trace = fs::read_to_string(&trace).unwrap();
    let lines: Vec<&str> = trace.lines().collect();
    let is_copied = |line: &&str| line.contains("pwrite64(") && line.contains(".calls.db>");
    assert!(lines.iter().any(is_copied), "the log was never copied");
    let answers = (0..lines.len()).filter(|at| lines[*at].contains("HTTP/1.1 200 OK"));
    let answers: Vec<usize> = answers.collect();
    assert_eq!(answers.len(), CALLS);
    let mut earlier = 0;
    for (acknowledged, answer) in (1..).zip(&answers) {
        // A system call that has not returned when the answer is sent counts as not made.
        let calls = disk::calls(&lines[..*answer].join("\n"));
        let names: BTreeSet<String> = names[..acknowledged].iter().cloned().collect();
        for unsynced in [Unsynced::Lost, Unsynced::Partly] {
            let left = bytes::after_cut(&root, &before, &calls, unsynced);
            bytes::write(&root, &left);
            let mut server = Server::start(&root, &database, &[]);
            let kept = stored_counts(&database).await;
            server.kill();
            compare(&names, &kept);
            // No later call is there: the replay ends at this answer.
            assert_eq!(kept.len(), acknowledged, "{unsynced:?}");
        }
        // Without the syncs since the answer before, this call would be lost.
        let is_sync = |call: &str| call.contains("sync(") && call.contains(".calls.db");
        let (synced, since) = calls.split_at(earlier);
        let rest = since.iter().filter(|call| !is_sync(call));
        let not_synced: Vec<String> = synced.iter().chain(rest).cloned().collect();
        let left = bytes::after_cut(&root, &before, &not_synced, Unsynced::Lost);
        bytes::write(&root, &left);
        assert_eq!(count(&database).await, acknowledged - 1);
        earlier = calls.len();
    }
    // A call is taken off the list of waiting ones when what was understood of it is on the disk, not before.
    let synced = synced(&lines);
    assert!(synced.len() > CALLS, "no call was taken off the list");
    for at in synced {
        let acknowledged = answers.iter().filter(|answer| **answer < at).count();
        let calls = disk::calls(&lines[..=at].join("\n"));
        let left = bytes::after_cut(&root, &before, &calls, Unsynced::Lost);
        bytes::write(&root, &left);
        let mut server = Server::start(&root, &database, &[]);
        let kept = stored_counts(&database).await;
        server.kill();
        compare(&names[..acknowledged].iter().cloned().collect(), &kept);
    }
}
