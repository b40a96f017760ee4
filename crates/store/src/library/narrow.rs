//! A filter as conditions in SQL.

use std::fmt::Write;

use reelroom_domain::{
    find::{Facet, FacetKey, Term, pairs},
    time::Timestamp,
};

use super::{
    filter::{Filter, Hit},
    place::first_of_second,
    term::{array, token},
};
use crate::{
    Conn, Result,
    engine::{Engine, json, pattern},
    query::{Query, query},
    row::Columns,
};

/// Of more rooms than this the terms are not asked for, and each row is checked instead.
const MOST_ROOMS: usize = 64;

/// How the rows of a statement are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// By the terms; on SQLite in the order of the starts.
    Terms,
    /// By reading `library` in another order and checking each row.
    Rows,
}

/// A value of a placeholder.
#[derive(Debug, Clone)]
pub(super) enum Bound {
    Text(String),
    Number(i64),
}

/// The conditions of a [`Filter`].
#[derive(Debug)]
pub(super) struct Narrow {
    engine: Engine,
    app: String,
    /// Each of these sets has a term of the recording.
    facets: Vec<Vec<Term>>,
    /// The terms of the words, each of which the recording has.
    letters: Vec<Term>,
    /// A term that it does not have.
    without: Option<Term>,
    /// Patterns that its texts match.
    words: Vec<String>,
    /// JSON arrays of rooms; its room is in each.
    rooms: Vec<String>,
    from: Option<i64>,
    until: Option<i64>,
}

impl Narrow {
    pub fn of(conn: &Conn, filter: Filter<'_>) -> Result<Self> {
        let mut facets = vec![vec![Term::of_app(filter.scope.app)]];
        let mut rooms = Vec::new();
        let mut keys: Vec<FacetKey> = filter.facets.iter().map(Facet::key).collect();
        keys.sort_unstable();
        keys.dedup();
        if !filter.with_tries && !keys.contains(&FacetKey::State) {
            facets.push(vec![Term::recorded()]);
        }
        for key in keys {
            let of_key = filter.facets.iter().filter(|facet| facet.key() == key);
            facets.push(of_key.filter_map(Facet::term).collect());
        }
        for some in [filter.rooms, filter.scope.only].into_iter().flatten() {
            rooms.push(json(&some)?);
            if some.len() <= MOST_ROOMS {
                let terms = some.iter().map(Term::of_room).collect();
                facets.push(terms);
            }
        }
        for terms in &mut facets {
            if terms.is_empty() {
                terms.push(Term::of_none());
            }
        }
        let letters = filter.words.iter().flat_map(|word| pairs(word)).collect();
        let (from, until) = filter.between;
        let place = |at: Option<Timestamp>| at.map(first_of_second);
        Ok(Self {
            engine: Engine::of_connection(conn),
            app: filter.scope.app.to_string(),
            facets,
            letters,
            without: filter.unseen_by.map(Term::seen_by),
            words: filter.words.iter().map(|word| pattern(word)).collect(),
            rooms,
            from: place(from),
            until: place(until),
        })
    }

    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// The number of rows, at most `limit`.
    pub async fn rows(&self, conn: &mut Conn, limit: u32) -> Result<u32> {
        let mut sql = Sql::default();
        let from = self.from(&mut sql, By::Terms, false, "");
        let limit = sql.bind(Bound::Number(limit.into()));
        let text = format!("SELECT COUNT(*) AS n FROM (SELECT 1 FROM {from} LIMIT {limit}) one");
        sql.query(text).count(conn).await
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
        let from = self.from(&mut sql, by, true, and);
        let limit = sql.bind(Bound::Number(limit.into()));
        let text = format!(
            "SELECT l.n, l.recording_id, l.began_at FROM {from} ORDER BY {order} LIMIT {limit}"
        );
        let read = |row: &_| {
            let row = Columns::new(row, "library", "recording_id");
            Ok(Hit {
                place: row.get("n")?,
                id: row.get("recording_id")?,
                began_at: row.get("began_at")?,
            })
        };
        sql.query(text).all(conn, read).await
    }

    /// See [`super::sums`].
    pub async fn sums(&self, conn: &mut Conn) -> Result<(u64, i64)> {
        let mut sql = Sql::default();
        let from = self.from(&mut sql, By::Terms, true, "");
        let text = format!(
            "SELECT CAST(COALESCE(SUM(l.size), 0) AS BIGINT) AS size,
                 CAST(COALESCE(SUM(l.length_ms), 0) AS BIGINT) AS length FROM {from}"
        );
        let read = |row: &_| {
            let row = Columns::new(row, "library", "n");
            Ok((row.get("size")?, row.get("length")?))
        };
        sql.query(text).one(conn, read).await
    }

    /// See [`super::days`].
    pub async fn days(
        &self,
        conn: &mut Conn,
        midnights: &[Timestamp],
        limit: u32,
    ) -> Result<Vec<u32>> {
        let bounds: Vec<String> = midnights
            .iter()
            .map(|at| first_of_second(*at).to_string())
            .collect();
        let mut sql = Sql::default();
        let bounds = sql.bind(Bound::Text(json(&bounds)?));
        let n = self.place(false);
        let from = self.from(
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
            self.engine.texts(&bounds)
        );
        let read = |row: &_| Columns::new(row, "library", "n").get("n");
        sql.query(text).all(conn, read).await
    }

    /// The column of the place, with or without the row of `library`.
    fn place(&self, with_row: bool) -> &'static str {
        match self.engine {
            Engine::Sqlite if !with_row && !self.checks_rows() => "library_terms.rowid",
            _ => "l.n",
        }
    }

    /// Whether the terms alone do not tell what matches.
    fn checks_rows(&self) -> bool {
        !self.words.is_empty() || !self.rooms.is_empty()
    }

    /// The tables and conditions of a statement; `l` is the row of `library`, where it is needed.
    fn from(&self, sql: &mut Sql, by: By, with_row: bool, and: &str) -> String {
        let terms = (self.engine, by) == (Engine::Sqlite, By::Terms);
        let (mut text, n) = if terms {
            let matched = sql.bind(Bound::Text(self.matched()));
            // In this order: the terms find the rows.
            let rows = if with_row || self.checks_rows() {
                " CROSS JOIN library l ON l.n = library_terms.rowid"
            } else {
                ""
            };
            let text = format!("library_terms{rows} WHERE library_terms MATCH {matched}");
            (text, "library_terms.rowid")
        } else {
            let app = sql.bind(Bound::Text(self.app.clone()));
            let terms = self.has_terms(sql);
            (format!("library l WHERE l.app_id = {app}{terms}"), "l.n")
        };
        for (bound, than) in [(self.from, ">="), (self.until, "<")] {
            if let Some(bound) = bound {
                // Writing to text cannot fail.
                let _ = write!(text, " AND {n} {than} {}", sql.bind(Bound::Number(bound)));
            }
        }
        for word in &self.words {
            let word = sql.bind(Bound::Text(word.clone()));
            let _ = write!(text, " AND l.words LIKE {word} ESCAPE '\\'");
        }
        for rooms in &self.rooms {
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
    fn matched(&self) -> String {
        let any = |terms: &Vec<Term>| {
            let terms: Vec<String> = terms.iter().map(|term| token(*term)).collect();
            format!("({})", terms.join(" OR "))
        };
        let letters = self.letters.iter().map(|term| token(*term));
        let all: Vec<String> = self.facets.iter().map(any).chain(letters).collect();
        let without = self.without.map(|term| format!(" NOT {}", token(term)));
        format!("({}){}", all.join(" AND "), without.unwrap_or_default())
    }

    /// Conditions on a row of `library`: it has the terms.
    fn has_terms(&self, sql: &mut Sql) -> String {
        let mut text = String::new();
        match self.engine {
            // The letters are in the words, which are checked.
            Engine::Sqlite => {
                let mut has = |term: Term| {
                    let token = sql.bind(Bound::Text(format!(" {} ", token(term))));
                    format!("instr(l.facets, {token}) > 0")
                };
                for terms in &self.facets {
                    let any: Vec<String> = terms.iter().map(|term| has(*term)).collect();
                    let _ = write!(text, " AND ({})", any.join(" OR "));
                }
                if let Some(term) = self.without {
                    let _ = write!(text, " AND NOT {}", has(term));
                }
            }
            Engine::Postgres => {
                let (one, some): (Vec<_>, Vec<_>) =
                    self.facets.iter().partition(|terms| terms.len() == 1);
                let all = one.into_iter().flatten().chain(&self.letters);
                let all = sql.bind(Bound::Text(array(all.copied())));
                let _ = write!(text, " AND l.terms @> CAST({all} AS INTEGER[])");
                for terms in some {
                    let any = sql.bind(Bound::Text(array(terms.iter().copied())));
                    let _ = write!(text, " AND l.terms && CAST({any} AS INTEGER[])");
                }
                if let Some(term) = self.without {
                    let none = sql.bind(Bound::Text(array([term])));
                    let _ = write!(text, " AND NOT l.terms && CAST({none} AS INTEGER[])");
                }
            }
        }
        text
    }
}

/// The values of a statement that is being written.
#[derive(Debug, Default)]
pub(super) struct Sql(Vec<Bound>);

impl Sql {
    /// The placeholder of another value.
    pub fn bind(&mut self, value: Bound) -> String {
        self.0.push(value);
        format!("${}", self.0.len())
    }

    fn query(self, text: String) -> Query {
        self.0
            .into_iter()
            .fold(query(text), |query, value| match value {
                Bound::Text(text) => query.bind(text),
                Bound::Number(number) => query.bind(number),
            })
    }
}
