//! What the announcement of a file says, read and written.

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use crate::{
    json,
    raw::{Raw, Undecodable},
    time,
};

/// What a file shows: `type`.
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
    /// The platform's number for it.
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

/// What a file is made of: `mediaType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// Sound only.
    Audio,
    /// Picture; also where the platform says `audio/video`.
    Video,
    /// A still picture.
    Image,
    /// Absent, or a word that is not in the document.
    Unknown,
}

impl MediaKind {
    pub(super) fn read(text: &str) -> Self {
        // `audio/video` holds both words: the picture decides.
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

/// One announced file. An optional member that is absent, blank or not readable is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileCallback {
    /// What it shows.
    pub kind: Kind,
    /// What it is made of.
    pub media: MediaKind,
    /// The participant; `None` for a composite.
    pub user_id: Option<String>,
    /// The room (`ArRoomID` of the start).
    pub room: String,
    /// The name that the naming rule gave, or a random one.
    pub file_name: String,
    /// Bytes; at most `i64::MAX`.
    pub file_size: Option<u64>,
    /// Length in seconds; at most `i64::MAX`.
    pub duration_s: Option<u64>,
    /// When its content starts, unix milliseconds.
    pub start_ms: Option<i64>,
    /// When its content ends, unix milliseconds.
    pub end_ms: Option<i64>,
    /// Where to get it, as it was written: not checked to be an address, let alone an allowed one.
    pub download_url: Option<String>,
    /// What the start was given. Where the platform sent JSON in place of a string: its text.
    pub user_data: Option<String>,
}

/// A body that announces no file.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// No JSON in it; the message says why.
    #[error(transparent)]
    NotJson(#[from] Undecodable),
    /// JSON, but not what the platform sends for a file.
    #[error("not the announcement of a file: {0}")]
    NotACallback(Lack),
}

/// What makes JSON not a callback.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Lack {
    /// It is not an object.
    #[error("not an object")]
    Object,
    /// This member is absent, blank, or neither text nor number.
    #[error("{0} is missing")]
    Field(&'static str),
    /// `type` is none of 1, 2 and 3. What it is, cut to 40 characters.
    #[error("type {0:?} is not known")]
    Kind(String),
}

/// Whether there is JSON in a body at all, and not too much: the one thing that the answer to a
/// callback depends on.
pub fn check(raw: &Raw<'_>) -> Result<(), Undecodable> {
    if json::is_well_formed(raw.body) {
        return Ok(());
    }
    raw.check()
}

/// Whether [`check`] finds nothing wrong with a body of which no more is known.
pub fn is_json(body: &[u8]) -> bool {
    check(&Raw::from(body)).is_ok()
}

/// Reads a body of which no more is known; see [`read_raw`].
pub fn read(body: &[u8], zone: &TimeZone) -> Result<FileCallback, Unreadable> {
    read_raw(&Raw::from(body), zone)
}

/// Reads a body; local times are of `zone`. `type`, `groupId` and `fileName` must be there, nothing
/// else must.
pub fn read_raw(raw: &Raw<'_>, zone: &TimeZone) -> Result<FileCallback, Unreadable> {
    let body = raw.json()?;
    let Value::Object(members) = &body else {
        return Err(Unreadable::NotACallback(Lack::Object));
    };
    understand(members, zone).map_err(Unreadable::NotACallback)
}

fn understand(members: &Map<String, Value>, zone: &TimeZone) -> Result<FileCallback, Lack> {
    let text = |name| json::text(members, name);
    let needed = |name| text(name).ok_or(Lack::Field(name));
    let moment = |name| time::read_value(json::member(members, name)?, zone);
    let kind = needed("type")?;
    Ok(FileCallback {
        kind: Kind::read(&kind).ok_or_else(|| Lack::Kind(kind.chars().take(40).collect()))?,
        media: text("mediaType").map_or(MediaKind::Unknown, |media| MediaKind::read(&media)),
        user_id: text("userId"),
        room: needed("groupId")?,
        file_name: needed("fileName")?,
        file_size: json::count(members, "fileSize"),
        duration_s: json::count(members, "duration"),
        start_ms: moment("startTime"),
        end_ms: moment("endTime"),
        download_url: text("downloadUrl"),
        user_data: json::user_data(members),
    })
}

/// In which form times are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Revision {
    /// The given document: `2018-3-21 13:06:27`, local.
    #[default]
    Given,
    /// The later one: unix seconds as a string.
    Later,
}

/// The body as the platform writes it, with all eleven members; what is `None` is blank text or 0.
/// Times lose their milliseconds.
pub fn write(file: &FileCallback, revision: Revision, zone: &TimeZone) -> Value {
    let moment = |millis: Option<i64>| match (millis, revision) {
        (None, _) => String::new(),
        (Some(millis), Revision::Given) => time::write_local(millis, zone),
        (Some(millis), Revision::Later) => time::write_unix(millis),
    };
    let media = match (file.media, file.kind) {
        // The example of the given document.
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
