//! Files that are looked up at the platform: how often it may be asked, how far we are, and what was
//! found.

use reelroom_domain::{ids::AppId, recording::Recording, room::RoomId, time::Timestamp};
use sqlx::{Row, query};

use crate::{Conn, StoreError, engine::text, recordings, row::Columns};

/// How long a call counts: the platform's minute, and a second for the way there.
const MINUTE: i64 = 61_000;

/// Whether the platform may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// Yes, once; it is counted.
    Granted,
    /// Not before this moment.
    NotBefore(Timestamp),
}

/// Who asks, and for how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// Calls within a minute, over all processes and askers.
    pub most: usize,
    /// A person asks: the first minute after a no is respected, what was added to it is not, since
    /// they may have mended what was wrong.
    pub in_person: bool,
}

/// Asks for one call at `now`. Nothing is granted while the platform is to be left in peace. Apps of the
/// same AppID share their calls.
pub async fn claim_call(
    conn: &mut Conn,
    app: AppId,
    now: Timestamp,
    claim: Claim,
) -> Result<Slot, StoreError> {
    // This row is ours until the end of the transaction: of two that ask, one counts after the other.
    query(
        "INSERT INTO lookups (app_id)
         SELECT MIN(o.id) FROM apps o JOIN apps a ON a.app_id = o.app_id WHERE a.id = $1
         ON CONFLICT (app_id) DO UPDATE SET app_id = excluded.app_id",
    )
    .bind(app.to_string())
    .execute(&mut *conn)
    .await?;
    let row = query(
        "INSERT INTO lookups (app_id) VALUES ($1)
         ON CONFLICT (app_id) DO UPDATE SET app_id = excluded.app_id
         RETURNING app_id, quiet_until, refusals",
    )
    .bind(app.to_string())
    .fetch_one(&mut *conn)
    .await?;
    let row = Columns::new(&row, "lookups", "app_id");
    let added = if claim.in_person {
        pause(row.count("refusals")?) - MINUTE
    } else {
        0
    };
    let quiet = row.opt_time("quiet_until")?;
    let quiet = quiet.map(|until| until.plus_millis(-added));
    if let Some(until) = quiet.filter(|until| *until > now) {
        return Ok(Slot::NotBefore(until));
    }
    let since = now.plus_millis(-MINUTE).as_millis();
    query("DELETE FROM lookup_calls WHERE app_id = $1 AND at <= $2")
        .bind(app.to_string())
        .bind(since)
        .execute(&mut *conn)
        .await?;
    let rows = query(
        "SELECT c.at FROM lookup_calls c JOIN apps o ON o.id = c.app_id
         JOIN apps a ON a.app_id = o.app_id
         WHERE a.id = $1 AND c.at > $2 ORDER BY c.at DESC",
    )
    .bind(app.to_string())
    .bind(since)
    .fetch_all(&mut *conn)
    .await?;
    // The call that must grow old first, so that there are fewer than that.
    let last = claim.most.checked_sub(1);
    if let Some(row) = last.and_then(|index| rows.get(index)) {
        let at: i64 = row.try_get("at")?;
        return Ok(Slot::NotBefore(
            Timestamp::from_millis(at).plus_millis(MINUTE),
        ));
    }
    query("INSERT INTO lookup_calls (app_id, at) VALUES ($1, $2)")
        .bind(app.to_string())
        .bind(now.as_millis())
        .execute(conn)
        .await?;
    Ok(Slot::Granted)
}

/// For how long the platform is left in peace after so many refusals in a row. Milliseconds.
fn pause(refusals: u32) -> i64 {
    MINUTE * (1_i64 << refusals.saturating_sub(1).min(6)).min(60)
}

/// The platform said no at `now`: it is left in peace for a minute, twice as long after each further
/// no, an hour at the most. Until when.
pub async fn refused(conn: &mut Conn, app: AppId, now: Timestamp) -> Result<Timestamp, StoreError> {
    let row = query(
        "UPDATE lookups SET refusals = refusals + 1 WHERE app_id = $1 RETURNING app_id, refusals",
    )
    .bind(app.to_string())
    .fetch_one(&mut *conn)
    .await?;
    let refusals = Columns::new(&row, "lookups", "app_id").count("refusals")?;
    let until = now.plus_millis(pause(refusals));
    query("UPDATE lookups SET quiet_until = $2 WHERE app_id = $1")
        .bind(app.to_string())
        .bind(until.as_millis())
        .execute(conn)
        .await?;
    Ok(until)
}

/// The platform gave a list.
pub async fn answered(conn: &mut Conn, app: AppId) -> Result<(), StoreError> {
    query("UPDATE lookups SET refusals = 0, quiet_until = NULL WHERE app_id = $1 AND refusals > 0")
        .bind(app.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// A sweep that is ours to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sweep {
    /// Up to where everything was seen; `None`: there was no good one yet.
    pub swept_until: Option<Timestamp>,
}

/// Takes the next sweep of an app upon oneself; `None` where one began within `every` milliseconds
/// before `now`.
pub async fn claim_sweep(
    conn: &mut Conn,
    app: AppId,
    now: Timestamp,
    every: i64,
) -> Result<Option<Sweep>, StoreError> {
    let row = query(
        "INSERT INTO lookups (app_id, sweep_begun_at) VALUES ($1, $2)
         ON CONFLICT (app_id) DO UPDATE SET sweep_begun_at = excluded.sweep_begun_at
         WHERE lookups.sweep_begun_at IS NULL OR lookups.sweep_begun_at <= $3
         RETURNING app_id, swept_until",
    )
    .bind(app.to_string())
    .bind(now.as_millis())
    .bind(now.plus_millis(-every).as_millis())
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(Sweep {
            swept_until: Columns::new(&row, "lookups", "app_id").opt_time("swept_until")?,
        })
    })
    .transpose()
}

/// A sweep was good: everything up to `until` was seen.
pub async fn swept(conn: &mut Conn, app: AppId, until: Timestamp) -> Result<(), StoreError> {
    query("UPDATE lookups SET swept_until = $2 WHERE app_id = $1")
        .bind(app.to_string())
        .bind(until.as_millis())
        .execute(conn)
        .await?;
    Ok(())
}

/// When the oldest recording of an app was requested whose files may be missing, of those requested
/// at `since` or later.
pub async fn oldest_open(
    conn: &mut Conn,
    app: AppId,
    since: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let row = query(
        "SELECT MIN(requested_at) AS at FROM recordings WHERE app_id = $1 AND requested_at >= $2
         AND state NOT IN ('ready', 'failed')",
    )
    .bind(app.to_string())
    .bind(since.as_millis())
    .fetch_one(conn)
    .await?;
    Columns::new(&row, "recordings", "at").opt_time("at")
}

/// Recordings of an app that may have run at some moment from `from` to `to`, newest first, at most
/// 200.
pub async fn running_between(
    conn: &mut Conn,
    app: AppId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Recording>, StoreError> {
    let sql = format!(
        "SELECT {} FROM recordings WHERE app_id = $1 AND requested_at <= $3
         AND (stopped_at >= $2 OR (stopped_at IS NULL
             AND (state_since >= $2 OR state IN ('requested', 'recording', 'stopping', 'unknown'))))
         ORDER BY requested_at DESC, id DESC LIMIT 200",
        recordings::COLUMNS
    );
    let rows = query(sqlx::AssertSqlSafe(sql))
        .bind(app.to_string())
        .bind(from.as_millis())
        .bind(to.as_millis())
        .fetch_all(conn)
        .await?;
    rows.iter().map(recordings::read).collect()
}

/// Rooms of an app in which a meeting was on at some moment from `from` to `to`, at most 20.
pub async fn rooms_met_between(
    conn: &mut Conn,
    app: AppId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<RoomId>, StoreError> {
    let rows = query(
        "SELECT room, MAX(began_at) AS at FROM meetings WHERE app_id = $1 AND began_at <= $3
         AND (ended_at IS NULL OR ended_at >= $2) GROUP BY room ORDER BY 2 DESC, room LIMIT 20",
    )
    .bind(app.to_string())
    .bind(from.as_millis())
    .bind(to.as_millis())
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| Columns::new(row, "meetings", "room").room("room"))
        .collect()
}

/// An address without its query is `$1`; with one, it lies between `$1?` and `$1@`. The first line
/// is there for the index, which has no place for addresses of any length.
const AT_PLACE: &str = "(substr(f.url, 1, 400) >= substr($1, 1, 400)
     AND substr(f.url, 1, 400) < substr($1, 1, 400) || '@'
     AND (f.url = $1 OR (f.url >= $1 || '?' AND f.url < $1 || '@')))";

/// Whether an app has a file at this place, or one was found there before.
pub async fn is_known(conn: &mut Conn, app: AppId, place: &str) -> Result<bool, StoreError> {
    let sql = format!(
        "SELECT 1 AS known FROM files f JOIN recordings r ON r.id = f.recording_id
         WHERE {AT_PLACE} AND r.app_id = $2
         UNION ALL SELECT 1 AS known FROM lookup_finds WHERE place = $1 AND app_id = $2 LIMIT 1"
    );
    let row = query(sqlx::AssertSqlSafe(sql))
        .bind(text(place))
        .bind(app.to_string())
        .fetch_optional(conn)
        .await?;
    Ok(row.is_some())
}

/// Notes that a look-up found the file at this place; `false` where one did before.
pub async fn note_find(conn: &mut Conn, app: AppId, place: &str) -> Result<bool, StoreError> {
    let done = query(
        "INSERT INTO lookup_finds (app_id, place) VALUES ($1, $2)
         ON CONFLICT (app_id, place) DO NOTHING",
    )
    .bind(app.to_string())
    .bind(text(place))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
