//! One row of the table.

use reelroom_domain::{
    ids::{AppId, RecordingId},
    recording::{AutoStop, Origin, Recording, RecordingState},
    room::RoomId,
};
use sqlx::any::AnyRow;

use crate::{Conn, Result, query::query, rooms, row::Columns};

/// The columns of a [`Recording`], in the order in which [`insert`](super::insert) binds them.
pub(crate) const COLUMNS: &str = "id, app_id, room, origin, state, state_since, rule, path,
    user_data, kind, requested_at, started_at, stopped_at, requested_by, stopped_by,
    tracks_expected, stop_after_ms, stop_at_end, frames_expected";

pub(crate) fn read(row: &AnyRow) -> Result<Recording> {
    let row = Columns::new(row, "recordings", "id");
    Ok(Recording {
        id: row.id("id")?,
        app: row.id("app_id")?,
        room: row.room("room")?,
        origin: row.word("origin", Origin::parse)?,
        state: row.word("state", RecordingState::parse)?,
        state_since: row.time("state_since")?,
        rule: row.opt_text("rule")?,
        path: row.opt_text("path")?,
        user_data: row.opt_text("user_data")?,
        kind: row.opt_text("kind")?,
        requested_at: row.time("requested_at")?,
        started_at: row.opt_time("started_at")?,
        stopped_at: row.opt_time("stopped_at")?,
        requested_by: row.opt_text("requested_by")?,
        stopped_by: row.opt_text("stopped_by")?,
        tracks_expected: row.count("tracks_expected")?,
        frames_expected: row.flag("frames_expected")?,
        auto_stop: AutoStop {
            after_ms: row.opt_int("stop_after_ms")?,
            at_end: row.flag("stop_at_end")?,
        },
    })
}

/// Locks the room of a recording and returns it; `None` where there is no such recording.
pub(super) async fn hold_room(conn: &mut Conn, id: RecordingId) -> Result<Option<(AppId, RoomId)>> {
    let room = query("SELECT id, app_id, room FROM recordings WHERE id = $1")
        .bind(id)
        .first(conn, |row| {
            let row = Columns::new(row, "recordings", "id");
            Ok((row.id("app_id")?, row.room("room")?))
        })
        .await?;
    rooms::hold(conn, room.as_slice()).await?;
    Ok(room)
}
