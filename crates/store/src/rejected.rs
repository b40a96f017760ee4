//! Rejected calls, counted by the address that they came from.

use reelroom_domain::intake::RejectedFrom;

use crate::{
    Conn, Result,
    query::{execute, query},
    reader,
};

/// The number of addresses that are kept: those with the latest calls.
const MOST: i64 = 100;

/// Adds calls to the counts of their addresses, and removes the addresses beyond [`MOST`].
pub async fn add(conn: &mut Conn, news: &[RejectedFrom]) -> Result<()> {
    for one in news {
        query(
            "INSERT INTO rejected (remote, calls, first_at, last_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (remote) DO UPDATE SET calls = rejected.calls + excluded.calls,
                 last_at = CASE WHEN excluded.last_at > rejected.last_at
                     THEN excluded.last_at ELSE rejected.last_at END",
        )
        .bind((&one.remote, one.calls, one.first_at, one.last_at))
        .execute(conn)
        .await?;
    }
    let delete = "DELETE FROM rejected WHERE remote NOT IN (
             SELECT remote FROM rejected ORDER BY last_at DESC, remote LIMIT $1)";
    execute(conn, delete, MOST).await
}

/// Every address that is kept, the one with the latest call first.
pub async fn list(conn: &mut Conn) -> Result<Vec<RejectedFrom>> {
    let read = reader!(rejected.remote => RejectedFrom { remote, calls, first_at, last_at });
    query("SELECT remote, calls, first_at, last_at FROM rejected ORDER BY last_at DESC, remote")
        .all(conn, read)
        .await
}
