//! Files that are due and absent: looked up first, and only then said to a person.

use std::time::Duration;

use reelroom_domain::{recording::RecordingEvent, view::Change};
use reelroom_store::recordings::{self, Fields};

use super::patience::patience;
use crate::{Service, ServiceError, lookups::due::Due};

/// Looks every 30 seconds, for as long as the service lives.
pub(crate) async fn run(service: Service) {
    let mut tick = tokio::time::interval(Duration::from_secs(30));
    loop {
        tick.tick().await;
        if let Err(error) = service.mark_overdue().await {
            tracing::error!(%error, "marking overdue recordings");
        }
        if let Err(error) = service.look_up_overdue().await {
            tracing::error!(%error, "looking overdue recordings up again");
        }
    }
}

impl Service {
    async fn mark_overdue(&self) -> Result<(), ServiceError> {
        let due = {
            let mut read = self.0.store.read().await?;
            let due_after = patience(&mut read).await?.due_after;
            recordings::due(&mut read, self.now(), due_after).await?
        };
        for recording in due {
            if self.look_up_due(&recording).await? == Due::Wait {
                continue;
            }
            let mut tx = self.0.store.write().await?;
            let (event, fields) = (RecordingEvent::FallenDue, Fields::default());
            self.advance(&mut tx, &recording, event, fields, None, None)
                .await?;
            tx.commit().await?;
            self.publish(Change::Recording {
                id: recording.id,
                room: recording.room,
            });
        }
        Ok(())
    }
}
