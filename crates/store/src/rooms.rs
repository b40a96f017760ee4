//! The rooms of an app, known from meetings and recordings.

mod facts;
mod label;
mod list;
mod running;

use reelroom_domain::{
    ids::AppId,
    order::{Draft, StartForm},
    room::RoomId,
    time::Timestamp,
    view::RoomLabel,
};
use sqlx::query;

#[cfg(feature = "testing")]
pub use self::facts::untrue;
use self::label::label_of;
#[cfg(test)]
pub(crate) use self::{
    facts::SETTLE,
    list::{counts_sql, list_sql},
};
pub use self::{
    facts::{hold, settle},
    list::{Wanted, counts, list, rows},
    running::{running, running_elsewhere},
};
use crate::{
    Conn, StoreError,
    bulk::Bulk,
    engine::{key, text},
    row::Columns,
};

/// Makes a room known; nothing happens where it is.
pub async fn ensure(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    now: Timestamp,
) -> Result<(), StoreError> {
    query(
        "INSERT INTO rooms (app_id, room, room_key, first_seen_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (app_id, room) DO NOTHING",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .bind(key(room.as_str()))
    .bind(now.as_millis())
    .execute(conn)
    .await?;
    Ok(())
}

static ENSURE: Bulk = Bulk::new(
    "INSERT INTO rooms (app_id, room, room_key, first_seen_at) VALUES ",
    4,
    " ON CONFLICT (app_id, room) DO NOTHING",
);

/// As [`ensure`], for rooms that calls told of.
pub async fn ensure_many(
    conn: &mut Conn,
    rooms: &[(AppId, RoomId, Timestamp)],
) -> Result<(), StoreError> {
    for (sql, some) in ENSURE.portions(conn, rooms) {
        let insert = some.iter().fold(query(sql), |insert, (app, room, now)| {
            insert
                .bind(app.to_string())
                .bind(room.as_str().to_owned())
                .bind(key(room.as_str()))
                .bind(now.as_millis())
        });
        insert.execute(&mut *conn).await?;
    }
    Ok(())
}

/// Whether a room is known.
pub async fn is_known(conn: &mut Conn, app: AppId, room: &RoomId) -> Result<bool, StoreError> {
    let row = query("SELECT room FROM rooms WHERE app_id = $1 AND room = $2")
        .bind(app.to_string())
        .bind(room.as_str())
        .fetch_optional(conn)
        .await?;
    Ok(row.is_some())
}

/// What was last typed into a room's start form; `None`: nothing yet.
pub async fn form(conn: &mut Conn, app: AppId, room: &RoomId) -> Result<Option<Draft>, StoreError> {
    let row = query(
        "SELECT room, rule, path, user_data, kind, stop_after, stop_at_end FROM rooms
         WHERE app_id = $1 AND room = $2 AND rule IS NOT NULL",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        let row = Columns::new(&row, "rooms", "room");
        Ok(Draft::cut(StartForm {
            rule: row.text("rule")?,
            path: row.text("path")?,
            user_data: row.text("user_data")?,
            kind: row.text("kind")?,
            stop_after: row.opt_text("stop_after")?.unwrap_or_default(),
            stop_at_end: row.opt_int("stop_at_end")? == Some(1),
        }))
    })
    .transpose()
}

/// Keeps what was typed into a room's start form; the room must be known.
pub async fn set_form(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    draft: &Draft,
) -> Result<(), StoreError> {
    let form = draft.form();
    query(
        "UPDATE rooms SET rule = $3, path = $4, user_data = $5, kind = $6, stop_after = $7,
             stop_at_end = $8
         WHERE app_id = $1 AND room = $2",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .bind(text(&form.rule))
    .bind(text(&form.path))
    .bind(text(&form.user_data))
    .bind(text(&form.kind))
    .bind(text(&form.stop_after))
    .bind(i64::from(form.stop_at_end))
    .execute(conn)
    .await?;
    Ok(())
}

/// What people say of a room; nothing where it is not known.
pub async fn label(conn: &mut Conn, app: AppId, room: &RoomId) -> Result<RoomLabel, StoreError> {
    let row =
        query("SELECT room, title, starred, hidden FROM rooms WHERE app_id = $1 AND room = $2")
            .bind(app.to_string())
            .bind(room.as_str())
            .fetch_optional(conn)
            .await?;
    row.map_or_else(
        || Ok(RoomLabel::default()),
        |row| label_of(&Columns::new(&row, "rooms", "room")),
    )
}

/// Keeps what people say of a room; the room must be known.
pub async fn set_label(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    label: &RoomLabel,
) -> Result<(), StoreError> {
    query(
        "UPDATE rooms SET title = $3, title_key = $4, starred = $5, hidden = $6
         WHERE app_id = $1 AND room = $2",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .bind(text(label.title.as_str()))
    .bind(key(label.title.as_str()))
    .bind(i64::from(label.starred))
    .bind(i64::from(label.hidden))
    .execute(conn)
    .await?;
    Ok(())
}

/// How many rooms of an app are known.
pub async fn count(conn: &mut Conn, app: AppId) -> Result<u32, StoreError> {
    let row = query("SELECT COUNT(*) AS n FROM rooms WHERE app_id = $1")
        .bind(app.to_string())
        .fetch_one(conn)
        .await?;
    Columns::new(&row, "rooms", "room").count("n")
}
