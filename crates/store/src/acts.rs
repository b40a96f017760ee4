//! The history of access.

use reelroom_domain::act::Act;

use crate::{Conn, Result, engine::json, query::query};

/// Appends an act.
pub async fn append(conn: &mut Conn, act: &Act) -> Result<()> {
    let (app, room) = act.room.as_ref().map(|(app, room)| (app, room)).unzip();
    query(
        "INSERT INTO acts (at, until, user_id, name, kind, subject, app_id, room, recording_id, file_id,
             detail, address, agent)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind((act.at, act.until, act.user, &act.name))
    .bind((act.kind, &act.subject, app, room, act.recording, act.file))
    .bind((json(&act.detail)?, &act.address, &act.agent))
    .execute(conn)
    .await
}
