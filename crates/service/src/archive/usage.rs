//! Show what the storage holds, and how long there is room.

use reelroom_domain::{
    access::{Thing, Verb},
    usage::{MEASURED, StorageView, Usage},
};
use reelroom_store::{apps, usage};

use crate::{Principal, Service, ServiceError};

impl Service {
    /// The page of the storage.
    pub async fn storage(&self, by: &Principal) -> Result<StorageView, ServiceError> {
        by.require(Verb::See, Thing::Settings)?;
        let now = self.now();
        let mut read = self.0.store.read().await?;
        let rooms = usage::of_rooms(&mut read, now.plus_millis(-MEASURED)).await?;
        let apps = apps::list(&mut read).await?;
        Ok(StorageView {
            place: self.0.storage.place(),
            usage: Usage::of(rooms, now),
            apps: apps.into_iter().map(|app| (app.id, app.name)).collect(),
            disks: self.0.disk.disks(),
            test: self.last_storage_test(&mut read).await?,
        })
    }
}
