//! Opening and closing the service, and one round of each background job.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicI64},
    },
    time::Duration,
};

use data_encoding::HEXLOWER;
use parking_lot::Mutex;
use reelroom_anyrtc::client::{Client, ClientError, Timeouts};
use reelroom_store::{Store, StoreError, claims, purges, settings};
use tokio::{
    sync::{broadcast, mpsc},
    task::JoinError,
    time::timeout,
};

use crate::{
    Secret, SecretKeyError, Service, ServiceConfig, ServiceError, SharedRng, StorageError,
    StorageLocation, UserError,
    ground::{
        background::Background,
        bandwidth::Bandwidth,
        correlation::Correlator,
        disk::Reserve,
        fresh::Fresh,
        gathered::Gathered,
        guard::FileClient,
        jobs::{Job, Jobs},
        known_apps::KnownApps,
        metrics::Metrics,
        outbox::Outbox,
        password::Hashing,
        portion::Portion,
        provider::Provider,
        queue::Request,
        quota::Quota,
        rejected::Counted,
        secrets::Vault,
        sent::Sent,
        service::Inner,
        staging::Staging,
        storage::Storage,
        transfers::Transfers,
    },
    intake::accept::write_groups,
};

/// How long open connections to the database may take to be returned when the service closes.
const CLOSING: Duration = Duration::from_secs(5);

/// The service cannot do its work.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// The database or the storage does not answer.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// These background jobs make no progress.
    #[error("stuck: {}", .0.join(", "))]
    Stuck(Vec<&'static str>),
}

/// The service could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database.
    #[error("database: {0}")]
    Store(#[from] StoreError),
    /// The storage.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The folder of files that are being fetched.
    #[error("folder {0}: {1}")]
    Staging(PathBuf, std::io::Error),
    /// The key that seals secrets.
    #[error(transparent)]
    SecretKey(#[from] SecretKeyError),
    /// A thread.
    #[error("thread: {0}")]
    Thread(std::io::Error),
    /// The HTTP client for the platform.
    #[error("HTTP client: {0}")]
    Client(#[from] ClientError),
    /// The HTTP client for the provider of single sign-on.
    #[error("HTTP client for single sign-on: {0}")]
    Provider(reqwest::Error),
    /// An account.
    #[error("account: {0}")]
    User(#[from] UserError),
    /// Anything else that a use case met.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// The secrets of callbacks, and the key of correlation. Reads those that the database keeps, and makes those that are
/// not there yet.
async fn stored_secrets(
    store: &Store,
    rng: &SharedRng,
    given: Vec<Secret>,
) -> Result<(Vec<Secret>, Correlator), StoreError> {
    let mut tx = store.write().await?;
    let made = HEXLOWER.encode(&rng.bytes::<32>());
    let key = settings::set_if_absent(&mut tx, "correlation_key", &made).await?;
    let callback = if given.is_empty() {
        let made = rng.word(24);
        vec![Secret::new(
            settings::set_if_absent(&mut tx, "callback_secret", &made).await?,
        )]
    } else {
        given
    };
    tx.commit().await?;
    Ok((callback, Correlator::new(key.as_bytes())))
}

impl Service {
    /// Opens the database and the storage, brings the schema up to date, recovers from a crash, and starts the
    /// background jobs.
    pub async fn open(config: ServiceConfig) -> Result<Self, OpenError> {
        let (service, waiting) = Self::assemble(config).await?;
        let staging = &service.0.staging;
        let cleaned = staging.clean();
        cleaned.map_err(|error| OpenError::Staging(staging.folder().to_owned(), error))?;
        service.recover_lost().await?;
        if !service.0.store.is_shared() {
            // An earlier process left them, and its clock may have been ahead.
            let mut tx = service.0.store.write().await?;
            claims::release_all(&mut tx).await?;
            purges::release_all(&mut tx).await?;
            tx.commit().await?;
        }
        service.await_newer_calls().await?;
        let background = Background::start(&service.0.store).await;
        let background = background.map_err(OpenError::Thread)?;
        service.0.background.get_or_init(|| background);
        let jobs = &service.0.jobs;
        jobs.spawn(write_groups(service.clone(), waiting));
        if service.0.store.is_shared() {
            let listener = service.0.store.listen().await?;
            jobs.renew_lease().await;
            jobs.spawn(service.clone().send_notices());
            jobs.spawn_until_close(service.clone().receive_notices(listener));
            jobs.spawn_until_close(service.clone().keep_lease());
        }
        for job in Job::ALL.iter().copied() {
            let at_once = match job {
                Job::Fetch => service.0.limits.fetch.at_once,
                _ => 1,
            };
            for _ in 0..at_once {
                let service = service.clone();
                jobs.spawn(async move {
                    let round = || Box::pin(service.round(job));
                    service.0.jobs.run(job, round).await;
                });
            }
        }
        Ok(service)
    }

    /// As [`Service::open`], for a command that runs beside a server: recovers nothing, runs no jobs, and
    /// cannot accept callbacks.
    pub async fn connect(config: ServiceConfig) -> Result<Self, OpenError> {
        Ok(Self::assemble(config).await?.0)
    }

    /// Whether the storage at `location` answers. A folder is not made.
    pub async fn try_storage(location: &StorageLocation) -> Result<(), OpenError> {
        Ok(Storage::open(location)?
            .ping()
            .await
            .map_err(StorageError::from)?)
    }

    async fn assemble(config: ServiceConfig) -> Result<(Self, mpsc::Receiver<Request>), OpenError> {
        let store = Store::connect(&config.database).await?;
        store.migrate().await?;
        let storage = Storage::open(&config.storage)?;
        match storage.prepare(&store).await {
            // Callbacks are taken meanwhile, and people sign in.
            Err(missing @ StorageError::Missing(_)) => tracing::error!("{missing}"),
            prepared => prepared?,
        }
        let staging = Staging::open(&config.staging)
            .map_err(|error| OpenError::Staging(config.staging, error))?;
        let folders = storage.folder().into_iter().chain([staging.folder()]);
        let disk = Reserve::new(
            folders.map(Path::to_owned).collect(),
            config.limits.fetch.reserve_percent,
            config.limits.fetch.reserve_bytes,
        );
        let rng = config.rng;
        let secrets = stored_secrets(&store, &rng, config.callback_secrets);
        let (callback_secrets, correlator) = secrets.await?;
        let vault = Vault::open(config.secret_key, &rng)?;
        let oidc = config.oidc.map(Provider::new).transpose();
        let oidc = oidc.map_err(OpenError::Provider)?;
        let (intake, waiting) = mpsc::channel(1024);
        let holder = format!("{}-{}", std::process::id(), rng.word(8));
        let service = Self(Arc::new(Inner {
            client: Client::new(Timeouts::default())?,
            http: FileClient::new(),
            storage,
            staging,
            disk,
            bandwidth: Bandwidth::new(config.limits.fetch.bandwidth),
            transfers: Transfers::default(),
            changes: broadcast::channel(4096).0,
            session_ends: broadcast::channel(256).0,
            intake,
            understood_up_to: AtomicI64::new(0),
            limits: config.limits,
            makes_pictures: config.pictures,
            fresh: Fresh::default(),
            quota: Quota::default(),
            portion: Portion::default(),
            background: OnceLock::new(),
            rejected: Counted::default(),
            gathered: Gathered::default(),
            sent: Sent::default(),
            known_apps: KnownApps::default(),
            metrics: Metrics::default(),
            callback_auth: config.callback_auth,
            callback_secrets,
            correlator,
            vault,
            sandbox: OnceLock::new(),
            oidc,
            secure_cookies: config
                .public_url
                .as_ref()
                .is_some_and(|url| url.scheme() == "https"),
            public_url: config.public_url,
            hashing: Hashing::default(),
            local_url: OnceLock::new(),
            sweeps: Mutex::default(),
            start_waits: AtomicBool::new(false),
            outbox: Outbox::new(store.is_shared()),
            jobs: Jobs::new(holder, config.clock.clone(), store.clone()),
            clock: config.clock,
            rng,
            store,
        }));
        if let Some((name, password)) = config.admin {
            service.ensure_admin(&name, &password).await?;
        }
        Ok((service, waiting))
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

    /// Runs an action to its end, also when the client that asked for it disconnects;
    /// [`close`](Self::close) waits for it. The error is a panic.
    pub async fn run_to_end<T: Send + 'static>(
        &self,
        action: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, JoinError> {
        self.0.jobs.spawn(action).await
    }

    /// Stops the background jobs, writes the callbacks and the acts that are still in memory, and closes the database.
    /// Further use is refused.
    pub async fn close(&self) {
        self.0.jobs.close().await;
        let close = async {
            if let Some(background) = self.0.background.get() {
                background.close().await;
            }
            if let Err(error) = self.store_gathered().await {
                tracing::error!(%error, "the end of the history of access is not written");
            }
            self.0.store.close().await;
        };
        // A request that was cut off may hold a connection.
        if timeout(CLOSING, close).await.is_err() {
            tracing::warn!("ending with open connections to the database");
        }
    }

    /// One round of a background job. Returns the pause before the next one; `None`: the period of the job.
    async fn round(&self, job: Job) -> Result<Option<Duration>, ServiceError> {
        match job {
            Job::Understand => self.understand_round().await,
            Job::Fetch => self.fetch_round().await,
            Job::Pictures => self.pictures_round().await,
            Job::Recover => self.recover_lost().await,
            Job::Overdue => self.overdue_round().await,
            Job::AutoStop => self.auto_stop_round().await,
            Job::AutoStart => self.auto_start_round().await,
            Job::Alerts => self.alerts_round().await,
            Job::Sweep => self.sweep_round().await,
            Job::Unknown => self.check_unknown().await,
            Job::Rejected => self.store_rejected().await,
            Job::Scrub => self.scrub_round().await,
            Job::Describe => self.describe_round().await,
            Job::History => self.store_gathered().await,
            Job::OldRows => self.delete_old_rows().await,
            Job::Index => self.index_round().await,
            Job::Probe => self.probe_round().await,
            Job::Purge => self.purge_round().await,
            Job::Objects => self.compare_storage().await,
            Job::Retention => self.retention_round().await,
        }
    }
}
