//! What a caller may do to the intake: any bytes, slowly, too many at once, while the disk is not
//! there.

use std::{io::Write, net::SocketAddr, time::Duration};

use crate::common::{SECRET, TestApp, eventually};
use flate2::{Compression, write::GzEncoder};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use reelroom::{Limits, TrustedProxies};
use reelroom_domain::{
    callback::{CallbackKind, Verdict},
    recording::RecordingState,
    room::RoomId,
    user::Role,
};
use reelroom_service::LibraryQuery;
use reelroom_store::{
    Store,
    testing::{self, Databases, KnownCall},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// A body that is nearly one of the platform's.
fn nearly(rng: &mut StdRng) -> Vec<u8> {
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

/// What was kept, but for what the emulated platform tells of its rooms meanwhile.
async fn kept_of_ours(store: &Store) -> Vec<KnownCall> {
    let mut all = testing::all_calls(store).await;
    // Ours say nothing of their type.
    all.retain(|known| known.call.content.content_type.is_none());
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_body_it_is_kept_to_the_byte_and_never_our_fault() {
    let app = TestApp::start().await;
    let mut rng = StdRng::seed_from_u64(4);
    let mut bodies = Vec::new();
    for number in 0..400 {
        let body = nearly(&mut rng);
        let what = if number % 2 == 0 { "av" } else { "status" };
        let answer = app
            .post(&format!("/{SECRET}/AR/V1/{what}"))
            .body(body.clone())
            .send()
            .await
            .unwrap();
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
        let all = kept_of_ours(&store).await;
        let is_understood = |known: &KnownCall| known.entry.is_some();
        all.iter().all(is_understood).then_some(all)
    })
    .await;
    for call in &all {
        let fault = call.reason().unwrap_or_default();
        assert!(!fault.contains("fault of ours"), "{fault}");
    }
    let said = |known: &KnownCall| match known.verdict() {
        Some(Verdict::Malformed) => 400,
        _ => 200,
    };
    let kept: Vec<_> = all
        .iter()
        .map(|known| (known.call.content.body.clone(), said(known)))
        .collect();
    assert!(kept == bodies, "what is kept is not what was sent");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_is_too_much_packed_or_not() {
    const MIB: usize = 1 << 20;
    let app = TestApp::alone().await;
    let text = |length: usize| format!("\"{}\"", "a".repeat(length - 2)).into_bytes();
    // A megabyte that would be more than a hundred: packed text may be strung together.
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
            let call = app.post(&format!("/{SECRET}/AR/V1/{path}"));
            let answer = call.body(body.clone()).send().await.unwrap();
            assert_eq!(answer.status(), status, "{what}, {path}");
        }
    }
    let kept = kept_of_ours(&app.store().await).await;
    assert_eq!(kept.len(), 4, "what fits is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn deep_json_is_json() {
    let app = TestApp::alone().await;
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
        let call = app.post(&format!("/{SECRET}/AR/V1/av")).body(body.clone());
        assert_eq!(call.send().await.unwrap().status(), status);
        let seen = eventually("the verdict", async || {
            let all = kept_of_ours(&store).await;
            let mut all = all.iter();
            let call = all.find(|known| known.call.content.body == body.as_bytes());
            call.unwrap().verdict()
        });
        assert_eq!(seen.await, verdict, "{}", &body[..80]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_dress_of_a_call_brings_the_file() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let dresses = ["gzip", "gb18030", "form", "bom", "strings", "garbage"];
    let name = |dress: &str| format!("客服_{dress}");
    for dress in dresses {
        let room = name(dress);
        let form = [
            ("room", room.as_str()),
            ("rule", "ar_{roomid}_{date}_{random}"),
            ("user_data", "模 & ="),
            ("kind", "Meet"),
        ];
        let (status, body) = app.call("start_recording", &cookie, &form).await;
        assert_eq!(status, 200, "{body}");
    }
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let store = app.store().await;
    for dress in dresses {
        app.tell(
            "/sandbox/faults",
            serde_json::json!({"callbacks": {"mangle": dress}}),
        )
        .await;
        let room = RoomId::new(name(dress)).unwrap();
        let view = app.service.room(Role::Viewer, None, &room).await.unwrap();
        let id = view.current.unwrap().row.id;
        let stop = [("id", id.to_string())];
        let stop = stop.each_ref().map(|(name, id)| (*name, id.as_str()));
        assert_eq!(app.call("stop_recording", &cookie, &stop).await.0, 200);
        if dress == "garbage" {
            let broken = eventually("it is malformed", async || {
                let all = testing::all_calls(&store).await;
                all.into_iter()
                    .find(|known| known.verdict() == Some(Verdict::Malformed))
            })
            .await;
            let call = app.post(&format!("/{SECRET}/AR/V1/av"));
            let call = call.body(broken.call.content.body);
            assert_eq!(call.send().await.unwrap().status(), 400);
            let view = app.service.recording(id).await.unwrap();
            assert_eq!(view.row.state, RecordingState::AwaitingFiles);
            continue;
        }
        let ready = eventually(dress, async || {
            let view = app.service.recording(id).await.unwrap();
            (view.row.state == RecordingState::Ready && view.files.len() == 4).then_some(view)
        })
        .await;
        assert_eq!(ready.user_data.as_deref(), Some("模 & ="), "{dress}");
        assert!(
            ready.files.iter().all(|file| file.started_at.is_some()),
            "{dress}"
        );
        // It came in that dress, and not as it always does.
        let all = testing::all_calls(&store).await;
        let of_it = all.iter().filter(|known| known.recording() == Some(id));
        let of_it = of_it.map(|known| &known.call.content);
        for call in of_it.filter(|call| call.kind == CallbackKind::Av) {
            let plain = format!("\"groupId\":\"{}\"", room.as_str());
            let mut windows = call.body.windows(plain.len());
            let is_plain = windows.any(|window| window == plain.as_bytes());
            let may_be = ["bom", "strings"].contains(&dress);
            assert_eq!(is_plain, may_be, "{dress}");
        }
    }
    // Nothing became a recording of its own.
    let library = app.service.library(LibraryQuery::default()).await.unwrap();
    assert_eq!(library.total, 6);
}

/// What was made of each call once all have been understood, the oldest first.
async fn verdicts(store: &Store) -> Vec<(Verdict, String)> {
    eventually("all to be understood", async || {
        let all = kept_of_ours(store).await;
        all.into_iter()
            .map(|known| {
                let body = known.call.content.body.clone();
                Some((known.verdict()?, String::from_utf8(body).unwrap()))
            })
            .collect()
    })
    .await
}

/// A quota of 8 calls and 4,000 bytes.
async fn what_nobody_can_use_gives_way_to_what_came_later(databases: &Databases) {
    let app = TestApp::alone_with(|config| {
        config.limits.unusable_calls = 8;
        config.limits.unusable_bytes = 4000;
        config.database = databases.another();
    })
    .await;
    let store = app.store().await;
    let post = async |what: &str, body: &str| {
        let call = app.post(&format!("/{SECRET}/AR/V1/{what}"));
        let answer = call.body(body.to_owned()).send().await.unwrap();
        answer.status().as_u16()
    };
    // More than the quota has room for, and the oldest of all.
    let files: Vec<String> = (0..10)
        .map(|n| {
            let user_data = "x".repeat(500);
            format!(r#"{{"type":"1","groupId":"a","fileName":"f{n}","userData":"{user_data}"}}"#)
        })
        .collect();
    for file in &files {
        assert_eq!(post("av", file).await, 200);
    }
    let of_no_use = |n: usize| match n % 2 {
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
        let (verdict, body) = of_no_use(n);
        let what = if n % 4 < 2 { "av" } else { "status" };
        let status = if verdict == Verdict::Malformed {
            400
        } else {
            200
        };
        assert_eq!(post(what, &body).await, status);
    }
    let expected = |of_no_use: Vec<(Verdict, String)>| {
        let files = files.iter().map(|file| (Verdict::Accepted, file.clone()));
        files.chain(of_no_use).collect::<Vec<_>>()
    };
    // The newest eight, whichever of the two they are.
    let newest = (12..20).map(of_no_use).collect();
    assert_eq!(verdicts(&store).await, expected(newest));
    // One that leaves 100 bytes to those before it.
    let large = "{".repeat(3900);
    assert_eq!(post("av", &large).await, 400);
    let mut left: Vec<_> = (18..20).map(of_no_use).collect();
    left.push((Verdict::Malformed, large));
    assert_eq!(verdicts(&store).await, expected(left));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_use_has_a_quota_on_sqlite() {
    what_nobody_can_use_gives_way_to_what_came_later(&Databases::on_sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_use_has_a_quota_on_postgres() {
    what_nobody_can_use_gives_way_to_what_came_later(&Databases::on_postgres()).await;
}

/// What comes back until the other end closes, or for 20 seconds.
async fn until_closed(stream: &mut TcpStream) -> String {
    let mut got = Vec::new();
    let read = timeout(Duration::from_secs(20), stream.read_to_end(&mut got)).await;
    assert!(read.is_ok(), "it was not closed");
    String::from_utf8_lossy(&got).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_waited_for_for_ever() {
    let app = TestApp::start().await;
    let limits = Limits {
        headers: Duration::from_millis(300),
        body: Duration::from_millis(300),
        ..Limits::default()
    };
    let address = app.behind(limits, TrustedProxies::default()).await;
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
    let mut strange = TcpStream::connect(address).await.unwrap();
    let head = head.replace(SECRET, "wrong");
    strange.write_all(head.as_bytes()).await.unwrap();
    let answer = until_closed(&mut strange).await;
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
    assert_eq!(app.service.rejected().await.unwrap().calls, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_only_so_many_connections() {
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
            // Who is not let in may find that out while writing.
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
    let address = app.behind(limits, TrustedProxies::default()).await;
    assert_eq!(asks(address, 4).await, 2);
    // A proxy speaks for many.
    let proxies = TrustedProxies(["127.0.0.0/8".parse().unwrap()].into());
    let address = app.behind(limits, proxies).await;
    assert_eq!(asks(address, 4).await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_rejected_leaves_a_number_only() {
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
    // Administrators are told of it above the inbox, and where they look the address up.
    let cookie = app.cookie().await;
    let viewer = app.viewer().await;
    for (path, cookie, told) in [
        ("/callbacks", &cookie, true),
        ("/settings", &cookie, true),
        ("/settings", &viewer, false),
    ] {
        let page = app.get(path).header("cookie", cookie).send().await;
        let page = page.unwrap().text().await.unwrap();
        let is_told = page.contains("rejected, the last from");
        assert_eq!(is_told, told, "{path}: {page}");
    }
    let store = Store::connect(&app.database()).await.unwrap();
    assert_eq!(kept_of_ours(&store).await, []);
}
