//! Fill a form in, for a page without a script. With one, the page does it by itself.

use reelroom_domain::{
    ids::{AppId, PresetId},
    order::{Draft, StartForm},
    room::RoomId,
};
use reelroom_store::{presets, rooms};

use super::change::PresetError;
use crate::{Principal, Service};

/// What a form is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FillWith {
    /// What was used last in the room.
    LastUsed,
    /// A preset.
    Preset(PresetId),
    /// What stood there before it was filled in.
    Before,
}

impl Service {
    /// Fills the room's form. `typed`, which stood there, is kept: filled in again with
    /// [`FillWith::Before`] it comes back, and so on.
    pub async fn fill_in(
        &self,
        by: &Principal,
        app: Option<AppId>,
        room: &RoomId,
        typed: StartForm,
        with: FillWith,
    ) -> Result<(), PresetError> {
        let app = self.app_of_presets(by, app).await?;
        let typed = Draft::parse(typed).map_err(PresetError::OverLimit)?;
        let mut tx = self.0.store.write().await?;
        rooms::ensure(&mut tx, app.id, room, self.now()).await?;
        let form = match with {
            FillWith::LastUsed => presets::last_used(&mut tx, app.id, room).await?,
            FillWith::Before => presets::form_before(&mut tx, app.id, room).await?,
            FillWith::Preset(id) => presets::list(&mut tx, app.id, room)
                .await?
                .into_iter()
                .find(|preset| preset.id == id)
                .map(|preset| Draft::cut(preset.form)),
        };
        // Even where there is nothing to fill in, what was typed stays.
        rooms::set_form(&mut tx, app.id, room, form.as_ref().unwrap_or(&typed)).await?;
        if form.is_some() {
            presets::set_form_before(&mut tx, app.id, room, Some(&typed)).await?;
        }
        tx.commit().await?;
        form.map(|_| ()).ok_or(PresetError::Gone)
    }
}
