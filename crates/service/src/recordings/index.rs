//! Keeps the index of the library up to date.

use std::time::Duration;

use futures::future::try_join;
use reelroom_store::{
    Store, calls,
    library::{self, Batch},
    stale,
};

use crate::{
    Service, ServiceError,
    ground::{best_effort::best_effort, jobs::Job},
};

/// How many recordings one transaction indexes: a person who writes waits for it, and it is made in memory.
const AT_ONCE: usize = 64;
/// How many are indexed before a list is read, which waits for it. A longer queue is left to the job.
const BEFORE_READING: u32 = 256;
/// How many are indexed in a transaction while nobody waits.
const OF_ALL: u32 = 4 * 1024;

/// The pause before the next round while the queue is long and calls wait to be understood.
const SOON: Duration = Duration::from_secs(1);

impl Service {
    /// Makes rows of the index anew; wants to go on at once while the queue is long.
    pub(crate) async fn index_round(&self) -> Result<Option<Duration>, ServiceError> {
        let has_more = self
            .in_background(|_, store| async move { index(&store, AT_ONCE).await })
            .await?;
        if has_more.is_some() {
            self.wake(Job::Describe);
        }
        if has_more != Some(true) {
            return Ok(None);
        }
        // During a flood of calls the same recordings are marked again and again, so the job pauses between rounds.
        let mut read = self.0.store.read_calls().await?;
        let is_flood = calls::count_waiting(&mut read, self.understood_up_to(), 1).await? > 0;
        Ok(Some(if is_flood { SOON } else { Duration::ZERO }))
    }

    /// Brings the index up to date, so that a list or a number shows what has just been done, unless much is waiting or
    /// the database is busy.
    pub(crate) async fn index_before_reading(&self) -> Result<(), ServiceError> {
        let mut read = self.0.store.read().await?;
        let waiting = stale::count(&mut read, BEFORE_READING + 1).await?;
        drop(read);
        if (1..=BEFORE_READING).contains(&waiting) {
            let up_to_date = async {
                index(&self.0.store, BEFORE_READING as usize)
                    .await
                    .map(drop)
            };
            best_effort("the index is not brought up to date", up_to_date).await;
            self.wake(Job::Describe);
        }
        Ok(())
    }

    /// Brings the index up to date after many recordings were inserted: reads some while others are written.
    pub(crate) async fn index_all(&self) -> Result<(), ServiceError> {
        let store = &self.0.store;
        let read = async |after: Option<&Batch>| {
            Batch::after(&mut *store.read().await?, after, OF_ALL).await
        };
        let mut batch = read(None).await?;
        while !batch.is_empty() {
            let write = async {
                let mut write = store.write().await?;
                batch.write(&mut write).await?;
                write.commit().await
            };
            let ((), next) = try_join(write, read(Some(&batch))).await?;
            batch = next;
        }
        let mut write = store.write().await?;
        library::merge_segments(&mut write).await?;
        Ok(write.commit().await?)
    }
}

/// Indexes the first recordings of the queue, at most `limit`; returns whether it had more, or `None` if it was empty.
async fn index(store: &Store, limit: usize) -> Result<Option<bool>, ServiceError> {
    let batch = Batch::read(&mut *store.read().await?, limit).await?;
    if batch.is_empty() {
        return Ok(None);
    }
    let has_more = batch.has_more;
    let mut write = store.write().await?;
    batch.write(&mut write).await?;
    write.commit().await?;
    Ok(Some(has_more))
}
