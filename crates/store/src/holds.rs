//! Holds on recordings: their own, and those of cases. Released ones stay.

use reelroom_domain::{
    ids::{CaseId, RecordingId},
    keep::Hold,
    time::Timestamp,
};

use crate::{
    Conn, Result,
    engine::{json, listed},
    fields,
    query::query,
    row::Columns,
    stale,
};

/// The text of a case in the column; empty where there is none.
fn case_text(case: Option<CaseId>) -> String {
    case.map(|case| case.to_string()).unwrap_or_default()
}

/// Puts a recording on hold by a case, or by itself; `false` where the same one holds it already. The recording must be
/// locked.
pub async fn add(
    conn: &mut Conn,
    recording: RecordingId,
    case: Option<CaseId>,
    reason: &str,
    at: Timestamp,
    by: &str,
) -> Result<bool> {
    stale::mark(conn, &[recording]).await?;
    query(
        "INSERT INTO holds (recording_id, case_id, reason, at, by_name) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (recording_id, case_id) DO UPDATE SET reason = excluded.reason, at = excluded.at,
             by_name = excluded.by_name, released_at = NULL, released_by = NULL
         WHERE holds.released_at IS NOT NULL",
    )
    .bind((recording, case_text(case), reason, at, by))
    .affects_any(conn)
    .await
}

/// Releases a recording from a case, or from its own hold; `false` where that does not hold it.
pub async fn release(
    conn: &mut Conn,
    recording: RecordingId,
    case: Option<CaseId>,
    at: Timestamp,
    by: &str,
) -> Result<bool> {
    stale::mark(conn, &[recording]).await?;
    query(
        "UPDATE holds SET released_at = $3, released_by = $4
         WHERE recording_id = $1 AND case_id = $2 AND released_at IS NULL",
    )
    .bind((recording, case_text(case), at, by))
    .affects_any(conn)
    .await
}

pub(crate) const OF_RECORDING: &str =
    "SELECT h.recording_id, COALESCE(c.name, h.reason) AS reason, h.at, h.by_name, c.id AS case_id, c.number
     FROM holds h LEFT JOIN cases c ON c.id = h.case_id
     WHERE h.recording_id = $1 AND h.released_at IS NULL ORDER BY h.at, h.case_id";

/// The holds on a recording that are not released, the oldest first.
pub async fn of_recording(conn: &mut Conn, recording: RecordingId) -> Result<Vec<Hold>> {
    query(OF_RECORDING)
        .bind(recording)
        .all(conn, |row| {
            let row = Columns::new(row, "holds", "recording_id");
            let case: Option<CaseId> = row.get("case_id")?;
            Ok(fields!(row => Hold {
                reason, at, by: by_name,
                case = case.zip(row.get("number")?)
            }))
        })
        .await
}

/// Those of the recordings that are on hold.
pub async fn of_many(conn: &mut Conn, recordings: &[RecordingId]) -> Result<Vec<RecordingId>> {
    let these = listed(conn, "$1");
    query(format!(
        "SELECT DISTINCT recording_id FROM holds
         WHERE released_at IS NULL AND recording_id IN {these} ORDER BY recording_id"
    ))
    .bind(json(&recordings)?)
    .all(conn, Columns::value("holds", "recording_id"))
    .await
}

/// The recordings that a case holds or held, since when, and whether it does; the newest first.
pub async fn of_case(conn: &mut Conn, case: CaseId) -> Result<Vec<(RecordingId, Timestamp, bool)>> {
    query(
        "SELECT recording_id, at, CASE WHEN released_at IS NULL THEN 1 ELSE 0 END AS is_held
         FROM holds WHERE case_id = $1 ORDER BY at DESC, recording_id",
    )
    .bind(case)
    .all(
        conn,
        Columns::values("holds", ["recording_id", "at", "is_held"]),
    )
    .await
}

/// How many recordings are on hold, the bytes of their copies, and the number of open cases.
pub async fn totals(conn: &mut Conn) -> Result<(u32, u64, u32)> {
    query(
        "SELECT COUNT(*) AS n, CAST(COALESCE(SUM((SELECT SUM(f.stored_size) FROM files f
             WHERE f.recording_id = h.recording_id AND f.state = 'archived')), 0) AS BIGINT) AS bytes,
             (SELECT COUNT(*) FROM cases WHERE closed_at IS NULL) AS cases
         FROM (SELECT DISTINCT recording_id FROM holds WHERE released_at IS NULL) AS h",
    )
    .one(conn, Columns::values("holds", ["n", "bytes", "cases"]))
    .await
}
