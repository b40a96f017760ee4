//! What pages are given: the shapes that travel from the server to the browser.

use serde::{Deserialize, Serialize};

use crate::{
    app::AppSettings,
    cause::Cause,
    file::{FileKind, FileState, Media},
    ids::{AppId, FileId, RecordingId},
    intake::TurnedAwayView,
    ledger::{Lateness, Ledger, Line},
    look::{Look, Looks},
    naming::RoomDay,
    order::StartForm,
    place::RoomPlace,
    preset::Presets,
    recording::{AutoStop, Origin, RecordingEvent, RecordingState},
    room::{ParticipantId, RoomId, RoomTitle},
    time::Timestamp,
    user::Role,
    watch::{AlertKind, AlertView, RoomWatch},
};

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The sign-in name.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// What every page shows around its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shell {
    /// Who is signed in.
    pub me: Me,
    /// The app whose rooms are shown.
    pub app: AppView,
    /// The apps that can be shown, the default one first.
    pub apps: Vec<AppView>,
    /// Rooms that are known.
    pub rooms: u32,
    /// Recordings in the library.
    pub recordings: u32,
    /// Recordings that take their room now, at most 20: those of which nobody knows whether they run,
    /// then the longest.
    pub recording_now: Vec<RunningRecording>,
    /// How many recordings take their room now.
    pub running: u32,
    /// How many do so in other apps.
    pub elsewhere: u32,
    /// The last accepted callback.
    pub last_callback_at: Option<Timestamp>,
    /// Callbacks that a person has to look at.
    pub open_callbacks: u32,
    /// The server's time when this was made; timers run from it, not from the browser's clock.
    pub now: Timestamp,
}

/// One anyRTC application, as far as pages may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppView {
    /// Our id of it.
    pub id: AppId,
    /// The name that the administrator gave.
    pub name: String,
    /// The AppID with its middle left out.
    pub masked_id: String,
    /// Whether it is the emulated platform.
    pub sandbox: bool,
    /// The platform's zone, an IANA name.
    pub zone: String,
    /// Seconds that the platform's zone is ahead of UTC now.
    pub zone_offset: i32,
    /// Whether it is a public cloud, which ignores path and naming rule.
    pub public_cloud: bool,
    /// The types that a recording may have; the first is the usual one.
    pub kinds: Vec<String>,
}

/// A recording that takes its room now.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RunningRecording {
    /// The recording.
    pub id: RecordingId,
    /// Its room.
    pub room: RoomId,
    /// What people call the room; empty: by its id.
    pub title: String,
    /// Where it stands; one of those that are active.
    pub state: RecordingState,
    /// Since when it runs, or may run.
    pub started_at: Timestamp,
}

/// Who is in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// No meeting, as far as we know.
    Empty,
    /// A meeting is on.
    Live {
        /// How many people are in it.
        people: u32,
        /// When it began.
        since: Timestamp,
    },
}

/// One row of the room list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomRow {
    /// The room.
    pub room: RoomId,
    /// What people say of it.
    pub label: RoomLabel,
    /// Who is in it.
    pub presence: Presence,
    /// The newest recording, where it is not finished or given up: its state and when it entered it
    /// (for `Recording`: when it started).
    pub current: Option<(RecordingState, Timestamp)>,
    /// When the newest recording was requested or found.
    pub last_recorded_at: Option<Timestamp>,
    /// What the watchdog found first, and nobody dismissed.
    pub alert: Option<AlertView>,
    /// Where it stands in the list.
    pub place: RoomPlace,
}

/// What people say of a room.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RoomLabel {
    /// A name to show in place of the id.
    pub title: RoomTitle,
    /// Whether it stands above the others.
    pub starred: bool,
    /// Whether it is left out of the lists while nothing happens in it.
    pub hidden: bool,
}

impl RoomLabel {
    /// What to call the room.
    pub fn name<'a>(&'a self, room: &'a RoomId) -> &'a str {
        match self.title.as_str() {
            "" => room.as_str(),
            title => title,
        }
    }
}

/// Which rooms to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomFilter {
    /// All of them.
    #[default]
    All,
    /// A meeting is on.
    Live,
    /// Recorded now.
    Recording,
    /// A person has to look.
    Attention,
    /// Left out of the other lists.
    Hidden,
}

/// The room list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomList {
    /// The rows, most urgent first.
    pub rooms: Vec<RoomRow>,
    /// How many there are for each filter: all, live, recording, needs attention, hidden.
    pub counts: [u32; 5],
    /// What the reader may do.
    pub role: Role,
    /// Where the next page begins, if there is one: hand it back as `after`.
    pub older: Option<RoomPlace>,
    /// The server's time.
    pub now: Timestamp,
}

/// Somebody in a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParticipantView {
    /// The platform's user.
    pub id: ParticipantId,
    /// When they came.
    pub joined_at: Timestamp,
    /// When they left; `None`: they are here.
    pub left_at: Option<Timestamp>,
    /// Whether they share their screen.
    pub shares_screen: bool,
}

/// The page of one room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomView {
    /// The room.
    pub room: RoomId,
    /// What people say of it.
    pub label: RoomLabel,
    /// Who is in it.
    pub presence: Presence,
    /// The people of the present meeting, who left included.
    pub participants: Vec<ParticipantView>,
    /// The app it belongs to.
    pub app: AppView,
    /// The recording that takes the room (see `RecordingState::is_active`), or the last one while
    /// its files are awaited or a person has to look at it; not one that was given up.
    pub current: Option<RecordingView>,
    /// Recordings of this room, newest first, at most 10.
    pub recent: Vec<RecordingRow>,
    /// How many recordings there are of this room.
    pub recorded_times: u32,
    /// How long they are together, in milliseconds.
    pub recorded_millis: i64,
    /// What the form shows at first: the last that was typed for this room, or the default. For a
    /// reader who may not record, the type alone.
    pub form: StartForm,
    /// What the form can be filled with; nothing for a reader who may not record.
    pub presets: Presets,
    /// How often the room is recorded on a day.
    pub day: RoomDay,
    /// Whether it is always recorded, and what a person should look at.
    pub watch: RoomWatch,
    /// What the reader may do.
    pub role: Role,
    /// The server's time.
    pub now: Timestamp,
}

/// One row of the library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingRow {
    /// The recording.
    pub id: RecordingId,
    /// Its room.
    pub room: RoomId,
    /// How it came to be.
    pub origin: Origin,
    /// Where it stands.
    pub state: RecordingState,
    /// When it was requested or, if found, when it started.
    pub requested_at: Timestamp,
    /// When the platform began.
    pub started_at: Option<Timestamp>,
    /// When it was stopped.
    pub stopped_at: Option<Timestamp>,
    /// Milliseconds: the composite's own length if known, else start to stop.
    pub length: Option<i64>,
    /// The composite's file name, where it is known.
    pub file_name: Option<String>,
    /// What came and what is expected.
    pub ledger: Ledger,
    /// How late the missing files are.
    pub lateness: Lateness,
    /// Whether a person said that nothing was recorded, and no file came since.
    pub given_up: bool,
    /// Bytes of all files, as the platform or our copy says.
    pub bytes: u64,
    /// Files in our own storage.
    pub archived: u32,
    /// A frame to show, where there is one.
    pub thumbnail: Option<FileId>,
}

/// The library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Library {
    /// Newest first.
    pub recordings: Vec<RecordingRow>,
    /// How many match in all.
    pub total: u32,
    /// Where the next page begins, if there is one: hand it back as `before`.
    pub older: Option<String>,
    /// The server's time.
    pub now: Timestamp,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileView {
    /// The file; it is served at `/files/{id}`.
    pub id: FileId,
    /// What it shows.
    pub kind: FileKind,
    /// What it is made of.
    pub media: Media,
    /// Whose track it is.
    pub participant: Option<ParticipantId>,
    /// The platform's name for it.
    pub name: String,
    /// Bytes.
    pub size: Option<u64>,
    /// Milliseconds.
    pub length: Option<i64>,
    /// When its content starts.
    pub started_at: Option<Timestamp>,
    /// When its content ends.
    pub ended_at: Option<Timestamp>,
    /// When it was announced.
    pub announced_at: Timestamp,
    /// Where it stands.
    pub state: FileState,
    /// Why it is `failed`, `blocked` or `gone`: the cause.
    pub trouble: Option<Cause>,
    /// When a failed copy is tried again.
    pub next_try_at: Option<Timestamp>,
    /// SHA-256 of our copy, hex.
    pub sha256: Option<String>,
}

/// One line of a recording's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub event: HistoryEvent,
    /// Who did it: an account's name, or `None` for the platform and ourselves.
    pub actor: Option<String>,
    /// Why, where something went wrong.
    pub cause: Option<Cause>,
}

/// What a history line tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryEvent {
    /// We asked for the start.
    Requested,
    /// We asked for the start because the room is always recorded; the line's actor marked it.
    Always,
    /// The actor says that what the watchdog found is fine.
    Dismissed(AlertKind),
    /// It was found by its files.
    Found,
    /// It took this event.
    Took(RecordingEvent),
    /// A file of it was found by looking it up.
    LookedUp,
    /// A person looked for signs of it, and this was seen.
    Checked(Look),
    /// A person tied a call of the platform to it.
    Assigned,
}

/// A piece of a file name and the token that it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamePart {
    /// The token without its braces, for example `roomid`.
    pub token: String,
    /// What it became.
    pub value: String,
}

/// The page of one recording, and the running one in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingView {
    /// What a list shows of it.
    pub row: RecordingRow,
    /// Its app, where that is not the default one: what the address of its room has to name.
    pub app: Option<AppId>,
    /// The naming rule that it was started with.
    pub rule: Option<String>,
    /// The composite's name read backwards by the rule.
    pub name_parts: Vec<NamePart>,
    /// The user's own data.
    pub user_data: Option<String>,
    /// The storage path that was sent.
    pub path: Option<String>,
    /// Who started it.
    pub started_by: Option<String>,
    /// Who stopped it.
    pub stopped_by: Option<String>,
    /// When it stops by itself.
    pub auto_stop: AutoStop,
    /// What came and what is expected, a line each.
    pub lines: Vec<Line>,
    /// From when on missing files are late.
    pub late_at: Option<Timestamp>,
    /// When missing files are due.
    pub due_at: Option<Timestamp>,
    /// Our looks for signs of it, while nobody knows whether it runs.
    pub looks: Option<Looks>,
    /// What happened, oldest first.
    pub history: Vec<HistoryLine>,
    /// Composite, tracks, frames.
    pub files: Vec<FileView>,
    /// The server's time.
    pub now: Timestamp,
}

/// The settings page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The apps that were set up here; the sandbox is none of them.
    pub apps: Vec<AppSettings>,
    /// Where the platform posts files to, with the secret, from the root of the site.
    pub callback_path: String,
    /// Where the platform posts meetings and participants to.
    pub status_path: String,
    /// Where the platform reaches this server; `None`: not set.
    pub public_url: Option<String>,
    /// Who called with another address than these.
    pub turned_away: TurnedAwayView,
}

/// What changed; sent to every open page, which then loads again what it shows. A room of that id in
/// another app is loaded again, too; that costs a call and changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Change {
    /// A recording or one of its files.
    Recording {
        /// Which.
        id: RecordingId,
        /// Its room.
        room: RoomId,
    },
    /// A room: a meeting or who is in it.
    Room {
        /// Which.
        room: RoomId,
    },
    /// Calls of the platform: new ones, or what became of some.
    Callback,
    /// Which apps there are, or what one of them is.
    Apps,
}
