//! Recordings that stop by themselves: after a time, or when the meeting ends. What is due stands in
//! the database, so a restart forgets none.

use std::time::Duration;

use futures::future::join_all;
use reelroom_store::recordings::{self, Fields};

use crate::{Service, ServiceError, StopError};

/// How long to wait at the most, should nobody wake us.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Stops what is due, for as long as the service lives.
pub(crate) async fn run(service: Service) {
    loop {
        let pause = service.stop_what_is_due().await.unwrap_or_else(|error| {
            tracing::error!(%error, "stopping recordings by themselves");
            Duration::from_secs(5)
        });
        let _ = tokio::time::timeout(pause, service.0.to_stop.notified()).await;
    }
}

impl Service {
    /// Stops what is due; how long to wait then. Each recording is told once: where the platform did
    /// not take it up its state is `unknown`, and a person has to look.
    async fn stop_what_is_due(&self) -> Result<Duration, ServiceError> {
        let now = self.now();
        let due = {
            let mut read = self.0.store.read().await?;
            recordings::auto_stop_due(&mut read, now).await?
        };
        let stops = due.into_iter().map(async |recording| {
            tracing::info!(recording = %recording.id, room = %recording.room, "stops by itself");
            let fields = Fields {
                auto_stopped_at: Some(now),
                ..Fields::default()
            };
            match self.stop(recording.id, None, fields).await {
                // What the platform did is in the recording's history.
                Ok(()) | Err(StopError::NotAllowed | StopError::Platform(_)) => Ok(()),
                Err(StopError::Service(error)) => Err(error),
            }
        });
        join_all(stops)
            .await
            .into_iter()
            .collect::<Result<(), _>>()?;
        let mut read = self.0.store.read().await?;
        let next = recordings::next_auto_stop_at(&mut read).await?;
        Ok(next.map_or(LONGEST_PAUSE, |at| {
            let millis = u64::try_from(at.since(self.now())).unwrap_or(0);
            Duration::from_millis(millis.max(50)).min(LONGEST_PAUSE)
        }))
    }
}
