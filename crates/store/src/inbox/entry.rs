//! One call of the inbox.

use reelroom_domain::{
    callback::{CallbackKind, Subject, Understood},
    file::FileKind,
    ids::{CallId, RecordingId},
    room::{ParticipantId, RoomId},
    time::Timestamp,
};
use sqlx::any::AnyRow;

use crate::{Result, fields, row::Columns, select::Select};

/// A call as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The call.
    pub id: CallId,
    /// Its kind.
    pub kind: CallbackKind,
    /// When its last byte arrived.
    pub received_at: Timestamp,
    /// Bytes of its body.
    pub size: u64,
    /// Whether a look-up made it from the platform's list.
    pub looked_up: bool,
    /// How it was understood.
    pub understood: Understood,
    /// When.
    pub understood_at: Timestamp,
    /// When its old body was deleted, without which it cannot be read again.
    pub body_deleted_at: Option<Timestamp>,
    /// The recording that a person assigned it to.
    pub assigned_to: Option<RecordingId>,
    /// The kind of the file, as that person said.
    pub assigned_kind: Option<FileKind>,
    /// The account that did.
    pub assigned_by: Option<String>,
    /// When a person marked it as dealt with.
    pub dealt_at: Option<Timestamp>,
    /// The account that did.
    pub dealt_by: Option<String>,
}

pub(super) const COLUMNS: &str =
    "i.call_id, i.kind, i.received_at, i.size, i.looked_up, i.verdict, i.reason,
    i.recording_id, i.file_id, i.understood_at, i.room, i.file_name, i.file_kind, i.participant,
    i.found, i.test, i.body_deleted_at, i.assigned_to, i.assigned_kind, i.assigned_by, i.dealt_at, i.dealt_by";

pub(super) static ENTRIES: Select<Entry> = Select::new(COLUMNS, "inbox i", Entry::read);

impl Entry {
    pub(super) fn read(row: &AnyRow) -> Result<Self> {
        let row = Columns::new(row, "inbox", "call_id");
        let room: Option<String> = row.get("room")?;
        let participant: Option<String> = row.get("participant")?;
        Ok(fields!(row => Self {
            id: call_id, kind, received_at, size, looked_up, understood_at, body_deleted_at,
            assigned_to, assigned_kind, assigned_by, dealt_at, dealt_by,
            understood = fields!(row => Understood {
                verdict, reason, recording: recording_id, file: file_id,
                subject = fields!(row => Subject {
                    file_name, file_kind, found, test,
                    room = room.and_then(|room| RoomId::new(room).ok()),
                    participant = participant.and_then(|name| ParticipantId::new(name).ok())
                })
            })
        }))
    }
}
