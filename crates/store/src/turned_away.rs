//! Calls that were turned away, counted by the address that they came from.

use reelroom_domain::time::Timestamp;
use sqlx::{any::AnyRow, query};

use crate::{Conn, StoreError, engine::text, row::Columns};

/// How many addresses are remembered; whoever called last is.
const MOST: i64 = 100;

/// What came from one address.
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
    fn read(row: &AnyRow) -> Result<Self, StoreError> {
        let row = Columns::new(row, "turned_away", "remote");
        Ok(Self {
            remote: row.text("remote")?,
            calls: row.size("calls")?,
            first_at: row.time("first_at")?,
            last_at: row.time("last_at")?,
        })
    }
}

/// Adds calls to what is known of their address; those of addresses long ago are forgotten.
pub async fn add(conn: &mut Conn, news: &[TurnedAway]) -> Result<(), StoreError> {
    for one in news {
        query(
            "INSERT INTO turned_away (remote, calls, first_at, last_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (remote) DO UPDATE SET calls = turned_away.calls + excluded.calls,
                 last_at = CASE WHEN excluded.last_at > turned_away.last_at
                     THEN excluded.last_at ELSE turned_away.last_at END",
        )
        .bind(text(&one.remote))
        .bind(crate::row::signed(one.calls))
        .bind(one.first_at.as_millis())
        .bind(one.last_at.as_millis())
        .execute(&mut *conn)
        .await?;
    }
    query(
        "DELETE FROM turned_away WHERE remote NOT IN (
             SELECT remote FROM turned_away ORDER BY last_at DESC, remote LIMIT $1)",
    )
    .bind(MOST)
    .execute(conn)
    .await?;
    Ok(())
}

/// Every address that is remembered, whoever called last first.
pub async fn list(conn: &mut Conn) -> Result<Vec<TurnedAway>, StoreError> {
    let rows = query(
        "SELECT remote, calls, first_at, last_at FROM turned_away ORDER BY last_at DESC, remote",
    )
    .fetch_all(conn)
    .await?;
    rows.iter().map(TurnedAway::read).collect()
}
