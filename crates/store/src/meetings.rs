//! Meetings and their participants.
//!
//! They are derived from the events that status callbacks report; see
//! [`reelroom_domain::meeting`].

use reelroom_domain::{
    ids::{AppId, MeetingId},
    meeting::{Meeting, RoomKey, Stay},
    room::{ParticipantId, RoomId},
    time::Timestamp,
};
use sqlx::any::AnyRow;

use crate::{
    Conn, Result, fields, inbox,
    query::{affects_any, execute, query},
    reader,
    row::Columns,
    select::Select,
};

static MEETINGS: Select<Meeting> = Select::new("id, began_at, ended_at", "meetings", read);

fn read(row: &AnyRow) -> Result<Meeting> {
    let row = Columns::new(row, "meetings", "id");
    Ok(fields!(row => Meeting { id, began_at, ended_at }))
}

/// Meetings of a room that were on at `since` or later, in the order in which they began.
pub async fn since(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    since: Timestamp,
) -> Result<Vec<Meeting>> {
    let on_since = "WHERE app_id = $1 AND room = $2 AND (ended_at IS NULL OR ended_at >= $3)
         ORDER BY began_at, id";
    MEETINGS.all(conn, on_since, (app, room, since)).await
}

/// The meeting that is on in a room.
pub async fn open_of_room(conn: &mut Conn, app: AppId, room: &RoomId) -> Result<Option<Meeting>> {
    let open = "WHERE app_id = $1 AND room = $2 AND ended_at IS NULL";
    MEETINGS.first(conn, open, (app, room)).await
}

/// The newest meeting of a room that was on at `since` or later.
pub async fn newest_since(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    since: Timestamp,
) -> Result<Option<Meeting>> {
    let newest = "WHERE app_id = $1 AND room = $2 AND (ended_at IS NULL OR ended_at >= $3)
         ORDER BY began_at DESC, id DESC LIMIT 1";
    MEETINGS.first(conn, newest, (app, room, since)).await
}

/// The stays in a meeting, in the order in which they began.
pub async fn stays(conn: &mut Conn, meeting: MeetingId) -> Result<Vec<Stay>> {
    let read = reader!(participants.participant => Stay {
        who: participant, joined_at, left_at, shares_screen
    });
    query(
        "SELECT participant, joined_at, left_at, shares_screen FROM participants
         WHERE meeting_id = $1 ORDER BY joined_at, participant",
    )
    .bind(meeting)
    .all(conn, read)
    .await
}

/// The participants who certainly were in a room at some moment from `from` to `to`, each once, by
/// name. The platform reports whole seconds, so one who joined within the last second may have joined
/// after `to`.
pub async fn seen_between(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<ParticipantId>> {
    query(
        "SELECT DISTINCT p.participant FROM meetings m
         JOIN participants p ON p.meeting_id = m.id
         WHERE m.app_id = $1 AND m.room = $2 AND m.began_at <= $4
             AND (m.ended_at IS NULL OR m.ended_at >= $3)
             AND p.joined_at + 999 <= $4 AND (p.left_at IS NULL OR p.left_at >= $3)
         ORDER BY p.participant",
    )
    .bind((app, room, from, to))
    .all(conn, Columns::value("participants", "participant"))
    .await
}

/// At most `limit` rooms after the room `after`, in the order of their keys. One with events to delete has the time
/// before which they are to be deleted: the last end of a meeting, at `before` or earlier, at which certainly no other
/// meeting was on.
pub async fn with_old_events(
    conn: &mut Conn,
    after: Option<&RoomKey>,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<(RoomKey, Option<Timestamp>)>> {
    let (app, room) = after.map(|(app, room)| (app, room)).unzip();
    query(
        "WITH k AS (
             SELECT o.app_id, o.room, (SELECT e.at FROM room_status e
                 WHERE e.app_id = o.app_id AND e.room = o.room AND e.what = 'end' AND e.at <= $3
                     AND NOT EXISTS (SELECT 1 FROM room_status b
                         WHERE b.app_id = e.app_id AND b.room = e.room AND b.at = e.at
                         AND b.what IN ('on', 'begin', 'online'))
                 ORDER BY e.at DESC LIMIT 1) AS until
             FROM rooms o WHERE (o.app_id, o.room) > (COALESCE($1, ''), COALESCE($2, ''))
             ORDER BY o.app_id, o.room LIMIT $4)
         SELECT k.app_id, k.room, CASE WHEN EXISTS (SELECT 1 FROM room_status s
                 WHERE s.app_id = k.app_id AND s.room = k.room AND s.at < k.until)
             THEN k.until END AS until
         FROM k ORDER BY k.app_id, k.room",
    )
    .bind((app, room, before, limit))
    .all(conn, |row| {
        let row = Columns::new(row, "rooms", "room");
        let key = (row.get("app_id")?, row.get("room")?);
        Ok((key, row.get("until")?))
    })
    .await
}

/// Deletes the oldest events of a room of before `until`, at most `limit`; `false` if there was none. Status
/// calls about that time are ignored from now on: no meeting could be derived from what they tell alone.
pub async fn delete_events(
    conn: &mut Conn,
    key: &RoomKey,
    until: Timestamp,
    limit: u32,
) -> Result<bool> {
    inbox::lock_understanding(conn).await?;
    let update = "UPDATE rooms SET status_from = $3
         WHERE app_id = $1 AND room = $2 AND (status_from IS NULL OR status_from < $3)";
    execute(conn, update, (key, until)).await?;
    let delete =
        "DELETE FROM room_status WHERE app_id = $1 AND room = $2 AND (at, what, participant) IN (
             SELECT s.at, s.what, s.participant FROM room_status s
             WHERE s.app_id = $1 AND s.room = $2 AND s.at < $3 ORDER BY s.at LIMIT $4)";
    affects_any(conn, delete, (key, until, limit)).await
}
