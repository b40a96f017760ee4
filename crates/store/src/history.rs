//! What happened to a recording, line by line. Lines are only ever added.

use reelroom_domain::{
    cause::Cause,
    ids::RecordingId,
    time::Timestamp,
    view::{HistoryEvent, HistoryLine},
};
use sqlx::query;

use crate::{
    Conn, StoreError,
    engine::{self, opt_text},
    row::Columns,
};

/// Adds a line. `actor`: an account's name, or `None` for the platform and ourselves; `cause`: why,
/// where something went wrong.
pub async fn append(
    conn: &mut Conn,
    recording: RecordingId,
    at: Timestamp,
    event: HistoryEvent,
    actor: Option<&str>,
    cause: Option<&Cause>,
) -> Result<(), StoreError> {
    query("INSERT INTO history (recording_id, at, event, actor, note) VALUES ($1, $2, $3, $4, $5)")
        .bind(recording.to_string())
        .bind(at.as_millis())
        .bind(engine::json(&event)?)
        .bind(opt_text(actor))
        .bind(cause.map(engine::json).transpose()?)
        .execute(conn)
        .await?;
    Ok(())
}

/// All lines of a recording, in the order in which they were added.
pub async fn of_recording(
    conn: &mut Conn,
    recording: RecordingId,
) -> Result<Vec<HistoryLine>, StoreError> {
    let rows = query(
        "SELECT recording_id, at, event, actor, note FROM history
         WHERE recording_id = $1 ORDER BY id",
    )
    .bind(recording.to_string())
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Columns::new(row, "history", "recording_id");
            Ok(HistoryLine {
                at: row.time("at")?,
                event: row.word("event", |text| serde_json::from_str(text).ok())?,
                actor: row.opt_text("actor")?,
                cause: row.opt_cause("note")?,
            })
        })
        .collect()
}
