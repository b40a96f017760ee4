//! The only place that changes a recording's state.

use reelroom_domain::{
    cause::Cause,
    recording::{Recording, RecordingEvent, RecordingState},
    view::HistoryEvent,
};
use reelroom_store::{
    Conn, history,
    recordings::{self, Fields},
};

use crate::{Service, ServiceError};

impl Service {
    /// Applies `event` to `recording`, sets `fields`, and appends to its history, in the caller's
    /// transaction. Returns the new state.
    ///
    /// Returns `None` and writes nothing if the transition table does not allow it, or if the state
    /// has changed since `recording` was read. An event that does not change the state (one more
    /// track) is not in the history.
    pub(crate) async fn advance(
        &self,
        tx: &mut Conn,
        recording: &Recording,
        event: RecordingEvent,
        fields: Fields,
        actor: Option<&str>,
        cause: Option<&Cause>,
    ) -> Result<Option<RecordingState>, ServiceError> {
        let (from, now) = (recording.state, self.now());
        let to = match from.after(event) {
            Ok(to) => to,
            Err(refused) => {
                tracing::debug!(recording = %recording.id, %refused);
                return Ok(None);
            }
        };
        if to == from {
            return Ok(Some(to));
        }
        if !recordings::update_state(tx, recording.id, from, to, now, &fields).await? {
            return Ok(None);
        }
        history::append(
            tx,
            recording.id,
            now,
            HistoryEvent::Took(event),
            actor,
            cause,
        )
        .await?;
        tracing::info!(recording = %recording.id, room = %recording.room, ?from, ?to, ?event, cause = cause.map(tracing::field::display));
        Ok(Some(to))
    }
}
