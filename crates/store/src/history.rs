//! The history of a recording, line by line. Lines are only ever appended.

use std::collections::HashMap;

use reelroom_domain::{
    about::AboutChange,
    cause::Cause,
    ids::{AppId, RecordingId},
    recording::RecordingEvent,
    room::RoomId,
    time::Timestamp,
    view::{HistoryEvent, HistoryLine},
};

use crate::{
    Conn, Result,
    engine::json,
    query::{execute, query, query_over},
    row::Columns,
};

/// Appends a line. `actor` is an account's name, or `None` for the platform and the server; `cause` is
/// why something went wrong.
pub async fn append(
    conn: &mut Conn,
    recording: RecordingId,
    at: Timestamp,
    event: HistoryEvent,
    actor: Option<&str>,
    cause: Option<&Cause>,
) -> Result<()> {
    let cause = cause.map(json).transpose()?;
    let insert =
        "INSERT INTO history (recording_id, at, event, actor, note) VALUES ($1, $2, $3, $4, $5)";
    execute(conn, insert, (recording, at, json(&event)?, actor, cause)).await
}

/// Appends a line about a change of title, tags or notes, by the account of that name.
pub async fn append_change(
    conn: &mut Conn,
    recording: RecordingId,
    at: Timestamp,
    change: &AboutChange,
    actor: &str,
) -> Result<()> {
    let event = json(&HistoryEvent::Described)?;
    let insert =
        "INSERT INTO history (recording_id, at, event, actor, note) VALUES ($1, $2, $3, $4, $5)";
    execute(conn, insert, (recording, at, event, actor, json(change)?)).await
}

/// Appends a line to each recording of a room, which the account of that name is moving to another room.
pub async fn append_moves(
    conn: &mut Conn,
    app: AppId,
    from: &RoomId,
    at: Timestamp,
    actor: &str,
) -> Result<()> {
    let event = json(&HistoryEvent::Moved)?;
    let insert = "INSERT INTO history (recording_id, at, event, actor, note)
         SELECT id, $3, $4, $5, $6 FROM recordings WHERE app_id = $1 AND room = $2";
    execute(conn, insert, (app, from, at, event, actor, json(from)?)).await
}

/// All lines of a recording, in the order in which they were appended.
pub async fn of_recording(conn: &mut Conn, recording: RecordingId) -> Result<Vec<HistoryLine>> {
    query(
        "SELECT recording_id, at, event, actor, note FROM history
         WHERE recording_id = $1 ORDER BY id",
    )
    .bind(recording)
    .all(conn, |row| {
        let row = Columns::new(row, "history", "recording_id");
        let event: HistoryEvent = row.json("event")?;
        let (cause, change, moved_from) = match event {
            HistoryEvent::Described => (None, Some(row.json("note")?), None),
            HistoryEvent::Moved => (None, None, Some(row.json("note")?)),
            _ => (row.cause("note")?, None, None),
        };
        Ok(HistoryLine {
            at: row.get("at")?,
            event,
            actor: row.get("actor")?,
            cause,
            change,
            moved_from,
        })
    })
    .await
}

/// Why the starts of these recordings were refused, of those whose history says that; by the newest line.
pub(crate) async fn refusals(
    conn: &mut Conn,
    recordings: &[RecordingId],
) -> Result<HashMap<RecordingId, Option<Cause>>> {
    let text = "SELECT recording_id, event, note FROM history
         WHERE recording_id IN {list} ORDER BY id";
    let lines = query_over(conn, text, recordings)?
        .all(conn, |row| {
            let row = Columns::new(row, "history", "recording_id");
            let event: HistoryEvent = row.json("event")?;
            if event != HistoryEvent::Took(RecordingEvent::StartRefused) {
                return Ok(None);
            }
            let id: RecordingId = row.get("recording_id")?;
            Ok(Some((id, row.cause("note")?)))
        })
        .await?;
    // A later line replaces an earlier one.
    Ok(lines.into_iter().flatten().collect())
}
