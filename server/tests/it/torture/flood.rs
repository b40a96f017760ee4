//! The binary under a flood of slow bodies and of clients that do not read, from many addresses.

use std::{
    io,
    net::SocketAddr,
    time::{Duration, Instant},
};

use reelroom_store::testing::Databases;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    task::JoinSet,
    time::{sleep, sleep_until, timeout},
};

use super::{NOWHERE, SECRET, Server, body, prepare};

/// Connections that each address tries to keep open.
const EACH: usize = 512;
const PHASE: Duration = Duration::from_secs(20);
/// Time after which the server has dropped every client that does not read, and slack.
const STALL: Duration = Duration::from_secs(45);

/// A loopback address for one client.
fn client(number: u8) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, number], 0))
}

async fn connect(from: SocketAddr, to: SocketAddr) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(from)?;
    let stream = socket.connect(to).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Sends a body byte by byte, and reconnects when it is cut.
async fn drip(from: SocketAddr, to: SocketAddr, until: Instant) {
    let head = "POST /fn/sign_in HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n";
    while Instant::now() < until {
        if let Ok(mut stream) = connect(from, to).await {
            let mut sent = stream.write_all(head.as_bytes()).await;
            while sent.is_ok() && Instant::now() < until {
                sleep(Duration::from_millis(500)).await;
                sent = stream.write_all(b"a").await;
            }
        }
        sleep(Duration::from_millis(100)).await;
    }
}

/// Requests a page 200 times on one connection.
async fn request_much(from: SocketAddr, to: SocketAddr) -> TcpStream {
    let mut stream = connect(from, to).await.unwrap();
    let requests = "GET /login HTTP/1.1\r\nhost: x\r\n\r\n".repeat(200);
    stream.write_all(requests.as_bytes()).await.unwrap();
    stream
}

/// Status of a request on a connection of its own.
async fn status(from: SocketAddr, to: SocketAddr, request: &str) -> io::Result<u16> {
    let mut stream = connect(from, to).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut start = [0; 12];
    stream.read_exact(&mut start).await?;
    let code = std::str::from_utf8(&start[9..]).ok();
    code.and_then(|code| code.parse().ok())
        .ok_or_else(|| io::ErrorKind::InvalidData.into())
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n")
}

/// Results of one kind of request.
#[derive(Default)]
struct Answers {
    served: usize,
    refused: usize,
    slowest: Duration,
}

impl std::fmt::Display for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (served, refused, slowest) = (self.served, self.refused, self.slowest.as_millis());
        write!(
            f,
            "{served} served, the slowest in {slowest} ms, {refused} refused"
        )
    }
}

/// Sends a request 20 times a second.
async fn probe(
    from: SocketAddr,
    to: SocketAddr,
    until: Instant,
    request: impl Fn(usize) -> String,
) -> Answers {
    let mut answers = Answers::default();
    let mut number = 0;
    while Instant::now() < until {
        number += 1;
        let begun = Instant::now();
        let answer = timeout(PHASE, status(from, to, &request(number))).await;
        if matches!(answer, Ok(Ok(200))) {
            answers.served += 1;
            answers.slowest = answers.slowest.max(begun.elapsed());
        } else {
            answers.refused += 1;
        }
        sleep(Duration::from_millis(50)).await;
    }
    answers
}

/// Floods from `addresses`, and probes from others meanwhile.
async fn flood(to: SocketAddr, addresses: std::ops::RangeInclusive<u8>, each: usize) {
    let count = addresses.clone().count();
    let until = Instant::now() + PHASE;
    let mut drips = JoinSet::new();
    for address in addresses.clone() {
        for _ in 0..each {
            drips.spawn(drip(client(address), to, until));
        }
    }
    let calls = |from: u8| {
        let request = move |number: usize| {
            let name = format!("{count}-{from}-{number}");
            let body = body(&name, from.into(), number);
            let length = body.len();
            format!(
                "POST /{SECRET}/AR/V1/av HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n{body}"
            )
        };
        probe(client(from), to, until, request)
    };
    let (callbacks, health, pages, callbacks_of_flooder) = tokio::join!(
        calls(101),
        probe(client(102), to, until, |_| get("/healthz")),
        probe(client(103), to, until, |_| get("/login")),
        calls(*addresses.start()),
    );
    println!("{each} dripping bodies from each of {count} addresses:");
    println!("  callbacks: {callbacks}");
    println!("  callbacks from one of these addresses: {callbacks_of_flooder}");
    println!("  /healthz: {health}");
    println!("  pages: {pages}");
    for (what, answers) in [("callbacks", callbacks), ("health", health)] {
        assert_eq!(answers.refused, 0, "{what}: {answers}");
        assert!(answers.served > 20, "{what}: {answers}");
        assert!(
            answers.slowest < Duration::from_secs(1),
            "{what}: {answers}"
        );
    }
    drips.join_all().await;
}

fn open_files(server: &Server) -> usize {
    let folder = format!("/proc/{}/fd", server.id());
    std::fs::read_dir(folder).unwrap().count()
}

#[ignore = "takes a minute and a half and asserts on times: `make torture`"]
#[tokio::test(flavor = "multi_thread")]
async fn callbacks_are_answered_within_a_second_during_a_flood() {
    // This process holds the other ends of the connections.
    assert!(reelroom::raise_descriptor_limit() > 5000);
    let databases = Databases::on_sqlite();
    let database = databases.another();
    let folder = TempDir::new().unwrap();
    prepare(&database, folder.path(), NOWHERE).await;
    let mut server = Server::limited(folder.path(), &database, 256, 1024);
    let to: SocketAddr = server.address.parse().unwrap();
    assert_eq!(
        status(client(100), to, &get("/healthz")).await.unwrap(),
        200
    );
    let before = open_files(&server);

    let begun = tokio::time::Instant::now();
    let mut read_nothing = Vec::new();
    for _ in 0..60 {
        read_nothing.push(request_much(client(90), to).await);
    }
    let slow = tokio::spawn(async move {
        let mut stream = request_much(client(91), to).await;
        let mut some = [0; 2048];
        while begun.elapsed() < STALL {
            let read = timeout(STALL, stream.read(&mut some)).await.unwrap();
            assert_ne!(read.unwrap(), 0, "a client that reads slowly was cut");
            sleep(Duration::from_millis(200)).await;
        }
    });
    flood(to, 1..=4, EACH).await;
    // More connections than the limit.
    flood(to, 1..=16, EACH / 4).await;
    sleep_until(begun + STALL).await;
    slow.await.unwrap();
    sleep(Duration::from_secs(1)).await;
    let after = open_files(&server);
    println!("open files: {before} before, {after} after");
    // The database may have opened a few connections.
    assert!(after < before + 20, "{before} {after}");
    drop(read_nothing);
    server.kill();
}

#[test]
fn the_soft_descriptor_limit_is_raised() {
    let databases = Databases::on_sqlite();
    let folder = TempDir::new().unwrap();
    let mut server = Server::limited(folder.path(), &databases.another(), 256, 1024);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.id())).unwrap();
    server.kill();
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"));
    let numbers: Vec<&str> = line.unwrap().split_whitespace().skip(3).take(2).collect();
    assert_eq!(numbers, ["1024", "1024"]);
}
