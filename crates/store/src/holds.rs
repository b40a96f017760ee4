//! Holds on recordings: their own, and those of cases. Released ones stay.

use reelroom_domain::{
    ids::{CaseId, RecordingId},
    keep::Hold,
    time::Timestamp,
};

use crate::{
    Conn, Result, fields,
    query::{affects_any, query, query_over},
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
    let insert = "INSERT INTO holds (recording_id, case_id, reason, at, by_name) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (recording_id, case_id) DO UPDATE SET reason = excluded.reason, at = excluded.at,
             by_name = excluded.by_name, released_at = NULL, released_by = NULL
         WHERE holds.released_at IS NOT NULL";
    affects_any(conn, insert, (recording, case_text(case), reason, at, by)).await
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
    let update = "UPDATE holds SET released_at = $3, released_by = $4
         WHERE recording_id = $1 AND case_id = $2 AND released_at IS NULL";
    affects_any(conn, update, (recording, case_text(case), at, by)).await
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
    let text = "SELECT DISTINCT recording_id FROM holds
         WHERE released_at IS NULL AND recording_id IN {list} ORDER BY recording_id";
    query_over(conn, text, recordings)?
        .all(conn, Columns::value("holds", "recording_id"))
        .await
}

/// A recording of a case, and since when the case holds it.
pub type Place = (Timestamp, RecordingId);

/// The condition that the hold `h` is of the case `$1`, `c`, which holds the recording, or held it until it was closed.
const OF_CASE: &str = "h.case_id = $1 AND (h.released_at IS NULL OR c.closed_at IS NOT NULL)";

/// The recordings that a case holds, or held until it was closed, the newest first, those after `after` where it is
/// given; at most `limit`.
pub async fn page_of_case(
    conn: &mut Conn,
    case: CaseId,
    after: Option<Place>,
    limit: u32,
) -> Result<Vec<Place>> {
    // Without a bound: later than any moment.
    let (at, id) = after.map_or((i64::MAX, String::new()), |(at, id)| {
        (at.as_millis(), id.to_string())
    });
    query(format!(
        "SELECT h.recording_id, h.at FROM holds h JOIN cases c ON c.id = h.case_id
         WHERE {OF_CASE} AND (h.at, h.recording_id) < ($2, $3)
         ORDER BY h.at DESC, h.recording_id DESC LIMIT $4"
    ))
    .bind((case, at, id, limit))
    .all(conn, |row| {
        let row = Columns::new(row, "holds", "recording_id");
        Ok((row.get("at")?, row.get("recording_id")?))
    })
    .await
}

/// The number of recordings on all pages of [`page_of_case`], and since when the case holds the newest.
pub async fn totals_of_case(conn: &mut Conn, case: CaseId) -> Result<(u32, Option<Timestamp>)> {
    query(format!(
        "SELECT COUNT(*) AS n, MAX(h.at) AS newest FROM holds h JOIN cases c ON c.id = h.case_id WHERE {OF_CASE}"
    ))
    .bind(case)
    .one(conn, Columns::values("holds", ["n", "newest"]))
    .await
}

/// All recordings that a case holds.
pub async fn of_case(conn: &mut Conn, case: CaseId) -> Result<Vec<RecordingId>> {
    query(
        "SELECT recording_id FROM holds WHERE case_id = $1 AND released_at IS NULL
         ORDER BY recording_id",
    )
    .bind(case)
    .all(conn, Columns::value("holds", "recording_id"))
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
