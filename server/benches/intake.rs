//! How many callbacks a second are durable when they are answered, beside two servers that do less.
//!
//! `make bench` runs it: the built binary, (a) the same axum with a handler that only parses and
//! answers, and (b) one that writes each call in a transaction of its own with the same durability;
//! and once more ours without an app, where it understands nothing: what is missing then is what
//! understanding costs on the same core. Each server on one core, the client on another, over loopback, one after the other in one run.
//! `REELROOM_BENCH_SECONDS` says how long each figure is taken (5).

use std::{
    fmt::Write as _,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use reelroom::{Limits, TrustedProxies, listen};
use reelroom_domain::{callback::CallbackKind, ids::CallId, time::Clock};
use reelroom_service::{
    CallbackAuth, SandboxApp, Secret, SecretKeySource, Service, ServiceConfig, ServiceLimits,
    SharedRng, StorageLocation, SystemClock,
};
use reelroom_store::{
    DatabaseUrl, Store,
    calls::{self, NewCall},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{sleep, sleep_until},
};

const SECRET: &str = "a-secret-for-the-bench";
const CONNECTIONS: [usize; 4] = [1, 16, 64, 256];
/// The file that the servers beside ours keep their calls in.
const OTHER: &str = "other.db";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let text = |at: usize| arguments.get(at).map(String::as_str);
    let threads = if text(1) == Some("serve") {
        None
    } else {
        pin_to(1)
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads.map_or(2, |()| 1))
        .enable_all()
        .build()
        .unwrap();
    match (text(1), text(2), text(3)) {
        (Some("serve"), Some(what), Some(folder)) => {
            runtime.block_on(serve(what, Path::new(folder)));
        }
        _ => runtime.block_on(compare()),
    }
}

/// This process, and all that it starts from now on, on that core. `None`: there is only one, or no
/// `taskset`.
fn pin_to(core: usize) -> Option<()> {
    let cores = std::thread::available_parallelism().ok()?.get();
    let own = std::process::id().to_string();
    let pinned = Command::new("taskset")
        .args(["-cp", &core.to_string(), &own])
        .stdout(Stdio::null())
        .status();
    (cores > core && pinned.ok()?.success()).then_some(())
}

/// Which server.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Ours,
    Keeps,
    Parses,
    Each,
}

struct Server {
    child: Child,
    /// Who prints to a pipe that nobody holds is ended for it.
    _stdout: BufReader<ChildStdout>,
    address: String,
    folder: TempDir,
}

impl Server {
    async fn start(which: Which) -> Self {
        // On the disk that the project is on: a folder in memory would be no measure.
        let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let folder = TempDir::new_in(target).unwrap();
        let mut command = Command::new("taskset");
        command.args(["-c", "0"]);
        match which {
            Which::Ours | Which::Keeps => {
                if which == Which::Ours {
                    prepare(&database(folder.path(), "reelroom.db"), folder.path()).await;
                }
                command
                    .arg(binary())
                    .arg("serve")
                    .env("REELROOM_LISTEN", "127.0.0.1:0")
                    .env("REELROOM_DATA_DIR", folder.path())
                    .env("REELROOM_CALLBACK_SECRET", SECRET)
                    .env("RUST_LOG", "error");
            }
            Which::Parses => {
                let own = std::env::current_exe().unwrap();
                command
                    .arg(own)
                    .args(["serve", "parses"])
                    .arg(folder.path());
            }
            Which::Each => {
                let own = std::env::current_exe().unwrap();
                command.arg(own).args(["serve", "each"]).arg(folder.path());
            }
        }
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let line = stdout
            .by_ref()
            .lines()
            .map_while(Result::ok)
            .find(|line| line.starts_with("Reelroom"))
            .expect("the server says where it is");
        let address = line.split("http://").nth(1).unwrap().trim().to_owned();
        Self {
            child,
            _stdout: stdout,
            address,
            folder,
        }
    }

    /// The most memory that it had, in MiB.
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        status
            .unwrap_or_default()
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .and_then(|size| size.trim().trim_end_matches(" kB").parse::<u64>().ok())
            .map_or(0, |kib| kib / 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn binary() -> PathBuf {
    std::env::var_os("REELROOM_BINARY")
        .map_or_else(|| env!("CARGO_BIN_EXE_reelroom").into(), PathBuf::from)
}

fn database(folder: &Path, name: &str) -> DatabaseUrl {
    format!("sqlite:{}", folder.join(name).display())
        .parse()
        .unwrap()
}

/// A database with an app: without one nothing would be understood.
async fn prepare(database: &DatabaseUrl, folder: &Path) {
    let config = ServiceConfig {
        database: database.clone(),
        storage: StorageLocation::Folder(folder.join("files")),
        public_url: None,
        callback_auth: CallbackAuth::Secret,
        callback_secrets: Vec::new(),
        secret_key: SecretKeySource::File(folder.join("secret.key")),
        admin: None,
        clock: Arc::new(SystemClock),
        rng: SharedRng::from_os(),
        limits: ServiceLimits::default(),
    };
    let service = Service::connect(config).await.unwrap();
    let app = SandboxApp {
        app_id: "bench".to_owned(),
        api_base: "http://127.0.0.1:9".parse().unwrap(),
        vod_token: Secret::new("vod"),
    };
    service.register_sandbox(app).await.unwrap();
    service.close().await;
}

/// One of the two servers beside ours.
async fn serve(what: &str, folder: &Path) {
    let site = if what == "parses" {
        Router::new().route("/{secret}/AR/V1/av", post(parses))
    } else {
        let store = Store::connect(&database(folder, OTHER)).await.unwrap();
        store.migrate().await.unwrap();
        Router::new()
            .route("/{secret}/AR/V1/av", post(each))
            .with_state(store)
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("Reelroom   http://{}", listener.local_addr().unwrap());
    let (limits, proxies) = (Limits::within(usize::MAX), TrustedProxies::default());
    listen(listener, site, limits, proxies, std::future::pending()).await;
}

const KEPT: &str = r#"{"success":"true","message":"kept"}"#;

async fn parses(body: Bytes) -> (StatusCode, &'static str) {
    match serde_json::from_slice::<serde_json::Value>(&body) {
        Ok(_) => (StatusCode::OK, KEPT),
        Err(_) => (StatusCode::BAD_REQUEST, ""),
    }
}

async fn each(State(store): State<Store>, body: Bytes) -> (StatusCode, &'static str) {
    let call = NewCall {
        kind: CallbackKind::Av,
        app: None,
        received_at: SystemClock.now(),
        remote: "127.0.0.1".to_owned(),
        content_type: Some("application/json".to_owned()),
        content_encoding: None,
        looked_up: false,
        body: body.into(),
    };
    let written = async {
        let mut tx = store.write_calls().await?;
        calls::append(&mut tx, &[call]).await?;
        tx.commit().await
    };
    match written.await {
        Ok(()) => (StatusCode::OK, KEPT),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, ""),
    }
}

/// A request that no other is like.
fn request(number: u64) -> Vec<u8> {
    let (room, begin) = (number % 200, 1_795_572_000 + number % 50);
    let kind = if number.is_multiple_of(64) { 1 } else { 2 };
    let body = format!(
        r#"{{"type":"{kind}","mediaType":"audio/video","userId":"user-{number}","groupId":"room-{room}","startTime":"{begin}","endTime":"{}","fileName":"ar_room_20261125_{number}.mp4","fileSize":65322,"duration":600,"downloadUrl":"http://192.0.2.1/recordings/ar_room_20261125_{number}.mp4","userData":"{{\"customerCode\":\"1002\",\"uNamer\":\"李席\",\"nNamer\":\"电务段\"}}"}}"#,
        begin + 600
    );
    let mut request = String::with_capacity(body.len() + 160);
    let _ = write!(
        request,
        "POST /{SECRET}/AR/V1/av HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    request.into_bytes()
}

/// Sends one request and waits for its answer; `false`: it was no success.
async fn call(stream: &mut TcpStream, number: u64) -> bool {
    stream.write_all(&request(number)).await.unwrap();
    let (mut got, mut length) = ([0; 2048], 0);
    loop {
        let many = stream.read(&mut got[length..]).await.unwrap();
        assert!(many > 0, "the server closed the connection");
        length += many;
        let Ok(text) = std::str::from_utf8(&got[..length]) else {
            continue;
        };
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let expected = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= expected.unwrap_or(0) {
                return head.starts_with("HTTP/1.1 200");
            }
        }
    }
}

/// What one run came to.
struct Figure {
    a_second: f64,
    p99: Duration,
}

fn p99(mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    took.get(took.len() * 99 / 100).copied().unwrap_or_default()
}

/// So many connections, each with its next call as soon as the last is answered; or, with `rate`,
/// so many calls a second over all of them, each timed from when it was due.
async fn load(address: &str, connections: usize, rate: Option<u32>, time: Duration) -> Figure {
    static NUMBER: AtomicU64 = AtomicU64::new(1_000_000);
    let begun = Instant::now();
    let mut clients = tokio::task::JoinSet::new();
    for which in 0..connections {
        let address = address.to_owned();
        let pace =
            rate.map(|rate| Duration::from_secs(1) * u32::try_from(connections).unwrap() / rate);
        clients.spawn(async move {
            let mut stream = TcpStream::connect(&address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            let mut took = Vec::new();
            let mut due = begun
                + pace.unwrap_or_default() * u32::try_from(which).unwrap()
                    / u32::try_from(connections).unwrap();
            while begun.elapsed() < time {
                let from = match pace {
                    None => Instant::now(),
                    Some(pace) => {
                        let from = due;
                        sleep_until(from.into()).await;
                        due += pace;
                        from
                    }
                };
                let number = NUMBER.fetch_add(1, Ordering::Relaxed);
                assert!(call(&mut stream, number).await, "not acknowledged");
                took.push(from.elapsed());
            }
            took
        });
    }
    let took: Vec<Duration> = clients.join_all().await.into_iter().flatten().collect();
    #[expect(clippy::cast_precision_loss, reason = "counts of seconds")]
    let a_second = took.len() as f64 / begun.elapsed().as_secs_f64();
    Figure {
        a_second,
        p99: p99(took),
    }
}

/// How long after the last call the last one is understood.
async fn behind(server: &Server) -> Duration {
    let ended = Instant::now();
    let store = Store::connect(&database(server.folder.path(), "reelroom.db"))
        .await
        .unwrap();
    loop {
        let mut read = store.read_calls().await.unwrap();
        let waiting = calls::count_waiting(&mut read, CallId::default(), 1).await;
        if waiting.unwrap() == 0 {
            return ended.elapsed();
        }
        drop(read);
        sleep(Duration::from_millis(10)).await;
    }
}

async fn compare() {
    let seconds = std::env::var("REELROOM_BENCH_SECONDS")
        .map_or(5.0, |text| text.parse().expect("a number of seconds"));
    let time = Duration::from_secs_f64(seconds);
    println!(
        "Durable acknowledgements a second, {seconds} s each; server on one core, client on another"
    );
    println!(
        "{:>11} {:>9} {:>9} {:>11} {:>11} {:>7} {:>7} {:>8} {:>8} {:>7}",
        "connections",
        "ours",
        "kept only",
        "(a) parses",
        "(b) each",
        "of (a)",
        "of (b)",
        "p99",
        "behind",
        "memory"
    );
    for connections in CONNECTIONS {
        let mut figures = Vec::new();
        let mut rest = String::new();
        for which in [Which::Parses, Which::Each, Which::Keeps, Which::Ours] {
            let server = Server::start(which).await;
            let figure = load(&server.address, connections, None, time).await;
            if which == Which::Ours {
                let behind = behind(&server).await;
                let _ = write!(
                    rest,
                    "{:>6.1}ms {:>6}ms {:>4}MiB",
                    figure.p99.as_secs_f64() * 1e3,
                    behind.as_millis(),
                    server.memory()
                );
            }
            figures.push(figure.a_second);
        }
        let [parses, each, keeps, ours] = figures[..] else {
            unreachable!("four servers were measured")
        };
        println!(
            "{connections:>11} {ours:>9.0} {keeps:>9.0} {parses:>11.0} {each:>11.0} {:>7.2} {:>7.1} {rest}",
            ours / parses,
            ours / each
        );
    }
    let server = Server::start(Which::Ours).await;
    let figure = load(&server.address, 16, Some(500), time).await;
    println!(
        "At 500 a second over 16 connections: {:.0}/s, p99 {:.1} ms, {} ms behind, {} MiB",
        figure.a_second,
        figure.p99.as_secs_f64() * 1e3,
        behind(&server).await.as_millis(),
        server.memory()
    );
}
