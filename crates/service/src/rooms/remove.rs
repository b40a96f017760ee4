//! Remove a mistyped room, or move its recordings into the right one.

use reelroom_domain::{
    access::{Thing, Verb},
    change::Change,
    ids::AppId,
    room::RoomId,
};
use reelroom_store::{history, recordings, rooms};

use crate::{Principal, Service, ServiceError};

/// The room was not removed.
#[derive(Debug, thiserror::Error)]
pub enum RemoveRoomError {
    /// anyRTC has reported it, it is being recorded, or it has recordings and no other room was named.
    #[error("the room is in use")]
    InUse,
    /// The other room is not known, or is the same one.
    #[error("there is no such room to move to")]
    NoTarget,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl Service {
    /// Removes a room that anyRTC has never reported, with its options and failed starts. Its recordings move to
    /// the room `into`, which keeps its own options; without one, a room with recordings stays.
    pub async fn remove_room(
        &self,
        by: &Principal,
        app: Option<AppId>,
        room: &RoomId,
        into: Option<&RoomId>,
    ) -> Result<(), RemoveRoomError> {
        let app = self.room_for(by, Verb::Change, app, room).await?;
        if into.is_some_and(|into| !by.may(Verb::Change, Thing::Room(app.id, into))) {
            return Err(RemoveRoomError::NoTarget);
        }
        let mut tx = self.0.store.write().await?;
        let named = [Some(room), into].into_iter().flatten();
        let keys: Vec<_> = named.map(|room| (app.id, room.clone())).collect();
        rooms::lock(&mut tx, &keys).await?;
        if let Some(into) = into {
            if into == room || rooms::get(&mut tx, app.id, into).await?.is_none() {
                return Err(RemoveRoomError::NoTarget);
            }
            history::append_moves(&mut tx, app.id, room, self.now(), &by.name).await?;
            recordings::move_all(&mut tx, app.id, room, into).await?;
        }
        if !rooms::remove_unreported(&mut tx, app.id, room).await? {
            return Err(RemoveRoomError::InUse);
        }
        tx.commit().await?;
        tracing::info!(%room, into = into.map(tracing::field::display), by = by.name, "room removed");
        for (app, room) in keys {
            self.publish(Change::Room { app, room });
        }
        Ok(())
    }
}
