//! Many rows with one statement, so that each costs a share of it.

use std::sync::{Arc, OnceLock};

use sqlx::{
    Any, AssertSqlSafe,
    any::{AnyArguments, AnyRow},
    query,
    query::Query,
};

use crate::{Conn, StoreError, engine::Engine};

/// A statement to which values are bound.
pub(crate) type Bound = Query<'static, Any, AnyArguments>;

/// How many rows a statement takes. Powers of two, so that any number of rows is at most one
/// statement of each but the largest, and each text is prepared once and kept.
const SIZES: [usize; 11] = [1024, 512, 256, 128, 64, 32, 16, 8, 4, 2, 1];

type Texts = [Arc<str>; SIZES.len()];

/// A statement over rows of placeholders, and how many each row has.
pub(crate) struct Bulk {
    source: Source,
    columns: usize,
    sqlite: OnceLock<Texts>,
    postgres: OnceLock<Texts>,
}

enum Source {
    /// What stands before and after the rows.
    Around(&'static str, &'static str),
    /// Builds the statement from the rows.
    Built(fn(Engine, &str) -> String),
}

impl Bulk {
    /// The statement that has `before` and `after` around its rows.
    pub(crate) const fn new(before: &'static str, columns: usize, after: &'static str) -> Self {
        Self::of(Source::Around(before, after), columns)
    }

    /// The statement that `build` makes of its rows.
    pub(crate) const fn built(columns: usize, build: fn(Engine, &str) -> String) -> Self {
        Self::of(Source::Built(build), columns)
    }

    const fn of(source: Source, columns: usize) -> Self {
        Self {
            source,
            columns,
            sqlite: OnceLock::new(),
            postgres: OnceLock::new(),
        }
    }

    /// The rows in portions, each with the statement that takes it.
    pub(crate) fn portions<'a, T>(
        &'a self,
        conn: &Conn,
        rows: &'a [T],
    ) -> impl Iterator<Item = (AssertSqlSafe<Arc<str>>, &'a [T])> + use<'a, T> {
        self.portions_for(Engine::of_connection(conn), rows)
    }

    /// Runs the statement over all rows, each bound by `bind`; how many rows of tables it affected.
    pub(crate) async fn execute<T: Sync>(
        &self,
        conn: &mut Conn,
        rows: &[T],
        bind: impl Fn(Bound, &T) -> Bound + Send,
    ) -> Result<u64, StoreError> {
        let mut affected = 0;
        for (sql, some) in self.portions(conn, rows) {
            let statement = some.iter().fold(query(sql), &bind);
            affected += statement.execute(&mut *conn).await?.rows_affected();
        }
        Ok(affected)
    }

    /// Runs the statement over all rows, each bound by `bind`; what it gives.
    pub(crate) async fn fetch<T: Sync>(
        &self,
        conn: &mut Conn,
        rows: &[T],
        bind: impl Fn(Bound, &T) -> Bound + Send,
    ) -> Result<Vec<AnyRow>, StoreError> {
        let mut found = Vec::new();
        for (sql, some) in self.portions(conn, rows) {
            let statement = some.iter().fold(query(sql), &bind);
            found.extend(statement.fetch_all(&mut *conn).await?);
        }
        Ok(found)
    }

    fn portions_for<'a, T>(
        &'a self,
        engine: Engine,
        rows: &'a [T],
    ) -> impl Iterator<Item = (AssertSqlSafe<Arc<str>>, &'a [T])> + use<'a, T> {
        let texts = match engine {
            Engine::Sqlite => &self.sqlite,
            Engine::Postgres => &self.postgres,
        };
        let texts = texts.get_or_init(|| SIZES.map(|size| self.text(engine, size).into()));
        let mut rest = rows;
        std::iter::from_fn(move || {
            let which = SIZES.iter().position(|size| *size <= rest.len())?;
            let (portion, after) = rest.split_at(SIZES[which]);
            rest = after;
            Some((AssertSqlSafe(texts[which].clone()), portion))
        })
    }

    pub(crate) fn text(&self, engine: Engine, rows: usize) -> String {
        let rows: Vec<String> = (0..rows)
            .map(|row| {
                let first = row * self.columns + 1;
                let places: Vec<String> = (first..first + self.columns)
                    .map(|place| engine.place(place))
                    .collect();
                format!("({})", places.join(", "))
            })
            .collect();
        let rows = rows.join(", ");
        match self.source {
            Source::Around(before, after) => format!("{before}{rows}{after}"),
            Source::Built(build) => build(engine, &rows),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_in_one_portion() {
        let bulk = Bulk::new("INSERT INTO t VALUES ", 2, "");
        for number in [0, 1, 3, 255, 256, 600, 2500] {
            let rows: Vec<usize> = (0..number).collect();
            let taken: Vec<usize> = bulk
                .portions_for(Engine::Sqlite, &rows)
                .flat_map(|(_, portion)| portion.iter().copied())
                .collect();
            assert_eq!(taken, rows);
        }
        assert_eq!(
            [Engine::Sqlite, Engine::Postgres].map(|engine| bulk.text(engine, 2)),
            [
                "INSERT INTO t VALUES (?, ?), (?, ?)",
                "INSERT INTO t VALUES ($1, $2), ($3, $4)"
            ]
        );
    }
}
