//! The columns of a room that repeat facts of its meetings, recordings and alerts.
//!
//! A function that writes one of these [locks](lock) the rooms, writes, and then [updates](update_facts)
//! their columns.

use reelroom_domain::meeting::RoomKey;
#[cfg(feature = "testing")]
use reelroom_domain::room::RoomId;

use crate::{Conn, Result, bulk::Bulk, engine::Engine};

/// Locks the rows of rooms until the end of the transaction. Every transaction locks them before it
/// writes anything else of the room: this avoids deadlocks, and [`update_facts`] sees the facts that others
/// have committed. SQLite has one writer and needs no lock.
pub async fn lock(conn: &mut Conn, rooms: &[RoomKey]) -> Result<()> {
    static LOCK: Bulk = Bulk::new(
        "SELECT room FROM rooms WHERE (app_id, room) IN (VALUES {})
         ORDER BY app_id, room FOR NO KEY UPDATE",
    );
    if !Engine::of_connection(conn).is_shared() {
        return Ok(());
    }
    let mut rooms = rooms.to_vec();
    rooms.sort_unstable();
    LOCK.execute(conn, &rooms).await
}

pub(crate) static UPDATE: Bulk = Bulk::new(
    "WITH touched (app_id, room) AS (VALUES {})
     UPDATE rooms SET meeting_id = f.meeting_id, recording_id = f.recording_id,
         is_recording = f.is_recording, urgency = f.urgency, last_recorded_at = f.last_recorded_at
     FROM touched t JOIN room_facts f ON f.app_id = t.app_id AND f.room = t.room
     WHERE rooms.app_id = f.app_id AND rooms.room = f.room
         AND (rooms.meeting_id, rooms.recording_id, rooms.is_recording, rooms.urgency,
             rooms.last_recorded_at)
         IS DISTINCT FROM (f.meeting_id, f.recording_id, f.is_recording, f.urgency,
             f.last_recorded_at)",
);

/// Updates the columns of these rooms, which must be [locked](lock).
pub async fn update_facts(conn: &mut Conn, rooms: &[RoomKey]) -> Result<()> {
    UPDATE.execute(conn, rooms).await
}

/// The rooms whose columns differ from the facts; for tests.
#[cfg(feature = "testing")]
pub async fn stale(conn: &mut Conn) -> Result<Vec<RoomId>> {
    crate::query::query(
        "SELECT o.room FROM rooms o JOIN room_facts f ON f.app_id = o.app_id AND f.room = o.room
         WHERE (o.meeting_id, o.recording_id, o.is_recording, o.urgency, o.last_recorded_at)
         IS DISTINCT FROM (f.meeting_id, f.recording_id, f.is_recording, f.urgency,
             f.last_recorded_at)",
    )
    .all(conn, crate::row::Columns::value("rooms", "room"))
    .await
}
