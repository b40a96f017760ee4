//! What people decided about a room, line by line. Lines are only ever added.

use reelroom_domain::{
    ids::AppId,
    room::RoomId,
    watch::{RoomEvent, RoomNote},
};
use sqlx::query;

use crate::{
    Conn, StoreError,
    engine::{self, text},
    row::Columns,
};

/// Adds a line; the room must be known.
pub async fn append(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    note: &RoomNote,
) -> Result<(), StoreError> {
    query("INSERT INTO room_notes (app_id, room, at, event, actor) VALUES ($1, $2, $3, $4, $5)")
        .bind(app.to_string())
        .bind(room.as_str())
        .bind(note.at.as_millis())
        .bind(engine::json(&note.event)?)
        .bind(text(&note.by))
        .execute(conn)
        .await?;
    Ok(())
}

/// The last lines of a room, newest first, at most `limit`.
pub async fn of_room(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    limit: u32,
) -> Result<Vec<RoomNote>, StoreError> {
    let rows = query(
        "SELECT room, at, event, actor FROM room_notes WHERE app_id = $1 AND room = $2
         ORDER BY id DESC LIMIT $3",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Columns::new(row, "room_notes", "room");
            Ok(RoomNote {
                at: row.time("at")?,
                event: row.word("event", |text| serde_json::from_str::<RoomEvent>(text).ok())?,
                by: row.text("actor")?,
            })
        })
        .collect()
}
