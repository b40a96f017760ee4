//! The label of a room: its title, and whether it is starred or hidden.

use reelroom_domain::{
    access::Verb,
    ids::AppId,
    room::{RoomId, RoomTitle},
    title::BadTitle,
    view::RoomLabel,
};
use reelroom_store::rooms;

use crate::{Principal, Service, ServiceError};

/// The label was not saved.
#[derive(Debug, thiserror::Error)]
pub enum LabelError {
    /// The title is too long or has control characters.
    #[error(transparent)]
    Title(#[from] BadTitle),
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl Service {
    /// Saves the label of a room, for all accounts; `title` is as typed.
    pub async fn label_room(
        &self,
        by: &Principal,
        app: Option<AppId>,
        room: &RoomId,
        title: &str,
        (starred, hidden): (bool, bool),
    ) -> Result<(), LabelError> {
        let app = self.room_for(by, Verb::Change, app, room).await?;
        let label = RoomLabel {
            title: RoomTitle::parse(title)?,
            starred,
            hidden,
        };
        let mut tx = self.0.store.write().await?;
        rooms::ensure(&mut tx, app.id, room, self.now()).await?;
        rooms::set_label(&mut tx, app.id, room, &label).await?;
        tx.commit().await?;
        tracing::info!(%room, ?label, by = by.name, "room labelled");
        self.publish_room(app.id, room);
        Ok(())
    }
}
