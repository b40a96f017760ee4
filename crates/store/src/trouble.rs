//! Files in trouble: tried, and without a copy. `domain::trouble` says which and why.

use std::collections::BTreeMap;

use reelroom_domain::{
    ids::RecordingId,
    time::Timestamp,
    trouble::{FAILING_FOR, RecentTrouble, SHOWN_FOR, Trouble, TroubledRecording},
};
use sqlx::any::AnyRow;

use crate::{
    Conn, Result, Scope,
    bulk::Bulk,
    fields,
    query::query,
    row::{Columns, of},
};

/// The condition that the file `f` is in trouble: it first failed after `after` and, if it is neither blocked
/// nor gone, until `until`. No version of it is archived, and none is newer. The first line is for the index.
pub(crate) fn in_trouble(after: &str, until: &str) -> String {
    format!(
        "f.failed_since > {after}
         AND (f.failed_since <= {until} OR f.state IN ('blocked', 'gone'))
         AND NOT EXISTS (SELECT 1 FROM files o WHERE o.take = f.take
             AND (o.state = 'archived' OR o.version > f.version))"
    )
}

/// Until when a failing file must have failed first to be in trouble at `now`.
pub(crate) const fn failing_until(now: Timestamp) -> Timestamp {
    now.plus_millis(-FAILING_FOR)
}

const FILE: &str =
    "f.id, f.recording_id, f.state, f.failed_since, f.tries, f.next_try_at, f.trouble";

/// The sums over files `t`.
const SUMS: &str = "COUNT(CASE WHEN state NOT IN ('blocked', 'gone') THEN 1 END) AS failing,
    COUNT(CASE WHEN state = 'blocked' THEN 1 END) AS blocked,
    COUNT(CASE WHEN state = 'gone' THEN 1 END) AS gone,
    MIN(CASE WHEN state NOT IN ('blocked', 'gone') THEN failed_since END) AS failing_since,
    COUNT(CASE WHEN state IN ('remote', 'fetching') THEN 1 END) AS trying,
    MAX(tries) AS tries, MIN(next_try_at) AS next_try_at, MIN(trouble) AS cause";

const NAMES: &str =
    "recording_id, failing, blocked, gone, failing_since, trying, tries, next_try_at, cause";

/// The condition that a file `t` is of the app `$1`, of the rooms of `within`, and not deleted. As a subquery: a join
/// could begin with all recordings of the app.
fn in_scope(within: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM recordings r
             WHERE r.id = t.recording_id AND r.app_id = $1 AND r.keep = 'kept'{within})"
    )
}

fn read(row: &Columns<'_>) -> Result<Trouble> {
    Ok(fields!(row => Trouble {
        failing, blocked, gone, failing_since, trying, next_try_at,
        tries = row.get::<Option<u32>>("tries")?.unwrap_or_default(),
        cause = row.cause("cause")?
    }))
}

/// All files in trouble of a scope, or of every app.
pub async fn total(conn: &mut Conn, scope: Option<Scope<'_>>, now: Timestamp) -> Result<Trouble> {
    let within = scope.map(|scope| scope.condition(conn, "r.room", "$3"));
    let only = scope.map_or(Ok(None), Scope::value)?;
    query(total_sql(&within.unwrap_or_default()))
        .bind((scope.map(|scope| scope.app), failing_until(now), only))
        .one(conn, |row| read(&Columns::new(row, "files", "cause")))
        .await
}

pub(crate) fn total_sql(within: &str) -> String {
    format!(
        "WITH t AS MATERIALIZED (SELECT {FILE} FROM files f WHERE {})
         SELECT {SUMS} FROM t WHERE $1 IS NULL OR {}",
        in_trouble("0", "$2"),
        in_scope(within)
    )
}

/// The newest recordings of a scope with files that came into trouble lately, at most `limit`.
pub async fn newest(
    conn: &mut Conn,
    scope: impl Into<Scope<'_>>,
    now: Timestamp,
    limit: u32,
) -> Result<RecentTrouble> {
    let scope = scope.into();
    let rows = query(newest_sql(&scope.condition(conn, "r.room", "$5")))
        .bind((scope.app, now.plus_millis(-SHOWN_FOR)))
        .bind((failing_until(now), limit, scope.value()?))
        .all(conn, |row| {
            let row = Columns::new(row, "recordings", "recording_id");
            let recording = fields!(row => TroubledRecording {
                id: recording_id, room, title, requested_at,
                trouble = read(&row)?
            });
            Ok((recording, row.get::<u32>("recordings")?))
        })
        .await?;
    let all = rows.first().map_or(0, |(_, all)| *all);
    let recordings: Vec<_> = rows.into_iter().map(|(recording, _)| recording).collect();
    let shown = u32::try_from(recordings.len()).unwrap_or(u32::MAX);
    Ok(RecentTrouble {
        recordings,
        more: all.saturating_sub(shown),
    })
}

pub(crate) fn newest_sql(within: &str) -> String {
    format!(
        "WITH t AS MATERIALIZED (SELECT {FILE} FROM files f WHERE {}),
         sums AS (SELECT recording_id, {SUMS} FROM t WHERE {} GROUP BY recording_id)
         SELECT {}, r.room, r.requested_at,
             (SELECT o.title FROM rooms o WHERE o.app_id = r.app_id AND o.room = r.room) AS title,
             (SELECT COUNT(*) FROM sums) AS recordings
         FROM sums JOIN recordings r ON r.id = sums.recording_id
         ORDER BY r.requested_at DESC, r.id DESC LIMIT $4",
        in_trouble("$2", "$3"),
        in_scope(within),
        of("sums", NAMES)
    )
}

/// The files in trouble of each of these recordings that has some.
pub async fn of_recordings(
    conn: &mut Conn,
    ids: &[RecordingId],
    now: Timestamp,
) -> Result<BTreeMap<RecordingId, Trouble>> {
    static SUMMED: Bulk = Bulk::built(|_| {
        format!(
            "WITH k (id, until) AS (VALUES {{}}),
             t AS MATERIALIZED (SELECT {FILE} FROM k CROSS JOIN files f
                 WHERE f.recording_id = k.id AND {})
             SELECT recording_id, {SUMS} FROM t GROUP BY recording_id",
            in_trouble("0", "k.until")
        )
    });
    let read = |row: &AnyRow| -> Result<(RecordingId, Trouble)> {
        let row = Columns::new(row, "files", "recording_id");
        Ok((row.get("recording_id")?, read(&row)?))
    };
    let until = failing_until(now);
    let rows = SUMMED.fetch(conn, ids.iter().map(|id| (id, until))).await?;
    rows.iter().map(read).collect()
}
