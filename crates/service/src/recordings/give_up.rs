//! A person says that nothing was recorded: an unknown outcome is settled.

use reelroom_domain::{ids::RecordingId, recording::RecordingEvent, user::Role, view::Change};
use reelroom_store::recordings::{self, Fields};

use crate::{Principal, Service, ServiceError, StopError, require};

impl Service {
    /// Settles a recording whose outcome is unknown as failed; the room is free again. A file that
    /// comes after all brings it back.
    pub async fn give_up(&self, by: &Principal, id: RecordingId) -> Result<(), StopError> {
        require(by.clone(), Role::Operator)?;
        let mut tx = self.0.store.write().await?;
        let recording = recordings::get(&mut tx, id)
            .await?
            .ok_or(ServiceError::NotFound)?;
        let (event, name) = (RecordingEvent::GivenUp, Some(by.name.as_str()));
        if self
            .advance(&mut tx, &recording, event, Fields::default(), name, None)
            .await?
            .is_none()
        {
            return Err(StopError::NotAllowed);
        }
        tx.commit().await?;
        self.publish(Change::Recording {
            id,
            room: recording.room,
        });
        Ok(())
    }
}
