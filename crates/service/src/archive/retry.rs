//! Try the files of a recording again.

use reelroom_domain::{
    access::Verb,
    ids::{FileId, RecordingId},
};
use reelroom_store::files;

use crate::{Principal, Service, ServiceError, ground::jobs::Job, recordings::find::recording_for};

impl Service {
    /// Tries those files of a recording at once that failed, are blocked or gone; does nothing if there are
    /// none.
    pub async fn retry_files(&self, by: &Principal, id: RecordingId) -> Result<(), ServiceError> {
        let mut tx = self.0.store.write().await?;
        let recording = recording_for(&mut tx, by, Verb::Change, id).await?;
        let files = files::of_recording(&mut tx, id).await?;
        let files = files.iter().filter(|file| file.state.is_in_trouble());
        let ids: Vec<FileId> = files.map(|file| file.id).collect();
        files::renew(&mut tx, &ids).await?;
        tx.commit().await?;
        tracing::info!(recording = %id, files = ids.len(), by = by.name, "files are tried again");
        self.publish_recording(&recording);
        self.wake(Job::Fetch);
        Ok(())
    }
}
