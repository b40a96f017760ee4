#![doc = include_str!("../README.md")]

mod catalogue;
mod config;
mod deliver;
mod faults;
mod files;
mod http;
mod media;
mod moves;
mod payload;
mod platform;
mod produce;
mod recording;
mod request;
mod shared;
mod videos;

use std::{
    fs::{self, Permissions},
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use parking_lot::Mutex;
use tokio::{
    net::TcpListener,
    sync::{Notify, Semaphore},
    task::JoinHandle,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use url::Url;

pub use crate::config::Config;
use crate::{
    catalogue::Catalogue,
    faults::Faults,
    platform::Platform,
    shared::{Addresses, Shared, State},
};

/// The deadline of open connections when the sandbox ends.
const GRACE: Duration = Duration::from_secs(2);

/// An error at the start of a sandbox.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be bound.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, #[source] io::Error),
    /// The folder cannot be made.
    #[error("cannot make the folder {0:?}: {1}")]
    Folder(PathBuf, #[source] io::Error),
    /// The HTTP client for callbacks cannot be made.
    #[error("cannot make an HTTP client: {0}")]
    Client(#[from] reqwest::Error),
    /// The address is not a URL.
    #[error("cannot write the address as a URL: {0}")]
    Address(#[from] url::ParseError),
}

/// A running sandbox; dropping it ends it at once.
pub struct Sandbox {
    addr: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

impl Sandbox {
    /// Starts a sandbox; it accepts calls when this returns.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        // An error means that the program has installed one already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(3))
            .timeout(Duration::from_secs(10))
            .build()?;
        let files = folder(config.media_dir.join("files"))?;
        let work = folder(config.media_dir.join("work"))?;
        let listener = TcpListener::bind(config.listen).await;
        let bound = listener.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (addr, listener) = bound.map_err(|error| StartError::Listen(config.listen, error))?;
        let shared = Arc::new(Shared {
            base: base(addr)?,
            files,
            work,
            client,
            rendering: Semaphore::new(1),
            changed: Notify::new(),
            token: CancellationToken::new(),
            tasks: TaskTracker::new(),
            state: Mutex::new(State {
                platform: Platform::new(config.seed, Timestamp::now()),
                faults: Faults::default(),
                catalogue: Catalogue::default(),
                addresses: Addresses {
                    av: config.callback_url.clone(),
                    status: config.status_url.clone(),
                },
                resend: true,
            }),
            config,
        });
        shared.spawn(deliver::send_status(Arc::clone(&shared)));
        shared.changed.notify_one();
        if !shared.config.moves_every.is_zero() {
            shared.spawn(deliver::move_people(Arc::clone(&shared)));
        }
        let routes = http::router(Arc::clone(&shared));
        let token = shared.token.clone();
        let server = tokio::spawn(async move {
            let serve = axum::serve(listener, routes);
            if let Err(error) = serve.with_graceful_shutdown(token.cancelled_owned()).await {
                tracing::error!(%error, "the sandbox has stopped listening");
            }
        });
        Ok(Self {
            addr,
            shared,
            server,
        })
    }

    /// The address that it listens on.
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Changes the addresses of recording and status callbacks; `None`: not sent. The present state
    /// of all rooms is sent to the new status address at once.
    pub fn set_callbacks(&self, recordings: Option<Url>, status: Option<Url>) {
        self.shared.redirect(Addresses {
            av: recordings,
            status,
        });
    }

    /// Ends the sandbox. Recordings that run and unfinished files are lost; open connections get two
    /// seconds.
    pub async fn shutdown(mut self) {
        self.shared.token.cancel();
        self.shared.tasks.close();
        self.shared.tasks.wait().await;
        if tokio::time::timeout(GRACE, &mut self.server).await.is_err() {
            self.server.abort();
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.shared.token.cancel();
    }
}

/// The URL of the sandbox: of one that listens on all addresses, its URL on loopback.
fn base(mut addr: SocketAddr) -> Result<Url, url::ParseError> {
    if addr.ip().is_unspecified() {
        addr.set_ip(match addr {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    Url::parse(&format!("http://{addr}/"))
}

/// Makes a folder that only the current user can read.
fn folder(path: PathBuf) -> Result<PathBuf, StartError> {
    let private = Permissions::from_mode(0o700);
    match fs::create_dir_all(&path).and_then(|()| fs::set_permissions(&path, private)) {
        Ok(()) => Ok(path),
        Err(error) => Err(StartError::Folder(path, error)),
    }
}
