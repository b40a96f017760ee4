//! Sessions of signed-in accounts. Only a hash of the cookie's token is stored.

use reelroom_domain::{ids::UserId, time::Timestamp};

use crate::{
    Conn, Result,
    query::query,
    row::{Columns, of},
    users::{self, User},
};

/// The hash of a session's token.
pub type TokenHash = [u8; 32];

/// Begins a session of `user`; `false` where the account's password is no longer the one whose hash
/// `user` holds.
pub async fn insert(
    conn: &mut Conn,
    token: &TokenHash,
    user: &User,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<bool> {
    if !users::lock_password(conn, user).await? {
        return Ok(false);
    }
    query(
        "INSERT INTO sessions (token_hash, user_id, created_at, expires_at)
         VALUES ($1, $2, $3, $4)",
    )
    .bind((token, user.id, now, expires_at))
    .execute(conn)
    .await?;
    Ok(true)
}

/// The account of a session that has not expired by `now`, and when the session expires.
pub async fn find(
    conn: &mut Conn,
    token: &TokenHash,
    now: Timestamp,
) -> Result<Option<(User, Timestamp)>> {
    query(format!(
        "SELECT {}, s.expires_at FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.token_hash = $1 AND s.expires_at > $2",
        of("u", users::COLUMNS)
    ))
    .bind((token, now))
    .first(conn, |row| {
        let expires_at = Columns::new(row, "sessions", "id").get("expires_at")?;
        Ok((User::read(row)?, expires_at))
    })
    .await
}

/// Moves a session's expiry.
pub async fn extend(conn: &mut Conn, token: &TokenHash, expires_at: Timestamp) -> Result<()> {
    query("UPDATE sessions SET expires_at = $2 WHERE token_hash = $1")
        .bind((token, expires_at))
        .execute(conn)
        .await
}

/// Ends a session; `false` where there is none.
pub async fn delete(conn: &mut Conn, token: &TokenHash) -> Result<bool> {
    query("DELETE FROM sessions WHERE token_hash = $1")
        .bind(token)
        .affects_any(conn)
        .await
}

/// Ends every session of an account and returns the hashes of their tokens.
pub async fn delete_of_user(conn: &mut Conn, user: UserId) -> Result<Vec<TokenHash>> {
    query("DELETE FROM sessions WHERE user_id = $1 RETURNING token_hash")
        .bind(user)
        .all(conn, |row| {
            Columns::new(row, "sessions", "user_id").get("token_hash")
        })
        .await
}

/// Removes the expired sessions and returns their number.
pub async fn delete_expired(conn: &mut Conn, now: Timestamp) -> Result<u64> {
    query("DELETE FROM sessions WHERE expires_at <= $1")
        .bind(now)
        .count_affected(conn)
        .await
}
