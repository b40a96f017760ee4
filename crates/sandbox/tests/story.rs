//! The sandbox over real HTTP, with a server that collects its callbacks.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Json, Router, extract::State, routing::post};
use mp4_atom::{Ftyp, Moov, ReadFrom};
use reelroom_sandbox::{Config, Sandbox};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};

const APP: &str = "app-1";

/// The received callbacks of each kind.
#[derive(Clone, Default)]
struct Received {
    av: Arc<Mutex<Vec<Value>>>,
    status: Arc<Mutex<Vec<Value>>>,
}

impl Received {
    async fn listen(&self) -> SocketAddr {
        async fn av(State(received): State<Received>, Json(body): Json<Value>) {
            received.av.lock().unwrap().push(body);
        }
        async fn status(State(received): State<Received>, Json(body): Json<Vec<Value>>) {
            received.status.lock().unwrap().extend(body);
        }
        let routes = Router::new()
            .route("/AR/V1/av", post(av))
            .route("/AR/V1/status", post(status))
            .with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        addr
    }
}

async fn until<T>(what: &str, mut poll: impl FnMut() -> Option<T>) -> T {
    for _ in 0..400 {
        if let Some(found) = poll() {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("timed out: {what}");
}

struct Rig {
    sandbox: Sandbox,
    received: Received,
    client: Client,
    _media: tempfile::TempDir,
}

impl Rig {
    async fn set() -> Self {
        let media = tempfile::tempdir().unwrap();
        let received = Received::default();
        let address = received.listen().await;
        let mut config = Config::new("127.0.0.1:0".parse().unwrap(), APP, media.path().to_owned());
        config.callback_url = Some(format!("http://{address}/AR/V1/av").parse().unwrap());
        config.status_url = Some(format!("http://{address}/AR/V1/status").parse().unwrap());
        config.delay = Duration::from_millis(50);
        config.moves_every = Duration::ZERO;
        let sandbox = Sandbox::start(config).await.unwrap();
        let client = Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(10))
            .build()
            .unwrap();
        Self {
            sandbox,
            received,
            client,
            _media: media,
        }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.sandbox.addr())
    }

    fn start(&self, room: &str) -> RequestBuilder {
        self.client
            .post(self.url("/anyapi/v1/startrecord"))
            .query(&[("AppID", APP), ("ArRoomID", room), ("Type", "Meet")])
    }

    fn stop(&self, room: &str) -> RequestBuilder {
        self.client.get(self.url("/anyapi/v1/stoprecord")).query(&[
            ("AppID", APP),
            ("ArRoomID", room),
            ("Type", "Meet"),
        ])
    }

    async fn post(&self, path: &str, body: Value) -> StatusCode {
        let call = self.client.post(self.url(path)).json(&body);
        call.send().await.unwrap().status()
    }

    /// Posts to a route of the sandbox that takes no body.
    async fn command(&self, path: &str) -> StatusCode {
        self.post(path, Value::Null).await
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.client.get(self.url(path)).send().await.unwrap();
        answer.json().await.unwrap()
    }

    async fn files(&self, count: usize) -> Vec<Value> {
        until("the callbacks", || {
            let av = self.received.av.lock().unwrap();
            (av.len() >= count).then(|| av.clone())
        })
        .await
    }
}

async fn result(call: RequestBuilder) -> String {
    let answer: Value = call.send().await.unwrap().json().await.unwrap();
    answer["result"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_recording_from_start_to_files() {
    let rig = Rig::set().await;
    let room = "培训 & +1";
    let user_data = r#"{"who":"李 娜","_reelroom":"t0ken"}"#;
    let body = json!({
        "Path": "2026/十一月/../x",
        "UserData": user_data,
        "NameRule": "a_{roomid}_{date}_{random}.mp4",
    });
    let join = "/sandbox/rooms/%E5%9F%B9%E8%AE%AD%20&%20+1/join";
    assert_eq!(rig.command(&format!("{join}/ann")).await, 200);
    assert_eq!(result(rig.start(room).json(&body)).await, "ok");
    assert_eq!(rig.command(&format!("{join}/bob")).await, 200);
    tokio::time::sleep(Duration::from_millis(2_200)).await;
    assert_eq!(result(rig.stop(room)).await, "ok");

    // A composite, two tracks and two frames.
    let files = rig.files(5).await;
    assert_eq!(files.len(), 5);
    let kinds: Vec<_> = files
        .iter()
        .map(|file| {
            (
                file["type"].as_str().unwrap(),
                file["mediaType"].as_str().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("1", "video"),
        ("2", "audio/video"),
        ("2", "audio"),
        ("3", "image"),
        ("3", "image"),
    ];
    assert_eq!(kinds, expected);
    for file in &files {
        assert_eq!(file["groupId"], room);
        assert_eq!(file["userData"], user_data);
        let name = file["fileName"].as_str().unwrap();
        assert!(name.starts_with("a_培训 & +1_20"), "{name}");
        let url = file["downloadUrl"].as_str().unwrap();
        let got = rig.client.get(url).send().await.unwrap();
        assert_eq!(got.status(), 200, "{url}");
        let kind = got.headers()["content-type"].to_str().unwrap().to_owned();
        let bytes = got.bytes().await.unwrap();
        assert_eq!(bytes.len() as u64, file["fileSize"].as_u64().unwrap());
        if file["type"] == "3" {
            assert_eq!(kind, "image/jpeg");
            continue;
        }
        assert_eq!(kind, "video/mp4");
        let mut read = &bytes[..];
        Ftyp::read_from(&mut read).unwrap();
        let length = Moov::read_from(&mut read).unwrap().mvhd.duration;
        assert!((2_000..3_200).contains(&length), "{length}");
        assert!(file["duration"].as_u64().unwrap().abs_diff(length / 1000) <= 1);
    }
    assert_eq!(files[1]["userId"], "ann");
    assert_eq!(files[2]["userId"], "bob");

    // A part of a file, and a part beyond its end.
    let url = files[0]["downloadUrl"].as_str().unwrap();
    let range = |range: &str| rig.client.get(url).header("range", range).send();
    let part = range("bytes=4-7").await.unwrap();
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.bytes().await.unwrap(), "ftyp");
    let beyond = range("bytes=999999999-").await.unwrap();
    assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    let head = rig.client.head(url).send().await.unwrap();
    assert_eq!(
        head.headers()["content-length"],
        files[0]["fileSize"].to_string()
    );
    rig.sandbox.shutdown().await;
}

#[tokio::test]
async fn refused_starts_and_stops() {
    let rig = Rig::set().await;
    assert_eq!(result(rig.stop("lab-west")).await, "room is not recording");
    assert_eq!(result(rig.start("lab-west")).await, "ok");
    assert_eq!(
        result(rig.start("lab-west")).await,
        "room is already recording"
    );
    let call = |query: &[(&str, &str)]| {
        result(
            rig.client
                .get(rig.url("/anyapi/v1/startrecord"))
                .query(query),
        )
    };
    assert_eq!(call(&[]).await, "AppID is missing");
    assert_eq!(call(&[("AppID", "other")]).await, "AppID is unknown");
    assert_eq!(call(&[("AppID", APP)]).await, "ArRoomID is missing");
    assert_eq!(
        call(&[("AppID", APP), ("ArRoomID", "x"), ("Type", "meet")]).await,
        "Type is unknown"
    );
    let bad = rig.start("x").body(r#"{"UserData":{}}"#);
    assert_eq!(result(bad).await, "UserData is not a string");
    rig.sandbox.shutdown().await;
}

#[tokio::test]
async fn faults_are_set_by_command() {
    let rig = Rig::set().await;
    let set = |faults: Value| rig.post("/sandbox/faults", faults);
    assert_eq!(set(json!({"start": "refuse"})).await, 200);
    assert_eq!(result(rig.start("a")).await, "error");
    set(json!({"start": "html"})).await;
    let page = rig.start("a").send().await.unwrap().text().await.unwrap();
    assert!(page.starts_with("<!doctype html>"));
    set(json!({"start": "500"})).await;
    assert_eq!(rig.start("a").send().await.unwrap().status(), 500);
    set(json!({"start": "swallow"})).await;
    let lost = rig
        .start("a")
        .timeout(Duration::from_millis(300))
        .send()
        .await;
    assert!(lost.unwrap_err().is_timeout());
    set(json!({"start": "ok", "callbacks": "double"})).await;
    assert_eq!(result(rig.start("a")).await, "room is already recording");
    assert_eq!(result(rig.stop("a")).await, "ok");
    // A composite, the guest's track and two frames, each twice.
    let twice = rig.files(8).await;
    assert_eq!(twice[0], twice[1]);
    assert_ne!(set(json!({"start": "no such fault"})).await, 200);
    rig.sandbox.shutdown().await;
}

#[tokio::test]
async fn late_responses_and_reordered_callbacks() {
    let rig = Rig::set().await;
    let set = |faults: Value| rig.post("/sandbox/faults", faults);
    assert_eq!(set(json!({"start": {"late": 400}})).await, 200);
    let begun = std::time::Instant::now();
    assert_eq!(result(rig.start("a")).await, "ok");
    assert!(begun.elapsed() >= Duration::from_millis(400));
    set(json!({"start": "ok", "callbacks": "reorder"})).await;
    assert_eq!(result(rig.stop("a")).await, "ok");
    let files = rig.files(4).await;
    assert_eq!(
        (&files[0]["type"], &files[3]["type"]),
        (&json!("3"), &json!("1"))
    );
    let shown = rig.get("/sandbox/faults").await;
    assert_eq!(shown["callbacks"], "reorder");
    for fault in [
        json!({"callbacks": {"delay": 10}}),
        json!({"callbacks": {"mangle": "gb18030"}}),
        json!({"video_list": {"late": 1}}),
        json!({"video_list": "trailing_comma"}),
    ] {
        assert_eq!(set(fault.clone()).await, 200, "{fault}");
    }
    rig.sandbox.shutdown().await;
}

#[tokio::test]
async fn a_recorded_meeting_may_end() {
    let rig = Rig::set().await;
    assert_eq!(result(rig.start("class-7B")).await, "ok");
    assert_eq!(rig.command("/sandbox/rooms/class-7B/end").await, 200);
    let rooms = rig.get("/sandbox/rooms").await;
    let mut rooms = rooms.as_array().unwrap().iter();
    let room = rooms.find(|room| room["room"] == "class-7B").unwrap();
    assert_eq!(room["live_since"], json!(null));
    assert_ne!(room["recording_since"], json!(null));
    assert_eq!(result(rig.stop("class-7B")).await, "ok");
    rig.sandbox.shutdown().await;
}

#[tokio::test]
async fn a_new_address_receives_all_room_events() {
    let rig = Rig::set().await;
    let begins = |received: &Received| {
        let status = received.status.lock().unwrap();
        status.iter().filter(|one| one["option"] == "Begin").count()
    };
    until("what is live", || {
        (begins(&rig.received) == 6).then_some(())
    })
    .await;
    rig.command("/sandbox/rooms/class-7A/join/ann").await;
    rig.command("/sandbox/rooms/class-7A/screen/ann").await;
    rig.command("/sandbox/rooms/class-7A/end").await;
    let events = until("the end", || {
        let status = rig.received.status.lock().unwrap();
        let of_room = status.iter().filter(|one| one["groupId"] == "class-7A");
        let events: Vec<_> = of_room
            .map(|one| {
                format!(
                    "{} {}",
                    one["option"].as_str().unwrap(),
                    one["userId"].as_str().unwrap()
                )
            })
            .collect();
        events
            .last()
            .is_some_and(|last| last == "End ")
            .then_some(events)
    })
    .await;
    assert_eq!(
        events,
        [
            "Begin ",
            "Online ann",
            "ScreenOn ann",
            "ScreenOff ann",
            "Offline ann",
            "End "
        ]
    );

    let elsewhere = Received::default();
    let address = elsewhere.listen().await;
    let body = json!({ "status": format!("http://{address}/AR/V1/status") });
    assert_eq!(rig.post("/sandbox/callbacks", body).await, 200);
    until("all again", || (begins(&elsewhere) == 6).then_some(())).await;
    assert_eq!(rig.command("/sandbox/rooms/lab-west/end").await, 404);
    let rooms = rig.get("/sandbox/rooms").await;
    assert_eq!(rooms.as_array().unwrap().len(), 12);
    rig.sandbox.shutdown().await;
}

#[tokio::test]
async fn the_platform_records_by_itself() {
    let rig = Rig::set().await;
    assert_eq!(rig.command("/sandbox/auto/legal-review").await, 200);
    let files = rig.files(4).await;
    assert_eq!(files[0]["duration"], 4);
    assert_eq!(files[0]["fileName"].as_str().unwrap().len(), 20);
    assert_eq!(files[0]["userData"], "");
    rig.sandbox.shutdown().await;
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing() {
    let rig = Rig::set().await;
    let own = format!("http://{}", rig.sandbox.addr());
    for (header, value, status) in [
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
        ("origin", "http://evil.example", 403),
        ("origin", "null", 403),
        ("sec-fetch-site", "same-origin", 200),
        ("origin", own.as_str(), 200),
    ] {
        for path in [
            "/sandbox/auto/lab-west",
            "/sandbox/faults",
            "/sandbox/callbacks",
        ] {
            let call = rig.client.post(rig.url(path)).header(header, value);
            let answer = call.json(&json!({})).send().await.unwrap();
            assert_eq!(answer.status(), status, "{header}: {value} {path}");
        }
    }
}
