//! Purges recordings whose time in the trash is over: deletes their copies, and certifies that.

use std::time::Duration;

use reelroom_domain::{
    certificate::{DeletedWhy, PurgeAnswer},
    ids::RecordingId,
    keep::{Keep, may_purge},
    time::Timestamp,
    view::HistoryEvent,
};
use reelroom_store::{
    Store, Write, history,
    purges::{self, ToPurge},
    recordings::keep,
};
use tokio::time::timeout;

use crate::{
    Service, ServiceError,
    archive::keys,
    ground::{
        crash,
        jobs::{Job, pause_until},
    },
};

/// How long a server has the claim of a purge after each step. Then another one may resume the purge.
const CLAIM: Duration = Duration::from_secs(30);
/// The timeout of deleting one copy, shorter than a claim lasts.
const PATIENCE: Duration = Duration::from_secs(20);
/// How many due recordings a round tries; each may be on hold by now.
const TRIED: u32 = 20;

impl Service {
    /// Purges the next recording that is due, or whose purge broke off; the next round is at once, or when the next
    /// one is due.
    pub(crate) async fn purge_round(&self) -> Result<Option<Duration>, ServiceError> {
        self.in_background(|service, store| async move { service.purge_next(&store).await })
            .await
    }

    async fn purge_next(&self, store: &Store) -> Result<Option<Duration>, ServiceError> {
        let mut tx = store.write().await?;
        let resumed = purges::resume(&mut tx, self.0.jobs.holder(), CLAIM).await?;
        tx.commit().await?;
        let next = match resumed {
            Some(id) => Some(id),
            None => self.begin_purge(store).await?,
        };
        let Some(id) = next else {
            let now = self.now();
            let mut read = store.read().await?;
            let due = keep::next_due_at(&mut read, now).await?;
            return Ok(due.map(|at| pause_until(at, now)));
        };
        while self.purge_file(store, id).await? {
            self.0.jobs.progress(Job::Purge);
        }
        Ok(Some(Duration::ZERO))
    }

    /// Begins the purge of the first recording that is due. From then on it cannot be held or restored.
    async fn begin_purge(&self, store: &Store) -> Result<Option<RecordingId>, ServiceError> {
        let now = self.now();
        let due = keep::due(&mut *store.read().await?, now, TRIED).await?;
        for id in due {
            let mut tx = store.write().await?;
            let Some(locked) = keep::lock(&mut tx, id).await? else {
                continue;
            };
            if let Err(denied) = may_purge(&locked.facts, now) {
                tracing::debug!(recording = %id, %denied, "not purged");
                continue;
            }
            let why = match purges::asked(&mut tx, id).await? {
                Some(why) => why,
                None => DeletedWhy {
                    trashed: keep::trashed(&mut tx, id).await?,
                    ..DeletedWhy::default()
                },
            };
            keep::set(&mut tx, &locked, &Keep::Purging).await?;
            let holder = self.0.jobs.holder();
            purges::begin(&mut tx, id, &why, now, holder, CLAIM).await?;
            history::append(&mut tx, id, now, HistoryEvent::PurgeBegun, None, None).await?;
            let begun = [locked];
            self.close_requests(&mut tx, "", &begun, None).await?;
            tx.commit().await?;
            crash::point("purge-begun");
            self.publish_kept(&begun);
            return Ok(Some(id));
        }
        Ok(None)
    }

    /// Purges the next file of a recording, or ends its purge. Returns whether there may be another file.
    async fn purge_file(&self, store: &Store, id: RecordingId) -> Result<bool, ServiceError> {
        let mut tx = store.write().await?;
        let Some(locked) = keep::lock(&mut tx, id).await? else {
            return Ok(false);
        };
        let Some(purge) = purges::get(&mut tx, id).await? else {
            return Ok(false);
        };
        // Our clock may be behind that of the server that began.
        let at = self.now().max(purge.checked_at);
        let is_purging = locked.facts.keep == Keep::Purging && may_purge(&locked.facts, at).is_ok();
        if !is_purging || !purges::renew(&mut tx, id, self.0.jobs.holder(), CLAIM).await? {
            return Ok(false);
        }
        let Some(file) = purges::next_file(&mut tx, id, None).await? else {
            self.certify(&mut tx, &locked, at).await?;
            tx.commit().await?;
            crash::point("purge-certified");
            self.publish_kept(&[locked]);
            return Ok(false);
        };
        self.purge_copy(store, tx, &file, at).await?;
        Ok(true)
    }

    /// Deletes the copy of a file, and records what the storage answered. `tx` is the transaction in which it was
    /// decided.
    pub(crate) async fn purge_copy(
        &self,
        store: &Store,
        mut tx: Write,
        file: &ToPurge,
        at: Timestamp,
    ) -> Result<(), ServiceError> {
        // The part that was downloaded so far.
        self.0.staging.discard(file.id).await;
        let answer = match &file.key {
            None => PurgeAnswer::NoCopy,
            Some(key) if purges::is_shared(&mut tx, file.id, key).await? => PurgeAnswer::Shared,
            Some(key) => {
                // The row changes first, so that after a crash no file is held or shown whose copy is gone.
                purges::begin_file(&mut tx, file, at).await?;
                tx.commit().await?;
                let answer = timeout(PATIENCE, self.delete_copy(key)).await;
                let answer = answer.map_err(|_| ServiceError::Interrupted)??;
                crash::point("purge-deleted");
                tx = store.write().await?;
                answer
            }
        };
        purges::set_purged(&mut tx, file, answer, at).await?;
        tx.commit().await?;
        crash::point("purge-recorded");
        Ok(())
    }

    /// Deletes the copy `key` with what lies beside it, and confirms that the storage has none of it.
    async fn delete_copy(&self, key: &str) -> Result<PurgeAnswer, object_store::Error> {
        let was_there = self.remove_copy(key).await?;
        let beside = keys::beside(key);
        let all: Vec<&str> = beside.iter().map(String::as_str).chain([key]).collect();
        for key in all {
            if self.0.storage.has(key).await? {
                return Err(object_store::Error::Generic {
                    store: "archive",
                    source: format!("it still has {key} after deleting it").into(),
                });
            }
        }
        Ok(if was_there {
            PurgeAnswer::Deleted
        } else {
            PurgeAnswer::Absent
        })
    }
}
