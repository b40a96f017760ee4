//! The size of a portion of understanding, adapted to how long the last ones took.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

/// The limits of the size, in files.
const LEAST: usize = 128;
const MOST: usize = 4096;
/// The size on a database with other writers: each statement costs a round trip.
pub(crate) const MOST_BESIDE_OTHERS: usize = 2048;
/// The target for the time of a portion, which another writer waits for.
const LONGEST: Duration = Duration::from_millis(50);

/// The size of the next portion.
pub(crate) struct Portion(AtomicUsize);

impl Default for Portion {
    fn default() -> Self {
        Self(AtomicUsize::new(LEAST))
    }
}

impl Portion {
    pub fn size(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// Halves the size after a portion that took too long, and raises it after a full one that was fast.
    pub fn adapt(&self, weight: usize, took: Duration) {
        let size = self.size();
        let adapted = if took > LONGEST {
            size / 2
        } else if took < LONGEST / 2 && weight > size / 2 {
            size * 3 / 2
        } else {
            size
        };
        self.0.store(adapted.clamp(LEAST, MOST), Ordering::Relaxed);
    }
}
