//! A filter as conditions in SQL.

use std::{fmt::Write, mem};

use reelroom_domain::{
    find::{Facet, FacetKey, Shelf, Term},
    ids::UserId,
    time::Timestamp,
};

use super::{
    filter::{Filter, Hit, MOST_ROOMS},
    numbers::{self, Numbers},
    place::{self, Place, first_of_second},
    sql::{Bound, Sql},
    term::{array, token},
};
use crate::{
    Conn, Result,
    engine::{Engine, json},
    fields,
    query::query,
    row::Columns,
    value::{length_in_sum, size_in_sum},
};

/// How the rows of a statement are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// By the terms; on SQLite in the order of the starts.
    Terms,
    /// By reading `library` in another order and checking each row.
    Rows,
}

/// The conditions of a [`Filter`].
#[derive(Debug)]
pub(super) struct Narrow {
    engine: Engine,
    app: String,
    shelves: Vec<OnShelf>,
    /// Each of these words is in its texts.
    words: Vec<String>,
    /// Whether to count, the words are compared, because the terms do not say all of them.
    compares_words: bool,
    /// JSON arrays of rooms; its room is in each.
    rooms: Vec<String>,
    /// Whether the terms say all of these rooms.
    has_room_terms: bool,
    from: Option<i64>,
    until: Option<i64>,
    /// A JSON array of the places of all rows, if they are known.
    found: Option<String>,
    /// The stored numbers whose sum is the number of rows, if there are such.
    numbers: Option<Numbers>,
}

/// The terms that a recording on a shelf has.
#[derive(Debug, Clone)]
struct OnShelf {
    shelf: Shelf,
    /// Sets of which it has one term each.
    facets: Vec<Vec<Term>>,
    /// Terms of the words; it has all.
    letters: Vec<Term>,
    /// A term that it does not have.
    without: Option<Term>,
}

impl OnShelf {
    fn of(shelf: Shelf, filter: Filter<'_>) -> Self {
        let mut keys: Vec<FacetKey> = filter.facets.iter().map(Facet::key).collect();
        keys.sort_unstable();
        keys.dedup();
        let mut facets = Vec::new();
        for key in keys {
            let of_key = filter.facets.iter().filter(|facet| facet.key() == key);
            facets.push(of_key.filter_map(|facet| shelf.facet(facet)).collect());
        }
        for rooms in [filter.rooms, filter.scope.only].into_iter().flatten() {
            if rooms.is_empty() {
                facets.push(vec![shelf.none()]);
            } else if rooms.len() <= MOST_ROOMS {
                facets.push(rooms.iter().map(|room| shelf.room(room)).collect());
            }
        }
        let words = filter.words.iter();
        let letters: Vec<Term> = words.flat_map(|word| shelf.wanted(word)).collect();
        if facets.is_empty() && letters.is_empty() {
            facets.push(vec![shelf.all()]);
        }
        Self {
            shelf,
            facets,
            letters,
            without: filter.unseen_by.map(|user| shelf.seen_by(user)),
        }
    }
}

/// A term is rare if fewer rows than the first of these have it. Of a text of four terms or more, whose lists together
/// are long, it is also rare below the second, where none is below the first.
const RARE: [i64; 2] = [200, 2_000];

impl Narrow {
    pub async fn load(conn: &mut Conn, filter: Filter<'_>) -> Result<Self> {
        let mut narrow = Self::of(conn, filter)?;
        if narrow.matches(By::Terms) {
            for on in &mut narrow.shelves {
                if on.keep_rare_letters(conn).await? {
                    narrow.compares_words = true;
                }
            }
        }
        Ok(narrow)
    }

    pub(super) fn of(conn: &Conn, filter: Filter<'_>) -> Result<Self> {
        let shelves = filter.shelves().into_iter();
        let (mut rooms, mut has_room_terms) = (Vec::new(), true);
        for some in [filter.rooms, filter.scope.only].into_iter().flatten() {
            rooms.push(json(&some)?);
            has_room_terms &= some.len() <= MOST_ROOMS;
        }
        let (from, until) = filter.between;
        let place = |at: Option<Timestamp>| at.map(first_of_second);
        Ok(Self {
            engine: Engine::of_connection(conn),
            app: filter.scope.app.to_string(),
            shelves: shelves.map(|shelf| OnShelf::of(shelf, filter)).collect(),
            words: filter.words.to_vec(),
            compares_words: !filter.words.iter().all(|word| Shelf::is_one_term(word)),
            rooms,
            has_room_terms,
            from: place(from),
            until: place(until),
            found: filter.found.map(place::numbers).transpose()?,
            numbers: Numbers::of(filter),
        })
    }

    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// Whether the rows are found in the FTS5 table.
    fn matches(&self, by: By) -> bool {
        self.found.is_none() && (self.engine, by) == (Engine::Sqlite, By::Terms)
    }

    /// The column with the place of a row.
    pub fn place(&self, by: By) -> &'static str {
        if self.matches(by) {
            "library_terms.rowid"
        } else {
            "l.n"
        }
    }

    /// The number of rows, at most `limit`.
    pub async fn rows(&self, conn: &mut Conn, limit: u32) -> Result<u32> {
        if let Some(stored) = &self.numbers
            && let Some([rows]) = numbers::rows(conn, &[stored]).await?.as_deref()
        {
            return Ok(limit.min(*rows));
        }
        let mut sql = Sql::default();
        let from = self.from(&mut sql, By::Terms, false, "");
        let limit = sql.bind(Bound::Number(limit.into()));
        let text = format!("SELECT COUNT(*) AS n FROM (SELECT 1 FROM {from} LIMIT {limit}) one");
        sql.query(text).count(conn).await
    }

    /// The places of all rows; `None` if there are more than `limit`.
    pub async fn places(&self, conn: &mut Conn, limit: u32) -> Result<Option<Vec<Place>>> {
        if !self.compares_words && self.rows(conn, limit + 1).await? > limit {
            return Ok(None);
        }
        let mut sql = Sql::default();
        let from = self.from(&mut sql, By::Terms, true, "");
        let most = sql.bind(Bound::Number((limit + 1).into()));
        let text = format!("SELECT l.n FROM {from} LIMIT {most}");
        let places = sql.query(text).all(conn, Columns::value("library", "n"));
        Ok(Some(places.await?).filter(|places| places.len() <= limit as usize))
    }

    /// The number of rows, at most `limit`: where it is `limit`, the words are not compared letter by letter.
    pub async fn rows_beside(mut self, conn: &mut Conn, limit: u32) -> Result<u32> {
        let compares_words = mem::replace(&mut self.compares_words, false);
        let rows = self.rows(conn, limit).await?;
        if !compares_words || [0, limit].contains(&rows) {
            return Ok(rows);
        }
        self.compares_words = true;
        self.rows(conn, limit).await
    }

    /// At most `limit` rows that also meet a condition, in an order.
    pub async fn hits(
        &self,
        conn: &mut Conn,
        by: By,
        mut sql: Sql,
        and: &str,
        order: &str,
        limit: u32,
    ) -> Result<Vec<Hit>> {
        let text = self.hits_sql(by, &mut sql, and, order, limit);
        let read = |row: &_| {
            let row = Columns::new(row, "library", "recording_id");
            Ok(fields!(row => Hit { place: n, id: recording_id, began_at }))
        };
        sql.query(text).all(conn, read).await
    }

    /// The statement of [`Self::hits`].
    pub fn hits_sql(&self, by: By, sql: &mut Sql, and: &str, order: &str, limit: u32) -> String {
        let from = self.from(sql, by, true, and);
        let limit = sql.bind(Bound::Number(limit.into()));
        format!("SELECT l.n, l.recording_id, l.began_at FROM {from} ORDER BY {order} LIMIT {limit}")
    }

    /// A condition on a row of `library`: it has a facet. It has terms of its own shelf only.
    fn has_facet(&self, sql: &mut Sql, facet: &Facet, reader: UserId) -> String {
        let shelves = self.shelves.iter().map(|on| on.shelf);
        let terms = shelves.map(|shelf| match facet {
            Facet::Unseen => shelf.seen_by(reader),
            facet => shelf.facet(facet).unwrap_or(shelf.none()),
        });
        let any = match self.engine {
            Engine::Sqlite => {
                let any: Vec<String> = terms.map(|term| in_text(sql, term)).collect();
                format!("({})", any.join(" OR "))
            }
            Engine::Postgres => in_array(sql, "&&", terms),
        };
        if let Facet::Unseen = facet {
            format!("NOT {any}")
        } else {
            any
        }
    }

    /// Whether counting reads the rows of `library`, because the terms do not say all. A list reads them in any case.
    const fn counts_rows(&self) -> bool {
        self.compares_words || !self.has_room_terms
    }

    /// The tables and conditions of a statement; `l` is the row of `library`, where it is needed.
    fn from(&self, sql: &mut Sql, by: By, with_row: bool, and: &str) -> String {
        let n = self.place(by);
        if let Some(found) = &self.found {
            let found = self.engine.texts(&sql.bind(Bound::Text(found.clone())));
            let and = if and.is_empty() { "TRUE" } else { and };
            return format!(
                "library l WHERE l.n IN (SELECT CAST(value AS BIGINT) FROM {found}) AND {and}"
            );
        }
        let reads_rows = with_row || self.counts_rows() || !self.matches(by);
        let mut text = if self.matches(by) {
            let matched = sql.bind(Bound::Text(self.matched()));
            // In this order: the terms find the rows.
            let rows = if reads_rows {
                " CROSS JOIN library l ON l.n = library_terms.rowid"
            } else {
                ""
            };
            format!("library_terms{rows} WHERE library_terms MATCH {matched}")
        } else {
            let app = sql.bind(Bound::Text(self.app.clone()));
            let terms = self.has_terms(sql);
            format!("library l WHERE l.app_id = {app} AND {terms}")
        };
        for (bound, than) in [(self.from, ">="), (self.until, "<")] {
            if let Some(bound) = bound {
                // Writing to text cannot fail.
                let _ = write!(text, " AND {n} {than} {}", sql.bind(Bound::Number(bound)));
            }
        }
        let compares_words = with_row || self.compares_words;
        for word in self.words.iter().filter(|_| compares_words) {
            let word = sql.bind(Bound::Text(word.clone()));
            // Both are folded, and `LIKE` would compare letter by letter.
            let find = match self.engine {
                Engine::Sqlite => "instr",
                Engine::Postgres => "strpos",
            };
            let _ = write!(text, " AND {find}(l.words, {word}) > 0");
        }
        for rooms in self.rooms.iter().filter(|_| reads_rows) {
            let rooms = sql.bind(Bound::Text(rooms.clone()));
            let rooms = self.engine.texts(&rooms);
            let _ = write!(text, " AND l.room IN (SELECT value FROM {rooms})");
        }
        if !and.is_empty() {
            let _ = write!(text, " AND {and}");
        }
        text
    }

    /// The query of the FTS5 table.
    pub fn matched(&self) -> String {
        let any = |terms: &Vec<Term>| {
            let terms: Vec<String> = terms.iter().map(|term| token(*term)).collect();
            format!("({})", terms.join(" OR "))
        };
        let of_shelf = |shelf: &OnShelf| {
            let letters = shelf.letters.iter().map(|term| token(*term));
            let all: Vec<String> = shelf.facets.iter().map(any).chain(letters).collect();
            let without = shelf.without.map(|term| format!(" NOT {}", token(term)));
            format!("(({}){})", all.join(" AND "), without.unwrap_or_default())
        };
        let shelves: Vec<String> = self.shelves.iter().map(of_shelf).collect();
        shelves.join(" OR ")
    }

    /// A condition on a row of `library`: it has the terms.
    fn has_terms(&self, sql: &mut Sql) -> String {
        let of_shelf = |shelf: &OnShelf| match self.engine {
            Engine::Sqlite => shelf.in_text(sql),
            Engine::Postgres => shelf.in_array(sql),
        };
        let shelves: Vec<String> = self.shelves.iter().map(of_shelf).collect();
        format!("({})", shelves.join(" OR "))
    }
}

/// Of the recordings, at most [`Count::LIMIT`](reelroom_domain::find::Count::LIMIT), the number with each facet; `reader`
/// decides which are not seen. No prefixes.
pub async fn tally(
    conn: &mut Conn,
    filter: Filter<'_>,
    facets: &[Facet],
    reader: UserId,
) -> Result<Vec<u32>> {
    let narrow = Narrow::load(conn, filter).await?;
    let mut sql = Sql::default();
    let sums: Vec<String> = facets
        .iter()
        .map(|facet| {
            let has = narrow.has_facet(&mut sql, facet, reader);
            format!("CAST(COALESCE(SUM(CASE WHEN {has} THEN 1 ELSE 0 END), 0) AS BIGINT)")
        })
        .collect();
    let from = narrow.from(&mut sql, By::Terms, true, "");
    let text = format!("SELECT {} FROM {from}", sums.join(", "));
    let sums = |row: &_| numbers::sums(row, facets.len());
    sql.query(text).one(conn, sums).await
}

/// The size in bytes and the length in milliseconds of all that match, of which there are at most
/// [`Count::LIMIT`](reelroom_domain::find::Count::LIMIT).
pub async fn sums(conn: &mut Conn, filter: Filter<'_>) -> Result<(u64, i64)> {
    let narrow = Narrow::load(conn, filter).await?;
    let mut sql = Sql::default();
    let from = narrow.from(&mut sql, By::Terms, true, "");
    let (size, length) = (size_in_sum("l.size"), length_in_sum("l.length_ms"));
    let text = format!(
        "SELECT CAST(COALESCE(SUM({size}), 0) AS BIGINT) AS size,
             CAST(COALESCE(SUM({length}), 0) AS BIGINT) AS length FROM {from}"
    );
    let read = Columns::values("library", ["size", "length"]);
    sql.query(text).one(conn, read).await
}

/// The number of recordings on each of the days that begin at these moments; the last of them ends the last day. More
/// than `limit` are not counted.
pub async fn days(
    conn: &mut Conn,
    filter: Filter<'_>,
    midnights: &[Timestamp],
    limit: u32,
) -> Result<Vec<u32>> {
    let narrow = Narrow::load(conn, filter).await?;
    let bounds: Vec<String> = midnights
        .iter()
        .map(|at| first_of_second(*at).to_string())
        .collect();
    let mut sql = Sql::default();
    let bounds = sql.bind(Bound::Text(json(&bounds)?));
    let n = narrow.place(By::Terms);
    let from = narrow.from(
        &mut sql,
        By::Terms,
        false,
        &format!("{n} >= d.low AND {n} < d.high"),
    );
    let limit = sql.bind(Bound::Number(limit.into()));
    let text = format!(
        "WITH bounds AS (SELECT CAST(value AS BIGINT) AS low FROM {}),
         d AS (SELECT low, LEAD(low) OVER (ORDER BY low) AS high FROM bounds)
         SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM {from} LIMIT {limit}) one) AS n
         FROM d WHERE high IS NOT NULL ORDER BY low",
        narrow.engine.texts(&bounds)
    );
    sql.query(text)
        .all(conn, Columns::value("library", "n"))
        .await
}

impl OnShelf {
    /// Leaves out the terms of letters that are not rare, if some are; returns whether it did. The words of each row are
    /// compared in any case, and FTS5 would read long lists.
    async fn keep_rare_letters(&mut self, conn: &mut Conn) -> Result<bool> {
        if self.letters.len() < 2 {
            return Ok(false);
        }
        let tokens: Vec<String> = self.letters.iter().map(|term| token(*term)).collect();
        let limits = if tokens.len() < 4 { &RARE[..1] } else { &RARE };
        let tokens = json(&tokens)?;
        let mut rare: Vec<String> = Vec::new();
        for limit in limits {
            rare = query(
                "SELECT value FROM (SELECT t.value, (SELECT COUNT(*) FROM (
                     SELECT 1 FROM library_terms WHERE library_terms MATCH t.value LIMIT $2) one) AS n
                 FROM json_each($1) t) WHERE n < $2",
            )
            .bind((tokens.as_str(), *limit))
            .all(conn, Columns::value("library_terms", "value"))
            .await?;
            if !rare.is_empty() {
                break;
            }
        }
        let all = self.letters.len();
        if !rare.is_empty() {
            self.letters.retain(|term| rare.contains(&token(*term)));
        }
        Ok(self.letters.len() < all)
    }

    /// The condition that `l.facets` has the terms. The letters are in the words, which are checked.
    fn in_text(&self, sql: &mut Sql) -> String {
        let mut all = vec![in_text(sql, self.shelf.all())];
        for terms in &self.facets {
            let any: Vec<String> = terms.iter().map(|term| in_text(sql, *term)).collect();
            all.push(format!("({})", any.join(" OR ")));
        }
        let without = self.without.map(|term| in_text(sql, term));
        all.extend(without.map(|term| format!("NOT {term}")));
        all.join(" AND ")
    }

    /// The condition that `l.terms` has the terms.
    fn in_array(&self, sql: &mut Sql) -> String {
        let (one, some): (Vec<_>, Vec<_>) = self.facets.iter().partition(|terms| terms.len() == 1);
        let one = one.into_iter().flatten().chain(&self.letters).copied();
        let mut all = vec![in_array(sql, "@>", one)];
        for terms in some {
            all.push(in_array(sql, "&&", terms.iter().copied()));
        }
        let without = self.without.map(|term| in_array(sql, "&&", [term]));
        all.extend(without.map(|term| format!("NOT {term}")));
        all.join(" AND ")
    }
}

/// The condition that `l.facets` has a term.
fn in_text(sql: &mut Sql, term: Term) -> String {
    let token = sql.bind(Bound::Text(format!(" {} ", token(term))));
    format!("instr(l.facets, {token}) > 0")
}

/// The condition that `l.terms` has all (`@>`) or some (`&&`) of the terms.
fn in_array(sql: &mut Sql, operator: &str, terms: impl IntoIterator<Item = Term>) -> String {
    let terms = sql.bind(Bound::Text(array(terms)));
    format!("l.terms {operator} CAST({terms} AS INTEGER[])")
}
