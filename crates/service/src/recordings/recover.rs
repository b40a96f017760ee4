//! Starts and stops whose answer was lost: after a crash or a panic, or because the disk was full.
//! Until they are `unknown`, they block their room.

use std::time::Duration;

use reelroom_domain::{
    cause::Cause,
    recording::{RecordingEvent, RecordingState},
};
use reelroom_store::recordings::{self, Fields};

use crate::{Service, ServiceError, ground::jobs::Job};

/// The time after which an answer counts as lost, in milliseconds. A call times out after 10 s, and a
/// few retries store its answer; until then another process may be waiting for it.
const LOST_AFTER: i64 = 30_000;

impl Service {
    /// Marks recordings whose answer was lost as `unknown`.
    pub(crate) async fn recover_lost(&self) -> Result<Option<Duration>, ServiceError> {
        let before = self.now().plus_millis(-LOST_AFTER);
        {
            let mut read = self.0.store.read().await?;
            if recordings::unanswered_since(&mut read, before)
                .await?
                .is_empty()
            {
                return Ok(None);
            }
        }
        let mut tx = self.0.store.write().await?;
        let lost = recordings::unanswered_since(&mut tx, before).await?;
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
        // One may have become due to stop meanwhile.
        self.wake(Job::AutoStop);
        for recording in &lost {
            self.publish_recording(recording);
        }
        Ok(None)
    }
}
