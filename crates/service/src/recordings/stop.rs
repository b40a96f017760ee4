//! Stop a recording; idempotent.

use reelroom_anyrtc::client::Outcome;
use reelroom_domain::{
    access::Verb,
    app::DEFAULT_KIND,
    ids::RecordingId,
    recording::{Recording, RecordingEvent, RecordingState},
    time::Timestamp,
};
use reelroom_store::{
    Conn,
    apps::{self, App},
    expected, meetings,
    recordings::{self, Fields},
};

use super::{find::recording_for, persist::persist};
use crate::{
    Found, PlatformError, Principal, Service, ServiceError,
    apps::{cause, platform::platform},
};

/// The recording may not have stopped; its state says what is known.
#[derive(Debug, thiserror::Error)]
pub enum StopError {
    /// Its state does not allow it: the start has not been answered yet, or it failed.
    #[error("the recording cannot be stopped now")]
    NotAllowed,
    /// The platform refused, or was not reached.
    #[error(transparent)]
    Platform(#[from] PlatformError),
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl Service {
    /// Stops a recording, also an `unknown` one.
    ///
    /// `Ok` if the platform accepted, if it did not answer (the state is `unknown` then), and if the
    /// recording has been stopped before.
    pub async fn stop_recording(&self, by: &Principal, id: RecordingId) -> Result<(), StopError> {
        recording_for(&mut *self.0.store.read().await?, by, Verb::Change, id).await?;
        let fields = Fields {
            stopped_by: Some(by.name.clone()),
            ..Fields::default()
        };
        self.stop(id, Some(&by.name), fields).await
    }

    /// Stops a recording for a person (`by`), or automatically.
    pub(crate) async fn stop(
        &self,
        id: RecordingId,
        by: Option<&str>,
        fields: Fields,
    ) -> Result<(), StopError> {
        let mut tx = self.0.store.write().await?;
        let recording = recordings::get(&mut tx, id).await?.found()?;
        let app = apps::get(&mut tx, recording.app)
            .await?
            .ok_or(ServiceError::NoApp)?;
        // Checked first: a stored request waits for an answer.
        platform(&app).ok_or(ServiceError::NoApp)?;
        let event = RecordingEvent::StopRequested;
        if self
            .advance(&mut tx, &recording, event, fields, by, None)
            .await?
            .is_none()
        {
            return match recording.state {
                RecordingState::Requested | RecordingState::Failed => Err(StopError::NotAllowed),
                _ => Ok(()),
            };
        }
        tx.commit().await?;
        self.publish_recording(&recording);
        let service = self.clone();
        let asked = async move { service.ask_to_stop(app, recording).await };
        let asked = self.0.jobs.spawn(asked);
        let outcome = asked.await.map_err(|_| ServiceError::Interrupted)??;
        cause::taken_up(outcome)?;
        Ok(())
    }

    async fn ask_to_stop(&self, app: App, recording: Recording) -> Result<Outcome, ServiceError> {
        let platform = platform(&app).ok_or(ServiceError::NoApp)?;
        let kind = recording.kind.as_deref().unwrap_or(DEFAULT_KIND);
        let outcome = self
            .0
            .client
            .stop(&platform, recording.room.as_str(), kind)
            .await;
        let event = match &outcome {
            Outcome::Accepted => RecordingEvent::StopAccepted,
            Outcome::Refused { .. } | Outcome::NotSent { .. } | Outcome::Unknown(_) => {
                RecordingEvent::StopUncertain
            }
        };
        let cause = cause::cause(&outcome);
        if let Some(cause) = &cause {
            tracing::warn!(recording = %recording.id, room = %recording.room, %cause, "stop");
        }
        let now = self.now();
        let asked = Recording {
            state: RecordingState::Stopping,
            ..recording
        };
        persist(|| async {
            let mut tx = self.0.store.write().await?;
            if matches!(outcome, Outcome::Accepted) {
                self.record_end(&mut tx, &asked, now).await?;
            }
            let (fields, cause) = (Fields::default(), cause.as_ref());
            self.advance(&mut tx, &asked, event, fields, None, cause)
                .await?;
            Ok(tx.commit().await?)
        })
        .await?;
        self.publish_recording(&asked);
        Ok(outcome)
    }

    /// Records the end of a recording, and the tracks that it expects.
    pub(crate) async fn record_end(
        &self,
        tx: &mut Conn,
        recording: &Recording,
        at: Timestamp,
    ) -> Result<(), ServiceError> {
        let fields = Fields {
            stopped_at: Some(at),
            ..Fields::default()
        };
        recordings::update_fields(tx, recording.id, &fields).await?;
        expect_tracks(tx, recording, at).await?;
        Ok(())
    }
}

/// Sets the tracks that a recording which ended at `end` expects: one of each participant who was in
/// the room during it. Returns whether that changed anything.
pub(crate) async fn expect_tracks(
    tx: &mut Conn,
    recording: &Recording,
    end: Timestamp,
) -> Result<bool, ServiceError> {
    let from = recording.started_at.unwrap_or(recording.requested_at);
    let seen = meetings::seen_between(tx, recording.app, &recording.room, from, end).await?;
    Ok(expected::set(tx, recording.id, &seen).await?)
}
