//! Stored numbers: the number of rows of the index with each pair of a term and a mask. To sum them up takes no longer
//! for a long list than for a short one.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use reelroom_domain::find::{Mask, Shelf, Term};
use sqlx::{Row, any::AnyRow};

use super::{
    filter::{Filter, MOST_ROOMS},
    sql::{Bound, Sql},
};
use crate::{Conn, Result, bulk::Bulk};

/// The stored numbers whose sum is the number of rows of a [`Filter`].
#[derive(Debug)]
pub(super) struct Numbers {
    /// Terms of which a row has at most one.
    terms: Vec<Term>,
    /// Terms of rows that are subtracted. A row has at most one of them; if so, it also has one of `terms`.
    without: Vec<Term>,
    /// The conditions on the masks.
    wanted: Vec<Mask>,
}

impl Numbers {
    /// The stored numbers of a filter. `None` if it narrows by words or days, or by two or more of these: rooms, facets
    /// whose values are not fixed, *not seen*.
    pub fn of(filter: Filter<'_>) -> Option<Self> {
        if !filter.words.is_empty() || filter.between != (None, None) || filter.found.is_some() {
            return None;
        }
        let (wanted, open) = Mask::wanted(filter.facets);
        let rooms = [filter.rooms, filter.scope.only].into_iter().flatten();
        let rooms = rooms.map(|rooms| rooms.iter().collect::<BTreeSet<_>>());
        let rooms = rooms.reduce(|some, others| &some & &others);
        let shelves = filter.shelves();
        let terms: Vec<Term> = match (open.as_slice(), rooms, filter.unseen_by) {
            ([], None, _) => shelves.iter().map(|shelf| shelf.all()).collect(),
            ([facet], None, None) => {
                let on_shelf = |shelf: &Shelf| shelf.facet(facet);
                shelves.iter().filter_map(on_shelf).collect()
            }
            ([], Some(rooms), None) if rooms.len() <= MOST_ROOMS => {
                let on_shelves = |room| shelves.iter().map(move |shelf| shelf.room(room));
                rooms.into_iter().flat_map(on_shelves).collect()
            }
            _ => return None,
        };
        let seen_by = |user| shelves.iter().map(move |shelf| shelf.seen_by(user));
        let without = filter.unseen_by.into_iter().flat_map(seen_by).collect();
        Some(Self {
            terms,
            without,
            wanted,
        })
    }

    /// Appends the statement of their sum.
    fn sum(&self, sql: &mut Sql) -> String {
        if self.terms.is_empty() {
            return "SELECT CAST(0 AS BIGINT)".to_owned();
        }
        let list = |sql: &mut Sql, terms: &[Term]| {
            let terms = terms.iter().map(|term| i64::from(term.number()));
            let terms: Vec<String> = terms.map(|term| sql.bind(Bound::Number(term))).collect();
            terms.join(", ")
        };
        let sign = if self.without.is_empty() {
            "n".to_owned()
        } else {
            let without = list(sql, &self.without);
            format!("CASE WHEN term IN ({without}) THEN -n ELSE n END")
        };
        let terms: Vec<Term> = self.terms.iter().chain(&self.without).copied().collect();
        let terms = list(sql, &terms);
        let mut text = format!(
            "SELECT CAST(COALESCE(SUM({sign}), 0) AS BIGINT) FROM library_numbers WHERE term IN ({terms})"
        );
        for mask in &self.wanted {
            // Writing to text cannot fail.
            let _ = write!(
                text,
                " AND (mask & {}) <> 0",
                sql.bind(Bound::Number(mask.bits()))
            );
        }
        text
    }
}

/// The numbers of rows that some stored numbers say, in their order; `None` while some rows of the index are not in the
/// stored numbers yet.
pub(super) async fn rows(conn: &mut Conn, numbers: &[&Numbers]) -> Result<Option<Vec<u32>>> {
    if numbers.is_empty() {
        return Ok(None);
    }
    let mut sql = Sql::default();
    let text = rows_sql(&mut sql, numbers);
    let rows = sql.query(text).first(conn, |row| sums(row, numbers.len()));
    rows.await
}

/// The statement of [`rows`]: a column for each.
pub(super) fn rows_sql(sql: &mut Sql, numbers: &[&Numbers]) -> String {
    let sums: Vec<String> = numbers
        .iter()
        .map(|numbers| format!("({})", numbers.sum(sql)))
        .collect();
    format!(
        "SELECT {} WHERE NOT EXISTS (SELECT 1 FROM library WHERE mask IS NULL)",
        sums.join(", ")
    )
}

/// The sums in the first columns of a row.
pub(super) fn sums(row: &AnyRow, columns: usize) -> Result<Vec<u32>> {
    let sums = (0..columns).map(|at| row.try_get::<i64, _>(at));
    let sums = sums.collect::<Result<Vec<i64>, _>>()?;
    let sums = sums.into_iter().map(|sum| sum.max(0));
    Ok(sums
        .map(|sum| u32::try_from(sum).unwrap_or(u32::MAX))
        .collect())
}

/// Changes of the stored numbers.
#[derive(Debug, Default)]
pub(super) struct Changes(BTreeMap<(Term, Mask), i64>);

impl Changes {
    /// Adds `rows` rows with these terms and this mask; a negative number subtracts.
    pub fn add(&mut self, terms: impl IntoIterator<Item = Term>, mask: Mask, rows: i64) {
        for term in terms {
            *self.0.entry((term, mask)).or_default() += rows;
        }
    }

    /// Stores them, and deletes numbers that become 0.
    pub async fn store(self, conn: &mut Conn) -> Result<()> {
        static ADD: Bulk = Bulk::new(
            "INSERT INTO library_numbers (term, mask, n) VALUES {}
             ON CONFLICT (term, mask) DO UPDATE SET n = library_numbers.n + excluded.n",
        );
        // Otherwise numbers of deleted rooms and of states without recordings would pile up.
        static DELETE: Bulk =
            Bulk::new("DELETE FROM library_numbers WHERE n = 0 AND (term, mask) IN (VALUES {})");
        let changes = || self.0.iter().filter(|(_, rows)| **rows != 0);
        let add = changes().map(|((term, mask), rows)| (*term, *mask, *rows));
        ADD.execute(conn, add).await?;
        let fewer = changes().filter(|(_, rows)| **rows < 0);
        DELETE
            .execute(conn, fewer.map(|((term, mask), _)| (*term, *mask)))
            .await
    }
}
