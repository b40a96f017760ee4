//! Presets, which are saved start forms of an app, and the initial form of a room.

use reelroom_domain::{
    ids::{AppId, PresetId, RecordingId},
    order::Draft,
    preset::{Move, PresetName, PresetView, Presets},
    room::RoomId,
    time::Timestamp,
};
use sqlx::any::AnyRow;

use crate::{
    Conn, Result,
    engine::{json, key},
    fields, form,
    query::{affects_any, execute, query},
    row::Columns,
};

/// A change of a preset.
#[derive(Debug, Clone, Copy)]
pub struct Changed<'a> {
    /// When.
    pub at: Timestamp,
    /// The account's name.
    pub by: &'a str,
}

/// Appends a preset to the list; `false`: the app has one of that name.
pub async fn insert(
    conn: &mut Conn,
    app: AppId,
    id: PresetId,
    name: &PresetName,
    draft: &Draft,
    changed: Changed<'_>,
) -> Result<bool> {
    query(
        "INSERT INTO presets (id, app_id, name, name_key, place, for_all, rule, path, user_data,
             kind, stop_after, stop_at_end, changed_at, changed_by)
         SELECT $1, $2, $3, $4, COALESCE(MAX(place), 0) + 1, 0, $5, $6, $7, $8, $9, $10, $11, $12
         FROM presets WHERE app_id = $2
         ON CONFLICT (app_id, name_key) DO NOTHING",
    )
    .bind((id, app, name, key(name.as_str())))
    .bind((form::values(draft), changed.at, changed.by))
    .affects_any(conn)
    .await
}

/// Replaces the form of a preset; `false`: there is none of that id.
pub async fn overwrite(
    conn: &mut Conn,
    app: AppId,
    id: PresetId,
    draft: &Draft,
    changed: Changed<'_>,
) -> Result<bool> {
    query(
        "UPDATE presets SET rule = $3, path = $4, user_data = $5, kind = $6, stop_after = $7,
             stop_at_end = $8, changed_at = $9, changed_by = $10
         WHERE app_id = $1 AND id = $2",
    )
    .bind((app, id, form::values(draft), changed.at, changed.by))
    .affects_any(conn)
    .await
}

/// Renames a preset; `false`: there is none of that id, or another one of the app has the name.
pub async fn rename(
    conn: &mut Conn,
    app: AppId,
    id: PresetId,
    name: &PresetName,
    changed: Changed<'_>,
) -> Result<bool> {
    // The condition refuses a name and not the index: a violated index ends a transaction on PostgreSQL.
    query(
        "UPDATE presets SET name = $3, name_key = $4, changed_at = $5, changed_by = $6
         WHERE app_id = $1 AND id = $2 AND NOT EXISTS (
             SELECT 1 FROM presets o WHERE o.app_id = $1 AND o.name_key = $4 AND o.id <> $2)",
    )
    .bind((app, id, name, key(name.as_str())))
    .bind((changed.at, changed.by))
    .affects_any(conn)
    .await
}

/// Deletes a preset; `false`: there is none. Rooms whose form began with it have no preset of their own
/// then.
pub async fn delete(conn: &mut Conn, app: AppId, id: PresetId) -> Result<bool> {
    let delete = "DELETE FROM presets WHERE app_id = $1 AND id = $2";
    affects_any(conn, delete, (app, id)).await
}

/// Whether the app has a preset of that id.
pub async fn exists(conn: &mut Conn, app: AppId, id: PresetId) -> Result<bool> {
    query("SELECT id FROM presets WHERE app_id = $1 AND id = $2")
        .bind((app, id))
        .exists(conn)
        .await
}

/// Moves a preset right before (up) or behind (down) another; `false`: one of them is gone.
pub async fn move_past(
    conn: &mut Conn,
    app: AppId,
    id: PresetId,
    step: Move,
    past: PresetId,
) -> Result<bool> {
    let place: Option<i64> = query("SELECT place FROM presets WHERE app_id = $1 AND id = $2")
        .bind((app, past))
        .first(conn, Columns::value("presets", "place"))
        .await?;
    let Some(place) = place else {
        return Ok(false);
    };
    let place = place + i64::from(step == Move::Down);
    let update = "UPDATE presets SET place = place + 1 WHERE app_id = $1 AND place >= $2";
    execute(conn, update, (app, place)).await?;
    let update = "UPDATE presets SET place = $3 WHERE app_id = $1 AND id = $2";
    affects_any(conn, update, (app, id, place)).await
}

/// Sets the preset of all rooms that have none of their own; `None`: there is none.
pub async fn set_for_all(conn: &mut Conn, app: AppId, id: Option<PresetId>) -> Result<()> {
    // In two steps: the unique index allows one such preset of an app at each moment.
    query("UPDATE presets SET for_all = 0 WHERE app_id = $1 AND for_all = 1")
        .bind(app)
        .execute(conn)
        .await?;
    let update = "UPDATE presets SET for_all = 1 WHERE app_id = $1 AND id = $2";
    execute(conn, update, (app, id)).await
}

/// Sets the preset of a room; `None`: the one of all rooms. The room must be known.
pub async fn set_for_room(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    id: Option<PresetId>,
) -> Result<()> {
    let update = "UPDATE rooms SET preset_id = $3 WHERE app_id = $1 AND room = $2";
    execute(conn, update, (app, room, id)).await
}

/// The presets of the app in their order, as shown in a room; at most [`Presets::MOST`].
pub async fn list(conn: &mut Conn, app: AppId, room: &RoomId) -> Result<Vec<PresetView>> {
    query(
        "SELECT p.id, p.name, p.for_all, p.rule, p.path, p.user_data, p.kind, p.stop_after,
             p.stop_at_end, CASE WHEN r.room IS NULL THEN 0 ELSE 1 END AS for_room
         FROM presets p
         LEFT JOIN rooms r ON r.app_id = p.app_id AND r.room = $2 AND r.preset_id = p.id
         WHERE p.app_id = $1 ORDER BY p.place, p.id LIMIT $3",
    )
    .bind((app, room, Presets::MOST))
    .all(conn, read)
    .await
}

fn read(row: &AnyRow) -> Result<PresetView> {
    let row = Columns::new(row, "presets", "id");
    Ok(fields!(row => PresetView { id, name, for_room, for_all, form = form::read(&row)?.into() }))
}

/// The columns of the form that a recording was started with.
const SENT: &str = "id, rule, path, user_data, kind, stop_at_end,
    CAST(stop_after_ms / 60000 AS TEXT) AS stop_after";

/// The form with which the newest recording of a room was started, without those that failed.
pub async fn last_used(conn: &mut Conn, app: AppId, room: &RoomId) -> Result<Option<Draft>> {
    query(format!(
        "SELECT {SENT} FROM recordings
         WHERE app_id = $1 AND room = $2 AND origin = 'started' AND state <> 'failed'
             AND rule IS NOT NULL
         ORDER BY requested_at DESC, id DESC LIMIT 1"
    ))
    .bind((app, room))
    .first(conn, |row| {
        form::read(&Columns::new(row, "recordings", "id"))
    })
    .await
}

/// The rules, rooms and composites' names of recordings whose rule has `{time}`, the newest first, among
/// the last 200 recordings of an app.
pub async fn names_with_time(conn: &mut Conn, app: AppId) -> Result<Vec<(String, RoomId, String)>> {
    query(
        "SELECT r.id, r.rule, r.room, f.name FROM (
             SELECT id, rule, room, requested_at FROM recordings
             WHERE app_id = $1 AND state <> 'failed'
             ORDER BY requested_at DESC, id DESC LIMIT 200) r
         JOIN files f ON f.recording_id = r.id AND f.kind = 'composite'
         WHERE r.rule LIKE '%{time}%' ORDER BY r.requested_at DESC, r.id DESC",
    )
    .bind(app)
    .all(conn, |row| {
        let row = Columns::new(row, "recordings", "id");
        Ok((row.get("rule")?, row.get("room")?, row.get("name")?))
    })
    .await
}

/// The form that a recording was started with.
pub async fn sent_form(conn: &mut Conn, id: RecordingId) -> Result<Option<Draft>> {
    query(format!("SELECT {SENT} FROM recordings WHERE id = $1"))
        .bind(id)
        .first(conn, |row| {
            form::read(&Columns::new(row, "recordings", "id"))
        })
        .await
}

/// When recordings of a room were requested, from `since` on, at most `limit`, newest first. Those that
/// failed made no file and do not count.
pub async fn starts(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    since: Timestamp,
    limit: u32,
) -> Result<Vec<Timestamp>> {
    query(
        "SELECT requested_at FROM recordings
         WHERE app_id = $1 AND room = $2 AND requested_at >= $3 AND state <> 'failed'
         ORDER BY requested_at DESC, id DESC LIMIT $4",
    )
    .bind((app, room, since, limit))
    .all(conn, Columns::value("recordings", "requested_at"))
    .await
}

/// The content of a room's form before a preset filled it in; `None` also where it cannot be read.
pub async fn form_before(conn: &mut Conn, app: AppId, room: &RoomId) -> Result<Option<Draft>> {
    let stored = query("SELECT form_before FROM rooms WHERE app_id = $1 AND room = $2")
        .bind((app, room))
        .first(
            conn,
            Columns::value::<Option<String>>("rooms", "form_before"),
        )
        .await?;
    let form = stored
        .flatten()
        .and_then(|stored| serde_json::from_str(&stored).ok());
    Ok(form.map(Draft::cut))
}

/// Stores the content of a room's form before a preset filled it in; the room must be known.
pub async fn set_form_before(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    draft: Option<&Draft>,
) -> Result<()> {
    let form = draft.map(|draft| json(draft.form())).transpose()?;
    let update = "UPDATE rooms SET form_before = $3 WHERE app_id = $1 AND room = $2";
    execute(conn, update, (app, room, form)).await
}
