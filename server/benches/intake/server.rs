//! The servers that are measured.

use std::{
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use axum::{Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use reelroom::{Limits, TrustedProxies, listen};
use reelroom_domain::{callback::CallbackKind, time::Clock};
use reelroom_service::SystemClock;
use reelroom_store::{
    DatabaseUrl, Store,
    calls::{self, NewCall},
    testing::Databases,
};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::{
    SECRET,
    prepare::{self, Prepared},
};

/// The administrator of ours.
pub const ADMIN: (&str, &str) = ("bench", "bench-password");
/// The file that the servers beside ours keep their calls in.
const OTHER: &str = "other.db";

/// The server that is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Which {
    Ours,
    OnPostgres,
    Keeps,
    Parses,
    Each,
}

pub struct Server {
    child: Child,
    /// Kept open, as a closed pipe would end the process.
    _stdout: BufReader<ChildStdout>,
    pub address: String,
    pub database: DatabaseUrl,
    /// The contents of its database at the beginning.
    pub prepared: Option<Arc<Prepared>>,
    _databases: Option<Databases>,
    _folder: TempDir,
}

impl Server {
    pub async fn start(which: Which) -> Self {
        // On the disk that the project is on: a folder in memory would be no measure.
        let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let folder = TempDir::new_in(target).unwrap();
        let databases =
            (which == Which::OnPostgres).then(|| Databases::on_durable_postgres(target));
        let database = databases
            .as_ref()
            .map_or_else(|| sqlite(folder.path(), "reelroom.db"), Databases::another);
        let mut prepared = None;
        let mut command = Command::new("taskset");
        command.args(["-c", "0"]);
        match which {
            Which::Ours | Which::OnPostgres | Which::Keeps => {
                if which != Which::Keeps {
                    let made = prepare::prepare(&database, folder.path()).await;
                    prepared = Some(Arc::new(made));
                }
                let url = match &database {
                    DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
                    DatabaseUrl::Postgres(url) => url.to_string(),
                };
                command
                    .arg(binary())
                    .arg("serve")
                    .env("REELROOM_LISTEN", "127.0.0.1:0")
                    .env("REELROOM_DATA_DIR", folder.path())
                    .env("REELROOM_DATABASE_URL", url)
                    .env("REELROOM_ADMIN_USER", ADMIN.0)
                    .env("REELROOM_ADMIN_PASSWORD", ADMIN.1)
                    .env("REELROOM_CALLBACK_SECRET", SECRET)
                    .env("RUST_LOG", "error");
            }
            Which::Parses | Which::Each => {
                let what = if which == Which::Each {
                    "each"
                } else {
                    "parses"
                };
                let own = std::env::current_exe().unwrap();
                command.arg(own).args(["serve", what]).arg(folder.path());
            }
        }
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let line = stdout
            .by_ref()
            .lines()
            .map_while(Result::ok)
            .find(|line| line.starts_with("Reelroom"))
            .expect("the server says where it is");
        let address = line.split("http://").nth(1).unwrap().trim().to_owned();
        Self {
            child,
            _stdout: stdout,
            address,
            database,
            prepared,
            _databases: databases,
            _folder: folder,
        }
    }

    /// How long it ran on a processor, until now.
    pub fn processor(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()));
        let stat = stat.unwrap_or_default();
        let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
        // `utime` and `stime`, in hundredths of a second.
        let ticks = fields.skip(11).take(2);
        let ticks = ticks.filter_map(|ticks| ticks.parse::<u64>().ok());
        Duration::from_millis(ticks.sum::<u64>() * 10)
    }

    /// The most memory that it had, in MiB.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        status
            .unwrap_or_default()
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .and_then(|size| size.trim().trim_end_matches(" kB").parse::<u64>().ok())
            .map_or(0, |kib| kib / 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn binary() -> PathBuf {
    std::env::var_os("REELROOM_BINARY")
        .map_or_else(|| env!("CARGO_BIN_EXE_reelroom").into(), PathBuf::from)
}

fn sqlite(folder: &Path, name: &str) -> DatabaseUrl {
    DatabaseUrl::Sqlite(folder.join(name))
}

/// One of the two servers beside ours.
pub async fn serve(what: &str, folder: &Path) {
    let site = if what == "parses" {
        Router::new()
            .route("/{secret}/AR/V1/av", post(parses))
            .route("/{secret}/AR/V1/status", post(parses))
    } else {
        let store = Store::connect(&sqlite(folder, OTHER)).await.unwrap();
        store.migrate().await.unwrap();
        Router::new()
            .route("/{secret}/AR/V1/av", post(each))
            .with_state(store)
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("Reelroom   http://{}", listener.local_addr().unwrap());
    let (limits, proxies) = (Limits::within(usize::MAX), TrustedProxies::default());
    listen(listener, site, limits, proxies, std::future::pending()).await;
}

const KEPT: &str = r#"{"success":"true","message":"kept"}"#;

async fn parses(body: Bytes) -> (StatusCode, &'static str) {
    match serde_json::from_slice::<serde_json::Value>(&body) {
        Ok(_) => (StatusCode::OK, KEPT),
        Err(_) => (StatusCode::BAD_REQUEST, ""),
    }
}

async fn each(State(store): State<Store>, body: Bytes) -> (StatusCode, &'static str) {
    let call = NewCall {
        kind: CallbackKind::Av,
        app: None,
        received_at: SystemClock.now(),
        remote: "127.0.0.1".to_owned(),
        content_type: Some("application/json".to_owned()),
        content_encoding: None,
        looked_up: false,
        body: body.into(),
    };
    let written = async {
        let mut tx = store.write_calls().await?;
        calls::append(&mut tx, &[call]).await?;
        tx.commit().await
    };
    match written.await {
        Ok(()) => (StatusCode::OK, KEPT),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, ""),
    }
}
