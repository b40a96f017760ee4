//! Deadlines and limits: slow clients, clients that do not read, too many connections.

use std::{convert::Infallible, future::pending, net::SocketAddr, time::Duration};

use crate::common::{SECRET, TestApp, eventually};
use axum::{Router, body::Body, routing::get};
use bytes::Bytes;
use futures::{StreamExt, stream};
use reelroom::{Limits, TrustedProxies, listen};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::mpsc,
    time::{sleep, timeout},
};

const CALLBACK: &str = r#"{"type":"1","groupId":"a","fileName":"f"}"#;

/// Connects from `from`, a loopback address, and sends `text`.
async fn send_from(from: &str, to: SocketAddr, text: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
    let mut stream = socket.connect(to).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

async fn send(to: SocketAddr, text: &str) -> TcpStream {
    send_from("127.0.0.1", to, text).await
}

/// Status line and headers of the response, or an empty text after 20 seconds.
async fn head(stream: &mut TcpStream) -> String {
    let mut got = Vec::new();
    let read = async {
        while !got.ends_with(b"\r\n\r\n") {
            let Ok(byte) = stream.read_u8().await else {
                break;
            };
            got.push(byte);
        }
    };
    let _ = timeout(Duration::from_secs(20), read).await;
    String::from_utf8(got).unwrap()
}

/// Whether the server ends the connection within 20 seconds.
async fn is_closed(stream: &mut TcpStream) -> bool {
    let mut rest = Vec::new();
    let rest = stream.read_to_end(&mut rest);
    timeout(Duration::from_secs(20), rest).await.is_ok()
}

fn status(head: &str) -> u16 {
    let code = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    code.unwrap_or_default()
}

fn get_request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n")
}

/// A request with `sent`, the start of a body of `length` bytes.
fn post_request(path: &str, length: usize, sent: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {length}\r\n\r\n{sent}"
    )
}

fn callback() -> String {
    post_request(&format!("/{SECRET}/AR/V1/av"), CALLBACK.len(), CALLBACK)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_body_gets_408_and_its_connection_ends() {
    let app = TestApp::without_callbacks().await;
    let limits = Limits {
        body: Duration::from_millis(300),
        ..Limits::default()
    };
    let address = app.listen_with(limits, TrustedProxies::default()).await;
    for path in [
        "/fn/sign_in",
        "/fn/set_up",
        "/login",
        &format!("/{SECRET}/AR/V1/av"),
    ] {
        let mut stream = send(address, &post_request(path, 1000, "name=")).await;
        // Each byte arrives before the read timeout; together they miss the deadline.
        let mut all = Vec::new();
        let dripped = async {
            let (mut read, mut write) = stream.split();
            let drip = async {
                while write.write_all(b"a").await.is_ok() {
                    sleep(Duration::from_millis(20)).await;
                }
                pending::<()>().await;
            };
            tokio::select! {
                read = read.read_to_end(&mut all) => { let _ = read; }
                () = drip => {}
            }
        };
        let ended = timeout(Duration::from_secs(20), dripped).await;
        assert!(ended.is_ok(), "{path} is still open");
        let answer = String::from_utf8_lossy(&all);
        assert_eq!(status(&answer), 408, "{path}: {answer}");
    }
    // A form in time is accepted.
    let form = "name=nobody&password=wrong&next=%2F";
    let mut stream = send(address, &post_request("/fn/sign_in", form.len(), form)).await;
    let answer = head(&mut stream).await;
    assert_eq!(status(&answer), 401, "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_announced_too_large_is_not_read() {
    let app = TestApp::without_callbacks().await;
    let address = app
        .listen_with(Limits::default(), TrustedProxies::default())
        .await;
    let callback = format!("/{SECRET}/AR/V1/av");
    for path in ["/fn/sign_in", &callback] {
        let mut stream = send(address, &post_request(path, 9_000_000_000, "")).await;
        let answer = head(&mut stream).await;
        assert_eq!(status(&answer), 413, "{path}: {answer}");
        assert!(is_closed(&mut stream).await, "{path}");
    }
}

/// Sends a message when it is dropped.
struct Guard(mpsc::UnboundedSender<()>);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_is_dropped_and_an_idle_stream_is_not() {
    let (sender, mut dropped) = mpsc::unbounded_channel();
    let endless = async move || {
        let guard = Guard(sender.clone());
        let chunks = stream::repeat(Bytes::from_static(&[b'x'; 16 << 10]));
        Body::from_stream(chunks.map(move |chunk| {
            let _held = &guard;
            Ok::<_, Infallible>(chunk)
        }))
    };
    let idle = async || {
        let later = async {
            sleep(Duration::from_secs(1)).await;
            Ok::<_, Infallible>(Bytes::from_static(b"later"))
        };
        Body::from_stream(stream::once(later))
    };
    let site = Router::new()
        .route("/endless", get(endless))
        .route("/idle", get(idle));
    let limits = Limits {
        stall: Duration::from_millis(300),
        ..Limits::default()
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let proxies = TrustedProxies::default();
    tokio::spawn(listen(listener, site, limits, proxies, pending()));

    let mut waits = send(address, &get_request("/idle")).await;
    let _reads_nothing = send(address, &get_request("/endless")).await;
    let ended = timeout(Duration::from_secs(20), dropped.recv()).await;
    assert!(ended.is_ok(), "its response is still held");
    let mut answer = Vec::new();
    while !answer.windows(5).any(|part| part == b"later") {
        let read = timeout(Duration::from_secs(20), waits.read_buf(&mut answer)).await;
        assert_ne!(read.unwrap().unwrap(), 0, "the idle stream was cut");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn callbacks_and_health_are_served_during_a_flood_of_slow_bodies() {
    let app = TestApp::without_callbacks().await;
    let limits = Limits {
        total: 6,
        reserve: 4,
        per_address: 2,
        body: Duration::from_mins(5),
        ..Limits::default()
    };
    let address = app.listen_with(limits, TrustedProxies::default()).await;
    let drip = post_request("/fn/sign_in", 1000, "name=");
    let mut flood = Vec::new();
    for from in ["127.0.0.2", "127.0.0.3", "127.0.0.4"] {
        for _ in 0..2 {
            flood.push(send_from(from, address, &drip).await);
        }
    }
    let answer = async |from: &str, request: &str| {
        let mut stream = send_from(from, address, request).await;
        let head = head(&mut stream).await;
        // One request a connection, so that its place is free for the next.
        assert!(is_closed(&mut stream).await, "{head}");
        head
    };
    // All connections are taken, and one of these addresses is at its own limit.
    for from in ["127.0.0.9", "127.0.0.2"] {
        for _ in 0..20 {
            let called = answer(from, &callback()).await;
            assert_eq!(status(&called), 200, "{called}");
            for path in ["/healthz", "/readyz"] {
                let health = answer(from, &get_request(path)).await;
                assert_eq!(status(&health), 200, "{path}: {health}");
            }
        }
        for request in [&get_request("/login"), &drip] {
            let page = answer(from, request).await;
            assert_eq!(status(&page), 503, "{page}");
            assert!(page.contains("\r\nretry-after: "), "{page}");
        }
    }
    // Connections beyond the reserve are refused; those that wait in it time out soon.
    eventually("the reserve to be taken", async || {
        let mut waiting = Vec::new();
        for from in ["127.0.0.9", "127.0.0.9", "127.0.0.10", "127.0.0.10"] {
            waiting.push(send_from(from, address, "POST / HTTP/1.1\r\n").await);
        }
        let mut one_more = send_from("127.0.0.8", address, "").await;
        let refused = timeout(Duration::from_millis(500), one_more.read_u8()).await;
        let refused = refused.ok()?.is_err();
        for stream in &mut waiting {
            assert!(is_closed(stream).await);
        }
        refused.then_some(())
    })
    .await;
    // With free connections, pages are served again.
    drop(flood);
    eventually("a page", async || {
        let mut stream = send_from("127.0.0.2", address, &get_request("/login")).await;
        (status(&head(&mut stream).await) == 200).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn event_streams_of_a_session_are_limited() {
    let app = TestApp::without_callbacks().await;
    let limits = Limits {
        streams_per_session: 2,
        ..Limits::default()
    };
    let address = app.listen_with(limits, TrustedProxies::default()).await;
    let open = async |cookie: &str| {
        let request = format!("GET /events HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\n\r\n");
        let mut stream = send(address, &request).await;
        let head = head(&mut stream).await;
        (status(&head), stream)
    };
    let (mine, other) = (app.cookie().await, app.viewer_cookie().await);
    let first = open(&mine).await;
    let second = open(&mine).await;
    assert_eq!((first.0, second.0), (200, 200));
    assert_eq!(open(&mine).await.0, 429);
    assert_eq!(open(&other).await.0, 200);
    // A closed page frees its stream.
    drop(first);
    eventually("a stream", async || {
        (open(&mine).await.0 == 200).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_has_exactly_one_host() {
    let app = TestApp::without_callbacks().await;
    let address = app
        .listen_with(Limits::default(), TrustedProxies::default())
        .await;
    let call = callback();
    let twice = |request: &str| request.replacen("host: x\r\n", "host: x\r\nHost: x\r\n", 1);
    let without = |request: &str| request.replacen("host: x\r\n", "", 1);
    let old = |request: &str| request.replacen("HTTP/1.1", "HTTP/1.0", 1);
    let page = get_request("/login");
    for (request, expected) in [
        (page.clone(), 200),
        (without(&page), 400),
        (twice(&page), 400),
        (old(&without(&page)), 200),
        (old(&page), 200),
        (old(&twice(&page)), 400),
        (without(&get_request("/healthz")), 400),
        (call.clone(), 200),
        (without(&call), 400),
        (twice(&call), 400),
        (old(&without(&call)), 200),
    ] {
        let mut stream = send(address, &request).await;
        let answer = head(&mut stream).await;
        assert_eq!(status(&answer), expected, "{request}: {answer}");
        if expected == 400 {
            assert!(is_closed(&mut stream).await, "{request}");
        }
    }
}
