//! Checks of a recording whose state is unknown, and look-ups of one whose files are missing.

use reelroom_domain::{
    check::{Check, Checks},
    ids::RecordingId,
    recording::Recording,
    time::Timestamp,
};

use crate::{
    Conn, Result,
    engine::json,
    query::{affects_any, execute, query},
    recordings::RECORDINGS,
    row::Columns,
};

/// The checks and the last look-up of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Known {
    /// The checks, where there was one.
    pub checks: Option<Checks>,
    /// When the platform's list was last queried for it.
    pub listed_at: Option<Timestamp>,
}

/// The checks and the last look-up of a recording.
pub async fn of_recording(conn: &mut Conn, id: RecordingId) -> Result<Known> {
    let known = query(
        "SELECT l.recording_id, l.looks, l.last_at, l.saw, l.listed_at, r.look_up_at
         FROM looks l JOIN recordings r ON r.id = l.recording_id WHERE l.recording_id = $1",
    )
    .bind(id)
    .first(conn, |row| {
        let row = Columns::new(row, "looks", "recording_id");
        let last: Option<String> = row.get("saw")?;
        let last = last.map(|_| row.json("saw")).transpose()?;
        let count = row.get("looks")?;
        let checks = row.get::<Option<_>>("last_at")?.zip(last);
        let next_at = row.get("look_up_at")?;
        Ok(Known {
            checks: checks.map(|(last_at, last)| Checks {
                count,
                last_at,
                last,
                next_at,
            }),
            listed_at: row.get("listed_at")?,
        })
    });
    Ok(known.await?.unwrap_or_default())
}

/// Recordings whose state is unknown and whose last check was at `before` or earlier, the longest
/// unknown first.
pub async fn due(conn: &mut Conn, before: Timestamp) -> Result<Vec<Recording>> {
    let due = "WHERE state = 'unknown' AND NOT EXISTS (
             SELECT 1 FROM looks l WHERE l.recording_id = r.id AND l.last_at > $1)
         ORDER BY state_since, id";
    RECORDINGS.all(conn, due, before).await
}

/// Claims the next check of a recording; `false` where one was claimed within `every` milliseconds
/// before `now`.
pub async fn claim(conn: &mut Conn, id: RecordingId, now: Timestamp, every: i64) -> Result<bool> {
    let insert = "INSERT INTO looks (recording_id, last_at) VALUES ($1, $2)
         ON CONFLICT (recording_id) DO UPDATE SET last_at = excluded.last_at
         WHERE looks.last_at IS NULL OR looks.last_at <= $3";
    affects_any(conn, insert, (id, now, now.plus_millis(-every))).await
}

/// Records the result of a check.
pub async fn record(conn: &mut Conn, id: RecordingId, now: Timestamp, check: &Check) -> Result<()> {
    let insert = "INSERT INTO looks (recording_id, looks, last_at, saw) VALUES ($1, 1, $2, $3)
         ON CONFLICT (recording_id) DO UPDATE SET
             looks = looks.looks + 1, last_at = excluded.last_at, saw = excluded.saw";
    execute(conn, insert, (id, now, json(check)?)).await
}

/// Records that the platform's list was queried for a recording.
pub async fn record_listing(conn: &mut Conn, id: RecordingId, now: Timestamp) -> Result<()> {
    let insert = "INSERT INTO looks (recording_id, listed_at) VALUES ($1, $2)
         ON CONFLICT (recording_id) DO UPDATE SET listed_at = excluded.listed_at";
    execute(conn, insert, (id, now)).await
}
