//! Rooms that are always recorded, and the meetings whose recording is to be started because of it.

use reelroom_domain::{
    ids::{AppId, MeetingId},
    room::RoomId,
    watch::Always,
};
use sqlx::query;

use crate::{Conn, StoreError, engine::text, row::Columns};

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

/// Marks a known room as always recorded by the account `by`, or takes the mark away. `false`:
/// nothing changed, and who marked it first stays.
pub async fn mark(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    mark: Option<&Always>,
) -> Result<bool, StoreError> {
    let known = if mark.is_some() {
        "IS NULL"
    } else {
        "IS NOT NULL"
    };
    let done = query(sqlx::AssertSqlSafe(format!(
        "UPDATE rooms SET always_by = $3, always_at = $4
         WHERE app_id = $1 AND room = $2 AND always_at {known}"
    )))
    .bind(app.to_string())
    .bind(room.as_str())
    .bind(mark.map(|mark| text(&mark.by)))
    .bind(mark.map(|mark| mark.at.as_millis()))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The mark of a room; `None`: it has none.
pub async fn of_room(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
) -> Result<Option<Always>, StoreError> {
    let row = query(
        "SELECT room, always_by, always_at FROM rooms
         WHERE app_id = $1 AND room = $2 AND always_at IS NOT NULL",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        let row = Columns::new(&row, "rooms", "room");
        Ok(Always {
            by: row.opt_text("always_by")?.unwrap_or_default(),
            at: row.time("always_at")?,
        })
    })
    .transpose()
}

/// The meetings whose recording is to be started, the oldest first; not those of which there is a
/// recording already.
pub async fn to_start(conn: &mut Conn) -> Result<Vec<ToStart>, StoreError> {
    let rows = query(
        "SELECT m.id, m.app_id, m.room, o.always_by FROM meetings m
         JOIN rooms o ON o.app_id = m.app_id AND o.room = m.room
         WHERE m.auto_start = 'due' AND m.ended_at IS NULL AND o.always_at IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM recordings r WHERE r.meeting_id = m.id)
         ORDER BY m.began_at, m.id",
    )
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Columns::new(row, "meetings", "id");
            Ok(ToStart {
                meeting: row.id("id")?,
                app: row.id("app_id")?,
                room: row.room("room")?,
                marked_by: row.opt_text("always_by")?.unwrap_or_default(),
            })
        })
        .collect()
}

/// Sees to a meeting's start, once and for all; `false`: somebody else has, or the meeting is over.
pub async fn take_start(conn: &mut Conn, meeting: MeetingId) -> Result<bool, StoreError> {
    let done = query(
        "UPDATE meetings SET auto_start = 'done'
         WHERE id = $1 AND auto_start = 'due' AND ended_at IS NULL",
    )
    .bind(meeting.to_string())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
