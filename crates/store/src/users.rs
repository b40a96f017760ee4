//! Accounts.

use reelroom_domain::{ids::UserId, time::Timestamp, user::Role};
use sqlx::any::AnyRow;

use crate::{Conn, Result, engine::key, query::query, row::Columns, settings};

/// The setting that holds the id of the first account, so that there is only one first.
const FIRST: &str = "first_user";

/// An account.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The sign-in name as typed; unique without regard to case.
    pub name: String,
    /// The password's hash in PHC form.
    pub password_hash: String,
    /// Its role.
    pub role: Role,
    /// When it was created.
    pub created_at: Timestamp,
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// The result of an insertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inserted {
    /// The account is stored.
    Yes,
    /// There is one of that name, perhaps in another case.
    NameTaken,
}

pub(crate) const COLUMNS: &str = "id, name, password_hash, role, created_at";

impl User {
    /// Reads a row that holds [`COLUMNS`].
    pub(crate) fn read(row: &AnyRow) -> Result<Self> {
        let row = Columns::new(row, "users", "id");
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            password_hash: row.get("password_hash")?,
            role: row.get("role")?,
            created_at: row.get("created_at")?,
        })
    }
}

/// Adds an account.
pub async fn insert(conn: &mut Conn, user: &User) -> Result<Inserted> {
    let inserted = query(
        "INSERT INTO users (id, name, name_key, password_hash, role, created_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name_key) DO NOTHING",
    )
    .bind((user.id, &user.name, key(&user.name)))
    .bind((&user.password_hash, user.role, user.created_at))
    .affects_any(conn)
    .await?;
    Ok(if inserted {
        Inserted::Yes
    } else {
        Inserted::NameTaken
    })
}

/// Adds the very first account; `false` where there is one already, even one that a concurrent
/// transaction adds.
pub async fn insert_first(conn: &mut Conn, user: &User) -> Result<bool> {
    let id = user.id.to_string();
    if count(conn).await? > 0 || settings::set_if_absent(conn, FIRST, &id).await? != id {
        return Ok(false);
    }
    Ok(insert(conn, user).await? == Inserted::Yes)
}

/// The account of that name, in whatever case.
pub async fn by_name(conn: &mut Conn, name: &str) -> Result<Option<User>> {
    query(format!("SELECT {COLUMNS} FROM users WHERE name_key = $1"))
        .bind(key(name))
        .first(conn, User::read)
        .await
}

/// Every account, by name.
pub async fn list(conn: &mut Conn) -> Result<Vec<User>> {
    query(format!("SELECT {COLUMNS} FROM users ORDER BY name_key"))
        .all(conn, User::read)
        .await
}

/// Sets a password's hash; `false` where there is no such account. Its sessions stay: see
/// [`crate::sessions::delete_of_user`].
pub async fn set_password(conn: &mut Conn, id: UserId, hash: &str) -> Result<bool> {
    query("UPDATE users SET password_hash = $2 WHERE id = $1")
        .bind((id, hash))
        .affects_any(conn)
        .await
}

/// Locks the account until the end of the transaction; `false` where it is gone, or its password is no
/// longer the one whose hash `user` holds. A concurrent change of the password waits, and then sees
/// what this transaction has written.
pub(crate) async fn lock_password(conn: &mut Conn, user: &User) -> Result<bool> {
    query("UPDATE users SET password_hash = password_hash WHERE id = $1 AND password_hash = $2")
        .bind((user.id, &user.password_hash))
        .affects_any(conn)
        .await
}

/// The number of accounts.
pub async fn count(conn: &mut Conn) -> Result<u32> {
    query("SELECT COUNT(*) AS n FROM users").count(conn).await
}
