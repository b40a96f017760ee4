//! `/files/{id}`: invalid responses of the platform, addresses inside a network, ranges and
//! statuses.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::{
    common::{TestApp, actions, anyone, app_form, eventually, file_call},
    fetch::read_head,
};
use reelroom_domain::{cause::Cause, file::FileState, ids::FileId, view::FileView};
use reqwest::{RequestBuilder, Response, StatusCode};
use tokio::{io::AsyncWriteExt, net::TcpListener};

/// A response with [`CONTENT`].
pub const FILE: &str =
    "HTTP/1.1 200 x\r\nconnection: close\r\ncontent-length: 10\r\n\r\n\u{1}123456789";

/// A file of ten bytes of no known kind: text is no video.
pub const CONTENT: &str = "\u{1}123456789";

/// A file server of the platform.
pub struct Stub {
    pub address: SocketAddr,
    pub connections: Arc<AtomicUsize>,
}

impl Stub {
    /// Starts a server that responds with the text of `answer`, which gets the path and whether
    /// there is a `Range` header.
    pub async fn start(answer: impl Fn(&str, bool) -> String + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                if let Some((path, head)) = read_head(&mut stream).await {
                    let text = answer(&path, head.contains("\r\nrange:"));
                    let _ = stream.write_all(text.as_bytes()).await;
                }
            }
        });
        Self {
            address,
            connections,
        }
    }
}

/// Adds an app with its API and files at `base`. Returns its id.
pub async fn add_app(app: &TestApp, base: &str) -> String {
    app.save_app(&app_form(base, "other0app")).await
}

/// The file of the only recording in the room `name` of the default app.
pub async fn file_in(app: &TestApp, name: &str) -> Option<FileView> {
    let view = actions::newest_in(&app.service, name).await?;
    view.files.into_iter().next()
}

/// Announces a file at `url`, and waits for the first attempt to fetch it.
pub async fn announce(app: &TestApp, of: &str, name: &str, url: &str) -> (FileId, FileState) {
    let call = file_call(name, name, 10, url);
    app.send_callback(&format!("av?app={of}"), &call).await;
    eventually("the file", || async {
        let file = file_in(app, name).await?;
        let tried = !matches!(file.state, FileState::Remote | FileState::Fetching);
        tried.then_some((file.id, file.state))
    })
    .await
}

/// Waits until the file of the room `name` has this state.
pub async fn wait_for(app: &TestApp, name: &str, state: FileState) {
    eventually(name, || async {
        let file = file_in(app, name).await?;
        (file.state == state).then_some(())
    })
    .await;
}

/// Archives a file with [`CONTENT`].
pub async fn archived(app: &TestApp) -> FileId {
    let stub = Stub::start(|_, _| FILE.to_owned()).await;
    let base = format!("http://{}", stub.address);
    let of = add_app(app, &base).await;
    let (id, state) = announce(app, &of, "kept", &format!("{base}/kept")).await;
    assert_eq!(state, FileState::Archived);
    id
}

pub async fn get(app: &TestApp, id: FileId) -> RequestBuilder {
    actions::get(app, &format!("/files/{id}")).await
}

fn length(answer: &Response) -> Option<u64> {
    let value = answer.headers().get("content-length")?;
    value.to_str().unwrap().parse().ok()
}

/// A line each: a name, whether the client requests `bytes=0-4` or the whole file, our status, and the
/// platform's response with `|` for each end of a line. The file is announced with ten bytes.
const ANSWERS: &str = "\
true ranged 206 206 x|content-range: bytes 0-4/10|content-length: 5||abcde
less ranged 206 206 x|content-range: bytes 0-1/10|content-length: 2||ab
star ranged 206 206 x|content-range: bytes 0-4/*|content-length: 5||abcde
whole ranged 200 200 x|content-length: 10||\u{1}bcdefghij
breaks-promise ranged 200 200 x|accept-ranges: bytes|content-length: 10||\u{1}bcdefghij
promise whole 200 200 x|accept-ranges: bytes|content-length: 10||\u{1}bcdefghij
no-promise whole 200 200 x|content-length: 10||\u{1}bcdefghij
video whole 200 200 x|content-type: video/mp4|content-length: 10||\u{1}bcdefghij
labelled whole 200 200 x|content-type: text/plain|content-length: 10||\u{1}bcdefghij
text whole 502 200 x|content-type: video/mp4|content-length: 10||abcdefghij
page whole 502 200 x|content-type: text/html; charset=utf-8|content-length: 10||<b>not</b>
json whole 502 200 x|content-type: application/json|content-length: 10||{\"code\":1}
page-part ranged 502 206 x|content-type: text/html|content-range: bytes 0-4/10|content-length: 5||<b>no
smaller whole 502 200 x|content-length: 7||abcdefg
smaller-part ranged 502 206 x|content-range: bytes 0-4/7|content-length: 5||abcde
larger ranged 502 206 x|content-range: bytes 0-4/100|content-length: 5||abcde
huge ranged 502 206 x|content-range: bytes 0-18446744073709551615/*||abcde
backwards ranged 502 206 x|content-range: bytes 4-0/10||abcde
outside ranged 502 206 x|content-range: bytes 0-4/3||abcde
other ranged 502 206 x|content-range: bytes 5-9/10||abcde
more ranged 502 206 x|content-range: bytes 0-9/10||abcdefghij
length ranged 502 206 x|content-range: bytes 0-4/10|content-length: 7||abcdefg
none ranged 502 206 x|content-length: 5||abcde
packed ranged 502 206 x|content-range: bytes 0-4/10|content-encoding: gzip|content-length: 5||abcde
two ranged 502 206 x|content-range: bytes 0-4/10|content-range: bytes 0-4/10||abcde
unasked whole 502 206 x|content-range: bytes 0-4/10||abcde
unmet ranged 416 416 x|content-range: bytes */3|content-length: 0||
unmet-whole whole 502 416 x|content-length: 0||
endless ranged 502 200 x|content-length: 18446744073709551615||abc
moved ranged 206 302 x|location: /true|connection: close|content-length: 0||
forbidden ranged 403 302 x|location: http://127.0.0.1:1/|connection: close|content-length: 0||
loop ranged 502 302 x|location: loop|connection: close|content-length: 0||
broken ranged 502 500 x|content-length: 0||
no-http ranged 502 what? ||
gone ranged 410 404 x|content-length: 0||";

/// The name, whether a range is requested, our status, and the platform's response.
fn answers() -> Vec<(&'static str, bool, u16, String)> {
    let answer = |line: &'static str| {
        let mut parts = line.splitn(4, ' ');
        let mut next = || parts.next().unwrap();
        let (name, ranged, status) = (next(), next() == "ranged", next().parse().unwrap());
        (name, ranged, status, next().replace('|', "\r\n"))
    };
    ANSWERS.lines().map(answer).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_must_match_the_request_and_the_announcement() {
    let app = TestApp::without_callbacks().await;
    let all = answers();
    let known = Mutex::new(BTreeSet::new());
    let stub = Stub::start(move |path, _| {
        // The first request is that of the archive job, which tries no second time meanwhile.
        if known.lock().unwrap().insert(path.to_owned()) {
            return "HTTP/1.1 503 x\r\nretry-after: 7200\r\ncontent-length: 0\r\n\r\n".to_owned();
        }
        let mut all = answers().into_iter();
        let answer = all.find(|(name, ..)| path == format!("/{name}"));
        format!("HTTP/1.1 {}", answer.unwrap().3)
    })
    .await;
    let base = format!("http://{}", stub.address);
    let of = add_app(&app, &base).await;
    for (name, ranged, status, answer) in &all {
        let (id, _) = announce(&app, &of, name, &format!("{base}/{name}")).await;
        let mut request = get(&app, id).await;
        if *ranged {
            request = request.header("range", "bytes=0-4");
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), *status, "{name}");
        if let 200 | 206 = status {
            let answer = if *name == "moved" { &all[0].3 } else { answer };
            let promises = *status == 206 || *name == "promise";
            let headers = response.headers();
            assert_eq!(headers.contains_key("accept-ranges"), promises, "{name}");
            let body = answer.rsplit_once("\r\n\r\n").unwrap().1;
            assert_eq!(length(&response), Some(body.len() as u64), "{name}");
            assert_eq!(response.text().await.unwrap(), body, "{name}");
        }
    }
}

/// The platform labels both files as text. A range from the middle says nothing: the first bytes are requested, too.
#[tokio::test(flavor = "multi_thread")]
async fn a_range_is_judged_by_the_first_bytes_of_the_file() {
    let app = TestApp::without_callbacks().await;
    let requests = Mutex::new(BTreeMap::new());
    let stub = Stub::start(move |path, _| {
        let mut requests = requests.lock().unwrap();
        let nth = requests.entry(path.to_owned()).or_insert(0);
        *nth += 1;
        let whole = match path {
            "/media" => "\u{1}bcdefghij",
            _ => "<b>not</b>",
        };
        let part = |range: &str, body: &str| {
            let length = body.len();
            format!(
                "HTTP/1.1 206 x\r\ncontent-type: text/html\r\ncontent-range: bytes {range}/10\r\n\
                 content-length: {length}\r\n\r\n{body}"
            )
        };
        match *nth {
            // That of the archive job, which tries no second time meanwhile.
            1 => "HTTP/1.1 503 x\r\nretry-after: 7200\r\ncontent-length: 0\r\n\r\n".to_owned(),
            2 => part("5-9", &whole[5..]),
            _ => part("0-9", whole),
        }
    })
    .await;
    let base = format!("http://{}", stub.address);
    let of = add_app(&app, &base).await;
    for (name, status) in [("media", 206), ("page", 502)] {
        let (id, _) = announce(&app, &of, name, &format!("{base}/{name}")).await;
        let request = get(&app, id).await.header("range", "bytes=5-");
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{name}");
        let headers = response.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff", "{name}");
        if status == 206 {
            assert_eq!(headers["content-type"], "video/mp4");
            assert_eq!(response.text().await.unwrap(), "fghij");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_longer_than_announced_is_an_error() {
    let app = TestApp::without_callbacks().await;
    let stub = Stub::start(|_, ranged| {
        let answer = "206 x\r\ncontent-range: bytes 0-4/10\r\ntransfer-encoding: chunked\r\n\r\n\
                      3\r\nabc\r\n9\r\ndefghijkl\r\n0\r\n\r\n";
        let not_now = "503 x\r\ncontent-length: 0\r\n\r\n";
        format!("HTTP/1.1 {}", if ranged { answer } else { not_now })
    })
    .await;
    let base = format!("http://{}", stub.address);
    let of = add_app(&app, &base).await;
    let (id, _) = announce(&app, &of, "long", &format!("{base}/long")).await;
    let request = get(&app, id).await.header("range", "bytes=0-4");
    let response = request.send().await.unwrap();
    assert_eq!(length(&response), Some(5));
    // The connection ends where the platform sends more than announced.
    assert!(response.bytes().await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_resolves_to_loopback_is_blocked_without_a_connection() {
    let app = TestApp::without_callbacks().await;
    let stub = Stub::start(|_, _| "HTTP/1.1 200 x\r\ncontent-length: 2\r\n\r\nup".to_owned()).await;
    let port = stub.address.port();
    let base = format!("http://localhost:{port}");
    let of = add_app(&app, &base).await;
    let (id, state) = announce(&app, &of, "inside", &format!("{base}/healthz")).await;
    assert_eq!(state, FileState::Blocked);
    let response = get(&app, id).await.send().await.unwrap();
    assert_eq!(response.status(), 403);
    let cause = Cause::NeverAllowed("localhost".to_owned());
    let text = response.text().await.unwrap();
    assert!(text.contains(&cause.to_string()), "{text}");
    assert_eq!(stub.connections.load(Ordering::SeqCst), 0);
    // Another port of the allowed host, and the allowed port by IP address.
    let elsewhere = stub.address.to_string();
    for (name, url, cause) in [
        (
            "port",
            "http://localhost:1/healthz".to_owned(),
            Cause::Port {
                host: "localhost".to_owned(),
                port: 1,
            },
        ),
        (
            "address",
            format!("http://{elsewhere}/healthz"),
            Cause::NeverAllowed(elsewhere.clone()),
        ),
    ] {
        let (id, state) = announce(&app, &of, name, &url).await;
        assert_eq!(state, FileState::Blocked, "{url}");
        let response = get(&app, id).await.send().await.unwrap();
        assert_eq!(response.status(), 403, "{url}");
        let text = response.text().await.unwrap();
        assert!(text.contains(&cause.to_string()), "{text}");
    }
    assert_eq!(stub.connections.load(Ordering::SeqCst), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_gets_a_page_in_place_of_a_file_and_the_way_back() {
    let app = TestApp::without_callbacks().await;
    let stub = Stub::start(|_, _| "HTTP/1.1 500 x\r\ncontent-length: 0\r\n\r\n".to_owned()).await;
    let base = format!("http://{}", stub.address);
    let of = add_app(&app, &base).await;
    let (broken, _) = announce(&app, &of, "broken", &format!("{base}/broken")).await;
    let (blocked, _) = announce(&app, &of, "blocked", "http://elsewhere.example/x").await;
    let nothing: FileId = "0".repeat(32).parse().unwrap();
    for (id, status, language, title) in [
        (broken, 502, "en", "anyRTC did not hand out this file"),
        (blocked, 403, "zh-CN", "此文件的地址不被允许"),
        (nothing, 404, "en", "Page not found"),
    ] {
        let request = get(&app, id).await.header("accept", "text/html,*/*;q=0.8");
        let request = request.header("accept-language", language);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{title}");
        let content_type = &response.headers()["content-type"];
        assert_eq!(content_type, "text/html; charset=utf-8");
        let page = response.text().await.unwrap();
        assert!(page.contains(title) && !page.contains("<script"), "{page}");
        if let Ok(recording) = app.service.recording_of(anyone(), id).await {
            let back = format!("href=\"/recordings/{recording}\"");
            assert!(page.contains(&back), "{page}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_ranges_and_ids_are_answered() {
    let app = TestApp::without_callbacks().await;
    let id = archived(&app).await;
    for (ranges, status, body) in [
        (&["bytes=0-1"][..], 206, "\u{1}1"),
        (&["bytes=8-18446744073709551615"], 206, "89"),
        (&["bytes=-18446744073709551615"], 206, CONTENT),
        (&["bytes=18446744073709551615-"], 416, ""),
        (&["bytes=10-"], 416, ""),
        (&["bytes=-0"], 416, ""),
        (&["bytes=0-1", "bytes=2-3"], 200, CONTENT),
        (&["bytes=0-1,2-3"], 200, CONTENT),
        (&["bytes=3-1"], 200, CONTENT),
        (&["bytes=0-99999999999999999999"], 206, CONTENT),
        (&["bytes=99999999999999999999-"], 416, ""),
        (&["bytes=+0-1"], 200, CONTENT),
        (&["lines=0-1"], 200, CONTENT),
        (&["\u{1f3a5}"], 200, CONTENT),
    ] {
        let mut request = get(&app, id).await;
        for range in ranges {
            request = request.header("range", *range);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{ranges:?}");
        if status == 416 {
            assert_eq!(
                response.headers()["content-range"],
                "bytes */10",
                "{ranges:?}"
            );
        }
        assert_eq!(response.text().await.unwrap(), body, "{ranges:?}");
    }
    let cookie = app.cookie().await;
    let head = app.client.head(format!("{}/files/{id}", app.base));
    let head = head.header("cookie", &cookie).header("range", "bytes=0-1");
    let head = head.send().await.unwrap();
    assert_eq!((head.status(), length(&head)), (StatusCode::OK, Some(10)));
    for odd in [
        "x".to_owned(),
        "%FF".to_owned(),
        "%00".to_owned(),
        "..%2f..%2fsecret.key".to_owned(),
        "0".repeat(31),
        "0".repeat(33),
        "0".repeat(32),
    ] {
        let request = app.get(&format!("/files/{odd}")).header("cookie", &cookie);
        let status = request.send().await.unwrap().status();
        assert_eq!(status, StatusCode::NOT_FOUND, "{odd}");
    }
    // The stored copy is gone.
    std::fs::remove_dir_all(app.data("files")).unwrap();
    let response = get(&app, id).await.send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert_ne!(response.text().await.unwrap(), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_sent_on_conditions() {
    let app = TestApp::without_callbacks().await;
    let id = archived(&app).await;
    let whole = get(&app, id).await.send().await.unwrap();
    let text = |name: &str| whole.headers()[name].to_str().unwrap();
    let (etag, changed, long_ago) = (
        text("etag"),
        text("last-modified"),
        "Thu, 01 Jan 2015 00:00:00 GMT",
    );
    for (headers, status) in [
        (&[("if-none-match", etag)][..], 304),
        (&[("if-modified-since", changed)], 304),
        (&[("if-modified-since", long_ago)], 200),
        (&[("if-unmodified-since", long_ago)], 412),
        (&[("if-match", "\"x\"")], 412),
        (&[("range", "bytes=2-3"), ("if-range", changed)], 206),
        (&[("range", "bytes=2-3"), ("if-range", long_ago)], 200),
        // Conditions come before the range.
        (&[("range", "bytes=50-"), ("if-range", etag)], 416),
        (&[("range", "bytes=50-"), ("if-range", "\"x\"")], 200),
        (&[("range", "bytes=50-"), ("if-none-match", etag)], 304),
    ] {
        let mut request = get(&app, id).await;
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{headers:?}");
    }
}
