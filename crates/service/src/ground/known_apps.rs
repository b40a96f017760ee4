//! The apps, cached for calls.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use reelroom_store::apps::App;

/// The apps as they were read last, in the order of [`reelroom_store::apps::list`]: the default app first.
#[derive(Default)]
pub(crate) struct KnownApps(Mutex<Option<(Instant, Arc<[App]>)>>);

impl KnownApps {
    /// One was saved: the next call reads them again.
    pub fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The apps, and how long ago they were read.
    pub fn get(&self) -> Option<(Duration, Arc<[App]>)> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .as_ref()
            .map(|(read, apps)| (read.elapsed(), apps.clone()))
    }

    /// The apps as they are read now.
    pub fn set(&self, apps: Arc<[App]>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), apps));
    }
}
