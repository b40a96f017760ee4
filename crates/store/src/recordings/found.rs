//! Recordings that were found by their files.

use reelroom_domain::{ids::RecordingId, recording::Recording, time::Timestamp};
use sqlx::query;

use super::row::hold_room;
use crate::{Conn, StoreError, bulk::Bulk, engine::opt_text, rooms};

static INSERT: Bulk = Bulk::new(
    "INSERT INTO recordings (id, app_id, room, origin, state, state_since, user_data,
         requested_at, started_at, stopped_at, tracks_expected) VALUES ",
    11,
    "",
);

/// Adds recordings that nobody started here and that do not run: they take no room, and have
/// neither rule nor path. Their rooms must be known.
pub async fn insert_found(conn: &mut Conn, found: &[Recording]) -> Result<(), StoreError> {
    let mut rooms: Vec<_> = found
        .iter()
        .map(|one| (one.app, one.room.clone()))
        .collect();
    rooms.sort_unstable();
    rooms.dedup();
    rooms::hold(conn, &rooms).await?;
    for (sql, some) in INSERT.portions(conn, found) {
        let insert = some.iter().fold(query(sql), |insert, recording| {
            insert
                .bind(recording.id.to_string())
                .bind(recording.app.to_string())
                .bind(recording.room.as_str().to_owned())
                .bind(recording.origin.as_str())
                .bind(recording.state.as_str())
                .bind(recording.state_since.as_millis())
                .bind(opt_text(recording.user_data.as_deref()))
                .bind(recording.requested_at.as_millis())
                .bind(recording.started_at.map(Timestamp::as_millis))
                .bind(recording.stopped_at.map(Timestamp::as_millis))
                .bind(i64::from(recording.tracks_expected))
        });
        insert.execute(&mut *conn).await?;
    }
    rooms::settle(conn, &rooms).await
}

/// Deletes a recording with its files and its history.
pub async fn delete(conn: &mut Conn, id: RecordingId) -> Result<(), StoreError> {
    let Some(room) = hold_room(conn, id).await? else {
        return Ok(());
    };
    query("DELETE FROM recordings WHERE id = $1")
        .bind(id.to_string())
        .execute(&mut *conn)
        .await?;
    rooms::settle(conn, &[room]).await
}
