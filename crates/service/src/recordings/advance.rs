//! The one place where a recording's state is changed.

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
    /// Lets `recording` take `event`, sets `fields` with it, and adds a line to its history, all
    /// within the caller's transaction.
    ///
    /// `None`: the table does not allow it, or the state has moved since `recording` was read; then
    /// nothing was written. A file that does not move the state (one more track) leaves no line.
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
