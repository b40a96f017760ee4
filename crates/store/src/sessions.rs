//! Who is signed in. Only a hash of the cookie's token is kept.

use reelroom_domain::{ids::UserId, time::Timestamp};
use sqlx::{AssertSqlSafe, query};

use crate::{
    Conn, StoreError,
    row::{Columns, of},
    users::{self, User},
};

/// The hash of a session's token.
pub type TokenHash = [u8; 32];

/// Begins a session of `user`; `false` where the account has another password by now than the one
/// whose hash `user` holds.
pub async fn insert(
    conn: &mut Conn,
    token: &TokenHash,
    user: &User,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<bool, StoreError> {
    if !users::lock_password(conn, user).await? {
        return Ok(false);
    }
    query(
        "INSERT INTO sessions (token_hash, user_id, created_at, expires_at)
         VALUES ($1, $2, $3, $4)",
    )
    .bind(token.to_vec())
    .bind(user.id.to_string())
    .bind(now.as_millis())
    .bind(expires_at.as_millis())
    .execute(conn)
    .await?;
    Ok(true)
}

/// Whose session it is and when it ends, where it has not ended by `now`.
pub async fn find(
    conn: &mut Conn,
    token: &TokenHash,
    now: Timestamp,
) -> Result<Option<(User, Timestamp)>, StoreError> {
    let sql = format!(
        "SELECT {}, s.expires_at FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.token_hash = $1 AND s.expires_at > $2",
        of("u", users::COLUMNS)
    );
    let row = query(AssertSqlSafe(sql))
        .bind(token.to_vec())
        .bind(now.as_millis())
        .fetch_optional(conn)
        .await?;
    row.map(|row| {
        let expires_at = Columns::new(&row, "sessions", "id").time("expires_at")?;
        Ok((User::read(&row)?, expires_at))
    })
    .transpose()
}

/// Moves a session's end.
pub async fn extend(
    conn: &mut Conn,
    token: &TokenHash,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    query("UPDATE sessions SET expires_at = $2 WHERE token_hash = $1")
        .bind(token.to_vec())
        .bind(expires_at.as_millis())
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends a session; `false` where there is none.
pub async fn delete(conn: &mut Conn, token: &TokenHash) -> Result<bool, StoreError> {
    let done = query("DELETE FROM sessions WHERE token_hash = $1")
        .bind(token.to_vec())
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends every session of an account and returns their tokens' hashes.
pub async fn delete_of_user(conn: &mut Conn, user: UserId) -> Result<Vec<TokenHash>, StoreError> {
    let rows = query("DELETE FROM sessions WHERE user_id = $1 RETURNING token_hash")
        .bind(user.to_string())
        .fetch_all(conn)
        .await?;
    rows.iter()
        .map(|row| {
            let row = Columns::new(row, "sessions", "user_id");
            let hash = row.bytes("token_hash")?;
            hash.try_into().map_err(|_| row.corrupt("token_hash"))
        })
        .collect()
}

/// Removes the sessions that have ended; how many there were.
pub async fn delete_expired(conn: &mut Conn, now: Timestamp) -> Result<u64, StoreError> {
    let done = query("DELETE FROM sessions WHERE expires_at <= $1")
        .bind(now.as_millis())
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}
