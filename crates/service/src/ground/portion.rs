//! The size of a transaction of understanding, adapted to how long the last ones took.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

/// How much a transaction takes, in files: as much as takes less than [`LONGEST`], between these.
const LEAST: usize = 256;
const MOST: usize = 4096;
/// The size on a database with other writers: each statement costs a round trip.
pub(crate) const MOST_BESIDE_OTHERS: usize = 2048;
/// How long a person may wait who wants to write meanwhile, as far as it can be known before.
const LONGEST: Duration = Duration::from_millis(100);
/// How much the next transaction takes.
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

    /// Takes less the next time where so much took too long, and more where there was time for it.
    pub fn adapt(&self, weight: usize, took: Duration) {
        let size = self.size();
        let adapted = if took > LONGEST {
            size / 2
        } else if took < LONGEST / 3 && weight > size / 2 {
            size * 2
        } else {
            size
        };
        self.0.store(adapted.clamp(LEAST, MOST), Ordering::Relaxed);
    }
}
