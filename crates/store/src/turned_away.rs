//! Rejected calls, counted by the address that they came from.

use reelroom_domain::time::Timestamp;
use sqlx::any::AnyRow;

use crate::{Conn, Result, query::query, row::Columns};

/// The number of addresses that are kept: those with the latest calls.
const MOST: i64 = 100;

/// The rejected calls of one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnedAway {
    /// The address.
    pub remote: String,
    /// How many calls.
    pub calls: u64,
    /// The first of them.
    pub first_at: Timestamp,
    /// The last.
    pub last_at: Timestamp,
}

impl TurnedAway {
    fn read(row: &AnyRow) -> Result<Self> {
        let row = Columns::new(row, "turned_away", "remote");
        Ok(Self {
            remote: row.get("remote")?,
            calls: row.get("calls")?,
            first_at: row.get("first_at")?,
            last_at: row.get("last_at")?,
        })
    }
}

/// Adds calls to the counts of their addresses, and removes the addresses beyond [`MOST`].
pub async fn add(conn: &mut Conn, news: &[TurnedAway]) -> Result<()> {
    for one in news {
        query(
            "INSERT INTO turned_away (remote, calls, first_at, last_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (remote) DO UPDATE SET calls = turned_away.calls + excluded.calls,
                 last_at = CASE WHEN excluded.last_at > turned_away.last_at
                     THEN excluded.last_at ELSE turned_away.last_at END",
        )
        .bind((&one.remote, one.calls, one.first_at, one.last_at))
        .execute(conn)
        .await?;
    }
    query(
        "DELETE FROM turned_away WHERE remote NOT IN (
             SELECT remote FROM turned_away ORDER BY last_at DESC, remote LIMIT $1)",
    )
    .bind(MOST)
    .execute(conn)
    .await
}

/// Every address that is kept, the one with the latest call first.
pub async fn list(conn: &mut Conn) -> Result<Vec<TurnedAway>> {
    query("SELECT remote, calls, first_at, last_at FROM turned_away ORDER BY last_at DESC, remote")
        .all(conn, TurnedAway::read)
        .await
}
