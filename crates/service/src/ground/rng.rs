//! Random numbers and ids: seeded by the operating system, or deterministic in tests.

use std::sync::Arc;

use parking_lot::Mutex;
use rand::{Rng, SeedableRng, distr::Alphanumeric, rngs::StdRng};
use reelroom_domain::{ids::Ids, time::Timestamp};
use uuid::{Builder, Uuid};

/// A random number generator, shared by its clones.
#[derive(Clone)]
pub struct SharedRng(Arc<Mutex<Source>>);

struct Source {
    rng: StdRng,
    /// The millisecond and the counter of the last id.
    last: (u64, u16),
}

impl SharedRng {
    /// A generator seeded by the operating system.
    pub fn from_os() -> Self {
        Self::of(StdRng::from_os_rng())
    }

    /// A generator with a fixed seed, for tests.
    pub fn from_seed(seed: u64) -> Self {
        Self::of(StdRng::seed_from_u64(seed))
    }

    fn of(rng: StdRng) -> Self {
        let last = (0, 0);
        Self(Arc::new(Mutex::new(Source { rng, last })))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.lock().rng.fill(&mut bytes[..]);
        bytes
    }

    /// A string of `length` random digits and letters.
    pub fn word(&self, length: usize) -> String {
        (&mut self.0.lock().rng)
            .sample_iter(Alphanumeric)
            .take(length)
            .map(char::from)
            .collect()
    }

    /// A new id: a UUID v7 with a counter (RFC 9562 §6.2, method 1), so that ids sort by creation, also
    /// those of one millisecond.
    pub fn id<T: From<Uuid>>(&self, now: Timestamp) -> T {
        const MAX: u16 = 0x0fff;
        let millis = u64::try_from(now.as_millis()).unwrap_or_default();
        let mut source = self.0.lock();
        let counter = match source.last {
            (last, counter) if last == millis => (counter + 1).min(MAX),
            _ => 0,
        };
        source.last = (millis, counter);
        let mut bytes = [0; 10];
        source.rng.fill(&mut bytes[2..]);
        bytes[..2].copy_from_slice(&counter.to_be_bytes());
        T::from(Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid())
    }
}

impl Ids for &SharedRng {
    fn next(&mut self, at: Timestamp) -> Uuid {
        self.id(at)
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::ids::FileId;

    use super::*;

    #[test]
    fn ids_of_one_millisecond_are_in_order() {
        let rng = SharedRng::from_seed(1);
        let at = |millis| Timestamp::from_millis(1_795_572_000_000 + millis);
        let made: Vec<FileId> = (0..3000_i64).map(|n| rng.id(at(n / 1000))).collect();
        assert!(made.is_sorted_by(|one, next| one.to_string() < next.to_string()));
    }
}
