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

/// The numbers of rows that a statement of SQLite takes, each row with placeholders of its own. Powers of two, so that any
/// number of rows is at most one statement of each but the largest, and each text is prepared once and kept.
const SIZES: [usize; 11] = [1024, 512, 256, 128, 64, 32, 16, 8, 4, 2, 1];

/// The most rows in a statement of PostgreSQL, whose placeholders are arrays, one for each column: it takes longer to bind
/// and plan a placeholder than to read an element.
const ROWS: usize = 4096;

/// A statement over rows, which replace `VALUES {}` in its text.
pub(crate) struct Bulk {
    source: Source,
    sqlite: OnceLock<[Arc<str>; SIZES.len()]>,
    postgres: OnceLock<Arc<str>>,
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
        let mut rows = rows.into_iter().collect::<Vec<_>>().into_iter();
        iter::from_fn(move || {
            let count = rows.len();
            let statement = |text: &Arc<str>| Query(sqlx::query(AssertSqlSafe(text.clone())));
            match engine {
                Engine::Sqlite => {
                    let which = SIZES.iter().position(|size| *size <= count)?;
                    let text = |size| self.text_of_sqlite(V::COUNT, size).into();
                    let texts = self.sqlite.get_or_init(|| SIZES.map(text));
                    let rows = rows.by_ref().take(SIZES[which]);
                    Some(rows.fold(statement(&texts[which]), Query::bind))
                }
                Engine::Postgres if count == 0 => None,
                Engine::Postgres => {
                    let text = || self.text_of_postgres(&V::arrays()).into();
                    let mut arrays = vec![String::new(); V::COUNT];
                    let rows = rows.by_ref().take(ROWS);
                    rows.for_each(|row| row.append_to(&mut arrays));
                    let arrays = arrays.into_iter().map(|array| array + "}");
                    let statement = statement(self.postgres.get_or_init(text));
                    Some(arrays.fold(statement, Query::bind))
                }
            }
        })
    }

    /// The text for a number of rows with a number of columns. SQLite looks a numbered placeholder up among all others:
    /// with a thousand of them that takes longer than the rows.
    pub(crate) fn text_of_sqlite(&self, columns: usize, rows: usize) -> String {
        let row = format!("({})", vec!["?"; columns].join(", "));
        let rows = vec![row; rows].join(", ");
        self.text(Engine::Sqlite, &format!("VALUES {rows}"))
    }

    /// The text for columns with these types of arrays.
    fn text_of_postgres(&self, arrays: &[&str]) -> String {
        let columns = arrays.iter().zip(1..);
        let columns = columns.map(|(array, place)| format!("unnest(CAST(${place} AS {array}))"));
        let rows = format!("SELECT {}", columns.collect::<Vec<_>>().join(", "));
        self.text(Engine::Postgres, &rows)
    }

    fn text(&self, engine: Engine, rows: &str) -> String {
        match self.source {
            Source::Text(text) => text.replace("VALUES {}", rows),
            Source::Built(build) => build(engine).replace("VALUES {}", rows),
        }
    }
}

#[cfg(test)]
mod tests {
    use sqlx::Row as _;

    use super::*;
    use crate::{DatabaseUrl, Store, testing::Databases};

    #[test]
    fn a_row_of_values_or_a_column_of_an_array() {
        static BULK: Bulk = Bulk::new("INSERT INTO t VALUES {}");
        assert_eq!(
            BULK.text_of_sqlite(2, 2),
            "INSERT INTO t VALUES (?, ?), (?, ?)"
        );
        assert_eq!(
            BULK.text_of_postgres(&<(i64, Option<String>)>::arrays()),
            "INSERT INTO t SELECT unnest(CAST($1 AS BIGINT[])), unnest(CAST($2 AS TEXT[]))"
        );
    }

    type Row = (i64, Option<String>, Option<Vec<u8>>);

    async fn every_row_arrives_once_and_as_it_is(url: &DatabaseUrl) {
        static ROWS: Bulk =
            Bulk::new("WITH k (n, text, bytes) AS (VALUES {}) SELECT n, text, bytes FROM k");
        let store = Store::connect(url).await.unwrap();
        let mut read = store.read().await.unwrap();
        let texts = ["", "NULL", r#"{"a","b\"}\\,"#, "a\nb\t'", "评审 🎥", " x "];
        let row = |n: usize| {
            let text = texts.get(n % 7).map(|text| (*text).to_owned());
            let bytes = vec![0, u8::try_from(n % 256).unwrap(), b'"', b'\\'];
            (
                i64::try_from(n).unwrap(),
                text,
                (!n.is_multiple_of(3)).then_some(bytes),
            )
        };
        for count in [0, 1, 3, 255, 256, 600, 2_500, 5_000] {
            let rows: Vec<Row> = (0..count).map(row).collect();
            let found = ROWS.fetch(&mut read, rows.clone()).await.unwrap();
            let mut found: Vec<Row> = found
                .iter()
                .map(|row| (row.get("n"), row.get("text"), row.get("bytes")))
                .collect();
            found.sort();
            assert_eq!(found, rows);
        }
    }

    #[tokio::test]
    async fn rows_on_sqlite() {
        every_row_arrives_once_and_as_it_is(&Databases::on_sqlite().empty()).await;
    }

    #[tokio::test]
    async fn rows_on_postgres() {
        every_row_arrives_once_and_as_it_is(&Databases::on_postgres().empty()).await;
    }
}
