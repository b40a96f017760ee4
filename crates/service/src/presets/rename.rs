//! Rename a preset.

use reelroom_domain::{
    access::Verb,
    ids::{AppId, PresetId},
    preset::PresetName,
    room::RoomId,
};
use reelroom_store::presets::{self, Renamed};

use super::change::PresetError;
use crate::{Principal, Service};

impl Service {
    /// Renames a preset, as typed on the page of `room`.
    pub async fn rename_preset(
        &self,
        by: &Principal,
        app: Option<AppId>,
        room: &RoomId,
        id: PresetId,
        typed: &str,
    ) -> Result<(), PresetError> {
        let app = self.room_for(by, Verb::Change, app, room).await?;
        let name = PresetName::parse(typed)?;
        let mut tx = self.change_presets().await?;
        match presets::rename(&mut tx, app.id, id, &name, self.changed(by)).await? {
            Renamed::Done => {}
            Renamed::Taken => return Err(PresetError::Taken),
            Renamed::Gone => return Err(PresetError::Gone),
        }
        tx.commit().await?;
        tracing::info!(preset = %id, name = name.as_str(), by = by.name, "preset renamed");
        self.publish_room(app.id, room);
        Ok(())
    }
}
