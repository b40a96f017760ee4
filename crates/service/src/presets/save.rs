//! Save a form as a new preset, or over one.

use reelroom_domain::{
    access::Verb,
    ids::{AppId, PresetId},
    order::{Draft, StartForm},
    preset::{PresetName, Presets},
    room::RoomId,
};
use reelroom_store::{presets, rooms};

use super::change::PresetError;
use crate::{Principal, Service};

/// The preset to save a form as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveAs {
    /// A new one of this name, as typed.
    New(String),
    /// An existing one, which keeps its name.
    Over(PresetId),
}

impl Service {
    /// Saves a form, valid or not, as a preset, and stores it as the room's form, unless a field is over its
    /// limit. The last of two saves over the same preset wins.
    pub async fn save_preset(
        &self,
        by: &Principal,
        app: Option<AppId>,
        room: &RoomId,
        form: StartForm,
        save_as: SaveAs,
    ) -> Result<PresetId, PresetError> {
        let app = self.room_for(by, Verb::Change, app, room).await?;
        let draft = Draft::parse(form).map_err(PresetError::OverLimit)?;
        let mut tx = self.0.store.write().await?;
        rooms::ensure(&mut tx, app.id, room, self.now()).await?;
        rooms::set_form(&mut tx, app.id, room, Some(&draft)).await?;
        tx.commit().await?;

        let changed = self.changed(by);
        let mut tx = self.change_settings().await?;
        let list = presets::list(&mut tx, app.id, room).await?;
        let has_room = |over| Presets::has_room(&list, over, draft.form());
        let id = match &save_as {
            SaveAs::New(typed) => {
                let name = PresetName::parse(typed)?;
                if !has_room(None) {
                    return Err(PresetError::Full);
                }
                let id = self.0.rng.id(self.now());
                if !presets::insert(&mut tx, app.id, id, &name, &draft, changed).await? {
                    return Err(PresetError::Taken);
                }
                id
            }
            SaveAs::Over(id) => {
                if !has_room(Some(*id)) {
                    return Err(PresetError::Full);
                }
                if !presets::overwrite(&mut tx, app.id, *id, &draft, changed).await? {
                    return Err(PresetError::Gone);
                }
                *id
            }
        };
        tx.commit().await?;
        tracing::info!(preset = %id, ?save_as, by = by.name, "preset saved");
        self.publish_room(app.id, room);
        Ok(id)
    }
}
