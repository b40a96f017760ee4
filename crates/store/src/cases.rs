//! Cases: their texts, who may look at them, and their history.

use reelroom_domain::{
    case::{Case, CaseEvent, CaseLine, CaseRow, CaseText},
    ids::{CaseId, RecordingId, UserId},
    time::Timestamp,
    user::Holder,
};
use sqlx::any::AnyRow;

use crate::{
    Conn, Result,
    engine::{json, key},
    fields,
    query::{affects_any, execute, query, query_over},
    reader,
    row::Columns,
    select::Select,
    value::size_in_sum,
};

const COLUMNS: &str = "c.id, c.number, c.name, c.reason, c.reference, c.opened_at, c.opened_by,
    c.opened_name, c.closed_at, c.closed_by";

fn read(row: &AnyRow) -> Result<Case> {
    let row = Columns::new(row, "cases", "id");
    let closed_at: Option<Timestamp> = row.get("closed_at")?;
    Ok(fields!(row => Case {
        id, opened_at, opened_by, opened_name,
        text = fields!(row => CaseText { number, name, reason, reference }),
        closed = closed_at.zip(row.get("closed_by")?)
    }))
}

static CASES: Select<Case> = Select::new(COLUMNS, "cases c", read);

/// Adds a case; `false` where another one has its number.
pub async fn insert(conn: &mut Conn, case: &Case) -> Result<bool> {
    let text = &case.text;
    query(
        "INSERT INTO cases (id, number, number_key, name, reason, reference, opened_at, opened_by, opened_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (number_key) DO NOTHING",
    )
    .bind((case.id, &text.number, key(&text.number), &text.name))
    .bind((&text.reason, &text.reference))
    .bind((case.opened_at, case.opened_by, &case.opened_name))
    .affects_any(conn)
    .await
}

/// Changes the texts of an open case; `false` where it is closed, or another one has the number.
pub async fn update(conn: &mut Conn, id: CaseId, text: &CaseText) -> Result<bool> {
    query(
        "UPDATE cases SET number = $2, number_key = $3, name = $4, reason = $5, reference = $6
         WHERE id = $1 AND closed_at IS NULL AND NOT EXISTS (
             SELECT 1 FROM cases o WHERE o.number_key = $3 AND o.id <> $1)",
    )
    .bind((id, &text.number, key(&text.number), &text.name))
    .bind((&text.reason, &text.reference))
    .affects_any(conn)
    .await
}

/// Locks the case of that id: until the end of the transaction, nobody closes it.
pub async fn lock(conn: &mut Conn, id: CaseId) -> Result<()> {
    // Not `FOR UPDATE`: a line of the history that refers to it waits for no lock.
    query("UPDATE cases SET closed_at = closed_at WHERE id = $1")
        .bind(id)
        .execute(conn)
        .await
}

/// The case of that id.
pub async fn get(conn: &mut Conn, id: CaseId) -> Result<Option<Case>> {
    CASES.first(conn, "WHERE c.id = $1", id).await
}

/// Closes a case; `false` where it is closed.
pub async fn close(conn: &mut Conn, id: CaseId, at: Timestamp, by: &str) -> Result<bool> {
    let update =
        "UPDATE cases SET closed_at = $2, closed_by = $3 WHERE id = $1 AND closed_at IS NULL";
    affects_any(conn, update, (id, at, by)).await
}

/// The condition that the account `place` opened the case `c`, or may look at it.
fn named(place: &str) -> String {
    format!(
        "(c.opened_by = {place} OR EXISTS (SELECT 1 FROM case_lookers l WHERE l.case_id = c.id
             AND (l.holder = {place} OR l.holder IN (
                 SELECT m.group_id FROM members m WHERE m.user_id = {place}))))"
    )
}

/// The cases, the last changed first. With `user`, only those that this account opened or may look at.
pub async fn list(conn: &mut Conn, user: Option<UserId>) -> Result<Vec<CaseRow>> {
    query(list_sql())
        .bind(user)
        .all(conn, |any_row| {
            let row = Columns::new(any_row, "cases", "id");
            Ok(fields!(row => CaseRow { held, changed_at, case = read(any_row)? }))
        })
        .await
}

pub(crate) fn list_sql() -> String {
    format!(
        "SELECT {COLUMNS}, (SELECT COUNT(*) FROM holds h
                 WHERE h.case_id = c.id AND h.released_at IS NULL) AS held,
             COALESCE((SELECT MAX(l.at) FROM case_lines l WHERE l.case_id = c.id), c.opened_at) AS changed_at
         FROM cases c WHERE $1 IS NULL OR {}
         ORDER BY changed_at DESC, c.id DESC",
        named("$1")
    )
}

/// Whether an account opened a case, or may look at it.
pub async fn is_named(conn: &mut Conn, id: CaseId, user: UserId) -> Result<bool> {
    query(format!(
        "SELECT 1 AS yes FROM cases c WHERE c.id = $1 AND {}",
        named("$2")
    ))
    .bind((id, user))
    .exists(conn)
    .await
}

/// The holds of open cases on these recordings: the recording, and whether the account opened the case, or may look at
/// it.
pub async fn holding(
    conn: &mut Conn,
    recordings: &[RecordingId],
    user: UserId,
) -> Result<Vec<(RecordingId, bool)>> {
    let text = format!(
        "SELECT h.recording_id, CASE WHEN {} THEN 1 ELSE 0 END AS is_named
         FROM holds h JOIN cases c ON c.id = h.case_id
         WHERE h.released_at IS NULL AND h.recording_id IN {{list}}",
        named("$2")
    );
    query_over(conn, &text, recordings)?
        .bind(user)
        .all(conn, Columns::values("holds", ["recording_id", "is_named"]))
        .await
}

/// Lets an account or a group look at a case; `false` where it may already.
pub async fn add_looker(
    conn: &mut Conn,
    id: CaseId,
    looker: Holder,
    name: &str,
    at: Timestamp,
) -> Result<bool> {
    let kind = match looker {
        Holder::User(_) => "person",
        Holder::Group(_) => "group",
    };
    let insert =
        "INSERT INTO case_lookers (case_id, holder, kind, name, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (case_id, holder) DO NOTHING";
    affects_any(conn, insert, (id, looker.id(), kind, name, at)).await
}

/// Lets an account or a group no longer look at a case. Returns its name, if it could.
pub async fn remove_looker(conn: &mut Conn, id: CaseId, looker: Holder) -> Result<Option<String>> {
    query("DELETE FROM case_lookers WHERE case_id = $1 AND holder = $2 RETURNING holder, name")
        .bind((id, looker.id()))
        .first(conn, Columns::value("case_lookers", "name"))
        .await
}

/// The accounts and groups that may look at a case, with their names, and since when.
pub async fn lookers(conn: &mut Conn, id: CaseId) -> Result<Vec<(Holder, String, Timestamp)>> {
    query("SELECT holder, kind, name, at FROM case_lookers WHERE case_id = $1 ORDER BY at, holder")
        .bind(id)
        .all(conn, |row| {
            let row = Columns::new(row, "case_lookers", "holder");
            let kind: String = row.get("kind")?;
            let looker = match kind.as_str() {
                "person" => Holder::User(row.get("holder")?),
                "group" => Holder::Group(row.get("holder")?),
                _ => return Err(row.corrupt("kind")),
            };
            Ok((looker, row.get("name")?, row.get("at")?))
        })
        .await
}

/// Appends a line to the history of a case.
pub async fn append(
    conn: &mut Conn,
    id: CaseId,
    at: Timestamp,
    actor: &str,
    event: &CaseEvent,
) -> Result<()> {
    let insert = "INSERT INTO case_lines (case_id, at, actor, event) VALUES ($1, $2, $3, $4)";
    execute(conn, insert, (id, at, actor, json(event)?)).await
}

/// The history of a case, the newest line first; at most `limit`.
pub async fn history(conn: &mut Conn, id: CaseId, limit: u32) -> Result<Vec<CaseLine>> {
    let read =
        reader!(row of case_lines.case_id => CaseLine { at, actor, event = row.json("event")? });
    query(
        "SELECT case_id, at, actor, event FROM case_lines WHERE case_id = $1
         ORDER BY id DESC LIMIT $2",
    )
    .bind((id, limit))
    .all(conn, read)
    .await
}

/// The number of lines of the history of a case.
pub async fn count_history(conn: &mut Conn, id: CaseId) -> Result<u32> {
    query("SELECT COUNT(*) AS n FROM case_lines WHERE case_id = $1")
        .bind(id)
        .count(conn)
        .await
}

/// The number of files of the recordings that a case holds, or held until it was closed, and their bytes: as the rows of
/// the library count them, of one version each, of our copy where there is one, else as the platform says.
pub async fn files(conn: &mut Conn, id: CaseId) -> Result<(u32, u64)> {
    let size = size_in_sum("f.size");
    query(format!(
        "SELECT COUNT(*) AS n, CAST(COALESCE(SUM(CASE WHEN f.state = 'archived' THEN f.stored_size
             ELSE {size} END), 0) AS BIGINT) AS bytes
         FROM holds h JOIN cases c ON c.id = h.case_id JOIN shown_files f ON f.recording_id = h.recording_id
         WHERE h.case_id = $1 AND (h.released_at IS NULL OR c.closed_at IS NOT NULL)"
    ))
    .bind(id)
    .one(conn, Columns::values("files", ["n", "bytes"]))
    .await
}
