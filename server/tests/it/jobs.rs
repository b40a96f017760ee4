//! Background jobs in `/readyz` and `reelroom doctor`.

use std::{path::Path, process::Command};

use crate::{
    binary::{Caller, Server},
    common::{TestApp, TestClock, app_form, eventually, file_call},
};
use reelroom_domain::time::Clock;
use reelroom_service::SystemClock;
use reelroom_store::{
    DatabaseUrl, Store,
    jobs::{self, JobState},
};
use tempfile::TempDir;
use tokio::{io::AsyncReadExt, net::TcpListener};

const MINUTE: i64 = 60_000;

async fn readyz(app: &TestApp) -> (u16, String) {
    let answer = app.get("/readyz").send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn readyz_names_a_job_that_makes_no_progress() {
    let clock = TestClock::default();
    let app = TestApp::start_with_clock(&clock).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let of = app.save_app(&app_form(&base, "other0app")).await;
    let call = file_call("hall", "a.mp4", 12, &format!("{base}/a.mp4"));
    app.send_callback(&format!("av?app={of}"), &call).await;
    // The request for the file gets no response.
    let (mut request, _) = listener.accept().await.unwrap();
    request.read_u8().await.unwrap();
    clock.set_ahead(100 * MINUTE - 5_000);
    // Another round in progress is late by this clock, too, but ends.
    eventually("ready", async || {
        (readyz(&app).await.0 == 200).then_some(())
    })
    .await;
    clock.set_ahead(101 * MINUTE);
    let (status, body) = readyz(&app).await;
    assert_eq!(status, 503);
    // Other rounds in progress may be listed, too.
    assert!(body.starts_with("not ready: stuck: "), "{body}");
    assert!(body.contains("fetch files"), "{body}");
    drop((request, listener));
    eventually("ready again", async || {
        (readyz(&app).await.0 == 200).then_some(())
    })
    .await;
}

/// The lines of `reelroom doctor` about jobs.
fn doctor(folder: &Path) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_reelroom"))
        .args(["doctor", "--sandbox", "--data-dir"])
        .arg(folder)
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let jobs = output.lines().filter(|line| line.contains("job “"));
    jobs.map(ToOwned::to_owned).collect()
}

#[test]
fn the_doctor_shows_each_job() {
    let folder = TempDir::new().unwrap();
    let database = DatabaseUrl::Sqlite(folder.path().join("reelroom.db"));
    let mut server = Server::start(folder.path(), &database, &[]);
    let mut caller = Caller::connect(&server.address).unwrap();
    assert_eq!(caller.post("av", b"{}").unwrap(), 200);
    let mut jobs = doctor(folder.path());
    for _ in 0..100 {
        if jobs.len() == 20 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
        jobs = doctor(folder.path());
    }
    assert_eq!(jobs.len(), 20, "{jobs:?}");
    for job in &jobs {
        assert!(job.starts_with("ok    job “"), "{job}");
        assert!(job.contains(": last run 00:00:"), "{job}");
        assert!(job.contains(", last success 00:00:"), "{job}");
        assert!(job.ends_with(", last error none"), "{job}");
    }
    // After SIGTERM each job is reported as stopped.
    server.end();
    for job in doctor(folder.path()) {
        assert!(job.contains(" ago (stopped), last success"), "{job}");
    }
}

#[tokio::test]
async fn the_doctor_shows_the_error_of_a_job_that_fails() {
    let folder = TempDir::new().unwrap();
    let database = DatabaseUrl::Sqlite(folder.path().join("reelroom.db"));
    let store = Store::connect(&database).await.unwrap();
    store.migrate().await.unwrap();
    let now = Some(SystemClock.now());
    let failed = JobState {
        last_run_at: now,
        last_error_at: now,
        last_error: Some("no space left".to_owned()),
        ..JobState::default()
    };
    let mut write = store.write().await.unwrap();
    let recorded = jobs::record(&mut write, "one", &[("fetch files", failed)]).await;
    recorded.unwrap();
    write.commit().await.unwrap();
    store.close().await;
    let lines = doctor(folder.path());
    assert_eq!(lines.len(), 1, "{lines:?}");
    let (job, error) = lines[0].split_once(", last success never, ").unwrap();
    assert!(
        job.starts_with("fail  job “fetch files”: last run 00:"),
        "{job}"
    );
    assert!(error.starts_with("last error 00:"), "{error}");
    assert!(error.ends_with(" ago: no space left"), "{error}");
}

#[test]
fn the_doctor_asks_a_server_whether_it_is_ready() {
    let folder = TempDir::new().unwrap();
    let database = DatabaseUrl::Sqlite(folder.path().join("reelroom.db"));
    let mut server = Server::start(folder.path(), &database, &[]);
    let address = server.address.clone();
    let ask = || {
        Command::new(env!("CARGO_BIN_EXE_reelroom"))
            .args(["doctor", "--ready", "--listen", &address, "--data-dir"])
            .arg(folder.path())
            .output()
            .unwrap()
    };
    let ready = ask();
    assert!(ready.status.success(), "{ready:?}");
    assert_eq!(ready.stdout, b"ready\n");
    server.end();
    let ended = ask();
    assert_eq!(ended.status.code(), Some(1));
    let error = String::from_utf8(ended.stderr).unwrap();
    let expected = format!("reelroom: no answer from {address}: ");
    assert!(error.starts_with(&expected), "{error}");
}
