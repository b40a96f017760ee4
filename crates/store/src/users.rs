//! Accounts of ours.

use reelroom_domain::{ids::UserId, time::Timestamp, user::Role};
use sqlx::{AssertSqlSafe, Row, any::AnyRow, query};

use crate::{
    Conn, StoreError,
    engine::{key, text},
    row::Columns,
    settings,
};

/// The name under which the first account's id is kept, so that there is only one first.
const FIRST: &str = "first_user";

/// An account.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The sign-in name as it was typed; unique without regard to case.
    pub name: String,
    /// The password's hash in PHC form.
    pub password_hash: String,
    /// What it may do.
    pub role: Role,
    /// When it was made.
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

/// What became of a new account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inserted {
    /// It is there now.
    Yes,
    /// There is one of that name, perhaps in other letters' case.
    NameTaken,
}

pub(crate) const COLUMNS: &str = "id, name, password_hash, role, created_at";

impl User {
    /// Reads a row that holds [`COLUMNS`].
    pub(crate) fn read(row: &AnyRow) -> Result<Self, StoreError> {
        let row = Columns::new(row, "users", "id");
        Ok(Self {
            id: row.id("id")?,
            name: row.text("name")?,
            password_hash: row.text("password_hash")?,
            role: row.word("role", Role::parse)?,
            created_at: row.time("created_at")?,
        })
    }
}

/// Adds an account.
pub async fn insert(conn: &mut Conn, user: &User) -> Result<Inserted, StoreError> {
    let done = query(
        "INSERT INTO users (id, name, name_key, password_hash, role, created_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name_key) DO NOTHING",
    )
    .bind(user.id.to_string())
    .bind(text(&user.name))
    .bind(key(&user.name))
    .bind(&user.password_hash)
    .bind(user.role.as_str())
    .bind(user.created_at.as_millis())
    .execute(conn)
    .await?;
    Ok(if done.rows_affected() == 1 {
        Inserted::Yes
    } else {
        Inserted::NameTaken
    })
}

/// Adds the very first account; `false` where there is one already, or somebody else was faster.
pub async fn insert_first(conn: &mut Conn, user: &User) -> Result<bool, StoreError> {
    let id = user.id.to_string();
    if count(conn).await? > 0 || settings::set_if_absent(conn, FIRST, &id).await? != id {
        return Ok(false);
    }
    Ok(insert(conn, user).await? == Inserted::Yes)
}

/// The account of that name, in whatever case.
pub async fn by_name(conn: &mut Conn, name: &str) -> Result<Option<User>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE name_key = $1");
    let row = query(AssertSqlSafe(sql))
        .bind(key(name))
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(User::read).transpose()
}

/// The account of that id.
pub async fn by_id(conn: &mut Conn, id: UserId) -> Result<Option<User>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE id = $1");
    let row = query(AssertSqlSafe(sql))
        .bind(id.to_string())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(User::read).transpose()
}

/// Every account, by name.
pub async fn list(conn: &mut Conn) -> Result<Vec<User>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM users ORDER BY name_key");
    let rows = query(AssertSqlSafe(sql)).fetch_all(conn).await?;
    rows.iter().map(User::read).collect()
}

/// Sets a password's hash; `false` where there is no such account. Its sessions go on: see
/// [`crate::sessions::delete_of_user`].
pub async fn set_password(conn: &mut Conn, id: UserId, hash: &str) -> Result<bool, StoreError> {
    let done = query("UPDATE users SET password_hash = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(hash)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Locks the account until the end of the transaction; `false` where it is gone, or has another
/// password by now than the one whose hash `user` holds. Whoever changes the password meanwhile
/// waits, and then finds what this transaction has written.
pub(crate) async fn lock_password(conn: &mut Conn, user: &User) -> Result<bool, StoreError> {
    let done = query(
        "UPDATE users SET password_hash = password_hash WHERE id = $1 AND password_hash = $2",
    )
    .bind(user.id.to_string())
    .bind(&user.password_hash)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// How many accounts there are.
pub async fn count(conn: &mut Conn) -> Result<u32, StoreError> {
    let row = query("SELECT COUNT(*) AS n FROM users")
        .fetch_one(conn)
        .await?;
    Ok(u32::try_from(row.try_get::<i64, _>("n")?).unwrap_or(u32::MAX))
}
