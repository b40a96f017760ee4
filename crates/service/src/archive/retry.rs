//! Try the files of a recording again.

use reelroom_domain::{
    ids::{FileId, RecordingId},
    user::Role,
};
use reelroom_store::{files, recordings};

use crate::{Principal, Service, ServiceError, ground::jobs::Job, require};

impl Service {
    /// Tries those files of a recording at once that failed, are blocked or gone; does nothing if there are
    /// none.
    pub async fn retry_files(&self, by: &Principal, id: RecordingId) -> Result<(), ServiceError> {
        require(by.clone(), Role::Operator)?;
        let mut tx = self.0.store.write().await?;
        let recording = recordings::get(&mut tx, id).await?;
        let recording = recording.ok_or(ServiceError::NotFound)?;
        let files = files::of_recording(&mut tx, id).await?;
        let files = files.iter().filter(|file| file.state.is_in_trouble());
        let ids: Vec<FileId> = files.map(|file| file.id).collect();
        files::renew(&mut tx, &ids).await?;
        tx.commit().await?;
        tracing::info!(recording = %id, files = ids.len(), by = by.name, "files are tried again");
        self.publish_recording(id, &recording.room);
        self.wake(Job::Fetch);
        Ok(())
    }
}
