//! The platform's list of files (`VENDOR.md` §5): its query, its answer, and a listed file as a
//! callback. The calls are made by [`crate::client::Client`].

use std::fmt;

use data_encoding::HEXLOWER;
use md5::{Digest, Md5};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use url::Url;

use crate::{
    callback::{self, FileCallback, Kind, MediaKind, Revision},
    json,
    outcome::{NotSent, Unknown},
    time,
};

/// An application at the video list.
#[derive(Clone, PartialEq, Eq)]
pub struct App {
    /// Its AppID; `Debug` masks it.
    pub app_id: String,
    /// The base address, for example `https://vdn.anyrtc.cc`. A path is a prefix; the API's own path
    /// is optional.
    pub base: Url,
    /// The secret from the vendor's console; `Debug` masks it.
    pub token: String,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("app_id", &"…")
            .field("base", &self.base.host_str())
            .field("token", &"…")
            .finish()
    }
}

/// The nonce and the time of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp<'a> {
    /// 6 to 10 random digits and letters.
    pub random: &'a str,
    /// Unix milliseconds.
    pub at_ms: i64,
}

/// One page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// The most files on it.
    pub size: u32,
}

/// The signature of a call: hexadecimal MD5 of AppID, time, token and random word in a row.
pub fn signature(app_id: &str, at_ms: i64, token: &str, random: &str) -> String {
    let mut digest = Md5::new();
    for part in [app_id, &at_ms.to_string(), token, random] {
        digest.update(part.as_bytes());
    }
    HEXLOWER.encode(&digest.finalize())
}

/// A list or one page of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Videos {
    /// The files, in the list's order.
    pub videos: Vec<Video>,
    /// The number of files on all pages, if the platform gives it.
    pub total: Option<u64>,
    /// The number of items that are not objects.
    pub skipped: usize,
}

/// The progress of a file at the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Progress {
    /// It waits for transcoding.
    Waiting,
    /// It is transcoded.
    Working,
    /// It can be downloaded.
    Done,
    /// Transcoding failed.
    Failed,
    /// Absent, or a number that is not in the document.
    Unknown,
}

/// One file of a list. A member that is absent, blank or unreadable is `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct Video {
    /// The platform's number; absent on some lists.
    pub id: Option<String>,
    /// The room; absent on the list by time.
    pub room: Option<String>,
    /// The progress.
    pub progress: Progress,
    /// The platform's word for its type; the document names none.
    pub file_type: Option<String>,
    /// Bytes.
    pub size: Option<u64>,
    /// The time of its upload, unix milliseconds.
    pub uploaded_ms: Option<i64>,
    /// The download address, unchecked.
    pub download_url: Option<String>,
    /// The start of its content, unix milliseconds.
    pub start_ms: Option<i64>,
    /// The end of its content, unix milliseconds.
    pub end_ms: Option<i64>,
    /// Length in seconds.
    pub duration_s: Option<u64>,
    /// The item as received.
    pub raw: Map<String, Value>,
}

/// The error of a list call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The call was not sent.
    #[error("not sent: {0}")]
    NotSent(NotSent),
    /// No answer, or an unreadable one.
    #[error("{0}")]
    NoAnswer(Unknown),
    /// The platform refused.
    #[error("{code}: {message}")]
    Said {
        /// Its code.
        code: Code,
        /// Its message: without control characters, at most 200 characters.
        message: String,
    },
}

/// The code of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// 247: no such app.
    UnknownApp,
    /// 281: the token is wrong.
    BadSignature,
    /// 282: the clocks differ too much.
    BadTimestamp,
    /// 284: the app is not valid or was deleted.
    AppGone,
    /// 299: more than 5 calls a minute.
    TooFrequent,
    /// 400: a parameter is missing.
    MissingParameter,
    /// 501: an internal error of the platform.
    Internal,
    /// A code that is not in the document.
    Other(i64),
}

impl Code {
    const NAMED: [Self; 7] = [
        Self::UnknownApp,
        Self::BadSignature,
        Self::BadTimestamp,
        Self::AppGone,
        Self::TooFrequent,
        Self::MissingParameter,
        Self::Internal,
    ];

    /// The platform's number.
    pub const fn number(self) -> i64 {
        match self {
            Self::UnknownApp => 247,
            Self::BadSignature => 281,
            Self::BadTimestamp => 282,
            Self::AppGone => 284,
            Self::TooFrequent => 299,
            Self::MissingParameter => 400,
            Self::Internal => 501,
            Self::Other(number) => number,
        }
    }

    fn of(number: i64) -> Self {
        Self::NAMED
            .into_iter()
            .find(|code| code.number() == number)
            .unwrap_or(Self::Other(number))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "code {}", self.number())
    }
}

/// The code of an answer with a list.
const OK: i64 = 200;

/// Reads an answer. Numbers may be strings and the reverse, a comma before a closing bracket is
/// ignored, and the list may be absent where the platform's count is 0; otherwise an absent list is an
/// unreadable answer.
pub fn read(body: &[u8]) -> Result<Videos, Problem> {
    if body.trim_ascii().is_empty() {
        return Err(Problem::NoAnswer(Unknown::Empty));
    }
    let unreadable = Problem::NoAnswer(Unknown::Unreadable);
    let Ok(Value::Object(answer)) = json::parse_list(body) else {
        return Err(unreadable);
    };
    let Some(code) = json::text(&answer, "code").and_then(|code| code.trim().parse().ok()) else {
        return Err(unreadable);
    };
    if code != OK {
        let message = json::text(&answer, "message").unwrap_or_default();
        let message = message.chars().filter(|c| !c.is_control()).take(200);
        return Err(Problem::Said {
            code: Code::of(code),
            message: message.collect(),
        });
    }
    let content = match json::member(&answer, "content") {
        Some(Value::Object(content)) => content.clone(),
        // The list without an object around it.
        Some(items @ Value::Array(_)) => Map::from_iter([("data".to_owned(), items.clone())]),
        _ => return Err(unreadable),
    };
    let total = total(&content);
    let items = match json::member(&content, "data") {
        Some(Value::Array(items)) => items.as_slice(),
        // A single item without an array.
        Some(item @ Value::Object(members)) if !members.is_empty() => std::slice::from_ref(item),
        _ if total == Some(0) => &[],
        _ => return Err(unreadable),
    };
    let videos: Vec<Video> = items
        .iter()
        .filter_map(|item| item.as_object().map(video))
        .collect();
    Ok(Videos {
        total,
        skipped: items.len() - videos.len(),
        videos,
    })
}

/// The count: `cnt: {cnt}` or `cnt`.
fn total(content: &Map<String, Value>) -> Option<u64> {
    match json::member(content, "cnt")? {
        Value::Object(count) => json::count(count, "cnt"),
        _ => json::count(content, "cnt"),
    }
}

fn video(item: &Map<String, Value>) -> Video {
    // Only unix times: the zone of a local time is not known.
    let moment = |name| match json::member(item, name)? {
        Value::String(text) if text.trim().parse::<i64>().is_err() => None,
        value => time::read_value(value, &jiff::tz::TimeZone::UTC),
    };
    Video {
        id: json::text(item, "fileid"),
        room: json::text(item, "room_id").or_else(|| json::text(item, "roomId")),
        progress: match json::count(item, "filestatus") {
            Some(0) => Progress::Waiting,
            Some(1) => Progress::Working,
            Some(2) => Progress::Done,
            Some(3) => Progress::Failed,
            _ => Progress::Unknown,
        },
        file_type: json::text(item, "filetype"),
        size: json::size(item, "filesize"),
        uploaded_ms: moment("upload_timestamp"),
        download_url: json::text(item, "download_url").map(|url| url.trim().to_owned()),
        start_ms: moment("start_time"),
        end_ms: moment("end_time"),
        duration_s: json::count(item, "file_duration"),
        raw: item.clone(),
    }
}

impl Video {
    /// The name: the decoded last segment of its address, since the list has no other.
    pub fn name(&self) -> Option<String> {
        name_in(self.download_url.as_deref()?)
    }

    /// Whether it can be downloaded: it has an address, and is done or of unknown progress.
    pub fn is_there(&self) -> bool {
        matches!(self.progress, Progress::Done | Progress::Unknown) && self.name().is_some()
    }

    /// Its media kind by the extension of its name.
    pub fn media(&self) -> MediaKind {
        let name = self.name().unwrap_or_default().to_lowercase();
        match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
            "mp4" | "flv" | "mov" | "m3u8" | "ts" | "webm" | "mkv" | "avi" => MediaKind::Video,
            "mp3" | "aac" | "m4a" | "wav" | "ogg" => MediaKind::Audio,
            "jpg" | "jpeg" | "png" | "webp" | "bmp" => MediaKind::Image,
            _ => MediaKind::Unknown,
        }
    }

    /// The callback that the platform would have sent for it, in the later revision's form, with the
    /// item in `lookedUp`. Kind and participant are the caller's guess, since the list has neither.
    /// Without a room it cannot be read as a callback.
    pub fn announcement(&self, room: Option<&str>, kind: Kind, user_id: Option<&str>) -> Value {
        let mut call = callback::write(
            &FileCallback {
                kind,
                media: self.media(),
                user_id: user_id.map(str::to_owned),
                room: room.unwrap_or_default().to_owned(),
                file_name: self.name().unwrap_or_default(),
                file_size: self.size,
                duration_s: self.duration_s,
                start_ms: self.start_ms,
                end_ms: self.end_ms,
                download_url: self.download_url.clone(),
                user_data: None,
            },
            Revision::Later,
            &jiff::tz::TimeZone::UTC,
        );
        call["lookedUp"] = Value::Object(self.raw.clone());
        // Blank, not zero: a length or a size that the list lacks is unknown.
        if self.size.is_none() {
            call["fileSize"] = Value::from("");
        }
        if self.duration_s.is_none() {
            call["duration"] = Value::from("");
        }
        call
    }
}

/// An address without query and fragment, which may differ between two announcements of one file.
pub fn place(download_url: &str) -> &str {
    let end = download_url.find(['?', '#']).unwrap_or(download_url.len());
    &download_url[..end]
}

fn name_in(download_url: &str) -> Option<String> {
    let path = place(download_url);
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let (_, last) = path.rsplit_once('/')?;
    let name = percent_decode_str(last).decode_utf8_lossy();
    // As `json::text` does.
    (!name.trim().is_empty()).then(|| name.replace('\0', "\u{FFFD}"))
}

/// An item of a list as the platform writes it.
pub fn write(video: &Video) -> Value {
    let seconds = |millis: Option<i64>| millis.map_or(0, |millis| millis.div_euclid(1000));
    let mut item = serde_json::json!({
        "fileid": video.id.as_deref().unwrap_or_default(),
        "filesize": video.size.unwrap_or_default(),
        "filestatus": match video.progress {
            Progress::Waiting | Progress::Unknown => 0,
            Progress::Working => 1,
            Progress::Done => 2,
            Progress::Failed => 3,
        },
        "filetype": video.file_type.as_deref().unwrap_or_default(),
        "upload_time": video
            .uploaded_ms
            .map(|at| time::write_local(at, &jiff::tz::TimeZone::UTC))
            .unwrap_or_default(),
        "upload_timestamp": seconds(video.uploaded_ms),
        "download_url": video.download_url.as_deref().unwrap_or_default(),
        "start_time": seconds(video.start_ms),
        "end_time": seconds(video.end_ms),
        "file_duration": video.duration_s.unwrap_or_default(),
    });
    if let Some(room) = &video.room {
        item["room_id"] = Value::from(room.as_str());
    }
    item
}

#[cfg(test)]
mod tests;
