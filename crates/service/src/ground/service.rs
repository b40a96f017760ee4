//! The service itself: what its use cases share.

use std::{
    collections::HashMap,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

use parking_lot::Mutex;
use reelroom_anyrtc::client::Client;
use reelroom_domain::{
    change::Change,
    ids::{AppId, CallId, UserId},
    recording::Recording,
    room::RoomId,
    time::{Clock, Timestamp},
};
use reelroom_store::{Store, Write, sessions::TokenHash, settings};
use tokio::{
    sync::{broadcast, mpsc},
    task::JoinHandle,
};
use url::Url;

use super::{
    background::Background,
    bandwidth::Bandwidth,
    config::{CallbackAuth, ServiceLimits},
    correlation::Correlator,
    disk::Reserve,
    error::ServiceError,
    fresh::Fresh,
    gathered::Gathered,
    guard::FileClient,
    jobs::{Job, Jobs},
    known_apps::KnownApps,
    metrics::Metrics,
    outbox::{Notice, Outbox},
    password::Hashing,
    portion::Portion,
    provider::Provider,
    queue::Request,
    quota::Quota,
    rejected::Counted,
    rng::SharedRng,
    secret::Secret,
    secrets::Vault,
    sent::Sent,
    session::EndedSession,
    staging::Staging,
    storage::Storage,
    transfers::Transfers,
};

/// The sweeps under way, at most one an app.
type Sweeps = Mutex<HashMap<AppId, JoinHandle<Option<Result<(), ServiceError>>>>>;

/// The use cases, and all that they stand on. Cheap to clone.
#[derive(Clone)]
pub struct Service(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub rng: SharedRng,
    pub client: Client,
    pub http: FileClient,
    pub storage: Storage,
    pub staging: Staging,
    pub disk: Reserve,
    pub bandwidth: Bandwidth,
    pub transfers: Transfers,
    /// `None`: changes of other servers were missed.
    pub changes: broadcast::Sender<Option<Change>>,
    pub session_ends: broadcast::Sender<EndedSession>,
    pub intake: mpsc::Sender<Request>,
    /// On SQLite: all calls up to this number were understood.
    pub understood_up_to: AtomicI64,
    pub limits: ServiceLimits,
    pub makes_pictures: bool,
    pub fresh: Fresh,
    pub quota: Quota,
    pub portion: Portion,
    /// The thread of low priority; absent without jobs.
    pub background: OnceLock<Background>,
    pub rejected: Counted,
    pub gathered: Gathered,
    pub sent: Sent,
    pub known_apps: KnownApps,
    pub metrics: Metrics,
    pub callback_auth: CallbackAuth,
    pub callback_secrets: Vec<Secret>,
    pub correlator: Correlator,
    pub vault: Vault,
    /// The emulated platform, where it runs in this process.
    pub sandbox: OnceLock<AppId>,
    pub secure_cookies: bool,
    /// The provider of single sign-on, if there is one.
    pub oidc: Option<Provider>,
    pub public_url: Option<Url>,
    /// Where this machine reaches the server.
    pub local_url: OnceLock<Url>,
    pub hashing: Hashing,
    pub sweeps: Sweeps,
    /// Whether a start waits for the end of another recording.
    pub start_waits: AtomicBool,
    pub jobs: Jobs,
    pub outbox: Outbox,
}

impl Service {
    /// All calls up to this one were understood, though the queue may still have some of them.
    pub(crate) fn understood_up_to(&self) -> CallId {
        CallId::new(self.0.understood_up_to.load(Ordering::Relaxed))
    }

    /// A subscription to changes, including those of other servers on the same database. `None`: some
    /// were lost, and anything may have changed.
    pub fn changes(&self) -> broadcast::Receiver<Option<Change>> {
        self.0.changes.subscribe()
    }

    /// The server's time.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The address of the server for people and the platform, if it is set.
    pub fn public_url(&self) -> Option<&Url> {
        self.0.public_url.as_ref()
    }

    /// The address to which a path of the site is appended, without its last slash: the public one, or else that on
    /// this machine; empty if neither is known.
    pub(crate) fn site(&self) -> &str {
        let public = self.public_url();
        let site = public.or_else(|| self.0.local_url.get());
        site.map_or("", |url| url.as_str().trim_end_matches('/'))
    }

    /// Publishes a change of a recording.
    pub(crate) fn publish_recording(&self, recording: &Recording) {
        self.publish(Change::Recording {
            id: recording.id,
            app: recording.app,
            room: recording.room.clone(),
        });
    }

    /// Publishes a change of a room.
    pub(crate) fn publish_room(&self, app: AppId, room: &RoomId) {
        let room = room.clone();
        self.publish(Change::Room { app, room });
    }

    /// Publishes, after the commit, a change of the role, rights or grants of accounts, whose open pages reload
    /// everything. For a group these are its members (`groups::members_of`) before and after the change.
    pub fn publish_access(&self, of: impl IntoIterator<Item = UserId>) {
        for user in of {
            self.publish(Change::Access { user });
        }
    }

    /// Begins a transaction that changes settings, apps, presets or retention rules. Such transactions run one after the
    /// other, so that each decides on what the ones before have written.
    pub(crate) async fn change_settings(&self) -> Result<Write, ServiceError> {
        let mut tx = self.0.store.write().await?;
        settings::lock(&mut tx).await?;
        Ok(tx)
    }

    /// Runs a task on the thread of low priority, with that thread's connections to the database; in
    /// place if there is no such thread, because no jobs run.
    pub(crate) async fn in_background<F, T>(
        &self,
        task: impl FnOnce(Self, Store) -> F,
    ) -> Result<T, ServiceError>
    where
        F: Future<Output = Result<T, ServiceError>> + Send + 'static,
        T: Send + 'static,
    {
        let service = self.clone();
        match self.0.background.get() {
            Some(background) => background.run(|store| task(service, store)).await,
            None => task(service, self.0.store.clone()).await,
        }
    }

    /// Wakes a background job, on the server that runs it.
    pub(crate) fn wake(&self, job: Job) {
        self.0.jobs.wake(job);
        if !self.0.jobs.runs_only_here(job) {
            self.0.outbox.add(|| Notice::Wake(job));
        }
    }

    /// Publishes a change on every server, after its commit, and wakes the jobs that it may concern.
    pub(crate) fn publish(&self, change: Change) {
        self.0.outbox.add(|| Notice::Change(change.clone()));
        self.publish_here(change);
    }

    /// Publishes a change on this server.
    pub(super) fn publish_here(&self, change: Change) {
        let jobs = &self.0.jobs;
        jobs.wake(Job::Alerts);
        jobs.wake(Job::Index);
        if matches!(change, Change::Recording { .. }) && self.0.start_waits.load(Ordering::Relaxed)
        {
            jobs.wake(Job::AutoStart);
        }
        // Without an open stream there is no subscriber.
        let _ = self.0.changes.send(Some(change));
    }

    /// Publishes the end of the sessions of these tokens on every server, after the commit.
    pub(crate) fn publish_ended(&self, ended: impl IntoIterator<Item = TokenHash>) {
        for token in ended {
            self.0.outbox.add(|| Notice::Ended(token));
            self.publish_ended_here(token);
        }
    }

    /// Publishes the end of a session on this server.
    pub(super) fn publish_ended_here(&self, token: TokenHash) {
        // Without an open stream there is no subscriber.
        let _ = self.0.session_ends.send(EndedSession(token));
    }
}
