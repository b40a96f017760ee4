//! The queue of recordings whose rows of the library's index are to be made anew. Each change adds to it in its own
//! transaction.

use reelroom_domain::{
    ids::{AppId, FileId, RecordingId},
    room::RoomId,
};
use sqlx::any::AnyRow;

use crate::{
    Conn, Result,
    bulk::Bulk,
    engine::{Engine, json},
    query::query,
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

/// The id of a mark in the queue, and its recording.
pub(crate) type Mark = (i64, RecordingId);

/// The first `limit` marks.
pub(crate) async fn first(conn: &mut Conn, limit: u32) -> Result<Vec<Mark>> {
    query("SELECT id, recording_id FROM stale ORDER BY id LIMIT $1")
        .bind(limit)
        .all(conn, mark_of)
        .await
}

/// Those of these marks that are still in the queue.
pub(crate) async fn still(conn: &mut Conn, marks: &[Mark]) -> Result<Vec<Mark>> {
    let these = these(conn);
    query(format!(
        "SELECT id, recording_id FROM stale WHERE id IN {these}"
    ))
    .bind(ids(marks)?)
    .all(conn, mark_of)
    .await
}

/// Removes marks from the queue.
pub(crate) async fn remove(conn: &mut Conn, marks: &[Mark]) -> Result<()> {
    let these = these(conn);
    query(format!("DELETE FROM stale WHERE id IN {these}"))
        .bind(ids(marks)?)
        .execute(conn)
        .await
}

fn these(conn: &Conn) -> String {
    let texts = Engine::of_connection(conn).texts("$1");
    format!("(SELECT CAST(value AS BIGINT) FROM {texts})")
}

fn ids(marks: &[Mark]) -> Result<String> {
    let ids: Vec<String> = marks.iter().map(|(id, _)| id.to_string()).collect();
    Ok(json(&ids)?)
}

fn mark_of(row: &AnyRow) -> Result<Mark> {
    let row = Columns::new(row, "stale", "id");
    Ok((row.get("id")?, row.get("recording_id")?))
}
