//! Looks for signs of a recording whose state is unknown, and look-ups of one whose files are missing.

use reelroom_domain::{
    ids::RecordingId, look::Look, look::Looks, recording::Recording, time::Timestamp,
};
use sqlx::{AssertSqlSafe, query};

use crate::{
    Conn, StoreError,
    engine::json,
    recordings::{self, COLUMNS},
    row::Columns,
};

/// What is known of the looks at a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Known {
    /// The looks, where there was one.
    pub looks: Option<Looks>,
    /// When the platform's list was last asked for it.
    pub listed_at: Option<Timestamp>,
}

/// What is known of the looks at a recording; nothing where there were none.
pub async fn of_recording(conn: &mut Conn, id: RecordingId) -> Result<Known, StoreError> {
    let row = query(
        "SELECT recording_id, looks, last_at, saw, listed_at FROM looks WHERE recording_id = $1",
    )
    .bind(id.to_string())
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else {
        return Ok(Known::default());
    };
    let row = Columns::new(&row, "looks", "recording_id");
    let last: Option<Look> = row.opt_word("saw", |text| serde_json::from_str(text).ok())?;
    let count = row.count("looks")?;
    let looks = row.opt_time("last_at")?.zip(last);
    Ok(Known {
        looks: looks.map(|(last_at, last)| Looks {
            count,
            last_at,
            last,
        }),
        listed_at: row.opt_time("listed_at")?,
    })
}

/// Recordings whose state is unknown and whose last look was at `before` or earlier, the longest
/// unknown first.
pub async fn due(conn: &mut Conn, before: Timestamp) -> Result<Vec<Recording>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM recordings r WHERE state = 'unknown' AND NOT EXISTS (
             SELECT 1 FROM looks l WHERE l.recording_id = r.id AND l.last_at > $1)
         ORDER BY state_since, id"
    );
    let rows = query(AssertSqlSafe(sql))
        .bind(before.as_millis())
        .fetch_all(conn)
        .await?;
    rows.iter().map(recordings::read).collect()
}

/// Takes the next look at a recording upon oneself; `false` where somebody did within `every`
/// milliseconds before `now`.
pub async fn claim(
    conn: &mut Conn,
    id: RecordingId,
    now: Timestamp,
    every: i64,
) -> Result<bool, StoreError> {
    let done = query(
        "INSERT INTO looks (recording_id, last_at) VALUES ($1, $2)
         ON CONFLICT (recording_id) DO UPDATE SET last_at = excluded.last_at
         WHERE looks.last_at IS NULL OR looks.last_at <= $3",
    )
    .bind(id.to_string())
    .bind(now.as_millis())
    .bind(now.plus_millis(-every).as_millis())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes what a look saw.
pub async fn note(
    conn: &mut Conn,
    id: RecordingId,
    now: Timestamp,
    saw: &Look,
) -> Result<(), StoreError> {
    query(
        "INSERT INTO looks (recording_id, looks, last_at, saw) VALUES ($1, 1, $2, $3)
         ON CONFLICT (recording_id) DO UPDATE SET
             looks = looks.looks + 1, last_at = excluded.last_at, saw = excluded.saw",
    )
    .bind(id.to_string())
    .bind(now.as_millis())
    .bind(json(saw)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that the platform's list was asked for a recording.
pub async fn listed(conn: &mut Conn, id: RecordingId, now: Timestamp) -> Result<(), StoreError> {
    query(
        "INSERT INTO looks (recording_id, listed_at) VALUES ($1, $2)
         ON CONFLICT (recording_id) DO UPDATE SET listed_at = excluded.listed_at",
    )
    .bind(id.to_string())
    .bind(now.as_millis())
    .execute(conn)
    .await?;
    Ok(())
}
