//! Delete a preset.

use reelroom_domain::{
    access::Verb,
    ids::{AppId, PresetId},
    room::RoomId,
};
use reelroom_store::presets;

use super::change::PresetError;
use crate::{Principal, Service};

impl Service {
    /// Deletes a preset, on the page of `room`. Forms that were filled with it stay as they are.
    pub async fn delete_preset(
        &self,
        by: &Principal,
        app: Option<AppId>,
        room: &RoomId,
        id: PresetId,
    ) -> Result<(), PresetError> {
        let app = self.room_for(by, Verb::Change, app, room).await?;
        let mut tx = self.change_presets().await?;
        if !presets::delete(&mut tx, app.id, id).await? {
            return Err(PresetError::Gone);
        }
        tx.commit().await?;
        tracing::info!(preset = %id, by = by.name, "preset deleted");
        self.publish_room(app.id, room);
        Ok(())
    }
}
