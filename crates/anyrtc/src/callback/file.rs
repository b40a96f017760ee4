//! Reads and writes file callbacks.

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use crate::{
    json,
    raw::{Raw, Undecodable},
    time,
};

/// The kind of a file: `type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `1`: the whole meeting.
    Composite,
    /// `2`: one participant.
    Track,
    /// `3`: an extracted picture.
    Frame,
}

impl Kind {
    /// The platform's number.
    pub const fn number(self) -> u8 {
        match self {
            Self::Composite => 1,
            Self::Track => 2,
            Self::Frame => 3,
        }
    }

    pub(crate) fn read(text: &str) -> Option<Self> {
        [Self::Composite, Self::Track, Self::Frame]
            .into_iter()
            .find(|kind| text.trim().trim_end_matches(".0").parse() == Ok(kind.number()))
    }
}

/// The media of a file: `mediaType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// Audio only.
    Audio,
    /// Video, with or without audio (`audio/video`).
    Video,
    /// A still picture.
    Image,
    /// Absent, or a word that is not in the document.
    Unknown,
}

impl MediaKind {
    pub(super) fn read(text: &str) -> Self {
        // `audio/video` contains both words: video wins.
        let text = text.to_ascii_lowercase();
        [
            ("video", Self::Video),
            ("audio", Self::Audio),
            ("image", Self::Image),
        ]
        .into_iter()
        .find(|(word, _)| text.split('/').any(|part| part.trim() == *word))
        .map_or(Self::Unknown, |(_, media)| media)
    }
}

/// One announced file. An optional member that is absent, blank or unreadable is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileCallback {
    /// The kind.
    pub kind: Kind,
    /// The media.
    pub media: MediaKind,
    /// The participant; `None` for a composite.
    pub user_id: Option<String>,
    /// The room (`ArRoomID` of the start).
    pub room: String,
    /// The name, by the naming rule or random.
    pub file_name: String,
    /// Bytes; from 1 to `i64::MAX`.
    pub file_size: Option<u64>,
    /// Length in seconds; at most `i64::MAX`.
    pub duration_s: Option<u64>,
    /// The start of its content, unix milliseconds.
    pub start_ms: Option<i64>,
    /// The end of its content, unix milliseconds.
    pub end_ms: Option<i64>,
    /// The download address as received, unchecked.
    pub download_url: Option<String>,
    /// The user data of the start; JSON in place of a string as its text.
    pub user_data: Option<String>,
}

/// The error of a body that is no file callback.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It contains no JSON.
    #[error(transparent)]
    NotJson(#[from] Undecodable),
    /// Its JSON is no file callback.
    #[error("not the announcement of a file: {0}")]
    NotACallback(Lack),
}

/// The reason why JSON is no file callback.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Lack {
    /// It is not an object.
    #[error("not an object")]
    Object,
    /// This member is absent or blank.
    #[error("{0} is missing")]
    Field(&'static str),
    /// This member is there and cannot be read, or is neither text nor number.
    #[error("{0} cannot be read")]
    Unreadable(&'static str),
    /// `type` is none of 1, 2 and 3; its value, cut to 40 characters.
    #[error("type {0:?} is not known")]
    Kind(String),
}

/// Checks that a body contains JSON within the limits, on which the answer to a callback depends.
pub fn check(raw: &Raw<'_>) -> Result<(), Undecodable> {
    if json::is_well_formed(raw.body) {
        return Ok(());
    }
    raw.json().map(drop)
}

/// Whether a body without headers passes [`check`].
pub fn is_json(body: &[u8]) -> bool {
    check(&Raw::from(body)).is_ok()
}

/// Reads a body without headers; see [`read_raw`].
pub fn read(body: &[u8], zone: &TimeZone) -> Result<FileCallback, Unreadable> {
    read_raw(&Raw::from(body), zone)
}

/// Reads a body, with local times in `zone`. Only `type`, `groupId` and `fileName` are required.
pub fn read_raw(raw: &Raw<'_>, zone: &TimeZone) -> Result<FileCallback, Unreadable> {
    let body = raw.pieces()?;
    let Value::Object(members) = &body.value else {
        return Err(Unreadable::NotACallback(Lack::Object));
    };
    let is_unreadable = |name: &str| {
        let mut unreadable = body.unreadable.iter();
        unreadable.any(|(key, _)| key.eq_ignore_ascii_case(name))
    };
    understand(members, is_unreadable, zone).map_err(Unreadable::NotACallback)
}

/// Reads members, besides which there are some that cannot be read.
fn understand(
    members: &Map<String, Value>,
    is_unreadable: impl Fn(&str) -> bool,
    zone: &TimeZone,
) -> Result<FileCallback, Lack> {
    let text = |name| json::text(members, name);
    let needed = |name| text(name).ok_or_else(|| lack(members, &is_unreadable, name));
    let moment = |name| time::read_value(json::member(members, name)?, zone);
    let kind = needed("type")?;
    Ok(FileCallback {
        kind: Kind::read(&kind).ok_or_else(|| Lack::Kind(kind.chars().take(40).collect()))?,
        media: text("mediaType").map_or(MediaKind::Unknown, |media| MediaKind::read(&media)),
        user_id: text("userId"),
        room: needed("groupId")?,
        file_name: needed("fileName")?,
        file_size: json::size(members, "fileSize"),
        duration_s: json::count(members, "duration"),
        start_ms: moment("startTime"),
        end_ms: moment("endTime"),
        download_url: text("downloadUrl"),
        user_data: json::user_data(members),
    })
}

/// The reason why a required member has no text.
fn lack(
    members: &Map<String, Value>,
    is_unreadable: impl Fn(&str) -> bool,
    name: &'static str,
) -> Lack {
    match json::member(members, name) {
        None if is_unreadable(name) => Lack::Unreadable(name),
        // Of a string only a blank one is no text.
        None | Some(Value::Null | Value::String(_)) => Lack::Field(name),
        Some(_) => Lack::Unreadable(name),
    }
}

/// The revision of the document, which decides the form of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Revision {
    /// The given document: `2018-3-21 13:06:27`, local.
    #[default]
    Given,
    /// The later one: unix seconds as a string.
    Later,
}

/// The body as the platform writes it, with all eleven members; `None` is blank text or 0. Times are
/// cut to seconds.
pub fn write(file: &FileCallback, revision: Revision, zone: &TimeZone) -> Value {
    let moment = |millis: Option<i64>| match (millis, revision) {
        (None, _) => String::new(),
        (Some(millis), Revision::Given) => time::write_local(millis, zone),
        (Some(millis), Revision::Later) => time::write_unix(millis),
    };
    let media = match (file.media, file.kind) {
        // As in the example of the given document.
        (MediaKind::Video, Kind::Track) => "audio/video",
        (MediaKind::Video, _) => "video",
        (MediaKind::Audio, _) => "audio",
        (MediaKind::Image, _) => "image",
        (MediaKind::Unknown, _) => "",
    };
    json!({
        "type": file.kind.number().to_string(),
        "mediaType": media,
        "userId": file.user_id.as_deref().unwrap_or_default(),
        "groupId": file.room,
        "startTime": moment(file.start_ms),
        "endTime": moment(file.end_ms),
        "fileName": file.file_name,
        "fileSize": file.file_size.unwrap_or_default(),
        "duration": file.duration_s.unwrap_or_default(),
        "downloadUrl": file.download_url.as_deref().unwrap_or_default(),
        "userData": file.user_data.as_deref().unwrap_or_default(),
    })
}
