//! Questions to the platform whose answers nobody heard, or could write down: after a crash, a panic,
//! with a full disk. Until they are settled nothing can be done in their room.

use std::time::Duration;

use reelroom_domain::{
    cause::Cause,
    recording::{RecordingEvent, RecordingState},
    view::Change,
};
use reelroom_store::recordings::{self, Fields};

use crate::{Service, ServiceError, ground::jobs::Job};

/// After how many milliseconds an answer counts as lost. A call ends after 10 s, and what it came to
/// is written down within a few tries; until then another process may be waiting for it.
const LOST_AFTER: i64 = 30_000;
impl Service {
    /// Settles what is lost.
    pub(crate) async fn settle_lost(&self) -> Result<Option<Duration>, ServiceError> {
        let before = self.now().plus_millis(-LOST_AFTER);
        {
            let mut read = self.0.store.read().await?;
            if recordings::asked_before(&mut read, before)
                .await?
                .is_empty()
            {
                return Ok(None);
            }
        }
        let mut tx = self.0.store.write().await?;
        let lost = recordings::asked_before(&mut tx, before).await?;
        for recording in &lost {
            let event = match recording.state {
                RecordingState::Requested => RecordingEvent::StartUnanswered,
                _ => RecordingEvent::StopUncertain,
            };
            let (fields, cause) = (Fields::default(), Some(&Cause::Interrupted));
            self.advance(&mut tx, recording, event, fields, None, cause)
                .await?;
        }
        tx.commit().await?;
        // It may have been due to stop by itself in the meantime.
        self.wake(Job::AutoStop);
        for recording in lost {
            self.publish(Change::Recording {
                id: recording.id,
                room: recording.room,
            });
        }
        Ok(None)
    }
}
