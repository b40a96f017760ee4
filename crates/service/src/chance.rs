//! Randomness, passed in: from the operating system, or from a seed in tests.

use std::sync::{Arc, Mutex, PoisonError};

use rand::{Rng, SeedableRng, distr::Alphanumeric, rngs::StdRng};
use reelroom_domain::time::Timestamp;
use uuid::{Builder, Uuid};

/// A source of randomness that many may ask.
#[derive(Clone)]
pub struct Chance(Arc<Mutex<StdRng>>);

impl Chance {
    /// From the operating system.
    pub fn from_os() -> Self {
        Self(Arc::new(Mutex::new(StdRng::from_os_rng())))
    }

    /// The same each time, for tests.
    pub fn from_seed(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill(&mut bytes[..]);
        bytes
    }

    /// `length` random digits and letters.
    pub fn word(&self, length: usize) -> String {
        let mut rng = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (&mut *rng)
            .sample_iter(Alphanumeric)
            .take(length)
            .map(char::from)
            .collect()
    }

    /// A new id, as of `now` (UUID v7, RFC 9562): ids sort by when they were made.
    pub fn id<T: From<Uuid>>(&self, now: Timestamp) -> T {
        let millis = u64::try_from(now.as_millis()).unwrap_or_default();
        T::from(Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid())
    }
}
