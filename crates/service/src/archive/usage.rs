//! Show the usage of the storage, and how long its room lasts.

use reelroom_domain::{
    access::{Thing, Verb},
    usage::{KeptUsage, MEASURED, StorageView, Usage},
};
use reelroom_store::{Conn, StoreError, apps, holds, orphans, recordings::keep, usage};

use crate::{Principal, Service, ServiceError};

/// The most objects without a row that are listed.
const LISTED: u32 = 20;

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
            kept: kept(&mut read).await?,
        })
    }
}

async fn kept(conn: &mut Conn) -> Result<KeptUsage, StoreError> {
    let (trashed, trash_bytes, trash_until) = keep::all(conn).await?;
    let (held, held_bytes, cases) = holds::totals(conn).await?;
    let (objects, object_bytes, _) = orphans::totals(conn).await?;
    Ok(KeptUsage {
        trash: (trashed, trash_bytes),
        trash_until,
        held: (held, held_bytes),
        cases,
        orphans: (objects, object_bytes),
        oldest: orphans::list(conn, LISTED).await?,
    })
}
