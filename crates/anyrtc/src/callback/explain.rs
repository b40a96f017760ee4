//! The announcement of a file, field by field: what came, and how it was read.

use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::file::{Kind, Lack, MediaKind, Unreadable};
use crate::{json, raw::Raw, time};

/// One field of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name as the document spells it; as it came, where the document does not know it.
    pub name: String,
    /// What came: a string as it is, anything else as its JSON text. `None`: it was not there.
    pub raw: Option<String>,
    /// How it was read.
    pub understood: Understood,
}

/// How a field was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Understood {
    /// It was not there, or it was blank.
    Absent,
    /// A word or a name, as it came: `userId`, `groupId`, `fileName`, `downloadUrl`.
    Text(String),
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
        /// In which of its forms.
        written: WrittenAs,
    },
    /// `userData`.
    UserData {
        /// Its text.
        text: String,
        /// Whether the platform sent JSON where its document has a string.
        was_json: bool,
    },
    /// Something came that cannot be read: the field counts as not known. Only a `type`, `groupId` or
    /// `fileName` that cannot be read costs the file.
    Unreadable,
    /// The document knows no such field. It is kept with the call, and not used.
    Extra,
}

/// In which form a moment came.
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

/// What came and how it was read: always the eleven fields of the document, in its order, then each
/// other one in the order in which it came, those last whose JSON cannot be read. Agrees with
/// [`super::read_raw`]: what is read there is shown here. `Err` where there is no object at all.
pub fn explain(raw: &Raw<'_>, zone: &TimeZone) -> Result<Vec<Field>, Unreadable> {
    let body = raw.pieces()?;
    let Value::Object(members) = &body.value else {
        return Err(Unreadable::NotACallback(Lack::Object));
    };
    let known = FIELDS.into_iter().map(|name| {
        let unreadable = || {
            let mut all = body.unreadable.iter();
            all.find(|(key, _)| key.eq_ignore_ascii_case(name))
        };
        match (json::member(members, name), unreadable()) {
            (None, Some((_, text))) => Field {
                name: name.to_owned(),
                raw: Some(text.clone()),
                understood: Understood::Unreadable,
            },
            (member, _) => Field {
                name: name.to_owned(),
                raw: member.map(shown),
                understood: understood(members, name, zone),
            },
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
        "fileSize" => json::count(members, name).map(Understood::Bytes),
        "duration" => json::count(members, name).map(Understood::Seconds),
        "startTime" | "endTime" => time::read_value(value, zone).map(|millis| Understood::Moment {
            millis,
            written: written_as(value, millis),
        }),
        "userData" => json::user_data(members).map(|text| Understood::UserData {
            text,
            was_json: !value.is_string(),
        }),
        _ => text().map(Understood::Text),
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
