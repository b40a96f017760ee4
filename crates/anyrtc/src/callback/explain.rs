//! A file callback field by field: the raw value and its reading.

use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::file::{Kind, Lack, MediaKind, Unreadable};
use crate::{json, raw::Raw, time};

/// One field of a callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name in the document's spelling, or as received if it is not in the document.
    pub name: String,
    /// The raw value: a string as it is, anything else as its JSON text; `None` if absent.
    pub raw: Option<String>,
    /// Its reading.
    pub understood: Understood,
}

/// The reading of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Understood {
    /// Absent or blank; also a `fileSize` of 0.
    Absent,
    /// `groupId`, as received.
    Room(String),
    /// `userId`, as received.
    Participant(String),
    /// `fileName`, as received.
    Name(String),
    /// `downloadUrl`, as received.
    Address(String),
    /// `type`.
    Kind(Kind),
    /// `mediaType`; never [`MediaKind::Unknown`].
    Media(MediaKind),
    /// `fileSize`.
    Bytes(u64),
    /// `duration`.
    Seconds(u64),
    /// `startTime`, `endTime`.
    Moment {
        /// Unix milliseconds.
        millis: i64,
        /// Its form.
        written: WrittenAs,
    },
    /// `userData`.
    UserData {
        /// Its text.
        text: String,
        /// Whether it was JSON in place of the document's string.
        was_json: bool,
    },
    /// It cannot be read and counts as absent. Without a readable `type`, `groupId` and `fileName` the
    /// body is no file callback.
    Unreadable,
    /// Not in the document; ignored.
    Extra,
}

/// The form of a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WrittenAs {
    /// Local time of the app's zone: the given document.
    Local,
    /// With a zone of its own.
    Zoned,
    /// Unix seconds: the later revision.
    UnixSeconds,
    /// Unix milliseconds.
    UnixMillis,
}

/// The eleven fields of the document, in its order.
const FIELDS: [&str; 11] = [
    "type",
    "mediaType",
    "userId",
    "groupId",
    "startTime",
    "endTime",
    "fileName",
    "fileSize",
    "duration",
    "downloadUrl",
    "userData",
];

/// The fields of a body: the eleven of the document in its order, then the others in the order of the
/// body, unreadable ones last. Their readings agree with [`super::read_raw`]. Fails where the body is
/// not an object.
pub fn explain(raw: &Raw<'_>, zone: &TimeZone) -> Result<Vec<Field>, Unreadable> {
    let body = raw.pieces()?;
    let Value::Object(members) = &body.value else {
        return Err(Unreadable::NotACallback(Lack::Object));
    };
    let known = FIELDS.into_iter().map(|name| {
        let mut unreadable = body.unreadable.iter();
        let unreadable = unreadable.find(|(key, _)| key.eq_ignore_ascii_case(name));
        let (raw, understood) = match (json::member(members, name), unreadable) {
            (None, Some((_, text))) => (Some(text.clone()), Understood::Unreadable),
            (member, _) => (member.map(shown), understood(members, name, zone)),
        };
        Field {
            name: name.to_owned(),
            raw,
            understood,
        }
    });
    let is_known = |key: &str| FIELDS.iter().any(|name| key.eq_ignore_ascii_case(name));
    let members = members.iter().map(|(key, value)| (key, shown(value)));
    let unreadable = body.unreadable.iter();
    let extra = members
        .chain(unreadable.map(|(key, text)| (key, text.clone())))
        .filter(|(key, _)| !is_known(key))
        .map(|(key, text)| Field {
            name: key.clone(),
            raw: Some(text),
            understood: Understood::Extra,
        });
    Ok(known.chain(extra).collect())
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn understood(members: &Map<String, Value>, name: &str, zone: &TimeZone) -> Understood {
    let Some(value) = json::member(members, name) else {
        return Understood::Absent;
    };
    let is_blank = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
    if is_blank {
        return Understood::Absent;
    }
    let text = || json::text(members, name);
    let read = match name {
        "type" => text()
            .and_then(|text| Kind::read(&text))
            .map(Understood::Kind),
        "mediaType" => text()
            .map(|text| MediaKind::read(&text))
            .filter(|media| *media != MediaKind::Unknown)
            .map(Understood::Media),
        "fileSize" => json::count(members, name).map(|bytes| match bytes {
            0 => Understood::Absent,
            bytes => Understood::Bytes(bytes),
        }),
        "duration" => json::count(members, name).map(Understood::Seconds),
        "startTime" | "endTime" => time::read_value(value, zone).map(|millis| Understood::Moment {
            millis,
            written: written_as(value, millis),
        }),
        "userData" => json::user_data(members).map(|text| Understood::UserData {
            text,
            was_json: !value.is_string(),
        }),
        "groupId" => text().map(Understood::Room),
        "userId" => text().map(Understood::Participant),
        "fileName" => text().map(Understood::Name),
        "downloadUrl" => text().map(Understood::Address),
        _ => None,
    };
    read.unwrap_or(Understood::Unreadable)
}

fn written_as(value: &Value, millis: i64) -> WrittenAs {
    let text = shown(value);
    let text = text.trim();
    match text.split('.').next().map(str::parse::<i64>) {
        Some(Ok(number)) if number == millis => WrittenAs::UnixMillis,
        Some(Ok(_)) => WrittenAs::UnixSeconds,
        _ if text.parse::<jiff::Timestamp>().is_ok() => WrittenAs::Zoned,
        _ => WrittenAs::Local,
    }
}
