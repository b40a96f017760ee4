//! Close an `unknown` recording: it has stopped, though the platform did not confirm it.

use reelroom_domain::{
    ids::RecordingId, recording::RecordingEvent, user::Role, view::HistoryEvent,
};
use reelroom_store::{
    history,
    recordings::{self, Fields},
};

use crate::{Principal, Service, ServiceError, StopError, require};

impl Service {
    /// Marks a recording as stopped at the time of its last stop request, which frees its room. Its
    /// files are awaited, and looked up when they are due.
    pub async fn say_stopped(&self, by: &Principal, id: RecordingId) -> Result<(), StopError> {
        require(by.clone(), Role::Operator)?;
        let mut tx = self.0.store.write().await?;
        let recording = recordings::get(&mut tx, id)
            .await?
            .ok_or(ServiceError::NotFound)?;
        let requested = HistoryEvent::Took(RecordingEvent::StopRequested);
        let lines = history::of_recording(&mut tx, id).await?;
        let requested = lines.iter().rev().find(|line| line.event == requested);
        let at = requested.ok_or(StopError::NotAllowed)?.at;
        let (event, name) = (RecordingEvent::SaidStopped, Some(by.name.as_str()));
        if self
            .advance(&mut tx, &recording, event, Fields::default(), name, None)
            .await?
            .is_none()
        {
            return Err(StopError::NotAllowed);
        }
        self.record_end(&mut tx, &recording, at).await?;
        tx.commit().await?;
        self.publish_recording(id, &recording.room);
        Ok(())
    }
}
