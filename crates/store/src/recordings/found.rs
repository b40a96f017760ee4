//! Recordings that were found by their files.

use reelroom_domain::{ids::RecordingId, recording::Recording};

use super::row::write;
use crate::{Conn, Result, bulk::Bulk, query::query, rooms, stale};

/// Inserts recordings that were not started here and do not run: they do not occupy their rooms, and
/// have neither rule nor path. Their rooms must be known.
pub async fn insert_found(conn: &mut Conn, found: &[Recording]) -> Result<()> {
    static INSERT: Bulk = Bulk::new(
        "INSERT INTO recordings (id, app_id, room, origin, state, state_since, user_data,
             requested_at, started_at, stopped_at, tracks_expected) VALUES {}",
    );
    let rooms = found.iter().map(|one| (one.app, one.room.clone()));
    let mut rooms: Vec<_> = rooms.collect();
    rooms.sort_unstable();
    rooms.dedup();
    rooms::lock(conn, &rooms).await?;
    let rows = found.iter().map(|one| {
        (
            (one.id, one.app, &one.room, one.origin),
            (one.state, one.state_since, &one.user_data),
            (one.requested_at, one.started_at, one.stopped_at),
            one.tracks_expected,
        )
    });
    INSERT.execute(conn, rows).await?;
    let ids: Vec<RecordingId> = found.iter().map(|one| one.id).collect();
    stale::mark(conn, &ids).await?;
    rooms::update_facts(conn, &rooms).await
}

/// Deletes a recording with its files and its history, unless there is a copy of one.
pub async fn delete(conn: &mut Conn, id: RecordingId) -> Result<()> {
    let delete = query(
        "DELETE FROM recordings WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM files f
             WHERE f.recording_id = recordings.id AND f.state IN ('archived', 'fetching'))",
    );
    write(conn, id, delete.bind(id)).await.map(drop)
}
