//! The cache of apps, for calls.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use reelroom_store::apps::App;

/// The cache.
#[derive(Default)]
pub(crate) struct KnownApps(Mutex<Cached>);

#[derive(Default)]
struct Cached {
    /// The apps in the order of [`reelroom_store::apps::list`], and the time when they were read.
    apps: Option<(Instant, Arc<[App]>)>,
    /// The number of changes.
    version: u64,
}

impl KnownApps {
    /// Empties the cache, after a change.
    pub fn forget(&self) {
        let mut cached = self.0.lock();
        cached.apps = None;
        cached.version += 1;
    }

    /// The cached apps and their age.
    pub fn get(&self) -> Option<(Duration, Arc<[App]>)> {
        let cached = self.0.lock();
        let apps = cached.apps.as_ref();
        apps.map(|(read, apps)| (read.elapsed(), apps.clone()))
    }

    /// The version of the apps, to be taken before they are read.
    pub fn version(&self) -> u64 {
        self.0.lock().version
    }

    /// Caches the apps, read now, unless they have changed since `version`.
    pub fn set(&self, apps: Arc<[App]>, version: u64) {
        let mut cached = self.0.lock();
        if cached.version == version {
            cached.apps = Some((Instant::now(), apps));
        }
    }
}
