//! What takes its room now.

use reelroom_domain::{ids::AppId, recording::RecordingState, view::RunningRecording};
use sqlx::query;

use crate::{Conn, StoreError, row::Columns};

/// The recordings that take their room, of an app, at most `limit`: those of which nobody knows whether
/// they run, then the longest; and how many there are in all.
pub async fn running(
    conn: &mut Conn,
    app: AppId,
    limit: u32,
) -> Result<(Vec<RunningRecording>, u32), StoreError> {
    let rows = query(
        "SELECT r.id, r.room, r.state, o.title,
             COALESCE(r.started_at, r.requested_at) AS began_at, COUNT(*) OVER () AS together
         FROM recordings r JOIN rooms o ON o.app_id = r.app_id AND o.room = r.room
         WHERE r.app_id = $1 AND r.state IN ('requested', 'recording', 'stopping', 'unknown')
         ORDER BY CASE r.state WHEN 'unknown' THEN 0 ELSE 1 END, began_at, r.id LIMIT $2",
    )
    .bind(app.to_string())
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?;
    let together = match rows.first() {
        Some(row) => Columns::new(row, "recordings", "id").count("together")?,
        None => 0,
    };
    let running: Result<_, StoreError> = rows
        .iter()
        .map(|row| {
            let row = Columns::new(row, "recordings", "id");
            Ok(RunningRecording {
                id: row.id("id")?,
                room: row.room("room")?,
                title: row.text("title")?,
                state: row.word("state", RecordingState::parse)?,
                started_at: row.time("began_at")?,
            })
        })
        .collect();
    Ok((running?, together))
}

/// How many recordings take their room in other apps than this one.
pub async fn running_elsewhere(conn: &mut Conn, app: AppId) -> Result<u32, StoreError> {
    let row = query(
        "SELECT COUNT(*) AS n FROM recordings WHERE app_id <> $1
             AND state IN ('requested', 'recording', 'stopping', 'unknown')",
    )
    .bind(app.to_string())
    .fetch_one(conn)
    .await?;
    Columns::new(&row, "recordings", "id").count("n")
}
