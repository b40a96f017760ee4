//! A call to be understood.

use reelroom_anyrtc::raw::Raw;
use reelroom_domain::{callback::Verdict, file::FileKind, ids::RecordingId, room::RoomId};
use reelroom_store::{calls::Call, inbox::Entry};

/// A call to be understood.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub call: Call,
    /// Its entry, if it was understood before.
    pub before: Option<Entry>,
    /// A person's assignment.
    pub assigned_to: Option<Assignment>,
}

/// The assignment of a call by a person.
#[derive(Debug, Clone)]
pub(crate) struct Assignment {
    pub recording: RecordingId,
    /// The room of that recording.
    pub room: RoomId,
    /// The kind of the file, where the call does not say it.
    pub kind: Option<FileKind>,
}

impl Reading {
    /// A call that is understood for the first time.
    pub const fn first(call: Call) -> Self {
        Self {
            call,
            before: None,
            assigned_to: None,
        }
    }

    /// Whether it was understood before, with something new.
    pub fn was_accepted(&self) -> bool {
        let before = self.before.as_ref();
        before.is_some_and(|before| before.understood.verdict == Verdict::Accepted)
    }

    /// The recording of its entry.
    pub fn recording(&self) -> Option<RecordingId> {
        self.before.as_ref()?.understood.recording
    }
}

/// The body of a call with its content headers.
pub(crate) fn raw(call: &Call) -> Raw<'_> {
    Raw {
        body: &call.content.body,
        content_type: call.content.content_type.as_deref(),
        content_encoding: call.content.content_encoding.as_deref(),
    }
}
