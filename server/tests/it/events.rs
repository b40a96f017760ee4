//! Event streams: what open pages receive, and when a stream ends.

use std::time::Duration;

use crate::common::{
    ADMIN, TestApp,
    actions::{page_of, set_rules},
};
use futures::StreamExt;
use reelroom_domain::{
    access::Grant,
    room::RoomId,
    time::{Clock, Timestamp},
    user::{Role, SignInRules},
};
use reelroom_service::{Principal, SystemClock};
use reqwest::RequestBuilder;

/// A client of the event stream.
pub struct Stream {
    bytes: futures::stream::BoxStream<'static, reqwest::Result<bytes::Bytes>>,
    text: String,
}

/// Name, data and id of an event.
pub type Event = (String, String, Option<String>);

impl Stream {
    async fn open(app: &TestApp, cookie: &str, since: Option<&str>) -> Self {
        let request = app.get("/events").header("cookie", cookie);
        let request = match since {
            Some(id) => request.header("last-event-id", id),
            None => request,
        };
        Self::read(request).await
    }

    pub async fn read(request: RequestBuilder) -> Self {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self {
            bytes: answer.bytes_stream().boxed(),
            text: String::new(),
        }
    }

    /// Next event, ignoring beats; `None` when the server closes the stream.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            match self.any().await {
                Some((name, ..)) if name == "beat" => {}
                event => return event,
            }
        }
    }

    async fn any(&mut self) -> Option<Event> {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let event: String = self.text.drain(..end + 2).collect();
                let field = |name: &str| {
                    event
                        .lines()
                        .find_map(|line| line.strip_prefix(name))
                        .map(|value| value.trim_start().to_owned())
                };
                return Some((
                    field("event:").unwrap_or_default(),
                    field("data:").unwrap_or_default(),
                    field("id:"),
                ));
            }
            let waited = tokio::time::timeout(Duration::from_secs(20), self.bytes.next());
            match waited.await.expect("an event or the end") {
                Some(Ok(bytes)) => self.text.push_str(std::str::from_utf8(&bytes).unwrap()),
                Some(Err(_)) | None => return None,
            }
        }
    }

    pub async fn hello(&mut self) -> Option<String> {
        let (name, _, id) = self.any().await.unwrap();
        assert_eq!(name, "hello");
        id
    }
}

async fn change(app: &TestApp, by: &Principal, room: &str) {
    let room = RoomId::new(room).unwrap();
    app.service
        .label_room(by, None, &room, "", (false, false))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reconnecting_stream_receives_missed_events() {
    let app = TestApp::without_callbacks().await;
    let (cookie, admin) = (app.cookie().await, app.admin().await);
    let mut first = Stream::open(&app, &cookie, None).await;
    let start = first.hello().await.unwrap();
    // The server's time comes first.
    let (name, now, _) = first.any().await.unwrap();
    let now = now.parse().map(Timestamp::from_millis).unwrap();
    let off = SystemClock.now().since(now);
    assert_eq!((name.as_str(), off.abs() < 20_000), ("beat", true), "{off}");
    change(&app, &admin, "one").await;
    let (name, data, id) = first.next().await.unwrap();
    assert_eq!((name.as_str(), data.contains("\"one\"")), ("change", true));
    let id = id.unwrap();
    drop(first);

    change(&app, &admin, "two").await;
    // Changes are sent in frames, at most 100 ms later.
    let mut other = Stream::open(&app, &cookie, Some(&id)).await;
    let reached = other.hello().await;
    assert!(reached.is_none_or(|reached| reached == id));
    let (name, data, _) = other.next().await.unwrap();
    assert_eq!((name.as_str(), data.contains("\"two\"")), ("change", true));

    // The page names the event at which its stream resumes.
    let (_, page) = page_of(&app, "/", &cookie).await;
    let run = start.split('-').next().unwrap();
    assert!(page.contains(&format!("data-events=\"{run}-")), "{run}");

    for unknown in ["1-1", "nonsense"] {
        let mut stream = Stream::open(&app, &cookie, Some(unknown)).await;
        assert_eq!(stream.hello().await, None);
        assert_eq!(stream.next().await.unwrap().0, "resync");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_stream_receives_all_changes_of_a_burst() {
    let app = TestApp::without_callbacks().await;
    let (cookie, admin) = (app.cookie().await, app.admin().await);
    let mut readers = Vec::new();
    for _ in 0..20 {
        let mut stream = Stream::open(&app, &cookie, None).await;
        stream.hello().await;
        readers.push(tokio::spawn(async move {
            let mut received = 0;
            loop {
                let (name, data, _) = stream.next().await.unwrap();
                match name.as_str() {
                    "change" if data.contains("\"the last\"") => return (received, stream.text),
                    "change" => received += 1,
                    other => panic!("{other}"),
                }
            }
        }));
    }
    for round in 0..10 {
        for room in 0..20 {
            change(&app, &admin, &format!("room {room} of {}", round % 2)).await;
        }
    }
    change(&app, &admin, "the last").await;
    for reader in readers {
        let (received, rest) = reader.await.unwrap();
        // 40 rooms, each once a frame: a burst longer than a frame repeats some.
        assert!((40..=200).contains(&received), "{received}");
        assert_eq!(rest, "");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_its_session_and_others_stay_open() {
    let app = TestApp::without_callbacks().await;
    let admin = app.admin().await;
    let (ends, stays) = (app.cookie().await, app.viewer_cookie().await);
    let mut ending = Stream::open(&app, &ends, None).await;
    let mut staying = Stream::open(&app, &stays, None).await;
    ending.hello().await;
    staying.hello().await;
    app.call("sign_out", &ends, &[]).await;
    assert_eq!(ending.next().await, None);
    change(&app, &admin, "still open").await;
    assert_eq!(staying.next().await.unwrap().0, "change");

    app.service
        .set_password("viewer", "another password")
        .await
        .unwrap();
    assert_eq!(staying.next().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_where_the_account_must_switch_a_second_factor_on() {
    let app = TestApp::without_callbacks().await;
    let (cookie, admin) = (app.cookie().await, app.admin().await);
    let mut stream = Stream::open(&app, &cookie, None).await;
    stream.hello().await;
    let rules = SignInRules {
        admins_need_second_factor: true,
        ..SignInRules::default()
    };
    set_rules(&app, &rules).await;
    // After this change the stream reads the access of the account again.
    app.grant(admin.user, &[Grant::Everything]).await;
    assert_eq!(stream.next().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_receives_only_what_it_may_know_of() {
    let app = TestApp::without_callbacks().await;
    let admin = app.admin().await;
    let id = app.service.app_ids().await.unwrap()[0];
    let of = |name: &str| Grant::Room {
        app: id,
        room: RoomId::new(name).unwrap(),
    };
    let grants = [of("lab")];
    let user = app.add_account("ada", Role::Operator, "", &grants).await;
    let cookie = app.cookie_of("ada", ADMIN.1).await;
    let mut stream = Stream::open(&app, &cookie, None).await;
    let start = stream.hello().await.unwrap();
    let is_of = |event: Option<Event>, room: &str| {
        let (name, data, _) = event.unwrap();
        assert_eq!(name, "change");
        assert!(data.contains(&format!("\"{room}\"")), "{data} is of {room}");
    };
    change(&app, &admin, "board").await;
    change(&app, &admin, "lab").await;
    is_of(stream.next().await, "lab");

    // Its pages reload when its grants change; from then on it receives what is granted now.
    app.grant(user, &[of("board")]).await;
    assert_eq!(stream.next().await.unwrap().0, "resync");
    change(&app, &admin, "lab").await;
    change(&app, &admin, "board").await;
    is_of(stream.next().await, "board");

    // A stream that reconnects to before that reloads; later it gets what it may know of.
    let mut again = Stream::open(&app, &cookie, Some(&start)).await;
    assert_eq!(again.hello().await, None);
    let (name, _, id) = again.next().await.unwrap();
    assert_eq!(name, "resync");
    drop(again);
    change(&app, &admin, "lab").await;
    change(&app, &admin, "board").await;
    is_of(stream.next().await, "board");
    let mut again = Stream::open(&app, &cookie, id.as_deref()).await;
    again.hello().await;
    is_of(again.next().await, "board");
}
