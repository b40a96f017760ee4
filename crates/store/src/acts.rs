//! The history of access.

use std::fmt::Write as _;

use reelroom_domain::{
    act::{Act, ActFilter, ActKind},
    ids::AppId,
    room::RoomId,
    time::Timestamp,
};
use sqlx::any::AnyRow;

use crate::{
    Conn, Result, Write,
    engine::{containing, json, key},
    fields,
    query::{Query, affects_any, execute, query},
    row::Columns,
};

/// The most acts that [`gather`] compares with.
const AT_ONCE: u32 = 1000;

/// A place in the history: an act's time and number. The next page begins after it.
pub type Cursor = (Timestamp, i64);

/// An act and its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The number, which grows in the order in which acts are appended.
    pub id: i64,
    /// The act.
    pub act: Act,
}

const COLUMNS: &str =
    "id, at, until, user_id, name, kind, subject, app_id, room, recording_id, file_id,
    detail, address, agent";

impl Line {
    fn read(row: &AnyRow) -> Result<Self> {
        let row = Columns::new(row, "acts", "name");
        let app: Option<AppId> = row.get("app_id")?;
        let room: Option<RoomId> = row.get("room")?;
        Ok(Self {
            id: row.get("id")?,
            act: fields!(row => Act {
                at, until, user: user_id, name, kind, subject, recording: recording_id,
                file: file_id, address, agent,
                room = app.zip(room),
                detail = row.json("detail")?
            }),
        })
    }
}

/// Appends an act and commits the transaction.
pub async fn commit(mut tx: Write, act: &Act) -> Result<()> {
    append(&mut tx, act).await?;
    tx.commit().await
}

/// Appends an act.
pub async fn append(conn: &mut Conn, act: &Act) -> Result<()> {
    let (app, room) = act.room.as_ref().map(|(app, room)| (app, room)).unzip();
    query(
        "INSERT INTO acts (at, until, user_id, name, kind, subject, app_id, room, recording_id, file_id,
             detail, address, agent, search_key)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind((act.at, act.until, act.user, &act.name))
    .bind((act.kind, &act.subject, app, room, act.recording, act.file))
    .bind((json(&act.detail)?, &act.address, &act.agent))
    .bind(search_key(act))
    .execute(conn)
    .await
}

fn search_key(act: &Act) -> String {
    let room = act.room.as_ref().map(|(_, room)| room.as_str());
    let texts = [
        Some(act.name.as_str()),
        Some(act.subject.as_str()),
        room,
        act.address.as_deref(),
    ];
    let texts: Vec<&str> = texts
        .into_iter()
        .flatten()
        .filter(|text| !text.is_empty())
        .collect();
    key(&texts.join("\n"))
}

/// Adds an act to one that it repeats (see [`Act::gather`]), or else appends it.
pub async fn gather(conn: &mut Conn, act: &Act) -> Result<()> {
    let filter = ActFilter {
        from: Some(act.until.plus_millis(-Act::LONGEST)),
        name: Some(act.name.clone()),
        kinds: vec![act.kind],
        address: act.address.clone(),
        recording: act.recording,
        ..ActFilter::default()
    };
    for Line { id, act: mut known } in page(conn, &filter, None, AT_ONCE).await? {
        if known.gather(act) {
            let update = "UPDATE acts SET until = $2, detail = $3 WHERE id = $1";
            return execute(conn, update, (id, known.until, json(&known.detail)?)).await;
        }
    }
    append(conn, act).await
}

/// The conditions of a filter on `acts a`, with the values of [`bound`]. A condition that does not matter
/// is left out, and kinds are spelled out, so that the best index is used.
fn conditions(filter: &ActFilter) -> String {
    let mut sql = "a.at >= $1 AND a.at < $2".to_owned();
    // Each placeholder is always there: the engine counts what is bound.
    for (is_given, condition, place) in [
        (filter.name.is_some(), "a.name = $3", "$3"),
        (filter.address.is_some(), "a.address = $4", "$4"),
        (filter.recording.is_some(), "a.recording_id = $5", "$5"),
        (
            filter.search.is_some(),
            "a.search_key LIKE $6 ESCAPE '\\'",
            "$6",
        ),
        // The sign keeps the index by number out.
        (filter.up_to.is_some(), "+a.id <= $7", "$7"),
    ] {
        // Writing to text cannot fail.
        let _ = if is_given {
            write!(sql, " AND {condition}")
        } else {
            write!(sql, " AND {place} IS NULL")
        };
    }
    if !filter.kinds.is_empty() {
        let kinds = filter
            .kinds
            .iter()
            .map(|kind| format!("'{}'", kind.as_str()));
        let kinds: Vec<_> = kinds.collect();
        let _ = write!(sql, " AND a.kind IN ({})", kinds.join(", "));
    }
    sql
}

/// Binds the values of [`conditions`].
fn bound(query: Query, filter: &ActFilter) -> Query {
    let to = filter.to.map_or(i64::MAX, Timestamp::as_millis);
    query
        .bind((filter.from.unwrap_or_default(), to))
        .bind((filter.name.as_deref(), filter.address.as_deref()))
        .bind((filter.recording, containing(filter.search.as_ref())))
        .bind(filter.up_to)
}

/// Acts, newest first, those after `before` where it is given, at most `limit`.
pub async fn page(
    conn: &mut Conn,
    filter: &ActFilter,
    before: Option<Cursor>,
    limit: u32,
) -> Result<Vec<Line>> {
    // Without a bound: later than any moment.
    let (at, id) = before.map_or((i64::MAX, i64::MAX), |(at, id)| (at.as_millis(), id));
    bound(query(page_sql(filter)), filter)
        .bind((at, id, limit))
        .all(conn, Line::read)
        .await
}

/// The statement of [`page`]: beside the [`conditions`], the place is `$8` and `$9`, the limit `$10`.
pub(crate) fn page_sql(filter: &ActFilter) -> String {
    format!(
        "SELECT {COLUMNS} FROM acts a WHERE {} AND (a.at, a.id) < ($8, $9)
         ORDER BY a.at DESC, a.id DESC LIMIT $10",
        conditions(filter)
    )
}

/// The number of acts on all pages of [`page`], counted up to `most`.
pub async fn count(conn: &mut Conn, filter: &ActFilter, most: u32) -> Result<u32> {
    let sql = format!(
        "SELECT COUNT(*) AS n FROM (SELECT 1 FROM acts a WHERE {} LIMIT {most}) AS counted",
        conditions(filter)
    );
    bound(query(sql), filter).count(conn).await
}

/// The number of acts of each kind on all pages of [`page`], of which `most` are looked at.
pub async fn count_kinds(
    conn: &mut Conn,
    filter: &ActFilter,
    most: u32,
) -> Result<Vec<(ActKind, u32)>> {
    let sql = format!(
        "SELECT counted.kind, COUNT(*) AS n
         FROM (SELECT a.kind FROM acts a WHERE {} LIMIT {most}) AS counted
         GROUP BY counted.kind ORDER BY counted.kind",
        conditions(filter)
    );
    bound(query(sql), filter)
        .all(conn, Columns::values("acts", ["kind", "n"]))
        .await
}

/// The greatest number of an act; 0 if there is none.
pub async fn last(conn: &mut Conn) -> Result<i64> {
    query("SELECT COALESCE(MAX(id), 0) AS n FROM acts")
        .one(conn, Columns::value("acts", "n"))
        .await
}

/// Deletes the oldest acts that began before `before`, at most `limit`; `false` if there was none.
pub async fn delete_before(conn: &mut Conn, before: Timestamp, limit: u32) -> Result<bool> {
    let delete = "DELETE FROM acts WHERE id IN (
             SELECT a.id FROM acts a WHERE a.at < $1 ORDER BY a.at LIMIT $2)";
    affects_any(conn, delete, (before, limit)).await
}
