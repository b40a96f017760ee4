//! The video list, queried by the client of Reelroom.

use std::time::Duration;

use jiff::Timestamp;
use reelroom_anyrtc::{
    client::{Client, Timeouts},
    videos::{App, Code, Page, Problem, Progress, Stamp, Video, Videos},
};
use reelroom_sandbox::{Config, Sandbox};
use serde_json::{Value, json};

const APP: &str = "app-1";

struct Rig {
    sandbox: Sandbox,
    client: Client,
    http: reqwest::Client,
    _media: tempfile::TempDir,
}

impl Rig {
    async fn set() -> Self {
        let media = tempfile::tempdir().unwrap();
        let mut config = Config::new("127.0.0.1:0".parse().unwrap(), APP, media.path().to_owned());
        config.moves_every = Duration::ZERO;
        config.delay = Duration::ZERO;
        Self {
            sandbox: Sandbox::start(config).await.unwrap(),
            client: Client::new(Timeouts::default()).unwrap(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            _media: media,
        }
    }

    async fn post(&self, path: &str, body: Value) {
        let url = format!("http://{}{path}", self.sandbox.addr());
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success());
    }

    fn app(&self, token: &str) -> App {
        App {
            app_id: APP.to_owned(),
            base: format!("http://{}", self.sandbox.addr()).parse().unwrap(),
            token: token.to_owned(),
        }
    }

    async fn of_room(&self, room: &str) -> Result<Videos, Problem> {
        let app = self.app("sandbox0vod0token");
        self.client.videos_of_room(&app, &stamp(), room).await
    }
}

fn stamp() -> Stamp<'static> {
    Stamp {
        random: "a1B2c3",
        at_ms: Timestamp::now().as_millisecond(),
    }
}

fn code(answer: Result<Videos, Problem>) -> Code {
    match answer {
        Err(Problem::Said { code, .. }) => code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn files_appear_as_they_are_made_and_pages_show_all() {
    let rig = Rig::set().await;
    rig.post("/sandbox/auto/lab-west", json!(null)).await;
    // A guest's recording of four seconds: a composite, a track and two frames.
    let listed = rig.of_room("lab-west").await.unwrap();
    assert_eq!((listed.videos.len(), listed.total), (4, Some(4)));
    for _ in 0..200 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let url = format!("http://{}/sandbox/videos", rig.sandbox.addr());
        let counts = rig.http.get(url).send().await.unwrap();
        let counts: Value = counts.json().await.unwrap();
        if counts["done"] == 4 {
            break;
        }
    }
    let listed = rig.of_room("lab-west").await.unwrap();
    let mut videos = listed.videos.iter();
    assert!(videos.all(|video| video.progress == Progress::Done));
    let first = &listed.videos[0];
    let url = first.download_url.as_deref().unwrap();
    let file = rig.http.get(url).send().await.unwrap();
    let size = file.bytes().await.unwrap().len();
    assert_eq!(first.size, Some(size as u64));
    assert_eq!(first.room.as_deref(), Some("lab-west"));
    assert_eq!(rig.of_room("elsewhere").await.unwrap().videos, []);

    let app = rig.app("sandbox0vod0token");
    let now = Timestamp::now().as_millisecond();
    let mut names = Vec::new();
    for number in 1..=2 {
        let page = Page { number, size: 3 };
        let (stamp, between) = (stamp(), (now - 60_000, now));
        let list = rig.client.videos_by_time(&app, &stamp, between, page);
        let list = list.await.unwrap();
        assert_eq!(list.total, Some(4));
        assert!(list.videos.iter().all(|video| video.room.is_none()));
        names.extend(list.videos.iter().filter_map(Video::name));
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 4, "{names:?}");
    // The fifth call within a minute.
    assert_eq!(code(rig.of_room("lab-west").await), Code::TooFrequent);
    rig.sandbox.shutdown().await;
}

#[tokio::test]
async fn a_rejected_call_has_a_code() {
    let rig = Rig::set().await;
    let ask =
        async |app: &App, stamp: &Stamp<'_>| code(rig.client.videos_of_room(app, stamp, "r").await);
    let right = rig.app("sandbox0vod0token");
    assert_eq!(ask(&rig.app("wrong"), &stamp()).await, Code::BadSignature);
    let stranger = App {
        app_id: "other".to_owned(),
        ..right.clone()
    };
    assert_eq!(ask(&stranger, &stamp()).await, Code::UnknownApp);
    let old = Stamp {
        at_ms: 1_521_608_787_000,
        ..stamp()
    };
    assert_eq!(ask(&right, &old).await, Code::BadTimestamp);
    let no_word = Stamp {
        random: "",
        ..stamp()
    };
    assert_eq!(ask(&right, &no_word).await, Code::MissingParameter);
    rig.post("/sandbox/faults", json!({"video_list": "error"}))
        .await;
    assert_eq!(ask(&right, &stamp()).await, Code::Internal);
    rig.sandbox.shutdown().await;
}

#[tokio::test]
async fn malformed_lists_are_read() {
    let rig = Rig::set().await;
    rig.post("/sandbox/auto/lab-west", json!(null)).await;
    for fault in [
        json!("trailing_comma"),
        json!("strings"),
        json!({"late": 200}),
    ] {
        rig.post("/sandbox/faults", json!({"video_list": fault}))
            .await;
        let list = rig.of_room("lab-west").await.unwrap();
        assert_eq!((list.videos.len(), list.total), (4, Some(4)), "{fault}");
        assert!(list.videos.iter().all(|video| video.start_ms.is_some()));
    }
    rig.sandbox.shutdown().await;
}
