//! The participants whose tracks an ended recording waits for.
//!
//! They are stored when it ends, and again when a status callback comes late: the library counts by
//! them, and they stay known when old meetings are deleted.

use reelroom_domain::{ids::RecordingId, room::ParticipantId};

use crate::{
    Conn, Result,
    bulk::Bulk,
    query::{execute, query},
    row::Columns,
    stale,
};

/// Inserts participants of recordings.
pub(crate) static INSERT: Bulk = Bulk::new(
    "INSERT INTO expected_tracks (recording_id, participant) VALUES {} ON CONFLICT DO NOTHING",
);

/// Sets the participants whose tracks are expected, sorted by name; `false`: nothing changed.
pub async fn set(
    conn: &mut Conn,
    recording: RecordingId,
    people: &[ParticipantId],
) -> Result<bool> {
    if of_recording(conn, recording).await? == people {
        return Ok(false);
    }
    let delete = "DELETE FROM expected_tracks WHERE recording_id = $1";
    execute(conn, delete, recording).await?;
    INSERT
        .execute(conn, people.iter().map(|person| (recording, person)))
        .await?;
    let update = "UPDATE recordings SET tracks_expected = $2 WHERE id = $1";
    execute(conn, update, (recording, people.len())).await?;
    stale::mark(conn, &[recording]).await?;
    Ok(true)
}

/// The participants whose tracks are expected, by name.
pub async fn of_recording(conn: &mut Conn, recording: RecordingId) -> Result<Vec<ParticipantId>> {
    query("SELECT participant FROM expected_tracks WHERE recording_id = $1 ORDER BY participant")
        .bind(recording)
        .all(conn, Columns::value("expected_tracks", "participant"))
        .await
}
