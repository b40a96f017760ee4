//! Presets: saved start forms of an app, and what a room's form begins with.

use reelroom_domain::{
    ids::{AppId, PresetId},
    order::{Draft, StartForm},
    preset::{Move, PresetName, PresetView, Presets},
    room::RoomId,
    time::Timestamp,
};
use sqlx::{any::AnyRow, query};

use crate::{
    Conn, StoreError,
    engine::{json, key, text},
    row::Columns,
};

/// Who changed a preset, and when.
#[derive(Debug, Clone, Copy)]
pub struct Changed<'a> {
    /// When.
    pub at: Timestamp,
    /// The account's name.
    pub by: &'a str,
}

/// Keeps a new preset, behind the others; `false`: the app has one of that name.
pub async fn insert(
    conn: &mut Conn,
    app: AppId,
    id: PresetId,
    name: &PresetName,
    draft: &Draft,
    changed: Changed<'_>,
) -> Result<bool, StoreError> {
    let form = draft.form();
    let done = query(
        "INSERT INTO presets (id, app_id, name, name_key, place, for_all, rule, path, user_data,
             kind, stop_after, stop_at_end, changed_at, changed_by)
         SELECT $1, $2, $3, $4, COALESCE(MAX(place), 0) + 1, 0, $5, $6, $7, $8, $9, $10, $11, $12
         FROM presets WHERE app_id = $2
         ON CONFLICT (app_id, name_key) DO NOTHING",
    )
    .bind(id.to_string())
    .bind(app.to_string())
    .bind(text(name.as_str()))
    .bind(key(name.as_str()))
    .bind(text(&form.rule))
    .bind(text(&form.path))
    .bind(text(&form.user_data))
    .bind(text(&form.kind))
    .bind(text(&form.stop_after))
    .bind(i64::from(form.stop_at_end))
    .bind(changed.at.as_millis())
    .bind(changed.by)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Puts another form into a preset; `false`: there is none of that id.
pub async fn overwrite(
    conn: &mut Conn,
    app: AppId,
    id: PresetId,
    draft: &Draft,
    changed: Changed<'_>,
) -> Result<bool, StoreError> {
    let form = draft.form();
    let done = query(
        "UPDATE presets SET rule = $3, path = $4, user_data = $5, kind = $6, stop_after = $7,
             stop_at_end = $8, changed_at = $9, changed_by = $10
         WHERE app_id = $1 AND id = $2",
    )
    .bind(app.to_string())
    .bind(id.to_string())
    .bind(text(&form.rule))
    .bind(text(&form.path))
    .bind(text(&form.user_data))
    .bind(text(&form.kind))
    .bind(text(&form.stop_after))
    .bind(i64::from(form.stop_at_end))
    .bind(changed.at.as_millis())
    .bind(changed.by)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// What came of a new name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renamed {
    /// The preset has it.
    Done,
    /// Another of the app has it.
    Taken,
    /// There is no such preset.
    Gone,
}

/// Gives a preset another name.
pub async fn rename(
    conn: &mut Conn,
    app: AppId,
    id: PresetId,
    name: &PresetName,
    changed: Changed<'_>,
) -> Result<Renamed, StoreError> {
    // The condition and not the index refuses: PostgreSQL ends a transaction that an index refused.
    let done = query(
        "UPDATE presets SET name = $3, name_key = $4, changed_at = $5, changed_by = $6
         WHERE app_id = $1 AND id = $2 AND NOT EXISTS (
             SELECT 1 FROM presets o WHERE o.app_id = $1 AND o.name_key = $4 AND o.id <> $2)",
    )
    .bind(app.to_string())
    .bind(id.to_string())
    .bind(text(name.as_str()))
    .bind(key(name.as_str()))
    .bind(changed.at.as_millis())
    .bind(changed.by)
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() > 0 {
        return Ok(Renamed::Done);
    }
    let known = exists(conn, app, id).await?;
    Ok(if known { Renamed::Taken } else { Renamed::Gone })
}

/// Forgets a preset; `false`: it was gone. Rooms that began with it begin with what is left.
pub async fn delete(conn: &mut Conn, app: AppId, id: PresetId) -> Result<bool, StoreError> {
    let done = query("DELETE FROM presets WHERE app_id = $1 AND id = $2")
        .bind(app.to_string())
        .bind(id.to_string())
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Whether the app has a preset of that id.
pub async fn exists(conn: &mut Conn, app: AppId, id: PresetId) -> Result<bool, StoreError> {
    let row = query("SELECT id FROM presets WHERE app_id = $1 AND id = $2")
        .bind(app.to_string())
        .bind(id.to_string())
        .fetch_optional(conn)
        .await?;
    Ok(row.is_some())
}

/// Puts a preset right before (up) or behind (down) another; `false`: one of them is gone.
pub async fn put(
    conn: &mut Conn,
    app: AppId,
    id: PresetId,
    step: Move,
    past: PresetId,
) -> Result<bool, StoreError> {
    let row = query("SELECT id, place FROM presets WHERE app_id = $1 AND id = $2")
        .bind(app.to_string())
        .bind(past.to_string())
        .fetch_optional(&mut *conn)
        .await?;
    let Some(row) = row else {
        return Ok(false);
    };
    let place = Columns::new(&row, "presets", "id").int("place")? + i64::from(step == Move::Down);
    query("UPDATE presets SET place = place + 1 WHERE app_id = $1 AND place >= $2")
        .bind(app.to_string())
        .bind(place)
        .execute(&mut *conn)
        .await?;
    let done = query("UPDATE presets SET place = $3 WHERE app_id = $1 AND id = $2")
        .bind(app.to_string())
        .bind(id.to_string())
        .bind(place)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Lets the form of every room begin with that preset that has no other; `None`: with none.
pub async fn set_for_all(
    conn: &mut Conn,
    app: AppId,
    id: Option<PresetId>,
) -> Result<(), StoreError> {
    // In two steps: the index lets one preset of an app be the one at each moment.
    query("UPDATE presets SET for_all = 0 WHERE app_id = $1 AND for_all = 1")
        .bind(app.to_string())
        .execute(&mut *conn)
        .await?;
    if let Some(id) = id {
        query("UPDATE presets SET for_all = 1 WHERE app_id = $1 AND id = $2")
            .bind(app.to_string())
            .bind(id.to_string())
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// Lets the room's form begin with that preset; `None`: with the one for all. The room must be
/// known.
pub async fn set_for_room(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    id: Option<PresetId>,
) -> Result<(), StoreError> {
    query("UPDATE rooms SET preset_id = $3 WHERE app_id = $1 AND room = $2")
        .bind(app.to_string())
        .bind(room.as_str())
        .bind(id.map(|id| id.to_string()))
        .execute(conn)
        .await?;
    Ok(())
}

/// The app's presets in their order, as the room sees them; at most [`Presets::MOST`].
pub async fn list(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
) -> Result<Vec<PresetView>, StoreError> {
    let rows = query(
        "SELECT p.id, p.name, p.for_all, p.rule, p.path, p.user_data, p.kind, p.stop_after,
             p.stop_at_end, CASE WHEN r.room IS NULL THEN 0 ELSE 1 END AS for_room
         FROM presets p
         LEFT JOIN rooms r ON r.app_id = p.app_id AND r.room = $2 AND r.preset_id = p.id
         WHERE p.app_id = $1 ORDER BY p.place, p.id LIMIT $3",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .bind(i64::try_from(Presets::MOST).unwrap_or(i64::MAX))
    .fetch_all(conn)
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &AnyRow) -> Result<PresetView, StoreError> {
    let row = Columns::new(row, "presets", "id");
    let name = row.text("name")?;
    Ok(PresetView {
        id: row.id("id")?,
        name: PresetName::parse(&name).map_err(|_| row.corrupt("name"))?,
        form: Draft::cut(StartForm {
            rule: row.text("rule")?,
            path: row.text("path")?,
            user_data: row.text("user_data")?,
            kind: row.text("kind")?,
            stop_after: row.text("stop_after")?,
            stop_at_end: row.flag("stop_at_end")?,
        })
        .into(),
        for_room: row.flag("for_room")?,
        for_all: row.flag("for_all")?,
    })
}

/// What the room's newest recording was started with; those that failed do not count.
pub async fn last_used(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
) -> Result<Option<Draft>, StoreError> {
    let row = query(
        "SELECT id, rule, path, user_data, kind, stop_after_ms, stop_at_end FROM recordings
         WHERE app_id = $1 AND room = $2 AND origin = 'started' AND state <> 'failed'
             AND rule IS NOT NULL
         ORDER BY requested_at DESC, id DESC LIMIT 1",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        let row = Columns::new(&row, "recordings", "id");
        let minutes = row.opt_int("stop_after_ms")?.map(|millis| millis / 60_000);
        Ok(Draft::cut(StartForm {
            rule: row.text("rule")?,
            path: row.opt_text("path")?.unwrap_or_default(),
            user_data: row.opt_text("user_data")?.unwrap_or_default(),
            kind: row.opt_text("kind")?.unwrap_or_default(),
            stop_after: minutes.map(|n| n.to_string()).unwrap_or_default(),
            stop_at_end: row.flag("stop_at_end")?,
        }))
    })
    .transpose()
}

/// When recordings of a room were asked for or began, from `since` on, at most `limit`, newest
/// first. Those that failed made no file and do not count.
pub async fn starts(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    since: Timestamp,
    limit: u32,
) -> Result<Vec<Timestamp>, StoreError> {
    let rows = query(
        "SELECT id, requested_at FROM recordings
         WHERE app_id = $1 AND room = $2 AND requested_at >= $3 AND state <> 'failed'
         ORDER BY requested_at DESC, id DESC LIMIT $4",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .bind(since.as_millis())
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| Columns::new(row, "recordings", "id").time("requested_at"))
        .collect()
}

/// What stood in the room's form before it was filled in; what cannot be read is gone.
pub async fn form_before(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
) -> Result<Option<Draft>, StoreError> {
    let row = query("SELECT room, form_before FROM rooms WHERE app_id = $1 AND room = $2")
        .bind(app.to_string())
        .bind(room.as_str())
        .fetch_optional(conn)
        .await?;
    let kept = row
        .map(|row| Columns::new(&row, "rooms", "room").opt_text("form_before"))
        .transpose()?
        .flatten();
    Ok(kept
        .and_then(|kept| serde_json::from_str(&kept).ok())
        .map(Draft::cut))
}

/// Keeps what stood in the room's form before it was filled in; the room must be known.
pub async fn set_form_before(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    draft: Option<&Draft>,
) -> Result<(), StoreError> {
    query("UPDATE rooms SET form_before = $3 WHERE app_id = $1 AND room = $2")
        .bind(app.to_string())
        .bind(room.as_str())
        .bind(draft.map(|draft| json(draft.form())).transpose()?)
        .execute(conn)
        .await?;
    Ok(())
}
