//! The rooms of an app, known from meetings and recordings.

mod facts;
mod label;
mod list;
mod running;

use reelroom_domain::{
    ids::{AppId, RecordingId},
    order::Draft,
    room::RoomId,
    time::Timestamp,
    view::RoomLabel,
};

#[cfg(feature = "testing")]
pub use self::facts::stale;
use self::label::label_of;
#[cfg(test)]
pub(crate) use self::{
    facts::UPDATE,
    list::{counts_sql, list_sql},
    running::running_sql,
};
pub use self::{
    facts::{lock, update_facts},
    list::{Search, Wanted, counts, list, not_ascii},
    running::running,
};
use crate::{
    Conn, Result, Scope,
    bulk::Bulk,
    engine::key,
    form,
    query::{execute, query},
    reader,
    row::Columns,
    stale,
};

/// Inserts a room unless it is known.
pub async fn ensure(conn: &mut Conn, app: AppId, room: &RoomId, now: Timestamp) -> Result<()> {
    ensure_many(conn, &[(app, room.clone(), now)]).await
}

/// As [`ensure`], for many rooms.
pub async fn ensure_many(conn: &mut Conn, rooms: &[(AppId, RoomId, Timestamp)]) -> Result<()> {
    static ENSURE: Bulk = Bulk::new(
        "INSERT INTO rooms (app_id, room, room_key, first_seen_at) VALUES {}
         ON CONFLICT (app_id, room) DO NOTHING",
    );
    let rows = rooms
        .iter()
        .map(|(app, room, now)| (app, room, key(room.as_str()), now));
    ENSURE.execute(conn, rows).await
}

/// The last content of a room's start form; `None`: it was never filled in.
pub async fn form(conn: &mut Conn, app: AppId, room: &RoomId) -> Result<Option<Draft>> {
    query(
        "SELECT room, rule, path, user_data, kind, stop_after, stop_at_end FROM rooms
         WHERE app_id = $1 AND room = $2 AND rule IS NOT NULL",
    )
    .bind((app, room))
    .first(conn, |row| form::read(&Columns::new(row, "rooms", "room")))
    .await
}

/// Stores the content of a room's start form, or removes it; the room must be known.
pub async fn set_form(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    draft: Option<&Draft>,
) -> Result<()> {
    let Some(draft) = draft else {
        let update = "UPDATE rooms SET rule = NULL WHERE app_id = $1 AND room = $2";
        return execute(conn, update, (app, room)).await;
    };
    let update =
        "UPDATE rooms SET rule = $3, path = $4, user_data = $5, kind = $6, stop_after = $7,
             stop_at_end = $8
         WHERE app_id = $1 AND room = $2";
    execute(conn, update, (app, room, form::values(draft))).await
}

/// A known room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its label.
    pub label: RoomLabel,
    /// The recording that it shows: the active one, or else the newest one, unless that is a failed start
    /// that asks for no attention any more.
    pub recording: Option<RecordingId>,
}

/// A room; `None` where it is not known.
pub async fn get(conn: &mut Conn, app: AppId, room: &RoomId) -> Result<Option<Known>> {
    let read =
        reader!(row of rooms.room => Known { recording: recording_id, label = label_of(&row)? });
    query(
        "SELECT room, title, starred, hidden, recording_id FROM rooms
         WHERE app_id = $1 AND room = $2",
    )
    .bind((app, room))
    .first(conn, read)
    .await
}

/// Sets the label of a room; the room must be known.
pub async fn set_label(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    label: &RoomLabel,
) -> Result<()> {
    // Its recordings are found by its title.
    query(
        "INSERT INTO stale (recording_id) SELECT r.id FROM recordings r
             JOIN rooms o ON o.app_id = r.app_id AND o.room = r.room
         WHERE r.app_id = $1 AND r.room = $2 AND o.title <> $3",
    )
    .bind((app, room, &label.title))
    .execute(conn)
    .await?;
    query(
        "UPDATE rooms SET title = $3, title_key = $4, starred = $5, hidden = $6
         WHERE app_id = $1 AND room = $2",
    )
    .bind((app, room, &label.title, key(label.title.as_str())))
    .bind((label.starred, label.hidden))
    .execute(conn)
    .await
}

/// Removes a room with its failed starts; `false`, without a change, where anyRTC has reported a meeting in
/// it, or it has recordings, deleted or held ones too.
pub async fn remove_unreported(conn: &mut Conn, app: AppId, room: &RoomId) -> Result<bool> {
    let removable = query(
        "SELECT 1 AS yes FROM rooms o WHERE o.app_id = $1 AND o.room = $2
             AND NOT EXISTS (SELECT 1 FROM meetings m WHERE m.app_id = $1 AND m.room = $2)
             AND NOT EXISTS (SELECT 1 FROM recordings r
                 WHERE r.app_id = $1 AND r.room = $2 AND (r.state <> 'failed' OR r.keep <> 'kept'
                     OR EXISTS (SELECT 1 FROM holds h WHERE h.recording_id = r.id)
                     OR EXISTS (SELECT 1 FROM certificates c WHERE c.recording_id = r.id)))",
    )
    .bind((app, room))
    .exists(conn)
    .await?;
    if removable {
        stale::mark_room(conn, app, room).await?;
        for table in ["recordings", "rooms"] {
            let delete = format!("DELETE FROM {table} WHERE app_id = $1 AND room = $2");
            execute(conn, delete, (app, room)).await?;
        }
    }
    Ok(removable)
}

/// Whether anyRTC has reported a meeting in a room.
pub async fn is_reported(conn: &mut Conn, app: AppId, room: &RoomId) -> Result<bool> {
    query("SELECT 1 AS yes FROM meetings WHERE app_id = $1 AND room = $2 LIMIT 1")
        .bind((app, room))
        .exists(conn)
        .await
}

/// The number of known rooms of an app.
pub async fn count(conn: &mut Conn, scope: impl Into<Scope<'_>>) -> Result<u32> {
    let scope = scope.into();
    let within = scope.condition(conn, "room", "$2");
    query(format!(
        "SELECT COUNT(*) AS n FROM rooms WHERE app_id = $1{within}"
    ))
    .bind((scope.app, scope.value()?))
    .count(conn)
    .await
}
