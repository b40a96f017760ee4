//! A statement with its values, and how it is run.

use std::borrow::Cow;

use futures::TryStreamExt;
use reelroom_domain::{ids::AppId, meeting::RoomKey, room::RoomId};
use serde::Serialize;
use sqlx::{
    Any, AssertSqlSafe,
    any::{AnyArguments, AnyRow},
};

use crate::{
    Conn, Result,
    engine::{Engine, json, listed},
    row::Columns,
    value::{Element, Value},
};

/// A statement and the values of its placeholders.
pub(crate) struct Query(pub(crate) sqlx::query::Query<'static, Any, AnyArguments>);

#[cfg(feature = "testing")]
thread_local! {
    static STATEMENTS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// The number of statements that were made on this thread, to compare what use cases cost.
#[cfg(feature = "testing")]
pub fn statements() -> usize {
    STATEMENTS.get()
}

/// The statement of this text, which contains no input: input is bound.
pub(crate) fn query(text: impl Into<Cow<'static, str>>) -> Query {
    #[cfg(feature = "testing")]
    STATEMENTS.set(STATEMENTS.get() + 1);
    Query(sqlx::query(AssertSqlSafe(text.into())))
}

/// The statement of this text, in which `{list}` stands for the subquery of the texts of a list, bound to `$1`.
pub(crate) fn query_over(
    conn: &Conn,
    text: &str,
    list: &(impl Serialize + ?Sized),
) -> Result<Query> {
    let text = text.replace("{list}", &listed(conn, "$1"));
    Ok(query(text).bind(json(&list)?))
}

/// Runs the statement of this text with these values.
pub(crate) fn execute(
    conn: &mut Conn,
    text: impl Into<Cow<'static, str>>,
    values: impl Values,
) -> impl Future<Output = Result<()>> + Send {
    query(text).bind(values).execute(conn)
}

/// Runs the statement of this text with these values, and returns whether it affected a row.
pub(crate) fn affects_any(
    conn: &mut Conn,
    text: impl Into<Cow<'static, str>>,
    values: impl Values,
) -> impl Future<Output = Result<bool>> + Send {
    query(text).bind(values).affects_any(conn)
}

impl Query {
    /// Binds the next placeholder, or with a tuple the next ones.
    pub(crate) fn bind(self, values: impl Values) -> Self {
        values.bind_to(self)
    }

    /// Runs the statement.
    pub(crate) async fn execute(self, conn: &mut Conn) -> Result<()> {
        self.count_affected(conn).await.map(drop)
    }

    /// Runs the statement and returns the number of affected rows.
    pub(crate) async fn count_affected(self, conn: &mut Conn) -> Result<u64> {
        Ok(self.0.execute(conn).await?.rows_affected())
    }

    /// Runs the statement and returns whether it affected a row.
    pub(crate) async fn affects_any(self, conn: &mut Conn) -> Result<bool> {
        Ok(self.count_affected(conn).await? > 0)
    }

    /// Runs the statement and reads each row.
    pub(crate) async fn all<T>(
        self,
        conn: &mut Conn,
        read: impl Fn(&AnyRow) -> Result<T>,
    ) -> Result<Vec<T>> {
        let rows = self.0.fetch_all(conn).await?;
        rows.iter().map(read).collect()
    }

    /// Runs the statement and reads each row as it arrives, without collecting the rows in memory.
    pub(crate) async fn each(
        self,
        conn: &mut Conn,
        mut read: impl FnMut(&AnyRow) -> Result<()>,
    ) -> Result<()> {
        let mut rows = self.0.fetch(conn);
        while let Some(row) = rows.try_next().await? {
            read(&row)?;
        }
        Ok(())
    }

    /// Runs the statement and reads its first row; `None` where there is no row.
    pub(crate) async fn first<T>(
        self,
        conn: &mut Conn,
        read: impl Fn(&AnyRow) -> Result<T>,
    ) -> Result<Option<T>> {
        let row = self.0.fetch_optional(conn).await?;
        row.as_ref().map(read).transpose()
    }

    /// Runs the statement and reads its only row.
    pub(crate) async fn one<T>(
        self,
        conn: &mut Conn,
        read: impl Fn(&AnyRow) -> Result<T>,
    ) -> Result<T> {
        read(&self.0.fetch_one(conn).await?)
    }

    /// Runs the statement and returns the number that it gives as `n`.
    pub(crate) async fn count(self, conn: &mut Conn) -> Result<u32> {
        self.one(conn, Columns::value("a count", "n")).await
    }

    /// Runs the statement and returns whether it gives a row.
    pub(crate) async fn exists(self, conn: &mut Conn) -> Result<bool> {
        Ok(self.0.fetch_optional(conn).await?.is_some())
    }
}

/// Runs a statement that locks until the end of the transaction. SQLite has one writer and needs no lock.
pub(crate) async fn lock(conn: &mut Conn, text: &'static str) -> Result<()> {
    if Engine::of_connection(conn).is_shared() {
        query(text).execute(conn).await?;
    }
    Ok(())
}

/// One value or a tuple of them, each for one placeholder.
pub(crate) trait Values {
    /// The number of placeholders.
    const COUNT: usize;

    fn bind_to(self, query: Query) -> Query;

    /// The types of the arrays of PostgreSQL that hold the values of many rows, one for each placeholder.
    fn arrays() -> Vec<&'static str>;

    /// Appends each value to its array, which begins as an empty text.
    fn append_to(self, arrays: &mut [String]);
}

impl<T: Value> Values for T {
    const COUNT: usize = 1;

    fn bind_to(self, query: Query) -> Query {
        Query(query.0.bind(self.stored()))
    }

    fn arrays() -> Vec<&'static str> {
        vec![T::Stored::ARRAY]
    }

    fn append_to(self, arrays: &mut [String]) {
        // There is one: see `COUNT`.
        for array in arrays {
            array.push(if array.is_empty() { '{' } else { ',' });
            self.stored().append_to(array);
        }
    }
}

impl Values for () {
    const COUNT: usize = 0;

    fn bind_to(self, query: Query) -> Query {
        query
    }

    fn arrays() -> Vec<&'static str> {
        Vec::new()
    }

    fn append_to(self, _: &mut [String]) {}
}

impl Values for &RoomKey {
    const COUNT: usize = 2;

    fn bind_to(self, query: Query) -> Query {
        query.bind((self.0, &self.1))
    }

    fn arrays() -> Vec<&'static str> {
        <(AppId, &RoomId)>::arrays()
    }

    fn append_to(self, arrays: &mut [String]) {
        (self.0, &self.1).append_to(arrays);
    }
}

macro_rules! tuple {
    ($($type:ident $place:tt),+) => {
        impl<$($type: Values),+> Values for ($($type,)+) {
            const COUNT: usize = 0 $(+ $type::COUNT)+;

            fn bind_to(self, query: Query) -> Query {
                query$(.bind(self.$place))+
            }

            fn arrays() -> Vec<&'static str> {
                [$($type::arrays()),+].concat()
            }

            fn append_to(self, arrays: &mut [String]) {
                let mut rest = arrays;
                $(
                    let own;
                    (own, rest) = rest.split_at_mut($type::COUNT);
                    self.$place.append_to(own);
                )+
                debug_assert!(rest.is_empty());
            }
        }
    };
}

tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
