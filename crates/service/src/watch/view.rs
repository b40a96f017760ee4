//! What a room's page knows from the watchdog.

use reelroom_domain::{ids::AppId, room::RoomId, watch::RoomWatch};
use reelroom_store::{Conn, alerts, always, notes};

use crate::ServiceError;

/// How many lines of a room's history a page shows.
const NOTES: u32 = 5;

/// Whether a room is always recorded, what to look at in it, and what was decided about it.
pub(crate) async fn of_room(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
) -> Result<RoomWatch, ServiceError> {
    Ok(RoomWatch {
        always: always::of_room(conn, app, room).await?,
        alerts: alerts::of_room(conn, app, room).await?,
        notes: notes::of_room(conn, app, room, NOTES).await?,
    })
}
