//! The columns of a room that repeat facts of its meetings, recordings and alerts.
//!
//! A function that writes one of these [holds](hold) the rooms, writes, and then [settles](settle)
//! them.

use reelroom_domain::{ids::AppId, room::RoomId};
use sqlx::query;

use crate::{Conn, StoreError, bulk::Bulk, engine::Engine};

static HOLD: Bulk = Bulk::new(
    "SELECT room FROM rooms WHERE (app_id, room) IN (VALUES ",
    2,
    ") ORDER BY app_id, room FOR NO KEY UPDATE",
);

/// Locks the rows of rooms until the end of the transaction. Every transaction takes them before what
/// else it writes of the room, so that none waits for another in a circle, and [`settle`] sees the
/// facts that others have committed. SQLite has one writer and needs no lock.
pub async fn hold(conn: &mut Conn, rooms: &[(AppId, RoomId)]) -> Result<(), StoreError> {
    if Engine::of_connection(conn).writes_alone() {
        return Ok(());
    }
    let mut rooms = rooms.to_vec();
    rooms.sort_unstable();
    for (sql, some) in HOLD.portions(conn, &rooms) {
        let select = some.iter().fold(query(sql), |select, (app, room)| {
            select.bind(app.to_string()).bind(room.as_str())
        });
        select.execute(&mut *conn).await?;
    }
    Ok(())
}

pub(crate) static SETTLE: Bulk = Bulk::new(
    "WITH touched (app_id, room) AS (VALUES ",
    2,
    ")
     UPDATE rooms SET meeting_id = f.meeting_id, recording_id = f.recording_id,
         is_recording = f.is_recording, urgency = f.urgency, last_recorded_at = f.last_recorded_at
     FROM touched t JOIN room_facts f ON f.app_id = t.app_id AND f.room = t.room
     WHERE rooms.app_id = f.app_id AND rooms.room = f.room
         AND (rooms.meeting_id, rooms.recording_id, rooms.is_recording, rooms.urgency,
             rooms.last_recorded_at)
         IS DISTINCT FROM (f.meeting_id, f.recording_id, f.is_recording, f.urgency,
             f.last_recorded_at)",
);

/// Brings the columns of these rooms up to date; the rooms must be [held](hold).
pub async fn settle(conn: &mut Conn, rooms: &[(AppId, RoomId)]) -> Result<(), StoreError> {
    for (sql, some) in SETTLE.portions(conn, rooms) {
        let update = some.iter().fold(query(sql), |update, (app, room)| {
            update.bind(app.to_string()).bind(room.as_str())
        });
        update.execute(&mut *conn).await?;
    }
    Ok(())
}

/// The rooms whose columns differ from the facts; for tests.
#[cfg(feature = "testing")]
pub async fn untrue(conn: &mut Conn) -> Result<Vec<RoomId>, StoreError> {
    let rows = query(
        "SELECT o.room FROM rooms o JOIN room_facts f ON f.app_id = o.app_id AND f.room = o.room
         WHERE (o.meeting_id, o.recording_id, o.is_recording, o.urgency, o.last_recorded_at)
         IS DISTINCT FROM (f.meeting_id, f.recording_id, f.is_recording, f.urgency,
             f.last_recorded_at)",
    )
    .fetch_all(conn)
    .await?;
    let rooms = rows.iter();
    rooms
        .map(|row| crate::row::Columns::new(row, "rooms", "room").room("room"))
        .collect()
}
