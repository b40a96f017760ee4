//! The data of pages.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::{
    about::{AboutChange, RecordingTitle, Tags},
    app::AppSettings,
    cause::Cause,
    check::{Check, Checks},
    file::{FileKind, FileState, Media},
    find::{Archive, Count, FacetKey},
    ids::{AppId, FileId, RecordingId},
    intake::RejectedView,
    ledger::{Lateness, Ledger, Line},
    meeting::Stay,
    naming::{RoomDay, TimeForm, Token},
    order::StartForm,
    place::RoomPlace,
    preset::Presets,
    recording::{AutoStop, FailedStart, Origin, RecordingEvent, RecordingState},
    room::{ParticipantId, RoomId, RoomTitle},
    strip::Strip,
    time::Timestamp,
    trouble::{LibraryTrouble, RecentTrouble},
    user::Role,
    watch::{AlertKind, AlertView, RoomWatch},
    words::words,
};

words!(RoomFilter);

/// The signed-in account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// The sign-in name.
    pub name: String,
    /// Its role.
    pub role: Role,
}

/// The data around the content of every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shell {
    /// The signed-in account.
    pub me: Me,
    /// The app whose rooms are shown.
    pub app: AppView,
    /// All apps, the default one first.
    pub apps: Vec<AppView>,
    /// The number of rooms.
    pub rooms: u32,
    /// The number of recordings.
    pub recordings: Count,
    /// At most 20 active recordings: those in an unknown state first, then the longest.
    pub recording_now: Vec<RunningRecording>,
    /// The number of active recordings.
    pub running: u32,
    /// At most 20 active recordings of other apps, in the same order.
    pub recording_elsewhere: Vec<RunningRecording>,
    /// The number of active recordings of other apps.
    pub elsewhere: u32,
    /// Recordings that became ready, or began to need attention, within the last seconds.
    pub news: Vec<RecordingRow>,
    /// The time of the last accepted callback, if the account sees callbacks.
    pub last_callback_at: Option<Timestamp>,
    /// Whether the account sees callbacks.
    pub sees_callbacks: bool,
    /// The number of callbacks that need attention.
    pub open_callbacks: u32,
    /// The number of requests that wait for the account as a second administrator.
    pub waiting: u32,
    /// The server's time; timers start from it, not from the browser's clock.
    pub now: Timestamp,
}

/// An app as pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppView {
    /// Its id.
    pub id: AppId,
    /// Its name.
    pub name: String,
    /// The AppID without its middle.
    pub masked_id: String,
    /// Whether it is the emulated platform.
    pub sandbox: bool,
    /// The platform's zone, an IANA name.
    pub zone: String,
    /// The present offset of that zone from UTC, in seconds.
    pub zone_offset: i32,
    /// Whether it is a public cloud, which ignores path and naming rule.
    pub public_cloud: bool,
    /// The types of recordings, the default one first.
    pub kinds: Vec<String>,
}

/// An active recording.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RunningRecording {
    /// The recording.
    pub id: RecordingId,
    /// Its app.
    pub app: AppId,
    /// Its room.
    pub room: RoomId,
    /// The title of the room; may be empty.
    pub title: String,
    /// Its state, one of the active ones.
    pub state: RecordingState,
    /// When it started or may have started.
    pub started_at: Timestamp,
}

/// The presence in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// No meeting.
    Empty,
    /// A meeting is on.
    Live {
        /// The number of people in it.
        people: u32,
        /// When it began.
        since: Timestamp,
    },
}

/// One row of the room list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomRow {
    /// The room.
    pub room: RoomId,
    /// Its label.
    pub label: RoomLabel,
    /// Its presence.
    pub presence: Presence,
    /// The state of the newest recording unless it is finished or given up, and when it entered that
    /// state (for `Recording`: when it started).
    pub current: Option<(RecordingState, Timestamp)>,
    /// When the newest recording was requested or found.
    pub last_recorded_at: Option<Timestamp>,
    /// The oldest alert that was not dismissed.
    pub alert: Option<AlertView>,
    /// Its position in the list.
    pub place: RoomPlace,
}

/// The label that people give a room.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoomLabel {
    /// A title, shown in place of the id.
    pub title: RoomTitle,
    /// Whether it is listed above the others.
    pub starred: bool,
    /// Whether it is left out of the lists while it is inactive.
    pub hidden: bool,
}

impl RoomLabel {
    /// The title, or else the id.
    pub fn name<'a>(&'a self, room: &'a RoomId) -> &'a str {
        room.titled(self.title.as_str())
    }
}

/// A filter of rooms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum RoomFilter {
    /// All rooms.
    #[default]
    #[strum(serialize = "")]
    All,
    /// Rooms with a meeting.
    Live,
    /// Rooms that are recorded.
    Recording,
    /// Rooms that need attention.
    Attention,
    /// Hidden rooms.
    Hidden,
}

/// The room list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomList {
    /// The rows, most urgent first.
    pub rooms: Vec<RoomRow>,
    /// The number of rooms for each filter: all, live, recording, attention, hidden.
    pub counts: [u32; 5],
    /// Whether fetching pauses because a disk is nearly full; told to administrators.
    pub fetching_pauses: bool,
    /// The reader's role.
    pub role: Role,
    /// Whether the reader may add a room with the id that was searched.
    pub may_add_searched: bool,
    /// The cursor of the next page, if there is one, for `after`.
    pub older: Option<RoomPlace>,
    /// The newest recordings of the app with files in trouble.
    pub trouble: RecentTrouble,
}

/// The page of one room.
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts for the page, none of which follows from another"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomView {
    /// The room.
    pub room: RoomId,
    /// Whether anyRTC has reported it, or a person has added it.
    pub is_known: bool,
    /// Whether anyRTC has reported a meeting in it. Otherwise it may be mistyped, and can be removed.
    pub is_reported: bool,
    /// Its label.
    pub label: RoomLabel,
    /// Its presence.
    pub presence: Presence,
    /// The participants of the present meeting, including those who left, each once.
    pub participants: Vec<Stay>,
    /// Their stays, in the order in which they began.
    pub stays: Vec<Stay>,
    /// The app it belongs to.
    pub app: AppView,
    /// The active recording (see `RecordingState::is_active`), or the last one while it waits for files
    /// or needs attention, unless it was given up; also one that became ready within 10 minutes.
    pub current: Option<RecordingView>,
    /// The last 10 recordings of this room, newest first.
    pub recent: Vec<RecordingRow>,
    /// The number of recordings of this room.
    pub recorded_times: u32,
    /// Their total length in milliseconds.
    pub recorded_millis: i64,
    /// The type that it was recorded with last.
    pub kind: Option<String>,
    /// The initial form: that of the start that the platform refused, else as last typed for this room,
    /// or the default. Empty for a reader who may not record.
    pub form: StartForm,
    /// Whether the platform's refusal of that start names the type.
    pub refused_kind: bool,
    /// The presets; none for a reader who may not record.
    pub presets: Presets,
    /// Whether the reader may assign files of callbacks to its recordings.
    pub may_assign: bool,
    /// The number of recordings on a day.
    pub day: RoomDay,
    /// The form of `{time}` in file names.
    pub time_form: TimeForm,
    /// Its “always record” mark and alerts.
    pub watch: RoomWatch,
    /// The reader's role.
    pub role: Role,
    /// The server's time.
    pub now: Timestamp,
}

/// One row of the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingRow {
    /// The recording.
    pub id: RecordingId,
    /// Its room.
    pub room: RoomId,
    /// The title of the room; may be empty.
    pub title: String,
    /// The title that people gave the recording; may be empty.
    pub own_title: RecordingTitle,
    /// Its tags.
    pub tags: Tags,
    /// Whether the account has opened it.
    pub seen: bool,
    /// Its origin.
    pub origin: Origin,
    /// Its state.
    pub state: RecordingState,
    /// When it was requested or, if found, when it started.
    pub requested_at: Timestamp,
    /// When the platform began.
    pub started_at: Option<Timestamp>,
    /// When it was stopped.
    pub stopped_at: Option<Timestamp>,
    /// Its length in milliseconds, by the rule of [`crate::recording::length`].
    pub length: Option<i64>,
    /// The composite's file name, if known.
    pub file_name: Option<String>,
    /// Its ledger.
    pub ledger: Ledger,
    /// The lateness of its missing files.
    pub lateness: Lateness,
    /// How its start failed, if it did.
    pub failed: Option<FailedStart>,
    /// Bytes of all files.
    pub bytes: u64,
    /// The number of files in our storage.
    pub archived: u32,
    /// The state of the copies of its files as one, in rows of the library.
    pub archive: Option<Archive>,
    /// A picture of it, if there is one that the account may see.
    pub thumbnail: Option<Thumbnail>,
    /// The composite with a filmstrip, if there is one that the account may see.
    pub film: Option<FileId>,
    /// Whether the account may download its files.
    pub may_download: bool,
}

impl RecordingRow {
    /// Its failed start, unless a file shows that it recorded.
    pub fn nothing_recorded(&self) -> Option<&FailedStart> {
        self.failed.as_ref().filter(|_| self.ledger.arrived() == 0)
    }

    /// The title of its room, or else the id.
    pub fn room_name(&self) -> &str {
        self.room.titled(&self.title)
    }

    /// Its own title, or else the name of its room.
    pub fn name(&self) -> &str {
        let own = self.own_title.as_str();
        if own.is_empty() {
            self.room_name()
        } else {
            own
        }
    }

    /// Its start, or else the time of its request.
    pub fn began_at(&self) -> Timestamp {
        self.started_at.unwrap_or(self.requested_at)
    }
}

/// A picture that stands for a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thumbnail {
    /// A frame of the platform.
    Frame(FileId),
    /// The poster of the composite, made from its own pictures.
    Poster(FileId),
}

/// The number of recordings with a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCount {
    /// The key of the facet.
    pub key: FacetKey,
    /// Its value in an address.
    pub value: String,
    /// The title of a room; empty for others, and without one.
    pub title: String,
    /// The number.
    pub count: Count,
}

/// A page of a list, by a place that it follows or precedes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PageAt {
    /// The page after this place.
    After(i64),
    /// The page before this place, nearest to it.
    Before(i64),
}

/// The recordings beside one in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Neighbours {
    /// The one before it.
    pub before: Option<Neighbour>,
    /// The one after it.
    pub after: Option<Neighbour>,
}

/// A recording beside another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Neighbour {
    /// The recording.
    pub id: RecordingId,
    /// Its start, or else the time of its request.
    pub began_at: Timestamp,
}

/// The library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Library {
    /// The rows of this page.
    pub recordings: Vec<RecordingRow>,
    /// The number of matches on all pages.
    pub total: Count,
    /// Their size in bytes and their length in milliseconds, where the number is exact.
    pub sums: Option<(u64, i64)>,
    /// The number of failed starts that match but for their state.
    pub tries: Count,
    /// The number of recordings with each facet, under the other filters.
    pub facets: Vec<FacetCount>,
    /// The page before this one, if there is one.
    pub newer: Option<PageAt>,
    /// The page after this one, if there is one.
    pub older: Option<PageAt>,
    /// The files in trouble.
    pub trouble: LibraryTrouble,
    /// The server's time.
    pub now: Timestamp,
}

/// One file: the version that is shown, the newest that is archived, else the newest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileView {
    /// The file, served at `/files/{id}`.
    pub id: FileId,
    /// The number of the version that is shown.
    pub version: u32,
    /// The other versions, the newest first, served at `/files/{id}?version={number}`.
    pub versions: Vec<FileVersionView>,
    /// Its number among the takes of its kind, participant and name, and theirs; `None` if it is the only one.
    pub take: Option<(usize, usize)>,
    /// Its kind.
    pub kind: FileKind,
    /// Its media.
    pub media: Media,
    /// The participant of a track.
    pub participant: Option<ParticipantId>,
    /// Its name at the platform.
    pub name: String,
    /// Bytes.
    pub size: Option<u64>,
    /// Its length in milliseconds.
    pub length: Option<i64>,
    /// When its content starts.
    pub started_at: Option<Timestamp>,
    /// When its content ends.
    pub ended_at: Option<Timestamp>,
    /// When it was announced.
    pub announced_at: Timestamp,
    /// Its state.
    pub state: FileState,
    /// Why it is `failed`, `blocked` or `gone`.
    pub trouble: Option<Cause>,
    /// The host to allow, if it is blocked and its app can allow it.
    pub to_allow: Option<String>,
    /// When a failed copy is retried.
    pub next_try_at: Option<Timestamp>,
    /// The tracks of our copy: codecs, dimensions, sample rates.
    pub tracks: Option<String>,
    /// The loudness of equal parts of our copy, 255 the highest; of sound only.
    pub peaks: Option<Vec<u8>>,
    /// The filmstrip of our copy; of a video only.
    pub strip: Option<Strip>,
    /// SHA-256 of our copy, hexadecimal.
    pub sha256: Option<String>,
}

/// A version of a file that is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileVersionView {
    /// Its number.
    pub version: u32,
    /// Bytes.
    pub size: Option<u64>,
    /// When it was announced.
    pub announced_at: Timestamp,
    /// Its state.
    pub state: FileState,
    /// Why it is `failed`, `blocked` or `gone`.
    pub trouble: Option<Cause>,
    /// When a failed copy is retried.
    pub next_try_at: Option<Timestamp>,
    /// SHA-256 of our copy, hexadecimal.
    pub sha256: Option<String>,
}

/// One line of a recording's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    /// Its time.
    pub at: Timestamp,
    /// The event.
    pub event: HistoryEvent,
    /// The account that caused it; `None` for the platform and Reelroom itself.
    pub actor: Option<String>,
    /// The cause of a failure.
    pub cause: Option<Cause>,
    /// The change of [`HistoryEvent::Described`].
    pub change: Option<AboutChange>,
    /// The room before [`HistoryEvent::Moved`].
    pub moved_from: Option<RoomId>,
}

/// The event of a history line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryEvent {
    /// The start was requested.
    Requested,
    /// The start was requested because the room is always recorded; the actor set that mark.
    Always,
    /// The actor dismissed an alert.
    Dismissed(AlertKind),
    /// It was found by its files.
    Found,
    /// An event changed its state.
    Took(RecordingEvent),
    /// A look-up found a file of it.
    LookedUp,
    /// A person checked it, with this result.
    Checked(Check),
    /// A person assigned a call of the platform to it.
    Assigned,
    /// A person took such an assignment back.
    Unassigned,
    /// A person has seen that its start failed.
    Seen,
    /// Our copy of a file was damaged or missing.
    CopyLost,
    /// A person changed its title, tags or notes.
    Described,
    /// A person removed its mistyped room, and moved it into another one.
    Moved,
    /// A person moved it to the trash.
    Trashed,
    /// A person restored it from the trash.
    Restored,
    /// A copy of a file that came after its purge put it into the trash.
    Returned,
    /// A person put it on hold.
    Held,
    /// A person released it.
    Released,
    /// A person had it purged at once.
    PurgeAsked,
    /// Its purge began.
    PurgeBegun,
    /// Its bytes are deleted, as the storage confirmed.
    Purged,
    /// Its files of a kind are deleted, by the rule that is the actor.
    FilesPurged,
}

impl HistoryEvent {
    /// Whether it is an action of a person that leaves the state as it is.
    pub const fn is_said(self) -> bool {
        matches!(
            self,
            Self::Dismissed(_)
                | Self::Seen
                | Self::Described
                | Self::Moved
                | Self::Trashed
                | Self::Restored
                | Self::Held
                | Self::Released
                | Self::PurgeAsked
        )
    }
}

/// The page of one recording, also the active one of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingView {
    /// Its row in a list.
    pub row: RecordingRow,
    /// Its app unless it is the default one, for the address of its room.
    pub app: Option<AppId>,
    /// The naming rule that it was started with.
    pub rule: Option<String>,
    /// The tokens of the rule, and their values in the composite's name.
    pub name_parts: Vec<(Token, String)>,
    /// The user's own data.
    pub user_data: Option<String>,
    /// The storage path that was sent.
    pub path: Option<String>,
    /// The account that started it.
    pub started_by: Option<String>,
    /// The account that stopped it.
    pub stopped_by: Option<String>,
    /// Its automatic stop.
    pub auto_stop: AutoStop,
    /// The lines of its ledger.
    pub lines: Vec<Line>,
    /// When missing files become late.
    pub late_at: Option<Timestamp>,
    /// When missing files become due.
    pub due_at: Option<Timestamp>,
    /// The checks of it, while its state is unknown.
    pub checks: Option<Checks>,
    /// Its history, oldest first.
    pub history: Vec<HistoryLine>,
    /// Composite, tracks by participant, frames; takes in the order of their times.
    pub files: Vec<FileView>,
    /// The number of files in its ZIP archive, and their bytes.
    pub zip: (usize, u64),
    /// Whether the account sees its pictures and hears its sound.
    pub may_watch: bool,
    /// The server's time.
    pub now: Timestamp,
}

/// The settings page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The apps, without the sandbox.
    pub apps: Vec<AppSettings>,
    /// The path of file callbacks, with the secret masked.
    pub callback_path: String,
    /// The path of status callbacks, with the secret masked.
    pub status_path: String,
    /// The public URL of this server, if set.
    pub public_url: Option<String>,
    /// The calls to other paths.
    pub rejected: RejectedView,
}
