//! The recordings that occupy their rooms.

use reelroom_domain::view::RunningRecording;

use crate::{Conn, Result, Scope, query::query, row::Columns};

/// The active recordings of a scope, at most `limit`: those of unknown state first, then the longest; and the
/// number of all.
pub async fn running(
    conn: &mut Conn,
    scope: impl Into<Scope<'_>>,
    limit: u32,
) -> Result<(Vec<RunningRecording>, u32)> {
    let scope = scope.into();
    let rows = query(format!(
        "SELECT r.id, r.app_id, r.room, r.state, o.title,
             COALESCE(r.started_at, r.requested_at) AS began_at, COUNT(*) OVER () AS together
         FROM recordings r JOIN rooms o ON o.app_id = r.app_id AND o.room = r.room
         WHERE r.app_id = $1{} AND r.state IN ('requested', 'recording', 'stopping', 'unknown')
         ORDER BY CASE r.state WHEN 'unknown' THEN 0 ELSE 1 END, began_at, r.id LIMIT $2",
        scope.condition(conn, "r.room", "$3")
    ))
    .bind((scope.app, limit, scope.value()?))
    .all(conn, |row| {
        let row = Columns::new(row, "recordings", "id");
        let recording = RunningRecording {
            id: row.get("id")?,
            app: row.get("app_id")?,
            room: row.get("room")?,
            title: row.get("title")?,
            state: row.get("state")?,
            started_at: row.get("began_at")?,
        };
        Ok((recording, row.get("together")?))
    })
    .await?;
    let together = rows.first().map_or(0, |(_, together)| *together);
    Ok((rows.into_iter().map(|(one, _)| one).collect(), together))
}
