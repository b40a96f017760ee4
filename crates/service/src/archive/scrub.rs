//! Reads our copies again, one at a time. One that is damaged or missing is fetched again.

use std::time::Duration;

use data_encoding::HEXLOWER;
use futures::StreamExt;
use reelroom_domain::{
    cause::Cause, file::FileEvent, ids::FileId, recording::Recording, time::Timestamp,
    view::HistoryEvent,
};
use reelroom_store::{
    Conn, Store,
    files::{self, File, Stored},
    history, recordings,
};
use sha2::{Digest, Sha256};

use crate::{
    Service, ServiceError,
    ground::{bandwidth::Bandwidth, jobs::Job},
};

/// A copy is due this many milliseconds after it was made or checked. All that are due are checked within
/// the same time, so that each is checked within 30 days.
pub(super) const DUE_AFTER: i64 = 15 * 24 * 60 * 60_000;

/// A copy that could not be read is due again after this many milliseconds.
const AFTER_ERROR: i64 = 60 * 60_000;

/// Bytes a second at which a copy is read.
const SPEED: u64 = 20_000_000;

impl Service {
    /// Checks the copy that is due first, if there is one.
    pub(crate) async fn scrub_round(&self) -> Result<Option<Duration>, ServiceError> {
        self.in_background(|service, store| async move { service.check_next(&store).await })
            .await
    }

    /// Makes the copy of a file the next to be checked.
    pub(super) async fn check_now(&self, id: FileId) -> Result<(), ServiceError> {
        let mut tx = self.0.store.write().await?;
        files::set_check_at(&mut tx, id, Timestamp::default()).await?;
        tx.commit().await?;
        self.wake(Job::Scrub);
        Ok(())
    }

    async fn check_next(&self, store: &Store) -> Result<Option<Duration>, ServiceError> {
        let mut read = store.read().await?;
        let Some(file) = files::next_to_check(&mut read, self.now()).await? else {
            return Ok(None);
        };
        let copies = files::count_archived(&mut read).await?;
        drop(read);
        let fault = self.fault(store, &file, copies).await;
        let mut tx = store.write().await?;
        let again = if fault.is_ok() {
            DUE_AFTER
        } else {
            AFTER_ERROR
        };
        files::set_check_at(&mut tx, file.id, self.now().plus_millis(again)).await?;
        let lost_in = match (&fault, &file.stored) {
            (Ok(Some(why)), Some(copy)) => self.record_loss(&mut tx, &file, copy, why).await?,
            _ => None,
        };
        tx.commit().await?;
        if let Some(recording) = lost_in {
            self.wake(Job::Fetch);
            self.publish_recording(&recording);
        }
        fault.map(|_| Some(pause(copies)))
    }

    /// The fault of the copy of a file, if there is one. An error means that it cannot be checked now.
    async fn fault(
        &self,
        store: &Store,
        file: &File,
        copies: u32,
    ) -> Result<Option<Cause>, ServiceError> {
        let Some(copy) = &file.stored else {
            return Ok(None);
        };
        if let Ok(crc32) = self.read_again(copy, Job::Scrub).await? {
            if copy.crc32.is_none() {
                let mut tx = store.write().await?;
                files::set_crc32(&mut tx, file.id, &copy.sha256, crc32).await?;
                tx.commit().await?;
            }
            return Ok(None);
        }
        // A second reading tells a damaged copy from bytes that were damaged on their way.
        let fault = self.read_again(copy, Job::Scrub).await?.err();
        if fault == Some(Cause::CopyMissing) {
            self.0.storage.ping().await?;
        }
        if fault == Some(Cause::CopyMissing) && copies > 1 {
            // In a folder that is not mounted every copy is missing.
            let other = files::checked_after(&mut *store.read().await?, copies / 2).await?;
            if let Some(other) = other.and_then(|other| other.stored)
                && !self.0.storage.has(&other.key).await?
            {
                let source = "two copies are missing: is it the right storage, and mounted?";
                return Err(ServiceError::Storage(object_store::Error::Generic {
                    store: "archive",
                    source: source.into(),
                }));
            }
        }
        Ok(fault)
    }

    /// Reads a copy to its end, for a job, and compares it with its hash. Returns its CRC-32, or its fault.
    pub(super) async fn read_again(
        &self,
        copy: &Stored,
        job: Job,
    ) -> Result<Result<u32, Cause>, object_store::Error> {
        let mut body = match self.0.storage.read_whole(&copy.key).await {
            Err(object_store::Error::NotFound { .. }) => return Ok(Err(Cause::CopyMissing)),
            body => body?,
        };
        let speed = Bandwidth::new(Some(SPEED));
        let (mut sha256, mut crc32) = (Sha256::new(), crc32fast::Hasher::new());
        while let Some(bytes) = body.next().await {
            let bytes = bytes?;
            sha256.update(&bytes);
            crc32.update(&bytes);
            self.0.jobs.progress(job);
            speed.spend(bytes.len()).await;
        }
        let is_whole = HEXLOWER.encode(&sha256.finalize()) == copy.sha256;
        Ok(is_whole.then(|| crc32.finalize()).ok_or(Cause::CopyDamaged))
    }

    /// Records that a copy is lost, and returns its recording. What is left of it stays in the
    /// storage, until a copy of the same content takes its place.
    async fn record_loss(
        &self,
        tx: &mut Conn,
        file: &File,
        copy: &Stored,
        why: &Cause,
    ) -> Result<Option<Recording>, ServiceError> {
        let Ok(state) = file.state.after(FileEvent::Lost) else {
            return Ok(None);
        };
        if !files::set_lost(tx, file.id, copy, state, why).await? {
            return Ok(None);
        }
        tracing::error!(file = %file.id, key = copy.key, %why, "a copy is lost");
        let (of, event) = (file.recording, HistoryEvent::CopyLost);
        history::append(tx, of, self.now(), event, None, Some(why)).await?;
        Ok(recordings::get(tx, of).await?)
    }
}

/// The pause between two checks, with which `copies` copies are checked within [`DUE_AFTER`].
fn pause(copies: u32) -> Duration {
    let millis = DUE_AFTER / i64::from(copies.max(1));
    Duration::from_millis(millis.max(1000).unsigned_abs())
}

#[cfg(test)]
mod tests;
