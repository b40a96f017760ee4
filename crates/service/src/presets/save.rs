//! Save what stands in a form as a preset, a new one or in place of one.

use reelroom_domain::{
    ids::{AppId, PresetId},
    order::{Draft, StartForm},
    preset::{PresetName, Presets},
    room::RoomId,
};
use reelroom_store::{presets, rooms};

use super::change::PresetError;
use crate::{Principal, Service};

/// As which preset a form is saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveAs {
    /// A new one of that name, as typed.
    New(String),
    /// In place of one, which keeps its name.
    Over(PresetId),
}

impl Service {
    /// Saves the form, right or wrong: a rule may be half done. What was typed is kept for the room,
    /// too, whatever comes of it but a field over its limit. Of two people who save over the same preset the last one wins.
    pub async fn save_preset(
        &self,
        by: &Principal,
        app: Option<AppId>,
        room: &RoomId,
        form: StartForm,
        save_as: SaveAs,
    ) -> Result<PresetId, PresetError> {
        let app = self.app_of_presets(by, app).await?;
        let draft = Draft::parse(form).map_err(PresetError::OverLimit)?;
        let mut tx = self.0.store.write().await?;
        rooms::ensure(&mut tx, app.id, room, self.now()).await?;
        rooms::set_form(&mut tx, app.id, room, &draft).await?;
        tx.commit().await?;

        let changed = self.changed(by);
        let mut tx = self.0.store.write().await?;
        let list = presets::list(&mut tx, app.id, room).await?;
        let has_room = |over| Presets::has_room(&list, over, draft.form());
        let id = match &save_as {
            SaveAs::New(typed) => {
                let name = PresetName::parse(typed)?;
                if !has_room(None) {
                    return Err(PresetError::Full);
                }
                let id = self.0.chance.id(self.now());
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
        self.presets_changed(room);
        Ok(id)
    }
}
