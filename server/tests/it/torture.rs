//! The built binary, killed at any moment: every acknowledged call is stored, and once.
//!
//! `REELROOM_TORTURE_CYCLES` sets the number of kills for each database (default 20).

mod fetching;
mod flood;
mod full_disk;
mod large;
mod power;
mod purging;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::Write,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::binary::{Caller, SECRET, Server};
use futures::future::join_all;
use rand::Rng;
use reelroom_domain::callback::Verdict;
use reelroom_service::{SandboxApp, Secret, Service, ServiceConfig};
use reelroom_store::{
    DatabaseUrl, Store, files,
    testing::{self, Databases},
};
use tempfile::TempDir;

const CLIENTS: usize = 32;

/// Where no platform is.
pub const NOWHERE: &str = "http://127.0.0.1:9";

/// The service over a database, without jobs.
pub async fn connect(database: &DatabaseUrl, folder: &Path) -> Service {
    let config = ServiceConfig::new(database.clone(), folder);
    Service::connect(config).await.unwrap()
}

/// Creates a database with one app, so that callbacks are understood and files of `platform` are fetched.
pub async fn prepare(database: &DatabaseUrl, folder: &Path, platform: &str) {
    let service = connect(database, folder).await;
    let sandbox = SandboxApp {
        app_id: "torture".to_owned(),
        api_base: platform.parse().unwrap(),
        vod_token: Secret::new("vod"),
    };
    service.register_sandbox(sandbox).await.unwrap();
    service.close().await;
}

/// A callback with a unique file name.
pub fn body(name: &str, client: usize, number: usize) -> String {
    // Every 16th is a composite; 64 share an hour.
    let kind = if number.is_multiple_of(16) { 1 } else { 2 };
    let begin = 1_795_572_000 + number / 64 * 3600;
    format!(
        r#"{{"type":"{kind}","mediaType":"video","userId":"u{number}","groupId":"room-{client}","fileName":"{name}","fileSize":{number},"duration":60,"startTime":"{begin}","endTime":"{}","downloadUrl":"http://192.0.2.1/{name}","userData":""}}"#,
        begin + 60
    )
}

/// Posts until `stop`, and writes the name of each acknowledged call to the file `log`.
pub fn client(which: usize, at: &Mutex<Option<String>>, stop: &AtomicBool, log: &Path) {
    let mut file = File::create(log).unwrap();
    let mut caller = None;
    let mut number = 0;
    while !stop.load(Ordering::Relaxed) {
        let Some(address) = at.lock().unwrap().clone() else {
            caller = None;
            thread::sleep(Duration::from_millis(5));
            continue;
        };
        number += 1;
        let name = format!("c{which}-n{number}");
        let answered = match &mut caller {
            Some(caller) => Ok(caller),
            None => Caller::connect(&address).map(|new| caller.insert(new)),
        }
        .and_then(|caller| caller.post("av", body(&name, which, number).as_bytes()));
        match answered {
            Ok(200) => writeln!(file, "{name}").unwrap(),
            Ok(503) => {}
            Ok(other) => panic!("answered {other}"),
            // Killed: the call may be stored or not.
            Err(_) => {
                caller = None;
                thread::sleep(Duration::from_millis(5));
            }
        }
    }
}

/// Number of calls and of files in the database, by file name.
pub async fn stored_counts(database: &DatabaseUrl) -> BTreeMap<String, (usize, usize)> {
    let store = Store::connect(database).await.unwrap();
    let begun = Instant::now();
    loop {
        if testing::count_waiting(&store).await == 0 {
            break;
        }
        assert!(
            begun.elapsed() < Duration::from_mins(2),
            "not understood within two minutes"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let mut kept: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for known in testing::all_calls(&store).await {
        assert_eq!(known.verdict(), Some(Verdict::Accepted), "{known:?}");
        let callback: serde_json::Value = serde_json::from_slice(&known.call.content.body).unwrap();
        let name = callback["fileName"].as_str().unwrap().to_owned();
        kept.entry(name).or_default().0 += 1;
    }
    let mut read = store.read().await.unwrap();
    let app = reelroom_store::apps::default_app(&mut read)
        .await
        .unwrap()
        .unwrap();
    for row in testing::recordings_of(&mut read, app.id).await {
        let files = files::of_recording(&mut read, row.recording.id).await;
        for file in files.unwrap() {
            kept.entry(file.announced.name).or_default().1 += 1;
        }
    }
    drop(read);
    store.close().await;
    kept
}

/// Asserts that no acknowledged call is missing, and that nothing is stored twice.
pub fn compare(acknowledged: &BTreeSet<String>, kept: &BTreeMap<String, (usize, usize)>) {
    let lost: Vec<&String> = acknowledged
        .iter()
        .filter(|name| !kept.contains_key(*name))
        .collect();
    assert!(lost.is_empty(), "{} lost: {lost:?}", lost.len());
    let odd: Vec<_> = kept.iter().filter(|(_, many)| **many != (1, 1)).collect();
    assert!(odd.is_empty(), "{} not once: {odd:?}", odd.len());
}

async fn torture(database: &DatabaseUrl, folder: &Path) {
    let cycles: usize = std::env::var("REELROOM_TORTURE_CYCLES")
        .map_or(20, |cycles| cycles.parse().expect("a number of cycles"));
    prepare(database, folder, NOWHERE).await;
    let (at, stop) = (Mutex::new(None), AtomicBool::new(false));
    let log_of = |which: usize| folder.join(format!("client-{which}"));
    thread::scope(|scope| {
        let (at, stop) = (&at, &stop);
        for which in 0..CLIENTS {
            let log = log_of(which);
            scope.spawn(move || client(which, at, stop, &log));
        }
        let mut rng = rand::rng();
        for _ in 0..cycles {
            let mut server = Server::start(folder, database, &[]);
            *at.lock().unwrap() = Some(server.address.clone());
            thread::sleep(Duration::from_millis(rng.random_range(50..500)));
            server.kill();
            *at.lock().unwrap() = None;
        }
        stop.store(true, Ordering::Relaxed);
    });
    let acknowledged: BTreeSet<String> = (0..CLIENTS)
        .flat_map(|which| {
            let text = std::fs::read_to_string(log_of(which)).unwrap();
            text.lines().map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    // The last start understands the remaining calls.
    let mut server = Server::start(folder, database, &[]);
    let kept = stored_counts(database).await;
    server.kill();
    println!(
        "killed {cycles} times: {} acknowledged, {} kept",
        acknowledged.len(),
        kept.len()
    );
    assert!(acknowledged.len() > cycles, "hardly anything was tried");
    compare(&acknowledged, &kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_on_sqlite() {
    let databases = Databases::on_sqlite();
    let folder = TempDir::new().unwrap();
    torture(&databases.another(), folder.path()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_on_postgres() {
    let databases = Databases::on_postgres();
    let folder = TempDir::new().unwrap();
    torture(&databases.another(), folder.path()).await;
}

/// The crash points of `reelroom_service::ground::crash` that a call passes.
const POINTS: [&str; 11] = [
    "allowed",
    "group-begun",
    "group-inserted",
    "group-durable",
    "answering",
    "understanding-begun",
    "understanding-applied",
    "understanding-committed",
    "waiting-cleared",
    "understanding-durable",
    "published",
];

async fn crash_at(point: &str, databases: &Databases) {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let database = &databases.another();
    prepare(database, folder, NOWHERE).await;
    let mut server = Server::start(folder, database, &[("REELROOM_CRASH_AT", point)]);
    let mut acknowledged = BTreeSet::new();
    let mut tried = 0;
    // A point after the response is reached a moment later.
    while tried < 1000 && server.is_alive() {
        tried += 1;
        let name = format!("c0-n{tried}");
        let answered = Caller::connect(&server.address)
            .and_then(|mut caller| caller.post("av", body(&name, 0, tried).as_bytes()));
        if matches!(answered, Ok(200)) {
            acknowledged.insert(name);
        }
        thread::sleep(Duration::from_millis(5));
    }
    assert!(!server.is_alive(), "{point} was never reached");
    let before_the_answer = POINTS.iter().position(|known| *known == point).unwrap() <= 4;
    // Steps after the commit run beside the response, and may end the process before it is sent.
    if before_the_answer {
        assert!(acknowledged.is_empty(), "{point}");
    }
    let is_between = ["understanding-committed", "waiting-cleared"].contains(&point);
    if is_between && matches!(database, DatabaseUrl::Sqlite(_)) {
        // Between the commits to the two files a call is understood and still waiting.
        let store = Store::connect(database).await.unwrap();
        assert!(testing::count_waiting(&store).await > 0);
        let all = testing::all_calls(&store).await;
        assert!(all.iter().any(|known| known.entry.is_some()));
        store.close().await;
    }
    let mut server = Server::start(folder, database, &[]);
    let kept = stored_counts(database).await;
    server.kill();
    compare(&acknowledged, &kept);
    // Durable calls are stored, although no client got a response.
    let durable = POINTS.iter().position(|known| *known == point).unwrap() >= 3;
    assert_eq!(!kept.is_empty(), durable, "{point}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_at_each_step_loses_and_doubles_nothing_on_sqlite() {
    let databases = Databases::on_sqlite();
    join_all(POINTS.map(|point| crash_at(point, &databases))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_at_each_step_loses_and_doubles_nothing_on_postgres() {
    let databases = Databases::on_postgres();
    join_all(POINTS.map(|point| crash_at(point, &databases))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_log_shows_the_secret() {
    let databases = Databases::on_sqlite();
    let database = databases.another();
    let folder = TempDir::new().unwrap();
    prepare(&database, folder.path(), NOWHERE).await;
    let mut server = Server::start(folder.path(), &database, &[("RUST_LOG", "trace")]);
    let mut caller = Caller::connect(&server.address).unwrap();
    for (path, body) in [
        (format!("/{SECRET}/AR/V1/av"), &b"{}"[..]),
        (format!("/AR/V1/av/{SECRET}"), b"{broken"),
        (format!("/AR/V1/av?secret={SECRET}"), b"[]"),
        (
            format!("/AR/V1/status?app=x&secret={SECRET}&secret=y"),
            b"[]",
        ),
        (format!("/AR/V1/other/{SECRET}"), b"{}"),
    ] {
        caller.post_to(&path, body).unwrap();
    }
    let _ = caller.post_to(&format!("/{SECRET}/AR/V1/av"), &vec![b' '; (1 << 20) + 1]);
    let log = || std::fs::read_to_string(folder.path().join("log")).unwrap();
    let begun = Instant::now();
    while !log().contains("understood") && begun.elapsed() < Duration::from_secs(20) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    server.kill();
    let log = log();
    assert!(log.contains("understood"), "nothing was logged");
    let shown: Vec<&str> = log.lines().filter(|line| line.contains(SECRET)).collect();
    assert!(shown.is_empty(), "{shown:#?}");
}
