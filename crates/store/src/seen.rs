//! The accounts that have opened each recording.

use std::collections::BTreeMap;

use reelroom_domain::{
    ids::{RecordingId, UserId},
    time::Timestamp,
};

use crate::{
    Conn, Result,
    query::{execute, query, query_over},
    row::Columns,
    stale,
};

/// Marks recordings as seen by an account. Those that it has seen keep their time; ids of no recording are
/// ignored.
pub async fn mark(
    conn: &mut Conn,
    user: UserId,
    recordings: &[RecordingId],
    at: Timestamp,
) -> Result<()> {
    let text = "INSERT INTO seen (user_id, recording_id, at)
         SELECT $2, r.id, $3 FROM recordings r WHERE r.id IN {list}
         ON CONFLICT (user_id, recording_id) DO NOTHING";
    let insert = query_over(conn, text, recordings)?.bind((user, at));
    insert.execute(conn).await?;
    stale::mark(conn, recordings).await
}

/// Marks recordings as not seen by an account.
pub async fn unmark(conn: &mut Conn, user: UserId, recordings: &[RecordingId]) -> Result<()> {
    let text = "DELETE FROM seen WHERE user_id = $2 AND recording_id IN {list}";
    let delete = query_over(conn, text, recordings)?.bind(user);
    delete.execute(conn).await?;
    stale::mark(conn, recordings).await
}

/// Those of the recordings that an account has seen, and when it opened them first.
pub async fn by_user(
    conn: &mut Conn,
    user: UserId,
    recordings: &[RecordingId],
) -> Result<BTreeMap<RecordingId, Timestamp>> {
    let text = "SELECT recording_id, at FROM seen WHERE user_id = $2 AND recording_id IN {list}";
    let seen: Vec<(RecordingId, Timestamp)> = query_over(conn, text, recordings)?
        .bind(user)
        .all(conn, Columns::values("seen", ["recording_id", "at"]))
        .await?;
    Ok(seen.into_iter().collect())
}

/// Copies the marks of a recording to another that turned out to be the same.
pub(crate) async fn copy(conn: &mut Conn, from: RecordingId, into: RecordingId) -> Result<()> {
    let insert = "INSERT INTO seen (user_id, recording_id, at)
         SELECT user_id, $2, at FROM seen WHERE recording_id = $1
         ON CONFLICT (user_id, recording_id) DO NOTHING";
    execute(conn, insert, (from, into)).await
}

/// Deletes the oldest marks of before `before`, at most `limit`; `false` if there was none.
pub async fn delete_before(conn: &mut Conn, before: Timestamp, limit: u32) -> Result<bool> {
    let recordings: Vec<RecordingId> = query(
        "DELETE FROM seen WHERE (user_id, recording_id) IN (
             SELECT s.user_id, s.recording_id FROM seen s WHERE s.at < $1 ORDER BY s.at LIMIT $2)
         RETURNING recording_id",
    )
    .bind((before, limit))
    .all(conn, Columns::value("seen", "recording_id"))
    .await?;
    stale::mark(conn, &recordings).await?;
    Ok(!recordings.is_empty())
}
