//! The queue of recordings whose rows of the library's index are to be made anew. Each change adds to it in its own
//! transaction.

use reelroom_domain::{
    ids::{AppId, FileId, RecordingId},
    room::RoomId,
};

use crate::{Conn, Result, bulk::Bulk, query::query, row::Columns};

/// Adds recordings.
pub async fn mark(conn: &mut Conn, recordings: &[RecordingId]) -> Result<()> {
    static MARK: Bulk = Bulk::new("INSERT INTO stale (recording_id) VALUES {}");
    MARK.execute(conn, recordings).await
}

/// Adds the recordings of these files.
pub(crate) async fn mark_files(conn: &mut Conn, files: &[FileId]) -> Result<()> {
    static MARK: Bulk = Bulk::new(
        "INSERT INTO stale (recording_id) SELECT DISTINCT recording_id FROM files WHERE id IN (VALUES {})",
    );
    MARK.execute(conn, files).await
}

/// Adds the recordings of a room.
pub(crate) async fn mark_room(conn: &mut Conn, app: AppId, room: &RoomId) -> Result<()> {
    query("INSERT INTO stale (recording_id) SELECT id FROM recordings WHERE app_id = $1 AND room = $2")
        .bind((app, room))
        .execute(conn)
        .await
}

/// The length of the queue, counted up to `limit`.
pub async fn count(conn: &mut Conn, limit: u32) -> Result<u32> {
    query("SELECT COUNT(*) AS n FROM (SELECT 1 FROM stale LIMIT $1) AS counted")
        .bind(limit)
        .count(conn)
        .await
}

/// Takes the first `limit` of the queue; some may be given twice.
pub(crate) async fn take(conn: &mut Conn, limit: u32) -> Result<Vec<RecordingId>> {
    query(
        "DELETE FROM stale WHERE id IN (SELECT id FROM stale ORDER BY id LIMIT $1)
         RETURNING recording_id",
    )
    .bind(limit)
    .all(conn, |row| {
        Columns::new(row, "stale", "recording_id").get("recording_id")
    })
    .await
}
