//! A status callback that came late: whose tracks are expected may have to be said anew.

use reelroom_domain::{ids::AppId, recording::RecordingEvent, room::RoomId, view::Change};
use reelroom_store::{
    Conn, expected,
    recordings::{self, Fields},
};

use crate::{Service, ServiceError, recordings::stop::expect_tracks};

impl Service {
    /// Says anew whose tracks the recordings of a room wait for; what changed by that. A recording
    /// that is ready stays so: whatever else comes still counts, and nothing is asked for again.
    pub(crate) async fn expect_again(
        &self,
        tx: &mut Conn,
        app: AppId,
        room: &RoomId,
    ) -> Result<Vec<Change>, ServiceError> {
        let mut changes = Vec::new();
        for recording in expected::awaiting_in_room(tx, app, room).await? {
            let Some(end) = recording.stopped_at else {
                continue;
            };
            if !expect_tracks(tx, &recording, end).await? {
                continue;
            }
            let now = recordings::row_of(tx, recording.id).await?;
            if now.is_some_and(|summary| summary.ledger.is_complete()) {
                let (event, fields) = (RecordingEvent::LastFileArrived, Fields::default());
                self.advance(tx, &recording, event, fields, None, None)
                    .await?;
            }
            changes.push(Change::Recording {
                id: recording.id,
                room: room.clone(),
            });
        }
        Ok(changes)
    }
}
