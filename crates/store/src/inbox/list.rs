//! The list of calls: by verdict, room and name.

use reelroom_domain::{
    ids::CallId,
    inbox::{Inbox, InboxOnly, InboxTab},
    recording::Origin,
    room::RoomId,
    search::SearchText,
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, any::AnyRow, query};

use super::entry::{COLUMNS, Entry};
use crate::{Conn, StoreError, engine::containing, row::Columns};

/// Which entries to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'a> {
    /// The tab.
    pub tab: InboxTab,
    /// What else narrows it.
    pub only: InboxOnly,
    /// Only those that name this room.
    pub room: Option<&'a RoomId>,
    /// Only those whose room's or file's name contains this, in whatever case.
    pub search: Option<&'a SearchText>,
}

/// An entry, and what its recording adds to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The entry.
    pub entry: Entry,
    /// When its recording was stopped by us.
    pub stopped_at: Option<Timestamp>,
}

impl Line {
    fn read(row: &AnyRow) -> Result<Self, StoreError> {
        let entry = Entry::read(row)?;
        let row = Columns::new(row, "inbox", "call_id");
        let origin = row.opt_word("origin", Origin::parse)?;
        let stopped_at = row.opt_time("stopped_at")?;
        Ok(Self {
            entry,
            stopped_at: stopped_at.filter(|_| origin == Some(Origin::Started)),
        })
    }
}

/// The conditions of a [`Filter`] on `inbox i`: the search is `$1`, the room `$2`. A condition that
/// does not matter is left out, and verdicts are spelled out, so that the index of the tab is used.
fn conditions(filter: Filter<'_>) -> String {
    const OPEN: &str = "i.verdict IN ('unrecognised', 'malformed') AND i.dealt_at IS NULL";
    let mut sql = match filter.tab {
        InboxTab::All => "1 = 1".to_owned(),
        InboxTab::Unrecognised => format!("{OPEN} AND i.verdict = 'unrecognised'"),
        InboxTab::Malformed => format!("{OPEN} AND i.verdict = 'malformed'"),
        InboxTab::Auto => "i.found = 1".to_owned(),
        InboxTab::Duplicate => "i.verdict = 'duplicate'".to_owned(),
        InboxTab::Accepted => "i.verdict = 'accepted'".to_owned(),
    };
    sql.push_str(match filter.only {
        InboxOnly::Everything => "",
        InboxOnly::Files => " AND i.kind = 'av'",
        InboxOnly::Status => " AND i.kind = 'status'",
        InboxOnly::Tests => " AND i.test = 1",
        InboxOnly::Dealt => " AND i.dealt_at IS NOT NULL",
        InboxOnly::LookedUp => " AND i.looked_up = 1",
    });
    // Each placeholder is always there: the engine counts what is bound.
    sql.push_str(" AND ($1 IS NULL OR i.subject_key LIKE $1 ESCAPE '\\')");
    sql.push_str(if filter.room.is_some() {
        " AND i.room = $2"
    } else {
        " AND $2 IS NULL"
    });
    sql
}

/// Entries, newest first, older than `before` where that is given, at most `limit`.
pub async fn page(
    conn: &mut Conn,
    filter: Filter<'_>,
    before: Option<CallId>,
    limit: u32,
) -> Result<Vec<Line>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS}, r.origin, r.stopped_at
         FROM inbox i LEFT JOIN recordings r ON r.id = i.recording_id
         WHERE {} AND i.call_id < $3 ORDER BY i.call_id DESC LIMIT $4",
        conditions(filter)
    );
    let rows = query(AssertSqlSafe(sql))
        .bind(containing(filter.search))
        .bind(filter.room.map(RoomId::as_str))
        .bind(before.map_or(i64::MAX, CallId::number))
        .bind(i64::from(limit))
        .fetch_all(conn)
        .await?;
    rows.iter().map(Line::read).collect()
}

/// The line of a call.
pub async fn line(conn: &mut Conn, id: CallId) -> Result<Option<Line>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS}, r.origin, r.stopped_at
         FROM inbox i LEFT JOIN recordings r ON r.id = i.recording_id WHERE i.call_id = $1"
    );
    let row = query(AssertSqlSafe(sql))
        .bind(id.number())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(Line::read).transpose()
}

/// How many entries [`page`] finds in all, counted up to [`Inbox::COUNTED`].
pub async fn count(conn: &mut Conn, filter: Filter<'_>) -> Result<u32, StoreError> {
    let sql = format!(
        "SELECT COUNT(*) AS n FROM (SELECT 1 FROM inbox i WHERE {} LIMIT {}) AS counted",
        conditions(filter),
        Inbox::COUNTED
    );
    let row = query(AssertSqlSafe(sql))
        .bind(containing(filter.search))
        .bind(filter.room.map(RoomId::as_str))
        .fetch_one(conn)
        .await?;
    Columns::new(&row, "inbox", "n").count("n")
}

/// How many calls a person has to look at.
pub async fn count_open(conn: &mut Conn) -> Result<u32, StoreError> {
    let row = query(
        "SELECT COUNT(*) AS n FROM inbox
         WHERE verdict IN ('unrecognised', 'malformed') AND dealt_at IS NULL",
    )
    .fetch_one(conn)
    .await?;
    Columns::new(&row, "inbox", "n").count("n")
}

/// The oldest entries that a person has to look at, those after `after`, at most `limit`.
pub async fn next_open(
    conn: &mut Conn,
    after: CallId,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM inbox i
         WHERE i.verdict IN ('unrecognised', 'malformed') AND i.dealt_at IS NULL
             AND i.call_id > $1
         ORDER BY i.call_id LIMIT $2"
    );
    let rows = query(AssertSqlSafe(sql))
        .bind(after.number())
        .bind(i64::from(limit))
        .fetch_all(conn)
        .await?;
    rows.iter().map(Entry::read).collect()
}
