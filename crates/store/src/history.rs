//! What happened to a recording, line by line. Lines are only ever added.

use reelroom_domain::{
    ids::RecordingId,
    time::Timestamp,
    view::{HistoryEvent, HistoryLine},
};
use sqlx::query;

use crate::{
    Conn, StoreError,
    engine::{opt_text, text},
    row::Columns,
};

/// Adds a line. `actor`: an account's name, or `None` for the platform and ourselves; `note`: the
/// platform's own words, or a cause.
pub async fn append(
    conn: &mut Conn,
    recording: RecordingId,
    at: Timestamp,
    event: HistoryEvent,
    actor: Option<&str>,
    note: Option<&str>,
) -> Result<(), StoreError> {
    let event = serde_json::to_string(&event).map_err(|error| sqlx::Error::Encode(error.into()))?;
    query("INSERT INTO history (recording_id, at, event, actor, note) VALUES ($1, $2, $3, $4, $5)")
        .bind(recording.to_string())
        .bind(at.as_millis())
        .bind(text(&event))
        .bind(opt_text(actor))
        .bind(opt_text(note))
        .execute(conn)
        .await?;
    Ok(())
}

/// All lines of a recording, in the order in which they were added.
pub async fn of_recording(
    conn: &mut Conn,
    recording: RecordingId,
) -> Result<Vec<HistoryLine>, StoreError> {
    let rows = query("SELECT * FROM history WHERE recording_id = $1 ORDER BY id")
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
                note: row.opt_text("note")?,
            })
        })
        .collect()
}
