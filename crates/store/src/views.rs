//! Saved views of the library.

use reelroom_domain::{
    ids::{AppId, GroupId, UserId, ViewId},
    saved_view::{SavedView, Shared, ViewRow},
};
use sqlx::any::AnyRow;

use crate::{
    Conn, Result,
    engine::key,
    fields,
    query::{execute, query},
    row::Columns,
    select::Select,
};

/// Views with the names of their owners and groups.
static VIEWS: Select<ViewRow> = Select::new(
    "v.id, v.user_id, v.app_id, v.name, v.find, v.shared, v.tab, v.created_at,
     u.name AS owner, g.name AS group_name",
    "views v JOIN users u ON u.id = v.user_id LEFT JOIN user_groups g ON g.id = v.shared",
    read,
);

fn read(row: &AnyRow) -> Result<ViewRow> {
    let row = Columns::new(row, "views", "id");
    Ok(ViewRow {
        view: fields!(row => SavedView {
            id, owner: user_id, app: app_id, name, list: find, shared, is_tab: tab, created_at
        }),
        owner: row.get("owner")?,
        group: row.get("group_name")?,
    })
}

/// Adds a view; `false`: its owner has one of that name in the app.
pub async fn insert(conn: &mut Conn, view: &SavedView) -> Result<bool> {
    query(
        "INSERT INTO views (id, user_id, app_id, name, name_key, find, shared, tab, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (user_id, app_id, name_key) DO NOTHING",
    )
    .bind((view.id, view.owner, view.app))
    .bind((&view.name, key(view.name.as_str()), &view.list))
    .bind((view.shared, view.is_tab, view.created_at))
    .affects_any(conn)
    .await
}

/// Stores the name of a view, who sees it, and whether it is a tab; `false`: its owner has another one of that name
/// in the app.
pub async fn update(conn: &mut Conn, view: &SavedView) -> Result<bool> {
    // The condition refuses a name and not the index: a violated index ends a transaction on PostgreSQL.
    query(
        "UPDATE views SET name = $4, name_key = $5, shared = $6, tab = $7
         WHERE id = $1 AND NOT EXISTS (
             SELECT 1 FROM views o
             WHERE o.user_id = $2 AND o.app_id = $3 AND o.name_key = $5 AND o.id <> $1)",
    )
    .bind((view.id, view.owner, view.app))
    .bind((&view.name, key(view.name.as_str())))
    .bind((view.shared, view.is_tab))
    .affects_any(conn)
    .await
}

/// Deletes a view.
pub async fn delete(conn: &mut Conn, id: ViewId) -> Result<()> {
    execute(conn, "DELETE FROM views WHERE id = $1", id).await
}

/// The view of that id.
pub async fn get(conn: &mut Conn, id: ViewId) -> Result<Option<ViewRow>> {
    VIEWS.first(conn, "WHERE v.id = $1", id).await
}

/// The number of views of an account in an app.
pub async fn count(conn: &mut Conn, app: AppId, owner: UserId) -> Result<u32> {
    query("SELECT COUNT(*) AS n FROM views WHERE user_id = $1 AND app_id = $2")
        .bind((owner, app))
        .count(conn)
        .await
}

/// At most `limit` views of an app: those of the account, then those shared with it; with `all_shared` also those
/// shared with any group.
pub async fn list(
    conn: &mut Conn,
    app: AppId,
    user: UserId,
    all_shared: bool,
    limit: u32,
) -> Result<Vec<ViewRow>> {
    let seen = "WHERE v.app_id = $1 AND (v.user_id = $2 OR v.shared = 'all'
             OR v.shared IN (SELECT m.group_id FROM members m WHERE m.user_id = $2)
             OR ($3 = 1 AND v.shared <> 'me'))
         ORDER BY CASE WHEN v.user_id = $2 THEN 0 ELSE 1 END, v.created_at, v.id LIMIT $4";
    VIEWS.all(conn, seen, (app, user, all_shared, limit)).await
}

/// Leaves the views that are shared with a group to their owners.
pub(crate) async fn unshare(conn: &mut Conn, group: GroupId) -> Result<()> {
    let update = "UPDATE views SET shared = $2 WHERE shared = $1";
    execute(conn, update, (group, Shared::Me)).await
}
