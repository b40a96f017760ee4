//! Groups of accounts. They carry grants, never rights or roles.

use reelroom_domain::{
    ids::{GroupId, UserId},
    time::Timestamp,
    user::GroupName,
};
use sqlx::any::AnyRow;

use crate::{
    Conn, Result,
    engine::key,
    fields,
    grants::{self, Holder},
    query::{affects_any, query, query_over},
    row::Columns,
    select::Select,
    views,
};

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Its name; unique without regard to case.
    pub name: GroupName,
    /// The group of single sign-on whose members it has; `None`: its members are chosen by hand.
    pub claim: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
}

fn read(row: &AnyRow) -> Result<Group> {
    let row = Columns::new(row, "user_groups", "id");
    Ok(fields!(row => Group { id, name, claim, created_at }))
}

static GROUPS: Select<Group> = Select::new("id, name, claim, created_at", "user_groups", read);

/// Adds a group; `false` where there is one of that name or claim.
pub async fn insert(conn: &mut Conn, group: &Group) -> Result<bool> {
    query(
        "INSERT INTO user_groups (id, name, name_key, claim, created_at)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
    )
    .bind((group.id, &group.name, key(group.name.as_str())))
    .bind((&group.claim, group.created_at))
    .affects_any(conn)
    .await
}

/// Every group, by name.
pub async fn list(conn: &mut Conn) -> Result<Vec<Group>> {
    GROUPS.all(conn, "ORDER BY name_key", ()).await
}

/// The group of that id.
pub async fn get(conn: &mut Conn, id: GroupId) -> Result<Option<Group>> {
    GROUPS.first(conn, "WHERE id = $1", id).await
}

/// Renames a group; `false` where there is none, or another one has the name.
pub async fn rename(conn: &mut Conn, id: GroupId, name: &GroupName) -> Result<bool> {
    let update = "UPDATE user_groups SET name = $2, name_key = $3 WHERE id = $1 AND NOT EXISTS (
             SELECT 1 FROM user_groups other WHERE other.name_key = $3 AND other.id <> $1)";
    affects_any(conn, update, (id, name, key(name.as_str()))).await
}

/// The groups of an account, by name.
pub async fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<(GroupId, GroupName)>> {
    query(
        "SELECT g.id, g.name FROM user_groups g JOIN members m ON m.group_id = g.id
         WHERE m.user_id = $1 ORDER BY g.name_key",
    )
    .bind(user)
    .all(conn, Columns::values("user_groups", ["id", "name"]))
    .await
}

/// Deletes a group with its grants; views shared with it are their owners' alone. `false` where there is none.
pub async fn delete(conn: &mut Conn, id: GroupId) -> Result<bool> {
    grants::remove_all(conn, Holder::Group(id)).await?;
    views::unshare(conn, id).await?;
    affects_any(conn, "DELETE FROM user_groups WHERE id = $1", id).await
}

/// Every membership: the account, the group, and whether single sign-on says so.
pub async fn members(conn: &mut Conn) -> Result<Vec<(UserId, GroupId, bool)>> {
    query("SELECT user_id, group_id, from_claim FROM members ORDER BY group_id, user_id")
        .all(
            conn,
            Columns::values("members", ["user_id", "group_id", "from_claim"]),
        )
        .await
}

/// The members of a group.
pub async fn members_of(conn: &mut Conn, group: GroupId) -> Result<Vec<UserId>> {
    query("SELECT user_id FROM members WHERE group_id = $1 ORDER BY user_id")
        .bind(group)
        .all(conn, Columns::value("members", "user_id"))
        .await
}

/// Adds an account to a group; `false` where it is a member already.
pub async fn add_member(conn: &mut Conn, group: GroupId, user: UserId) -> Result<bool> {
    let insert = "INSERT INTO members (group_id, user_id, from_claim) VALUES ($1, $2, 0)
         ON CONFLICT (group_id, user_id) DO NOTHING";
    affects_any(conn, insert, (group, user)).await
}

/// Makes an account a member of exactly those groups of single sign-on that its claims name. Memberships by hand
/// stay. `false` where nothing changes.
pub async fn set_claimed(conn: &mut Conn, user: UserId, claims: &[String]) -> Result<bool> {
    let mut changes = false;
    for text in [
        "DELETE FROM members WHERE user_id = $2 AND from_claim = 1 AND group_id NOT IN (
             SELECT id FROM user_groups WHERE claim IN {list})",
        "INSERT INTO members (group_id, user_id, from_claim)
         SELECT id, $2, 1 FROM user_groups WHERE claim IN {list}
         ON CONFLICT (group_id, user_id) DO NOTHING",
    ] {
        let change = query_over(conn, text, claims)?.bind(user);
        changes |= change.affects_any(conn).await?;
    }
    Ok(changes)
}

/// Takes an account out of a group; `false` where it is no member.
pub async fn remove_member(conn: &mut Conn, group: GroupId, user: UserId) -> Result<bool> {
    let delete = "DELETE FROM members WHERE group_id = $1 AND user_id = $2";
    affects_any(conn, delete, (group, user)).await
}
