//! An operator who is signed in while calls come.

use std::{
    fmt,
    time::{Duration, Instant},
};

use reqwest::{Client, Response, StatusCode, header, redirect::Policy};

use crate::server::{ADMIN, Server};

/// The longest time that each action took. The platform answers at once, so all of it is the server's.
#[derive(Clone, Copy, Default)]
pub struct Waits {
    /// A change of the title of a room.
    pub title: Duration,
    /// A start of a recording.
    pub start: Duration,
    /// A stop of a recording.
    pub stop: Duration,
}

impl Waits {
    /// The names of the columns.
    pub const COLUMNS: &str = "title ms start ms stop ms";
}

impl fmt::Display for Waits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [title, start, stop] = [self.title, self.start, self.stop].map(|took| took.as_millis());
        write!(f, "{title:>8} {start:>8} {stop:>7}")
    }
}

/// The operator.
pub struct Person {
    client: Client,
    address: String,
    cookie: String,
    /// The number of actions so far.
    actions: u32,
    /// The id of the recording that was started last.
    recording: String,
    /// The longest times so far.
    pub waits: Waits,
}

impl Person {
    pub async fn sign_in(server: &Server) -> Self {
        let client = Client::builder().redirect(Policy::none()).no_proxy();
        let mut person = Self {
            client: client.build().unwrap(),
            address: server.address.clone(),
            cookie: String::new(),
            actions: 0,
            recording: String::new(),
            waits: Waits::default(),
        };
        let (name, password) = ADMIN;
        let form = [("name", name), ("password", password), ("next", "/")];
        let answer = person.post("sign_in", &form).await;
        let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
        let session = cookie.split(';').next().unwrap();
        session.clone_into(&mut person.cookie);
        person
    }

    /// Changes the title of a room, starts a recording, or stops it, in turn.
    pub async fn act(&mut self) {
        let begun = Instant::now();
        match self.actions % 3 {
            0 => {
                let form = [("room", "a room of its own"), ("title", "A title")];
                self.post("label_room", &form).await;
                self.waits.title = self.waits.title.max(begun.elapsed());
            }
            1 => {
                let room = format!("room of action {}", self.actions);
                let rule = "ar_{roomid}_{date}_{random}";
                let form = [("room", &*room), ("rule", rule), ("kind", "Meet")];
                let started = self.post("start_recording", &form).await;
                self.waits.start = self.waits.start.max(begun.elapsed());
                self.recording = started.json().await.unwrap();
            }
            _ => {
                self.post("stop_recording", &[("id", &self.recording)])
                    .await;
                self.waits.stop = self.waits.stop.max(begun.elapsed());
            }
        }
        self.actions += 1;
    }

    async fn post(&self, function: &str, form: &[(&str, &str)]) -> Response {
        let url = format!("http://{}/fn/{function}", self.address);
        let request = self.client.post(url).header(header::COOKIE, &self.cookie);
        let answer = request.form(form).send().await.unwrap();
        // A form that asks for no page is answered without a redirect.
        assert_eq!(answer.status(), StatusCode::OK, "{function}: {answer:?}");
        answer
    }
}
