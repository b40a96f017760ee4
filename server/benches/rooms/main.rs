//! The list of rooms and the event streams at work, against the real binary over loopback.
//!
//! `cargo bench -p reelroom --bench rooms`; with `--profile dev` it only shows that it works. It
//! seeds a database with 5,000 rooms and 20,000 recordings, then
//!
//! 1. asks for the list's HTML, beside a bare axum handler that answers the same bytes, and
//! 2. posts 1,000 status events a second with 200 event streams open, and checks that each stream
//!    was told of every room after its last event.
//!
//! An aim that is missed is said, and ends it with an error where the build is optimised.

use std::{
    collections::HashMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use axum::{Router, http::header, routing::get};
use futures::StreamExt;
use reelroom_anyrtc::status::{self, StatusEvent, What};
use reelroom_domain::{
    ids::AppId,
    recording::{AutoStop, Origin, RecordingState},
    room::RoomId,
    time::Timestamp,
};
use reelroom_store::{
    DatabaseUrl, Store,
    apps::{self, App},
    meetings,
    recordings::{self, Recording},
    rooms,
};
use tokio::{net::TcpListener, sync::mpsc, task::JoinSet, time::sleep};

const ROOMS: usize = 5000;
const RECORDINGS: usize = 20_000;
const STREAMS: usize = 200;
/// Rooms in which things happen, and events of each.
const BUSY: usize = 500;
const EVENTS: usize = 10;
const EVENTS_A_SECOND: usize = 1000;
/// Events in one call, as the platform gathers them.
const CALL: usize = 20;
const PAGES: usize = 60;

const PASSWORD: &str = "bench-password";
const SECRET: &str = "bench-secret-of-callbacks";

#[tokio::main]
async fn main() -> Result<()> {
    // `cargo test --benches` and the like only want to know that it starts.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    // The client wants one, though it speaks no TLS here.
    let provider = rustls::crypto::ring::default_provider().install_default();
    ensure!(provider.is_ok(), "there is another TLS already");
    let folder = tempfile::tempdir()?;
    let begun = Instant::now();
    seed(&folder.path().join("reelroom.db")).await?;
    let seeded = begun.elapsed();
    println!(
        "{ROOMS} rooms, {RECORDINGS} recordings, seeded in {:.1} s{}",
        seeded.as_secs_f64(),
        if cfg!(debug_assertions) {
            "; not optimised: the numbers say nothing"
        } else {
            ""
        }
    );
    let server = Server::start(folder.path()).await?;
    let mut missed = Vec::new();
    list(&server, &mut missed).await?;
    events(&server, &mut missed).await?;
    drop(server);
    for aim in &missed {
        println!("missed: {aim}");
    }
    ensure!(
        missed.is_empty() || cfg!(debug_assertions),
        "{} aims were missed",
        missed.len()
    );
    Ok(())
}

fn room(number: usize) -> Result<RoomId> {
    Ok(RoomId::new(format!("room-{number:04}"))?)
}

/// Ids grow with time, as ours do.
fn id<T: std::str::FromStr>(number: usize) -> Result<T> {
    let text = format!("{number:032x}");
    text.parse().map_err(|_| anyhow::anyhow!("{text} is no id"))
}

async fn seed(path: &Path) -> Result<()> {
    let url: DatabaseUrl = format!("sqlite:{}", path.display()).parse()?;
    let store = Store::connect(&url).await?;
    store.migrate().await?;
    let app: AppId = id(1)?;
    let start = now().plus_millis(-30 * 24 * 3_600_000);
    let mut tx = store.write().await?;
    apps::insert(&mut tx, &bench_app(app, start)).await?;
    for number in 0..ROOMS {
        rooms::ensure(&mut tx, app, &room(number)?, start).await?;
        if number % 10 == 0 {
            let meeting = id(0x100_0000 + number)?;
            meetings::begin(&mut tx, app, &room(number)?, start, meeting).await?;
        }
    }
    for number in 0..RECORDINGS {
        let at = start.plus_millis(i64::try_from(number)? * 60_000);
        let state = match number {
            19_980.. => RecordingState::Recording,
            19_960.. => RecordingState::Overdue,
            _ => RecordingState::Ready,
        };
        let recording = recording(
            id(0x200_0000 + number)?,
            app,
            number * 7919 % ROOMS,
            state,
            at,
        )?;
        recordings::insert(&mut tx, &recording).await?;
    }
    tx.commit().await?;
    store.close().await;
    Ok(())
}

fn bench_app(app: AppId, at: Timestamp) -> App {
    App {
        id: app,
        name: "Bench".into(),
        app_id: "bench".into(),
        api_base: "http://127.0.0.1:9".into(),
        method: "get".into(),
        encoding: "json".into(),
        reply_form: "string".into(),
        zone: "Asia/Shanghai".into(),
        allowed_hosts: vec![],
        public_cloud: false,
        frames: false,
        sandbox: false,
        kinds: vec!["Meet".into()],
        vod_base: "http://127.0.0.1:9".into(),
        vod_token: None,
        created_at: at,
    }
}

fn recording(
    id: reelroom_domain::ids::RecordingId,
    app: AppId,
    of: usize,
    state: RecordingState,
    at: Timestamp,
) -> Result<Recording> {
    Ok(Recording {
        id,
        app,
        room: room(of)?,
        origin: Origin::Started,
        state,
        state_since: at,
        rule: Some("ar_{roomid}_{date}_{random}".into()),
        path: None,
        user_data: None,
        kind: Some("Meet".into()),
        requested_at: at,
        started_at: Some(at),
        stopped_at: (state != RecordingState::Recording).then_some(at),
        requested_by: Some("bench".into()),
        stopped_by: None,
        tracks_expected: 2,
        frames_expected: false,
        auto_stop: AutoStop::default(),
    })
}

fn now() -> Timestamp {
    let millis = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_millis());
    Timestamp::from_millis(i64::try_from(millis).unwrap_or_default())
}

/// The binary, with a session of its administrator.
struct Server {
    child: Child,
    address: SocketAddr,
    client: reqwest::Client,
    cookie: String,
}

impl Server {
    async fn start(folder: &Path) -> Result<Self> {
        let binary = PathBuf::from(env!("CARGO_BIN_EXE_reelroom"));
        // A port that is free now.
        let address = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
        let child = Command::new(binary)
            .args(["--listen", &address.to_string(), "--data-dir"])
            .arg(folder)
            .env("REELROOM_ADMIN_USER", "bench")
            .env("REELROOM_ADMIN_PASSWORD", PASSWORD)
            .env("REELROOM_CALLBACK_SECRET", SECRET)
            .env("RUST_LOG", "error")
            .stdout(Stdio::null())
            .spawn()?;
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .pool_max_idle_per_host(64)
            .build()?;
        let mut server = Self {
            child,
            address,
            client,
            cookie: String::new(),
        };
        let begun = Instant::now();
        while server
            .client
            .get(server.url("/healthz"))
            .send()
            .await
            .is_err()
        {
            ensure!(
                begun.elapsed() < Duration::from_secs(30),
                "it does not start"
            );
            sleep(Duration::from_millis(20)).await;
        }
        let answer = server
            .client
            .post(server.url("/fn/sign_in"))
            .form(&[("name", "bench"), ("password", PASSWORD), ("next", "/")])
            .send()
            .await?;
        let cookie = answer
            .headers()
            .get(header::SET_COOKIE)
            .context("not signed in")?;
        cookie
            .to_str()?
            .split(';')
            .next()
            .unwrap_or_default()
            .clone_into(&mut server.cookie);
        Ok(server)
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Processor seconds until now, and MiB of memory (Linux only).
    fn costs(&self) -> Result<(f64, f64)> {
        let folder = format!("/proc/{}", self.child.id());
        let stat = std::fs::read_to_string(format!("{folder}/stat"))?;
        let fields: Vec<&str> = stat
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .split(' ')
            .collect();
        let ticks = |index: usize| {
            fields
                .get(index)
                .and_then(|ticks| ticks.parse::<f64>().ok())
        };
        let status = std::fs::read_to_string(format!("{folder}/status"))?;
        let kib = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
        let seconds = (ticks(12).unwrap_or_default() + ticks(13).unwrap_or_default()) / 100.0;
        Ok((seconds, kib.unwrap_or_default() / 1024.0))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is gone already, or ends now.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The given part of the sorted values, for example 0.5 for the median.
fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index of a list that fits in memory"
    )]
    let index = (part * (values.len().saturating_sub(1)) as f64).round() as usize;
    values.get(index).copied().unwrap_or_default()
}

fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

/// The page of the list, and the same bytes from a handler that does nothing.
async fn list(server: &Server, missed: &mut Vec<String>) -> Result<()> {
    let page = |path: &'static str| async move {
        let begun = Instant::now();
        let answer = server
            .client
            .get(server.url(path))
            .header("cookie", &server.cookie)
            .send()
            .await?
            .error_for_status()?;
        let text = answer.text().await?;
        Ok::<_, anyhow::Error>((millis(begun), text))
    };
    let (_, html) = page("/").await?;
    ensure!(html.contains("room-"), "the list is empty");
    let bytes = html.len();
    let bare = TcpListener::bind("127.0.0.1:0").await?;
    let bare_url = format!("http://{}/", bare.local_addr()?);
    let same = Router::new().route(
        "/",
        get(move || async move { ([(header::CONTENT_TYPE, "text/html")], html.clone()) }),
    );
    tokio::spawn(async move { axum::serve(bare, same).await });
    for (what, path, aim) in [
        ("list of rooms", "/", Some(30.0)),
        ("a search in it", "/?q=42", None),
        ("live rooms", "/?show=live", None),
    ] {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..PAGES {
            ours.push(page(path).await?.0);
            let begun = Instant::now();
            server.client.get(&bare_url).send().await?.bytes().await?;
            theirs.push(millis(begun));
        }
        let (median, beside) = (quantile(&mut ours, 0.5), quantile(&mut theirs, 0.5));
        let slowest = quantile(&mut ours, 0.99);
        println!(
            "{what}: {median:.1} ms at the median, {slowest:.1} ms at 99 % ({bytes} bytes; a bare handler {beside:.2} ms: ×{:.0})",
            median / beside
        );
        if let Some(aim) = aim.filter(|aim| median >= *aim) {
            missed.push(format!("{what}: {median:.1} ms, not under {aim} ms"));
        }
    }
    Ok(())
}

/// When a stream was told of a room.
struct Told {
    stream: usize,
    room: String,
    at: Instant,
}

async fn events(server: &Server, missed: &mut Vec<String>) -> Result<()> {
    let (tell, mut told) = mpsc::unbounded_channel();
    let open = Arc::new(AtomicUsize::new(0));
    let resyncs = Arc::new(AtomicUsize::new(0));
    let mut streams = JoinSet::new();
    for number in 0..STREAMS {
        let answer = server
            .client
            .get(server.url("/events"))
            .header("cookie", &server.cookie)
            .send()
            .await?
            .error_for_status()?;
        let (tell, open, resyncs) = (tell.clone(), Arc::clone(&open), Arc::clone(&resyncs));
        streams.spawn(async move {
            let mut bytes = answer.bytes_stream();
            let mut text = String::new();
            while let Some(Ok(chunk)) = bytes.next().await {
                let at = Instant::now();
                text.push_str(&String::from_utf8_lossy(&chunk));
                while let Some(end) = text.find("\n\n") {
                    let event: String = text.drain(..end + 2).collect();
                    if event.contains("event: hello") {
                        open.fetch_add(1, Ordering::Relaxed);
                    } else if event.contains("event: resync") {
                        resyncs.fetch_add(1, Ordering::Relaxed);
                    } else if let Some((_, rest)) = event.split_once("\"room\":\"") {
                        let room = rest.split('"').next().unwrap_or_default().to_owned();
                        // The one who counts is gone: the bench is over.
                        let _ = tell.send(Told {
                            stream: number,
                            room,
                            at,
                        });
                    }
                }
            }
        });
    }
    drop(tell);
    while open.load(Ordering::Relaxed) < STREAMS {
        sleep(Duration::from_millis(10)).await;
    }
    let (before, _) = server.costs()?;
    let begun = Instant::now();
    let (sent, last) = storm(server).await?;
    let took = begun.elapsed().as_secs_f64();

    // Every stream, every room, after its last event.
    let mut waiting: HashMap<(usize, String), Instant> = (0..STREAMS)
        .flat_map(|stream| {
            last.iter()
                .map(move |(room, at)| ((stream, room.clone()), *at))
        })
        .collect();
    let mut latencies = Vec::new();
    let patience = Instant::now() + Duration::from_mins(1);
    while !waiting.is_empty() {
        let next = tokio::time::timeout_at(patience.into(), told.recv()).await;
        let Ok(Some(Told { stream, room, at })) = next else {
            break;
        };
        if let Some(events) = sent.get(&room) {
            // The event that this tells of, or a later one: the last that was sent by then.
            if let Some(event) = events.iter().rfind(|event| **event <= at) {
                latencies.push(at.duration_since(*event).as_secs_f64() * 1000.0);
            }
        }
        let key = (stream, room);
        if waiting.get(&key).is_some_and(|last| *last <= at) {
            waiting.remove(&key);
        }
    }
    let (after, memory) = server.costs()?;
    let whole = begun.elapsed().as_secs_f64();
    let count = BUSY * EVENTS;
    let rate = f64::from(u32::try_from(count)?) / took;
    println!(
        "{count} status events at {rate:.0} a second to {STREAMS} streams: told after {:.0} ms at the median, {:.0} ms at 99 %; {} loaded everything; {:.0} % of a processor, {memory:.0} MiB",
        quantile(&mut latencies, 0.5),
        quantile(&mut latencies, 0.99),
        resyncs.load(Ordering::Relaxed),
        (after - before) / whole * 100.0,
    );
    if !waiting.is_empty() {
        missed.push(format!("{} times a last state was not told", waiting.len()));
    }
    #[expect(clippy::cast_precision_loss, reason = "a thousand")]
    if rate < EVENTS_A_SECOND as f64 * 0.95 {
        missed.push(format!("{rate:.0} events a second, not {EVENTS_A_SECOND}"));
    }
    streams.abort_all();
    Ok(())
}

/// When each room's events were sent, and the last of them.
type Sent = (HashMap<String, Vec<Instant>>, HashMap<String, Instant>);

/// Posts the events at their rate, whatever the answers take.
async fn storm(server: &Server) -> Result<Sent> {
    let mut sent: HashMap<String, Vec<Instant>> = HashMap::new();
    let mut calls = JoinSet::new();
    let begun = Instant::now();
    let a_call = Duration::from_secs(1) * u32::try_from(CALL)? / u32::try_from(EVENTS_A_SECOND)?;
    for call in 0..BUSY * EVENTS / CALL {
        sleep((begun + a_call * u32::try_from(call)?).saturating_duration_since(Instant::now()))
            .await;
        let mut events = Vec::new();
        for number in call * CALL..(call + 1) * CALL {
            let (round, room) = (number / BUSY, room(number % BUSY * 10 + 1)?);
            events.push(StatusEvent {
                room: room.to_string(),
                user: Some(format!("u{round}")),
                at_ms: Some(now().as_millis()),
                what: What::Online,
                user_data: None,
            });
            sent.entry(room.to_string())
                .or_default()
                .push(Instant::now());
        }
        let request = server
            .client
            .post(server.url(&format!("/{SECRET}/AR/V1/status")))
            .body(status::write(&events).to_string());
        calls.spawn(async move { Ok::<_, reqwest::Error>(request.send().await?.status()) });
    }
    while let Some(answer) = calls.join_next().await {
        let status = answer??;
        if !status.is_success() {
            bail!("a status call was answered with {status}");
        }
    }
    let last = sent
        .iter()
        .filter_map(|(room, events)| Some((room.clone(), *events.last()?)))
        .collect();
    Ok((sent, last))
}
