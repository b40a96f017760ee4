//! Sessions of signed-in accounts. Only a hash of the cookie's token is stored.

use reelroom_domain::{ids::UserId, time::Timestamp};
use sqlx::any::AnyRow;

use crate::{
    Conn, Result, fields,
    query::{affects_any, execute, query},
    row::{Columns, of},
    select::Select,
    users::{self, User},
};

/// The hash of a session's token.
pub type TokenHash = [u8; 32];

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The hash of its token.
    pub token: TokenHash,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to within five minutes.
    pub last_used_at: Timestamp,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
    /// When it ends whatever is done.
    pub ends_at: Timestamp,
    /// The address that it began from.
    pub address: Option<String>,
    /// The browser's description of itself (`User-Agent`).
    pub agent: String,
    /// Whether a second factor was asked for, by us or by single sign-on.
    pub second_factor: bool,
    /// The session of single sign-on (`sid`) that it follows.
    pub provider_session: Option<String>,
    /// The sealed token of single sign-on, with which to sign out there.
    pub id_token: Option<Vec<u8>>,
}

const COLUMNS: &str = "token_hash, created_at, last_used_at, expires_at, ends_at, address, agent,
    second_factor, provider_session, id_token";

fn read(row: &AnyRow) -> Result<Session> {
    let row = Columns::new(row, "sessions", "id");
    Ok(fields!(row => Session {
        token: token_hash, created_at, last_used_at, expires_at, ends_at, address, agent,
        second_factor, provider_session, id_token
    }))
}

/// Begins a session of `user`; `false` where the account is disabled, or its password is no longer the
/// one whose hash `user` holds.
pub async fn insert(conn: &mut Conn, user: &User, session: &Session) -> Result<bool> {
    if !users::lock_password(conn, user).await? {
        return Ok(false);
    }
    query(format!(
        "INSERT INTO sessions (user_id, {COLUMNS})
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    ))
    .bind((user.id, session.token, session.created_at))
    .bind((session.last_used_at, session.expires_at, session.ends_at))
    .bind((&session.address, &session.agent, session.second_factor))
    .bind((&session.provider_session, &session.id_token))
    .execute(conn)
    .await?;
    Ok(true)
}

/// A session that has not expired by `now`, and its account.
pub async fn find(
    conn: &mut Conn,
    token: &TokenHash,
    now: Timestamp,
) -> Result<Option<(User, Session)>> {
    query(format!(
        "SELECT {}, s.token_hash, s.created_at AS begun_at, s.last_used_at, s.expires_at, s.ends_at,
             s.address, s.agent, s.second_factor, s.provider_session, s.id_token
         FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.token_hash = $1 AND s.expires_at > $2 AND u.disabled_at IS NULL",
        of("u", users::COLUMNS)
    ))
    .bind((token, now))
    .first(conn, |row| {
        let begun_at = Columns::new(row, "sessions", "id").get("begun_at")?;
        let session = Session {
            created_at: begun_at,
            ..read(row)?
        };
        Ok((User::read(row)?, session))
    })
    .await
}

/// The sessions of an account that have not expired by `now`, the last used one first.
pub async fn of_user(conn: &mut Conn, user: UserId, now: Timestamp) -> Result<Vec<Session>> {
    static SESSIONS: Select<Session> = Select::new(COLUMNS, "sessions", read);
    let of_user = "WHERE user_id = $1 AND expires_at > $2
         ORDER BY last_used_at DESC, created_at DESC";
    SESSIONS.all(conn, of_user, (user, now)).await
}

/// The number of all sessions that have not expired by `now`.
pub async fn count(conn: &mut Conn, now: Timestamp) -> Result<u32> {
    query("SELECT COUNT(*) AS n FROM sessions WHERE expires_at > $1")
        .bind(now)
        .count(conn)
        .await
}

/// Records the use of a session, which moves its expiry.
pub async fn extend(
    conn: &mut Conn,
    token: &TokenHash,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<()> {
    let update = "UPDATE sessions SET last_used_at = $2, expires_at = $3 WHERE token_hash = $1";
    execute(conn, update, (token, now, expires_at)).await
}

/// Ends a session; `false` where there is none.
pub async fn delete(conn: &mut Conn, token: &TokenHash) -> Result<bool> {
    affects_any(conn, "DELETE FROM sessions WHERE token_hash = $1", token).await
}

/// Ends a session of this account; `false` where it has none of that token.
pub async fn delete_own(conn: &mut Conn, user: UserId, token: &TokenHash) -> Result<bool> {
    let delete = "DELETE FROM sessions WHERE user_id = $1 AND token_hash = $2";
    affects_any(conn, delete, (user, token)).await
}

/// Ends every session of an account but `except`, and returns the hashes of their tokens.
pub async fn delete_of_user(
    conn: &mut Conn,
    user: UserId,
    except: Option<&TokenHash>,
) -> Result<Vec<TokenHash>> {
    query(
        "DELETE FROM sessions WHERE user_id = $1 AND ($2 IS NULL OR token_hash <> $2)
         RETURNING token_hash",
    )
    .bind((user, except))
    .all(conn, Columns::value("sessions", "token_hash"))
    .await
}

/// Ends the sessions that began with a password, but for those of `except`, and returns the hashes of their
/// tokens.
pub async fn delete_by_password(conn: &mut Conn, except: [UserId; 2]) -> Result<Vec<TokenHash>> {
    let [one, other] = except;
    query(
        "DELETE FROM sessions WHERE provider_session IS NULL AND user_id NOT IN ($1, $2)
         RETURNING token_hash",
    )
    .bind((one, other))
    .all(conn, Columns::value("sessions", "token_hash"))
    .await
}

/// Ends the sessions that follow a session of single sign-on and have begun by then, and returns their accounts and
/// the hashes of their tokens.
pub async fn delete_of_provider(
    conn: &mut Conn,
    session: &str,
    begun_by: Timestamp,
) -> Result<Vec<(UserId, TokenHash)>> {
    query(
        "DELETE FROM sessions WHERE provider_session = $1 AND created_at <= $2
         RETURNING user_id, token_hash",
    )
    .bind((session, begun_by))
    .all(conn, Columns::values("sessions", ["user_id", "token_hash"]))
    .await
}

/// Removes the expired sessions and returns their number.
pub async fn delete_expired(conn: &mut Conn, now: Timestamp) -> Result<u64> {
    query("DELETE FROM sessions WHERE expires_at <= $1")
        .bind(now)
        .count_affected(conn)
        .await
}
