#![doc = include_str!("../README.md")]

mod body;
mod catalogue;
mod courier;
mod faults;
mod files;
mod http;
mod life;
mod mangle;
mod media;
mod parcel;
mod platform;
mod produce;
mod room;
mod shared;
mod take;
mod videos;
mod wire;

use std::{
    fs::{self, Permissions},
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::{Timestamp, tz::TimeZone};
use tokio::{
    net::TcpListener,
    sync::{Notify, Semaphore},
    task::JoinHandle,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use url::Url;

use crate::{
    catalogue::Catalogue,
    faults::Faults,
    platform::Platform,
    shared::{Addresses, Shared},
};

/// The platform's zone (`VENDOR.md` §3).
const ZONE: &str = "Asia/Shanghai";
/// The secret of the video list, unless another is set. It guards nothing.
const VOD_TOKEN: &str = "sandbox0vod0token";
/// How long open connections may take to finish when the sandbox ends.
const GOODBYE: Duration = Duration::from_secs(2);

/// How a sandbox runs.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where it listens; port 0: any that is free.
    pub listen: SocketAddr,
    /// The `AppID` of its one app.
    pub app_id: String,
    /// The secret that signs calls to its video list.
    pub vod_token: String,
    /// Where recording callbacks go; `None`: nowhere, until [`Sandbox::set_callbacks`].
    pub callback_url: Option<Url>,
    /// Where status callbacks go; `None`: nowhere.
    pub status_url: Option<Url>,
    /// From a stop to the first callback of its files, unless making them takes longer.
    pub delay: Duration,
    /// A folder for its files; made if need be. Nothing in it is ever deleted.
    pub media_dir: PathBuf,
    /// Who is in which room at the start, and how they move: the same for the same seed.
    pub seed: u64,
    /// About how often somebody comes or goes; zero: never by themselves.
    pub moves_every: Duration,
}

impl Config {
    /// A sandbox for that app, with the defaults: callbacks nowhere yet, 3 seconds after a stop,
    /// and a move about every 20 seconds.
    pub fn new(listen: SocketAddr, app_id: impl Into<String>, media_dir: PathBuf) -> Self {
        Self {
            listen,
            app_id: app_id.into(),
            vod_token: VOD_TOKEN.to_owned(),
            callback_url: None,
            status_url: None,
            delay: Duration::from_secs(3),
            media_dir,
            seed: 1,
            moves_every: Duration::from_secs(20),
        }
    }
}

/// Why a sandbox cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be had: another program has it, or it is not ours.
    #[error("cannot listen on {addr}: {source}")]
    Listen {
        /// The address.
        addr: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The folder cannot be made.
    #[error("cannot make the folder {}: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The HTTP client for callbacks cannot be made.
    #[error("cannot make an HTTP client: {0}")]
    Client(#[from] reqwest::Error),
    /// The platform's zone is not known here.
    #[error("cannot find the platform's zone: {0}")]
    Zone(#[from] jiff::Error),
    /// The address makes no URL.
    #[error("cannot write the address as a URL: {0}")]
    Address(#[from] url::ParseError),
}

/// A running sandbox; dropping it ends it without waiting.
pub struct Sandbox {
    addr: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

impl Sandbox {
    /// Starts a sandbox; when this returns it answers.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        // Whoever embeds the sandbox may have set one already, and that is fine too.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(3))
            .timeout(Duration::from_secs(10))
            .build()?;
        let zone = TimeZone::get(ZONE)?;
        let files = folder(config.media_dir.join("files"))?;
        let work = folder(config.media_dir.join("work"))?;
        let listener = TcpListener::bind(config.listen).await;
        let bound = listener.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (addr, listener) = bound.map_err(|source| StartError::Listen {
            addr: config.listen,
            source,
        })?;
        let shared = Arc::new(Shared {
            app_id: config.app_id,
            vod_token: config.vod_token,
            delay: config.delay,
            zone,
            base: base(addr)?,
            files,
            work,
            client,
            studio: Semaphore::new(1),
            changed: Notify::new(),
            tell_all: AtomicBool::new(true),
            stop: AtomicBool::new(false),
            token: CancellationToken::new(),
            tasks: TaskTracker::new(),
            state: Mutex::new(Platform::new(config.seed, Timestamp::now())),
            trouble: Mutex::new(Faults::default()),
            list: Mutex::new(Catalogue::default()),
            goals: Mutex::new(Addresses {
                av: config.callback_url,
                status: config.status_url,
            }),
        });
        shared.spawn(courier::tell(Arc::clone(&shared)));
        shared.changed.notify_one();
        if !config.moves_every.is_zero() {
            shared.spawn(courier::live(Arc::clone(&shared), config.moves_every));
        }
        let routes = http::router(Arc::clone(&shared));
        let token = shared.token.clone();
        let server = tokio::spawn(async move {
            let serve = axum::serve(listener, routes);
            if let Err(error) = serve.with_graceful_shutdown(token.cancelled_owned()).await {
                tracing::error!(%error, "the sandbox no longer listens");
            }
        });
        Ok(Self {
            addr,
            shared,
            server,
        })
    }

    /// Where it listens.
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Sends recording and status callbacks elsewhere from now on; `None`: nowhere. The new
    /// place for status callbacks is told at once who is in which room.
    pub fn set_callbacks(&self, recordings: Option<Url>, status: Option<Url>) {
        self.shared.redirect(Addresses {
            av: recordings,
            status,
        });
    }

    /// Ends it: recordings that run are lost, files in the making are dropped, connections get
    /// two seconds.
    pub async fn shutdown(mut self) {
        self.end();
        self.shared.tasks.close();
        self.shared.tasks.wait().await;
        if tokio::time::timeout(GOODBYE, &mut self.server)
            .await
            .is_err()
        {
            self.server.abort();
        }
    }

    fn end(&self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        self.shared.token.cancel();
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.end();
    }
}

/// The address under which files are found; who listens everywhere is found at home.
fn base(mut addr: SocketAddr) -> Result<Url, url::ParseError> {
    if addr.ip().is_unspecified() {
        addr.set_ip(match addr {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    Url::parse(&format!("http://{addr}/"))
}

/// Makes a folder that is there for our account alone.
fn folder(path: PathBuf) -> Result<PathBuf, StartError> {
    let private = Permissions::from_mode(0o700);
    match fs::create_dir_all(&path).and_then(|()| fs::set_permissions(&path, private)) {
        Ok(()) => Ok(path),
        Err(source) => Err(StartError::Folder { path, source }),
    }
}
