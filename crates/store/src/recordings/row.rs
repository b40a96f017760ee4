//! One row of the table.

use reelroom_domain::{
    ids::{AppId, RecordingId},
    recording::{AutoStop, Recording},
    room::RoomId,
};
use sqlx::any::AnyRow;

use crate::{
    Conn, Result, fields,
    query::{Query, Values, query},
    rooms,
    row::Columns,
    select::Select,
    stale,
};

/// The columns of a [`Recording`].
pub(crate) const COLUMNS: &str = "id, app_id, room, origin, state, state_since, rule, path,
    user_data, kind, requested_at, started_at, stopped_at, requested_by, stopped_by,
    tracks_expected, stop_after_ms, stop_at_end, frames_expected";

pub(crate) fn read(row: &AnyRow) -> Result<Recording> {
    let row = Columns::new(row, "recordings", "id");
    Ok(fields!(row => Recording {
        id, app: app_id, room, origin, state, state_since, rule, path, user_data, kind,
        requested_at, started_at, stopped_at, requested_by, stopped_by, tracks_expected,
        frames_expected,
        auto_stop = fields!(row => AutoStop { after_ms: stop_after_ms, at_end: stop_at_end })
    }))
}

pub(crate) static RECORDINGS: Select<Recording> = Select::new(COLUMNS, "recordings r", read);

/// The values of [`COLUMNS`].
pub(crate) fn values(recording: &Recording) -> impl Values {
    (
        (recording.id, recording.app, &recording.room),
        (recording.origin, recording.state, recording.state_since),
        (&recording.rule, &recording.path, &recording.user_data),
        (&recording.kind, recording.requested_at),
        (recording.started_at, recording.stopped_at),
        (&recording.requested_by, &recording.stopped_by),
        (recording.tracks_expected, recording.auto_stop.after_ms),
        (recording.auto_stop.at_end, recording.frames_expected),
    )
}

/// Locks the room of a recording and returns it; `None` where there is no such recording.
pub(super) async fn lock_room(conn: &mut Conn, id: RecordingId) -> Result<Option<(AppId, RoomId)>> {
    let room = query("SELECT id, app_id, room FROM recordings WHERE id = $1")
        .bind(id)
        .first(conn, |row| {
            let row = Columns::new(row, "recordings", "id");
            Ok((row.get("app_id")?, row.get("room")?))
        })
        .await?;
    rooms::lock(conn, room.as_slice()).await?;
    Ok(room)
}

/// Runs a statement that changes or deletes a recording. Locks its room before, and afterwards updates the room's columns
/// and adds the recording to the queue of the index. `false` where there is no such recording, or no row changed.
pub(super) async fn write(conn: &mut Conn, id: RecordingId, statement: Query) -> Result<bool> {
    let Some(room) = lock_room(conn, id).await? else {
        return Ok(false);
    };
    let changed = statement.affects_any(conn).await?;
    stale::mark(conn, &[id]).await?;
    rooms::update_facts(conn, &[room]).await?;
    Ok(changed)
}
