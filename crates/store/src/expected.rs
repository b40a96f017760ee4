//! Whose tracks an ended recording waits for.
//!
//! Written down when it ends, and again when a status callback comes late: the library counts by it,
//! and whoever was in the room stays known when meetings are forgotten one day.

use reelroom_domain::{ids::RecordingId, room::ParticipantId};
use sqlx::query;

use crate::{Conn, StoreError, row::Columns};

/// Sets whose tracks are expected, by name; `false`: it was so already.
pub async fn set(
    conn: &mut Conn,
    recording: RecordingId,
    people: &[ParticipantId],
) -> Result<bool, StoreError> {
    if of_recording(conn, recording).await? == people {
        return Ok(false);
    }
    query("DELETE FROM expected_tracks WHERE recording_id = $1")
        .bind(recording.to_string())
        .execute(&mut *conn)
        .await?;
    for person in people {
        query(
            "INSERT INTO expected_tracks (recording_id, participant) VALUES ($1, $2)
             ON CONFLICT DO NOTHING",
        )
        .bind(recording.to_string())
        .bind(person.as_str())
        .execute(&mut *conn)
        .await?;
    }
    query("UPDATE recordings SET tracks_expected = $2 WHERE id = $1")
        .bind(recording.to_string())
        .bind(i64::try_from(people.len()).unwrap_or(i64::MAX))
        .execute(conn)
        .await?;
    Ok(true)
}

/// Whose tracks are expected, by name.
pub async fn of_recording(
    conn: &mut Conn,
    recording: RecordingId,
) -> Result<Vec<ParticipantId>, StoreError> {
    let rows = query(
        "SELECT participant FROM expected_tracks WHERE recording_id = $1 ORDER BY participant",
    )
    .bind(recording.to_string())
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Columns::new(row, "expected_tracks", "participant");
            row.word("participant", |text| ParticipantId::new(text).ok())
        })
        .collect()
}
