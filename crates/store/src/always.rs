//! Rooms that are always recorded, and the meetings whose recording is to be started for that reason.

use reelroom_domain::{
    ids::{AppId, MeetingId},
    room::RoomId,
    watch::Always,
};

use crate::{
    Conn, Result,
    query::{execute, query},
    reader,
    row::Columns,
};

/// A meeting in a marked room whose recording is to be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToStart {
    /// The meeting; it is on.
    pub meeting: MeetingId,
    /// Its app.
    pub app: AppId,
    /// Its room.
    pub room: RoomId,
    /// The account that marked the room.
    pub marked_by: String,
}

/// Marks a known room as always recorded, or removes the mark. `false`: nothing changed, and an
/// existing mark stays as it is.
pub async fn mark(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    mark: Option<&Always>,
) -> Result<bool> {
    let known = if mark.is_some() {
        "IS NULL"
    } else {
        "IS NOT NULL"
    };
    query(format!(
        "UPDATE rooms SET always_by = $3, always_at = $4, always_once = $5
         WHERE app_id = $1 AND room = $2 AND always_at {known}"
    ))
    .bind((
        app,
        room,
        mark.map(|mark| &mark.by),
        mark.map(|mark| mark.at),
        mark.is_some_and(|mark| mark.once),
    ))
    .affects_any(conn)
    .await
}

/// The mark of a room; `None`: it has none.
pub async fn of_room(conn: &mut Conn, app: AppId, room: &RoomId) -> Result<Option<Always>> {
    query(
        "SELECT room, always_by, always_at, always_once FROM rooms
         WHERE app_id = $1 AND room = $2 AND always_at IS NOT NULL",
    )
    .bind((app, room))
    .first(conn, |row| {
        let row = Columns::new(row, "rooms", "room");
        Ok(Always {
            by: row.get::<Option<_>>("always_by")?.unwrap_or_default(),
            at: row.get("always_at")?,
            once: row.get("always_once")?,
        })
    })
    .await
}

/// The meetings whose recording is to be started, the oldest first; without those that have a
/// recording already.
pub async fn to_start(conn: &mut Conn) -> Result<Vec<ToStart>> {
    let read = reader!(row of meetings.id => ToStart {
        meeting: id, app: app_id, room,
        marked_by = row.get::<Option<_>>("always_by")?.unwrap_or_default()
    });
    query(
        "SELECT m.id, m.app_id, m.room, o.always_by FROM meetings m
         JOIN rooms o ON o.app_id = m.app_id AND o.room = m.room
         WHERE m.auto_start = 'due' AND m.ended_at IS NULL AND o.always_at IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM recordings r WHERE r.meeting_id = m.id)
         ORDER BY m.began_at, m.id",
    )
    .all(conn, read)
    .await
}

/// Claims a meeting's start, once and for all; `false`: it is claimed already, or the meeting is over.
/// Removes a mark for one meeting.
pub async fn claim_start(conn: &mut Conn, meeting: MeetingId) -> Result<bool> {
    let claimed = query(
        "UPDATE meetings SET auto_start = 'done'
         WHERE id = $1 AND auto_start = 'due' AND ended_at IS NULL",
    )
    .bind(meeting)
    .affects_any(conn)
    .await?;
    if claimed {
        let update = "UPDATE rooms SET always_by = NULL, always_at = NULL, always_once = 0
             WHERE always_once = 1 AND (app_id, room) = (
                 SELECT m.app_id, m.room FROM meetings m WHERE m.id = $1)";
        execute(conn, update, meeting).await?;
    }
    Ok(claimed)
}
