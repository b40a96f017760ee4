//! Look-ups of files at the platform: the rate limit, the back-off, the progress and the files found.

use reelroom_domain::{
    ids::AppId,
    lookups::{MINUTE, back_off},
    recording::Recording,
    room::RoomId,
    time::Timestamp,
};
use sqlx::any::AnyRow;

use crate::{
    Conn, Result,
    query::{affects_any, execute, query},
    recordings::RECORDINGS,
    row::Columns,
    value::ACTIVE,
};

/// Whether the platform may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// Yes, once; the call is counted.
    Granted,
    /// Not before this moment.
    NotBefore(Timestamp),
}

/// The limits of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The most calls within a minute, over all processes.
    pub most: usize,
    /// Whether a person starts it: then the back-off after a refusal ends after its first minute, since
    /// the person may have fixed the cause.
    pub in_person: bool,
}

/// Claims one call at `now`. Grants none during the back-off. Apps of the same AppID share the limit.
pub async fn claim_call(conn: &mut Conn, app: AppId, now: Timestamp, claim: Claim) -> Result<Slot> {
    // Locks this row until the end of the transaction, so that concurrent claims are counted one
    // after the other.
    query(
        "INSERT INTO lookups (app_id)
         SELECT MIN(o.id) FROM apps o JOIN apps a ON a.app_id = o.app_id WHERE a.id = $1
         ON CONFLICT (app_id) DO UPDATE SET app_id = excluded.app_id",
    )
    .bind(app)
    .execute(conn)
    .await?;
    let (quiet_until, refusals) = query(
        "INSERT INTO lookups (app_id) VALUES ($1)
         ON CONFLICT (app_id) DO UPDATE SET app_id = excluded.app_id
         RETURNING app_id, quiet_until, refusals",
    )
    .bind(app)
    .one(conn, read_refusals)
    .await?;
    let added = if claim.in_person {
        back_off(refusals) - MINUTE
    } else {
        0
    };
    let quiet = quiet_until.map(|until| until.plus_millis(-added));
    if let Some(until) = quiet.filter(|until| *until > now) {
        return Ok(Slot::NotBefore(until));
    }
    let since = now.plus_millis(-MINUTE);
    let delete = "DELETE FROM lookup_calls WHERE app_id = $1 AND at <= $2";
    execute(conn, delete, (app, since)).await?;
    let calls: Vec<Timestamp> = query(
        "SELECT c.at FROM lookup_calls c JOIN apps o ON o.id = c.app_id
         JOIN apps a ON a.app_id = o.app_id
         WHERE a.id = $1 AND c.at > $2 ORDER BY c.at DESC",
    )
    .bind((app, since))
    .all(conn, Columns::value("lookup_calls", "at"))
    .await?;
    // The call that must leave the window first.
    let last = claim.most.checked_sub(1);
    if let Some(at) = last.and_then(|index| calls.get(index)) {
        return Ok(Slot::NotBefore(at.plus_millis(MINUTE)));
    }
    let insert = "INSERT INTO lookup_calls (app_id, at) VALUES ($1, $2)";
    execute(conn, insert, (app, now)).await?;
    Ok(Slot::Granted)
}

/// The end of the back-off, and the number of refusals that it follows from.
fn read_refusals(row: &AnyRow) -> Result<(Option<Timestamp>, u32)> {
    let row = Columns::new(row, "lookups", "app_id");
    Ok((row.get("quiet_until")?, row.get("refusals")?))
}

/// Records at `now` that the platform refused a call that was claimed at `asked_at`; returns the end of the
/// [`back_off`]. Calls that were under way at the same time are refused by one failure, which counts once.
pub async fn record_refusal(
    conn: &mut Conn,
    app: AppId,
    asked_at: Timestamp,
    now: Timestamp,
) -> Result<Timestamp> {
    // Locks the row until the end of the transaction.
    let (quiet_until, refusals) = query(
        "UPDATE lookups SET app_id = app_id WHERE app_id = $1
         RETURNING app_id, quiet_until, refusals",
    )
    .bind(app)
    .one(conn, read_refusals)
    .await?;
    let counted_at = |until: &Timestamp| until.plus_millis(-back_off(refusals));
    if let Some(until) = quiet_until.filter(|until| asked_at <= counted_at(until)) {
        return Ok(until);
    }
    let until = now.plus_millis(back_off(refusals + 1));
    let update = "UPDATE lookups SET refusals = refusals + 1, quiet_until = $2 WHERE app_id = $1";
    execute(conn, update, (app, until)).await?;
    Ok(until)
}

/// Records that the platform returned a list, which ends the back-off.
pub async fn record_answer(conn: &mut Conn, app: AppId) -> Result<()> {
    let update =
        "UPDATE lookups SET refusals = 0, quiet_until = NULL WHERE app_id = $1 AND refusals > 0";
    execute(conn, update, app).await
}

/// A claimed sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sweep {
    /// The end of what earlier sweeps have covered; `None`: none succeeded yet.
    pub swept_until: Option<Timestamp>,
}

/// Claims the next sweep of an app; `None` where one began within `every` milliseconds before `now`.
pub async fn claim_sweep(
    conn: &mut Conn,
    app: AppId,
    now: Timestamp,
    every: i64,
) -> Result<Option<Sweep>> {
    query(
        "INSERT INTO lookups (app_id, sweep_begun_at) VALUES ($1, $2)
         ON CONFLICT (app_id) DO UPDATE SET sweep_begun_at = excluded.sweep_begun_at
         WHERE lookups.sweep_begun_at IS NULL OR lookups.sweep_begun_at <= $3
         RETURNING app_id, swept_until",
    )
    .bind((app, now, now.plus_millis(-every)))
    .first(conn, |row| {
        let swept_until = Columns::new(row, "lookups", "app_id").get("swept_until")?;
        Ok(Sweep { swept_until })
    })
    .await
}

/// Records that a sweep covered everything up to `until`.
pub async fn record_sweep(conn: &mut Conn, app: AppId, until: Timestamp) -> Result<()> {
    let update = "UPDATE lookups SET swept_until = $2 WHERE app_id = $1";
    execute(conn, update, (app, until)).await
}

/// When the oldest recording of an app was requested whose files may be missing, of those requested
/// at `since` or later.
pub async fn oldest_open(
    conn: &mut Conn,
    app: AppId,
    since: Timestamp,
) -> Result<Option<Timestamp>> {
    query(
        "SELECT MIN(requested_at) AS at FROM recordings WHERE app_id = $1 AND requested_at >= $2
         AND state NOT IN ('ready', 'failed')",
    )
    .bind((app, since))
    .one(conn, Columns::value("recordings", "at"))
    .await
}

/// Recordings of an app that may have run at some moment from `from` to `to`, newest first, at most
/// 200.
pub async fn running_between(
    conn: &mut Conn,
    app: AppId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Recording>> {
    let may_have_run = format!(
        "WHERE app_id = $1 AND requested_at <= $3
         AND (stopped_at >= $2 OR (stopped_at IS NULL
             AND (state_since >= $2 OR {ACTIVE})))
         ORDER BY requested_at DESC, id DESC LIMIT 200"
    );
    let values = (app, from, to);
    RECORDINGS.all(conn, &may_have_run, values).await
}

/// Rooms of an app in which a meeting was on at some moment from `from` to `to`, at most 20.
pub async fn rooms_met_between(
    conn: &mut Conn,
    app: AppId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<RoomId>> {
    query(
        "SELECT room, MAX(began_at) AS at FROM meetings WHERE app_id = $1 AND began_at <= $3
         AND (ended_at IS NULL OR ended_at >= $2) GROUP BY room ORDER BY 2 DESC, room LIMIT 20",
    )
    .bind((app, from, to))
    .all(conn, Columns::value("meetings", "room"))
    .await
}

/// An address without its query is `$1`; with one, it lies between `$1?` and `$1@`. The first line
/// is there for the index, which has no place for addresses of any length.
const AT_PLACE: &str = "(substr(f.url, 1, 400) >= substr($1, 1, 400)
     AND substr(f.url, 1, 400) < substr($1, 1, 400) || '@'
     AND (f.url = $1 OR (f.url >= $1 || '?' AND f.url < $1 || '@')))";

/// Whether an app has a file at this place, or a look-up found one there before.
pub async fn is_known(conn: &mut Conn, app: AppId, place: &str) -> Result<bool> {
    query(format!(
        "SELECT 1 AS known FROM files f JOIN recordings r ON r.id = f.recording_id
         WHERE {AT_PLACE} AND r.app_id = $2
         UNION ALL SELECT 1 AS known FROM lookup_finds WHERE place = $1 AND app_id = $2 LIMIT 1"
    ))
    .bind((place, app))
    .exists(conn)
    .await
}

/// Records that a look-up found the file at this place; `false` where one did before.
pub async fn record_find(conn: &mut Conn, app: AppId, place: &str, now: Timestamp) -> Result<bool> {
    let insert = "INSERT INTO lookup_finds (app_id, place, found_at) VALUES ($1, $2, $3)
         ON CONFLICT (app_id, place) DO NOTHING";
    affects_any(conn, insert, (app, place, now)).await
}

/// Deletes the oldest finds of before `before`, at most `limit`; `false` if there was none.
pub async fn delete_finds(conn: &mut Conn, before: Timestamp, limit: u32) -> Result<bool> {
    let delete = "DELETE FROM lookup_finds WHERE (app_id, place) IN (
             SELECT f.app_id, f.place FROM lookup_finds f WHERE f.found_at < $1
             ORDER BY f.found_at LIMIT $2)";
    affects_any(conn, delete, (before, limit)).await
}
