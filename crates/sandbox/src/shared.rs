//! What the parts of a running sandbox share.

use std::{
    path::PathBuf,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::tz::TimeZone;
use tokio::sync::{Notify, Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use url::Url;

use crate::{catalogue::Catalogue, faults::Faults, platform::Platform};

/// Where callbacks go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Addresses {
    /// Recording callbacks.
    pub av: Option<Url>,
    /// Status callbacks.
    pub status: Option<Url>,
}

/// The shared parts.
pub(crate) struct Shared {
    /// The one app that exists.
    pub app_id: String,
    /// Signs calls to the video list.
    pub vod_token: String,
    /// From stop to the first callback.
    pub delay: Duration,
    /// The platform's zone.
    pub zone: TimeZone,
    /// The sandbox's own address, where files are found.
    pub base: Url,
    /// Finished files.
    pub files: PathBuf,
    /// Files in the making.
    pub work: PathBuf,
    /// Carries callbacks out.
    pub client: reqwest::Client,
    /// One recording is made into files at a time: it takes a whole core.
    pub studio: Semaphore,
    /// Wakes whoever tells news.
    pub changed: Notify,
    /// Everything is to be told again.
    pub tell_all: AtomicBool,
    /// Ends what runs in a thread.
    pub stop: AtomicBool,
    /// Ends what waits.
    pub token: CancellationToken,
    /// What runs.
    pub tasks: TaskTracker,
    /// Behind [`Shared::platform`].
    pub state: Mutex<Platform>,
    /// Behind [`Shared::faults`].
    pub trouble: Mutex<Faults>,
    /// Behind [`Shared::catalogue`].
    pub list: Mutex<Catalogue>,
    /// Behind [`Shared::addresses`].
    pub goals: Mutex<Addresses>,
}

impl Shared {
    /// The rooms; held for a moment, never across a wait.
    pub(crate) fn platform(&self) -> MutexGuard<'_, Platform> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The faults that are on.
    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The files that there are, and who asked for them.
    pub(crate) fn catalogue(&self) -> MutexGuard<'_, Catalogue> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where callbacks go.
    pub(crate) fn addresses(&self) -> MutexGuard<'_, Addresses> {
        self.goals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends callbacks elsewhere from now on; whoever is there now is told all that is true.
    pub(crate) fn redirect(&self, addresses: Addresses) {
        *self.addresses() = addresses;
        self.tell_all.store(true, Ordering::Relaxed);
        self.changed.notify_one();
    }

    /// Runs work that the sandbox's end interrupts.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let token = self.token.clone();
        self.tasks.spawn(async move {
            token.run_until_cancelled(work).await;
        });
    }

    /// Waits, but not beyond the sandbox's end.
    pub(crate) async fn pause(&self, long: Duration) {
        tokio::select! {
            () = tokio::time::sleep(long) => {}
            () = self.token.cancelled() => {}
        }
    }
}
