//! The recordings that occupy their rooms.

use reelroom_domain::view::RunningRecording;

use crate::{Conn, Result, Scope, fields, query::query, row::Columns, value::ACTIVE};

/// The active recordings of a scope, at most `limit`: those of unknown state first, then the longest; and the
/// number of all.
pub async fn running(
    conn: &mut Conn,
    scope: impl Into<Scope<'_>>,
    limit: u32,
) -> Result<(Vec<RunningRecording>, u32)> {
    let scope = scope.into();
    let rows = query(running_sql(&scope.condition(conn, "active.room", "$3")))
        .bind((scope.app, limit, scope.value()?))
        .all(conn, |row| {
            let row = Columns::new(row, "recordings", "id");
            let recording = fields!(row => RunningRecording {
                id, app: app_id, room, title, state, started_at: began_at
            });
            Ok((recording, row.get("together")?))
        })
        .await?;
    let together = rows.first().map_or(0, |(_, together)| *together);
    Ok((rows.into_iter().map(|(one, _)| one).collect(), together))
}

/// The statement of [`running`]; `within` is the condition on the rooms. The active recordings, which are few, are found
/// first: otherwise SQLite reads all recordings of these rooms.
pub(crate) fn running_sql(within: &str) -> String {
    format!(
        "WITH active AS MATERIALIZED (SELECT id, app_id, room, state, started_at, requested_at FROM recordings
             WHERE app_id = $1 AND {ACTIVE})
         SELECT active.id, active.app_id, active.room, active.state, o.title,
             COALESCE(active.started_at, active.requested_at) AS began_at, COUNT(*) OVER () AS together
         FROM active JOIN rooms o ON o.app_id = active.app_id AND o.room = active.room WHERE TRUE{within}
         ORDER BY CASE active.state WHEN 'unknown' THEN 0 ELSE 1 END, began_at, active.id LIMIT $2"
    )
}
