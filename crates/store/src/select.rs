//! How structs are read from their tables.

use sqlx::any::AnyRow;

use crate::{
    Conn, Result,
    query::{Values, query},
};

/// The columns that a struct is read from, their table or tables, and the reader.
pub(crate) struct Select<T> {
    columns: &'static str,
    from: &'static str,
    read: fn(&AnyRow) -> Result<T>,
}

impl<T> Select<T> {
    pub(crate) const fn new(
        columns: &'static str,
        from: &'static str,
        read: fn(&AnyRow) -> Result<T>,
    ) -> Self {
        Self {
            columns,
            from,
            read,
        }
    }

    /// The text of the statement that ends so: with conditions, an order and a limit.
    pub(crate) fn sql(&self, end: &str) -> String {
        format!("SELECT {} FROM {} {end}", self.columns, self.from)
    }

    /// Runs the statement that ends so, and reads each row.
    pub(crate) fn all(
        &self,
        conn: &mut Conn,
        end: &str,
        values: impl Values,
    ) -> impl Future<Output = Result<Vec<T>>> + Send {
        query(self.sql(end)).bind(values).all(conn, self.read)
    }

    /// Runs the statement that ends so, and reads its first row; `None` where there is no row.
    pub(crate) fn first(
        &self,
        conn: &mut Conn,
        end: &str,
        values: impl Values,
    ) -> impl Future<Output = Result<Option<T>>> + Send {
        query(self.sql(end)).bind(values).first(conn, self.read)
    }
}
