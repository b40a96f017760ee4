//! Joins found recordings that turn out to be one.

use super::world::{Join, World};
use crate::{
    ids::RecordingId,
    matching::is_of_meeting,
    meeting::RoomKey,
    recording::{RecordingEvent, RecordingState},
    time::Timestamp,
};

impl World {
    /// Joins two found recordings: `first` gets the files, the calls, the history and the time of `other`.
    pub(super) fn join(&mut self, first: RecordingId, other: RecordingId) {
        if first == other || !self.recordings.contains_key(&first) {
            return;
        }
        self.changed_recording(other);
        let Some(removed) = self.recordings.remove(&other) else {
            return;
        };
        let key: RoomKey = (removed.recording.app, removed.recording.room.clone());
        if let Some(room) = self.rooms.get_mut(&key) {
            room.recordings.remove(&other);
        }
        self.joins.push(Join {
            from: other,
            into: first,
            is_stored: removed.is_stored,
        });
        for line in &mut self.history {
            if line.recording == other {
                line.recording = first;
            }
        }
        let files = self.files().iter().enumerate();
        let moved: Vec<usize> = files
            .filter(|(_, file)| file.recording == other && file.joined_into.is_none())
            .map(|(index, _)| index)
            .collect();
        for index in moved {
            if !self.rekey(index, |file| file.recording = first) {
                self.join_file(index, first);
            }
        }
        let removed = removed.recording;
        self.widen(first, removed.started_at, removed.stopped_at);
        if removed.state == RecordingState::Ready {
            self.advance(first, RecordingEvent::LastFileArrived);
        }
        self.changed_recording(first);
    }

    /// Joins a file with the same file of `recording`, as an earlier version of it.
    fn join_file(&mut self, index: usize, recording: RecordingId) {
        let removed = self.files()[index].clone();
        let Some(stays) = self.file_named(recording, &removed.announced) else {
            return;
        };
        let at = self.now;
        let mut versions = removed.versions.clone();
        versions.push(super::announce::version_of(&removed, at));
        let stays = self.file_at(stays);
        for mut version in versions {
            let is_known = stays.call == version.call
                || stays.versions.iter().any(|one| one.call == version.call);
            if is_known {
                continue;
            }
            // The current version keeps the highest number.
            version.version = stays.version;
            version.is_stored = false;
            stays.version += 1;
            stays.is_changed = true;
            stays.versions.push(version);
        }
        let into = stays.id;
        self.forget_file(index, into);
    }

    /// Joins the recordings that were found by files of the same past meeting.
    pub(super) fn gather(&mut self, key: &RoomKey, between: (Timestamp, Timestamp)) {
        let Some(room) = self.rooms.get(key) else {
            return;
        };
        for meeting in room.past_meetings() {
            // Queried again for each: a recording that spans two meetings joins them.
            let mut same: Vec<_> = self
                .candidates(key, between)
                .iter()
                .filter(|candidate| is_of_meeting(candidate, meeting))
                .map(|candidate| (candidate.requested_at, candidate.id))
                .collect();
            same.sort_unstable();
            if let Some(((_, first), others)) = same.split_first() {
                for (_, other) in others {
                    self.join(*first, *other);
                }
            }
        }
    }
}
