//! Retention rules, and the files that they delete apart from their recordings.

use reelroom_domain::{
    file::FileKind,
    ids::{RecordingId, RuleId},
    retention::{Rule, RuleState},
    time::Timestamp,
};

use crate::{
    Conn, Result,
    engine::json,
    query::{affects_any, execute, query},
    reader,
    row::Columns,
};

/// The rules, in their order.
pub async fn rules(conn: &mut Conn) -> Result<Vec<Rule>> {
    let read = reader!(row of rules.id => Rule {
        id, state, version, changed_at, changed_by,
        text = row.json("body")?
    });
    query("SELECT id, body, state, version, changed_at, changed_by FROM rules ORDER BY place, id")
        .all(conn, read)
        .await
}

/// Adds a rule after the others.
pub async fn insert(conn: &mut Conn, rule: &Rule) -> Result<()> {
    query(
        "INSERT INTO rules (id, place, body, state, version, changed_at, changed_by)
         SELECT $1, COALESCE(MAX(place), 0) + 1, $2, $3, $4, $5, $6 FROM rules",
    )
    .bind((rule.id, json(&rule.text)?, rule.state, rule.version))
    .bind((rule.changed_at, &rule.changed_by))
    .execute(conn)
    .await
}

/// Stores the next version of a rule; `false` where it was changed meanwhile.
pub async fn update(conn: &mut Conn, rule: &Rule) -> Result<bool> {
    query(
        "UPDATE rules SET body = $2, state = $3, version = $4, changed_at = $5, changed_by = $6
         WHERE id = $1 AND version = $4 - 1",
    )
    .bind((rule.id, json(&rule.text)?, rule.state, rule.version))
    .bind((rule.changed_at, &rule.changed_by))
    .affects_any(conn)
    .await
}

/// Stores the state of this version of a rule; `false` where it was changed meanwhile.
pub async fn set_state(
    conn: &mut Conn,
    id: RuleId,
    version: u32,
    state: RuleState,
) -> Result<bool> {
    let update = "UPDATE rules SET state = $3 WHERE id = $1 AND version = $2";
    affects_any(conn, update, (id, version, state)).await
}

/// Stores the order of all rules.
pub async fn set_order(conn: &mut Conn, order: &[RuleId]) -> Result<()> {
    for (place, id) in order.iter().enumerate() {
        let update = "UPDATE rules SET place = $2 WHERE id = $1";
        execute(conn, update, (*id, place)).await?;
    }
    Ok(())
}

/// Deletes a rule.
pub async fn delete(conn: &mut Conn, id: RuleId) -> Result<()> {
    execute(conn, "DELETE FROM rules WHERE id = $1", id).await
}

/// Records that a rule deletes the files of a kind at `until`, as the run of `named_at` found. Where it, or another
/// one, had done so before, the earlier times stay.
pub async fn leave(
    conn: &mut Conn,
    recording: RecordingId,
    kind: FileKind,
    rule: &str,
    named_at: Timestamp,
    until: Timestamp,
) -> Result<()> {
    let insert = "INSERT INTO leaving (recording_id, kind, rule, since, until, named_at) VALUES ($1, $2, $3, $4, $5, $4)
         ON CONFLICT (recording_id, kind) DO UPDATE SET rule = excluded.rule, named_at = excluded.named_at";
    execute(conn, insert, (recording, kind, rule, named_at, until)).await
}

/// The files, by kind, that the run of this time did not name and of which some are deleted: a deletion broke off.
pub async fn broken_off(
    conn: &mut Conn,
    named_at: Timestamp,
) -> Result<Vec<(RecordingId, FileKind)>> {
    query(
        "SELECT l.recording_id, l.kind FROM leaving l WHERE l.named_at < $1 AND EXISTS (
             SELECT 1 FROM files f
             WHERE f.recording_id = l.recording_id AND f.kind = l.kind AND f.purged_at >= l.since)
         ORDER BY l.recording_id, l.kind",
    )
    .bind(named_at)
    .all(conn, Columns::values("leaving", ["recording_id", "kind"]))
    .await
}

/// Removes what the run of this time did not name: these files stay.
pub async fn unleave(conn: &mut Conn, named_at: Timestamp) -> Result<()> {
    execute(conn, "DELETE FROM leaving WHERE named_at < $1", named_at).await
}

/// The kinds of files of recordings whose time is over at `now`, the first due first; at most `limit`.
pub async fn leaving(
    conn: &mut Conn,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<(RecordingId, FileKind)>> {
    query(
        "SELECT recording_id, kind FROM leaving WHERE until <= $1 ORDER BY until, recording_id, kind LIMIT $2",
    )
    .bind((now, limit))
    .all(conn, Columns::values("leaving", ["recording_id", "kind"]))
    .await
}

/// The rule that deletes the files of a kind, and since when.
pub async fn leaves(
    conn: &mut Conn,
    recording: RecordingId,
    kind: FileKind,
) -> Result<Option<(String, Timestamp)>> {
    query("SELECT rule, since FROM leaving WHERE recording_id = $1 AND kind = $2")
        .bind((recording, kind))
        .first(conn, Columns::values("leaving", ["rule", "since"]))
        .await
}

/// Lets all of these files stay until `until` at least. Returns how many stay longer, counted by recording and kind.
pub async fn postpone(conn: &mut Conn, until: Timestamp) -> Result<u64> {
    query("UPDATE leaving SET until = $1 WHERE until < $1")
        .bind(until)
        .count_affected(conn)
        .await
}

/// Removes the files of a kind: they are deleted, or stay.
pub async fn remove(conn: &mut Conn, recording: RecordingId, kind: FileKind) -> Result<()> {
    let delete = "DELETE FROM leaving WHERE recording_id = $1 AND kind = $2";
    execute(conn, delete, (recording, kind)).await
}
