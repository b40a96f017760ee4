//! What the inbox shows: every call of the platform, and what became of it. All text in these
//! shapes is made [`visible`](crate::visible): it came from outside.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::{
    callback::{CallbackKind, Verdict},
    file::{FileKind, Media},
    ids::{CallId, RecordingId},
    intake::TurnedAwayView,
    time::Timestamp,
    user::Role,
    view::RecordingRow,
    words::words,
};

words!(InboxTab, InboxOnly);

/// The tabs of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum InboxTab {
    /// All of them.
    #[default]
    #[strum(serialize = "")]
    All,
    /// JSON that was not understood, and with which nobody has dealt.
    Unrecognised,
    /// What could not be read, and with which nobody has dealt.
    Malformed,
    /// Files of recordings that were found by them.
    Auto,
    /// What was known already.
    Duplicate,
    /// What told something new.
    Accepted,
}

impl InboxTab {
    /// Each of them, in the order in which they are shown.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// Of that spelling; anything else is the first.
    pub fn read(word: &str) -> Self {
        word.parse().unwrap_or_default()
    }
}

/// What else narrows the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum InboxOnly {
    /// Nothing.
    #[default]
    #[strum(serialize = "")]
    Everything,
    /// Announced files.
    Files,
    /// Meetings and people.
    Status,
    /// Our own test callbacks.
    Tests,
    /// With which somebody has dealt.
    Dealt,
    /// Nobody called: we found the file in the platform's list.
    LookedUp,
}

impl InboxOnly {
    /// Each of them, in the order in which they are shown.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// Of that spelling; anything else is the first.
    pub fn read(word: &str) -> Self {
        word.parse().unwrap_or_default()
    }
}

/// How a call is marked: its verdict, or what says more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallMark {
    /// Kept, not looked at yet.
    Waiting,
    /// It told something new.
    Accepted,
    /// A file of a recording that was found by its files.
    Auto,
    /// All of it was known.
    Duplicate,
    /// JSON, but nothing that we know.
    Unrecognised,
    /// It cannot be read.
    Malformed,
    /// Sent by ourselves, to try the way.
    Test,
}

/// The mark of a call.
pub const fn mark(verdict: Option<Verdict>, found: bool, test: bool) -> CallMark {
    match verdict {
        None => CallMark::Waiting,
        Some(_) if test => CallMark::Test,
        Some(Verdict::Accepted) if found => CallMark::Auto,
        Some(Verdict::Accepted) => CallMark::Accepted,
        Some(Verdict::Duplicate) => CallMark::Duplicate,
        Some(Verdict::Unrecognised) => CallMark::Unrecognised,
        Some(Verdict::Malformed) => CallMark::Malformed,
    }
}

/// When a call came, seen from the stop of its recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterStop {
    /// It belongs to no recording that we stopped.
    NoStopKnown,
    /// So many milliseconds after it.
    After {
        /// Milliseconds.
        millis: i64,
        /// Whether that is later than usual.
        slow: bool,
    },
    /// It tells of no file.
    NotAFile,
}

/// One call of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallRow {
    /// Which.
    pub id: CallId,
    /// Which of the two calls it is.
    pub kind: CallbackKind,
    /// When it came.
    pub received_at: Timestamp,
    /// How it is marked.
    pub mark: CallMark,
    /// Whether a person has said that it is dealt with.
    pub dealt: bool,
    /// The room that it names.
    pub room: Option<String>,
    /// The file that it names.
    pub file_name: Option<String>,
    /// What that file shows.
    pub file_kind: Option<FileKind>,
    /// Whose file it is.
    pub participant: Option<String>,
    /// Bytes of its body.
    pub size: u64,
    /// How long after the stop.
    pub after_stop: AfterStop,
}

impl CallRow {
    /// Whether a person has to look.
    pub const fn needs_a_look(&self) -> bool {
        !self.dealt && matches!(self.mark, CallMark::Unrecognised | CallMark::Malformed)
    }
}

/// How far "replay all" is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaying {
    /// Calls that were to be read again when it began.
    pub total: u32,
    /// How many were.
    pub done: u32,
    /// How many of these are understood now.
    pub understood: u32,
    /// Whether it broke off: the database did not answer.
    pub broken: bool,
    /// Who began it.
    pub by: String,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// The list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// Newest first.
    pub calls: Vec<CallRow>,
    /// How many there are under each tab, at most [`Inbox::COUNTED`].
    pub counts: Vec<(InboxTab, u32)>,
    /// Where the next page begins, if there is one: hand it back as `before`.
    pub older: Option<String>,
    /// The last "replay all", while somebody may want to know.
    pub replaying: Option<Replaying>,
    /// What the reader may do.
    pub role: Role,
    /// The server's time.
    pub now: Timestamp,
}

impl Inbox {
    /// Where counting ends: more is "so many and more".
    pub const COUNTED: u32 = 10_000;

    /// How many there are under `tab`.
    pub fn count(&self, tab: InboxTab) -> u32 {
        let found = self.counts.iter().find(|(one, _)| *one == tab);
        found.map_or(0, |(_, count)| *count)
    }
}

/// A body, as far as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyView {
    /// There is none.
    Empty,
    /// JSON, to be set in lines.
    Json(String),
    /// Other text.
    Text(String),
    /// Anything else, as a hex dump.
    Hex(String),
}

/// Why a call was not understood, where there is a sentence for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// It is no JSON; what the reader said.
    NotJson(String),
    /// JSON, but not an object.
    NotAnObject,
    /// This member is missing.
    Missing(String),
    /// A `type` that is not known.
    UnknownKind(String),
    /// The room's name cannot be one.
    BadRoom,
    /// Nothing that is known happened in it.
    NoEvent,
}

/// What a status call tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happened {
    /// A meeting began.
    MeetingBegan,
    /// It ended.
    MeetingEnded,
    /// Somebody came.
    Came,
    /// Somebody left.
    Left,
    /// Somebody shares their screen.
    ScreenOn,
    /// … and no longer.
    ScreenOff,
    /// Somebody shares a document.
    DocumentOn,
    /// … and no longer.
    DocumentOff,
}

/// What a member of the body was taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// What the file shows.
    Kind(FileKind),
    /// What it is made of.
    Media(Media),
    /// A room.
    Room(String),
    /// A participant.
    Person(String),
    /// A file's name.
    Name(String),
    /// Bytes.
    Bytes(u64),
    /// Milliseconds.
    Length(i64),
    /// A moment.
    Moment(Timestamp),
    /// Where the file is.
    Host(String),
    /// The user's own JSON object with so many members.
    Members(u32),
    /// The user's own text.
    Text,
    /// Something happened in the room that the field is named by.
    Event {
        /// What.
        what: Happened,
        /// To whom.
        person: Option<String>,
        /// When.
        at: Option<Timestamp>,
    },
    /// Not there, or blank.
    Absent,
    /// It could not be read, and counts as unknown.
    Unread,
    /// Not in the documents; kept.
    Kept,
}

/// What more there is to say of a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remark {
    /// A local time of this zone.
    InZone(String),
    /// The name follows the rule of its recording.
    FollowsRule,
    /// It does not.
    BreaksRule,
    /// The app does not allow this host.
    NotAllowed,
    /// It is needed, and not there.
    Needed,
}

/// One member of the body and how it was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldView {
    /// Its name as the documents spell it; as it came, where they do not know it.
    pub name: String,
    /// What came; empty: nothing.
    pub raw: String,
    /// What it was taken for.
    pub means: Means,
    /// What more there is to say.
    pub remark: Option<Remark>,
}

impl FieldView {
    /// Whether it is what a person should look at first.
    pub const fn is_wrong(&self) -> bool {
        matches!(self.means, Means::Unread)
            || matches!(
                self.remark,
                Some(Remark::BreaksRule | Remark::NotAllowed | Remark::Needed)
            )
    }
}

/// One call, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallView {
    /// What the list shows of it.
    pub row: CallRow,
    /// The address that it came from; empty: not known.
    pub remote: String,
    /// Its content type as sent.
    pub content_type: Option<String>,
    /// Its body.
    pub body: BodyView,
    /// How many bytes of it are shown.
    pub shown: u64,
    /// Whether a token in it was masked.
    pub masked: bool,
    /// Field by field.
    pub fields: Vec<FieldView>,
    /// Why it was not understood.
    pub trouble: Option<Trouble>,
    /// The recording that it tells of.
    pub recording: Option<RecordingRow>,
    /// Who tied it to that recording by hand.
    pub assigned_by: Option<String>,
    /// Who has dealt with it, and when.
    pub dealt: Option<(String, Timestamp)>,
    /// When it was last read.
    pub understood_at: Option<Timestamp>,
    /// Whether it can be tied to a recording: it names a file.
    pub assignable: bool,
    /// Recordings that it may belong to; the one that it is tied to is none of them.
    pub candidates: Vec<RecordingRow>,
    /// A command that sends it again, secret masked; `None`: too large for that.
    pub curl: Option<String>,
    /// What the reader may do.
    pub role: Role,
    /// The server's time.
    pub now: Timestamp,
}

impl CallView {
    /// Whether a person has to look, and can help by naming the recording.
    pub const fn is_open_and_names_a_file(&self) -> bool {
        self.assignable && self.row.needs_a_look()
    }

    /// The recording's id.
    pub fn recording_id(&self) -> Option<RecordingId> {
        self.recording.as_ref().map(|recording| recording.id)
    }
}

/// The steps of a test callback, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hop {
    /// The host's name has an address.
    Name,
    /// Somebody listens there.
    Connection,
    /// The connection is secure.
    Tls,
    /// It is us who answer.
    Answer,
}

/// What went wrong with a test callback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// The name has no address.
    NoName,
    /// Nobody listens.
    Refused,
    /// No connection in time.
    Unreachable,
    /// No secure connection; what was said of it.
    NotSecure(String),
    /// Connected, but no answer in time.
    NoAnswer,
    /// The connection broke.
    Broken,
    /// It leads elsewhere: the status and where to.
    Redirect(u16, String),
    /// Nothing is known there.
    NotFound,
    /// A gate in front of us asks who calls.
    Gate(u16),
    /// Larger than what a gate in front of us lets through.
    TooLarge,
    /// Whatever stands in front of us does not reach us.
    Behind(u16),
    /// A page for people.
    Page(u16),
    /// Something else.
    Other(u16),
    /// An answer as ours, but the call is not in our inbox.
    AnotherReelroom,
}

/// How a test callback went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestReport {
    /// Where it went, without the secret.
    pub address: String,
    /// When it was sent.
    pub at: Timestamp,
    /// The steps that were made, with their milliseconds where they could be measured. A step that
    /// there is no need for is left out.
    pub passed: Vec<(Hop, Option<u32>)>,
    /// Where it ended and why; `None`: it arrived.
    pub failed: Option<(Hop, Obstacle)>,
    /// The call in the inbox.
    pub call: Option<CallId>,
}

/// What stands above the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    /// The site as the platform reaches it; `None`: not set.
    pub public_url: Option<String>,
    /// The site as this machine reaches it.
    pub local_url: Option<String>,
    /// Path for files; the secret is masked unless it was asked for.
    pub file_path: String,
    /// Path for status.
    pub status_path: String,
    /// Whether the paths hold the secret.
    pub revealed: bool,
    /// When the last call was accepted.
    pub last_accepted_at: Option<Timestamp>,
    /// How the last test went.
    pub test: Option<TestReport>,
    /// Calls that may not call.
    pub turned_away: TurnedAwayView,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        let tabs = [
            "",
            "unrecognised",
            "malformed",
            "auto",
            "duplicate",
            "accepted",
        ];
        assert_eq!(tabs.map(InboxTab::read), *InboxTab::ALL);
        let only = ["", "files", "status", "tests", "dealt", "looked_up"];
        assert_eq!(only.map(InboxOnly::read), *InboxOnly::ALL);
        assert_eq!(InboxTab::read("nonsense"), InboxTab::All);
    }

    #[test]
    fn a_test_is_marked_as_one_whatever_became_of_it() {
        assert_eq!(mark(None, false, true), CallMark::Waiting);
        assert_eq!(mark(Some(Verdict::Accepted), true, true), CallMark::Test);
        assert_eq!(mark(Some(Verdict::Accepted), true, false), CallMark::Auto);
        assert_eq!(
            mark(Some(Verdict::Duplicate), true, false),
            CallMark::Duplicate
        );
    }
}
