//! The watchdog's part of a room's page.

use reelroom_domain::{ids::AppId, room::RoomId, watch::RoomWatch};
use reelroom_store::{Conn, alerts, always, notes};

use crate::ServiceError;

/// The lines of a room's history on a page.
const NOTES: u32 = 5;

/// Whether a room is always recorded, with its alerts and the end of its history.
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
