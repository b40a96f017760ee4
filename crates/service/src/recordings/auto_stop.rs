//! Automatic stops: after a time, or at the end of the meeting. They are due by the database, so none
//! is lost in a restart.

use std::time::Duration;

use futures::future::join_all;
use reelroom_store::recordings::{self, Fields};

use crate::{Service, ServiceError, StopError, ground::jobs::pause_until};

impl Service {
    /// Stops the recordings that are due, with one request each: if the platform does not accept it,
    /// the recording is `unknown`. The next round is when the next stop is due.
    pub(crate) async fn auto_stop_round(&self) -> Result<Option<Duration>, ServiceError> {
        let now = self.now();
        let due = recordings::auto_stop_due(&mut *self.0.store.read().await?, now).await?;
        let stops = due.into_iter().map(async |recording| {
            tracing::info!(recording = %recording.id, room = %recording.room, "stops by itself");
            let fields = Fields {
                auto_stopped_at: Some(now),
                ..Fields::default()
            };
            match self.stop(recording.id, None, fields).await {
                // The platform's answer is in the recording's history.
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
        Ok(next.map(|at| pause_until(at, self.now())))
    }
}
