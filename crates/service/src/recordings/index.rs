//! Keeps the index of the library up to date.

use std::time::Duration;

use reelroom_store::{library, stale};

use crate::{Service, ServiceError, ground::jobs::Job};

/// How many recordings one transaction indexes.
const AT_ONCE: u32 = 512;
/// How many are indexed before a list is read, which waits for it. A longer queue is left to the job.
const BEFORE_READING: u32 = 256;
/// How many are indexed in a transaction while nobody waits.
const OF_ALL: u32 = 4 * 1024;

impl Service {
    /// Makes rows of the index anew; wants to go on at once while the queue is long.
    pub(crate) async fn index_round(&self) -> Result<Option<Duration>, ServiceError> {
        let taken = self
            .in_background(|store| async move {
                let mut write = store.write().await?;
                let taken = library::index(&mut write, AT_ONCE).await?;
                write.commit().await?;
                Ok(taken)
            })
            .await?;
        if taken > 0 {
            self.wake(Job::Describe);
        }
        Ok((taken == AT_ONCE as usize).then_some(Duration::ZERO))
    }

    /// Brings the index up to date, so that a list or a number shows what has just been done, unless much is waiting.
    pub(crate) async fn index_before_reading(&self) -> Result<(), ServiceError> {
        let mut read = self.0.store.read().await?;
        let waiting = stale::count(&mut read, BEFORE_READING + 1).await?;
        drop(read);
        if (1..=BEFORE_READING).contains(&waiting) {
            let mut write = self.0.store.write().await?;
            library::index(&mut write, BEFORE_READING).await?;
            write.commit().await?;
            self.wake(Job::Describe);
        }
        Ok(())
    }

    /// Brings the index up to date after many recordings were inserted.
    pub(crate) async fn index_all(&self) -> Result<(), ServiceError> {
        loop {
            let mut write = self.0.store.write().await?;
            let indexed = library::index(&mut write, OF_ALL).await?;
            if indexed == 0 {
                library::merge_segments(&mut write).await?;
                return Ok(write.commit().await?);
            }
            write.commit().await?;
        }
    }
}
