//! Two real processes on one PostgreSQL database and one storage.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{Router, extract::Path, routing::get};
use reelroom_domain::{access::Grant, time::Clock, user::Role};
use reelroom_service::{Browser, SandboxApp, Secret, Service, ServiceConfig, SystemClock};
use reelroom_store::{
    DatabaseUrl, Store, apps, jobs, leases, settings,
    testing::{Databases, execute, recordings_of},
};
use reqwest::{Client, RequestBuilder, Response, StatusCode, redirect::Policy};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::watch};

use crate::{
    binary::{SECRET, Server},
    common::{ADMIN, app_form, eventually, set_grants, within},
    events::Stream,
};

const SECOND: Duration = Duration::from_secs(1);
const JOBS: [&str; 20] = [
    "understand callbacks",
    "fetch files",
    "make pictures of videos",
    "recover lost answers",
    "look up overdue files",
    "stop recordings",
    "start recordings",
    "update alerts",
    "sweep video lists",
    "check unknown recordings",
    "count rejected calls",
    "check copies",
    "describe copies",
    "write the history",
    "delete old rows",
    "index recordings",
    "probe files at the platform",
    "purge the trash",
    "compare the storage",
    "run retention rules",
];
/// Jobs that run on each server.
const EVERYWHERE: [&str; 3] = ["fetch files", "count rejected calls", "write the history"];

/// A file server that counts the requests for each file. Files named `slow…` are held until
/// `sends_slow`.
struct Files {
    base: String,
    fetched: Arc<Mutex<BTreeMap<String, u32>>>,
    sends_slow: watch::Sender<bool>,
}

impl Files {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let fetched = Arc::<Mutex<BTreeMap<String, u32>>>::default();
        let sends_slow = watch::Sender::new(false);
        let (counted, slow) = (fetched.clone(), sends_slow.subscribe());
        let send = move |Path(name): Path<String>| {
            let mut slow = slow.clone();
            *counted.lock().unwrap().entry(name.clone()).or_default() += 1;
            async move {
                if name.starts_with("slow") {
                    slow.wait_for(|sends| *sends).await.unwrap();
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
                // Text would be no video.
                "\u{1}opaque"
            }
        };
        let site = Router::new().route("/{name}", get(send));
        tokio::spawn(async move { axum::serve(listener, site).await.unwrap() });
        Self {
            base,
            fetched,
            sends_slow,
        }
    }

    fn fetched(&self) -> BTreeMap<String, u32> {
        self.fetched.lock().unwrap().clone()
    }
}

struct Case {
    database: DatabaseUrl,
    folder: TempDir,
    store: Store,
    files: Files,
    client: Client,
    _databases: Databases,
}

impl Case {
    /// Creates a database with one app, whose files are those of [`Files`].
    async fn new() -> Self {
        let databases = Databases::on_postgres();
        let (database, folder) = (databases.another(), TempDir::new().unwrap());
        let files = Files::start().await;
        let config = ServiceConfig::new(database.clone(), folder.path());
        let service = Service::connect(config).await.unwrap();
        let app = SandboxApp {
            app_id: "two0servers".to_owned(),
            api_base: files.base.parse().unwrap(),
            vod_token: Secret::new("vod"),
        };
        service.register_sandbox(app).await.unwrap();
        service.close().await;
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().redirect(Policy::none()).no_proxy();
        Self {
            store: Store::connect(&database).await.unwrap(),
            database,
            folder,
            files,
            client: client.build().unwrap(),
            _databases: databases,
        }
    }

    /// Starts a server with its own folder and the shared storage and key.
    fn start(&self, name: &str, variables: &[(&str, &str)]) -> Server {
        let folder = self.folder.path().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let storage = format!("file:{}", self.folder.path().join("files").display());
        let shared = [
            ("REELROOM_STORAGE_URL", &*storage),
            ("REELROOM_SECRET_KEY", &"ab".repeat(32)),
            ("RUST_LOG", "info,reelroom_service=trace"),
        ];
        Server::start(&folder, &self.database, &[&shared, variables].concat())
    }

    fn start_with_admin(&self, name: &str) -> Server {
        let (user, password) = ADMIN;
        let admin = [
            ("REELROOM_ADMIN_USER", user),
            ("REELROOM_ADMIN_PASSWORD", password),
        ];
        self.start(name, &admin)
    }

    /// The lines of a server's log that contain `what`.
    fn logged(&self, name: &str, what: &str) -> Vec<String> {
        let log = std::fs::read_to_string(self.folder.path().join(name).join("log")).unwrap();
        let lines = log.lines().filter(|line| line.contains(what));
        lines.map(str::to_owned).collect()
    }

    /// The jobs of which a server's log shows a round.
    fn jobs_of(&self, name: &str) -> BTreeSet<String> {
        let lines = self.logged(name, "a round begins").into_iter();
        let jobs = lines.filter_map(|line| {
            let (_, job) = line.split_once("job=\"")?;
            Some(job.split_once('"')?.0.to_owned())
        });
        jobs.collect()
    }

    fn call(&self, server: &Server, function: &str, form: &[(&str, &str)]) -> RequestBuilder {
        let url = format!("http://{}/fn/{function}", server.address);
        let post = self.client.post(url).header("accept", "application/json");
        post.form(form)
    }

    async fn sign_in(&self, server: &Server, password: &str) -> Response {
        let form = [("name", ADMIN.0), ("password", password), ("next", "/")];
        self.call(server, "sign_in", &form).send().await.unwrap()
    }

    /// `Cookie` header of a new session of the administrator.
    async fn cookie(&self, server: &Server) -> String {
        session_of(&self.sign_in(server, ADMIN.1).await)
    }

    /// A page as the account of the cookie sees it.
    async fn page(&self, server: &Server, path: &str, cookie: &str) -> String {
        let url = format!("http://{}{path}", server.address);
        let page = self.client.get(url).header("cookie", cookie).send().await;
        page.unwrap().text().await.unwrap()
    }

    async fn stream(&self, server: &Server, cookie: &str) -> Stream {
        let url = format!("http://{}/events", server.address);
        let mut stream = Stream::read(self.client.get(url).header("cookie", cookie)).await;
        stream.hello().await;
        stream
    }

    /// Announces a file in a room of its own.
    async fn announce(&self, server: &Server, name: &str) {
        let call = json!({
            "type": "1", "mediaType": "video", "userId": "u1", "groupId": format!("room of {name}"),
            "fileName": name, "fileSize": 7, "duration": 3, "startTime": "2018-3-21 13:06:27",
            "endTime": "2018-3-21 13:06:30", "userData": "",
            "downloadUrl": format!("{}/{name}", self.files.base),
        });
        let url = format!("http://{}/{SECRET}/AR/V1/av", server.address);
        let answer = self.client.post(url).json(&call).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }

    async fn until_archived(&self, files: u32) {
        eventually("all files are archived", async || {
            let mut read = self.store.read().await.unwrap();
            let app = apps::default_app(&mut read).await.unwrap().unwrap();
            let all = recordings_of(&mut read, app.id).await;
            let archived: u32 = all.iter().map(|one| one.archived).sum();
            (archived == files).then_some(())
        })
        .await;
    }

    async fn leads(&self, server: &Server) -> bool {
        let mut read = self.store.read().await.unwrap();
        let holder = leases::holder(&mut read, "jobs").await.unwrap();
        holder.is_some_and(|holder| holder.starts_with(&format!("{}-", server.id())))
    }
}

fn session_of(answer: &Response) -> String {
    assert_eq!(answer.status(), 200);
    let cookies = answer.headers().get_all("set-cookie").iter();
    let mut cookies = cookies.map(|cookie| cookie.to_str().unwrap());
    let session = cookies.find(|cookie| cookie.contains("session="));
    session.unwrap().split(';').next().unwrap().to_owned()
}

/// Time until the stream sends a change that contains `what`.
async fn time_to_change(stream: &mut Stream, what: &str) -> Duration {
    let begun = Instant::now();
    loop {
        let (name, data, _) = stream.next().await.expect("an open stream");
        assert_eq!(name, "change");
        if data.contains(what) {
            return begun.elapsed();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_shows_changes_of_the_other_server_within_a_second() {
    let case = Case::new().await;
    let (one, other) = (case.start_with_admin("one"), case.start_with_admin("other"));
    // A session is valid on both servers.
    let (cookie, stays) = (case.cookie(&one).await, case.cookie(&other).await);
    let mut of_one = case.stream(&one, &stays).await;
    let mut of_other = case.stream(&other, &cookie).await;
    for (server, shown_by, stream) in [(&one, &other, &mut of_other), (&other, &one, &mut of_one)] {
        within(SECOND, async |attempt| {
            let room = format!("room {attempt} of {}", server.id());
            let title = format!("Board {attempt} of {}", server.id());
            let label = case.call(server, "label_room", &[("room", &room), ("title", &title)]);
            let label = label.header("cookie", &stays).send().await.unwrap();
            assert_eq!(label.status(), 200);
            let took = time_to_change(stream, &room).await;
            let path = format!("/rooms/{room}");
            let page = case.page(shown_by, &path, &stays).await;
            assert!(page.contains(&title), "{page}");
            took
        })
        .await;
    }
    // Callbacks arrive at either server; one of the two understands them.
    for server in [&one, &other] {
        within(SECOND, async |attempt| {
            let name = format!("{attempt}-{}.mp4", server.id());
            case.announce(server, &name).await;
            let (of_one, of_other) = (&mut of_one, &mut of_other);
            let took = time_to_change(of_one, &name).await + time_to_change(of_other, &name).await;
            for shown_by in [&one, &other] {
                let page = case.page(shown_by, "/recordings", &stays).await;
                assert!(page.contains(&name), "{page}");
            }
            took
        })
        .await;
    }

    // The end of a session ends its streams on each server, and no others.
    let sign_out = case.call(&one, "sign_out", &[]).header("cookie", &cookie);
    assert!(sign_out.send().await.unwrap().status().is_success());
    let begun = Instant::now();
    while of_other.next().await.is_some() {}
    assert!(begun.elapsed() < 5 * SECOND, "{:?}", begun.elapsed());

    // After a broken connection, pages reload and then receive new changes.
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    execute(&case.store, sql).await;
    while of_one.next().await.unwrap().0 != "resync" {}
    let label = [("room", "third room"), ("title", "Board")];
    let label = case.call(&other, "label_room", &label);
    label.header("cookie", &stays).send().await.unwrap();
    time_to_change(&mut of_one, "third room").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_made_on_another_server_holds_for_open_pages() {
    let case = Case::new().await;
    let one = case.start_with_admin("one");
    let admin = case.cookie(&one).await;
    let config = ServiceConfig::new(case.database.clone(), case.folder.path());
    let other = Service::open(config).await.unwrap();
    let viewer = other.add_user("ada", ADMIN.1, Role::Viewer).await.unwrap();
    let signed_in = other.sign_in(&Browser::default(), "ada", ADMIN.1).await;
    let [cookie, _device] = other.sign_in_cookies(&signed_in.unwrap());
    let grant = async |grants: &[Grant]| {
        let mut tx = case.store.write().await.unwrap();
        set_grants(&mut tx, viewer, grants).await;
        tx.commit().await.unwrap();
    };
    grant(&[]).await;
    let cookie = cookie.split(';').next().unwrap();
    let mut stream = case.stream(&one, cookie).await;
    grant(&[Grant::Everything]).await;
    other.publish_access([viewer]);
    let begun = Instant::now();
    let seen = async { while !stream.next().await.unwrap().1.contains("\"lab\"") {} };
    let changes = async {
        for _ in 0..100 {
            let label = case.call(&one, "label_room", &[("room", "lab"), ("title", "Lab")]);
            let label = label.header("cookie", &admin).send().await.unwrap();
            assert_eq!(label.status(), 200);
            tokio::time::sleep(SECOND / 5).await;
        }
    };
    tokio::select! {
        () = seen => {}
        () = changes => {}
    }
    // Each stream reads its grants again every 15 seconds, too.
    assert!(begun.elapsed() < 8 * SECOND, "{:?}", begun.elapsed());
    other.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_job_runs_once_and_each_file_is_fetched_once() {
    const FILES: u32 = 40;
    let case = Case::new().await;
    let (one, other) = (case.start("one", &[]), case.start("other", &[]));
    assert!(case.leads(&one).await);
    for number in 0..FILES {
        let server = if number % 2 == 0 { &one } else { &other };
        case.announce(server, &format!("{number:02}.mp4")).await;
    }
    case.until_archived(FILES).await;
    let fetched = case.files.fetched();
    assert_eq!(fetched.len(), FILES as usize);
    assert!(fetched.values().all(|times| *times == 1), "{fetched:?}");
    // Both servers fetch.
    let names = |server| {
        let lines = case.logged(server, "fetching").into_iter();
        let names = lines.filter_map(|line| Some(line.split("name=").nth(1)?.to_owned()));
        names.collect::<BTreeSet<_>>()
    };
    let (of_one, of_other) = (names("one"), names("other"));
    assert_eq!(of_one.len() + of_other.len(), FILES as usize);
    assert!(of_one.len() > 5 && of_other.len() > 5, "{of_one:?}");

    // No other job, either: a new one belongs in the list.
    let [all, everywhere] = [&JOBS[..], &EVERYWHERE[..]].map(|jobs| {
        let names = jobs.iter().copied().map(str::to_owned);
        names.collect::<BTreeSet<_>>()
    });
    assert_eq!(case.jobs_of("one"), all);
    assert_eq!(case.jobs_of("other"), everywhere);
    let mut read = case.store.read().await.unwrap();
    for job in jobs::list(&mut read).await.unwrap() {
        let is_everywhere = EVERYWHERE.contains(&&*job.name);
        let holder = job.holder.unwrap();
        assert!(is_everywhere || holder.starts_with(&format!("{}-", one.id())));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_jobs_of_a_killed_server_are_handed_over_within_15_seconds() {
    let case = Case::new().await;
    let mut one = case.start("one", &[]);
    // The server is killed while it fetches a file.
    case.announce(&one, "slow.mp4").await;
    eventually("the file is being fetched", async || {
        (case.files.fetched().len() == 1).then_some(())
    })
    .await;
    let mut other = case.start("other", &[]);
    tokio::time::sleep(3 * SECOND).await;
    assert!(case.leads(&one).await);
    one.kill();
    let killed = Instant::now();
    case.files.sends_slow.send_replace(true);
    case.announce(&other, "after.mp4").await;
    case.until_archived(2).await;
    for job in JOBS {
        eventually(job, async || {
            let rounds = case.logged("other", &format!("job={job:?}"));
            (!rounds.is_empty()).then_some(())
        })
        .await;
    }
    assert!(killed.elapsed() < 15 * SECOND, "{:?}", killed.elapsed());
    assert!(case.leads(&other).await);
    let fetched: Vec<_> = case.files.fetched().into_iter().collect();
    assert_eq!(
        fetched,
        [("after.mp4".to_owned(), 1), ("slow.mp4".to_owned(), 2)]
    );

    // A server that shuts down hands its jobs over at once.
    let again = case.start("again", &[]);
    assert!(!case.leads(&again).await);
    other.end();
    let ended = Instant::now();
    eventually("the jobs are handed over", async || {
        case.leads(&again).await.then_some(())
    })
    .await;
    assert!(ended.elapsed() < 5 * SECOND, "{:?}", ended.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn set_up_replays_tests_and_throttling_are_shared() {
    let case = Case::new().await;
    let (mut one, mut other) = (case.start("one", &[]), case.start("other", &[]));
    // Both servers show the same set-up code, which works once.
    let code = |line: String| line.rsplit(' ').next().unwrap().to_owned();
    let (shown, same) = (code(one.line("Set-up")), code(other.line("Set-up")));
    assert_eq!(shown, same);
    let form = [("code", &*shown), ("name", ADMIN.0), ("password", ADMIN.1)];
    let set_up = case.call(&other, "set_up", &form).send().await.unwrap();
    let cookie = session_of(&set_up);
    let again = case.call(&one, "set_up", &form).send().await.unwrap();
    assert_ne!(again.status(), 200);

    let ask = async |server: &Server, function: &str, form: &[(&str, &str)]| -> Value {
        let call = case.call(server, function, form).header("cookie", &cookie);
        let answer = call.send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, 200, "{function}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    };
    // The result of a test callback.
    ask(&one, "send_test_callback", &[("local", "yes")]).await;
    let inbox = async |server: &Server| case.page(server, "/callbacks", &cookie).await;
    let page = inbox(&other).await;
    assert!(
        page.contains("Sent to ") && page.contains("Open it"),
        "{page}"
    );

    // The progress of "replay all".
    let url = format!("http://{}/{SECRET}/AR/V1/av", one.address);
    let odd = case.client.post(url).body("{\"odd\":true}").send().await;
    assert_eq!(odd.unwrap().status(), 200);
    eventually("the call is understood", async || {
        inbox(&other)
            .await
            .contains("Replay all unrecognised")
            .then_some(())
    })
    .await;
    ask(&one, "replay_all", &[]).await;
    eventually("the run ends", async || {
        inbox(&other)
            .await
            .contains("Callbacks replayed: 1.")
            .then_some(())
    })
    .await;

    // A run on one server is shown by each, and no other begins.
    let mut write = case.store.write().await.unwrap();
    let running = json!({
        "total": 9, "done": 4, "understood": 0, "broken": false, "by": ADMIN.0,
        "saved_at": SystemClock.now().as_millis(),
    });
    let begun = settings::set_value(&mut write, "replay_all", &running).await;
    begun.unwrap();
    let held = leases::hold(&mut write, "replay_all", "a third", 60 * SECOND).await;
    assert!(held.unwrap());
    write.commit().await.unwrap();
    for server in [&one, &other] {
        ask(server, "replay_all", &[]).await;
        let page = inbox(server).await;
        assert!(page.contains("4 of 9 replayed, started by admin"), "{page}");
    }
    let mut write = case.store.write().await.unwrap();
    leases::release(&mut write, "a third").await.unwrap();
    write.commit().await.unwrap();
    let page = inbox(&other).await;
    assert!(page.contains("did not answer after 4 of 9"), "{page}");

    // The result of an app's connection test.
    let mut form = app_form(&case.files.base, "other0app");
    let id = ask(&one, "save_app", &form).await;
    form[0].1 = id.as_str().unwrap();
    let tested = ask(&one, "test_app", &form).await;
    assert!(tested["at"].is_number());
    let settings = case.page(&other, "/settings/apps", &cookie).await;
    assert!(settings.contains("nothing was started"), "{settings}");

    // Wrong passwords count together.
    for server in [&one, &other].repeat(4) {
        let wrong = case.sign_in(server, "wrong horse").await;
        assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED);
    }
    for server in [&one, &other] {
        let refused = case.sign_in(server, ADMIN.1).await;
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    }
}
