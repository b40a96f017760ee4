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

/// The format. A description of another one is not read.
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
    pub app: App,
    pub recording_facts: RecordingFacts,
    pub file_facts: FileFacts,
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
            app: self.app.clone(),
            recording_facts: self.facts(),
            file_facts: FileFacts::of(file),
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
}

impl Description {
    /// Reads a description; `None` for any other text, and for a description of another format.
    pub fn read(text: &[u8]) -> Option<Self> {
        let description: Self = serde_json::from_slice(text).ok()?;
        (description.format == FORMAT).then_some(description)
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
        let facts = &self.file_facts;
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
                url: facts.address.clone(),
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
            tracks: facts.tracks.clone(),
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
    use serde_json::Value;

    use super::*;
    use crate::apps::plain::plain;

    const EXAMPLE: &str = include_str!("description.json");

    fn example() -> Description {
        Description::read(EXAMPLE.as_bytes()).unwrap()
    }

    #[test]
    fn a_description_names_its_copy() {
        let example = example();
        let copy = copy_key(example.recording, example.file, &example.sha256);
        let expected =
            "0197f0c0000070008000000000000001/0197f0c0000070008000000000000002-0011223344556677";
        assert_eq!(copy, expected);
        assert_eq!(copy_of(&key_of(&copy)), Some(expected));
        assert_eq!(copy_of(&copy), None);
    }

    #[test]
    fn what_a_description_tells_is_read_back() {
        let mut description = example();
        let written: Value = serde_json::from_slice(&description.text().unwrap()).unwrap();
        let expected: Value = serde_json::from_str(EXAMPLE).unwrap();
        assert_eq!(written, expected);
        let file = description.file("a/b", Timestamp::from_millis(9500));
        assert_eq!((file.take, file.version), (file.id, 3));
        assert_eq!(file.announced.media, Media::Video);
        assert_eq!(file.stored.unwrap().crc32, Some(0xff));
        assert_eq!(file.peaks, Some(vec![0, 255]));
        let read = description.recording(description.app.id);
        let (recording, noted) = (read.recording, read.noted.unwrap());
        assert_eq!(
            (recording.origin, recording.state),
            (Origin::Started, RecordingState::Ready)
        );
        assert_eq!(recording.stopped_at, Some(Timestamp::from_millis(5000)));
        let tags = Tags::parse("Lesson, 数学").unwrap();
        assert_eq!((read.about.tags, noted.1.as_str()), (tags, "Ada"));
        description.recording_facts.state = RecordingState::Recording;
        let read = description.recording(description.app.id);
        assert!(!read.recording.state.is_active());
    }

    #[test]
    fn an_implausible_number_of_a_description_is_unknown() {
        let mut description = example();
        description.file_facts.announced_size = Some(u64::MAX);
        description.file_facts.length_ms = Some(i64::MAX);
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
            app: App {
                app_id: "secret".to_owned(),
                vod_token: Some(Sealed {
                    bytes: vec![1],
                    set_at: at,
                }),
                ..app.clone()
            },
            ..example()
        };
        let text = description.text().unwrap();
        let told: Value = serde_json::from_slice(&text).unwrap();
        let keys = told["app"].as_object().unwrap().keys();
        assert_eq!(
            keys.map(String::as_str).collect::<Vec<_>>().join(" "),
            "id name api_base method encoding reply_form zone allowed_hosts public_cloud frames sandbox kinds \
             vod_base created_at"
        );
        let app_id = String::new();
        let read = Description::read(&text).unwrap().app;
        assert_eq!(read, App { app_id, ..app });
    }

    #[test]
    fn what_is_no_description_is_left_alone() {
        let [first, later, none] = ["\"format\": 1,", "\"format\": 3,", ""]
            .map(|format| EXAMPLE.replacen("\"format\": 2,", format, 1));
        for text in ["", "{}", "[]", "\u{0}", &first, &later, &none] {
            assert_eq!(Description::read(text.as_bytes()), None, "{text}");
        }
    }
}
