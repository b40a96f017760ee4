//! Rooms that are always recorded: turn that on and off, and start a recording that was missed.

use reelroom_domain::{
    access::Verb,
    ids::{AppId, RecordingId},
    room::RoomId,
    watch::{Always, AlwaysRecord, RoomEvent, RoomNote},
};
use reelroom_store::{always, meetings, notes, rooms};

use crate::{Principal, Service, ServiceError, StartError, recordings::start::Asker};

impl Service {
    /// Turns "always record" on or off for a room, from its next meeting on, or for that meeting only.
    pub async fn mark_always(
        &self,
        by: &Principal,
        app: Option<AppId>,
        room: &RoomId,
        always: AlwaysRecord,
    ) -> Result<(), ServiceError> {
        let app = self.room_for(by, Verb::Change, app, room).await?;
        let now = self.now();
        let event = match always {
            AlwaysRecord::On => RoomEvent::AlwaysOn,
            AlwaysRecord::Once => RoomEvent::OnceOn,
            AlwaysRecord::Off => RoomEvent::AlwaysOff,
        };
        let mark = (always != AlwaysRecord::Off).then(|| Always {
            by: by.name.clone(),
            at: now,
            once: always == AlwaysRecord::Once,
        });
        let mut tx = self.0.store.write().await?;
        rooms::ensure(&mut tx, app.id, room, now).await?;
        if !always::mark(&mut tx, app.id, room, mark.as_ref()).await? {
            return Ok(());
        }
        let note = RoomNote {
            at: now,
            event,
            by: by.name.clone(),
        };
        notes::append(&mut tx, app.id, room, &note).await?;
        tx.commit().await?;
        tracing::info!(%room, ?always, by = by.name, "always record");
        self.publish_room(app.id, room);
        Ok(())
    }

    /// Starts a recording that was missed, by the room's form and to the end of its meeting, which must
    /// not be over.
    pub async fn start_now(
        &self,
        by: &Principal,
        app: Option<AppId>,
        room: &RoomId,
    ) -> Result<RecordingId, StartError> {
        let app = self.room_for(by, Verb::Change, app, room).await?;
        let mut tx = self.0.store.write().await?;
        rooms::lock(&mut tx, &[(app.id, room.clone())]).await?;
        if meetings::open_of_room(&mut tx, app.id, room)
            .await?
            .is_none()
        {
            return Err(StartError::MeetingOver);
        }
        self.start_whole(tx, Asker::Person(&by.name), app, room)
            .await
    }
}
