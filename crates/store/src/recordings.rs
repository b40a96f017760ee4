//! Recordings: one run in a room, from start to stop; or found.

mod found;
mod library;
mod row;

use reelroom_domain::{
    ids::{AppId, RecordingId},
    recording::{Recording, RecordingState},
    room::RoomId,
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, query};

pub use self::found::{delete, insert_found};
#[cfg(test)]
pub(crate) use self::library::page_sql;
pub use self::library::{Cursor, Filter, Summary, count, page, row_of, totals_of_room};
use self::row::hold_room;
pub(crate) use self::row::{COLUMNS, read};
use crate::{
    Conn, StoreError,
    engine::{opt_text, text},
    rooms,
    row::Columns,
};

/// What became of a new recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inserted {
    /// It is there now.
    Yes,
    /// The room is taken by this one.
    RoomTaken(Box<Recording>),
}

/// Columns to set beside the state; `None` leaves a column as it is.
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
    /// When it was told to stop by itself, which is done once.
    pub auto_stopped_at: Option<Timestamp>,
    /// Whether it fails because a person said that nothing was recorded. Any later state takes it back.
    pub given_up: bool,
}

/// The states of `RecordingState::is_active`, as the unique index spells them.
const ACTIVE: &str = "state IN ('requested', 'recording', 'stopping', 'unknown')";

/// Adds a recording; its room must be known. Of two active ones in a room, one wins.
pub async fn insert(conn: &mut Conn, recording: &Recording) -> Result<Inserted, StoreError> {
    let rooms = [(recording.app, recording.room.clone())];
    rooms::hold(conn, &rooms).await?;
    // The one that took the room may be over before it can be read.
    for _ in 0..3 {
        let sql = format!(
            "INSERT INTO recordings ({COLUMNS})
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                 $17, $18, $19)
             ON CONFLICT (app_id, room) WHERE {ACTIVE} DO NOTHING"
        );
        let done = query(AssertSqlSafe(sql))
            .bind(recording.id.to_string())
            .bind(recording.app.to_string())
            .bind(recording.room.as_str())
            .bind(recording.origin.as_str())
            .bind(recording.state.as_str())
            .bind(recording.state_since.as_millis())
            .bind(opt_text(recording.rule.as_deref()))
            .bind(opt_text(recording.path.as_deref()))
            .bind(opt_text(recording.user_data.as_deref()))
            .bind(opt_text(recording.kind.as_deref()))
            .bind(recording.requested_at.as_millis())
            .bind(recording.started_at.map(Timestamp::as_millis))
            .bind(recording.stopped_at.map(Timestamp::as_millis))
            .bind(opt_text(recording.requested_by.as_deref()))
            .bind(opt_text(recording.stopped_by.as_deref()))
            .bind(i64::from(recording.tracks_expected))
            .bind(recording.auto_stop.after_ms)
            .bind(i64::from(recording.auto_stop.at_end))
            .bind(i64::from(recording.frames_expected))
            .execute(&mut *conn)
            .await?;
        if done.rows_affected() == 1 {
            rooms::settle(conn, &rooms).await?;
            return Ok(Inserted::Yes);
        }
        if let Some(other) = active_of_room(conn, recording.app, &recording.room).await? {
            return Ok(Inserted::RoomTaken(Box::new(other)));
        }
    }
    Err(StoreError::Contended)
}

/// The recording of that id.
pub async fn get(conn: &mut Conn, id: RecordingId) -> Result<Option<Recording>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM recordings WHERE id = $1");
    let row = query(AssertSqlSafe(sql))
        .bind(id.to_string())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Moves a recording from `from` to `to` and sets `fields`; `false`, and nothing is changed, where
/// it is no longer `from`. Which moves are allowed says `RecordingState::after`.
pub async fn update_state(
    conn: &mut Conn,
    id: RecordingId,
    from: RecordingState,
    to: RecordingState,
    now: Timestamp,
    fields: &Fields,
) -> Result<bool, StoreError> {
    set(conn, id, Some((from, to, now)), fields).await
}

/// Sets `fields`, whatever the state; `false` where there is no such recording.
pub async fn update_fields(
    conn: &mut Conn,
    id: RecordingId,
    fields: &Fields,
) -> Result<bool, StoreError> {
    set(conn, id, None, fields).await
}

async fn set(
    conn: &mut Conn,
    id: RecordingId,
    step: Option<(RecordingState, RecordingState, Timestamp)>,
    fields: &Fields,
) -> Result<bool, StoreError> {
    let Some(room) = hold_room(conn, id).await? else {
        return Ok(false);
    };
    // An event that leaves the state as it is does not begin it anew.
    let done = query(
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
    .bind(id.to_string())
    .bind(step.map(|(from, ..)| from.as_str()))
    .bind(step.map(|(_, to, _)| to.as_str()))
    .bind(step.map(|(.., now)| now.as_millis()))
    .bind(fields.requested_at.map(Timestamp::as_millis))
    .bind(fields.started_at.map(Timestamp::as_millis))
    .bind(fields.stopped_at.map(Timestamp::as_millis))
    .bind(fields.stopped_by.as_deref().map(text))
    .bind(fields.auto_stopped_at.map(Timestamp::as_millis))
    .bind(i64::from(fields.given_up))
    .execute(&mut *conn)
    .await?;
    rooms::settle(conn, &[room]).await?;
    Ok(done.rows_affected() == 1)
}

/// Recordings that run, or may run, and were not told yet to stop by themselves.
const MAY_STOP: &str = "r.state IN ('recording', 'unknown') AND r.auto_stopped_at IS NULL";

/// Recordings whose time to stop by themselves has come: so long after their start, or because the
/// meeting that they recorded is over.
pub async fn auto_stop_due(conn: &mut Conn, now: Timestamp) -> Result<Vec<Recording>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM recordings r WHERE {MAY_STOP} AND (
             COALESCE(r.started_at, r.requested_at) + r.stop_after_ms <= $1
             OR (r.stop_at_end = 1 AND EXISTS (
                 SELECT 1 FROM meetings m WHERE m.id = r.meeting_id AND m.ended_at IS NOT NULL)))
         ORDER BY r.requested_at, r.id"
    );
    let rows = query(AssertSqlSafe(sql))
        .bind(now.as_millis())
        .fetch_all(conn)
        .await?;
    rows.iter().map(read).collect()
}

/// Ties the recording that takes a room to the meeting that is on, unless it is tied already. By id
/// and not by time: the platform's clock is not ours, and tells whole seconds.
pub async fn follow_meeting(conn: &mut Conn, app: AppId, room: &RoomId) -> Result<(), StoreError> {
    rooms::hold(conn, &[(app, room.clone())]).await?;
    let sql = format!(
        "UPDATE recordings SET meeting_id = (
             SELECT m.id FROM meetings m
             WHERE m.app_id = $1 AND m.room = $2 AND m.ended_at IS NULL)
         WHERE app_id = $1 AND room = $2 AND meeting_id IS NULL AND {ACTIVE}"
    );
    query(AssertSqlSafe(sql))
        .bind(app.to_string())
        .bind(room.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether the meeting that a recording follows is over; one that follows none is of no meeting that
/// is over.
pub async fn meeting_is_over(conn: &mut Conn, id: RecordingId) -> Result<bool, StoreError> {
    let row = query(
        "SELECT m.id FROM recordings r JOIN meetings m ON m.id = r.meeting_id
         WHERE r.id = $1 AND m.ended_at IS NOT NULL",
    )
    .bind(id.to_string())
    .fetch_optional(conn)
    .await?;
    Ok(row.is_some())
}

/// When the next recording stops by itself because of the time.
pub async fn next_auto_stop_at(conn: &mut Conn) -> Result<Option<Timestamp>, StoreError> {
    let sql = format!(
        "SELECT MIN(COALESCE(r.started_at, r.requested_at) + r.stop_after_ms) AS at
         FROM recordings r WHERE {MAY_STOP}"
    );
    let row = query(AssertSqlSafe(sql)).fetch_one(conn).await?;
    Columns::new(&row, "recordings", "at").opt_time("at")
}

/// The recording that takes a room.
pub async fn active_of_room(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
) -> Result<Option<Recording>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM recordings WHERE app_id = $1 AND room = $2 AND {ACTIVE}");
    let row = query(AssertSqlSafe(sql))
        .bind(app.to_string())
        .bind(room.as_str())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(read).transpose()
}

/// The newest recording of a room.
pub async fn newest_of_room(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
) -> Result<Option<Recording>, StoreError> {
    let ever = (
        Timestamp::from_millis(i64::MIN),
        Timestamp::from_millis(i64::MAX),
    );
    Ok(recent(conn, app, room, ever, 1).await?.pop())
}

/// Recordings of a room that were requested between two moments, newest first, at most 1,000: what a
/// file without a token may belong to.
pub async fn candidates(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    between: (Timestamp, Timestamp),
) -> Result<Vec<Recording>, StoreError> {
    recent(conn, app, room, between, 1000).await
}

async fn recent(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    (since, until): (Timestamp, Timestamp),
    limit: i64,
) -> Result<Vec<Recording>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM recordings
         WHERE app_id = $1 AND room = $2 AND requested_at BETWEEN $3 AND $4
         ORDER BY requested_at DESC, id DESC LIMIT $5"
    );
    let rows = query(AssertSqlSafe(sql))
        .bind(app.to_string())
        .bind(room.as_str())
        .bind(since.as_millis())
        .bind(until.as_millis())
        .bind(limit)
        .fetch_all(conn)
        .await?;
    rows.iter().map(read).collect()
}

/// Recordings whose next look-up is at `now` or earlier, the earliest first. They were overdue when it
/// was set.
pub async fn to_look_up(conn: &mut Conn, now: Timestamp) -> Result<Vec<Recording>, StoreError> {
    let rows = query(AssertSqlSafe(to_look_up_sql()))
        .bind(now.as_millis())
        .fetch_all(conn)
        .await?;
    rows.iter().map(read).collect()
}

pub(crate) fn to_look_up_sql() -> String {
    format!("SELECT {COLUMNS} FROM recordings WHERE look_up_at <= $1 ORDER BY look_up_at, id")
}

/// Sets the time of the next look-up of a recording; `None`: there is none.
pub async fn set_look_up_at(
    conn: &mut Conn,
    id: RecordingId,
    at: Option<Timestamp>,
) -> Result<(), StoreError> {
    query("UPDATE recordings SET look_up_at = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(at.map(Timestamp::as_millis))
        .execute(conn)
        .await?;
    Ok(())
}

/// Recordings that the platform was asked to start or to stop at `before` or earlier, without an
/// answer since; the longest first.
pub async fn asked_before(
    conn: &mut Conn,
    before: Timestamp,
) -> Result<Vec<Recording>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM recordings
         WHERE state IN ('requested', 'stopping') AND state_since <= $1
         ORDER BY state_since, id"
    );
    let rows = query(AssertSqlSafe(sql))
        .bind(before.as_millis())
        .fetch_all(conn)
        .await?;
    rows.iter().map(read).collect()
}

/// Recordings whose files have been awaited for `due_after` milliseconds or more at `now`,
/// longest first.
pub async fn due(
    conn: &mut Conn,
    now: Timestamp,
    due_after: i64,
) -> Result<Vec<Recording>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM recordings
         WHERE state = 'awaiting_files' AND COALESCE(stopped_at, state_since) <= $1
         ORDER BY COALESCE(stopped_at, state_since), id"
    );
    let rows = query(AssertSqlSafe(sql))
        .bind(now.plus_millis(due_after.saturating_neg()).as_millis())
        .fetch_all(conn)
        .await?;
    rows.iter().map(read).collect()
}

/// Removes a recording that was found by files which belong to others now: nothing is left of it.
/// `false`: it was started by somebody, or has files.
pub async fn remove_found_without_files(
    conn: &mut Conn,
    id: RecordingId,
) -> Result<bool, StoreError> {
    let Some(room) = hold_room(conn, id).await? else {
        return Ok(false);
    };
    let done = query(
        "DELETE FROM recordings WHERE id = $1 AND origin = 'auto_recorded'
             AND NOT EXISTS (SELECT 1 FROM files f WHERE f.recording_id = recordings.id)",
    )
    .bind(id.to_string())
    .execute(&mut *conn)
    .await?;
    rooms::settle(conn, &[room]).await?;
    Ok(done.rows_affected() == 1)
}
