//! Raw calls from the platform and what became of them.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::{
    file::FileKind,
    ids::{FileId, RecordingId},
    room::{ParticipantId, RoomId},
    words::words,
};

words!(CallbackKind, Verdict);

/// Which of the platform's two callbacks it was (`VENDOR.md` §3 and §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum CallbackKind {
    /// A finished file: `POST /AR/V1/av`.
    Av,
    /// Meetings and who is in them: `POST /AR/V1/status`.
    Status,
}

/// What we made of a raw call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    /// Understood, and it told something new.
    Accepted,
    /// Understood, and all of it was known.
    Duplicate,
    /// Well formed, but not of a kind that we know what to do with.
    Unrecognised,
    /// It cannot be read.
    Malformed,
}

/// How a call was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Understood {
    /// The verdict.
    pub verdict: Verdict,
    /// Why that verdict.
    pub reason: Option<String>,
    /// The recording that it belongs to.
    pub recording: Option<RecordingId>,
    /// The file that it announces.
    pub file: Option<FileId>,
    /// What it names, for finding it.
    pub subject: Subject,
}

/// What a call names, whatever became of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subject {
    /// The room.
    pub room: Option<RoomId>,
    /// The file.
    pub file_name: Option<String>,
    /// What that file shows.
    pub file_kind: Option<FileKind>,
    /// Whose file it is.
    pub participant: Option<ParticipantId>,
    /// Whether its recording was found by its files.
    pub found: bool,
    /// Whether we sent it ourselves, as a test.
    pub test: bool,
}
