//! The cache of apps, for calls.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use reelroom_store::apps::App;

/// The apps in the order of [`reelroom_store::apps::list`], and the time when they were read.
#[derive(Default)]
pub(crate) struct KnownApps(Mutex<Option<(Instant, Arc<[App]>)>>);

impl KnownApps {
    /// Empties the cache, after a change.
    pub fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The cached apps and their age.
    pub fn get(&self) -> Option<(Duration, Arc<[App]>)> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .as_ref()
            .map(|(read, apps)| (read.elapsed(), apps.clone()))
    }

    /// Caches the apps, read now.
    pub fn set(&self, apps: Arc<[App]>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), apps));
    }
}
