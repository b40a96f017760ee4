//! The state that the parts of a running sandbox share.

use std::{path::PathBuf, time::Duration};

use jiff::tz::{self, TimeZone};
use parking_lot::{Mutex, MutexGuard};
use serde::Deserialize;
use tokio::sync::{Notify, Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use url::Url;

use crate::{catalogue::Catalogue, config::Config, faults::Faults, platform::Platform};

/// The platform's zone (`VENDOR.md` §3): Asia/Shanghai, which has no summer time.
pub(crate) static ZONE: TimeZone = TimeZone::fixed(tz::offset(8));

/// The addresses of callbacks; `None`: not sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Addresses {
    /// For recording callbacks.
    pub av: Option<Url>,
    /// For status callbacks.
    pub status: Option<Url>,
}

/// The state that changes.
pub(crate) struct State {
    pub platform: Platform,
    pub faults: Faults,
    pub catalogue: Catalogue,
    pub addresses: Addresses,
    /// Whether the next status callback repeats the present state of all rooms.
    pub resend: bool,
}

/// The state of a running sandbox.
pub(crate) struct Shared {
    pub config: Config,
    /// The sandbox's own address.
    pub base: Url,
    /// The folder of finished files.
    pub files: PathBuf,
    /// The folder of files that are being made.
    pub work: PathBuf,
    pub client: reqwest::Client,
    /// Lets one recording at a time be made into files: that takes a whole core.
    pub rendering: Semaphore,
    /// Wakes the task that sends status callbacks.
    pub changed: Notify,
    pub token: CancellationToken,
    pub tasks: TaskTracker,
    pub state: Mutex<State>,
}

impl Shared {
    /// Locks the state; not to be held across an `.await`.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    /// Changes the addresses of callbacks; the new one gets the present state of all rooms.
    pub(crate) fn redirect(&self, addresses: Addresses) {
        let mut state = self.state();
        state.addresses = addresses;
        state.resend = true;
        self.changed.notify_one();
    }

    /// Spawns a task that is dropped when the sandbox ends.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let token = self.token.clone();
        self.tasks.spawn(async move {
            token.run_until_cancelled(work).await;
        });
    }

    /// Sleeps, at most until the sandbox ends.
    pub(crate) async fn pause(&self, duration: Duration) {
        let sleep = tokio::time::sleep(duration);
        self.token.run_until_cancelled(sleep).await;
    }
}
