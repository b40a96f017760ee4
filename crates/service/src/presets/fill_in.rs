//! Fill a form on the server, for browsers without JavaScript.

use reelroom_domain::{
    access::Verb,
    ids::{AppId, PresetId},
    order::{Draft, StartForm},
    room::RoomId,
};
use reelroom_store::{presets, rooms};

use super::change::PresetError;
use crate::{Principal, Service};

/// The source for filling a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FillWith {
    /// The form that was sent last in the room.
    LastUsed,
    /// A preset.
    Preset(PresetId),
    /// The form as it was before it was filled (undo).
    Before,
}

impl Service {
    /// Fills the room's form. The form as `typed` is stored, so that [`FillWith::Before`] restores it.
    pub async fn fill_in(
        &self,
        by: &Principal,
        app: Option<AppId>,
        room: &RoomId,
        typed: StartForm,
        with: FillWith,
    ) -> Result<(), PresetError> {
        let app = self.room_for(by, Verb::Change, app, room).await?;
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
        // The form as typed is stored even if there is nothing to fill it with.
        let filled = form.as_ref().unwrap_or(&typed);
        rooms::set_form(&mut tx, app.id, room, Some(filled)).await?;
        if form.is_some() {
            presets::set_form_before(&mut tx, app.id, room, Some(&typed)).await?;
        }
        tx.commit().await?;
        form.map(|_| ()).ok_or(PresetError::Gone)
    }
}
