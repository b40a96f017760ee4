//! Add a room before the platform reports it.

use reelroom_domain::{ids::AppId, room::RoomId, user::Role, view::Change};
use reelroom_store::rooms;

use crate::{Principal, Service, ServiceError, require};

impl Service {
    /// Adds a room to the list; idempotent.
    pub async fn add_room(
        &self,
        by: &Principal,
        app: Option<AppId>,
        room: &RoomId,
    ) -> Result<(), ServiceError> {
        require(by.clone(), Role::Operator)?;
        let app = self.app_of(app).await?;
        let mut tx = self.0.store.write().await?;
        rooms::ensure(&mut tx, app.id, room, self.now()).await?;
        tx.commit().await?;
        tracing::info!(%room, by = by.name, "room added");
        self.publish(Change::Room { room: room.clone() });
        Ok(())
    }
}
