//! Keeps the descriptions beside the copies up to date with the rows.

use std::{collections::BTreeSet, time::Duration};

use reelroom_domain::{
    file::FileState,
    ids::{FileId, RecordingId},
};
use reelroom_store::{
    Store,
    files::{self, File, Stored},
    purges, recordings, undescribed,
};

use super::description::{Subject, key_of};
use crate::{Service, ServiceError, ground::jobs::Job};

/// The number of entries of the queue that one round takes.
const AT_ONCE: u32 = 64;

impl Service {
    /// Writes the descriptions of the next recordings in the queue. The next round is at once while the queue is long.
    pub(crate) async fn describe_round(&self) -> Result<Option<Duration>, ServiceError> {
        self.in_background(|service, store| async move { service.describe_next(&store).await })
            .await
    }

    async fn describe_next(&self, store: &Store) -> Result<Option<Duration>, ServiceError> {
        let queue = undescribed::next(&mut *store.read().await?, AT_ONCE).await?;
        if queue.is_empty() {
            return Ok(None);
        }
        let recordings: BTreeSet<RecordingId> = queue.iter().map(|(_, id)| *id).collect();
        for id in recordings {
            self.describe_copies(store, id).await?;
            self.0.jobs.progress(Job::Describe);
        }
        let places: Vec<i64> = queue.into_iter().map(|(place, _)| place).collect();
        let mut tx = store.write().await?;
        undescribed::remove(&mut tx, &places).await?;
        tx.commit().await?;
        Ok((places.len() == AT_ONCE as usize).then_some(Duration::ZERO))
    }

    /// Writes the descriptions of the copies of a recording that differ from the rows.
    async fn describe_copies(&self, store: &Store, id: RecordingId) -> Result<(), ServiceError> {
        let mut read = store.read().await?;
        let Some(recording) = recordings::get(&mut read, id).await? else {
            return Ok(());
        };
        let Some(subject) = Subject::load(&mut read, recording).await? else {
            return Ok(());
        };
        let files = files::of_recording(&mut read, id).await?;
        drop(read);
        for file in &files {
            if let Some(copy) = described_copy(file) {
                let text = subject.describe(file, copy).text()?;
                self.replace_description(&copy.key, text).await?;
                self.forget_if_purged(store, file.id, &copy.key).await?;
            }
        }
        Ok(())
    }

    /// Deletes a description again whose copy was purged while it was written.
    async fn forget_if_purged(
        &self,
        store: &Store,
        file: FileId,
        copy: &str,
    ) -> Result<(), ServiceError> {
        let now = files::get(&mut *store.read().await?, file).await?;
        if now.is_some_and(|file| file.state != FileState::Purged) {
            return Ok(());
        }
        let mut tx = store.write().await?;
        if !purges::is_shared(&mut tx, file, copy).await? {
            self.0.storage.remove(&key_of(copy)).await?;
        }
        Ok(())
    }

    async fn replace_description(
        &self,
        copy: &str,
        text: Vec<u8>,
    ) -> Result<(), object_store::Error> {
        let (storage, key) = (&self.0.storage, key_of(copy));
        match storage.get(&key).await {
            Ok(known) if known == text => Ok(()),
            Ok(_) | Err(object_store::Error::NotFound { .. }) => storage.put(&key, text).await,
            Err(error) => Err(error),
        }
    }
}

/// The copy of an archived file, unless it is of a demo.
fn described_copy(file: &File) -> Option<&Stored> {
    let is_described = file.state == FileState::Archived && !file.is_demo();
    file.stored.as_ref().filter(|_| is_described)
}
