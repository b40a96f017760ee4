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
mod jump;
mod lookups;
mod presets;
mod recordings;
mod rooms;
mod secrets;
mod shell;
mod storage;
mod watch;

use std::sync::{Arc, Mutex, OnceLock, atomic::AtomicI64};

use reelroom_anyrtc::client::{Client, Timeouts};
use reelroom_domain::{
    ids::AppId,
    time::{Clock, Timestamp},
    view::Change,
};
use reelroom_store::Store;
use tokio::{
    sync::{Notify, broadcast, mpsc},
    task::JoinSet,
};

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
pub use error::{OpenError, ServiceError};
pub use files::{
    open::{OpenFileError, Opened},
    range::{ByteRange, Wanted},
};
pub use inbox::{AssignError, InboxQuery, TestError};
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
    quota: callbacks::understand::Quota,
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
    to_understand: Notify,
    to_fetch: Notify,
    to_start: Notify,
    to_stop: Notify,
    to_watch: Notify,
    jobs: Mutex<JoinSet<()>>,
}

impl Service {
    /// Opens the database and the storage, brings the schema up to date, settles what a crash left
    /// open, and starts the background jobs.
    pub async fn open(config: ServiceConfig) -> Result<Self, OpenError> {
        let (service, waiting) = Self::assemble(config).await?;
        service.recover().await?;
        service.await_newer_calls().await?;
        service.run(callbacks::take_in::write_groups(service.clone(), waiting));
        service.run(callbacks::understand::run(service.clone()));
        service.run(callbacks::turned_away::run(service.clone()));
        service.run(files::fetch::run(service.clone()));
        service.run(recordings::recover::run(service.clone()));
        service.run(recordings::overdue::run(service.clone()));
        service.run(recordings::auto_stop::run(service.clone()));
        service.run(watch::start::run(service.clone()));
        service.run(watch::look::run(service.clone()));
        service.run(lookups::sweep::run(service.clone()));
        service.run(lookups::look::run(service.clone()));
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
        let service = Self(Arc::new(Inner {
            client: Client::new(Timeouts::default())?,
            http: files::guard::FileClient::new()?,
            storage,
            changes: broadcast::channel(4096).0,
            session_ends: broadcast::channel(256).0,
            intake,
            understood_up_to: AtomicI64::new(0),
            limits: config.limits,
            quota: callbacks::understand::Quota::default(),
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
            to_understand: Notify::new(),
            to_fetch: Notify::new(),
            to_start: Notify::new(),
            to_stop: Notify::new(),
            to_watch: Notify::new(),
            jobs: Mutex::new(JoinSet::new()),
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

    /// Whether the database and the storage answer.
    pub async fn ready(&self) -> Result<(), ServiceError> {
        self.0.store.ping().await?;
        self.0.storage.ping().await?;
        Ok(())
    }

    fn publish(&self, change: Change) {
        // Whatever happens may be something to look at, or no longer.
        self.0.to_watch.notify_one();
        // Nobody listens: nobody misses it.
        let _ = self.0.changes.send(change);
    }

    /// Runs a job until the service is dropped.
    fn run(&self, job: impl Future<Output = ()> + Send + 'static) {
        if let Ok(mut jobs) = self.0.jobs.lock() {
            jobs.spawn(job);
        }
    }
}
