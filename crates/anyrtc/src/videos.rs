//! The platform's list of files (`VENDOR.md` §5): what is asked with, what comes, and how a file of
//! it becomes a call like any other. The calls are [`crate::client::Client`]'s.

use std::fmt;

use md5::{Digest, Md5};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use url::Url;

use crate::{
    callback::{self, FileCallback, Kind, MediaKind, Revision},
    client::{NotSent, Unknown},
    json, time,
};

/// An application, as the video list knows it.
#[derive(Clone, PartialEq, Eq)]
pub struct App {
    /// Its AppID; never shown whole.
    pub app_id: String,
    /// Where the list is, for example `https://vdn.anyrtc.cc`. A path is kept as a prefix; the API's
    /// own may be there or not.
    pub base: Url,
    /// The secret of the vendor's console; never shown.
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

/// What makes each call another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp<'a> {
    /// 6 to 10 random digits and letters.
    pub random: &'a str,
    /// The present, unix milliseconds.
    pub at_ms: i64,
}

/// One page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// Files on it at the most.
    pub size: u32,
}

/// What signs a call: hex MD5 of AppID, time, token and random word, one behind the other.
pub fn signature(app_id: &str, at_ms: i64, token: &str, random: &str) -> String {
    let mut digest = Md5::new();
    for part in [app_id, &at_ms.to_string(), token, random] {
        digest.update(part.as_bytes());
    }
    digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A list, or one page of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Videos {
    /// What was understood, in the list's order.
    pub videos: Vec<Video>,
    /// How many there are on all pages, where the platform says so.
    pub total: Option<u64>,
    /// Items that are no objects.
    pub skipped: usize,
}

/// How far the platform is with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Progress {
    /// It waits for transcoding.
    Waiting,
    /// It is transcoded.
    Working,
    /// It can be fetched.
    Done,
    /// Transcoding failed.
    Failed,
    /// The platform did not say, or said something that the document does not know.
    Unknown,
}

/// One file of a list. What is absent, blank or not readable is `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct Video {
    /// The platform's number of it; not on every list.
    pub id: Option<String>,
    /// Its room; not on the list by time.
    pub room: Option<String>,
    /// How far it is.
    pub progress: Progress,
    /// What the platform calls its type; the document names no words.
    pub file_type: Option<String>,
    /// Bytes.
    pub size: Option<u64>,
    /// When it was uploaded, unix milliseconds.
    pub uploaded_ms: Option<i64>,
    /// Where to get it; not checked to be an address.
    pub download_url: Option<String>,
    /// When its content starts, unix milliseconds.
    pub start_ms: Option<i64>,
    /// When its content ends, unix milliseconds.
    pub end_ms: Option<i64>,
    /// Length in seconds.
    pub duration_s: Option<u64>,
    /// The item as it came.
    pub raw: Map<String, Value>,
}

/// A list did not come.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The call never left.
    #[error("not sent: {0}")]
    NotSent(NotSent),
    /// No answer, or none that can be read.
    #[error("{0}")]
    NoAnswer(Unknown),
    /// The platform says no.
    #[error("{code}: {message}")]
    Said {
        /// Its code.
        code: Code,
        /// Its own words: without control characters, at most 200 characters.
        message: String,
    },
}

/// A code of an answer that is no list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// 247: no such app.
    UnknownApp,
    /// 281: the token is wrong.
    BadSignature,
    /// 282: the clocks are too far apart.
    BadTimestamp,
    /// 284: the app is not valid or was deleted.
    AppGone,
    /// 299: more than 5 calls a minute.
    TooFrequent,
    /// 400: a parameter is missing.
    MissingParameter,
    /// 501: the platform's own trouble.
    Internal,
    /// One that the document does not name.
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

    /// The platform's number for it.
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

/// 200: the answer is a list.
const OK: i64 = 200;

/// Reads an answer: numbers may be strings and the reverse, a comma may stand before a closing
/// bracket, and a list may be absent where it would be empty.
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
        // A list without its frame.
        Some(items @ Value::Array(_)) => Map::from_iter([("data".to_owned(), items.clone())]),
        _ => Map::new(),
    };
    let items = match json::member(&content, "data") {
        Some(Value::Array(items)) => items.as_slice(),
        // A lone one.
        Some(item @ Value::Object(_)) => std::slice::from_ref(item),
        _ => &[],
    };
    let videos: Vec<Video> = items
        .iter()
        .filter_map(|item| item.as_object().map(video))
        .collect();
    Ok(Videos {
        total: total(&content),
        skipped: items.len() - videos.len(),
        videos,
    })
}

/// `cnt:{cnt}` or `cnt` alone.
fn total(content: &Map<String, Value>) -> Option<u64> {
    match json::member(content, "cnt")? {
        Value::Object(count) => json::count(count, "cnt"),
        _ => json::count(content, "cnt"),
    }
}

fn video(item: &Map<String, Value>) -> Video {
    // These are unix times: no zone is needed. A local time names none, so it is not used.
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
        size: json::count(item, "filesize").filter(|size| *size > 0),
        uploaded_ms: moment("upload_timestamp"),
        download_url: json::text(item, "download_url").map(|url| url.trim().to_owned()),
        start_ms: moment("start_time"),
        end_ms: moment("end_time"),
        duration_s: json::count(item, "file_duration"),
        raw: item.clone(),
    }
}

impl Video {
    /// Its name: the last part of its address, decoded. The list has no other.
    pub fn name(&self) -> Option<String> {
        name_in(self.download_url.as_deref()?)
    }

    /// Whether it can be fetched: done, or of unknown progress and with an address.
    pub fn is_there(&self) -> bool {
        matches!(self.progress, Progress::Done | Progress::Unknown) && self.name().is_some()
    }

    /// What its name says that it is made of.
    pub fn media(&self) -> MediaKind {
        let name = self.name().unwrap_or_default().to_lowercase();
        match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
            "mp4" | "flv" | "mov" | "m3u8" | "ts" | "webm" | "mkv" | "avi" => MediaKind::Video,
            "mp3" | "aac" | "m4a" | "wav" | "ogg" => MediaKind::Audio,
            "jpg" | "jpeg" | "png" | "webp" | "bmp" => MediaKind::Image,
            _ => MediaKind::Unknown,
        }
    }

    /// The call that the platform would have made for it, in the later revision's form, with the item
    /// as it came beside it. Kind and participant are the caller's guess: the list has neither.
    /// Without a room (`None`), nobody can tell where it belongs, and it reads as no callback.
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
        // Blank is not zero: a length or a size that the list lacks is not known.
        if self.size.is_none() {
            call["fileSize"] = Value::from("");
        }
        if self.duration_s.is_none() {
            call["duration"] = Value::from("");
        }
        call
    }
}

/// The address of a file without what may change from one announcement to the next: query and
/// fragment. Two announcements with the same are of one file.
pub fn place(download_url: &str) -> &str {
    let end = download_url.find(['?', '#']).unwrap_or(download_url.len());
    &download_url[..end]
}

fn name_in(download_url: &str) -> Option<String> {
    let path = place(download_url);
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let (_, last) = path.rsplit_once('/')?;
    let name = percent_decode_str(last).decode_utf8_lossy();
    (!name.trim().is_empty()).then(|| name.into_owned())
}

/// What an emulated platform needs: an item of a list, as the platform writes it.
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
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn signed_as_the_document_says() {
        // md5("anyrtcX" "1521608787000" "t0ken" "a1B2c3"), by another program.
        assert_eq!(
            signature("anyrtcX", 1_521_608_787_000, "t0ken", "a1B2c3"),
            "ee6248af07c63a03ab4999f0e7441639"
        );
    }

    fn item() -> Value {
        json!({
            "fileid": "77", "filesize": 65322, "filestatus": 2, "filetype": "mp4",
            "upload_time": "2018-03-21 13:10:00", "upload_timestamp": 1_521_609_000,
            "room_id": "board-7", "start_time": 1_521_608_787, "end_time": 1_521_608_807,
            "file_duration": 20,
            "download_url": "https://v.example/a/ar_board-7_x7Qa%20%E5%AE%A2.mp4?sign=1",
        })
    }

    fn list(item: &Value) -> Vec<u8> {
        let content = json!({"data": [item, 7], "cnt": {"cnt": 2}});
        json!({"requestid": "r", "code": 200, "message": "ok", "content": content})
            .to_string()
            .into_bytes()
    }

    fn one(item: &Value) -> Video {
        let list = read(&list(item)).unwrap();
        assert_eq!(
            (list.total, list.skipped, list.videos.len()),
            (Some(2), 1, 1)
        );
        list.videos.into_iter().next().unwrap()
    }

    #[test]
    fn numbers_as_strings_and_the_reverse() {
        let video = one(&item());
        assert_eq!(video.name().as_deref(), Some("ar_board-7_x7Qa 客.mp4"));
        assert!(video.is_there());
        assert_eq!(video.size, Some(65322));
        assert_eq!(video.start_ms, Some(1_521_608_787_000));
        assert_eq!(video.room.as_deref(), Some("board-7"));
        let mut strings = item();
        for (_, value) in strings.as_object_mut().unwrap() {
            if let Value::Number(number) = &value {
                *value = Value::from(number.to_string());
            }
        }
        strings["fileid"] = json!(77);
        let read = one(&strings);
        assert_eq!(
            Video {
                raw: video.raw.clone(),
                ..read
            },
            video
        );
        assert_eq!(write(&video)["filestatus"], 2);
        assert_eq!(one(&write(&video)).start_ms, video.start_ms);
    }

    #[test]
    fn what_is_missing_or_odd_is_not_known() {
        let bare = one(&json!({}));
        assert_eq!(bare.progress, Progress::Unknown);
        assert!(!bare.is_there());
        let odd = one(&json!({
            "filestatus": "soon", "filesize": -1, "start_time": "yesterday", "end_time": 0,
            "download_url": "https://v.example/", "file_duration": null, "room_id": "",
        }));
        let known = Video {
            raw: bare.raw.clone(),
            download_url: None,
            ..odd
        };
        assert_eq!(known, bare);
        for (status, there) in [(0, false), (1, false), (2, true), (3, false), (9, true)] {
            let mut item = item();
            item["filestatus"] = json!(status);
            assert_eq!(one(&item).is_there(), there, "{status}");
        }
    }

    #[test]
    fn lists_in_every_shape() {
        let count = |text: &str| read(text.as_bytes()).map(|list| list.videos.len());
        for (text, expected) in [
            (
                r#"{"code":200,"content":{"data":[{"fileid":1,},],"cnt":{"cnt":"1",},},}"#,
                1,
            ),
            (r#"{"code":"200","content":{"data":[{},{}],"cnt":2}}"#, 2),
            (r#"{"code":200,"content":{"data":{}}}"#, 1),
            (r#"{"code":200,"content":[{}]}"#, 1),
            (r#"{"code":200,"content":{"data":null}}"#, 0),
            (r#"{"code":200,"content":null}"#, 0),
            (r#"{"code":200}"#, 0),
        ] {
            assert_eq!(count(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn codes_have_a_type() {
        let said = |code: Value| {
            let text = json!({"code": code, "message": "慢\u{7}点"}).to_string();
            match read(text.as_bytes()) {
                Err(Problem::Said { code, message }) => {
                    assert_eq!(message, "慢点");
                    code
                }
                other => panic!("{text}: {other:?}"),
            }
        };
        for code in Code::NAMED {
            assert_eq!(said(json!(code.number())), code);
            assert_eq!(said(json!(code.number().to_string())), code);
        }
        assert_eq!(said(json!(7)), Code::Other(7));
        for text in ["[]", "ok", "{}", r#"{"code":"ok"}"#, "<html>"] {
            assert_eq!(
                read(text.as_bytes()),
                Err(Problem::NoAnswer(Unknown::Unreadable)),
                "{text}"
            );
        }
        assert_eq!(read(b" "), Err(Problem::NoAnswer(Unknown::Empty)));
    }

    #[test]
    fn a_found_file_reads_as_the_call_that_did_not_come() {
        let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
        let video = one(&item());
        let call = video.announcement(Some("board-7"), Kind::Track, Some("mia"));
        let file = callback::read(call.to_string().as_bytes(), &zone).unwrap();
        assert_eq!(file.kind, Kind::Track);
        assert_eq!(file.media, MediaKind::Video);
        assert_eq!(file.file_name, "ar_board-7_x7Qa 客.mp4");
        assert_eq!(file.start_ms, video.start_ms);
        assert_eq!(file.duration_s, Some(20));
        assert_eq!(call["lookedUp"]["fileid"], "77");
        let nowhere = video.announcement(None, Kind::Composite, None);
        assert!(callback::read(nowhere.to_string().as_bytes(), &zone).is_err());
        let unsized_one = one(&json!({"download_url": "https://v.example/x.mp4"}));
        let call = unsized_one.announcement(Some("r"), Kind::Composite, None);
        let file = callback::read(call.to_string().as_bytes(), &zone).unwrap();
        assert_eq!((file.file_size, file.duration_s), (None, None));
    }

    #[test]
    fn a_place_has_no_query() {
        assert_eq!(
            place("https://v.example/a.mp4?x=1#y"),
            "https://v.example/a.mp4"
        );
        assert_eq!(place("https://v.example/a.mp4"), "https://v.example/a.mp4");
        assert_eq!(name_in("https://v.example"), None);
        assert_eq!(name_in("https://v.example/a/"), None);
    }

    #[test]
    fn debug_shows_neither_app_id_nor_token() {
        let app = App {
            app_id: "anyrtcX".into(),
            base: "https://v.example".parse().unwrap(),
            token: "t0ken".into(),
        };
        let shown = format!("{app:?}");
        assert!(
            !shown.contains("anyrtcX") && !shown.contains("t0ken"),
            "{shown}"
        );
    }

    proptest! {
        #[test]
        fn no_bytes_panic(body: Vec<u8>) {
            let _ = read(&body);
        }

        #[test]
        fn nothing_near_a_list_panics(value in near_miss(), number: i64, text in ".{0,40}") {
            let item = json!({"filestatus": value, "filesize": number, "start_time": number,
                "download_url": text, "end_time": text});
            for video in read(&list(&item)).unwrap().videos {
                let _ = (video.name(), video.media(), write(&video));
                let _ = video.announcement(Some("r"), Kind::Composite, None);
            }
            let answer = json!({"code": 200, "content": value, "cnt": value});
            let _ = read(answer.to_string().as_bytes());
        }
    }

    fn near_miss() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            any::<f64>().prop_map(Value::from),
            ".{0,20}".prop_map(Value::from),
            Just(json!([1, {"a": []}])),
            Just(json!({"data": [[], "x", {"cnt": 1}], "cnt": []})),
        ]
    }
}
