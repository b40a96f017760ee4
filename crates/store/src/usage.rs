//! The usage of the storage.

use reelroom_domain::{
    time::Timestamp,
    usage::{RoomUsage, Total},
};

use crate::{Conn, Result, fields, query::query, reader};

/// The copies of each room that has some. Those made since `since` are its recent ones.
pub async fn of_rooms(conn: &mut Conn, since: Timestamp) -> Result<Vec<RoomUsage>> {
    let read = reader!(row of files.room => RoomUsage {
        app: app_id, room, title, recent, first_at,
        total = fields!(row => Total { files, bytes })
    });
    query(OF_ROOMS).bind(since).all(conn, read).await
}

/// All copies.
pub async fn total(conn: &mut Conn) -> Result<Total> {
    let read = reader!(files.files => Total { files, bytes });
    query(TOTAL).one(conn, read).await
}

/// The statement of [`total`]. It reads an index, as [`OF_ROOMS`].
pub(crate) const TOTAL: &str = "
    SELECT COUNT(*) AS files, CAST(COALESCE(SUM(stored_size), 0) AS BIGINT) AS bytes
    FROM files WHERE state = 'archived'";

/// The statement of [`of_rooms`]. It reads the copies from an index, without their rows. For a million of them SQLite
/// needs a third of a second, so no change of a file has to update a sum.
pub(crate) const OF_ROOMS: &str = "
    WITH copies AS (
        SELECT f.recording_id, COUNT(*) AS files, SUM(f.stored_size) AS bytes,
            SUM(CASE WHEN f.archived_at >= $1 THEN f.stored_size ELSE 0 END) AS recent,
            MIN(f.archived_at) AS first_at
        FROM files f WHERE f.state = 'archived' GROUP BY f.recording_id)
    SELECT r.app_id, r.room,
        (SELECT o.title FROM rooms o WHERE o.app_id = r.app_id AND o.room = r.room) AS title,
        CAST(SUM(copies.files) AS BIGINT) AS files, CAST(SUM(copies.bytes) AS BIGINT) AS bytes,
        CAST(SUM(copies.recent) AS BIGINT) AS recent, MIN(copies.first_at) AS first_at
    FROM copies JOIN recordings r ON r.id = copies.recording_id
    GROUP BY r.app_id, r.room";
