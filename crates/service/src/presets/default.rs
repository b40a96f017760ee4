//! Set the default preset of a room or of all rooms.

use reelroom_domain::{
    access::Verb,
    ids::{AppId, PresetId},
    preset::DefaultFor,
    room::RoomId,
};
use reelroom_store::{presets, rooms};

use super::change::PresetError;
use crate::{Principal, Service};

impl Service {
    /// Sets the preset that fills an empty form: of `room`, or of all rooms without one of their own.
    /// `None` removes it.
    pub async fn default_preset(
        &self,
        by: &Principal,
        app: Option<AppId>,
        room: &RoomId,
        which: DefaultFor,
        id: Option<PresetId>,
    ) -> Result<(), PresetError> {
        let app = self.room_for(by, Verb::Change, app, room).await?;
        let mut tx = self.change_presets().await?;
        if let Some(id) = id
            && !presets::exists(&mut tx, app.id, id).await?
        {
            return Err(PresetError::Gone);
        }
        match which {
            DefaultFor::All => presets::set_for_all(&mut tx, app.id, id).await?,
            DefaultFor::Room => {
                rooms::ensure(&mut tx, app.id, room, self.now()).await?;
                presets::set_for_room(&mut tx, app.id, room, id).await?;
            }
        }
        tx.commit().await?;
        tracing::info!(preset = ?id, ?which, %room, by = by.name, "default preset");
        self.publish_room(app.id, room);
        Ok(())
    }
}
