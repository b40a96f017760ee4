//! Calls, as understanding takes them.

use reelroom_anyrtc::raw::Raw;
use reelroom_domain::{ids::RecordingId, room::RoomId};
use reelroom_store::{calls::Call, inbox::Entry};

/// A call to be understood.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub call: Call,
    /// How it was understood before.
    pub before: Option<Entry>,
    /// The recording that a person assigned it to, and its room.
    pub assigned_to: Option<(RecordingId, RoomId)>,
}

impl Reading {
    /// A call that was not understood before.
    pub const fn first(call: Call) -> Self {
        Self {
            call,
            before: None,
            assigned_to: None,
        }
    }

    /// The recording that it was understood to belong to.
    pub fn recording(&self) -> Option<RecordingId> {
        self.before.as_ref()?.understood.recording
    }
}

/// What came, with what its head says of it.
pub(crate) fn raw(call: &Call) -> Raw<'_> {
    Raw {
        body: &call.content.body,
        content_type: call.content.content_type.as_deref(),
        content_encoding: call.content.content_encoding.as_deref(),
    }
}
