//! Dismiss an alert.

use reelroom_domain::{
    access::Verb,
    change::Change,
    ids::AppId,
    room::RoomId,
    view::HistoryEvent,
    watch::{AlertKind, RoomEvent, RoomNote},
};
use reelroom_store::{alerts, history, notes};

use crate::{Principal, Service, ServiceError};

impl Service {
    /// Dismisses an alert until the end of its recording or meeting; does nothing if there is none.
    /// It is in the history of the recording, or of the room if there is no recording.
    pub async fn dismiss_alert(
        &self,
        by: &Principal,
        app: Option<AppId>,
        room: &RoomId,
        kind: AlertKind,
    ) -> Result<(), ServiceError> {
        let app = self.room_for(by, Verb::Change, app, room).await?;
        let now = self.now();
        let mut tx = self.0.store.write().await?;
        let Some(about) = alerts::dismiss(&mut tx, app.id, room, kind, now).await? else {
            return Ok(());
        };
        let change = if let Some(id) = about {
            let (event, actor) = (HistoryEvent::Dismissed(kind), Some(by.name.as_str()));
            history::append(&mut tx, id, now, event, actor, None).await?;
            let (app, room) = (app.id, room.clone());
            Change::Recording { id, app, room }
        } else {
            let note = RoomNote {
                at: now,
                event: RoomEvent::Dismissed(kind),
                by: by.name.clone(),
            };
            notes::append(&mut tx, app.id, room, &note).await?;
            let (app, room) = (app.id, room.clone());
            Change::Room { app, room }
        };
        tx.commit().await?;
        tracing::info!(%room, kind = kind.as_str(), by = by.name, "alert dismissed");
        self.publish(change);
        Ok(())
    }
}
