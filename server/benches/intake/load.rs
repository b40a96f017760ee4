//! Calls, sent over many connections, and what came of them.

use std::{
    fmt::Write as _,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use reelroom_domain::ids::CallId;
use reelroom_store::{Store, calls, inbox};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::{sleep, sleep_until},
};

use crate::{
    SECRET,
    person::{Person, Waits},
    prepare::{MEETINGS, Prepared, meeting},
    server::Server,
};

/// So many calls may wait to be understood before the connections do.
pub const LAG: u64 = 20_000;
/// The first number of a call. No two calls of a run have the same.
static NUMBER: AtomicUsize = AtomicUsize::new(1_000_000);

/// The calls that are sent.
#[derive(Clone, Copy)]
pub enum Load {
    /// Files without a token, of 200 recordings.
    Files,
    /// Files without a token, of 4,200 recordings on 21 days, in no order.
    Scattered,
    /// Of ten calls, six of what happens in rooms, three of files with a token, and one that came
    /// before.
    Mixed,
}

/// When a connection sends its next call.
#[derive(Clone, Copy)]
pub enum Pace {
    /// As soon as the last one is answered.
    Closed,
    /// So that there are so many a second over all connections.
    PerSecond(u32),
    /// As soon as the last one is answered and fewer than [`LAG`] calls wait.
    Sustained,
}

/// The contents of a callback about a file.
pub struct Meaning {
    pub number: usize,
    pub room: String,
    /// When it began, in seconds.
    pub began: u64,
    pub user_data: String,
}

impl Meaning {
    pub fn body(&self) -> String {
        let Self {
            number,
            room,
            began,
            user_data,
        } = self;
        let kind = if number.is_multiple_of(64) { 1 } else { 2 };
        let ended = began + 600;
        format!(
            r#"{{"type":"{kind}","mediaType":"audio/video","userId":"user-{number}","groupId":"{room}","startTime":"{began}","endTime":"{ended}","fileName":"ar_room_20261125_{number}.mp4","fileSize":65322,"duration":600,"downloadUrl":"http://192.0.2.1/recordings/ar_room_20261125_{number}.mp4","userData":"{user_data}"}}"#
        )
    }
}

const USER_DATA: &str = r#"{\"customerCode\":\"1002\",\"uNamer\":\"李席\",\"nNamer\":\"电务段\"}"#;
/// When the files without a token began, in seconds.
const BEGAN: u64 = 1_795_572_000;
const DAY: u64 = 24 * 60 * 60;

/// The call of that number: which callback, and its body.
fn call(load: Load, number: usize, prepared: Option<&Prepared>) -> (&'static str, String) {
    let told = |room: usize, began: u64| Meaning {
        number,
        room: format!("room-{room}"),
        began: BEGAN + began,
        user_data: USER_DATA.to_owned(),
    };
    match load {
        Load::Files => ("av", told(number % 200, number as u64 % 50).body()),
        Load::Scattered => {
            // Far apart from the one before.
            let which = number.wrapping_mul(2_654_435_761) % 4200;
            ("av", told(which % 200, (which / 200) as u64 * DAY).body())
        }
        Load::Mixed => mixed(number, prepared),
    }
}

fn mixed(number: usize, prepared: Option<&Prepared>) -> (&'static str, String) {
    let (ten, place) = (number / 10, number % 10);
    let began = prepared.map_or(BEGAN, |prepared| prepared.began);
    if place < 6 {
        let which = ten * 6 + place;
        let (room, step) = (which % MEETINGS, which / MEETINGS);
        return ("status", event(room, step, began));
    }
    // The last of ten is the one before last of the ten before.
    let number = if place == 9 { number - 11 } else { number };
    let room = number % MEETINGS;
    let token = prepared.map_or("none", |prepared| &prepared.tokens[room]);
    let told = Meaning {
        number,
        room: meeting(room),
        began,
        user_data: format!(r#"{{\"customerCode\":\"1002\",\"_reelroom\":\"{token}\"}}"#),
    };
    ("av", told.body())
}

/// The next event in a room: participants come and leave; of a hundred steps, the last two are the
/// end of the meeting and the beginning of another one.
fn event(room: usize, step: usize, began: u64) -> String {
    let at = began - DAY + step as u64;
    let room = meeting(room);
    let (kind, option, user) = match step % 100 {
        98 => (1, "End", String::new()),
        99 => (1, "Begin", String::new()),
        within => {
            let option = if within % 2 == 0 { "Online" } else { "Offline" };
            (2, option, format!("user-{}", within / 2 % 8))
        }
    };
    format!(
        r#"[{{"type":"{kind}","userId":"{user}","groupId":"{room}","option":"{option}","time":"{at}","userData":""}}]"#
    )
}

/// Sends one call and waits for its answer; `false`: it was no success.
async fn send(stream: &mut TcpStream, what: &str, body: &str) -> bool {
    let mut request = String::with_capacity(body.len() + 160);
    let length = body.len();
    let _ = write!(
        request,
        "POST /{SECRET}/AR/V1/{what} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
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

/// One call on a connection of its own.
pub async fn post(address: &str, what: &str, body: &str) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    assert!(send(&mut stream, what, body).await, "not acknowledged");
}

/// The result of a run.
#[derive(Default)]
pub struct Figure {
    pub per_second: f64,
    pub p99: Duration,
    /// How long the server ran on a processor for each call.
    pub processor: Duration,
    pub understood_per_second: f64,
    /// How many calls are not understood at the end.
    pub lag: u64,
    /// How long a call waited at most to be understood, with a rate.
    pub behind: Duration,
    /// The longest times that a person waited.
    pub person: Waits,
}

#[expect(clippy::cast_precision_loss, reason = "counts of seconds")]
fn per_second(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

fn p99(mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    took.get(took.len() * 99 / 100).copied().unwrap_or_default()
}

/// Sends calls over so many connections for so long. With a rate, a call is timed from when it was
/// due.
async fn flood(
    server: &Server,
    load: Load,
    connections: usize,
    pace: Pace,
    time: Duration,
    lag: &Arc<AtomicU64>,
) -> Figure {
    let (begun, before) = (Instant::now(), server.processor());
    let mut clients = JoinSet::new();
    let share = u32::try_from(connections).unwrap();
    for which in 0..share {
        let (address, lag) = (server.address.clone(), lag.clone());
        let prepared = server.prepared.clone();
        let spacing = match pace {
            Pace::PerSecond(rate) => Some(Duration::from_secs(1) * share / rate),
            Pace::Closed | Pace::Sustained => None,
        };
        clients.spawn(async move {
            let mut stream = TcpStream::connect(&address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            let mut took = Vec::new();
            let mut due = begun + spacing.unwrap_or_default() * which / share;
            while begun.elapsed() < time {
                if matches!(pace, Pace::Sustained) && lag.load(Ordering::Relaxed) > LAG {
                    sleep(Duration::from_millis(1)).await;
                    continue;
                }
                let number = NUMBER.fetch_add(1, Ordering::Relaxed);
                let (what, body) = call(load, number, prepared.as_deref());
                let from = match spacing {
                    None => Instant::now(),
                    Some(spacing) => {
                        let from = due;
                        sleep_until(from.into()).await;
                        due += spacing;
                        from
                    }
                };
                assert!(send(&mut stream, what, &body).await, "not acknowledged");
                took.push(from.elapsed());
            }
            took
        });
    }
    let took: Vec<Duration> = clients.join_all().await.into_iter().flatten().collect();
    Figure {
        per_second: per_second(took.len(), begun.elapsed()),
        processor: server.processor().saturating_sub(before)
            / u32::try_from(took.len().max(1)).unwrap(),
        p99: p99(took),
        ..Figure::default()
    }
}

/// Measures a server; ours with a person who uses it meanwhile, where that is said.
pub async fn figure_of(
    server: &Server,
    load: Load,
    connections: usize,
    pace: Pace,
    time: Duration,
    with_person: bool,
) -> Figure {
    let lag = Arc::new(AtomicU64::new(0));
    if server.prepared.is_none() {
        return flood(server, load, connections, pace, time, &lag).await;
    }
    let store = Store::connect(&server.database).await.unwrap();
    let mut person = if with_person {
        Some(Person::sign_in(server).await)
    } else {
        None
    };
    let (_, before) = progress(&store).await;
    let begun = Instant::now();
    let watch = async {
        let mut longest = Duration::ZERO;
        for round in 0_u32.. {
            if begun.elapsed() >= time {
                break;
            }
            if matches!(pace, Pace::Sustained) {
                let (came, understood) = progress(&store).await;
                lag.store(came - understood, Ordering::Relaxed);
            }
            if matches!(pace, Pace::PerSecond(_)) {
                longest = longest.max(until_understood(&store).await);
            }
            // A person does not do more than this.
            if let Some(person) = &mut person
                && round.is_multiple_of(10)
            {
                person.act().await;
            }
            sleep(Duration::from_millis(20)).await;
        }
        longest
    };
    let flood = flood(server, load, connections, pace, time, &lag);
    let (mut figure, longest) = tokio::join!(flood, watch);
    let (came, understood) = progress(&store).await;
    let count = usize::try_from(understood - before).unwrap();
    figure.understood_per_second = per_second(count, begun.elapsed());
    figure.lag = came - understood;
    figure.behind = longest;
    figure.person = person.map(|person| person.waits).unwrap_or_default();
    figure
}

/// The number of the newest call, and that of the newest one that is understood.
async fn progress(store: &Store) -> (u64, u64) {
    let mut read = store.read().await.unwrap();
    let understood = inbox::newest(&mut read).await.unwrap().number();
    drop(read);
    let mut read = store.read_calls().await.unwrap();
    let came = calls::newest(&mut read).await.unwrap().number();
    (came.unsigned_abs(), understood.unsigned_abs())
}

/// How long it takes until the newest call is understood, while others come.
async fn until_understood(store: &Store) -> Duration {
    let begun = Instant::now();
    let (newest, mut understood) = progress(store).await;
    while understood < newest {
        sleep(Duration::from_millis(1)).await;
        (_, understood) = progress(store).await;
    }
    begun.elapsed()
}

/// How long after the last call the last one is understood.
pub async fn behind(server: &Server) -> Duration {
    let ended = Instant::now();
    let store = Store::connect(&server.database).await.unwrap();
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
