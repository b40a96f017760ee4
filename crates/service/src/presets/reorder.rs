//! Move a preset up or down the list.

use reelroom_domain::{
    access::Verb,
    ids::{AppId, PresetId},
    preset::Move,
    room::RoomId,
};
use reelroom_store::presets;

use super::change::PresetError;
use crate::{Principal, Service};

impl Service {
    /// Moves a preset past another, its neighbour on the page of `room`.
    pub async fn move_preset(
        &self,
        by: &Principal,
        app: Option<AppId>,
        room: &RoomId,
        id: PresetId,
        (step, past): (Move, PresetId),
    ) -> Result<(), PresetError> {
        let app = self.room_for(by, Verb::Change, app, room).await?;
        let mut tx = self.change_presets().await?;
        if !presets::move_past(&mut tx, app.id, id, step, past).await? {
            return Err(PresetError::Gone);
        }
        tx.commit().await?;
        self.publish_room(app.id, room);
        Ok(())
    }
}
