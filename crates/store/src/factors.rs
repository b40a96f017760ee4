//! Second factors of accounts: the key of an authenticator app, and recovery codes.

use reelroom_domain::{ids::UserId, time::Timestamp};

use crate::{
    Conn, Result,
    bulk::Bulk,
    query::{affects_any, execute, query},
    reader,
    row::Columns,
};

/// The hash of a recovery code.
pub type CodeHash = [u8; 32];

/// A second factor that is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// The sealed key.
    pub key: Vec<u8>,
    /// When it was confirmed by a first code.
    pub since: Timestamp,
    /// The last step of time whose code was used.
    pub step: i64,
}

/// A recovery code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryCode {
    /// Its hash.
    pub hash: CodeHash,
    /// When it was used.
    pub used_at: Option<Timestamp>,
    /// The address that it was used from, if known.
    pub used_from: Option<String>,
}

/// The second factor of an account; `None` where it is off.
pub async fn get(conn: &mut Conn, user: UserId) -> Result<Option<Factor>> {
    let read = reader!(users.id => Factor { key: totp, since: totp_at, step: totp_step });
    query("SELECT id, totp, totp_at, totp_step FROM users WHERE id = $1 AND totp_at IS NOT NULL")
        .bind(user)
        .first(conn, read)
        .await
}

/// The accounts that have a second factor, and since when.
pub async fn since(conn: &mut Conn) -> Result<Vec<(UserId, Timestamp)>> {
    query("SELECT id, totp_at FROM users WHERE totp_at IS NOT NULL")
        .all(conn, Columns::values("users", ["id", "totp_at"]))
        .await
}

/// Switches a second factor on, or replaces its key.
pub async fn set(conn: &mut Conn, user: UserId, factor: &Factor) -> Result<()> {
    let update = "UPDATE users SET totp = $2, totp_at = $3, totp_step = $4 WHERE id = $1";
    execute(conn, update, (user, &factor.key, factor.since, factor.step)).await
}

/// Switches a second factor off, and deletes its recovery codes; `false` where it was off.
pub async fn remove(conn: &mut Conn, user: UserId) -> Result<bool> {
    set_codes(conn, user, &[]).await?;
    let update = "UPDATE users SET totp = NULL, totp_at = NULL, totp_step = 0
         WHERE id = $1 AND totp_at IS NOT NULL";
    affects_any(conn, update, user).await
}

/// Records that the code of `step` is used. `false` where it was used before, or a later one was, or the
/// account has another key by now than `factor`.
pub async fn use_step(conn: &mut Conn, user: UserId, factor: &Factor, step: i64) -> Result<bool> {
    let update = "UPDATE users SET totp_step = $3 WHERE id = $1 AND totp = $2 AND totp_step < $3";
    affects_any(conn, update, (user, &factor.key, step)).await
}

/// The recovery codes of an account, used and unused, by their hashes.
pub async fn codes(conn: &mut Conn, user: UserId) -> Result<Vec<RecoveryCode>> {
    let read =
        reader!(recovery_codes.user_id => RecoveryCode { hash: code_hash, used_at, used_from });
    query(
        "SELECT user_id, code_hash, used_at, used_from FROM recovery_codes WHERE user_id = $1
         ORDER BY code_hash",
    )
    .bind(user)
    .all(conn, read)
    .await
}

/// Replaces the recovery codes of an account.
pub async fn set_codes(conn: &mut Conn, user: UserId, codes: &[CodeHash]) -> Result<()> {
    static INSERT: Bulk = Bulk::new("INSERT INTO recovery_codes (user_id, code_hash) VALUES {}");
    execute(conn, "DELETE FROM recovery_codes WHERE user_id = $1", user).await?;
    INSERT
        .execute(conn, codes.iter().map(|code| (user, code)))
        .await
}

/// Records the use of a recovery code; `false` where there is none, or it was used before.
pub async fn use_code(
    conn: &mut Conn,
    user: UserId,
    code: &CodeHash,
    now: Timestamp,
    from: Option<&str>,
) -> Result<bool> {
    let update = "UPDATE recovery_codes SET used_at = $3, used_from = $4
         WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL";
    affects_any(conn, update, (user, code, now, from)).await
}
