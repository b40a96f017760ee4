//! Decides what follows from events in rooms for meetings and recordings.

use std::collections::BTreeMap;

use super::{
    call::{ReadCall, StatusCall},
    held::HeldMeeting,
    world::{Events, Room, World},
};
use crate::{
    callback::{Subject, Understood, Verdict},
    change::Change,
    ids::{Ids, MeetingId, RecordingId},
    matching::TOLERANCE,
    meeting::{Derived, Meeting, RoomEvent, RoomKey, continue_meeting, derive},
    recording::{Origin, RecordingEvent},
    time::Timestamp,
};

/// The span of starts of found recordings that the meeting of a status call may join. `at` is when the
/// call was received.
pub fn gathered_around(at: Timestamp) -> (Timestamp, Timestamp) {
    const HOUR: i64 = 60 * 60_000;
    (at.plus_millis(-49 * HOUR), at.plus_millis(HOUR))
}

impl World {
    /// Adds the events of a status call; [`World::update_room`] decides what follows.
    pub(super) fn status(&mut self, call: &ReadCall, meaning: &StatusCall) -> Understood {
        for name in &meaning.rooms {
            let room = self.rooms.entry((meaning.app, name.clone())).or_default();
            room.see(call.received_at);
            room.heard_at = room.heard_at.max(Some(call.received_at));
            room.is_pending = true;
            self.changed(Change::Room {
                app: meaning.app,
                room: name.clone(),
            });
        }
        // A call of which no event is stored is new too: it may name new rooms.
        let mut is_new = meaning.was_accepted || meaning.events.is_empty();
        for (name, event) in &meaning.events {
            if let Some(room) = self.rooms.get_mut(&(meaning.app, name.clone()))
                && room.status_from.is_none_or(|from| event.at > from)
            {
                is_new |= room.add_event(event);
            }
        }
        let subject = Subject {
            room: meaning.rooms.first().cloned(),
            ..Subject::default()
        };
        let known = if is_new {
            Verdict::Accepted
        } else {
            Verdict::Duplicate
        };
        let (verdict, reason) = match (meaning.rooms.is_empty(), meaning.skipped) {
            (true, _) => (
                Verdict::Unrecognised,
                Some("no event that is known".to_owned()),
            ),
            (false, 0) => (known, None),
            (false, skipped) => (known, Some(format!("{skipped} events not understood"))),
        };
        Understood {
            reason,
            subject,
            ..Understood::of(verdict)
        }
    }

    /// Decides what follows from the added events, in every room.
    pub(super) fn update_rooms(&mut self, ids: &mut dyn Ids) {
        let rooms = self.rooms.iter();
        let pending: Vec<RoomKey> = rooms
            .filter(|(_, room)| room.is_pending)
            .map(|(key, _)| key.clone())
            .collect();
        for key in pending {
            self.update_room(&key, ids);
        }
    }

    /// Decides what follows from the added events in a room.
    pub(super) fn update_room(&mut self, key: &RoomKey, ids: &mut dyn Ids) {
        let Some(room) = self.rooms.get_mut(key) else {
            return;
        };
        if !std::mem::take(&mut room.is_pending) {
            return;
        }
        let new = room.update_meetings(ids);
        for id in &room.forgotten {
            for held in self.recordings.values_mut() {
                if held.meeting == Some(*id) {
                    held.meeting = None;
                    held.is_changed = true;
                }
            }
        }
        self.follow_meeting(key, &new);
        self.expect_again(key);
        if let Some(at) = self.rooms.get(key).and_then(|room| room.heard_at) {
            self.gather(key, gathered_around(at));
        }
    }

    /// Binds the active recording to its meeting, unless it is bound: a new one, or the one that is on. By
    /// id and not by time alone, since the platform has another clock and reports whole seconds.
    fn follow_meeting(&mut self, key: &RoomKey, new: &[MeetingId]) {
        let Some(room) = self.rooms.get(key) else {
            return;
        };
        let ids = room.recordings.iter();
        let active = ids.filter_map(|id| self.recordings.get(id)).find(|held| {
            held.meeting.is_none()
                && held.recording.state.is_active()
                && held.recording.origin == Origin::Started
        });
        let Some(recording) = active.map(|held| &held.recording) else {
            return;
        };
        let since = recording.requested_at.plus_millis(-TOLERANCE);
        let meetings = new.iter().filter_map(|id| room.meetings.get(id));
        let mut meetings: Vec<Meeting> = meetings.map(|held| held.meeting).collect();
        meetings.sort_by_key(|meeting| (meeting.began_at, meeting.id));
        let is_meant = |meeting: &&Meeting| meeting.ended_at.is_none_or(|ended| ended >= since);
        let open = || {
            let mut meetings = room.meetings.values().map(|held| held.meeting);
            meetings.find(|meeting| meeting.ended_at.is_none())
        };
        let meeting = meetings.iter().find(is_meant).copied().or_else(open);
        let (Some(meeting), id) = (meeting, recording.id) else {
            return;
        };
        if let Some(held) = self.recordings.get_mut(&id) {
            held.meeting = Some(meeting.id);
            held.is_changed = true;
        }
    }

    /// Updates the expected tracks of the recordings of a room. A ready recording stays ready.
    fn expect_again(&mut self, key: &RoomKey) {
        let Some(room) = self.rooms.get(key) else {
            return;
        };
        let ids = room.recordings.iter().copied();
        let waiting: Vec<RecordingId> = ids
            .filter(|id| {
                let recording = self.recordings.get(id).map(|held| &held.recording);
                recording.is_some_and(|one| one.origin == Origin::Started && one.awaits_files())
            })
            .collect();
        for id in waiting {
            if !self.expect_tracks(id) {
                continue;
            }
            let is_complete = self
                .recordings
                .get(&id)
                .is_some_and(|held| held.has_every_track() && held.ledger().is_complete());
            if is_complete {
                self.advance(id, RecordingEvent::LastFileArrived);
            }
            self.changed_recording(id);
        }
    }
}

impl Room {
    /// Adds an event of a call; returns whether it was not known.
    fn add_event(&mut self, event: &RoomEvent) -> bool {
        let is_known = match &self.events {
            Events::Span { events, .. } => events.contains(event),
            // They are later than all known ones.
            Events::Later(_) => false,
        };
        self.pending.insert(event.clone()) && !is_known
    }

    /// Derives the meetings again with the added events; returns the new ones.
    fn update_meetings(&mut self, ids: &mut dyn Ids) -> Vec<MeetingId> {
        let pending = std::mem::take(&mut self.pending);
        match &mut self.events {
            Events::Later(meeting) => {
                let meeting = *meeting;
                let events: Vec<RoomEvent> = pending.into_iter().collect();
                self.new_events.extend(events.iter().cloned());
                self.continue_meeting(meeting, &events);
                Vec::new()
            }
            Events::Span { events, between } => {
                let between = *between;
                let known = events.len();
                for event in pending {
                    if events.insert(event.clone()) {
                        self.new_events.push(event);
                    }
                }
                if events.len() == known {
                    return Vec::new();
                }
                let events: Vec<RoomEvent> = events.iter().cloned().collect();
                self.replace_meetings(between, derive(&events), ids)
            }
        }
    }

    fn continue_meeting(&mut self, id: MeetingId, events: &[RoomEvent]) {
        let Some(held) = self.meetings.get(&id) else {
            return;
        };
        let stays = self.stays.iter().filter(|(meeting, _)| *meeting == id);
        let here = stays.filter(|(_, stay)| stay.left_at.is_none());
        let here: Vec<_> = here.map(|(_, stay)| stay.clone()).collect();
        for stay in &here {
            self.stays.remove(&(id, stay.clone()));
        }
        for derived in continue_meeting(held.meeting.began_at, here, events) {
            self.stays
                .extend(derived.stays.into_iter().map(|stay| (id, stay)));
        }
    }

    /// Replaces the meetings within a span by derived ones; returns the new ones.
    fn replace_meetings(
        &mut self,
        (after, until): (i64, i64),
        derived: Vec<Derived>,
        ids: &mut dyn Ids,
    ) -> Vec<MeetingId> {
        let is_within = |at: Timestamp| at.as_millis() > after && at.as_millis() <= until;
        let known: BTreeMap<_, _> = self
            .meetings
            .values()
            .filter(|held| is_within(held.meeting.began_at))
            .map(|held| ((held.meeting.began_at, held.meeting.id), held.clone()))
            .collect();
        // A derived meeting gets the id of the stored one that began in it.
        let mut kept: Vec<Option<HeldMeeting>> = vec![None; derived.len()];
        for ((began_at, id), held) in known {
            self.stays.retain(|(meeting, _)| *meeting != id);
            self.meetings.remove(&id);
            let later = derived.partition_point(|one| one.began_at <= began_at);
            match kept.get_mut(later.saturating_sub(1)) {
                Some(place @ None) => *place = Some(held),
                // Two rows of one meeting.
                _ => self.forgotten.push(id),
            }
        }
        let mut new = Vec::new();
        for (derived, held) in derived.into_iter().zip(kept) {
            let (began_at, ended_at) = (derived.began_at, derived.ended_at);
            let known = held.as_ref().map(|held| held.meeting.id);
            let id = known.unwrap_or_else(|| ids.next(began_at).into());
            let meeting = Meeting {
                id,
                began_at,
                ended_at,
            };
            let held = if let Some(held) = held {
                HeldMeeting {
                    is_changed: held.is_changed || held.meeting != meeting,
                    meeting,
                    ..held
                }
            } else {
                new.push(id);
                HeldMeeting {
                    meeting,
                    // The platform reports whole seconds: of two meetings within one second, only the
                    // first is recorded.
                    is_to_start: self.is_always_recorded
                        && ended_at.is_none()
                        && !self
                            .meetings
                            .values()
                            .any(|other| other.meeting.began_at == began_at),
                    is_stored: false,
                    is_changed: true,
                }
            };
            self.meetings.insert(id, held);
            self.stays
                .extend(derived.stays.into_iter().map(|stay| (id, stay)));
        }
        new
    }
}
