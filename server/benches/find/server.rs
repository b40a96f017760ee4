//! The measured binary, and clients of its accounts.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use reelroom_service::ServiceConfig;
use reelroom_store::{DatabaseUrl, testing::Databases};
use reqwest::{Client, header, redirect::Policy};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::{net::TcpListener, time::sleep};

pub const PASSWORD: &str = "bench-password";

/// A database, and the folder of all else.
pub struct Place {
    pub database: DatabaseUrl,
    folder: TempDir,
}

impl Place {
    /// A new one, on PostgreSQL if its databases are given.
    pub fn new(on: Option<&Databases>, parent: &Path) -> Result<Self> {
        let folder = TempDir::new_in(parent)?;
        let sqlite = || DatabaseUrl::Sqlite(folder.path().join("reelroom.db"));
        Ok(Self {
            database: on.map_or_else(sqlite, Databases::another),
            folder,
        })
    }

    pub fn config(&self) -> ServiceConfig {
        ServiceConfig::new(self.database.clone(), self.folder.path())
    }

    /// The binary with the options that say where all is.
    pub fn command(&self) -> Command {
        let binary = std::env::var_os("REELROOM_BINARY");
        let binary = binary.map_or_else(|| env!("CARGO_BIN_EXE_reelroom").into(), PathBuf::from);
        // Displayed, the URL has no password and no parameters.
        let url = match &self.database {
            DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => url.to_string(),
        };
        let mut command = Command::new(binary);
        command
            .env("REELROOM_DATA_DIR", self.folder.path())
            .env("REELROOM_DATABASE_URL", url)
            .env("RUST_LOG", "error")
            .stdout(Stdio::null());
        command
    }

    /// Starts the server and waits for its first answer.
    pub async fn start(&self) -> Result<Server> {
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .pool_max_idle_per_host(64)
            .build()?;
        // A port that was free a moment ago.
        let address = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
        let begun = Instant::now();
        let child = self
            .command()
            .arg("serve")
            .env("REELROOM_LISTEN", address.to_string())
            .spawn()?;
        // Ended on drop, also after an error.
        let mut server = Server {
            child,
            client,
            address,
            start: Duration::ZERO,
        };
        let url = format!("http://{address}/healthz");
        while server.client.get(&url).send().await.is_err() {
            let waits = begun.elapsed() < Duration::from_mins(1);
            ensure!(waits, "the server does not start");
            sleep(Duration::from_millis(1)).await;
        }
        server.start = begun.elapsed();
        Ok(server)
    }
}

/// The running binary.
pub struct Server {
    child: Child,
    client: Client,
    address: SocketAddr,
    /// How long it took until the first answer.
    pub start: Duration,
}

impl Server {
    /// A client of this account.
    pub async fn sign_in(&self, name: &str) -> Result<Access> {
        let form = [("name", name), ("password", PASSWORD), ("next", "/")];
        let url = format!("http://{}/fn/sign_in", self.address);
        let answer = self.client.post(url).form(&form).send().await?;
        let cookie = answer.headers().get(header::SET_COOKIE);
        let cookie = cookie.context("not signed in")?.to_str()?;
        Ok(Access {
            client: self.client.clone(),
            address: self.address,
            cookie: cookie.split(';').next().unwrap_or_default().to_owned(),
        })
    }

    /// The most memory that it had, in MiB (Linux only).
    pub fn memory(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let kib = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
        Ok(kib.context("the kernel tells no peak")? / 1024.0)
    }

    /// Ends it as an operator does.
    pub fn end(mut self) -> Result<()> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        let ended = self.child.wait()?;
        ensure!(ended.success(), "the server ended with {ended}");
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client of the server, signed in.
pub struct Access {
    client: Client,
    address: SocketAddr,
    cookie: String,
}

impl Access {
    /// The bytes of a page as a browser gets it, compressed.
    pub async fn page(&self, path: &str) -> Result<usize> {
        let request = self.get(path).header(header::ACCEPT_ENCODING, "br");
        let answer = request.send().await?.error_for_status()?;
        let encoding = answer.headers().get(header::CONTENT_ENCODING);
        let is_compressed = encoding.is_some_and(|encoding| encoding == "br");
        ensure!(is_compressed, "{path} is not compressed");
        Ok(answer.bytes().await?.len())
    }

    pub async fn html(&self, path: &str) -> Result<String> {
        let answer = self.get(path).send().await?.error_for_status()?;
        Ok(answer.text().await?)
    }

    fn get(&self, path: &str) -> reqwest::RequestBuilder {
        let url = format!("http://{}{path}", self.address);
        self.client.get(url).header(header::COOKIE, &self.cookie)
    }
}
