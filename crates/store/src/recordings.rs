//! Recordings: a run in a room from start to stop, or one that was found by its files.

mod found;
pub mod keep;
mod library;
mod row;

use reelroom_domain::{
    ids::{AppId, RecordingId},
    recording::{Recording, RecordingState},
    room::RoomId,
    time::Timestamp,
};

pub use self::found::{delete, insert_found};
#[cfg(test)]
pub(crate) use self::library::of_room_sql;
pub use self::library::{
    Cursor, OfRoom, Summary, by_room, deleted, news, of_room, summaries, summary, totals_of_room,
};
use self::row::write;
pub(crate) use self::row::{COLUMNS, RECORDINGS, read, values};
use crate::{
    Conn, Result, StoreError,
    query::{execute, query, query_over},
    rooms,
    row::Columns,
    stale,
    value::ACTIVE,
};

/// The result of an insertion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inserted {
    /// The recording is stored.
    Yes,
    /// This one occupies the room.
    RoomTaken(Box<Recording>),
}

/// Columns to set besides the state; `None` leaves a column as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// See [`Recording::requested_at`]: a found one learns of an earlier file.
    pub requested_at: Option<Timestamp>,
    /// See [`Recording::started_at`].
    pub started_at: Option<Timestamp>,
    /// See [`Recording::stopped_at`].
    pub stopped_at: Option<Timestamp>,
    /// See [`Recording::stopped_by`].
    pub stopped_by: Option<String>,
    /// When it was stopped automatically, which is tried once.
    pub auto_stopped_at: Option<Timestamp>,
    /// Whether it fails because a person gave it up. Any later state clears this.
    pub given_up: bool,
}

/// Inserts a recording; its room must be known. A room has one active recording at most.
pub async fn insert(conn: &mut Conn, recording: &Recording) -> Result<Inserted> {
    let rooms = [(recording.app, recording.room.clone())];
    rooms::lock(conn, &rooms).await?;
    // The one that occupies the room may be over before it is read.
    for _ in 0..3 {
        let inserted = query(format!(
            "INSERT INTO recordings ({COLUMNS})
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                 $17, $18, $19)
             ON CONFLICT (app_id, room) WHERE {ACTIVE} DO NOTHING"
        ))
        .bind(values(recording))
        .affects_any(conn)
        .await?;
        if inserted {
            stale::mark(conn, &[recording.id]).await?;
            rooms::update_facts(conn, &rooms).await?;
            return Ok(Inserted::Yes);
        }
        if let Some(other) = active_of_room(conn, recording.app, &recording.room).await? {
            return Ok(Inserted::RoomTaken(Box::new(other)));
        }
    }
    Err(StoreError::Contended)
}

/// The recording of that id.
pub async fn get(conn: &mut Conn, id: RecordingId) -> Result<Option<Recording>> {
    RECORDINGS.first(conn, "WHERE id = $1", id).await
}

/// Those recordings of these ids that there are, and that are not deleted.
pub async fn get_all(conn: &mut Conn, ids: &[RecordingId]) -> Result<Vec<Recording>> {
    let text = RECORDINGS.sql("WHERE id IN {list} AND keep = 'kept' ORDER BY id");
    query_over(conn, &text, ids)?.all(conn, read).await
}

/// Moves a recording from `from` to `to` and sets `fields`; `false`, without a change, where it is no
/// longer `from`. `RecordingState::after` says which moves are allowed.
pub async fn update_state(
    conn: &mut Conn,
    id: RecordingId,
    from: RecordingState,
    to: RecordingState,
    now: Timestamp,
    fields: &Fields,
) -> Result<bool> {
    set(conn, id, Some((from, to, now)), fields).await
}

/// Sets `fields`, whatever the state; `false` where there is no such recording.
pub async fn update_fields(conn: &mut Conn, id: RecordingId, fields: &Fields) -> Result<bool> {
    set(conn, id, None, fields).await
}

async fn set(
    conn: &mut Conn,
    id: RecordingId,
    step: Option<(RecordingState, RecordingState, Timestamp)>,
    fields: &Fields,
) -> Result<bool> {
    let from = step.map(|(from, ..)| from);
    let to = step.map(|(_, to, _)| to);
    let now = step.map(|(.., now)| now);
    // An event that does not change the state does not change its time either.
    let update = query(
        "UPDATE recordings SET
             state_since = CASE WHEN state <> $3 THEN $4 ELSE state_since END,
             given_up = CASE WHEN state <> $3 THEN $10 ELSE given_up END,
             state = COALESCE($3, state),
             requested_at = COALESCE($5, requested_at),
             started_at = COALESCE($6, started_at),
             stopped_at = COALESCE($7, stopped_at),
             stopped_by = COALESCE($8, stopped_by),
             auto_stopped_at = COALESCE($9, auto_stopped_at)
         WHERE id = $1 AND ($2 IS NULL OR state = $2)",
    )
    .bind((id, from, to, now))
    .bind((fields.requested_at, fields.started_at, fields.stopped_at))
    .bind((&fields.stopped_by, fields.auto_stopped_at, fields.given_up));
    write(conn, id, update).await
}

/// Records that a person has seen a failed start; `false` where it has not failed.
pub async fn mark_seen(conn: &mut Conn, id: RecordingId) -> Result<bool> {
    let update = query("UPDATE recordings SET seen = 1 WHERE id = $1 AND state = 'failed'");
    write(conn, id, update.bind(id)).await
}

/// Moves the recordings of a room, none of which is active, to another room of the app.
pub async fn move_all(conn: &mut Conn, app: AppId, from: &RoomId, to: &RoomId) -> Result<()> {
    stale::mark_room(conn, app, from).await?;
    let update = format!(
        "UPDATE recordings SET room = $3 WHERE app_id = $1 AND room = $2 AND NOT EXISTS (
             SELECT 1 FROM recordings a WHERE a.app_id = $1 AND a.room = $2 AND a.{ACTIVE})"
    );
    execute(conn, update, (app, from, to)).await?;
    rooms::update_facts(conn, &[(app, from.clone()), (app, to.clone())]).await
}

/// Recordings that may be running and were not stopped automatically.
const MAY_STOP: &str = "r.state IN ('recording', 'unknown') AND r.auto_stopped_at IS NULL";

/// Recordings to stop automatically at `now`: their time is over, or the meeting that they record is.
pub async fn auto_stop_due(conn: &mut Conn, now: Timestamp) -> Result<Vec<Recording>> {
    let due = format!(
        "WHERE {MAY_STOP} AND (
             COALESCE(r.started_at, r.requested_at) + r.stop_after_ms <= $1
             OR (r.stop_at_end = 1 AND EXISTS (
                 SELECT 1 FROM meetings m WHERE m.id = r.meeting_id AND m.ended_at IS NOT NULL)))
         ORDER BY r.requested_at, r.id"
    );
    RECORDINGS.all(conn, &due, now).await
}

/// Binds the active recording of a room to the meeting that is on, unless it is bound already. By id and
/// not by time: the platform's clock is not ours, and it reports whole seconds.
pub async fn follow_meeting(conn: &mut Conn, app: AppId, room: &RoomId) -> Result<()> {
    rooms::lock(conn, &[(app, room.clone())]).await?;
    let update = format!(
        "UPDATE recordings SET meeting_id = (
             SELECT m.id FROM meetings m
             WHERE m.app_id = $1 AND m.room = $2 AND m.ended_at IS NULL)
         WHERE app_id = $1 AND room = $2 AND meeting_id IS NULL AND {ACTIVE}"
    );
    execute(conn, update, (app, room)).await
}

/// Whether a recording is bound to a meeting that is over.
pub async fn meeting_is_over(conn: &mut Conn, id: RecordingId) -> Result<bool> {
    query(
        "SELECT m.id FROM recordings r JOIN meetings m ON m.id = r.meeting_id
         WHERE r.id = $1 AND m.ended_at IS NOT NULL",
    )
    .bind(id)
    .exists(conn)
    .await
}

/// When the time of the next recording to stop automatically is over.
pub async fn next_auto_stop_at(conn: &mut Conn) -> Result<Option<Timestamp>> {
    query(format!(
        "SELECT MIN(COALESCE(r.started_at, r.requested_at) + r.stop_after_ms) AS at
         FROM recordings r WHERE {MAY_STOP}"
    ))
    .one(conn, Columns::value("recordings", "at"))
    .await
}

/// The active recording of a room.
pub async fn active_of_room(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
) -> Result<Option<Recording>> {
    let active = format!("WHERE app_id = $1 AND room = $2 AND {ACTIVE}");
    RECORDINGS.first(conn, &active, (app, room)).await
}

/// Recordings of a room that were requested between two moments, newest first, at most 1,000: the
/// candidates for a file without a token.
pub async fn candidates(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    between: (Timestamp, Timestamp),
) -> Result<Vec<Recording>> {
    let requested = "WHERE app_id = $1 AND room = $2 AND requested_at BETWEEN $3 AND $4
         ORDER BY requested_at DESC, id DESC LIMIT 1000";
    RECORDINGS.all(conn, requested, (app, room, between)).await
}

/// Recordings whose next look-up is at `now` or earlier, the earliest first.
pub async fn to_look_up(conn: &mut Conn, now: Timestamp) -> Result<Vec<Recording>> {
    RECORDINGS.all(conn, TO_LOOK_UP, now).await
}

/// The end of the statement of [`to_look_up`].
pub(crate) const TO_LOOK_UP: &str = "WHERE look_up_at <= $1 ORDER BY look_up_at, id";

/// When the next look-up after `now` is due.
pub async fn next_look_up_at(conn: &mut Conn, now: Timestamp) -> Result<Option<Timestamp>> {
    query("SELECT MIN(look_up_at) AS at FROM recordings WHERE look_up_at > $1")
        .bind(now)
        .one(conn, Columns::value("recordings", "at"))
        .await
}

/// Sets the time of the next look-up of a recording; `None`: there is none.
pub async fn set_look_up_at(conn: &mut Conn, id: RecordingId, at: Option<Timestamp>) -> Result<()> {
    let update = "UPDATE recordings SET look_up_at = $2 WHERE id = $1";
    execute(conn, update, (id, at)).await
}

/// Recordings with a request to start or stop, made at `before` or earlier, that the platform has not
/// answered; the longest first.
pub async fn unanswered_since(conn: &mut Conn, before: Timestamp) -> Result<Vec<Recording>> {
    let waiting = "WHERE state IN ('requested', 'stopping') AND state_since <= $1
         ORDER BY state_since, id";
    RECORDINGS.all(conn, waiting, before).await
}

/// Recordings whose files have been awaited for `due_after` milliseconds or more at `now`,
/// longest first.
pub async fn due(conn: &mut Conn, now: Timestamp, due_after: i64) -> Result<Vec<Recording>> {
    let due = "WHERE state = 'awaiting_files' AND COALESCE(stopped_at, state_since) <= $1
         ORDER BY COALESCE(stopped_at, state_since), id";
    let until = now.plus_millis(due_after.saturating_neg());
    RECORDINGS.all(conn, due, until).await
}

/// Deletes a recording that was found by files which belong to others now. `false`: it was started by
/// somebody, has files, or was put on hold.
pub async fn remove_found_without_files(conn: &mut Conn, id: RecordingId) -> Result<bool> {
    let delete = query(
        "DELETE FROM recordings WHERE id = $1 AND origin = 'auto_recorded'
             AND NOT EXISTS (SELECT 1 FROM files f WHERE f.recording_id = recordings.id)
             AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.recording_id = recordings.id)
             AND NOT EXISTS (SELECT 1 FROM certificates c WHERE c.recording_id = recordings.id)",
    );
    write(conn, id, delete.bind(id)).await
}
