//! The list of calls: by verdict, room and name.

use reelroom_domain::{
    ids::CallId,
    inbox::{Inbox, InboxOnly, InboxTab},
    recording::Origin,
    room::RoomId,
    search::SearchText,
    time::Timestamp,
};
use sqlx::any::AnyRow;

use super::entry::{COLUMNS, ENTRIES, Entry};
use crate::{Conn, Result, engine::containing, query::query, row::Columns};

/// The entries to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'a> {
    /// The tab.
    pub tab: InboxTab,
    /// A filter within the tab.
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
    /// The title of its room: in the app of its recording, else in the only app with such a room. May be
    /// empty.
    pub title: String,
}

impl Line {
    fn read(row: &AnyRow) -> Result<Self> {
        let entry = Entry::read(row)?;
        let row = Columns::new(row, "inbox", "call_id");
        let origin: Option<Origin> = row.get("origin")?;
        let stopped_at: Option<Timestamp> = row.get("stopped_at")?;
        let title: Option<String> = row.get("title")?;
        Ok(Self {
            entry,
            title: title.unwrap_or_default(),
            stopped_at: stopped_at.filter(|_| origin == Some(Origin::Started)),
        })
    }
}

/// The condition that an entry `i` needs attention.
const OPEN: &str = "i.verdict IN ('unrecognised', 'malformed') AND i.dealt_at IS NULL";

/// The conditions of a [`Filter`] on `inbox i`: the search is `$1`, the room `$2`. A condition that
/// does not matter is left out, and verdicts are spelled out, so that the index of the tab is used.
fn conditions(filter: Filter<'_>) -> String {
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

/// The statement that [`Line`] is read from, for entries `i` that meet the conditions.
fn lines(conditions: &str) -> String {
    format!(
        "SELECT {COLUMNS}, r.origin, r.stopped_at, (
             SELECT MAX(o.title) FROM rooms o
             WHERE o.app_id IN (SELECT a.id FROM apps a) AND o.room = i.room
                 AND (r.app_id IS NULL OR o.app_id = r.app_id)
             HAVING COUNT(o.room) = 1) AS title
         FROM inbox i LEFT JOIN recordings r ON r.id = i.recording_id WHERE {conditions}"
    )
}

/// Entries, newest first, older than `before` where that is given, at most `limit`.
pub async fn page(
    conn: &mut Conn,
    filter: Filter<'_>,
    before: Option<CallId>,
    limit: u32,
) -> Result<Vec<Line>> {
    let conditions = conditions(filter);
    query(lines(&format!(
        "{conditions} AND i.call_id < $3 ORDER BY i.call_id DESC LIMIT $4"
    )))
    .bind((containing(filter.search), filter.room))
    .bind((before.map_or(i64::MAX, CallId::number), limit))
    .all(conn, Line::read)
    .await
}

/// The line of a call.
pub async fn line(conn: &mut Conn, id: CallId) -> Result<Option<Line>> {
    query(lines("i.call_id = $1"))
        .bind(id)
        .first(conn, Line::read)
        .await
}

/// The number of entries on all pages of [`page`], counted up to [`Inbox::COUNTED`].
pub async fn count(conn: &mut Conn, filter: Filter<'_>) -> Result<u32> {
    query(format!(
        "SELECT COUNT(*) AS n FROM (SELECT 1 FROM inbox i WHERE {} LIMIT {}) AS counted",
        conditions(filter),
        Inbox::COUNTED
    ))
    .bind((containing(filter.search), filter.room))
    .count(conn)
    .await
}

/// The number of calls that need attention.
pub async fn count_open(conn: &mut Conn) -> Result<u32> {
    query(format!("SELECT COUNT(*) AS n FROM inbox i WHERE {OPEN}"))
        .count(conn)
        .await
}

/// The oldest entries that need attention, those after `after`, at most `limit`.
pub async fn next_open(conn: &mut Conn, after: CallId, limit: u32) -> Result<Vec<Entry>> {
    let open = format!("WHERE {OPEN} AND i.call_id > $1 ORDER BY i.call_id LIMIT $2");
    ENTRIES.all(conn, &open, (after, limit)).await
}
