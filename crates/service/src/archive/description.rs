//! The description beside a copy: with it, an archive explains itself without the database, and a library can be
//! made of it.

use data_encoding::HEXLOWER;
use reelroom_domain::{
    about::About,
    file::{Announcement, FileKind, FileState, Media, plausible_length, plausible_size},
    ids::{AppId, FileId, RecordingId},
    recording::{AutoStop, Origin, Recording, RecordingState},
    room::{ParticipantId, RoomId, RoomTitle},
    time::Timestamp,
};
use reelroom_store::{
    Conn, StoreError, about,
    apps::{self, App},
    files::{File, Stored},
    rebuild::Described,
    rooms,
};
use serde::{Deserialize, Serialize};

/// The format that is written. The first one had no number, and neither app nor details.
const FORMAT: u32 = 2;

/// The end of the key of a description, after the key of its copy and a dot.
pub(super) const END: &str = "json";

/// The key of the description of a copy.
pub(super) fn key_of(copy: &str) -> String {
    format!("{copy}.{END}")
}

/// The key of the copy that the object `key` describes; `None` if it is no description.
pub(crate) fn copy_of(key: &str) -> Option<&str> {
    key.strip_suffix(END)?.strip_suffix('.')
}

/// The key of a copy of a file. It depends on the content, so that no copy replaces another one.
pub(super) fn copy_key(recording: RecordingId, file: FileId, sha256: &str) -> String {
    let begin = sha256.get(..16).unwrap_or(sha256);
    format!("{recording}/{file}-{begin}")
}

/// The description of a copy. Times are milliseconds since 1970 (UTC).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Description {
    #[serde(default = "first_format")]
    format: u32,
    pub recording: RecordingId,
    pub room: RoomId,
    pub naming_rule: Option<String>,
    pub file: FileId,
    pub kind: FileKind,
    pub participant: Option<ParticipantId>,
    pub name: String,
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub announced_at: Timestamp,
    pub content_type: String,
    pub size: u64,
    pub sha256: String,
    pub crc32: Option<String>,
    pub app: Option<App>,
    pub recording_facts: Option<RecordingFacts>,
    pub file_facts: Option<FileFacts>,
}

/// The facts about a recording that cannot be read from its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct RecordingFacts {
    pub room_title: RoomTitle,
    #[serde(flatten)]
    pub about: About,
    pub noted: Option<(Timestamp, String)>,
    pub origin: Origin,
    pub state: RecordingState,
    pub state_since: Timestamp,
    pub path: Option<String>,
    pub user_data: Option<String>,
    pub kind: Option<String>,
    pub requested_at: Timestamp,
    pub requested_by: Option<String>,
    pub started_at: Option<Timestamp>,
    pub stopped_at: Option<Timestamp>,
    pub stopped_by: Option<String>,
    pub tracks_expected: u32,
    pub frames_expected: bool,
    pub auto_stop: AutoStop,
}

/// More about the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FileFacts {
    pub take: FileId,
    pub version: u32,
    pub media: Media,
    pub announced_size: Option<u64>,
    pub length_ms: Option<i64>,
    /// Its address without the query, which may hold a secret.
    pub address: String,
    pub tracks: Option<String>,
    /// Hexadecimal.
    pub peaks: Option<String>,
}

const fn first_format() -> u32 {
    1
}

/// A recording with all that the descriptions of its copies tell of it.
pub(crate) struct Subject {
    recording: Recording,
    app: App,
    room_title: RoomTitle,
    about: about::Known,
}

impl Subject {
    /// Reads what the descriptions of a recording need; `None` where it is gone.
    pub async fn load(conn: &mut Conn, recording: Recording) -> Result<Option<Self>, StoreError> {
        let app = apps::get(conn, recording.app).await?;
        let about = about::get(conn, recording.id).await?;
        let room = rooms::get(conn, recording.app, &recording.room).await?;
        let (Some(app), Some(about)) = (app, about) else {
            return Ok(None);
        };
        Ok(Some(Self {
            recording,
            app,
            room_title: room.map(|room| room.label.title).unwrap_or_default(),
            about,
        }))
    }

    /// The id of the recording.
    pub fn id(&self) -> RecordingId {
        self.recording.id
    }

    /// Describes a copy of a file of the recording.
    pub fn describe(&self, file: &File, copy: &Stored) -> Description {
        let (recording, announced) = (&self.recording, &file.announced);
        Description {
            format: FORMAT,
            recording: recording.id,
            room: recording.room.clone(),
            naming_rule: recording.rule.clone(),
            file: file.id,
            kind: announced.kind,
            participant: announced.participant.clone(),
            name: announced.name.clone(),
            started_at: announced.started_at,
            ended_at: announced.ended_at,
            announced_at: file.announced_at,
            content_type: copy.content_type.clone(),
            size: copy.size,
            sha256: copy.sha256.clone(),
            crc32: copy.crc32.map(|crc32| format!("{crc32:08x}")),
            app: Some(self.app.clone()),
            recording_facts: Some(self.facts()),
            file_facts: Some(FileFacts::of(file)),
        }
    }

    fn facts(&self) -> RecordingFacts {
        let (recording, known) = (&self.recording, &self.about);
        RecordingFacts {
            room_title: self.room_title.clone(),
            about: known.about.clone(),
            noted: known.noted.clone(),
            origin: recording.origin,
            state: recording.state,
            state_since: recording.state_since,
            path: recording.path.clone(),
            user_data: recording.user_data.clone(),
            kind: recording.kind.clone(),
            requested_at: recording.requested_at,
            requested_by: recording.requested_by.clone(),
            started_at: recording.started_at,
            stopped_at: recording.stopped_at,
            stopped_by: recording.stopped_by.clone(),
            tracks_expected: recording.tracks_expected,
            frames_expected: recording.frames_expected,
            auto_stop: recording.auto_stop,
        }
    }
}

impl FileFacts {
    fn of(file: &File) -> Self {
        let announced = &file.announced;
        Self {
            take: file.take,
            version: file.version,
            media: announced.media,
            announced_size: announced.size,
            length_ms: announced.length_ms,
            address: announced.place().to_owned(),
            tracks: file.tracks.clone(),
            peaks: file.peaks.as_deref().map(|peaks| HEXLOWER.encode(peaks)),
        }
    }

    /// Guesses what the first format lacks.
    fn guess(description: &Description) -> Self {
        let media = match description.content_type.split('/').next() {
            Some("video") => Media::Video,
            Some("audio") => Media::Audio,
            Some("image") => Media::Image,
            _ => Media::Unknown,
        };
        Self {
            take: description.file,
            version: 1,
            media,
            announced_size: Some(description.size),
            length_ms: None,
            address: String::new(),
            tracks: None,
            peaks: None,
        }
    }
}

impl RecordingFacts {
    /// Guesses what the first format lacks.
    fn guess(description: &Description) -> Self {
        let begin = description.started_at.unwrap_or(description.announced_at);
        let origin = match description.naming_rule {
            Some(_) => Origin::Started,
            None => Origin::AutoRecorded,
        };
        Self {
            room_title: RoomTitle::default(),
            about: About::default(),
            noted: None,
            origin,
            state: RecordingState::Ready,
            state_since: description.announced_at,
            path: None,
            user_data: None,
            kind: None,
            requested_at: begin,
            requested_by: None,
            started_at: description.started_at,
            stopped_at: description.ended_at,
            stopped_by: None,
            tracks_expected: 0,
            frames_expected: false,
            auto_stop: AutoStop::default(),
        }
    }
}

impl Description {
    /// Reads a description of any format; `None` for any other text, and for a description of a later program.
    pub fn read(text: &[u8]) -> Option<Self> {
        let description: Self = serde_json::from_slice(text).ok()?;
        (description.format <= FORMAT).then_some(description)
    }

    /// The text of the object.
    pub fn text(&self) -> Result<Vec<u8>, object_store::Error> {
        serde_json::to_vec_pretty(self).map_err(|error| object_store::Error::Generic {
            store: "description",
            source: error.into(),
        })
    }

    /// The archived file, whose copy was stored as `key` at that time.
    pub fn file(&self, key: &str, archived_at: Timestamp) -> File {
        let facts = self.file_facts.clone();
        let facts = facts.unwrap_or_else(|| FileFacts::guess(self));
        let peaks = facts.peaks.as_deref();
        let crc32 = self.crc32.as_deref();
        File {
            id: self.file,
            take: facts.take,
            version: facts.version,
            recording: self.recording,
            announced: Announcement {
                kind: self.kind,
                media: facts.media,
                participant: self.participant.clone(),
                name: self.name.clone(),
                size: facts.announced_size.and_then(plausible_size),
                length_ms: facts.length_ms.and_then(plausible_length),
                started_at: self.started_at,
                ended_at: self.ended_at,
                url: facts.address,
            },
            state: FileState::Archived,
            trouble: None,
            tries: 0,
            next_try_at: None,
            missing_since: None,
            stored: Some(Stored {
                key: key.to_owned(),
                size: self.size,
                sha256: self.sha256.clone(),
                crc32: crc32.and_then(|crc32| u32::from_str_radix(crc32, 16).ok()),
                content_type: self.content_type.clone(),
            }),
            tracks: facts.tracks,
            peaks: peaks.and_then(|peaks| HEXLOWER.decode(peaks.as_bytes()).ok()),
            strip: None,
            announced_at: self.announced_at,
            archived_at: Some(archived_at),
            call: None,
        }
    }

    /// The recording, of the app `app`, still without its files. One that was active when it was described is over.
    pub fn recording(&self, app: AppId) -> Described {
        let facts = self.recording_facts.clone();
        let facts = facts.unwrap_or_else(|| RecordingFacts::guess(self));
        let state = if facts.state.is_active() {
            RecordingState::Ready
        } else {
            facts.state
        };
        let recording = Recording {
            id: self.recording,
            app,
            room: self.room.clone(),
            origin: facts.origin,
            state,
            state_since: facts.state_since,
            rule: self.naming_rule.clone(),
            path: facts.path,
            user_data: facts.user_data,
            kind: facts.kind,
            requested_at: facts.requested_at,
            started_at: facts.started_at,
            stopped_at: facts.stopped_at,
            requested_by: facts.requested_by,
            stopped_by: facts.stopped_by,
            tracks_expected: facts.tracks_expected,
            frames_expected: facts.frames_expected,
            auto_stop: facts.auto_stop,
        };
        Described {
            recording,
            room_title: facts.room_title,
            about: facts.about,
            noted: facts.noted,
            files: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::about::Tags;
    use reelroom_store::apps::Sealed;

    use super::*;
    use crate::apps::plain::plain;

    /// As the first programs wrote it.
    const FIRST: &str = r#"{
        "recording": "0197f0c0000070008000000000000001",
        "room": "hall",
        "naming_rule": "ar_{roomid}",
        "file": "0197f0c0000070008000000000000002",
        "kind": "composite",
        "participant": null,
        "name": "ar_hall.mp4",
        "started_at": 1000,
        "ended_at": 5000,
        "announced_at": 9000,
        "content_type": "video/mp4",
        "size": 12,
        "sha256": "00112233445566778899",
        "crc32": "000000ff"
    }"#;

    fn first() -> Description {
        Description::read(FIRST.as_bytes()).unwrap()
    }

    #[test]
    fn the_first_format_is_read() {
        let first = first();
        let copy = copy_key(first.recording, first.file, &first.sha256);
        let expected =
            "0197f0c0000070008000000000000001/0197f0c0000070008000000000000002-0011223344556677";
        assert_eq!(copy, expected);
        assert_eq!(copy_of(&key_of(&copy)), Some(expected));
        assert_eq!(copy_of(&copy), None);
        let file = first.file(&copy, Timestamp::from_millis(9500));
        assert_eq!((file.take, file.version), (file.id, 1));
        assert_eq!(file.announced.media, Media::Video);
        assert_eq!(file.stored.unwrap().crc32, Some(0xff));
        let app = "0197f0c0000070008000000000000003".parse().unwrap();
        let recording = first.recording(app).recording;
        assert_eq!(
            (recording.origin, recording.state),
            (Origin::Started, RecordingState::Ready)
        );
        assert_eq!(recording.stopped_at, Some(Timestamp::from_millis(5000)));
    }

    #[test]
    fn what_a_description_tells_is_read_back() {
        let mut description = first();
        let peaks = Some("00ff".to_owned());
        let tags = Tags::parse("Lesson, 数学").unwrap();
        description.format = FORMAT;
        description.file_facts = Some(FileFacts {
            version: 3,
            peaks,
            ..FileFacts::guess(&description)
        });
        description.recording_facts = Some(RecordingFacts {
            about: About {
                tags: tags.clone(),
                ..About::default()
            },
            noted: Some((Timestamp::from_millis(7), "Ada".to_owned())),
            state: RecordingState::Recording,
            ..RecordingFacts::guess(&description)
        });
        let text = description.text().unwrap();
        let read = Description::read(&text).unwrap();
        assert_eq!(read, description);
        let file = read.file("a/b", Timestamp::from_millis(9500));
        assert_eq!((file.version, file.peaks), (3, Some(vec![0, 255])));
        let app = "0197f0c0000070008000000000000003".parse().unwrap();
        let read = read.recording(app);
        let noted = read.noted.unwrap();
        assert_eq!((read.about.tags, noted.1.as_str()), (tags, "Ada"));
        assert!(!read.recording.state.is_active());
    }

    #[test]
    fn an_implausible_number_of_a_description_is_unknown() {
        let mut description = first();
        description.file_facts = Some(FileFacts {
            announced_size: Some(u64::MAX),
            length_ms: Some(i64::MAX),
            ..FileFacts::guess(&description)
        });
        let file = description.file("a/b", Timestamp::from_millis(9500));
        assert_eq!(
            (file.announced.size, file.announced.length_ms),
            (None, None)
        );
    }

    #[test]
    fn a_description_tells_no_secret_of_an_app() {
        let id = "0197f0c0000070008000000000000003".parse().unwrap();
        let at = Timestamp::from_millis(7);
        let app = plain(id, "Hall", at);
        let description = Description {
            app: Some(App {
                app_id: "secret".to_owned(),
                vod_token: Some(Sealed {
                    bytes: vec![1],
                    set_at: at,
                }),
                ..app.clone()
            }),
            ..first()
        };
        let text = description.text().unwrap();
        let told: serde_json::Value = serde_json::from_slice(&text).unwrap();
        let keys = told["app"].as_object().unwrap().keys();
        assert_eq!(
            keys.map(String::as_str).collect::<Vec<_>>().join(" "),
            "id name api_base method encoding reply_form zone allowed_hosts public_cloud frames sandbox kinds \
             vod_base created_at"
        );
        let app_id = String::new();
        let read = Description::read(&text).unwrap().app;
        assert_eq!(read, Some(App { app_id, ..app }));
    }

    #[test]
    fn what_is_no_description_is_left_alone() {
        let later = FIRST.replacen('{', "{\"format\": 3,", 1);
        for text in ["", "{}", "[]", "\u{0}", &later] {
            assert_eq!(Description::read(text.as_bytes()), None, "{text}");
        }
    }
}
