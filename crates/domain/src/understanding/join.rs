//! Joins found recordings that turn out to be one.

use super::world::{Join, World};
use crate::{
    ids::RecordingId,
    matching::is_of_meeting,
    meeting::RoomKey,
    recording::{Recording, RecordingEvent, RecordingState},
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
        if self.on_hold.remove(&other) {
            self.on_hold.insert(first);
        }
        self.move_files(other, first);
        let removed = removed.recording;
        self.widen(first, removed.started_at, removed.stopped_at);
        if removed.state == RecordingState::Ready {
            self.advance(first, RecordingEvent::LastFileArrived);
        }
        self.changed_recording(first);
    }

    /// Joins the recordings that were found by files of the same past meeting.
    pub(super) fn gather(&mut self, key: &RoomKey, between: (Timestamp, Timestamp)) {
        let Some(room) = self.rooms.get(key) else {
            return;
        };
        for meeting in room.past_meetings() {
            // Queried again for each: a recording that spans two meetings joins them.
            let candidates = self.candidates(key, between).into_iter();
            let same = candidates.filter(|candidate| is_of_meeting(candidate, meeting));
            let same = self.oldest_first(same);
            self.join_all(&same);
        }
    }

    /// The ids of recordings, but for those that are being purged.
    pub(super) fn oldest_first<'a>(
        &self,
        recordings: impl Iterator<Item = &'a Recording>,
    ) -> Vec<RecordingId> {
        let kept = recordings.filter(|one| !self.is_purging(one.id));
        let mut kept: Vec<_> = kept.map(|one| (one.requested_at, one.id)).collect();
        kept.sort_unstable();
        kept.into_iter().map(|(_, id)| id).collect()
    }

    /// Joins recordings that are one, and returns the first of them.
    pub(super) fn join_all(&mut self, same: &[RecordingId]) -> Option<RecordingId> {
        let (first, others) = same.split_first()?;
        for other in others {
            self.join(*first, *other);
        }
        Some(*first)
    }
}
