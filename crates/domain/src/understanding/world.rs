//! The part of the world that calls touch, as loaded and as changed since.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::held::{FileKey, HeldFile, HeldMeeting, HeldRecording};
use crate::{
    change::Change,
    file::Announcement,
    ids::{CallId, FileId, MeetingId, RecordingId},
    keep::KeepState,
    ledger::Patience,
    meeting::{RoomEvent, RoomKey, Stay, was_there},
    recording::{Origin, Recording, RecordingEvent},
    room::{ParticipantId, RoomId},
    time::Timestamp,
    usage::DAY,
    view::HistoryEvent,
};

/// The most milliseconds from the request of a recording to the content of a file that is matched by
/// time and room, and from that content to the end of the meeting.
const LONGEST: i64 = 2 * DAY;

/// The part of the world that calls touch.
#[derive(Debug, Default)]
pub struct World {
    /// The time of the decision.
    pub now: Timestamp,
    /// The deadlines of files.
    pub patience: Patience,
    /// The rooms that the calls name.
    pub rooms: BTreeMap<RoomKey, Room>,
    /// The recordings that they may belong to.
    pub recordings: BTreeMap<RecordingId, HeldRecording>,
    /// The recordings that people assigned earlier calls of the same room and file name to.
    pub assigned: HashMap<(RoomId, String), RecordingId>,
    /// Those of the recordings that are on hold; loaded where look-ups found files.
    pub on_hold: BTreeSet<RecordingId>,
    /// The lines to add to histories, in their order.
    pub history: Vec<HistoryEntry>,
    /// The recordings that turned out to be others, in the order in which they were joined.
    pub joins: Vec<Join>,
    /// Recordings that lost a file and may have none left: found ones without files are deleted.
    pub emptied: BTreeSet<RecordingId>,
    files: Vec<HeldFile>,
    by_key: HashMap<FileKey, Vec<usize>>,
    by_place: HashMap<String, Vec<usize>>,
    by_id: HashMap<FileId, usize>,
    /// The files that look-ups found.
    guesses: Vec<usize>,
    changes: Vec<Change>,
    changed: HashSet<Change>,
}

/// A line of a recording's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The recording.
    pub recording: RecordingId,
    /// Its time.
    pub at: Timestamp,
    /// The event.
    pub event: HistoryEvent,
}

/// A found recording that turned out to be another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Join {
    /// The recording that no longer exists.
    pub from: RecordingId,
    /// The recording with its files, calls and history.
    pub into: RecordingId,
    /// Whether `from` is in the database.
    pub is_stored: bool,
}

/// A room and its changes.
#[derive(Debug, Clone, Default)]
pub struct Room {
    /// Whether the database has it.
    pub is_stored: bool,
    /// When it was first named, if the database does not have it.
    pub first_seen_at: Option<Timestamp>,
    /// Whether it is always recorded.
    pub is_always_recorded: bool,
    /// When the newest of these status calls about it was received.
    pub heard_at: Option<Timestamp>,
    /// Its recordings that were loaded.
    pub recordings: BTreeSet<RecordingId>,
    /// Its meetings that were loaded.
    pub meetings: BTreeMap<MeetingId, HeldMeeting>,
    /// The stays in them.
    pub stays: BTreeSet<(MeetingId, Stay)>,
    /// The stays as they are stored.
    pub stored_stays: BTreeSet<(MeetingId, Stay)>,
    /// Meetings to be deleted.
    pub forgotten: Vec<MeetingId>,
    /// Its events, as far as they were loaded.
    pub events: Events,
    /// The time up to which events were deleted: those of calls about that time are ignored.
    pub status_from: Option<Timestamp>,
    /// Events that are to be stored.
    pub new_events: Vec<RoomEvent>,
    pub(super) pending: BTreeSet<RoomEvent>,
    pub(super) is_pending: bool,
}

/// The events of a room that were loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Events {
    /// All events within a span outside which none matter: after the first time, up to the second.
    /// Milliseconds.
    Span {
        /// The bounds.
        between: (i64, i64),
        /// The events.
        events: BTreeSet<RoomEvent>,
    },
    /// None: all events of the calls are later, in order, and of participants of this meeting, which is
    /// on. Only the stays of these participants were loaded.
    Later(MeetingId),
}

impl Default for Events {
    fn default() -> Self {
        Self::Span {
            between: (i64::MIN, i64::MAX),
            events: BTreeSet::new(),
        }
    }
}

impl Room {
    /// Records that the room is named at `at`.
    pub(super) fn see(&mut self, at: Timestamp) {
        if !self.is_stored {
            self.first_seen_at = Some(self.first_seen_at.map_or(at, |first| first.min(at)));
        }
    }

    /// Meetings that are over.
    pub(super) fn past_meetings(&self) -> Vec<(Timestamp, Timestamp)> {
        let meetings = self.meetings.values().map(|held| held.meeting);
        meetings
            .filter_map(|meeting| Some((meeting.began_at, meeting.ended_at?)))
            .collect()
    }

    /// The participants who were certainly present at some moment from `from` to `to`, by name.
    pub(super) fn seen_between(&self, from: Timestamp, to: Timestamp) -> Vec<ParticipantId> {
        let was_on = |id: &MeetingId| {
            self.meetings.get(id).is_some_and(|held| {
                let meeting = held.meeting;
                meeting.began_at <= to && meeting.ended_at.is_none_or(|ended| ended >= from)
            })
        };
        let stays = self.stays.iter();
        let seen: BTreeSet<_> = stays
            .filter(|(id, stay)| was_there(stay, (from, to)) && was_on(id))
            .map(|(_, stay)| stay.who.clone())
            .collect();
        seen.into_iter().collect()
    }
}

/// The span of requests of recordings that the file may belong to, or may be joined with by its
/// meeting. A file may be announced much later.
pub fn window(file: &Announcement, received_at: Timestamp) -> (Timestamp, Timestamp) {
    let start = file.started_at.or(file.ended_at).unwrap_or(received_at);
    let end = file.end().unwrap_or(start).max(start);
    (start.plus_millis(-LONGEST), end.plus_millis(LONGEST))
}

impl World {
    /// An empty world.
    pub fn new(now: Timestamp, patience: Patience) -> Self {
        Self {
            now,
            patience,
            ..Self::default()
        }
    }

    /// Adds a recording that was loaded.
    pub fn hold(&mut self, held: HeldRecording) {
        let recording = &held.recording;
        let key = (recording.app, recording.room.clone());
        self.rooms
            .entry(key)
            .or_default()
            .recordings
            .insert(recording.id);
        self.recordings.entry(recording.id).or_insert(held);
    }

    /// Adds a file that was loaded.
    pub fn hold_file(&mut self, file: HeldFile) {
        if !self.by_id.contains_key(&file.id) {
            self.add_file(file);
        }
    }

    /// The files that are there, or were.
    pub fn files(&self) -> &[HeldFile] {
        &self.files
    }

    pub(super) fn add_file(&mut self, file: HeldFile) {
        let index = self.files.len();
        self.by_id.insert(file.id, index);
        self.by_key.entry(file.key()).or_default().push(index);
        if file.looked_up {
            self.guesses.push(index);
        }
        self.files.push(file);
        self.index_place(index);
    }

    fn index_place(&mut self, index: usize) {
        let place = self.files[index].announced.place();
        if !place.is_empty() {
            let files = self.by_place.entry(place.to_owned()).or_default();
            if !files.contains(&index) {
                files.push(index);
            }
        }
    }

    pub(super) fn file_at(&mut self, index: usize) -> &mut HeldFile {
        &mut self.files[index]
    }

    /// The takes and versions of this kind, participant and name in a recording.
    pub(super) fn files_named(
        &self,
        recording: RecordingId,
        file: &Announcement,
    ) -> impl Iterator<Item = usize> {
        let participant = file.participant.clone();
        let key = (recording, file.kind, participant, file.name.clone());
        self.by_key.get(&key).into_iter().flatten().copied()
    }

    /// The versions of a take, by the index of one of them.
    pub(super) fn versions_of(&self, index: usize) -> Vec<usize> {
        let file = &self.files[index];
        let named = self.files_named(file.recording, &file.announced);
        let mut versions: Vec<usize> = named
            .filter(|other| self.files[*other].take == file.take)
            .collect();
        versions.sort_unstable_by_key(|other| self.files[*other].version);
        versions
    }

    /// The files at a place.
    pub(super) fn files_at(&self, place: &str) -> impl Iterator<Item = usize> {
        let files = self.by_place.get(place).into_iter().flatten().copied();
        // They may have another address now.
        files.filter(move |index| {
            let file = &self.files[*index];
            file.announced.place() == place && file.joined_into.is_none()
        })
    }

    /// The files that look-ups found and that were not announced.
    pub(super) fn guesses(&self) -> impl Iterator<Item = (usize, &HeldFile)> {
        let files = self
            .guesses
            .iter()
            .map(|index| (*index, &self.files[*index]));
        files.filter(|(_, file)| file.looked_up && file.joined_into.is_none())
    }

    /// Marks a file as found by a look-up.
    pub(super) fn mark_guess(&mut self, id: FileId) {
        if let Some(index) = self.by_id.get(&id).copied() {
            self.files[index].looked_up = true;
            self.guesses.push(index);
        }
    }

    /// Applies a further announcement of a file.
    pub(super) fn update_file(&mut self, index: usize, file: &Announcement, call: Option<CallId>) {
        self.files[index].update(file, call);
        self.index_place(index);
    }

    /// Changes the recording, the kind, the participant or the name of a file.
    pub(super) fn rekey(&mut self, index: usize, change: impl FnOnce(&mut HeldFile)) {
        self.forget_key(index);
        let file = &mut self.files[index];
        change(file);
        file.is_changed = true;
        self.by_key.entry(file.key()).or_default().push(index);
    }

    fn forget_key(&mut self, index: usize) {
        if let Some(files) = self.by_key.get_mut(&self.files[index].key()) {
            files.retain(|other| *other != index);
        }
    }

    /// Joins a file into another, which gets its facts.
    pub(super) fn forget_file(&mut self, index: usize, into: usize) {
        self.forget_key(index);
        let file = self.files[index].clone();
        self.update_file(into, &file.announced, file.url_call);
        self.files[index].joined_into = Some(self.files[into].id);
    }

    /// The recording that `id` turned out to be.
    pub fn current(&self, id: RecordingId) -> RecordingId {
        let mut joins = self.joins.iter();
        joins
            .find(|join| join.from == id)
            .map_or(id, |join| self.current(join.into))
    }

    /// The file that `id` turned out to be.
    pub fn current_file(&self, id: FileId) -> FileId {
        let file = self.by_id.get(&id).map(|index| &self.files[*index]);
        file.and_then(|file| file.joined_into)
            .map_or(id, |into| self.current_file(into))
    }

    /// The recording of that id, or the one that it turned out to be.
    pub(super) fn recording(&self, id: RecordingId) -> Option<&Recording> {
        let held = self.recordings.get(&self.current(id))?;
        Some(&held.recording)
    }

    /// Whether the bytes of a recording are being deleted. Its files stay in it, and it is joined with no other one,
    /// until its certificate names all of them.
    pub(super) fn is_purging(&self, id: RecordingId) -> bool {
        let held = self.recordings.get(&id);
        held.is_some_and(|held| held.keep == KeepState::Purging)
    }

    /// Whether the bytes of a recording are being deleted, or were. No file of another one is moved to it: its copy
    /// would be deleted, too, or nobody could reach it.
    pub(super) fn is_deleted(&self, id: RecordingId) -> bool {
        let held = self.recordings.get(&id);
        held.is_some_and(|held| matches!(held.keep, KeepState::Purging | KeepState::Purged))
    }

    /// Adds a recording that was found by a file.
    pub(super) fn found(&mut self, recording: Recording) -> RecordingId {
        let (id, at) = (recording.id, recording.state_since);
        self.record(id, at, HistoryEvent::Found);
        let key = (recording.app, recording.room.clone());
        self.rooms.entry(key).or_default().see(at);
        self.hold(HeldRecording {
            is_changed: true,
            ..HeldRecording::new(recording, None)
        });
        id
    }

    /// Adds a line to a recording's history.
    pub(super) fn record(&mut self, recording: RecordingId, at: Timestamp, event: HistoryEvent) {
        self.history.push(HistoryEntry {
            recording,
            at,
            event,
        });
    }

    /// Applies an event to a recording, if its state allows it.
    pub(super) fn advance(&mut self, id: RecordingId, event: RecordingEvent) {
        let now = self.now;
        let Some(held) = self.recordings.get_mut(&id) else {
            return;
        };
        let recording = &mut held.recording;
        let Ok(to) = recording.state.after(event) else {
            return;
        };
        if to == recording.state {
            return;
        }
        (recording.state, recording.state_since) = (to, now);
        held.is_changed = true;
        self.record(id, now, HistoryEvent::Took(event));
    }

    /// The candidates in a room for a file of that window.
    pub(super) fn candidates(
        &self,
        key: &RoomKey,
        (since, until): (Timestamp, Timestamp),
    ) -> Vec<&Recording> {
        let ids = self.rooms.get(key).map(|room| &room.recordings);
        let recordings = ids
            .into_iter()
            .flatten()
            .map(|id| &self.recordings[id].recording);
        recordings
            .filter(|one| (since..=until).contains(&one.requested_at))
            .collect()
    }

    pub(super) fn changed(&mut self, change: Change) {
        if self.changed.insert(change.clone()) {
            self.changes.push(change);
        }
    }

    pub(super) fn changed_recording(&mut self, id: RecordingId) {
        if let Some(held) = self.recordings.get(&id) {
            let (app, room) = (held.recording.app, held.recording.room.clone());
            self.changed(Change::Recording { id, app, room });
        }
    }

    pub(super) fn take_changes(&mut self) -> Vec<Change> {
        self.changed.clear();
        std::mem::take(&mut self.changes)
    }

    /// Extends a found recording to the times of a file.
    pub(super) fn widen(
        &mut self,
        id: RecordingId,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
    ) {
        let Some(held) = self.recordings.get_mut(&id) else {
            return;
        };
        let recording = &mut held.recording;
        if recording.origin != Origin::AutoRecorded {
            return;
        }
        let started_at = from.into_iter().chain(recording.started_at).min();
        let stopped_at = to.into_iter().chain(recording.stopped_at).max();
        if (started_at, stopped_at) != (recording.started_at, recording.stopped_at) {
            held.is_changed = true;
        }
        recording.requested_at = started_at.unwrap_or(recording.requested_at);
        (recording.started_at, recording.stopped_at) = (started_at, stopped_at);
    }
}
