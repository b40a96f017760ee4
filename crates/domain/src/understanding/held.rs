//! Recordings, files and meetings as they are stored and as changed since.

use std::collections::BTreeMap;

use crate::{
    file::{Announcement, FileEvent, FileKind, FileState},
    ids::{CallId, FileId, MeetingId, RecordingId},
    keep::KeepState,
    ledger::Ledger,
    meeting::Meeting,
    recording::Recording,
    room::ParticipantId,
    time::Timestamp,
};

/// A recording and its changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRecording {
    /// The recording.
    pub recording: Recording,
    /// The meeting that it records.
    pub meeting: Option<MeetingId>,
    /// Whether it is kept or deleted.
    pub keep: KeepState,
    /// Its files by kind and participant; loaded only for started recordings that are not ready, and that
    /// have a composite or may get one from the calls.
    pub files: BTreeMap<(FileKind, Option<ParticipantId>), u32>,
    /// The participants whose tracks are expected; loaded only for started recordings that are not ready.
    pub expected: Vec<ParticipantId>,
    /// When a look-up last found a file of it.
    pub looked_up_at: Option<Timestamp>,
    /// Whether the database has it.
    pub is_stored: bool,
    /// Whether its row is to be written.
    pub is_changed: bool,
    /// Whether its expected tracks are to be written.
    pub is_expected_changed: bool,
}

impl HeldRecording {
    /// A recording as it is stored.
    pub fn stored(recording: Recording, meeting: Option<MeetingId>, keep: KeepState) -> Self {
        Self {
            is_stored: true,
            keep,
            ..Self::new(recording, meeting)
        }
    }

    pub(super) const fn new(recording: Recording, meeting: Option<MeetingId>) -> Self {
        Self {
            recording,
            meeting,
            keep: KeepState::Kept,
            files: BTreeMap::new(),
            expected: Vec::new(),
            looked_up_at: None,
            is_stored: false,
            is_changed: false,
            is_expected_changed: false,
        }
    }

    /// Its ledger.
    pub fn ledger(&self) -> Ledger {
        let count = |kind| {
            let of_kind = self.files.iter().filter(move |((one, _), _)| *one == kind);
            of_kind.map(|(_, count)| *count).sum()
        };
        let tracks = self.files.keys();
        let tracks = tracks.filter(|(kind, _)| *kind == FileKind::Track).count();
        Ledger {
            composites: count(FileKind::Composite),
            tracks: u32::try_from(tracks).unwrap_or(u32::MAX),
            tracks_expected: self.recording.tracks_expected,
            frames: count(FileKind::Frame),
            frames_expected: self.recording.frames_expected,
        }
    }

    /// Whether it has the track of each expected participant.
    pub(super) fn has_every_track(&self) -> bool {
        let has = |who: &ParticipantId| {
            let key = (FileKind::Track, Some(who.clone()));
            self.files.contains_key(&key)
        };
        self.expected.iter().all(has)
    }

    pub(super) fn count(&mut self, file: &Announcement) {
        let key = (file.kind, file.participant.clone());
        *self.files.entry(key).or_default() += 1;
    }

    pub(super) fn uncount(&mut self, file: &Announcement) {
        let key = (file.kind, file.participant.clone());
        if let Some(count) = self.files.get_mut(&key) {
            *count -= 1;
            if *count == 0 {
                self.files.remove(&key);
            }
        }
    }
}

/// The key of a file: its recording, kind, participant and name. Takes and versions share it.
pub(super) type FileKey = (RecordingId, FileKind, Option<ParticipantId>, String);

/// A version of a file and its changes.
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent of each other"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldFile {
    /// Its id.
    pub id: FileId,
    /// The first version of its take.
    pub take: FileId,
    /// Its number within the take.
    pub version: u32,
    /// Its recording.
    pub recording: RecordingId,
    /// Its announcement.
    pub announced: Announcement,
    /// Its state.
    pub state: FileState,
    /// Whether the storage has a copy of it, or had one, which is lost until it is found again.
    pub has_key: bool,
    /// The call that announced it.
    pub call: Option<CallId>,
    /// The call that announced its address.
    pub url_call: Option<CallId>,
    /// When it was first announced.
    pub announced_at: Timestamp,
    /// Whether it was found by a look-up and not announced.
    pub looked_up: bool,
    /// Whether the database has it.
    pub is_stored: bool,
    /// Whether its row is to be written.
    pub is_changed: bool,
    /// Whether it is to be fetched anew.
    pub is_renewed: bool,
    /// The file that it turned out to be.
    pub joined_into: Option<FileId>,
}

impl HeldFile {
    pub(super) fn key(&self) -> FileKey {
        let file = &self.announced;
        let participant = file.participant.clone();
        (self.recording, file.kind, participant, file.name.clone())
    }

    /// Whether nothing is lost with it: there is no copy of it and was none, and none is being made.
    pub(super) const fn is_uncopied(&self) -> bool {
        !self.has_key
            && !matches!(
                self.state,
                FileState::Archived | FileState::Fetching | FileState::Purged
            )
    }

    /// Adds what another announcement says: facts that it lacks and, from a newer call, the address, with
    /// which a missing copy is tried anew.
    pub(super) fn update(&mut self, file: &Announcement, call: Option<CallId>) {
        let before = self.announced.clone();
        self.announced.fill(file);
        let is_newer = before.url.is_empty() || self.url_call < call;
        if is_newer && !file.url.is_empty() {
            self.announced.url.clone_from(&file.url);
            self.url_call = call;
            self.is_changed = true;
            if let Ok(state) = self.state.after(FileEvent::Renewed) {
                self.state = state;
                self.is_renewed = true;
            }
        }
        self.is_changed |= self.announced != before;
    }
}

/// A meeting and its changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldMeeting {
    /// The meeting.
    pub meeting: Meeting,
    /// Whether its recording is to be started automatically.
    pub is_to_start: bool,
    /// Whether the database has it.
    pub is_stored: bool,
    /// Whether its row is to be written.
    pub is_changed: bool,
}
