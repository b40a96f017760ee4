//! Reads the columns of a row into types of the domain. A value that the domain does not know is an
//! error that names its column.

use reelroom_domain::{cause::Cause, room::ParticipantId};
use serde::de::DeserializeOwned;
use sqlx::{Row, any::AnyRow};

use crate::{Result, StoreError, value::Column};

/// The columns of a row of `table`.
pub(crate) struct Columns<'r> {
    row: &'r AnyRow,
    table: &'static str,
    key: &'static str,
}

impl<'r> Columns<'r> {
    /// A row whose key is the text column `key`.
    pub(crate) const fn new(row: &'r AnyRow, table: &'static str, key: &'static str) -> Self {
        Self { row, table, key }
    }

    pub(crate) fn corrupt(&self, column: &'static str) -> StoreError {
        StoreError::Corrupt {
            table: self.table,
            column,
            id: self
                .row
                .try_get(self.key)
                .unwrap_or_else(|_| "?".to_owned()),
        }
    }

    /// The value of a column.
    pub(crate) fn get<T: Column>(&self, column: &'static str) -> Result<T> {
        let stored = self.row.try_get(column).map_err(|error| match error {
            sqlx::Error::ColumnDecode { .. } => self.corrupt(column),
            other => other.into(),
        })?;
        T::read(stored).ok_or_else(|| self.corrupt(column))
    }

    /// A value as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T> {
        let text: String = self.get(column)?;
        serde_json::from_str(&text).map_err(|_| self.corrupt(column))
    }

    /// A cause as JSON; other text is returned as it is.
    pub(crate) fn cause(&self, column: &'static str) -> Result<Option<Cause>> {
        let text: Option<String> = self.get(column)?;
        Ok(text.map(|text| serde_json::from_str(&text).unwrap_or(Cause::Words(text))))
    }

    /// A participant; `None` where the text is empty.
    pub(crate) fn participant(&self, column: &'static str) -> Result<Option<ParticipantId>> {
        let text: String = self.get(column)?;
        if text.is_empty() {
            return Ok(None);
        }
        let participant = ParticipantId::read(text);
        participant.map(Some).ok_or_else(|| self.corrupt(column))
    }
}

impl Columns<'static> {
    /// A reader of one column.
    pub(crate) fn value<T: Column>(
        table: &'static str,
        column: &'static str,
    ) -> impl Fn(&AnyRow) -> Result<T> {
        move |row| Columns::new(row, table, column).get(column)
    }

    /// A reader of several columns; errors name the row by the first one, the key.
    pub(crate) fn values<T: Tuple<N>, const N: usize>(
        table: &'static str,
        columns: [&'static str; N],
    ) -> impl Fn(&AnyRow) -> Result<T> {
        move |row| T::read(row, table, columns)
    }
}

/// A tuple with a value of each of `N` columns.
pub(crate) trait Tuple<const N: usize>: Sized {
    fn read(row: &AnyRow, table: &'static str, columns: [&'static str; N]) -> Result<Self>;
}

impl<A: Column, B: Column> Tuple<2> for (A, B) {
    fn read(row: &AnyRow, table: &'static str, [a, b]: [&'static str; 2]) -> Result<Self> {
        let row = Columns::new(row, table, a);
        Ok((row.get(a)?, row.get(b)?))
    }
}

impl<A: Column, B: Column, C: Column> Tuple<3> for (A, B, C) {
    fn read(row: &AnyRow, table: &'static str, [a, b, c]: [&'static str; 3]) -> Result<Self> {
        let row = Columns::new(row, table, a);
        Ok((row.get(a)?, row.get(b)?, row.get(c)?))
    }
}

/// Builds a struct from the columns of a row: `field` is read from the column of that name, `field: column` from
/// another column, and `field = value` is any other value.
macro_rules! fields {
    ($row:ident => $type:ident { $($field:ident $(: $column:ident)? $(= $value:expr)?),+ }) => {
        $type { $($field: $crate::fields!(@ $row $field $($column)? $(= $value)?)),+ }
    };
    (@ $row:ident $field:ident) => { $row.get(stringify!($field))? };
    (@ $row:ident $field:ident $column:ident) => { $row.get(stringify!($column))? };
    (@ $row:ident $field:ident = $value:expr) => { $value };
}
pub(crate) use fields;

/// A reader of a struct, by the rules of [`fields`], from rows of a table with this text column as their key. Where a
/// value needs the row, `row of` comes first.
macro_rules! reader {
    ($table:ident.$key:ident => $($fields:tt)+) => {
        $crate::reader!(row of $table.$key => $($fields)+)
    };
    ($row:ident of $table:ident.$key:ident => $($fields:tt)+) => {
        |row: &::sqlx::any::AnyRow| {
            let $row = $crate::row::Columns::new(row, stringify!($table), stringify!($key));
            Ok($crate::fields!($row => $($fields)+))
        }
    };
}
pub(crate) use reader;

/// A column list with the table's alias in front of each name.
pub(crate) fn of(alias: &str, columns: &str) -> String {
    let names = columns
        .split(',')
        .map(|name| format!("{alias}.{}", name.trim()));
    names.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use sqlx::query;

    use crate::{StoreError, testing::Databases, users};

    #[tokio::test]
    async fn an_unreadable_row_is_named() {
        let databases = Databases::on_sqlite();
        let store = databases.store().await;
        let mut write = store.write().await.unwrap();
        let id = "0".repeat(32);
        let insert = "INSERT INTO users (id, name, name_key, password_hash, role, created_at)
             VALUES ($1, 'Ada', 'ada', 'hash', 'empress', 0)";
        query(insert).bind(&id).execute(&mut *write).await.unwrap();
        match users::by_name(&mut write, "Ada").await {
            Err(StoreError::Corrupt {
                table: "users",
                column: "role",
                id: named,
            }) => assert_eq!(named, id),
            other => panic!("{other:?}"),
        }
    }
}
