//! Hostile input to the intake: any bytes, slow clients, too many connections, more than the quota.

use std::{io::Write, net::SocketAddr, time::Duration};

use crate::common::{
    SECRET, TestApp,
    actions::{library, page_of},
    anyone, eventually,
};
use flate2::{Compression, write::GzEncoder};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use reelroom::{Limits, TrustedProxies};
use reelroom_domain::{
    callback::{CallbackKind, Verdict},
    recording::RecordingState,
    room::RoomId,
};
use reelroom_store::{
    Store,
    testing::{self, Databases, KnownCall},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// A random body that resembles those of the platform.
fn random_body(rng: &mut StdRng) -> Vec<u8> {
    let words = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\0",
        "\u{feff}",
        "null",
        "true",
        "1e999",
        "-",
        "\"type\"",
        "\"1\"",
        "1",
        "\"groupId\"",
        "\"room\"",
        "\"fileName\"",
        "\"f.mp4\"",
        "\"startTime\"",
        "\"2018-3-21 13:06:27\"",
        "\"fileSize\"",
        "99999999999999999999",
        "\"userData\"",
        "\"{\\\"_reelroom\\\":\\\"0.0\\\"}\"",
        "\"\\ud800\"",
        "客服",
        " ",
        "\"option\"",
        "\"Begin\"",
        "\"time\"",
    ];
    let mut body = if rng.random_bool(0.5) {
        let mut value = serde_json::json!({
            "type": rng.random_range(0..5).to_string(), "groupId": "room", "userId": "u\0",
            "fileName": format!("f{}", rng.random_range(0..9)), "fileSize": rng.random::<i64>(),
            "startTime": rng.random::<i32>().to_string(), "endTime": "", "userData": {"a": [1]},
            "downloadUrl": "http://[::1]:x/", "option": "End", "time": "1521608787",
        });
        if rng.random_bool(0.3) {
            let members = value.as_object_mut().unwrap();
            let name = members
                .keys()
                .nth(rng.random_range(0..members.len()))
                .unwrap()
                .clone();
            members.insert(name, serde_json::json!([null, {"x": "\0"}]));
        }
        value.to_string().into_bytes()
    } else {
        let many = rng.random_range(0..40);
        let words = (0..many).map(|_| *words.choose(rng).unwrap());
        words.collect::<String>().into_bytes()
    };
    if rng.random_bool(0.3) && !body.is_empty() {
        let at = rng.random_range(0..body.len());
        body[at] = rng.random();
    }
    if rng.random_bool(0.02) {
        body = vec![b'['; rng.random_range(0..100_000)];
    }
    body
}

/// Stored calls of the test. Those of the emulated platform have a content type.
async fn own_calls(store: &Store) -> Vec<KnownCall> {
    let mut all = testing::all_calls(store).await;
    all.retain(|known| known.call.content.content_type.is_none());
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn any_body_is_stored_unchanged_without_a_server_error() {
    let app = TestApp::start().await;
    let mut rng = StdRng::seed_from_u64(4);
    let mut bodies = Vec::new();
    for number in 0..400 {
        let body = random_body(&mut rng);
        let what = if number % 2 == 0 { "av" } else { "status" };
        let answer = app.callback(what).body(body.clone()).send().await.unwrap();
        let status = answer.status().as_u16();
        assert!(
            matches!(status, 200 | 400),
            "{status} {:?}",
            String::from_utf8_lossy(&body)
        );
        bodies.push((body, status));
    }
    let store = Store::connect(&app.database()).await.unwrap();
    let all = eventually("all to be understood", || async {
        let all = own_calls(&store).await;
        let is_understood = |known: &KnownCall| known.entry.is_some();
        all.iter().all(is_understood).then_some(all)
    })
    .await;
    for call in &all {
        let fault = call.reason().unwrap_or_default();
        assert!(!fault.contains("fault of ours"), "{fault}");
    }
    let expected_status = |known: &KnownCall| match known.verdict() {
        Some(Verdict::Malformed) => 400,
        _ => 200,
    };
    let kept: Vec<_> = all
        .iter()
        .map(|known| (known.call.content.body.clone(), expected_status(known)))
        .collect();
    assert!(kept == bodies, "what is kept is not what was sent");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_size_limit_applies_to_decompressed_bodies() {
    const MIB: usize = 1 << 20;
    let app = TestApp::without_callbacks().await;
    let text = |length: usize| format!("\"{}\"", "a".repeat(length - 2)).into_bytes();
    // Decompressed over 100 MB: gzip members may be concatenated.
    let member = gzip(&vec![b' '; MIB]);
    let bomb = member.repeat(MIB / member.len());
    for (what, body, status) in [
        ("plain, fits", text(MIB), 200),
        ("plain", text(MIB + 1), 413),
        ("packed, fits", gzip(&text(MIB)), 200),
        ("packed", gzip(&text(MIB + 1)), 413),
        ("a bomb", bomb, 413),
    ] {
        for path in ["av", "status"] {
            let call = app.callback(path);
            let answer = call.body(body.clone()).send().await.unwrap();
            assert_eq!(answer.status(), status, "{what}, {path}");
        }
    }
    let kept = own_calls(&app.store().await).await;
    assert_eq!(kept.len(), 4, "what fits is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn deeply_nested_json_is_valid() {
    let app = TestApp::without_callbacks().await;
    let deep = format!("{}{}", "[".repeat(500_000), "]".repeat(500_000));
    let file = r#""type":"1","groupId":"a","fileName":"f""#;
    let calls = [
        (deep.clone(), 200, Verdict::Unrecognised),
        (deep[1..].to_owned(), 400, Verdict::Malformed),
        (deep[..999_999].to_owned(), 400, Verdict::Malformed),
        (
            format!("{{{file},\"userData\":{deep}}}"),
            200,
            Verdict::Accepted,
        ),
    ];
    let store = app.store().await;
    for (body, status, verdict) in calls {
        let call = app.callback("av").body(body.clone());
        assert_eq!(call.send().await.unwrap().status(), status);
        let seen = eventually("the verdict", async || {
            let all = own_calls(&store).await;
            let mut all = all.iter();
            let call = all.find(|known| known.call.content.body == body.as_bytes());
            call.unwrap().verdict()
        });
        assert_eq!(seen.await, verdict, "{}", &body[..80]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_read_from_every_encoding_of_a_call() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let encodings = ["gzip", "gb18030", "form", "bom", "strings", "garbage"];
    let name = |encoding: &str| format!("客服_{encoding}");
    for encoding in encodings {
        let room = name(encoding);
        let form = [
            ("room", room.as_str()),
            ("rule", "ar_{roomid}_{date}_{random}"),
            ("user_data", "模 & ="),
            ("kind", "Meet"),
        ];
        app.done("start_recording", &cookie, &form).await;
    }
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let store = app.store().await;
    for encoding in encodings {
        app.set_faults(serde_json::json!({"callbacks": {"mangle": encoding}}))
            .await;
        let room = RoomId::new(name(encoding)).unwrap();
        let view = app.service.room(anyone(), None, &room).await.unwrap();
        let id = view.current.unwrap().row.id;
        let stop = [("id", id.to_string())];
        let stop = stop.each_ref().map(|(name, id)| (*name, id.as_str()));
        app.done("stop_recording", &cookie, &stop).await;
        if encoding == "garbage" {
            let broken = eventually("it is malformed", async || {
                let all = testing::all_calls(&store).await;
                all.into_iter()
                    .find(|known| known.verdict() == Some(Verdict::Malformed))
            })
            .await;
            let call = app.callback("av");
            let call = call.body(broken.call.content.body);
            assert_eq!(call.send().await.unwrap().status(), 400);
            let view = app.recording(id).await;
            assert_eq!(view.row.state, RecordingState::AwaitingFiles);
            continue;
        }
        let ready = eventually(encoding, async || {
            let view = app.recording(id).await;
            (view.row.state == RecordingState::Ready && view.files.len() == 4).then_some(view)
        })
        .await;
        assert_eq!(ready.user_data.as_deref(), Some("模 & ="), "{encoding}");
        assert!(
            ready.files.iter().all(|file| file.started_at.is_some()),
            "{encoding}"
        );
        // The call came in this encoding, not in the usual one.
        let all = testing::all_calls(&store).await;
        let of_it = all.iter().filter(|known| known.recording() == Some(id));
        let of_it = of_it.map(|known| &known.call.content);
        for call in of_it.filter(|call| call.kind == CallbackKind::Av) {
            let plain = format!("\"groupId\":\"{}\"", room.as_str());
            let mut windows = call.body.windows(plain.len());
            let is_plain = windows.any(|window| window == plain.as_bytes());
            let may_be = ["bom", "strings"].contains(&encoding);
            assert_eq!(is_plain, may_be, "{encoding}");
        }
    }
    // No file made a recording of its own.
    assert_eq!(library(&app.service).await.total.n, 6);
}

/// Verdict and body of each call once all are understood, oldest first.
async fn verdicts(store: &Store) -> Vec<(Verdict, String)> {
    eventually("all to be understood", async || {
        let all = own_calls(store).await;
        all.into_iter()
            .map(|known| {
                let body = known.call.content.body.clone();
                Some((known.verdict()?, String::from_utf8(body).unwrap()))
            })
            .collect()
    })
    .await
}

/// Tests a quota of 8 calls and 4,000 bytes.
async fn the_oldest_unusable_calls_are_deleted(databases: &Databases) {
    let app = TestApp::with_config(|config| {
        config.limits.unusable_calls = 8;
        config.limits.unusable_bytes = 4000;
        config.database = databases.another();
    })
    .await;
    let store = app.store().await;
    let post = async |what: &str, body: &str| {
        let call = app.callback(what);
        let answer = call.body(body.to_owned()).send().await.unwrap();
        answer.status().as_u16()
    };
    // Above the quota and oldest of all, but usable.
    let files: Vec<String> = (0..10)
        .map(|n| {
            let user_data = "x".repeat(500);
            format!(r#"{{"type":"1","groupId":"a","fileName":"f{n}","userData":"{user_data}"}}"#)
        })
        .collect();
    for file in &files {
        assert_eq!(post("av", file).await, 200);
    }
    let unusable = |n: usize| match n % 2 {
        0 => (
            Verdict::Unrecognised,
            format!("{:<40}", format!("{{\"odd\":{n}}}")),
        ),
        _ => (
            Verdict::Malformed,
            format!("{:<40}", format!("{{broken {n}")),
        ),
    };
    for n in 0..20 {
        let (verdict, body) = unusable(n);
        let what = if n % 4 < 2 { "av" } else { "status" };
        let status = if verdict == Verdict::Malformed {
            400
        } else {
            200
        };
        assert_eq!(post(what, &body).await, status);
    }
    let expected = |unusable: Vec<(Verdict, String)>| {
        let files = files.iter().map(|file| (Verdict::Accepted, file.clone()));
        files.chain(unusable).collect::<Vec<_>>()
    };
    // The newest eight, of both verdicts together.
    let newest = (12..20).map(unusable).collect();
    assert_eq!(verdicts(&store).await, expected(newest));
    // Leaves 100 bytes for older ones.
    let large = "{".repeat(3900);
    assert_eq!(post("av", &large).await, 400);
    let mut left: Vec<_> = (18..20).map(unusable).collect();
    left.push((Verdict::Malformed, large));
    assert_eq!(verdicts(&store).await, expected(left));
}

#[tokio::test(flavor = "multi_thread")]
async fn unusable_calls_have_a_quota_on_sqlite() {
    the_oldest_unusable_calls_are_deleted(&Databases::on_sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unusable_calls_have_a_quota_on_postgres() {
    the_oldest_unusable_calls_are_deleted(&Databases::on_postgres()).await;
}

/// Reads until the other end closes. Panics after 20 seconds.
async fn until_closed(stream: &mut TcpStream) -> String {
    let mut got = Vec::new();
    let read = timeout(Duration::from_secs(20), stream.read_to_end(&mut got)).await;
    assert!(read.is_ok(), "it was not closed");
    String::from_utf8_lossy(&got).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn incomplete_requests_time_out() {
    let app = TestApp::start().await;
    let limits = Limits {
        headers: Duration::from_millis(300),
        body: Duration::from_millis(300),
        ..Limits::default()
    };
    let address = app.listen_with(limits, TrustedProxies::default()).await;
    let mut half_a_header = TcpStream::connect(address).await.unwrap();
    half_a_header
        .write_all(b"POST /AR/V1/av HTTP/1.1\r\nhost:")
        .await
        .unwrap();
    assert!(!until_closed(&mut half_a_header).await.contains(" 200 "));
    let mut half_a_body = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /{SECRET}/AR/V1/av HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\nconnection: close\r\n\r\n{{"
    );
    half_a_body.write_all(head.as_bytes()).await.unwrap();
    let answer = until_closed(&mut half_a_body).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    let mut without_secret = TcpStream::connect(address).await.unwrap();
    let head = head.replace(SECRET, "wrong");
    without_secret.write_all(head.as_bytes()).await.unwrap();
    let answer = until_closed(&mut without_secret).await;
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
    assert_eq!(app.service.rejected().await.unwrap().calls, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_of_an_address_are_limited() {
    let app = TestApp::start().await;
    // Without a reserve, which would still serve callbacks and health.
    let limits = Limits {
        per_address: 2,
        reserve: 0,
        ..Limits::default()
    };
    let asks = async |address: SocketAddr, at: usize| {
        let mut all = Vec::new();
        let mut answered = 0;
        for _ in 0..at {
            let mut stream = TcpStream::connect(address).await.unwrap();
            // A rejected connection may fail while writing.
            let _ = stream
                .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
                .await;
            let mut some = [0; 12];
            let read = timeout(Duration::from_secs(20), stream.read(&mut some)).await;
            if matches!(read.unwrap(), Ok(12)) && some.ends_with(b"200") {
                answered += 1;
            }
            all.push(stream);
        }
        answered
    };
    let address = app.listen_with(limits, TrustedProxies::default()).await;
    assert_eq!(asks(address, 4).await, 2);
    // A trusted proxy has no limit.
    let proxies = TrustedProxies(["127.0.0.0/8".parse().unwrap()].into());
    let address = app.listen_with(limits, proxies).await;
    assert_eq!(asks(address, 4).await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_call_is_counted_and_not_stored() {
    let app = TestApp::start().await;
    for path in [
        "/AR/V1/av",
        "/wrong/AR/V1/av",
        "/AR/V1/av/%ff%fe",
        "/AR/V1/status?secret=wrong",
        "/AR/V1/av?secret=wrong&secret=wrong",
    ] {
        let answer = app.post(path).body("{}").send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
    let seen = app.service.rejected().await.unwrap();
    let last = seen.last.unwrap();
    assert_eq!(
        (seen.calls, last.calls, last.remote.as_str()),
        (5, 5, "127.0.0.1")
    );
    // Administrators see it above the inbox and in the settings.
    let cookie = app.cookie().await;
    let viewer = app.viewer_cookie().await;
    for (path, cookie, is_expected) in [
        ("/callbacks", &cookie, true),
        ("/settings", &cookie, true),
        ("/settings", &viewer, false),
    ] {
        let (_, page) = page_of(&app, path, cookie).await;
        let is_shown = page.contains(", the last from ");
        assert_eq!(is_shown, is_expected, "{path}: {page}");
    }
    let store = Store::connect(&app.database()).await.unwrap();
    assert_eq!(own_calls(&store).await, []);
}
