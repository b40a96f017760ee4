//! Close an `unknown` recording: nothing was recorded.

use reelroom_domain::{ids::RecordingId, recording::RecordingEvent, user::Role};
use reelroom_store::recordings::{self, Fields};

use crate::{Principal, Service, ServiceError, StopError, require};

impl Service {
    /// Marks a recording whose start was not answered as failed, which frees its room. A file that
    /// arrives later revives it. Not allowed if the start was accepted: its files would not be
    /// looked up any more.
    pub async fn give_up(&self, by: &Principal, id: RecordingId) -> Result<(), StopError> {
        require(by.clone(), Role::Operator)?;
        let mut tx = self.0.store.write().await?;
        let recording = recordings::get(&mut tx, id)
            .await?
            .ok_or(ServiceError::NotFound)?;
        if recording.started_at.is_some() {
            return Err(StopError::NotAllowed);
        }
        let (event, name) = (RecordingEvent::GivenUp, Some(by.name.as_str()));
        let fields = Fields {
            given_up: true,
            ..Fields::default()
        };
        if self
            .advance(&mut tx, &recording, event, fields, name, None)
            .await?
            .is_none()
        {
            return Err(StopError::NotAllowed);
        }
        tx.commit().await?;
        self.publish_recording(id, &recording.room);
        Ok(())
    }
}
