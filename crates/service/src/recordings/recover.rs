//! What a crash left open: questions to the platform whose answers nobody heard.

use reelroom_domain::{
    cause::Cause,
    recording::{RecordingEvent, RecordingState},
};
use reelroom_store::{
    files,
    recordings::{self, Fields},
};

use crate::{Service, ServiceError};

impl Service {
    /// Settles what was under way when the process ended.
    pub(crate) async fn recover(&self) -> Result<(), ServiceError> {
        let mut tx = self.0.store.write().await?;
        let asked = [RecordingState::Requested, RecordingState::Stopping];
        for recording in recordings::in_state(&mut tx, &asked).await? {
            let event = match recording.state {
                RecordingState::Requested => RecordingEvent::StartUnanswered,
                _ => RecordingEvent::StopUncertain,
            };
            let cause = Some(&Cause::Interrupted);
            self.advance(&mut tx, &recording, event, Fields::default(), None, cause)
                .await?;
        }
        files::reset_fetching(&mut tx).await?;
        Ok(tx.commit().await?)
    }
}
