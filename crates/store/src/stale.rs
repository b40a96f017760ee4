//! The queue of recordings whose rows of the library's index are to be made anew. Each change adds to it in its own
//! transaction.

use reelroom_domain::{
    ids::{AppId, FileId, RecordingId},
    room::RoomId,
};

use crate::{
    Conn, Result,
    bulk::Bulk,
    query::{execute, query},
    row::Columns,
};

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
    let insert = "INSERT INTO stale (recording_id) SELECT id FROM recordings WHERE app_id = $1 AND room = $2";
    execute(conn, insert, (app, room)).await
}

/// The length of the queue, counted up to `limit`.
pub async fn count(conn: &mut Conn, limit: u32) -> Result<u32> {
    query("SELECT COUNT(*) AS n FROM (SELECT 1 FROM stale LIMIT $1) AS counted")
        .bind(limit)
        .count(conn)
        .await
}

/// The id of a mark in the queue, and its recording.
pub(crate) type Mark = (i64, RecordingId);

/// The first `limit` marks, or those that follow another one.
pub(crate) async fn next(conn: &mut Conn, after: Option<Mark>, limit: u32) -> Result<Vec<Mark>> {
    query("SELECT id, recording_id FROM stale WHERE id > $1 ORDER BY id LIMIT $2")
        .bind((after.map_or(0, |(id, _)| id), limit))
        .all(conn, Columns::values("stale", ["id", "recording_id"]))
        .await
}

/// Those of these marks that are still in the queue.
pub(crate) async fn still(conn: &mut Conn, marks: &[Mark]) -> Result<Vec<Mark>> {
    static STILL: Bulk = Bulk::new("SELECT id, recording_id FROM stale WHERE id IN (VALUES {})");
    let rows = STILL.fetch(conn, marks.iter().map(|(id, _)| id)).await?;
    let read = Columns::values("stale", ["id", "recording_id"]);
    rows.iter().map(read).collect()
}

/// Removes marks from the queue.
pub(crate) async fn remove(conn: &mut Conn, marks: &[Mark]) -> Result<()> {
    static REMOVE: Bulk = Bulk::new("DELETE FROM stale WHERE id IN (VALUES {})");
    REMOVE.execute(conn, marks.iter().map(|(id, _)| id)).await
}
