//! Fetching files from a server that misbehaves.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use reelroom_domain::{cause::Cause, file::FileState, view::FileView};
use reelroom_service::FetchLimits;
use reelroom_store::{DatabaseUrl, testing::execute};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::sleep,
};

use crate::{
    binary::{self, Server},
    common::{SECRET, TestApp, TestClock, actions::newest_in, app_form, eventually, file_call},
    torture::prepare,
};

pub const SIZE: usize = 2 << 20;
const PIECE: usize = 100 << 10;
const HOUR: i64 = 60 * 60_000;

/// The content of a file: bytes that no compression or repetition makes equal elsewhere.
pub fn content(seed: u32) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    };
    (0..SIZE).map(|_| next()).collect()
}

/// The content of the file at `path`.
fn content_of(path: &str, version: u32) -> Vec<u8> {
    let times = if path == "/slow" { 16 } else { 1 };
    let mut bytes = content(version).repeat(times);
    if path == "/damaged" {
        // An MP4 of one box, without a header.
        bytes[..8].copy_from_slice(b"\0\x20\0\0mdat");
    }
    bytes
}

pub fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

/// A request as the server reads it.
struct Request {
    path: String,
    /// How many requests for this path came before.
    before: usize,
    headers: String,
}

impl Request {
    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.headers.lines();
        lines.find_map(|line| line.strip_prefix(&format!("{name}: ")))
    }

    /// The first byte of the requested range.
    fn first(&self) -> usize {
        let range = self.header("range").and_then(|range| {
            let first = range.strip_prefix("bytes=")?.strip_suffix('-')?;
            first.parse().ok()
        });
        range.unwrap_or(0)
    }
}

/// A file server whose misbehaviour is the path, and the bytes that it sent for each path.
pub struct Files {
    address: SocketAddr,
    sent: Arc<Mutex<HashMap<String, usize>>>,
}

impl Files {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let sent = Arc::new(Mutex::new(HashMap::new()));
        let requests = Arc::new(Mutex::new(HashMap::<String, usize>::new()));
        let counted = Arc::clone(&sent);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (requests, counted) = (Arc::clone(&requests), Arc::clone(&counted));
                tokio::spawn(async move {
                    let Some((path, headers)) = read_head(&mut stream).await else {
                        return;
                    };
                    let before = {
                        let mut requests = requests.lock().unwrap();
                        let count = requests.entry(path.clone()).or_default();
                        *count += 1;
                        *count - 1
                    };
                    let request = Request {
                        path: path.clone(),
                        before,
                        headers,
                    };
                    answer(&request, &mut stream, &counted).await;
                });
            }
        });
        Self { address, sent }
    }

    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn sent(&self, path: &str) -> usize {
        self.sent.lock().unwrap().get(path).copied().unwrap_or(0)
    }
}

/// Reads the head of a request: its path, and the head in lower case.
pub async fn read_head(stream: &mut TcpStream) -> Option<(String, String)> {
    let (mut head, mut some) = (Vec::new(), [0; 1024]);
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut some).await {
            Ok(many @ 1..) => head.extend_from_slice(&some[..many]),
            _ => return None,
        }
    }
    let head = String::from_utf8_lossy(&head).to_lowercase();
    let path = head.split(' ').nth(1)?.to_owned();
    Some((path, head))
}

/// Sends a head and the body, or the beginning of it, and closes the connection.
async fn send(
    stream: &mut TcpStream,
    sent: &Mutex<HashMap<String, usize>>,
    path: &str,
    head: &str,
    body: &[u8],
) {
    let head = format!("HTTP/1.1 {head}\r\nconnection: close\r\n\r\n");
    if stream.write_all(head.as_bytes()).await.is_err() || stream.write_all(body).await.is_err() {
        return;
    }
    *sent.lock().unwrap().entry(path.to_owned()).or_default() += body.len();
    let _ = stream.shutdown().await;
    // The client has read all before the connection is reset.
    let _ = stream.read(&mut [0; 1]).await;
}

/// Sends a head, and a piece every now and then.
async fn trickle(
    stream: &mut TcpStream,
    sent: &Mutex<HashMap<String, usize>>,
    path: &str,
    head: &str,
    pieces: impl Iterator<Item = &[u8]>,
) {
    let head = format!("HTTP/1.1 {head}\r\n\r\n");
    let _ = stream.write_all(head.as_bytes()).await;
    for piece in pieces {
        if stream.write_all(piece).await.is_err() {
            return;
        }
        *sent.lock().unwrap().entry(path.to_owned()).or_default() += piece.len();
        sleep(Duration::from_millis(30)).await;
    }
}

async fn answer(request: &Request, stream: &mut TcpStream, sent: &Mutex<HashMap<String, usize>>) {
    let (path, first) = (request.path.as_str(), request.first());
    let version = match path {
        "/changes" if request.before > 0 => 2,
        _ => 1,
    };
    let (bytes, tag) = (content_of(path, version), format!("\"v{version}\""));
    let size = bytes.len();
    let whole = format!("200 x\r\netag: {tag}\r\ncontent-length: {size}");
    let part = |first: usize| {
        let (last, rest) = (size - 1, size - first);
        format!(
            "206 x\r\netag: {tag}\r\ncontent-range: bytes {first}-{last}/{size}\r\n\
             content-length: {rest}"
        )
    };
    let is_same = request.header("if-range") == Some(tag.as_str());
    // Also from the first byte on.
    let goes_on = is_same && request.header("range").is_some();
    let (head, from) = if goes_on {
        (part(first), first)
    } else {
        (whole.clone(), 0)
    };
    let beginning = &bytes[..PIECE];
    match path {
        // Each connection breaks after a piece.
        "/cuts" => {
            let end = (from + PIECE).min(SIZE);
            send(stream, sent, path, &head, &bytes[from..end]).await;
        }
        // It stops in the middle, once.
        "/stalls" if request.before == 0 => {
            let half = bytes[..SIZE / 2].chunks(PIECE);
            trickle(stream, sent, path, &whole, half).await;
            sleep(Duration::from_mins(1)).await;
        }
        "/ranges" | "/stalls" => send(stream, sent, path, &head, &bytes[from..]).await,
        "/slow" => trickle(stream, sent, path, &head, bytes[from..].chunks(PIECE)).await,
        "/drip" => trickle(stream, sent, path, &whole, bytes.chunks(1)).await,
        "/ignores-range" | "/changes" if request.before > 0 => {
            send(stream, sent, path, &whole, &bytes).await;
        }
        // It honours `If-Range` and sends another part than was requested.
        "/other-part" if goes_on => {
            send(stream, sent, path, &part(0), &bytes).await;
        }
        // It ignores `If-Range`.
        "/new-tag" if first > 0 => {
            let (bytes, head) = (content(2), part(first).replace("v1", "v2"));
            send(stream, sent, path, &head, &bytes[first..]).await;
        }
        "/new-tag" if request.before > 1 => {
            let head = whole.replace("v1", "v2");
            send(stream, sent, path, &head, &content(2)).await;
        }
        "/outside" if first > 0 => {
            send(stream, sent, path, "416 x\r\ncontent-length: 0", b"").await;
        }
        "/outside" | "/other-part" if request.before > 1 => {
            send(stream, sent, path, &whole, &bytes).await;
        }
        "/no-validator" => {
            let end = if request.before == 0 { PIECE } else { SIZE };
            let head = format!("200 x\r\ncontent-length: {SIZE}");
            send(stream, sent, path, &head, &bytes[..end]).await;
        }
        "/ignores-range" | "/changes" | "/other-part" | "/new-tag" | "/outside" => {
            send(stream, sent, path, &whole, beginning).await;
        }
        "/longer" => {
            let head = format!("200 x\r\ncontent-length: {}", SIZE + 1);
            send(stream, sent, path, &head, &bytes).await;
        }
        "/chunked-longer" => {
            let head = "200 x\r\ntransfer-encoding: chunked";
            let body = [b"200001\r\n", &bytes[..], b"x\r\n0\r\n\r\n"].concat();
            send(stream, sent, path, head, &body).await;
        }
        "/short" => {
            let head = format!("200 x\r\ncontent-length: {}", SIZE - 1);
            send(stream, sent, path, &head, &bytes[1..]).await;
        }
        "/gzip" => {
            let head = format!("{whole}\r\ncontent-encoding: gzip");
            send(stream, sent, path, &head, &bytes).await;
        }
        // It breaks after a piece, fails once in each way, and goes on.
        "/fails" if request.before == 0 => send(stream, sent, path, &whole, beginning).await,
        "/fails" if request.before < 5 => {
            let status = ["503", "404", "500", "500"][request.before - 1];
            let head = format!("{status} x\r\ncontent-length: 0");
            send(stream, sent, path, &head, b"").await;
        }
        "/fails" if goes_on => send(stream, sent, path, &part(first), &bytes[first..]).await,
        "/busy" => {
            let head = "503 x\r\nretry-after: 7200\r\ncontent-length: 0";
            send(stream, sent, path, head, b"").await;
        }
        "/missing" => send(stream, sent, path, "404 x\r\ncontent-length: 0", b"").await,
        _ => send(stream, sent, path, &whole, &bytes).await,
    }
}

/// Announces the file at `path`, whose room has the same name.
pub async fn announce(app: &TestApp, of: &str, base: &str, path: &str) {
    let call = call_about(base, path);
    let to = format!("/{SECRET}/AR/V1/av?app={of}");
    let answer = app.post(&to).body(call).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

pub fn call_about(base: &str, path: &str) -> String {
    let size = content_of(path, 1).len();
    let name = format!("{}.mp4", path.replace('/', ""));
    file_call(path, &name, size, &format!("{base}{path}")).to_string()
}

/// The file of the room `path`, once `is_so` of it.
pub async fn file(app: &TestApp, path: &str, is_so: impl Fn(&FileView) -> bool) -> FileView {
    eventually(path, || async {
        let view = newest_in(&app.service, path).await?;
        view.files.into_iter().find(&is_so)
    })
    .await
}

pub async fn start(change: impl FnOnce(&mut FetchLimits)) -> (TestApp, Files, String) {
    let app = TestApp::with_config(|config| {
        config.limits.fetch.after_cut = Duration::from_millis(5);
        change(&mut config.limits.fetch);
    })
    .await;
    let files = Files::start().await;
    let of = app.save_app(&app_form(&files.base(), "other0app")).await;
    (app, files, of)
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_cuts_give_the_same_bytes_and_cost_no_more() {
    let (app, files, of) = start(|_| ()).await;
    announce(&app, &of, &files.base(), "/cuts").await;
    let archived = file(&app, "/cuts", |file| file.state == FileState::Archived).await;
    assert_eq!(archived.sha256, Some(sha256(&content(1))));
    let sent = files.sent("/cuts");
    assert!(
        (SIZE..=SIZE + SIZE / 20).contains(&sent),
        "{sent} of {SIZE}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_of_two_versions_never_mix() {
    let (app, files, of) = start(|_| ()).await;
    for (path, version) in [
        ("/ignores-range", 1),
        ("/changes", 2),
        ("/other-part", 1),
        ("/new-tag", 2),
        ("/outside", 1),
        ("/no-validator", 1),
    ] {
        announce(&app, &of, &files.base(), path).await;
        let archived = file(&app, path, |file| file.state == FileState::Archived).await;
        assert_eq!(archived.sha256, Some(sha256(&content(version))), "{path}");
        assert_eq!(archived.size, Some(SIZE as u64), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_as_announced_is_no_copy() {
    let (app, files, of) = start(|_| ()).await;
    let announced = SIZE as u64;
    let size = |came| Cause::Size { came, announced };
    for (path, why) in [
        ("/longer", size(announced + 1)),
        ("/chunked-longer", size(announced + 1)),
        ("/short", size(announced - 1)),
        ("/gzip", Cause::Unreadable),
        ("/busy", Cause::Status(503)),
        ("/missing", Cause::Status(404)),
        ("/damaged", Cause::Damaged),
    ] {
        announce(&app, &of, &files.base(), path).await;
        let failed = file(&app, path, |file| file.trouble.is_some()).await;
        assert_eq!(
            (failed.state, failed.trouble),
            (FileState::Failed, Some(why)),
            "{path}"
        );
        let pause = failed.next_try_at.unwrap().since(app.service.now());
        let expected = match path {
            "/busy" => HOUR..=2 * HOUR,
            // It was downloaded whole.
            "/damaged" => 17 * HOUR..=24 * HOUR,
            _ => -HOUR..=HOUR,
        };
        assert!(expected.contains(&pause), "{path}: {pause}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_gone_once_it_was_missing_for_a_day() {
    let clock = TestClock::ahead(0);
    let app = TestApp::start_with_clock(&clock).await;
    let files = Files::start().await;
    let of = app.save_app(&app_form(&files.base(), "other0app")).await;
    announce(&app, &of, &files.base(), "/missing").await;
    file(&app, "/missing", |file| file.state == FileState::Failed).await;
    for hours in [20, 25] {
        clock.set_ahead(hours * HOUR);
        announce(&app, &of, &files.base(), "/wakes-the-job").await;
        let tried = file(&app, "/missing", |file| {
            file.state != FileState::Fetching
                && file.next_try_at.is_none_or(|at| at > app.service.now())
        })
        .await;
        let is_gone = tried.state == FileState::Gone;
        assert_eq!(is_gone, hours > 24, "{tried:?}");
        let part = app.data("staging").join(format!("{}.part", tried.id));
        assert_eq!(part.exists(), !is_gone);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_transfer_holds_up_no_other_and_is_given_up() {
    let (app, files, of) = start(|limits| limits.slow_for = Duration::from_secs(3)).await;
    announce(&app, &of, &files.base(), "/drip").await;
    file(&app, "/drip", |file| file.state == FileState::Fetching).await;
    for path in ["/a", "/b", "/c"] {
        announce(&app, &of, &files.base(), path).await;
    }
    for path in ["/a", "/b", "/c"] {
        file(&app, path, |file| file.state == FileState::Archived).await;
    }
    let slow = file(&app, "/drip", |file| file.trouble.is_some()).await;
    assert_eq!(
        (slow.state, slow.trouble),
        (FileState::Failed, Some(Cause::TooSlow))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_lies_beside_its_description() {
    let app = TestApp::without_callbacks().await;
    let files = Files::start().await;
    let of = app.save_app(&app_form(&files.base(), "other0app")).await;
    announce(&app, &of, &files.base(), "/described").await;
    let archived = file(&app, "/described", |file| file.state == FileState::Archived).await;
    let recordings = std::fs::read_dir(app.data("files"));
    let recording = recordings.unwrap().next().unwrap().unwrap();
    let mut found: Vec<_> = std::fs::read_dir(recording.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    found.sort();
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(std::fs::read(&found[0]).unwrap(), content(1));
    let described: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&found[1]).unwrap()).unwrap();
    assert_eq!(described["room"], "/described");
    assert_eq!(described["name"], "described.mp4");
    assert_eq!(described["kind"], "composite");
    assert_eq!(described["size"], SIZE);
    assert_eq!(described["file"], archived.id.to_string());
    assert_eq!(described["sha256"], archived.sha256.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_lies_with_the_recording_that_its_file_was_moved_to_meanwhile() {
    let (app, files, of) = start(|_| ()).await;
    announce(&app, &of, &files.base(), "/into").await;
    file(&app, "/into", |file| file.state == FileState::Archived).await;
    announce(&app, &of, &files.base(), "/slow").await;
    file(&app, "/slow", |file| file.state == FileState::Fetching).await;
    let moved = "UPDATE files SET recording_id = (SELECT id FROM recordings WHERE room = '/into')
         WHERE name = 'slow.mp4'";
    execute(&app.store().await, moved).await;
    file(&app, "/into", |file| {
        file.name == "slow.mp4" && file.state == FileState::Archived
    })
    .await;
    let folders = std::fs::read_dir(app.data("files")).unwrap();
    assert_eq!(folders.count(), 1);
}

/// The process is killed five times during one transfer.
#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_goes_on_after_a_kill() {
    let (folder, files) = (TempDir::new().unwrap(), Files::start().await);
    let database = DatabaseUrl::Sqlite(folder.path().join("reelroom.db"));
    prepare(&database, folder.path(), &files.base()).await;
    let mut server = Server::start(folder.path(), &database, &[]);
    let to = format!("http://{}/{}/AR/V1/av", server.address, binary::SECRET);
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let call = client.post(to).body(call_about(&files.base(), "/slow"));
    assert_eq!(call.send().await.unwrap().status(), 200);
    let whole = content_of("/slow", 1);
    for kills in 1..=5 {
        eventually("some bytes", || async {
            (files.sent("/slow") >= kills * whole.len() / 8).then_some(())
        })
        .await;
        server.kill();
        server = Server::start(folder.path(), &database, &[]);
    }
    let stored = eventually("the copy", || async {
        let recordings = std::fs::read_dir(folder.path().join("files")).ok()?;
        let recording = recordings.flatten().next()?.path();
        let mut found = std::fs::read_dir(recording).ok()?.flatten();
        let json = found.find(|file| file.path().extension().is_some())?;
        std::fs::read_to_string(json.path()).ok()
    })
    .await;
    assert!(stored.contains(&sha256(&whole)), "{stored}");
    // Bytes that were in buffers when the process ended are sent again.
    let (sent, size) = (files.sent("/slow"), whole.len());
    assert!(
        (size..=size + size / 20).contains(&sent),
        "{sent} of {size}"
    );
    server.end();
}
