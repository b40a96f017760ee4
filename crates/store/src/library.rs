//! The index of the library: which recordings a list has, in which order, and how many.
//!
//! On SQLite the terms are in an FTS5 table whose rows are in the order of the starts, so a list by start needs no
//! sort; on PostgreSQL they are an array with a GIN index. Either way the row of each hit is checked for its words and its
//! room; a number counts terms alone, unless there are words to compare. Most numbers of a list without words and days
//! are sums of stored numbers, which are updated with the index.

mod facts;
mod filter;
mod index;
mod narrow;
mod numbers;
mod order;
mod place;
mod retention;
mod sql;
mod term;
#[cfg(test)]
mod tests;

use reelroom_domain::{
    about::Tag,
    find::{Count, Sort},
    ids::RecordingId,
    room::RoomId,
    view::PageAt,
};

#[cfg(test)]
use self::sql::Sql;
pub use self::{
    filter::{Filter, Hit},
    index::{Batch, merge_segments},
    narrow::{days, sums, tally},
    place::Place,
    retention::{Wanted, oldest, stock},
};
use self::{narrow::Narrow, numbers::Numbers};
use crate::{Conn, Result, Scope, engine::pattern, query::query, row::Columns};

/// At most `limit` recordings of a list in its order, from its beginning or from a place.
pub async fn page(
    conn: &mut Conn,
    filter: Filter<'_>,
    sort: Sort,
    at: Option<PageAt>,
    limit: u32,
) -> Result<Vec<Hit>> {
    let narrow = Narrow::load(conn, filter).await?;
    let mut hits = order::page(conn, &narrow, sort, at, limit, Count::LIMIT).await?;
    if let Some(PageAt::Before(_)) = at {
        hits.reverse();
    }
    Ok(hits)
}

/// The statement of a first page without text; `are_many`: in an order for which more match than are sorted.
#[cfg(test)]
pub(crate) fn first_page_sql(
    conn: &Conn,
    scope: Scope<'_>,
    sort: Sort,
    are_many: bool,
) -> Result<String> {
    let narrow = Narrow::of(conn, Filter::all(scope))?;
    Ok(order::first_page_sql(&narrow, sort, are_many))
}

/// Whether the number of recordings is a sum of stored numbers, so that counting takes no longer for more recordings.
pub fn has_numbers(filter: Filter<'_>) -> bool {
    Numbers::of(filter).is_some()
}

/// The statement that sums up stored numbers.
#[cfg(test)]
pub(crate) fn numbers_sql(filter: Filter<'_>) -> Option<String> {
    let numbers = Numbers::of(filter)?;
    Some(numbers::rows_sql(&mut Sql::default(), &[&numbers]))
}

/// The number of recordings.
pub async fn count(conn: &mut Conn, filter: Filter<'_>) -> Result<Count> {
    let narrow = Narrow::load(conn, filter).await?;
    Ok(Count::of(narrow.rows(conn, Count::LIMIT + 1).await?))
}

/// The places of the recordings, in any order; `None` if there are more than the limit of [`Count`].
pub async fn places(conn: &mut Conn, filter: Filter<'_>) -> Result<Option<Vec<Place>>> {
    let narrow = Narrow::load(conn, filter).await?;
    narrow.places(conn, Count::LIMIT).await
}

/// The number of recordings, exact also beyond the limit of [`Count`].
pub async fn count_all(conn: &mut Conn, filter: Filter<'_>) -> Result<u32> {
    Narrow::load(conn, filter).await?.rows(conn, u32::MAX).await
}

/// The numbers of recordings that facets beside a list have, in the order of the filters: exact up to the limit of
/// [`Count`]. Beyond it the words are not compared letter by letter.
pub async fn counts_beside(conn: &mut Conn, filters: &[Filter<'_>]) -> Result<Vec<Count>> {
    let stored: Vec<Option<Numbers>> = filters.iter().map(|one| Numbers::of(*one)).collect();
    let sums: Vec<&Numbers> = stored.iter().flatten().collect();
    let sums = numbers::rows(conn, &sums).await?;
    let mut sums = sums.into_iter().flatten();
    let mut counts = Vec::new();
    for (filter, stored) in filters.iter().zip(&stored) {
        let sum = stored.as_ref().and_then(|_| sums.next());
        let rows = if let Some(sum) = sum {
            sum
        } else {
            let narrow = Narrow::load(conn, *filter).await?;
            narrow.rows_beside(conn, Count::LIMIT + 1).await?
        };
        counts.push(Count::of(rows));
    }
    Ok(counts)
}

/// The place of a recording; `None` where the index does not have it.
pub async fn place_of(conn: &mut Conn, id: RecordingId) -> Result<Option<Place>> {
    query("SELECT n, recording_id FROM library WHERE recording_id = $1")
        .bind(id)
        .first(conn, |row| {
            Columns::new(row, "library", "recording_id").get("n")
        })
        .await
}

/// The rooms of a scope whose id or title contains a folded text, those that were recorded last first.
pub async fn rooms(
    conn: &mut Conn,
    scope: Scope<'_>,
    containing: Option<&str>,
    limit: u32,
) -> Result<Vec<(RoomId, String)>> {
    let typed = containing.map(pattern);
    query(format!(
        "SELECT o.room, o.title FROM rooms o WHERE o.app_id = $1 AND o.last_recorded_at IS NOT NULL
             AND ($2 IS NULL OR o.room_key LIKE $2 ESCAPE '\\' OR o.title_key LIKE $2 ESCAPE '\\'){}
         ORDER BY o.last_recorded_at DESC, o.room LIMIT $4",
        scope.condition(conn, "o.room", "$3")
    ))
    .bind((scope.app, typed, scope.value()?, limit))
    .all(conn, Columns::values("rooms", ["room", "title"]))
    .await
}

/// The number of recordings whose tags are counted.
const MOST_COUNTED: u32 = 1000;

/// The tags of some recordings of a scope, the most frequent first; of a whole app of its newest ones.
pub async fn usual_tags(conn: &mut Conn, scope: Scope<'_>, limit: u32) -> Result<Vec<Tag>> {
    // Rooms are not in one order.
    let order = if scope.only.is_none() {
        " ORDER BY n DESC"
    } else {
        ""
    };
    query(format!(
        "SELECT MIN(t.tag) AS tag, t.tag_key FROM (
             SELECT recording_id FROM library WHERE app_id = $1{}{order} LIMIT $3) l
         JOIN tags t ON t.recording_id = l.recording_id
         GROUP BY t.tag_key ORDER BY COUNT(*) DESC, t.tag_key LIMIT $4",
        scope.condition(conn, "room", "$2")
    ))
    .bind((scope.app, scope.value()?, MOST_COUNTED, limit))
    .all(conn, |row| Columns::new(row, "tags", "tag_key").get("tag"))
    .await
}

/// The limit of recordings of some rooms whose tags or starters are compared.
const MOST_OF_ROOMS: u32 = 20_000;

/// The tags that contain a folded text, in the order of their keys; at most `limit`. For a scope of some rooms only the
/// tags of its recordings, otherwise those of all recordings.
pub async fn tags(
    conn: &mut Conn,
    scope: Scope<'_>,
    containing: &str,
    limit: u32,
) -> Result<Vec<Tag>> {
    let text = if scope.only.is_none() {
        // The keys are read from the index one after the other.
        "WITH RECURSIVE k (value) AS (
             SELECT (SELECT MIN(tag_key) FROM tags)
             UNION ALL SELECT (SELECT MIN(tag_key) FROM tags WHERE tag_key > k.value)
             FROM k WHERE k.value IS NOT NULL)
         SELECT (SELECT MIN(t.tag) FROM tags t WHERE t.tag_key = k.value) AS value
         FROM k WHERE k.value IS NOT NULL AND lower(k.value) LIKE $1 ESCAPE '\\' LIMIT $2"
            .to_owned()
    } else {
        format!(
            "SELECT MIN(t.tag) AS value
             FROM (SELECT recording_id FROM library WHERE app_id = $3{} LIMIT {MOST_OF_ROOMS}) l
             JOIN tags t ON t.recording_id = l.recording_id WHERE lower(t.tag_key) LIKE $1 ESCAPE '\\'
             GROUP BY t.tag_key ORDER BY t.tag_key LIMIT $2",
            scope.condition(conn, "room", "$4")
        )
    };
    query(text)
        .bind((pattern(containing), limit, scope.app, scope.value()?))
        .all(conn, Columns::value("tags", "value"))
        .await
}

/// The most starters of an app that are compared, and the most recordings of each that are counted for this.
const MOST_STARTERS: u32 = 1000;

/// The names that started recordings of a scope and contain a folded text, the most frequent first.
pub async fn starters(
    conn: &mut Conn,
    scope: Scope<'_>,
    containing: Option<&str>,
    limit: u32,
) -> Result<Vec<String>> {
    let text = if scope.only.is_none() {
        // The names are read from the index one after the other.
        format!(
            "WITH RECURSIVE k (value) AS (
                 SELECT (SELECT MIN(requested_by) FROM recordings WHERE app_id = $1 AND requested_by IS NOT NULL)
                 UNION ALL SELECT (
                     SELECT MIN(requested_by) FROM recordings WHERE app_id = $1 AND requested_by > k.value)
                 FROM k WHERE k.value IS NOT NULL),
             starters AS (SELECT value FROM k WHERE value IS NOT NULL
                 AND ($2 IS NULL OR lower(value) LIKE $2 ESCAPE '\\') LIMIT {MOST_STARTERS})
             SELECT value, (SELECT COUNT(*) FROM (SELECT 1 FROM recordings r
                 WHERE r.app_id = $1 AND r.requested_by = starters.value LIMIT {MOST_STARTERS}) one) AS n
             FROM starters ORDER BY n DESC, value LIMIT $4"
        )
    } else {
        // So written, the index of the starters is not used, but that of the rooms.
        format!(
            "SELECT value FROM (SELECT COALESCE(r.requested_by, '') AS value FROM recordings r
                 WHERE r.app_id = $1 AND COALESCE(r.requested_by, '') <> ''
                     AND ($2 IS NULL OR lower(COALESCE(r.requested_by, '')) LIKE $2 ESCAPE '\\'){}
                 LIMIT {MOST_OF_ROOMS}) one
             GROUP BY value ORDER BY COUNT(*) DESC, value LIMIT $4",
            scope.condition(conn, "r.room", "$3")
        )
    };
    query(text)
        .bind((scope.app, containing.map(pattern), scope.value()?, limit))
        .all(conn, Columns::value("recordings", "value"))
        .await
}
