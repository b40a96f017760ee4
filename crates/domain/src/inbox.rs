//! The data of the inbox: the calls of the platform and their verdicts. All text from outside in it is
//! made [`visible`](crate::visible).

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::{
    callback::{CallbackKind, Verdict},
    file::{FileKind, Media},
    ids::{CallId, RecordingId},
    intake::RejectedView,
    time::Timestamp,
    user::Role,
    view::RecordingRow,
    words::words,
};

words!(InboxTab, InboxOnly);

/// The tabs of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum InboxTab {
    /// All calls.
    #[default]
    #[strum(serialize = "")]
    All,
    /// Unrecognised JSON that was not dealt with.
    Unrecognised,
    /// Unreadable calls that were not dealt with.
    Malformed,
    /// Files of automatically recorded recordings.
    Auto,
    /// Calls with nothing new, also checks of the address.
    Duplicate,
    /// Calls with something new.
    Accepted,
}

impl InboxTab {
    /// All variants, in the order in which they are shown.
    pub const ALL: &'static [Self] = Self::VARIANTS;
}

/// A further filter of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum InboxOnly {
    /// No filter.
    #[default]
    #[strum(serialize = "")]
    Everything,
    /// File callbacks.
    Files,
    /// Status callbacks.
    Status,
    /// Test callbacks.
    Tests,
    /// Calls that were dealt with.
    Dealt,
    /// Files that a look-up found in the platform's list.
    LookedUp,
}

impl InboxOnly {
    /// All variants, in the order in which they are shown.
    pub const ALL: &'static [Self] = Self::VARIANTS;
}

/// The mark of a call: its verdict, or something more specific.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallMark {
    /// Stored and not understood yet.
    Waiting,
    /// Something new.
    Accepted,
    /// A file of an automatically recorded recording.
    Auto,
    /// Nothing new.
    Duplicate,
    /// JSON, but unrecognised.
    Unrecognised,
    /// Unreadable.
    Malformed,
    /// A test callback of Reelroom.
    Test,
    /// A check of the address: a call without a body.
    AddressCheck,
}

/// The mark of a call.
pub const fn mark(verdict: Option<Verdict>, found: bool, test: bool, empty: bool) -> CallMark {
    match verdict {
        None => CallMark::Waiting,
        Some(_) if test => CallMark::Test,
        Some(Verdict::Duplicate) if empty => CallMark::AddressCheck,
        Some(Verdict::Accepted) if found => CallMark::Auto,
        Some(Verdict::Accepted) => CallMark::Accepted,
        Some(Verdict::Duplicate) => CallMark::Duplicate,
        Some(Verdict::Unrecognised) => CallMark::Unrecognised,
        Some(Verdict::Malformed) => CallMark::Malformed,
    }
}

/// The time of a call after the stop of its recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterStop {
    /// Its recording was not stopped here.
    NoStopKnown,
    /// After the stop.
    After {
        /// Milliseconds.
        millis: i64,
        /// Whether that is slower than usual.
        slow: bool,
    },
    /// The call is about no file.
    NotAFile,
}

/// One call of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRow {
    /// Its id.
    pub id: CallId,
    /// Its kind.
    pub kind: CallbackKind,
    /// When it was received.
    pub received_at: Timestamp,
    /// Its mark.
    pub mark: CallMark,
    /// Whether a person has dealt with it.
    pub dealt: bool,
    /// The room in it.
    pub room: Option<String>,
    /// The title of that room; may be empty.
    pub title: String,
    /// The file name in it.
    pub file_name: Option<String>,
    /// The kind of that file.
    pub file_kind: Option<FileKind>,
    /// The participant of the file.
    pub participant: Option<String>,
    /// Bytes of its body.
    pub size: u64,
    /// Its time after the stop.
    pub after_stop: AfterStop,
}

impl CallRow {
    /// The title of its room, or else the id.
    pub fn room_name(&self) -> Option<&str> {
        let id = self.room.as_deref()?;
        Some(if self.title.is_empty() {
            id
        } else {
            &self.title
        })
    }

    /// Whether it needs attention.
    pub const fn needs_attention(&self) -> bool {
        !self.dealt && matches!(self.mark, CallMark::Unrecognised | CallMark::Malformed)
    }
}

/// The progress of "replay all".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaying {
    /// The number of calls to read again.
    pub total: u32,
    /// The number of calls read again.
    pub done: u32,
    /// The number of those that are understood now.
    pub understood: u32,
    /// Whether it failed because of the database.
    pub broken: bool,
    /// The account that started it.
    pub by: String,
    /// When this was recorded.
    #[serde(default)]
    pub saved_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// The list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbox {
    /// Newest first.
    pub calls: Vec<CallRow>,
    /// The number of calls under each tab, at most [`Inbox::COUNTED`].
    pub counts: Vec<(InboxTab, u32)>,
    /// The cursor of the next page, if there is one, for `before`.
    pub older: Option<String>,
    /// The "replay all" in progress, or the reader's own that ended recently.
    pub replaying: Option<Replaying>,
    /// The reader's role.
    pub role: Role,
    /// The server's time.
    pub now: Timestamp,
}

impl Inbox {
    /// The highest count; more are shown as "10,000+".
    pub const COUNTED: u32 = 10_000;

    /// The number of calls under `tab`.
    pub fn count(&self, tab: InboxTab) -> u32 {
        let found = self.counts.iter().find(|(one, _)| *one == tab);
        found.map_or(0, |(_, count)| *count)
    }
}

/// The shown part of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyView {
    /// No body.
    Empty,
    /// JSON, to be shown with indentation.
    Json(String),
    /// Other text.
    Text(String),
    /// Anything else, as a hex dump.
    Hex(String),
    /// Deleted because it was old.
    Deleted {
        /// When.
        at: Timestamp,
        /// Its SHA-256, hex.
        sha256: String,
    },
}

/// The reason why a call was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// Not JSON, with the parser's message.
    NotJson(String),
    /// JSON, but not an object.
    NotAnObject,
    /// This member is missing.
    Missing(String),
    /// This member is there and cannot be read.
    Unreadable(String),
    /// A `type` that is not known.
    UnknownKind(String),
    /// The room's id is invalid.
    BadRoom,
    /// The file's name is too long.
    LongName,
    /// No known event in it.
    NoEvent,
}

/// The event of a status call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// A meeting began.
    MeetingBegan,
    /// A meeting ended.
    MeetingEnded,
    /// A participant joined.
    Came,
    /// A participant left.
    Left,
    /// A participant started to share their screen.
    ScreenOn,
    /// A participant stopped sharing their screen.
    ScreenOff,
    /// A participant started to share a document.
    DocumentOn,
    /// A participant stopped sharing a document.
    DocumentOff,
}

/// The reading of a member of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Means {
    /// The kind of the file.
    Kind(FileKind),
    /// Its media.
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
    /// The host of the file.
    Host(String),
    /// The user's own JSON object, with its number of members.
    Members(u32),
    /// The user's own text.
    Text,
    /// An event in the room that is the field's name.
    Event {
        /// The event.
        what: Happened,
        /// The participant.
        person: Option<String>,
        /// The time.
        at: Option<Timestamp>,
    },
    /// Absent or blank.
    Absent,
    /// Unreadable, and treated as absent.
    Unread,
    /// Not in the documents; stored.
    Kept,
}

/// A remark on a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// The time is in the platform's zone, which has this name.
    InZone(String),
    /// The name follows the rule of its recording.
    FollowsRule,
    /// The name does not follow that rule.
    BreaksRule,
    /// The app does not allow this host.
    NotAllowed,
    /// It is required and absent.
    Needed,
}

/// A member of the body and its reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldView {
    /// Its name in the documents' spelling, or as received if it is not in them.
    pub name: String,
    /// Its raw value; empty if absent.
    pub raw: String,
    /// Its reading.
    pub means: Means,
    /// A remark.
    pub remark: Option<Remark>,
}

impl FieldView {
    /// Whether it is wrong and to be highlighted.
    pub const fn is_wrong(&self) -> bool {
        matches!(self.means, Means::Unread)
            || matches!(
                self.remark,
                Some(Remark::BreaksRule | Remark::NotAllowed | Remark::Needed)
            )
    }
}

/// Whether a call can be assigned to a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assignable {
    /// It names no file.
    No,
    /// It names a file.
    Yes,
    /// It names a file, and a person has to say of which kind.
    AskKind,
}

/// One call in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallView {
    /// Its row in the list.
    pub row: CallRow,
    /// The address of its sender; empty if unknown.
    pub remote: String,
    /// Its content type as sent.
    pub content_type: Option<String>,
    /// Its body.
    pub body: BodyView,
    /// The number of bytes of it that are shown.
    pub shown: u64,
    /// Whether a token in it was masked.
    pub masked: bool,
    /// Whether addresses in it were masked, because the reader may not download the file.
    pub without_addresses: bool,
    /// Its members.
    pub fields: Vec<FieldView>,
    /// Why it was not understood.
    pub trouble: Option<Trouble>,
    /// The recording that it belongs to.
    pub recording: Option<RecordingRow>,
    /// The account that assigned it to that recording.
    pub assigned_by: Option<String>,
    /// The account that dealt with it, and when.
    pub dealt: Option<(String, Timestamp)>,
    /// When it was last read.
    pub understood_at: Option<Timestamp>,
    /// Whether it can be assigned to a recording.
    pub assignable: Assignable,
    /// Whether its assignment can be taken back: it tells nothing without it, and there is no copy.
    pub can_unassign: bool,
    /// Recordings that it may belong to, without its own.
    pub candidates: Vec<RecordingRow>,
    /// A command that sends it again, with the secret masked; `None` if it is too large.
    pub curl: Option<String>,
    /// The reader's role.
    pub role: Role,
    /// The server's time.
    pub now: Timestamp,
}

impl CallView {
    /// Whether its body was deleted, without which it cannot be read or sent again.
    pub const fn is_deleted(&self) -> bool {
        matches!(self.body, BodyView::Deleted { .. })
    }

    /// Whether it needs attention and can be assigned to a recording.
    pub const fn is_open_and_names_a_file(&self) -> bool {
        !matches!(self.assignable, Assignable::No) && self.row.needs_attention()
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
    /// The connection is accepted.
    Connection,
    /// The connection is secure.
    Tls,
    /// The answer is from Reelroom.
    Answer,
}

/// The failure of a test callback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// The name has no address.
    NoName,
    /// The connection was refused.
    Refused,
    /// No connection in time.
    Unreachable,
    /// A TLS error, with its message.
    NotSecure(String),
    /// Connected, but no answer before the timeout.
    NoAnswer,
    /// The connection broke.
    Broken,
    /// A redirect: the status and the address.
    Redirect(u16, String),
    /// Not found.
    NotFound,
    /// A proxy demands authentication.
    Gate(u16),
    /// Too large for a proxy.
    TooLarge,
    /// A proxy does not reach this server.
    Behind(u16),
    /// A web page.
    Page(u16),
    /// Something else.
    Other(u16),
    /// Another Reelroom: the call is not in this inbox.
    AnotherReelroom,
}

/// The report of a test callback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestReport {
    /// Its address, without the secret.
    pub address: String,
    /// When it was sent.
    pub at: Timestamp,
    /// The passed steps, with their milliseconds if measured. Unnecessary steps are left out.
    pub passed: Vec<(Hop, Option<u32>)>,
    /// The failed step and its failure; `None` if it arrived.
    pub failed: Option<(Hop, Obstacle)>,
    /// The call in the inbox.
    pub call: Option<CallId>,
}

/// The header of the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxHeader {
    /// The public URL, if set.
    pub public_url: Option<String>,
    /// The URL on this machine.
    pub local_url: Option<String>,
    /// The path of file callbacks; the secret is masked unless it is revealed.
    pub file_path: String,
    /// The path of status callbacks.
    pub status_path: String,
    /// Whether the secret is revealed.
    pub revealed: bool,
    /// When the last call was accepted.
    pub last_accepted_at: Option<Timestamp>,
    /// The report of the last test.
    pub test: Option<TestReport>,
    /// The rejected calls.
    pub rejected: RejectedView,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_call_has_the_test_mark_with_any_verdict() {
        assert_eq!(mark(None, false, true, true), CallMark::Waiting);
        let accepted = Some(Verdict::Accepted);
        assert_eq!(mark(accepted, true, true, false), CallMark::Test);
        assert_eq!(mark(accepted, true, false, false), CallMark::Auto);
        assert_eq!(
            mark(Some(Verdict::Duplicate), true, false, false),
            CallMark::Duplicate
        );
    }
}
