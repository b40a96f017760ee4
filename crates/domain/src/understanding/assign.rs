//! Decides which recording a file belongs to.

use super::{
    call::{FileCall, ReadCall},
    world::{Room, World, window},
};
use crate::{
    file::{Announcement, FileKind},
    ids::{AppId, Ids, RecordingId},
    matching::{Announced, TOLERANCE, choose, gathers, meeting_of},
    meeting::RoomKey,
    naming::Token,
    order::USER_DATA_BYTES,
    recording::{Origin, Recording, RecordingState},
    time::Timestamp,
};

impl World {
    /// The recording of a file, and the file as its app reads it: by a person's assignment, by its token,
    /// or by circumstances.
    pub(super) fn assign<'a>(
        &mut self,
        call: &ReadCall,
        meaning: &'a FileCall,
        ids: &mut dyn Ids,
    ) -> (RecordingId, &'a Announcement) {
        let known = self
            .assigned_by_person(meaning)
            .or_else(|| self.by_token(meaning));
        if let Some((app, id)) = known {
            return (self.current(id), meaning.file_of(app));
        }
        (self.by_circumstance(call, meaning, ids), &meaning.file)
    }

    fn assigned_by_person(&self, meaning: &FileCall) -> Option<(AppId, RecordingId)> {
        if let Some(id) = meaning.assigned_to {
            return Some((self.recording(id)?.app, id));
        }
        let id = self
            .assigned
            .get(&(meaning.room.clone(), meaning.file.name.clone()))?;
        let app = self.recording(*id)?.app;
        // Another app may have a room and a file of the same names.
        meaning
            .named
            .is_none_or(|named| named == app)
            .then_some((app, *id))
    }

    fn by_token(&self, meaning: &FileCall) -> Option<(AppId, RecordingId)> {
        let (app, id) = meaning.token?;
        (self.recording(id)?.app == app).then_some((app, id))
    }

    /// Without a token: by room, time window and the rule read backwards; else with the files of the same
    /// room and meeting; else a recording of its own.
    fn by_circumstance(
        &mut self,
        call: &ReadCall,
        meaning: &FileCall,
        ids: &mut dyn Ids,
    ) -> RecordingId {
        let file = &meaning.file;
        let key: RoomKey = (meaning.app, meaning.room.clone());
        // It keeps the recording of an earlier understanding or assignment.
        if let Some(before) = meaning.before.map(|before| self.current(before))
            && let Some(recording) = self.recording(before)
            && (recording.app, &recording.room) == (key.0, &key.1)
        {
            return before;
        }
        let announced = Announced {
            kind: file.kind,
            file_name: file.name.clone(),
            started_at: file.started_at,
            ended_at: file.end(),
            received_at: call.received_at,
        };
        let between = window(file, call.received_at);
        let candidates = self.candidates(&key, between);
        // A repeated announcement goes to the recording that has the file, though it no longer waits for
        // it.
        let by_need = announced.kind == FileKind::Composite || announced.started_at.is_none();
        if by_need {
            let end = announced
                .ended_at
                .or(announced.started_at)
                .unwrap_or(call.received_at);
            let until = end.plus_millis(TOLERANCE);
            let earlier = candidates.iter().map(|one| (one.requested_at, one.id));
            let mut earlier: Vec<_> = earlier.filter(|(at, _)| *at <= until).collect();
            earlier.sort_unstable();
            if let Some(before) = self.announced_before(&earlier, file) {
                return before;
            }
        }
        let chosen = choose(&announced, candidates.iter().copied(), self.patience);
        if let Some(started) = chosen.filter(|one| one.origin == Origin::Started) {
            return started.id;
        }
        let chosen = chosen.map(|found| found.id);
        let room = self.rooms.get(&key);
        let meetings = room.map(Room::past_meetings).unwrap_or_default();
        let meeting = meeting_of(&announced, &meetings);
        let same = candidates.into_iter().filter(|candidate| {
            Some(candidate.id) == chosen || gathers(&announced, candidate, meeting)
        });
        let same = self.oldest_first(same);
        // The file shows that these recordings are one.
        let first = self.join_all(&same);
        first.unwrap_or_else(|| self.found(found_by(call, meaning, ids)))
    }

    /// The recording that has this file or a version of it.
    fn announced_before(
        &self,
        candidates: &[(Timestamp, RecordingId)],
        file: &Announcement,
    ) -> Option<RecordingId> {
        let known = || {
            candidates.iter().flat_map(|(_, id)| {
                let named = self.files_named(*id, file);
                named.map(move |index| (*id, &self.files()[index].announced))
            })
        };
        let is_of = |(id, known): &(RecordingId, &Announcement)| {
            let of = self.recording(*id);
            of.is_some_and(|of| is_version(of, known, file))
        };
        known()
            .find(|(_, known)| is_same(known, file))
            .or_else(|| known().find(is_of))
            .map(|(id, _)| id)
    }
}

/// Whether two files of one name, kind and participant may be the same: at the same place, and without
/// a difference in size or times that both have.
fn is_same(one: &Announcement, other: &Announcement) -> bool {
    fn agrees<T: Copy + PartialEq>(one: Option<T>, other: Option<T>) -> bool {
        one.is_none() || other.is_none() || one == other
    }
    one.place() == other.place()
        && agrees(one.size, other.size)
        && agrees(one.started_at, other.started_at)
        && agrees(one.ended_at, other.ended_at)
}

/// Whether a file is another version of one of the same name, kind and participant in that recording: if
/// its content covers the same time, or if the recording's rule makes unique names. Other rules may give
/// the next recording's file the same name.
fn is_version(of: &Recording, known: &Announcement, file: &Announcement) -> bool {
    let times = |file: &Announcement| file.started_at.zip(file.ended_at);
    if times(file).is_some() && times(file) == times(known) {
        return true;
    }
    of.naming_rule().is_some_and(|rule| {
        let is_unique = rule.has(Token::Random) || rule.has(Token::Time);
        // The platform may not have followed the rule.
        is_unique
            && rule
                .read_back(&file.name, file.kind, Some(&of.room))
                .is_some()
    })
}

/// A recording that is found by a file.
fn found_by(call: &ReadCall, meaning: &FileCall, ids: &mut dyn Ids) -> Recording {
    let (file, at) = (&meaning.file, call.received_at);
    let requested = file.started_at.unwrap_or(at);
    let (id, room) = (ids.next(at).into(), meaning.room.clone());
    Recording {
        origin: Origin::AutoRecorded,
        state: RecordingState::AwaitingFiles,
        state_since: at,
        // Too long user data stays in the call only.
        user_data: meaning
            .user_data
            .clone()
            .filter(|own| own.len() <= USER_DATA_BYTES),
        started_at: file.started_at,
        stopped_at: file.end(),
        ..Recording::requested(id, meaning.app, room, requested)
    }
}
