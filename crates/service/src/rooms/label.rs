//! What people say of a room: a name to show, whether it comes first, whether it is left out.

use reelroom_domain::{
    ids::AppId,
    room::RoomId,
    user::Role,
    view::{Change, RoomLabel},
};
use reelroom_store::{StoreError, rooms};

use crate::{Principal, Service, ServiceError, require};

/// The label was not kept.
#[derive(Debug, thiserror::Error)]
pub enum LabelError {
    /// The title is too long or has control characters.
    #[error("not a title")]
    Title,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl From<StoreError> for LabelError {
    fn from(error: StoreError) -> Self {
        Self::Service(error.into())
    }
}

impl Service {
    /// Keeps what people say of a room, for everybody.
    pub async fn label_room(
        &self,
        by: &Principal,
        app: Option<AppId>,
        room: &RoomId,
        typed: RoomLabel,
    ) -> Result<(), LabelError> {
        require(by.clone(), Role::Operator)?;
        let title = typed.title.trim();
        if title.chars().count() > RoomLabel::LONGEST || title.chars().any(char::is_control) {
            return Err(LabelError::Title);
        }
        let label = RoomLabel {
            title: title.to_owned(),
            ..typed
        };
        let app = self.app_of(app).await?;
        let mut tx = self.0.store.write().await?;
        rooms::ensure(&mut tx, app.id, room, self.now()).await?;
        rooms::set_label(&mut tx, app.id, room, &label).await?;
        tx.commit().await?;
        tracing::info!(%room, ?label, by = by.name, "room labelled");
        self.publish(Change::Room { room: room.clone() });
        Ok(())
    }
}
