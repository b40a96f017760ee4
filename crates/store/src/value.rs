//! How the types of the domain are stored in columns.

use std::time::Duration;

use data_encoding::HEXLOWER;
use reelroom_domain::{
    about::{Notes, RecordingTitle, Tag},
    access::Rights,
    account::Choice,
    act::ActKind,
    callback::{CallbackKind, Verdict},
    certificate::PurgeAnswer,
    file::{FileKind, FileState, LENGTH_LIMIT, Media, SIZE_LIMIT},
    find::{Mask, Term},
    ids::{
        AppId, CallId, CaseId, FileId, GroupId, MeetingId, PresetId, RecordingId, RequestId,
        RuleId, UserId, ViewId,
    },
    keep::{KeepState, RequestState},
    meeting::What,
    preset::PresetName,
    recording::{Origin, RecordingState},
    retention::RuleState,
    room::{ParticipantId, RoomId, RoomTitle},
    saved_view::{ListView, Shared, ViewName},
    time::Timestamp,
    user::{GroupName, PersonName, Role},
    watch::AlertKind,
};
use sqlx::{Any, Decode, Encode, Type};
use url::form_urlencoded;

use crate::engine::text;

/// The condition that a recording [is active](reelroom_domain::recording::RecordingState::is_active), as the unique
/// index spells it.
pub(crate) const ACTIVE: &str = "state IN ('requested', 'recording', 'stopping', 'unknown')";

/// A size in bytes in a sum, by the rule of [`plausible_size`](reelroom_domain::file::plausible_size). Rows may be older
/// than the rule, and a sum of larger ones overflows.
pub(crate) fn size_in_sum(size: &str) -> String {
    format!("CASE WHEN {size} <= {SIZE_LIMIT} THEN {size} END")
}

/// A length in milliseconds in a sum, by the rule of
/// [`plausible_length`](reelroom_domain::file::plausible_length).
pub(crate) fn length_in_sum(length: &str) -> String {
    format!("CASE WHEN {length} BETWEEN 0 AND {LENGTH_LIMIT} THEN {length} END")
}

/// A value that is stored in a column.
pub(crate) trait Value {
    /// The type of the column.
    type Stored: Encode<'static, Any> + Type<Any> + Element;

    fn stored(&self) -> Self::Stored;
}

/// An element of a PostgreSQL array.
pub(crate) trait Element {
    /// The type of the array.
    const ARRAY: &'static str;

    /// Appends the element to the text of an array.
    fn append_to(&self, array: &mut String);
}

impl Element for i64 {
    const ARRAY: &'static str = "BIGINT[]";

    fn append_to(&self, array: &mut String) {
        array.push_str(&self.to_string());
    }
}

impl Element for String {
    const ARRAY: &'static str = "TEXT[]";

    fn append_to(&self, array: &mut String) {
        array.push('"');
        for c in self.chars() {
            if matches!(c, '"' | '\\') {
                array.push('\\');
            }
            array.push(c);
        }
        array.push('"');
    }
}

impl Element for Vec<u8> {
    const ARRAY: &'static str = "BYTEA[]";

    fn append_to(&self, array: &mut String) {
        array.push_str("\"\\\\x");
        HEXLOWER.encode_append(self, array);
        array.push('"');
    }
}

impl<T: Element> Element for Option<T> {
    const ARRAY: &'static str = T::ARRAY;

    fn append_to(&self, array: &mut String) {
        match self {
            Some(element) => element.append_to(array),
            None => array.push_str("NULL"),
        }
    }
}

/// A value that is read from a column.
pub(crate) trait Column: Sized {
    /// The type of the column.
    type Stored: for<'r> Decode<'r, Any> + Type<Any>;

    /// The value; `None` where the column holds something else.
    fn read(stored: Self::Stored) -> Option<Self>;
}

/// Implements [`Value`] and [`Column`] for types, given how they are stored and read.
macro_rules! column {
    ($stored:ty: $write:expr, $read:expr; $($type:ty),+) => {$(
        impl Value for $type {
            type Stored = $stored;

            fn stored(&self) -> $stored {
                let write: fn(&Self) -> $stored = $write;
                write(self)
            }
        }

        impl Column for $type {
            type Stored = $stored;

            fn read(stored: $stored) -> Option<Self> {
                let read: fn($stored) -> Option<Self> = $read;
                read(stored)
            }
        }
    )+};
}

column! { String: |it| text(it), Some; String }
column! { String: |it| it.to_string(), |text| text.parse().ok();
    AppId, CaseId, FileId, GroupId, MeetingId, PresetId, RecordingId, RequestId, Rights, RuleId, UserId,
    ViewId
}
column! { String: |it| it.as_str().to_owned(), |text| Self::parse(&text);
    ActKind, AlertKind, CallbackKind, Choice, FileKind, FileState, KeepState, Media, Origin, PurgeAnswer,
    RecordingState, RequestState, Role, RuleState, Verdict, What
}
column! { String: |it| it.as_str().to_owned(), |text| Self::new(text).ok(); ParticipantId, RoomId }
column! { String: |it| it.as_str().to_owned(), |text| Self::parse(&text).ok();
    GroupName, PersonName, PresetName, RecordingTitle, RoomTitle
}
column! { String: |it| it.as_str().to_owned(), |text| Self::parse(&text); Notes, Tag, ViewName }
column! { String: |it| it.to_string(), |text| Self::parse(&text); Shared }
column! { String: query_of, |text| Some(list_of(&text)); ListView }
column! { i64: |it| it.number(), |number| Some(Self::new(number)); CallId }
column! { i64: |it| it.as_millis(), |millis| Some(Self::from_millis(millis)); Timestamp }
column! { i64: |it| it.bits(), |bits| Some(Self::new(bits)); Mask }
column! { i64: |it| it.number().into(), |number| number.try_into().ok().map(Self::new); Term }
column! { i64: |it| i64::try_from(it.as_millis()).unwrap_or(i64::MAX),
    |millis| millis.try_into().ok().map(Self::from_millis); Duration
}
column! { i64: |it| *it, Some; i64 }
column! { i64: |it| i64::from(*it), |number| number.try_into().ok(); u32 }
column! { i64: |it| i64::try_from(*it).unwrap_or(i64::MAX), |number| number.try_into().ok(); u64, usize }
column! { i64: |it| i64::from(*it),
    |number| match number {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    };
    bool
}
column! { Vec<u8>: Clone::clone, Some; Vec<u8> }
column! { Vec<u8>: |it| it.to_vec(), |bytes| bytes.try_into().ok(); [u8; 32] }

impl Value for str {
    type Stored = String;

    fn stored(&self) -> String {
        text(self)
    }
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

impl<T: Column> Column for Option<T>
where
    Option<T::Stored>: for<'r> Decode<'r, Any> + Type<Any>,
{
    type Stored = Option<T::Stored>;

    fn read(stored: Option<T::Stored>) -> Option<Self> {
        stored.map_or(Some(None), |stored| T::read(stored).map(Some))
    }
}

/// The query of the address of a list.
fn query_of(list: &ListView) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(list.pairs()).finish()
}

fn list_of(query: &str) -> ListView {
    let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    ListView::of(pairs.iter().map(|(key, value)| (&**key, &**value)))
}

/// The text of a participant; empty where there is none.
pub(crate) fn or_empty(participant: Option<&ParticipantId>) -> &str {
    participant.map_or("", ParticipantId::as_str)
}
