//! A statement with its values, and how it is run.

use std::borrow::Cow;

use reelroom_domain::{
    callback::{CallbackKind, Verdict},
    file::{FileKind, FileState, Media},
    ids::{AppId, CallId, FileId, MeetingId, PresetId, RecordingId, UserId},
    meeting::{RoomKey, What},
    recording::{Origin, RecordingState},
    room::{ParticipantId, RoomId, RoomTitle},
    time::Timestamp,
    user::Role,
    watch::AlertKind,
};
use sqlx::{
    Any, AssertSqlSafe, Encode, Type,
    any::{AnyArguments, AnyRow},
};

use crate::{
    Conn, Result,
    engine::text,
    row::{Columns, signed},
};

/// A statement and the values of its placeholders.
pub(crate) struct Query(pub(crate) sqlx::query::Query<'static, Any, AnyArguments>);

/// The statement of this text, which contains no input: input is bound.
pub(crate) fn query(text: impl Into<Cow<'static, str>>) -> Query {
    Query(sqlx::query(AssertSqlSafe(text.into())))
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
        self.one(conn, |row| Columns::new(row, "a count", "n").count("n"))
            .await
    }

    /// Runs the statement and returns whether it gives a row.
    pub(crate) async fn exists(self, conn: &mut Conn) -> Result<bool> {
        Ok(self.0.fetch_optional(conn).await?.is_some())
    }
}

/// A value as it is stored.
pub(crate) trait Value {
    /// The type of the column.
    type Stored: Encode<'static, Any> + Type<Any>;

    fn stored(&self) -> Self::Stored;
}

macro_rules! value {
    ($($type:ty => $stored:ty: |$value:ident| $body:expr),+ $(,)?) => {$(
        impl Value for $type {
            type Stored = $stored;

            fn stored(&self) -> $stored {
                let $value = self;
                $body
            }
        }
    )+};
}

value! {
    str => String: |it| text(it),
    String => String: |it| text(it),
    RoomId => String: |it| it.as_str().to_owned(),
    ParticipantId => String: |it| it.as_str().to_owned(),
    RoomTitle => String: |it| it.as_str().to_owned(),
    AppId => String: |it| it.to_string(),
    FileId => String: |it| it.to_string(),
    MeetingId => String: |it| it.to_string(),
    PresetId => String: |it| it.to_string(),
    RecordingId => String: |it| it.to_string(),
    UserId => String: |it| it.to_string(),
    AlertKind => &'static str: |it| it.as_str(),
    CallbackKind => &'static str: |it| it.as_str(),
    FileKind => &'static str: |it| it.as_str(),
    FileState => &'static str: |it| it.as_str(),
    Media => &'static str: |it| it.as_str(),
    Origin => &'static str: |it| it.as_str(),
    RecordingState => &'static str: |it| it.as_str(),
    Role => &'static str: |it| it.as_str(),
    Verdict => &'static str: |it| it.as_str(),
    What => &'static str: |it| it.as_str(),
    CallId => i64: |it| it.number(),
    Timestamp => i64: |it| it.as_millis(),
    bool => i64: |it| i64::from(*it),
    i64 => i64: |it| *it,
    u32 => i64: |it| i64::from(*it),
    u64 => i64: |it| signed(*it),
    usize => i64: |it| signed(*it as u64),
    [u8] => Vec<u8>: |it| it.to_vec(),
    Vec<u8> => Vec<u8>: |it| it.clone(),
}

impl<T: Value + ?Sized> Value for &T {
    type Stored = T::Stored;

    fn stored(&self) -> T::Stored {
        (*self).stored()
    }
}

impl<T: Value> Value for Option<T>
where
    Option<T::Stored>: Encode<'static, Any> + Type<Any>,
{
    type Stored = Option<T::Stored>;

    fn stored(&self) -> Option<T::Stored> {
        self.as_ref().map(T::stored)
    }
}

/// One value or a tuple of them, each for one placeholder.
pub(crate) trait Values {
    fn bind_to(self, query: Query) -> Query;
}

impl<T: Value> Values for T {
    fn bind_to(self, query: Query) -> Query {
        Query(query.0.bind(self.stored()))
    }
}

impl Values for &RoomKey {
    fn bind_to(self, query: Query) -> Query {
        query.bind((self.0, &self.1))
    }
}

macro_rules! tuple {
    ($($type:ident $place:tt),+) => {
        impl<$($type: Values),+> Values for ($($type,)+) {
            fn bind_to(self, query: Query) -> Query {
                query$(.bind(self.$place))+
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
