//! Decides what follows from the announcement of a file.

use super::{
    call::{FileCall, ReadCall},
    held::HeldFile,
    world::World,
};
use crate::{
    callback::{Subject, Understood, Verdict},
    file::{Announcement, FileKind, FileState},
    identity::Identity,
    ids::{FileId, Ids, RecordingId},
    recording::{Origin, RecordingEvent, RecordingState},
    time::Timestamp,
    view::HistoryEvent,
};

/// The time in milliseconds within which the files of one look-up are understood.
pub const AT_ONCE: i64 = 60_000;

/// The effect of an announcement.
enum Announced {
    /// The first announcement of this file or take.
    New,
    /// A known file with other content: a new version.
    Version,
    /// Known from another call; missing facts were filled in.
    Same,
    /// Announced by the same call before; nothing changed.
    Again,
}

impl World {
    /// Decides what follows from the announcement of a file.
    pub(super) fn file(
        &mut self,
        call: &ReadCall,
        meaning: &FileCall,
        ids: &mut dyn Ids,
    ) -> Understood {
        for app in meaning
            .token
            .map(|(app, _)| app)
            .into_iter()
            .chain([meaning.app])
        {
            self.update_room(&(app, meaning.room.clone()), ids);
        }
        let (recording, file) = self.assign(call, meaning, ids);
        let found = self
            .recording(recording)
            .is_some_and(|known| known.origin == Origin::AutoRecorded);
        let understood = |verdict, file_id| Understood {
            verdict,
            reason: None,
            recording: Some(recording),
            file: Some(file_id),
            subject: Subject {
                room: Some(meaning.room.clone()),
                file_name: Some(file.name.clone()),
                file_kind: Some(file.kind),
                participant: file.participant.clone(),
                found,
                test: false,
            },
        };
        let corrects = if meaning.looked_up {
            if let Some(known) = self.announced_as(recording, file) {
                let verdict = if known.call == Some(call.id) {
                    Verdict::Accepted
                } else {
                    Verdict::Duplicate
                };
                return understood(verdict, known.id);
            }
            false
        } else {
            self.adopt(recording, file)
        };
        let (id, became) = self.announce(call, recording, file, ids);
        if !matches!(became, Announced::Again) && meaning.before.is_none()
            || matches!(became, Announced::New | Announced::Version)
        {
            self.widen(recording, file.started_at, file.end());
        }
        if meaning.looked_up && matches!(became, Announced::New) {
            self.record_look_up(recording, id);
        }
        let assigned = meaning.assigned_to.is_some();
        let (verdict, is_news) = match became {
            Announced::New | Announced::Version => (Verdict::Accepted, true),
            Announced::Again => (Verdict::Accepted, assigned),
            Announced::Same if corrects || assigned => (Verdict::Accepted, true),
            Announced::Same => (Verdict::Duplicate, false),
        };
        if is_news {
            // A composite without an end also ends a started recording: when its announcement was received.
            let ended_at = file.end().unwrap_or(call.received_at);
            self.move_on(recording, file, ended_at);
            self.changed_recording(recording);
        }
        understood(verdict, id)
    }

    /// The file of a recording at this place, else with this name and not of another time.
    fn announced_as(&self, recording: RecordingId, file: &Announcement) -> Option<&HeldFile> {
        let is_own = |known: &&HeldFile| known.recording == recording;
        let at_place = self.files_at(file.place());
        let at_place = at_place.map(|index| &self.files()[index]).find(is_own);
        at_place.or_else(|| {
            let known = self.files().iter().filter(is_own);
            known
                .filter(|known| known.joined_into.is_none())
                .find(|known| is_named(&known.announced, file))
        })
    }

    /// Corrects a file that a look-up found in this room by its announcement; returns whether the guess
    /// was wrong. A file of a recording that is on hold or being purged stays in it, and none is moved to one that is
    /// being purged or was.
    fn adopt(&mut self, recording: RecordingId, file: &Announcement) -> bool {
        let Some(of) = self.recording(recording) else {
            return false;
        };
        let room = (of.app, of.room.clone());
        let is_own = |known: &HeldFile| known.recording == recording;
        let is_at =
            |known: &HeldFile| !file.place().is_empty() && known.announced.place() == file.place();
        let is_of_room = |known: &HeldFile| {
            let of = self.recording(known.recording);
            of.is_some_and(|of| (of.app, &of.room) == (room.0, &room.1))
        };
        let is_deleted = self.is_deleted(recording);
        let is_free = |known: &HeldFile| {
            !is_deleted
                && !self.on_hold.contains(&known.recording)
                && !self.is_purging(known.recording)
        };
        let find = |which: &dyn Fn(&HeldFile) -> bool| {
            let mut guesses = self.guesses();
            guesses
                .find(|(_, known)| which(known))
                .map(|(index, _)| index)
        };
        let found = find(&|known| is_own(known) && is_at(known))
            .or_else(|| find(&|known| is_own(known) && is_named(&known.announced, file)))
            .or_else(|| find(&|known| is_at(known) && is_of_room(known) && is_free(known)));
        let Some(index) = found else { return false };
        let before = self.files()[index].clone();
        let owner = before.recording;
        let corrected = owner != recording
            || before.announced.kind != file.kind
            || before.announced.participant != file.participant;
        let is_take = self.move_take(index, |known| {
            known.recording = recording;
            known.looked_up = false;
            known.announced.kind = file.kind;
            known.announced.participant.clone_from(&file.participant);
            known.announced.media = file.media;
            known.announced.name.clone_from(&file.name);
        });
        if let Some(held) = self.recordings.get_mut(&owner) {
            held.uncount(&before.announced);
        }
        if let Some(held) = self.recordings.get_mut(&recording)
            && is_take
        {
            held.count(file);
        }
        if owner != recording {
            self.emptied.insert(owner);
            self.changed_recording(owner);
        }
        corrected
    }

    fn announce(
        &mut self,
        call: &ReadCall,
        recording: RecordingId,
        file: &Announcement,
        ids: &mut dyn Ids,
    ) -> (FileId, Announced) {
        let is_own = |index: &usize| self.files()[*index].call == Some(call.id);
        if let Some(own) = self.files_named(recording, file).find(is_own) {
            return (self.files()[own].id, Announced::Again);
        }
        let closest = self.closest(recording, file);
        if let Some((Identity::Same, index)) = closest {
            self.update_file(index, file, Some(call.id));
            if self.files()[index].is_renewed {
                self.changed_recording(recording);
            }
            return (self.files()[index].id, Announced::Same);
        }
        let id: FileId = ids.next(call.received_at).into();
        let (take, version) = closest.map_or((id, 1), |(_, index)| {
            (self.files()[index].take, self.next_version(index))
        });
        self.add_file(HeldFile {
            id,
            take,
            version,
            recording,
            announced: file.clone(),
            state: FileState::Remote,
            has_key: false,
            call: Some(call.id),
            url_call: (!file.url.is_empty()).then_some(call.id),
            announced_at: call.received_at,
            looked_up: false,
            is_stored: false,
            is_changed: true,
            is_renewed: false,
            joined_into: None,
        });
        if take != id {
            return (id, Announced::Version);
        }
        if let Some(held) = self.recordings.get_mut(&recording) {
            held.count(file);
        }
        (id, Announced::New)
    }

    /// Records in the history that a look-up found files, once for all of them.
    fn record_look_up(&mut self, recording: RecordingId, file: FileId) {
        let now = self.now;
        self.mark_guess(file);
        let Some(held) = self.recordings.get_mut(&recording) else {
            return;
        };
        let last = held.looked_up_at.replace(now);
        if last.is_none_or(|last| now.since(last) >= AT_ONCE) {
            self.record(recording, now, HistoryEvent::LookedUp);
        }
    }

    /// Changes the state of a recording with a new file.
    fn move_on(&mut self, id: RecordingId, file: &Announcement, ended_at: Timestamp) {
        let kind = file.kind;
        let Some(held) = self.recordings.get(&id) else {
            return;
        };
        let recording = &held.recording;
        if kind == FileKind::Composite
            && recording.origin == Origin::Started
            && recording.stopped_at.is_none()
        {
            self.end(id, ended_at);
        }
        let Some(held) = self.recordings.get(&id) else {
            return;
        };
        // A new file does not change a complete recording.
        if held.recording.state == RecordingState::Ready {
            return;
        }
        // A file without an address cannot be fetched, so it completes no recording.
        let event = if file.url.is_empty() {
            RecordingEvent::PartArrived
        } else if held.ledger().is_complete() {
            RecordingEvent::LastFileArrived
        } else if kind == FileKind::Composite {
            RecordingEvent::CompositeArrived
        } else {
            RecordingEvent::PartArrived
        };
        self.advance(id, event);
    }

    /// Ends a recording at `at` and sets its expected tracks.
    fn end(&mut self, id: RecordingId, at: Timestamp) {
        let Some(held) = self.recordings.get_mut(&id) else {
            return;
        };
        held.recording.stopped_at = Some(at);
        held.is_changed = true;
        self.expect_tracks(id);
    }

    /// Sets the expected tracks of an ended recording; returns whether they changed.
    pub(super) fn expect_tracks(&mut self, id: RecordingId) -> bool {
        let Some(held) = self.recordings.get_mut(&id) else {
            return false;
        };
        let recording = &mut held.recording;
        let key = (recording.app, recording.room.clone());
        let (Some(to), Some(room)) = (recording.stopped_at, self.rooms.get(&key)) else {
            return false;
        };
        let from = recording.started_at.unwrap_or(recording.requested_at);
        let seen = room.seen_between(from, to);
        if seen == held.expected {
            return false;
        }
        recording.tracks_expected = u32::try_from(seen.len()).unwrap_or(u32::MAX);
        held.expected = seen;
        held.is_changed = true;
        held.is_expected_changed = true;
        true
    }
}

/// Whether a file of this name and time is known under whatever kind and participant.
fn is_named(known: &Announcement, file: &Announcement) -> bool {
    known.name == file.name && Identity::of(known, file) != Identity::Take
}
