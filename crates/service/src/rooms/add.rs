//! Add a room before the platform reports it.

use reelroom_domain::{
    access::{Thing, Verb},
    ids::AppId,
    room::RoomId,
};
use reelroom_store::rooms;

use crate::{Principal, Service, ServiceError};

impl Service {
    /// Adds a room within reach to the list; idempotent. A room out of reach is refused, whether it exists
    /// or not.
    pub async fn add_room(
        &self,
        by: &Principal,
        app: Option<AppId>,
        room: &RoomId,
    ) -> Result<(), ServiceError> {
        let app = self.app_for(by, app).await?;
        if !by.may(Verb::Change, Thing::Room(app.id, room)) {
            return Err(ServiceError::Forbidden);
        }
        let mut tx = self.0.store.write().await?;
        rooms::ensure(&mut tx, app.id, room, self.now()).await?;
        tx.commit().await?;
        tracing::info!(%room, by = by.name, "room added");
        self.publish_room(app.id, room);
        Ok(())
    }
}
