#![doc = include_str!("../README.md")]

mod accounts;
mod apps;
mod callbacks;
mod chance;
mod clock;
mod config;
mod correlation;
mod error;
mod files;
mod inbox;
mod jobs;
mod jump;
mod lookups;
mod presets;
mod recordings;
mod rooms;
mod secrets;
mod shell;
mod storage;
#[cfg(test)]
mod tests;
mod watch;

use std::{
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use reelroom_anyrtc::client::{Client, Timeouts};
use reelroom_domain::{
    ids::AppId,
    time::{Clock, Timestamp},
    view::Change,
};
use reelroom_store::Store;
use tokio::{
    sync::{broadcast, mpsc},
    time::timeout,
};

use callbacks::background::Background;
use jobs::{Job, Jobs};

pub use accounts::{
    browser::{Browser, SignedIn},
    principal::{Principal, require},
    session::{EndedSession, SessionToken},
    set_up::SetUpError,
    sign_in::SignInError,
    users::{UserError, UserLine},
};
pub use apps::{
    SandboxApp,
    remove::RemoveAppError,
    settings::{SaveAppError, TokenChange},
};
pub use callbacks::{
    authorise::CallbackAuth,
    take_in::{RawCall, TakeInError, Taken},
};
pub use chance::Chance;
pub use clock::SystemClock;
pub use config::{Secret, ServiceConfig, ServiceLimits, StorageLocation};
pub use error::{NotReady, OpenError, ServiceError};
pub use files::{
    open::{OpenFileError, Opened},
    range::{ByteRange, Wanted},
};
pub use inbox::{AssignError, InboxQuery, TestError};
pub use jobs::is_late;
pub use presets::{PresetError, fill_in::FillWith, save::SaveAs};
pub use recordings::{
    cause::PlatformError,
    library::LibraryQuery,
    patience::PatienceError,
    start::{FormProblem, StartError},
    stop::StopError,
};

pub use rooms::label::LabelError;
pub use secrets::{BadSecretKey, SealError, SecretKey, SecretKeySource};

/// How long open connections to the database may take to be returned when the service closes.
const CLOSING: Duration = Duration::from_secs(5);

/// The use cases, and all that they stand on. Cheap to clone.
#[derive(Clone)]
pub struct Service(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    chance: Chance,
    client: Client,
    http: files::guard::FileClient,
    storage: storage::Storage,
    changes: broadcast::Sender<Change>,
    session_ends: broadcast::Sender<EndedSession>,
    intake: mpsc::Sender<callbacks::take_in::Request>,
    /// Where calls lie apart: all up to this number were understood.
    understood_up_to: AtomicI64,
    limits: ServiceLimits,
    fresh: callbacks::fresh::Fresh,
    quota: callbacks::understand::Quota,
    portion: callbacks::understand::Portion,
    /// Not there without jobs.
    background: OnceLock<Background>,
    turned_away: callbacks::turned_away::Counted,
    known_apps: callbacks::known_apps::KnownApps,
    callback_auth: CallbackAuth,
    callback_secrets: Vec<Secret>,
    correlator: correlation::Correlator,
    vault: secrets::Vault,
    /// The emulated platform, where it runs in this process.
    sandbox: OnceLock<AppId>,
    tested: apps::tested::Tested,
    secure_cookies: bool,
    public_url: Option<url::Url>,
    set_up_code: Mutex<Option<String>>,
    tries: accounts::tries::Tries,
    hashing: accounts::password::Hashing,
    inbox: inbox::State,
    sweeps: lookups::sweep::Sweeps,
    /// Whether a start waits for the end of another recording.
    start_waits: AtomicBool,
    jobs: Jobs,
}

impl Service {
    /// Opens the database and the storage, brings the schema up to date, settles what a crash left
    /// open, and starts the background jobs.
    pub async fn open(config: ServiceConfig) -> Result<Self, OpenError> {
        let (service, waiting) = Self::assemble(config).await?;
        service.recover().await?;
        service.await_newer_calls().await?;
        let background = Background::start(&service.0.store).await;
        let background = background.map_err(OpenError::Thread)?;
        service.0.background.get_or_init(|| background);
        let jobs = &service.0.jobs;
        jobs.spawn(callbacks::take_in::write_groups(service.clone(), waiting));
        for job in Job::ALL {
            let service = service.clone();
            jobs.spawn(async move {
                let round = || Box::pin(service.round(job));
                service.0.jobs.run(job, round).await;
            });
        }
        Ok(service)
    }

    /// As [`Service::open`], for a command that runs beside a server: settles nothing, runs no
    /// jobs, and cannot take callbacks in.
    pub async fn connect(config: ServiceConfig) -> Result<Self, OpenError> {
        Ok(Self::assemble(config).await?.0)
    }

    /// Whether the storage at `location` answers.
    pub async fn try_storage(location: &StorageLocation) -> Result<(), OpenError> {
        Ok(storage::Storage::open(location)?.ping().await?)
    }

    async fn assemble(
        config: ServiceConfig,
    ) -> Result<(Self, mpsc::Receiver<callbacks::take_in::Request>), OpenError> {
        let store = Store::connect(&config.database).await?;
        store.migrate().await?;
        let storage = storage::Storage::open(&config.storage)?;
        let chance = config.chance;
        let standing = config::standing_secrets(&store, &chance, config.callback_secrets).await?;
        let vault = secrets::Vault::open(config.secret_key, &chance)?;
        let (intake, waiting) = mpsc::channel(1024);
        let holder = format!("{}-{}", std::process::id(), chance.word(8));
        let service = Self(Arc::new(Inner {
            client: Client::new(Timeouts::default())?,
            http: files::guard::FileClient::new()?,
            storage,
            changes: broadcast::channel(4096).0,
            session_ends: broadcast::channel(256).0,
            intake,
            understood_up_to: AtomicI64::new(0),
            limits: config.limits,
            fresh: callbacks::fresh::Fresh::default(),
            quota: callbacks::understand::Quota::default(),
            portion: callbacks::understand::Portion::default(),
            background: OnceLock::new(),
            turned_away: callbacks::turned_away::Counted::default(),
            known_apps: callbacks::known_apps::KnownApps::default(),
            callback_auth: config.callback_auth,
            callback_secrets: standing.callback,
            correlator: standing.correlator,
            vault,
            sandbox: OnceLock::new(),
            tested: apps::tested::Tested::default(),
            secure_cookies: config
                .public_url
                .as_ref()
                .is_some_and(|url| url.scheme() == "https"),
            public_url: config.public_url,
            set_up_code: Mutex::new(None),
            tries: accounts::tries::Tries::default(),
            hashing: accounts::password::Hashing::default(),
            inbox: inbox::State::default(),
            sweeps: lookups::sweep::Sweeps::default(),
            start_waits: AtomicBool::new(false),
            jobs: Jobs::new(holder, config.clock.clone(), store.clone()),
            clock: config.clock,
            chance,
            store,
        }));
        if let Some((name, password)) = config.admin {
            service.ensure_admin(&name, &password).await?;
        }
        Ok((service, waiting))
    }

    /// What changes from now on.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.0.changes.subscribe()
    }

    /// The server's time.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Whether the database and the storage answer, and no background job is stuck.
    pub async fn ready(&self) -> Result<(), NotReady> {
        self.0.store.ping().await.map_err(ServiceError::from)?;
        self.0.storage.ping().await.map_err(ServiceError::from)?;
        let stuck = self.0.jobs.stuck();
        if stuck.is_empty() {
            Ok(())
        } else {
            Err(NotReady::Stuck(stuck))
        }
    }

    /// Stops the background jobs, writes the callbacks that wait, and closes the database. Further use
    /// is refused.
    pub async fn close(&self) {
        self.0.jobs.close().await;
        let close = async {
            if let Some(background) = self.0.background.get() {
                background.close().await;
            }
            self.0.store.close().await;
        };
        // A request that was cut off may hold a connection.
        if timeout(CLOSING, close).await.is_err() {
            tracing::warn!("ending with open connections to the database");
        }
    }

    /// One round of a background job: when it wants the next one, or `None` after its period.
    async fn round(&self, job: Job) -> Result<Option<Duration>, ServiceError> {
        match job {
            Job::Understand => self.understand_round().await,
            Job::Fetch => self.fetch_round().await,
            Job::Recover => self.settle_lost().await,
            Job::Overdue => self.overdue_round().await,
            Job::AutoStop => self.auto_stop_round().await,
            Job::AutoStart => self.auto_start_round().await,
            Job::Alerts => self.alerts_round().await,
            Job::Sweep => self.sweep_round().await,
            Job::Unknown => self.look_at_unknown().await,
            Job::Rejected => self.keep_turned_away().await,
        }
    }

    fn wake(&self, job: Job) {
        self.0.jobs.wake(job);
    }

    fn publish(&self, change: Change) {
        self.wake(Job::Alerts);
        if matches!(change, Change::Recording { .. }) && self.0.start_waits.load(Ordering::Relaxed)
        {
            self.wake(Job::AutoStart);
        }
        // Without an open stream there is no subscriber.
        let _ = self.0.changes.send(change);
    }
}
