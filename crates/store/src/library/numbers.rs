//! Stored numbers: the number of rows of the index with each pair of a term and a mask. To sum them up takes no longer
//! for a long list than for a short one.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use reelroom_domain::find::{Mask, Shelf, Term};

use super::{
    filter::{Filter, MOST_ROOMS},
    sql::{Bound, Sql},
};
use crate::{Conn, Result, bulk::Bulk, row::Columns};

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

    /// The number of rows; `None` while some rows of the index are not in the stored numbers yet.
    pub async fn rows(&self, conn: &mut Conn) -> Result<Option<u32>> {
        let rows = self.sum(conn, &self.terms).await?;
        let without = self.sum(conn, &self.without).await?;
        let rows = rows.zip(without);
        Ok(rows.map(|(rows, without)| rows.saturating_sub(without)))
    }

    /// The number of rows with one of these terms.
    async fn sum(&self, conn: &mut Conn, terms: &[Term]) -> Result<Option<u32>> {
        if terms.is_empty() {
            return Ok(Some(0));
        }
        let mut sql = Sql::default();
        let text = self.sum_sql(&mut sql, terms);
        let n = Columns::value("library_numbers", "n");
        sql.query(text).one(conn, n).await
    }

    fn sum_sql(&self, sql: &mut Sql, terms: &[Term]) -> String {
        let terms = terms.iter().map(|term| i64::from(term.number()));
        let terms: Vec<String> = terms.map(|term| sql.bind(Bound::Number(term))).collect();
        let mut text = format!(
            "SELECT CASE WHEN EXISTS (SELECT 1 FROM library WHERE mask IS NULL) THEN NULL
                 ELSE CAST(COALESCE(SUM(n), 0) AS BIGINT) END AS n
             FROM library_numbers WHERE term IN ({})",
            terms.join(", ")
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

    /// The statement of [`Self::rows`].
    #[cfg(test)]
    pub fn sql(&self) -> String {
        self.sum_sql(&mut Sql::default(), &self.terms)
    }
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
