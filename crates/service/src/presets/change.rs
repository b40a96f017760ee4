//! Change presets: rename, move and delete one, and set the default one.

use reelroom_domain::{
    access::Verb,
    ids::{AppId, PresetId},
    order::FormField,
    preset::{BadPresetName, DefaultFor, Move, PresetName},
    room::RoomId,
};
use reelroom_store::{
    presets::{self, Changed},
    rooms,
};

use crate::{Principal, Service, ServiceError};

/// A preset was not changed.
#[derive(Debug, thiserror::Error)]
pub enum PresetError {
    /// The name is invalid.
    #[error(transparent)]
    Name(#[from] BadPresetName),
    /// Another preset of the app has the name.
    #[error("the name is taken")]
    Taken,
    /// These fields of the form are over their limit; nothing was stored.
    #[error("over the limit: {0:?}")]
    OverLimit(Vec<FormField>),
    /// The app has [as many presets as it may](reelroom_domain::preset::Presets::has_room).
    #[error("no room for another preset")]
    Full,
    /// The preset was deleted.
    #[error("the preset is gone")]
    Gone,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

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
        let mut tx = self.change_settings().await?;
        if !presets::exists(&mut tx, app.id, id).await? {
            return Err(PresetError::Gone);
        }
        if !presets::rename(&mut tx, app.id, id, &name, self.changed(by)).await? {
            return Err(PresetError::Taken);
        }
        tx.commit().await?;
        tracing::info!(preset = %id, name = name.as_str(), by = by.name, "preset renamed");
        self.publish_room(app.id, room);
        Ok(())
    }

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
        let mut tx = self.change_settings().await?;
        if !presets::move_past(&mut tx, app.id, id, step, past).await? {
            return Err(PresetError::Gone);
        }
        tx.commit().await?;
        self.publish_room(app.id, room);
        Ok(())
    }

    /// Deletes a preset, on the page of `room`. Forms that were filled with it stay as they are.
    pub async fn delete_preset(
        &self,
        by: &Principal,
        app: Option<AppId>,
        room: &RoomId,
        id: PresetId,
    ) -> Result<(), PresetError> {
        let app = self.room_for(by, Verb::Change, app, room).await?;
        let mut tx = self.change_settings().await?;
        if !presets::delete(&mut tx, app.id, id).await? {
            return Err(PresetError::Gone);
        }
        tx.commit().await?;
        tracing::info!(preset = %id, by = by.name, "preset deleted");
        self.publish_room(app.id, room);
        Ok(())
    }

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
        let mut tx = self.change_settings().await?;
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

    pub(super) fn changed<'a>(&self, by: &'a Principal) -> Changed<'a> {
        Changed {
            at: self.now(),
            by: &by.name,
        }
    }
}
