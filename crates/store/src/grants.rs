//! Grants: which rooms a person or a group reaches.

pub use reelroom_domain::user::Holder;
use reelroom_domain::{
    access::Grant,
    ids::{GroupId, UserId},
    room::RoomId,
};
use sqlx::any::AnyRow;

use crate::{
    Conn, Result,
    query::{affects_any, execute, query},
    row::Columns,
    value::Column,
};

fn read(row: &AnyRow) -> Result<Grant> {
    let row = Columns::new(row, "grants", "holder");
    let kind: String = row.get("kind")?;
    Ok(match kind.as_str() {
        "everything" => Grant::Everything,
        "app" => Grant::App {
            app: row.get("app_id")?,
        },
        "room" => Grant::Room {
            app: row.get("app_id")?,
            room: row.get("room")?,
        },
        "prefix" => Grant::Prefix {
            app: row.get("app_id")?,
            prefix: row.get("room")?,
        },
        _ => return Err(row.corrupt("kind")),
    })
}

/// The columns of a grant: kind, app and room.
fn columns(grant: &Grant) -> (&'static str, String, &str) {
    let app = grant.app().map(|app| app.to_string());
    let room = grant.room().map_or("", RoomId::as_str);
    (grant.kind(), app.unwrap_or_default(), room)
}

/// The grants of an account and of its groups.
pub async fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<Grant>> {
    query(
        "SELECT DISTINCT holder, kind, app_id, room FROM grants
         WHERE holder = $1 OR holder IN (SELECT group_id FROM members WHERE user_id = $1)
         ORDER BY kind, app_id, room",
    )
    .bind(user)
    .all(conn, read)
    .await
}

/// The grants of all accounts, without those of their groups.
pub async fn of_users(conn: &mut Conn) -> Result<Vec<(UserId, Grant)>> {
    of_all(conn, "users").await
}

/// The grants of all groups.
pub async fn of_groups(conn: &mut Conn) -> Result<Vec<(GroupId, Grant)>> {
    of_all(conn, "user_groups").await
}

/// The grants of all holders in a table.
async fn of_all<H: Column>(conn: &mut Conn, table: &'static str) -> Result<Vec<(H, Grant)>> {
    query(format!(
        "SELECT g.holder, g.kind, g.app_id, g.room FROM grants g JOIN {table} h ON h.id = g.holder
         ORDER BY g.holder, g.kind, g.app_id, g.room"
    ))
    .all(conn, |row| {
        let holder = Columns::new(row, "grants", "holder").get("holder")?;
        Ok((holder, read(row)?))
    })
    .await
}

/// Adds a grant; `false` where the holder has it already.
pub async fn add(conn: &mut Conn, holder: Holder, grant: &Grant) -> Result<bool> {
    let (kind, app, room) = columns(grant);
    let insert = "INSERT INTO grants (holder, kind, app_id, room) VALUES ($1, $2, $3, $4)
         ON CONFLICT (holder, kind, app_id, room) DO NOTHING";
    affects_any(conn, insert, (holder.id(), kind, app, room)).await
}

/// Takes a grant away; `false` where the holder has none such.
pub async fn remove(conn: &mut Conn, holder: Holder, grant: &Grant) -> Result<bool> {
    let (kind, app, room) = columns(grant);
    let delete = "DELETE FROM grants WHERE holder = $1 AND kind = $2 AND app_id = $3 AND room = $4";
    affects_any(conn, delete, (holder.id(), kind, app, room)).await
}

/// Takes all grants of a holder away.
pub async fn remove_all(conn: &mut Conn, holder: Holder) -> Result<()> {
    execute(conn, "DELETE FROM grants WHERE holder = $1", holder.id()).await
}
