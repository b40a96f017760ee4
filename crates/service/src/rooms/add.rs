//! Add a room before the platform reports it.

use reelroom_domain::{access::Verb, ids::AppId, room::RoomId};
use reelroom_store::rooms;

use crate::{Principal, Service, ServiceError};

impl Service {
    /// Adds a room to the list; idempotent.
    pub async fn add_room(
        &self,
        by: &Principal,
        app: Option<AppId>,
        room: &RoomId,
    ) -> Result<(), ServiceError> {
        let app = self.room_for(by, Verb::Change, app, room).await?;
        let mut tx = self.0.store.write().await?;
        rooms::ensure(&mut tx, app.id, room, self.now()).await?;
        tx.commit().await?;
        tracing::info!(%room, by = by.name, "room added");
        self.publish_room(app.id, room);
        Ok(())
    }
}
