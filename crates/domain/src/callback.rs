//! Raw calls from the platform and their verdicts.

use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::{
    file::FileKind,
    ids::{FileId, RecordingId},
    room::{ParticipantId, RoomId},
    words::words,
};

words!(CallbackKind, Verdict);

/// The kind of a callback (`VENDOR.md` §3 and §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum CallbackKind {
    /// A finished file: `POST /AR/V1/av`.
    Av,
    /// Meetings and their participants: `POST /AR/V1/status`.
    Status,
}

/// The verdict on a raw call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    /// Understood, with something new.
    Accepted,
    /// Understood, with nothing new: announced before, or a check of the address.
    Duplicate,
    /// Well-formed, but of an unknown kind.
    Unrecognised,
    /// Unreadable.
    Malformed,
}

/// The understanding of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Understood {
    /// The verdict.
    pub verdict: Verdict,
    /// The reason for the verdict.
    pub reason: Option<String>,
    /// The recording that it belongs to.
    pub recording: Option<RecordingId>,
    /// The file that it announces.
    pub file: Option<FileId>,
    /// The names in it, by which it is found.
    pub subject: Subject,
}

impl Understood {
    /// The understanding of a call that tells nothing but its verdict.
    pub fn of(verdict: Verdict) -> Self {
        Self {
            verdict,
            reason: None,
            recording: None,
            file: None,
            subject: Subject::default(),
        }
    }
}

/// The names in a call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subject {
    /// The room.
    pub room: Option<RoomId>,
    /// The file's name.
    pub file_name: Option<String>,
    /// The kind of that file.
    pub file_kind: Option<FileKind>,
    /// The participant of the file.
    pub participant: Option<ParticipantId>,
    /// Whether its recording was found by its files.
    pub found: bool,
    /// Whether we sent it ourselves, as a test.
    pub test: bool,
}
