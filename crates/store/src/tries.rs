//! Counters of wrong passwords and codes, by origin and target.

use reelroom_domain::time::Timestamp;

use crate::{Conn, Result, engine::Engine, query::query};

/// Counts a try at `now` at each target, with the tries that are allowed there within `window`
/// milliseconds. `false` where one of them has no more: then the transaction must not be committed.
pub async fn reserve(
    conn: &mut Conn,
    origin: &str,
    targets: &[(String, u32)],
    now: Timestamp,
    window: i64,
) -> Result<bool> {
    for (target, allowed) in targets {
        // Concurrent tries are counted one after the other.
        let counted = query(
            "INSERT INTO tries (origin, target, tries, since, last_at) VALUES ($1, $2, 1, $3, $3)
             ON CONFLICT (origin, target) DO UPDATE SET last_at = excluded.last_at,
                 tries = CASE WHEN tries.since <= $4 THEN 1 ELSE tries.tries + 1 END,
                 since = CASE WHEN tries.since <= $4 THEN excluded.since ELSE tries.since END
             WHERE tries.since <= $4 OR tries.tries < $5",
        )
        .bind((origin, target, now, now.plus_millis(-window), allowed))
        .affects_any(conn)
        .await?;
        if !counted {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Takes back a try that was right.
pub async fn give_back(conn: &mut Conn, origin: &str, targets: &[(String, u32)]) -> Result<()> {
    for (target, _) in targets {
        query("UPDATE tries SET tries = tries - 1 WHERE origin = $1 AND target = $2 AND tries > 0")
            .bind((origin, target))
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// Deletes the counters that were used longest ago, so that `most` are left.
pub async fn trim(conn: &mut Conn, most: u32) -> Result<()> {
    let skip_locked = Engine::of_connection(conn).skip_locked();
    query(format!(
        "DELETE FROM tries WHERE (origin, target) IN (
             SELECT origin, target FROM tries ORDER BY last_at DESC
             LIMIT 1000000 OFFSET $1{skip_locked})"
    ))
    .bind(most)
    .execute(conn)
    .await
}

/// The target and the number of tries of every counter.
#[cfg(any(test, feature = "testing"))]
pub async fn all(conn: &mut Conn) -> Result<Vec<(String, i64)>> {
    query("SELECT target, tries FROM tries")
        .all(conn, |row| {
            let row = crate::row::Columns::new(row, "tries", "target");
            Ok((row.get("target")?, row.get("tries")?))
        })
        .await
}
