//! The measured binary, and a client of its administrator.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use reqwest::{RequestBuilder, Response, header};
use tokio::{net::TcpListener, time::sleep};

use crate::SECRET;

const PASSWORD: &str = "bench-password";

/// A client of the server, signed in as its administrator.
#[derive(Clone)]
pub struct Access {
    address: SocketAddr,
    pub client: reqwest::Client,
    cookie: String,
}

impl Access {
    pub fn get(&self, path: &str) -> RequestBuilder {
        let url = format!("http://{}{path}", self.address);
        self.client.get(url).header(header::COOKIE, &self.cookie)
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        let url = format!("http://{}{path}", self.address);
        self.client.post(url).header(header::COOKIE, &self.cookie)
    }

    /// Opens an event stream.
    pub async fn events(&self) -> Result<Response> {
        Ok(self.get("/events").send().await?.error_for_status()?)
    }

    /// The same client with a session of its own.
    pub async fn signed_in(mut self) -> Result<Self> {
        self.cookie.clear();
        let form = [("name", "bench"), ("password", PASSWORD), ("next", "/")];
        let answer = self.post("/fn/sign_in").form(&form).send().await?;
        let cookie = answer
            .headers()
            .get(header::SET_COOKIE)
            .context("not signed in")?;
        let cookie = cookie.to_str()?.split(';').next().unwrap_or_default();
        cookie.clone_into(&mut self.cookie);
        Ok(self)
    }
}

/// The running binary.
pub struct Server {
    child: Child,
    pub access: Access,
}

impl Server {
    pub async fn start(folder: &Path) -> Result<Self> {
        let binary = PathBuf::from(env!("CARGO_BIN_EXE_reelroom"));
        // A port that was free a moment ago.
        let address = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
        let child = Command::new(binary)
            .args(["--listen", &address.to_string(), "--data-dir"])
            .arg(folder)
            .env("REELROOM_ADMIN_USER", "bench")
            .env("REELROOM_ADMIN_PASSWORD", PASSWORD)
            .env("REELROOM_CALLBACK_SECRET", SECRET)
            .env("RUST_LOG", "error")
            .stdout(Stdio::null())
            .spawn()?;
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .pool_max_idle_per_host(64)
            .build()?;
        let access = Access {
            address,
            client,
            cookie: String::new(),
        };
        // Ended on drop, also after an error.
        let mut server = Self { child, access };
        let begun = Instant::now();
        while server.access.get("/healthz").send().await.is_err() {
            ensure!(
                begun.elapsed() < Duration::from_secs(30),
                "it does not start"
            );
            sleep(Duration::from_millis(20)).await;
        }
        server.access = server.access.clone().signed_in().await?;
        Ok(server)
    }

    /// Processor seconds so far, and MiB of memory (Linux only).
    pub fn costs(&self) -> Result<(f64, f64)> {
        let folder = format!("/proc/{}", self.child.id());
        let stat = std::fs::read_to_string(format!("{folder}/stat"))?;
        let fields: Vec<&str> = stat
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .split(' ')
            .collect();
        let ticks = |index: usize| {
            fields
                .get(index)
                .and_then(|ticks| ticks.parse::<f64>().ok())
        };
        let status = std::fs::read_to_string(format!("{folder}/status"))?;
        let kib = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
        let seconds = (ticks(12).unwrap_or_default() + ticks(13).unwrap_or_default()) / 100.0;
        Ok((seconds, kib.unwrap_or_default() / 1024.0))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
