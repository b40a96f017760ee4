//! Counters of wrong passwords and codes, by origin and target.

use reelroom_domain::time::Timestamp;

use crate::{
    Conn, Result,
    engine::Engine,
    query::{execute, query},
};

/// A counter of tries, with what it allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    /// The origin of the tries that it counts.
    pub origin: String,
    /// The target of the tries.
    pub target: String,
    /// How many tries it allows within a window.
    pub allowed: u32,
    /// The length of a window, which begins with a try, in milliseconds.
    pub window: i64,
}

/// Counts a try at `now` in each counter. Returns the index of the first one that allows no more: then the
/// transaction must not be committed.
pub async fn reserve(
    conn: &mut Conn,
    counters: &[Counter],
    now: Timestamp,
) -> Result<Option<usize>> {
    for (index, counter) in counters.iter().enumerate() {
        // Concurrent tries are counted one after the other.
        let counted = query(
            "INSERT INTO tries (origin, target, tries, since, last_at) VALUES ($1, $2, 1, $3, $3)
             ON CONFLICT (origin, target) DO UPDATE SET last_at = excluded.last_at,
                 tries = CASE WHEN tries.since <= $4 THEN 1 ELSE tries.tries + 1 END,
                 since = CASE WHEN tries.since <= $4 THEN excluded.since ELSE tries.since END
             WHERE tries.since <= $4 OR tries.tries < $5",
        )
        .bind((&counter.origin, &counter.target, now))
        .bind((now.plus_millis(-counter.window), counter.allowed))
        .affects_any(conn)
        .await?;
        if !counted {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

/// Takes back a try that was right.
pub async fn give_back(conn: &mut Conn, counters: &[Counter]) -> Result<()> {
    for Counter { origin, target, .. } in counters {
        let update =
            "UPDATE tries SET tries = tries - 1 WHERE origin = $1 AND target = $2 AND tries > 0";
        execute(conn, update, (origin, target)).await?;
    }
    Ok(())
}

/// Deletes the counters that were used longest ago, so that `most` are left beside those of `except`.
pub async fn trim(conn: &mut Conn, except: &str, most: u32) -> Result<()> {
    let skip_locked = Engine::of_connection(conn).skip_locked();
    let delete = format!(
        "DELETE FROM tries WHERE (origin, target) IN (
             SELECT origin, target FROM tries WHERE origin <> $1 ORDER BY last_at DESC
             LIMIT 1000000 OFFSET $2{skip_locked})"
    );
    execute(conn, delete, (except, most)).await
}

/// The target and the number of tries of every counter.
#[cfg(any(test, feature = "testing"))]
pub async fn all(conn: &mut Conn) -> Result<Vec<(String, i64)>> {
    query("SELECT target, tries FROM tries")
        .all(
            conn,
            crate::row::Columns::values("tries", ["target", "tries"]),
        )
        .await
}
