//! Accounts.

use reelroom_domain::{
    access::Rights,
    account::{Choice, Preference, Preferences},
    ids::UserId,
    time::Timestamp,
    user::{PersonName, Role},
};
use sqlx::any::AnyRow;

use crate::{
    Conn, Result,
    engine::key,
    fields,
    query::{affects_any, execute, query},
    reader,
    row::Columns,
    select::Select,
    settings,
};

/// The setting that holds the id of the first account, so that there is only one first.
const FIRST: &str = "first_user";

/// An account.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The sign-in name as typed; unique without regard to case.
    pub name: String,
    /// The person's name, as others see it.
    pub person: PersonName,
    /// The password's hash in PHC form; `None` until one is set.
    pub password_hash: Option<String>,
    /// When the password was set.
    pub password_at: Option<Timestamp>,
    /// Its role.
    pub role: Role,
    /// Its rights beside the role.
    pub rights: Rights,
    /// When it was created.
    pub created_at: Timestamp,
    /// The account that created it, or `single sign-on`; empty for the first one and those of the command line.
    pub created_by: String,
    /// Since when it cannot sign in.
    pub disabled_at: Option<Timestamp>,
    /// When a session of it was last used, to within five minutes.
    pub last_seen_at: Option<Timestamp>,
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

pub(crate) const COLUMNS: &str =
    "id, name, person, password_hash, password_at, role, rights, created_at,
    created_by, disabled_at, last_seen_at";

impl User {
    /// Reads a row that holds [`COLUMNS`].
    pub(crate) fn read(row: &AnyRow) -> Result<Self> {
        let row = Columns::new(row, "users", "id");
        let hash: String = row.get("password_hash")?;
        Ok(fields!(row => Self {
            id, name, person, password_at, role, rights, created_at, created_by, disabled_at,
            last_seen_at,
            password_hash = Some(hash).filter(|hash| !hash.is_empty())
        }))
    }
}

static USERS: Select<User> = Select::new(COLUMNS, "users", User::read);

/// The value of the column `password_hash`, which is empty where there is none.
fn hash_or_empty(user: &User) -> &str {
    user.password_hash.as_deref().unwrap_or_default()
}

/// Adds an account; `false` where there is one of that name, in whatever case.
pub async fn insert(conn: &mut Conn, user: &User) -> Result<bool> {
    query(
        "INSERT INTO users (id, name, name_key, person, password_hash, password_at, role, rights,
             created_at, created_by, disabled_at, last_seen_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (name_key) DO NOTHING",
    )
    .bind((user.id, &user.name, key(&user.name), &user.person))
    .bind((hash_or_empty(user), user.password_at))
    .bind((user.role, &user.rights, user.created_at, &user.created_by))
    .bind((user.disabled_at, user.last_seen_at))
    .affects_any(conn)
    .await
}

/// Adds the very first account; `false` where there is one already, even one that a concurrent
/// transaction adds.
pub async fn insert_first(conn: &mut Conn, user: &User) -> Result<bool> {
    let id = user.id.to_string();
    if count(conn).await? > 0 || settings::set_if_absent(conn, FIRST, &id).await? != id {
        return Ok(false);
    }
    insert(conn, user).await
}

/// The account of that name, in whatever case.
pub async fn by_name(conn: &mut Conn, name: &str) -> Result<Option<User>> {
    USERS.first(conn, "WHERE name_key = $1", key(name)).await
}

/// The account of that id.
pub async fn get(conn: &mut Conn, id: UserId) -> Result<Option<User>> {
    USERS.first(conn, "WHERE id = $1", id).await
}

/// The account of a subject of single sign-on, which its issuer names for all time.
pub async fn by_subject(conn: &mut Conn, issuer: &str, subject: &str) -> Result<Option<User>> {
    let named = "WHERE issuer = $1 AND subject = $2";
    USERS.first(conn, named, (issuer, subject)).await
}

/// Binds an account to a subject of single sign-on; an error where the subject has an account.
pub async fn set_subject(conn: &mut Conn, id: UserId, issuer: &str, subject: &str) -> Result<bool> {
    let update = "UPDATE users SET issuer = $2, subject = $3 WHERE id = $1";
    affects_any(conn, update, (id, issuer, subject)).await
}

/// Every account, by name.
pub async fn list(conn: &mut Conn) -> Result<Vec<User>> {
    USERS.all(conn, "ORDER BY name_key", ()).await
}

/// Sets a password's hash; `false` where there is no such account. Its sessions stay: see
/// [`crate::sessions::delete_of_user`].
pub async fn set_password(conn: &mut Conn, id: UserId, hash: &str, now: Timestamp) -> Result<bool> {
    let update = "UPDATE users SET password_hash = $2, password_at = $3 WHERE id = $1";
    affects_any(conn, update, (id, hash, now)).await
}

/// Replaces the password's hash that `user` holds; `false` where the account is disabled, or has another
/// one by now. Its sessions stay.
pub async fn replace_password(
    conn: &mut Conn,
    user: &User,
    hash: &str,
    now: Timestamp,
) -> Result<bool> {
    let update = "UPDATE users SET password_hash = $3, password_at = $4
         WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL";
    affects_any(conn, update, (user.id, hash_or_empty(user), hash, now)).await
}

/// The choices of an account for all its devices.
pub async fn preferences(conn: &mut Conn, id: UserId) -> Result<Preferences> {
    let read = reader!(users.id => Preferences { language, theme, zone });
    let found = query("SELECT id, language, theme, zone FROM users WHERE id = $1")
        .bind(id)
        .first(conn, read)
        .await?;
    Ok(found.unwrap_or_default())
}

/// Sets one of these choices; `None`: as the browser or the device has it.
pub async fn set_preference(
    conn: &mut Conn,
    id: UserId,
    what: Preference,
    choice: Option<&Choice>,
) -> Result<()> {
    let column = match what {
        Preference::Language => "language",
        Preference::Theme => "theme",
        Preference::Zone => "zone",
    };
    let update = format!("UPDATE users SET {column} = $2 WHERE id = $1");
    execute(conn, update, (id, choice)).await
}

/// Sets what others see of an account and what it may do; `false` where there is no such account. Its
/// sessions stay: see [`crate::sessions::delete_of_user`].
pub async fn set_access(
    conn: &mut Conn,
    id: UserId,
    person: &PersonName,
    role: Role,
    rights: &Rights,
) -> Result<bool> {
    let update = "UPDATE users SET person = $2, role = $3, rights = $4 WHERE id = $1";
    affects_any(conn, update, (id, person, role, rights)).await
}

/// Disables an account, or enables it with `None`; `false` where there is no such account.
pub async fn set_disabled(conn: &mut Conn, id: UserId, at: Option<Timestamp>) -> Result<bool> {
    let update = "UPDATE users SET disabled_at = $2 WHERE id = $1";
    affects_any(conn, update, (id, at)).await
}

/// Records that a session of the account was used.
pub async fn set_seen(conn: &mut Conn, id: UserId, now: Timestamp) -> Result<()> {
    let update = "UPDATE users SET last_seen_at = $2 WHERE id = $1";
    execute(conn, update, (id, now)).await
}

/// Locks the account until the end of the transaction; `false` where it is gone or disabled, or its
/// password is no longer the one whose hash `user` holds. A concurrent change of the password waits, and
/// then sees what this transaction has written.
pub(crate) async fn lock_password(conn: &mut Conn, user: &User) -> Result<bool> {
    let update = "UPDATE users SET password_hash = password_hash
         WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL";
    affects_any(conn, update, (user.id, hash_or_empty(user))).await
}

/// The number of administrators that could act: enabled, and seen at least once. Locks all
/// administrators until the end of the transaction, so that two changes at once cannot take the last one.
pub async fn count_acting_admins(conn: &mut Conn) -> Result<u32> {
    let update = "UPDATE users SET role = role WHERE role = 'admin'";
    execute(conn, update, ()).await?;
    query(
        "SELECT COUNT(*) AS n FROM users
         WHERE role = 'admin' AND disabled_at IS NULL AND last_seen_at IS NOT NULL",
    )
    .count(conn)
    .await
}

/// The number of accounts.
pub async fn count(conn: &mut Conn) -> Result<u32> {
    query("SELECT COUNT(*) AS n FROM users").count(conn).await
}
