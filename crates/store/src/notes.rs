//! The log of the decisions of people about a room. Lines are only ever appended.

use reelroom_domain::{ids::AppId, room::RoomId, watch::RoomNote};

use crate::{Conn, Result, engine::json, query::query, reader};

/// Appends a line; the room must be known.
pub async fn append(conn: &mut Conn, app: AppId, room: &RoomId, note: &RoomNote) -> Result<()> {
    query("INSERT INTO room_notes (app_id, room, at, event, actor) VALUES ($1, $2, $3, $4, $5)")
        .bind((app, room, note.at, json(&note.event)?, &note.by))
        .execute(conn)
        .await
}

/// The last lines of a room, newest first, at most `limit`.
pub async fn of_room(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    limit: u32,
) -> Result<Vec<RoomNote>> {
    let read =
        reader!(row of room_notes.room => RoomNote { at, by: actor, event = row.json("event")? });
    query(
        "SELECT room, at, event, actor FROM room_notes WHERE app_id = $1 AND room = $2
         ORDER BY id DESC LIMIT $3",
    )
    .bind((app, room, limit))
    .all(conn, read)
    .await
}
