//! The servers: nginx, a bare handler, and ours.

use std::{
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use axum::{
    Router,
    body::Body,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use reelroom_service::{SandboxApp, Secret, Service, ServiceConfig};
use reelroom_store::DatabaseUrl;
use rustix::process::{Pid, Signal, geteuid, kill_process};
use tokio::fs::File;
use tokio_util::io::ReaderStream;

use crate::client::{Client, header as header_of};

pub const SECRET: &str = "bench-secret-of-callbacks";
const ACCOUNT: &str = "name=bench&password=bench-password&next=/";

/// A server, which ends when this is dropped.
pub struct Running {
    child: Child,
    pub address: SocketAddr,
}

impl Running {
    fn start(command: &mut Command, address: SocketAddr) -> Result<Self> {
        let child = command.stdout(Stdio::null()).spawn()?;
        let mut running = Self { child, address };
        let begun = Instant::now();
        while Client::connect(address).is_err() {
            let ended = running.child.try_wait()?;
            ensure!(ended.is_none(), "{command:?}: {ended:?}");
            ensure!(begun.elapsed() < Duration::from_secs(30), "{command:?}");
            sleep(Duration::from_millis(20));
        }
        Ok(running)
    }

    /// The most memory that it had, in MiB.
    pub fn memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let size = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let size = size.context("no VmHWM")?.trim().trim_end_matches(" kB");
        Ok(size.parse::<u64>()? / 1024)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // SIGKILL would leave the workers of nginx behind.
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        let _ = self.child.wait();
    }
}

/// An address that is free at the moment.
pub fn free() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// nginx with the folder `www`, and at `proxy` in front of ours as our documents say.
pub fn nginx(folder: &Path, proxy: SocketAddr, ours: SocketAddr) -> Result<Running> {
    let documents = include_str!("../../../docs/operating.md");
    let block = documents.split_once("```nginx\n");
    let block = block.and_then(|(_, rest)| rest.split_once("```"));
    let (locations, _) = block.context("no configuration for nginx")?;
    let path = folder.display();
    let locations = locations
        .replace("127.0.0.1:3000", &ours.to_string())
        .replace("/var/lib/reelroom/files", &format!("{path}/files"));
    let address = free()?;
    let user = if geteuid().is_root() {
        "user root;"
    } else {
        ""
    };
    let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let folders = folders.map(|kind| format!("{kind}_temp_path {path}/{kind}; "));
    let config = format!(
        "daemon off; {user} worker_processes auto; pid {path}/nginx.pid; error_log {path}/nginx.log;
         events {{}}
         http {{ access_log off; sendfile on; {}
             server {{ listen {address}; root {path}/www; }}
             server {{ listen {proxy}; {locations} }} }}",
        folders.concat()
    );
    let file = folder.join("nginx.conf");
    std::fs::write(&file, config)?;
    // Debian's folder for it is not in the path of every account.
    let debian = Path::new("/usr/sbin/nginx");
    let program = if debian.exists() {
        debian
    } else {
        Path::new("nginx")
    };
    let mut command = Command::new(program);
    command.arg("-e").arg(folder.join("nginx.log"));
    command.arg("-p").arg(folder).arg("-c").arg(&file);
    Running::start(&mut command, address)
}

/// The bare handler, which this program serves.
pub fn bare(file: &Path) -> Result<Running> {
    let address = free()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["serve", &address.to_string()]).arg(file);
    Running::start(&mut command, address)
}

/// Serves a file with as little as axum needs.
pub async fn serve_bare(address: &str, file: &str) -> Result<()> {
    let listener = tokio::net::TcpListener::bind(address).await?;
    let site = Router::new().route("/", get(stream));
    axum::serve(listener, site.with_state(PathBuf::from(file))).await?;
    Ok(())
}

async fn stream(State(path): State<PathBuf>) -> Result<impl IntoResponse, StatusCode> {
    let unreadable = |_| StatusCode::INTERNAL_SERVER_ERROR;
    let file = File::open(path).await.map_err(unreadable)?;
    let length = file.metadata().await.map_err(unreadable)?.len();
    let body = Body::from_stream(ReaderStream::with_capacity(file, 64 << 10));
    Ok(([(header::CONTENT_LENGTH, length.to_string())], body))
}

/// Makes the database in `folder`, with an app whose files `platform` has.
pub async fn prepare(folder: &Path, platform: SocketAddr) -> Result<DatabaseUrl> {
    let database = DatabaseUrl::Sqlite(folder.join("reelroom.db"));
    let config = ServiceConfig::new(database.clone(), folder);
    let service = Service::connect(config).await?;
    let app = SandboxApp {
        app_id: "bench".to_owned(),
        api_base: format!("http://{platform}").parse()?,
        vod_token: Secret::new("vod"),
    };
    service.register_sandbox(app).await?;
    service.close().await;
    Ok(database)
}

/// Ours; `offload` as its option says.
pub fn ours(folder: &Path, address: SocketAddr, offload: &str) -> Result<Running> {
    let binary = std::env::var_os("REELROOM_BINARY");
    let binary = binary.map_or_else(|| env!("CARGO_BIN_EXE_reelroom").into(), PathBuf::from);
    let mut command = Command::new(binary);
    command
        .args(["serve", "--file-offload", offload])
        .args(["--listen", &address.to_string(), "--data-dir"])
        .arg(folder)
        .env("REELROOM_ADMIN_USER", "bench")
        .env("REELROOM_ADMIN_PASSWORD", "bench-password")
        .env("REELROOM_CALLBACK_SECRET", SECRET)
        .env("RUST_LOG", "error");
    Running::start(&mut command, address)
}

/// The cookie of a new session.
pub fn sign_in(address: SocketAddr) -> Result<String> {
    let length = ACCOUNT.len();
    let request = format!(
        "POST /fn/sign_in HTTP/1.1\r\nhost: bench\r\ncontent-length: {length}\r\n\
         content-type: application/x-www-form-urlencoded\r\n\r\n{ACCOUNT}"
    );
    let head = Client::connect(address)?.send(&request, |_| ())?;
    let cookie = header_of(&head, "set-cookie").context("not signed in")?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}
