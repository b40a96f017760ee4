//! What open pages are told, and when their streams end.

use std::time::Duration;

use crate::common::TestApp;
use futures::StreamExt;
use reelroom_domain::{
    room::RoomId,
    time::{Clock, Timestamp},
};
use reelroom_service::{Principal, SystemClock};
use reqwest::RequestBuilder;

/// An open stream, read event by event.
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

    /// The next event that is no beat; `None`: the server closed the stream.
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

async fn admin(app: &TestApp) -> Principal {
    app.principal(crate::common::ADMIN.0, crate::common::ADMIN.1)
        .await
}

async fn change(app: &TestApp, by: &Principal, room: &str) {
    let room = RoomId::new(room).unwrap();
    app.service
        .label_room(by, None, &room, "", (false, false))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_learns_what_came_meanwhile() {
    let app = TestApp::alone().await;
    let (cookie, me) = (app.cookie().await, admin(&app).await);
    let mut first = Stream::open(&app, &cookie, None).await;
    let start = first.hello().await.unwrap();
    // What time it is, before anything else is told.
    let (name, now, _) = first.any().await.unwrap();
    let now = now.parse().map(Timestamp::from_millis).unwrap();
    let off = SystemClock.now().since(now);
    assert_eq!((name.as_str(), off.abs() < 20_000), ("beat", true), "{off}");
    change(&app, &me, "one").await;
    let (name, data, id) = first.next().await.unwrap();
    assert_eq!((name.as_str(), data.contains("\"one\"")), ("change", true));
    let id = id.unwrap();
    drop(first);

    change(&app, &me, "two").await;
    // Sent together with what came with it, at the latest 100 ms later.
    let mut other = Stream::open(&app, &cookie, Some(&id)).await;
    let reached = other.hello().await;
    assert!(reached.is_none_or(|reached| reached == id));
    let (name, data, _) = other.next().await.unwrap();
    assert_eq!((name.as_str(), data.contains("\"two\"")), ("change", true));

    // The page names the event from which it reads on.
    let page = app.get("/").header("cookie", &cookie).send().await.unwrap();
    let page = page.text().await.unwrap();
    let run = start.split('-').next().unwrap();
    assert!(page.contains(&format!("data-events=\"{run}-")), "{run}");

    for unknown in ["1-1", "nonsense"] {
        let mut stream = Stream::open(&app, &cookie, Some(unknown)).await;
        assert_eq!(stream.hello().await, None);
        assert_eq!(stream.next().await.unwrap().0, "resync");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_reaches_every_stream_and_each_room_is_named_after_its_last_change() {
    let app = TestApp::alone().await;
    let (cookie, me) = (app.cookie().await, admin(&app).await);
    let mut readers = Vec::new();
    for _ in 0..20 {
        let mut stream = Stream::open(&app, &cookie, None).await;
        stream.hello().await;
        readers.push(tokio::spawn(async move {
            let mut seen = 0;
            loop {
                let (name, data, _) = stream.next().await.unwrap();
                match name.as_str() {
                    "change" if data.contains("\"the last\"") => return (seen, stream.text),
                    "change" => seen += 1,
                    other => panic!("{other}"),
                }
            }
        }));
    }
    for round in 0..10 {
        for room in 0..20 {
            change(&app, &me, &format!("room {room} of {}", round % 2)).await;
        }
    }
    change(&app, &me, "the last").await;
    for reader in readers {
        let (seen, rest) = reader.await.unwrap();
        // Forty rooms, each once or, where the storm took longer than a frame, some times more.
        assert!((40..=200).contains(&seen), "{seen}");
        assert_eq!(rest, "");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_its_session_and_others_go_on() {
    let app = TestApp::alone().await;
    let me = admin(&app).await;
    let (ends, stays) = (app.cookie().await, app.viewer().await);
    let mut ending = Stream::open(&app, &ends, None).await;
    let mut staying = Stream::open(&app, &stays, None).await;
    ending.hello().await;
    staying.hello().await;
    app.call("sign_out", &ends, &[]).await;
    assert_eq!(ending.next().await, None);
    change(&app, &me, "still told").await;
    assert_eq!(staying.next().await.unwrap().0, "change");

    app.service
        .set_password("viewer", "another password")
        .await
        .unwrap();
    assert_eq!(staying.next().await, None);
}
