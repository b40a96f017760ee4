//! One-time links, with which a person sets the password of an account. Only a hash of the token is stored.

use reelroom_domain::{ids::UserId, time::Timestamp};

use crate::{
    Conn, Result,
    query::{affects_any, execute, query},
    reader,
    row::Columns,
};

/// The hash of a link's token.
pub type LinkHash = [u8; 32];

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The account whose password it sets.
    pub user: UserId,
    /// The account that made it.
    pub made_by: String,
    /// When it lapses.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

impl Link {
    /// Whether it can still be used.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.used_at.is_none() && self.expires_at > now
    }
}

/// Stores a link in place of the former one of its account.
pub async fn set(conn: &mut Conn, hash: &LinkHash, link: &Link) -> Result<()> {
    query(
        "INSERT INTO links (user_id, token_hash, made_by, expires_at, used_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash,
             made_by = excluded.made_by, expires_at = excluded.expires_at, used_at = excluded.used_at",
    )
    .bind((link.user, hash, &link.made_by, link.expires_at))
    .bind(link.used_at)
    .execute(conn)
    .await
}

/// The link whose token has this hash, also one that was used or has lapsed.
pub async fn find(conn: &mut Conn, hash: &LinkHash) -> Result<Option<Link>> {
    let read = reader!(links.user_id => Link { user: user_id, made_by, expires_at, used_at });
    query("SELECT user_id, made_by, expires_at, used_at FROM links WHERE token_hash = $1")
        .bind(hash)
        .first(conn, read)
        .await
}

/// Uses a link up; `false` where it cannot be used any more.
pub async fn use_up(conn: &mut Conn, hash: &LinkHash, now: Timestamp) -> Result<bool> {
    let update = "UPDATE links SET used_at = $2
         WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2";
    affects_any(conn, update, (hash, now)).await
}

/// Deletes the link of an account, if it has one.
pub async fn delete(conn: &mut Conn, user: UserId) -> Result<()> {
    execute(conn, "DELETE FROM links WHERE user_id = $1", user).await
}

/// Deletes the unused link of an account. A used one stays, so that its page can say that it was used.
pub async fn close(conn: &mut Conn, user: UserId) -> Result<()> {
    let delete = "DELETE FROM links WHERE user_id = $1 AND used_at IS NULL";
    execute(conn, delete, user).await
}

/// The accounts whose links can still be used, and when these lapse.
pub async fn open(conn: &mut Conn, now: Timestamp) -> Result<Vec<(UserId, Timestamp)>> {
    query(
        "SELECT user_id, expires_at FROM links WHERE used_at IS NULL AND expires_at > $1
         ORDER BY user_id",
    )
    .bind(now)
    .all(conn, Columns::values("links", ["user_id", "expires_at"]))
    .await
}
