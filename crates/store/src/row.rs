//! Rows that may be wrong: each column is read into a word of the domain or named as corrupt.

use std::{str::FromStr, time::Duration};

use reelroom_domain::{
    cause::Cause,
    ids::CallId,
    room::{ParticipantId, RoomId},
    time::Timestamp,
};
use sqlx::{Any, Decode, Row, Type, any::AnyRow};

use crate::StoreError;

/// A row of `table`; `key` is its key as text, for the error.
pub(crate) struct Columns<'r> {
    row: &'r AnyRow,
    table: &'static str,
    key: String,
}

impl<'r> Columns<'r> {
    /// A row whose key is the text column `key`.
    pub(crate) fn new(row: &'r AnyRow, table: &'static str, key: &str) -> Self {
        let key = row.try_get(key).unwrap_or_else(|_| "?".to_owned());
        Self { row, table, key }
    }

    pub(crate) fn corrupt(&self, column: &'static str) -> StoreError {
        StoreError::Corrupt {
            table: self.table,
            column,
            id: self.key.clone(),
        }
    }

    fn get<T: Decode<'r, Any> + Type<Any>>(&self, column: &'static str) -> Result<T, StoreError> {
        self.row.try_get(column).map_err(|error| match error {
            sqlx::Error::ColumnDecode { .. } => self.corrupt(column),
            other => other.into(),
        })
    }

    pub(crate) fn text(&self, column: &'static str) -> Result<String, StoreError> {
        self.get(column)
    }

    pub(crate) fn opt_text(&self, column: &'static str) -> Result<Option<String>, StoreError> {
        self.get(column)
    }

    /// A cause as JSON. What is not one is shown as it is.
    pub(crate) fn opt_cause(&self, column: &'static str) -> Result<Option<Cause>, StoreError> {
        Ok(self
            .opt_text(column)?
            .map(|text| serde_json::from_str(&text).unwrap_or(Cause::Words(text))))
    }

    pub(crate) fn bytes(&self, column: &'static str) -> Result<Vec<u8>, StoreError> {
        self.get(column)
    }

    pub(crate) fn opt_bytes(&self, column: &'static str) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(column)
    }

    pub(crate) fn int(&self, column: &'static str) -> Result<i64, StoreError> {
        self.get(column)
    }

    pub(crate) fn opt_int(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        self.get(column)
    }

    pub(crate) fn count(&self, column: &'static str) -> Result<u32, StoreError> {
        u32::try_from(self.int(column)?).map_err(|_| self.corrupt(column))
    }

    pub(crate) fn size(&self, column: &'static str) -> Result<u64, StoreError> {
        u64::try_from(self.int(column)?).map_err(|_| self.corrupt(column))
    }

    pub(crate) fn opt_size(&self, column: &'static str) -> Result<Option<u64>, StoreError> {
        self.opt_int(column)?
            .map(|size| u64::try_from(size).map_err(|_| self.corrupt(column)))
            .transpose()
    }

    pub(crate) fn flag(&self, column: &'static str) -> Result<bool, StoreError> {
        match self.int(column)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.corrupt(column)),
        }
    }

    pub(crate) fn time(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.int(column).map(Timestamp::from_millis)
    }

    pub(crate) fn opt_time(&self, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.opt_int(column)?.map(Timestamp::from_millis))
    }

    pub(crate) fn id<T: FromStr>(&self, column: &'static str) -> Result<T, StoreError> {
        self.text(column)?.parse().map_err(|_| self.corrupt(column))
    }

    pub(crate) fn opt_id<T: FromStr>(&self, column: &'static str) -> Result<Option<T>, StoreError> {
        self.opt_text(column)?
            .map(|text| text.parse().map_err(|_| self.corrupt(column)))
            .transpose()
    }

    pub(crate) fn opt_call(&self, column: &'static str) -> Result<Option<CallId>, StoreError> {
        Ok(self.opt_int(column)?.map(CallId::new))
    }

    /// A participant; `None` where the text is empty.
    pub(crate) fn opt_person(
        &self,
        column: &'static str,
    ) -> Result<Option<ParticipantId>, StoreError> {
        match self.text(column)? {
            none if none.is_empty() => Ok(None),
            some => ParticipantId::new(some)
                .map(Some)
                .map_err(|_| self.corrupt(column)),
        }
    }

    pub(crate) fn room(&self, column: &'static str) -> Result<RoomId, StoreError> {
        RoomId::new(self.text(column)?).map_err(|_| self.corrupt(column))
    }

    /// A word of an enum, read by `parse`.
    pub(crate) fn word<T>(
        &self,
        column: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        parse(&self.text(column)?).ok_or_else(|| self.corrupt(column))
    }

    pub(crate) fn opt_word<T>(
        &self,
        column: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        self.opt_text(column)?
            .map(|text| parse(&text).ok_or_else(|| self.corrupt(column)))
            .transpose()
    }
}

/// A column list with the table's alias in front of each name.
pub(crate) fn of(alias: &str, columns: &str) -> String {
    let names = columns
        .split(',')
        .map(|name| format!("{alias}.{}", name.trim()));
    names.collect::<Vec<_>>().join(", ")
}

/// A size as the database keeps it.
pub(crate) fn signed(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

/// A time span as the database keeps it, in milliseconds.
pub(crate) fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use sqlx::query;

    use crate::{Store, StoreError, users};

    #[tokio::test]
    async fn a_row_that_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/corrupt.db", folder.path().display());
        let store = Store::connect(&url.parse().unwrap()).await.unwrap();
        store.migrate().await.unwrap();
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
