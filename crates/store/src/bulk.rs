//! Statements over many rows at once.

use std::{
    iter,
    sync::{Arc, OnceLock},
};

use sqlx::{AssertSqlSafe, any::AnyRow};

use crate::{
    Conn, Result,
    engine::Engine,
    query::{Query, Values},
};

/// How many rows a statement takes. Powers of two, so that any number of rows is at most one
/// statement of each but the largest, and each text is prepared once and kept.
const SIZES: [usize; 11] = [1024, 512, 256, 128, 64, 32, 16, 8, 4, 2, 1];

type Texts = [Arc<str>; SIZES.len()];

/// A statement over rows, whose placeholders replace `{}` in its text.
pub(crate) struct Bulk {
    source: Source,
    sqlite: OnceLock<Texts>,
    postgres: OnceLock<Texts>,
}

enum Source {
    Text(&'static str),
    Built(fn(Engine) -> String),
}

impl Bulk {
    /// The statement of this text.
    pub(crate) const fn new(text: &'static str) -> Self {
        Self::of(Source::Text(text))
    }

    /// The statement whose text `build` returns.
    pub(crate) const fn built(build: fn(Engine) -> String) -> Self {
        Self::of(Source::Built(build))
    }

    const fn of(source: Source) -> Self {
        Self {
            source,
            sqlite: OnceLock::new(),
            postgres: OnceLock::new(),
        }
    }

    /// Runs the statement over all rows.
    pub(crate) fn execute<V: Values + Send>(
        &self,
        conn: &mut Conn,
        rows: impl IntoIterator<Item = V>,
    ) -> impl Future<Output = Result<()>> + Send {
        let mut statements = self.statements(Engine::of_connection(conn), rows);
        async move {
            let mut next = statements.next();
            while let Some(statement) = next {
                // The values of the next one are bound while the database runs this one.
                let bound = async { statements.next() };
                let (done, bound) = tokio::join!(statement.execute(conn), bound);
                done?;
                next = bound;
            }
            Ok(())
        }
    }

    /// Runs the statement over all rows and returns the rows that it gives.
    pub(crate) fn fetch<V: Values + Send>(
        &self,
        conn: &mut Conn,
        rows: impl IntoIterator<Item = V>,
    ) -> impl Future<Output = Result<Vec<AnyRow>>> + Send {
        let statements = self.statements(Engine::of_connection(conn), rows);
        async move {
            let mut found = Vec::new();
            for statement in statements {
                found.extend(statement.0.fetch_all(&mut *conn).await?);
            }
            Ok(found)
        }
    }

    /// The statements that take all rows.
    fn statements<V: Values>(
        &self,
        engine: Engine,
        rows: impl IntoIterator<Item = V>,
    ) -> impl Iterator<Item = Query> {
        let texts = match engine {
            Engine::Sqlite => &self.sqlite,
            Engine::Postgres => &self.postgres,
        };
        let text = |size| self.text(engine, V::COUNT, size).into();
        let texts = texts.get_or_init(|| SIZES.map(text));
        let mut rows = rows.into_iter().collect::<Vec<_>>().into_iter();
        iter::from_fn(move || {
            let which = SIZES.iter().position(|size| *size <= rows.len())?;
            let statement = Query(sqlx::query(AssertSqlSafe(texts[which].clone())));
            let rows = rows.by_ref().take(SIZES[which]);
            Some(rows.fold(statement, Query::bind))
        })
    }

    /// The text for a number of rows with a number of columns.
    pub(crate) fn text(&self, engine: Engine, columns: usize, rows: usize) -> String {
        let rows: Vec<String> = (0..rows)
            .map(|row| {
                let first = row * columns + 1;
                let places = (first..first + columns).map(|place| engine.place(place));
                format!("({})", places.collect::<Vec<_>>().join(", "))
            })
            .collect();
        let rows = rows.join(", ");
        match self.source {
            Source::Text(text) => text.replace("{}", &rows),
            Source::Built(build) => build(engine).replace("{}", &rows),
        }
    }
}

#[cfg(test)]
mod tests {
    use sqlx::Execute;

    use super::*;

    #[test]
    fn every_row_is_in_one_statement() {
        static BULK: Bulk = Bulk::new("INSERT INTO t VALUES {}");
        for number in [0_i64, 1, 3, 255, 256, 600, 2500] {
            let bound: Vec<String> = BULK
                .statements(Engine::Sqlite, 0..number)
                .flat_map(|mut statement| statement.0.take_arguments().unwrap().unwrap().values.0)
                .map(|value| format!("{value:?}"))
                .collect();
            let rows: Vec<String> = (0..number).map(|row| format!("BigInt({row})")).collect();
            assert_eq!(bound, rows);
        }
        assert_eq!(
            [Engine::Sqlite, Engine::Postgres].map(|engine| BULK.text(engine, 2, 2)),
            [
                "INSERT INTO t VALUES (?, ?), (?, ?)",
                "INSERT INTO t VALUES ($1, $2), ($3, $4)"
            ]
        );
    }
}
