//! Recordings whose files are due: looked up first, and then marked as overdue.

use std::{collections::HashSet, time::Duration};

use reelroom_domain::recording::RecordingEvent;
use reelroom_store::recordings::{self, Fields};

use super::due::{Due, first_look_up};
use crate::{Service, ServiceError, ground::jobs::Job, recordings::patience::patience};

impl Service {
    /// Marks recordings as overdue, and looks overdue ones up again.
    pub(crate) async fn overdue_round(&self) -> Result<Option<Duration>, ServiceError> {
        let marked = self.mark_overdue().await;
        self.look_up_overdue().await?;
        marked?;
        Ok(None)
    }

    async fn mark_overdue(&self) -> Result<(), ServiceError> {
        let mut busy = HashSet::new();
        let due = {
            let mut read = self.0.store.read().await?;
            let due_after = patience(&mut read).await?.due_after;
            recordings::due(&mut read, self.now(), due_after).await?
        };
        for recording in due {
            self.0.jobs.progress(Job::Overdue);
            if self.look_up_due(&recording, &mut busy).await? == Due::Wait {
                continue;
            }
            let mut tx = self.0.store.write().await?;
            let (event, fields) = (RecordingEvent::FallenDue, Fields::default());
            self.advance(&mut tx, &recording, event, fields, None, None)
                .await?;
            recordings::set_look_up_at(&mut tx, recording.id, Some(first_look_up(self.now())))
                .await?;
            tx.commit().await?;
            self.publish_recording(recording.id, &recording.room);
        }
        Ok(())
    }
}
