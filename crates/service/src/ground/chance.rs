//! Randomness, passed in: from the operating system, or from a seed in tests.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand::{Rng, SeedableRng, distr::Alphanumeric, rngs::StdRng};
use reelroom_domain::{ids::Ids, time::Timestamp};
use uuid::{Builder, Uuid};

/// A source of randomness that many may ask.
#[derive(Clone)]
pub struct Chance(Arc<Mutex<Source>>);

struct Source {
    rng: StdRng,
    /// Of the last id: its millisecond, and how many were made in that before it.
    last: (u64, u16),
}

impl Chance {
    /// From the operating system.
    pub fn from_os() -> Self {
        Self::of(StdRng::from_os_rng())
    }

    /// The same each time, for tests.
    pub fn from_seed(seed: u64) -> Self {
        Self::of(StdRng::seed_from_u64(seed))
    }

    fn of(rng: StdRng) -> Self {
        let last = (0, 0);
        Self(Arc::new(Mutex::new(Source { rng, last })))
    }

    fn source(&self) -> MutexGuard<'_, Source> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.source().rng.fill(&mut bytes[..]);
        bytes
    }

    /// `length` random digits and letters.
    pub fn word(&self, length: usize) -> String {
        (&mut self.source().rng)
            .sample_iter(Alphanumeric)
            .take(length)
            .map(char::from)
            .collect()
    }

    /// A new id, as of `now` (UUID v7, RFC 9562 §6.2, method 1): ids sort by when they were made, those
    /// of one millisecond too.
    pub fn id<T: From<Uuid>>(&self, now: Timestamp) -> T {
        const MOST: u16 = 0x0fff;
        let millis = u64::try_from(now.as_millis()).unwrap_or_default();
        let mut source = self.source();
        let within = match source.last {
            (last, within) if last == millis => (within + 1).min(MOST),
            _ => 0,
        };
        source.last = (millis, within);
        let mut bytes = [0; 10];
        source.rng.fill(&mut bytes[2..]);
        bytes[..2].copy_from_slice(&within.to_be_bytes());
        T::from(Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid())
    }
}

impl Ids for &Chance {
    fn next(&mut self, at: Timestamp) -> Uuid {
        self.id(at)
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::ids::FileId;

    use super::*;

    #[test]
    fn ids_of_one_millisecond_sort_by_when_they_were_made() {
        let chance = Chance::from_seed(1);
        let at = |millis| Timestamp::from_millis(1_795_572_000_000 + millis);
        let made: Vec<FileId> = (0..3000_i64).map(|n| chance.id(at(n / 1000))).collect();
        assert!(made.is_sorted_by(|one, next| one.to_string() < next.to_string()));
    }
}
