//! Files that are looked up at the platform: how often it may be asked, how far we are, and what was
//! found.

use reelroom_domain::{
    ids::{AppId, FileId, RecordingId},
    room::{ParticipantId, RoomId},
    time::Timestamp,
};
use sqlx::{Row, query};

use crate::{
    Conn, StoreError,
    engine::{key, text},
    files::Announcement,
    recordings::{self, Recording},
    row::Columns,
};

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
    rows.iter().map(Recording::read).collect()
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

/// Whether a look-up ever found a file, on any app.
pub async fn has_finds(conn: &mut Conn) -> Result<bool, StoreError> {
    let row = query("SELECT 1 AS known FROM lookup_finds LIMIT 1")
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

/// The file of a recording that was announced under this name, or lies at this place.
pub async fn announced_as(
    conn: &mut Conn,
    recording: RecordingId,
    place: &str,
    name: &str,
) -> Result<Option<FileId>, StoreError> {
    let sql = format!(
        "SELECT f.id FROM files f WHERE f.recording_id = $2 AND (f.name = $3 OR {AT_PLACE}) LIMIT 1"
    );
    let row = query(sqlx::AssertSqlSafe(sql))
        .bind(text(place))
        .bind(recording.to_string())
        .bind(text(name))
        .fetch_optional(conn)
        .await?;
    row.map(|row| Columns::new(&row, "files", "id").id("id"))
        .transpose()
}

/// Notes that a file was found and not announced.
pub async fn mark_file(conn: &mut Conn, id: FileId) -> Result<(), StoreError> {
    query("UPDATE files SET looked_up = 1 WHERE id = $1")
        .bind(id.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// What became of a file that had been found, now that it is announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Adopted {
    /// The file.
    pub file: FileId,
    /// The recording that it was taken for, where that was another one.
    pub moved_from: Option<RecordingId>,
    /// Whether the announcement says anything else of it than was guessed.
    pub corrected: bool,
}

/// A file is announced for `recording`: where it had been found before, in this room, it becomes what
/// the announcement says that it is, and stays one file. A recording that was made only for it goes.
pub async fn adopt(
    conn: &mut Conn,
    recording: &Recording,
    place: &str,
    file: &Announcement,
) -> Result<Option<Adopted>, StoreError> {
    let sql = format!(
        "SELECT f.id, f.recording_id, f.kind, f.participant FROM files f JOIN recordings r ON r.id = f.recording_id
         WHERE f.looked_up = 1 AND r.app_id = $2 AND r.room = $3
             AND ({AT_PLACE} OR (f.recording_id = $4 AND f.name = $5))
         ORDER BY CASE WHEN f.recording_id = $4 THEN 0 ELSE 1 END LIMIT 1"
    );
    let row = query(sqlx::AssertSqlSafe(sql))
        .bind(text(place))
        .bind(recording.app.to_string())
        .bind(recording.room.as_str())
        .bind(recording.id.to_string())
        .bind(text(&file.name))
        .fetch_optional(&mut *conn)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let row = Columns::new(&row, "files", "id");
    let (id, owner): (FileId, RecordingId) = (row.id("id")?, row.id("recording_id")?);
    let participant = file.participant.as_ref().map_or("", ParticipantId::as_str);
    let corrected = owner != recording.id
        || row.text("kind")? != file.kind.as_str()
        || row.text("participant")? != participant;
    let done = query(
        "UPDATE files SET recording_id = $2, kind = $3, participant = $4, media = $5, name = $6,
             name_key = $7, looked_up = 0
         WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM files o WHERE o.recording_id = $2
             AND o.kind = $3 AND o.participant = $4 AND o.name = $6 AND o.id <> $1)",
    )
    .bind(id.to_string())
    .bind(recording.id.to_string())
    .bind(file.kind.as_str())
    .bind(participant)
    .bind(file.media.as_str())
    .bind(text(&file.name))
    .bind(key(&file.name))
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(None);
    }
    if owner != recording.id {
        recordings::remove_found_without_files(conn, owner).await?;
    }
    Ok(Some(Adopted {
        file: id,
        moved_from: (owner != recording.id).then_some(owner),
        corrected,
    }))
}
