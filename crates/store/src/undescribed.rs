//! The queue of recordings whose descriptions, beside their copies in the storage, may differ from the rows.

use reelroom_domain::ids::RecordingId;

use crate::{
    Conn, Result,
    bulk::Bulk,
    engine::listed,
    files::DEMO_KEY,
    query::{execute, query},
    row::Columns,
};

/// Adds those recordings that have copies; `ids` is a JSON array. Copies of a demo have no description.
pub(crate) async fn mark(conn: &mut Conn, ids: &str) -> Result<()> {
    let these = listed(conn, "$1");
    let insert = format!(
        "INSERT INTO undescribed (recording_id)
         SELECT DISTINCT f.recording_id FROM files f
         WHERE f.recording_id IN {these}
             AND f.state = 'archived' AND f.storage_key NOT LIKE '{DEMO_KEY}%'"
    );
    execute(conn, insert, ids).await
}

pub(crate) const NEXT: &str = "SELECT id, recording_id FROM undescribed ORDER BY id LIMIT $1";

/// The first `limit` places of the queue with their recordings; some may be given twice.
pub async fn next(conn: &mut Conn, limit: u32) -> Result<Vec<(i64, RecordingId)>> {
    query(NEXT)
        .bind(limit)
        .all(conn, Columns::values("undescribed", ["id", "recording_id"]))
        .await
}

/// Removes these places of the queue. A recording that was added again meanwhile stays in it.
pub async fn remove(conn: &mut Conn, places: &[i64]) -> Result<()> {
    static REMOVE: Bulk = Bulk::new("DELETE FROM undescribed WHERE id IN (VALUES {})");
    REMOVE.execute(conn, places).await
}
