//! Reads the columns of a row into types of the domain. A value that the domain does not know is an
//! error that names its column.

use std::str::FromStr;

use reelroom_domain::{
    cause::Cause,
    ids::CallId,
    room::{ParticipantId, RoomId},
    time::Timestamp,
};
use serde::de::DeserializeOwned;
use sqlx::{Any, Decode, Row, Type, any::AnyRow};

use crate::{Result, StoreError};

/// A row of `table`.
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

    fn get<T: Decode<'r, Any> + Type<Any>>(&self, column: &'static str) -> Result<T> {
        self.row.try_get(column).map_err(|error| match error {
            sqlx::Error::ColumnDecode { .. } => self.corrupt(column),
            other => other.into(),
        })
    }

    pub(crate) fn text(&self, column: &'static str) -> Result<String> {
        self.get(column)
    }

    pub(crate) fn opt_text(&self, column: &'static str) -> Result<Option<String>> {
        self.get(column)
    }

    /// A value as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T> {
        serde_json::from_str(&self.text(column)?).map_err(|_| self.corrupt(column))
    }

    /// A cause as JSON; other text is returned as it is.
    pub(crate) fn opt_cause(&self, column: &'static str) -> Result<Option<Cause>> {
        Ok(self
            .opt_text(column)?
            .map(|text| serde_json::from_str(&text).unwrap_or(Cause::Words(text))))
    }

    pub(crate) fn bytes(&self, column: &'static str) -> Result<Vec<u8>> {
        self.get(column)
    }

    pub(crate) fn opt_bytes(&self, column: &'static str) -> Result<Option<Vec<u8>>> {
        self.get(column)
    }

    pub(crate) fn int(&self, column: &'static str) -> Result<i64> {
        self.get(column)
    }

    pub(crate) fn opt_int(&self, column: &'static str) -> Result<Option<i64>> {
        self.get(column)
    }

    pub(crate) fn count(&self, column: &'static str) -> Result<u32> {
        u32::try_from(self.int(column)?).map_err(|_| self.corrupt(column))
    }

    pub(crate) fn size(&self, column: &'static str) -> Result<u64> {
        u64::try_from(self.int(column)?).map_err(|_| self.corrupt(column))
    }

    pub(crate) fn opt_size(&self, column: &'static str) -> Result<Option<u64>> {
        self.opt_int(column)?
            .map(|size| u64::try_from(size).map_err(|_| self.corrupt(column)))
            .transpose()
    }

    pub(crate) fn flag(&self, column: &'static str) -> Result<bool> {
        match self.int(column)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.corrupt(column)),
        }
    }

    pub(crate) fn time(&self, column: &'static str) -> Result<Timestamp> {
        self.int(column).map(Timestamp::from_millis)
    }

    pub(crate) fn opt_time(&self, column: &'static str) -> Result<Option<Timestamp>> {
        Ok(self.opt_int(column)?.map(Timestamp::from_millis))
    }

    pub(crate) fn id<T: FromStr>(&self, column: &'static str) -> Result<T> {
        self.text(column)?.parse().map_err(|_| self.corrupt(column))
    }

    pub(crate) fn opt_id<T: FromStr>(&self, column: &'static str) -> Result<Option<T>> {
        self.opt_text(column)?
            .map(|text| text.parse().map_err(|_| self.corrupt(column)))
            .transpose()
    }

    pub(crate) fn call(&self, column: &'static str) -> Result<CallId> {
        self.int(column).map(CallId::new)
    }

    pub(crate) fn opt_call(&self, column: &'static str) -> Result<Option<CallId>> {
        Ok(self.opt_int(column)?.map(CallId::new))
    }

    pub(crate) fn participant(&self, column: &'static str) -> Result<ParticipantId> {
        ParticipantId::new(self.text(column)?).map_err(|_| self.corrupt(column))
    }

    /// A participant; `None` where the text is empty.
    pub(crate) fn opt_person(&self, column: &'static str) -> Result<Option<ParticipantId>> {
        match self.text(column)? {
            none if none.is_empty() => Ok(None),
            some => ParticipantId::new(some)
                .map(Some)
                .map_err(|_| self.corrupt(column)),
        }
    }

    pub(crate) fn room(&self, column: &'static str) -> Result<RoomId> {
        RoomId::new(self.text(column)?).map_err(|_| self.corrupt(column))
    }

    /// A word of an enum, read by `parse`.
    pub(crate) fn word<T>(
        &self,
        column: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T> {
        parse(&self.text(column)?).ok_or_else(|| self.corrupt(column))
    }

    pub(crate) fn opt_word<T>(
        &self,
        column: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>> {
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

/// A size as it is stored.
pub(crate) fn signed(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
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
