//! Which recording a file belongs to.

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
    recording::{AutoStop, Origin, Recording, RecordingState},
    room::RoomId,
    time::Timestamp,
};

impl World {
    /// The recording of a file, and the file as its app reads it: as a person said, as its token says,
    /// or by circumstance.
    pub(super) fn assign<'a>(
        &mut self,
        call: &ReadCall,
        told: &'a FileCall,
        ids: &mut dyn Ids,
    ) -> (RecordingId, &'a Announcement) {
        let known = self
            .assigned_by_person(told)
            .or_else(|| self.by_token(told));
        if let Some((app, id)) = known {
            return (self.current(id), told.file_of(app));
        }
        let file = &told.file;
        (self.by_circumstance(call, told, file, ids), file)
    }

    fn assigned_by_person(&self, told: &FileCall) -> Option<(AppId, RecordingId)> {
        if let Some(id) = told.assigned_to {
            return Some((self.recording(id)?.app, id));
        }
        let id = self
            .assigned
            .get(&(told.room.clone(), told.file.name.clone()))?;
        let app = self.recording(*id)?.app;
        // Another app may have a room and a file of the same names.
        told.named
            .is_none_or(|named| named == app)
            .then_some((app, *id))
    }

    fn by_token(&self, told: &FileCall) -> Option<(AppId, RecordingId)> {
        let (app, id) = told.token?;
        (self.recording(id)?.app == app).then_some((app, id))
    }

    /// Without a token: room, time window and the rule read backwards; else what gathers the files of
    /// the same room and meeting; else a recording of its own.
    fn by_circumstance(
        &mut self,
        call: &ReadCall,
        told: &FileCall,
        file: &Announcement,
        ids: &mut dyn Ids,
    ) -> RecordingId {
        let key: RoomKey = (told.app, told.room.clone());
        // It stays where it was understood to belong, or where a person put it.
        if let Some(before) = told.before.map(|before| self.current(before))
            && let Some(recording) = self.recording(before)
            && (recording.app, &recording.room) == (key.0, &key.1)
        {
            return before;
        }
        let announced = Announced {
            kind: file.kind,
            file_name: file.name.clone(),
            started_at: file.started_at,
            ended_at: file.ended_at,
            received_at: call.received_at,
        };
        let between = window(file, call.received_at);
        let candidates = self.candidates(&key, between);
        // What a recording needs is no measure for a file that is announced again: the one that has
        // it needs it no more.
        let by_need = announced.kind == FileKind::Composite || announced.started_at.is_none();
        if by_need {
            let end = file
                .ended_at
                .or(file.started_at)
                .unwrap_or(call.received_at);
            let until = end.plus_millis(TOLERANCE);
            let mut order: Vec<_> = candidates
                .iter()
                .filter(|candidate| candidate.requested_at <= until)
                .collect();
            order.sort_by_key(|candidate| (candidate.requested_at, candidate.id));
            let order: Vec<_> = order.into_iter().map(|candidate| candidate.id).collect();
            if let Some(before) = self.announced_before(&order, file) {
                return before;
            }
        }
        let chosen = choose(&announced, &key.1, &candidates, self.patience);
        let found = |id| candidates.iter().find(|candidate| candidate.id == id);
        if let Some(started) = chosen.and_then(found)
            && started.origin == Origin::Started
        {
            return started.id;
        }
        let room = self.rooms.get(&key);
        let meetings = room.map(Room::past_meetings).unwrap_or_default();
        let meeting = meeting_of(&announced, &meetings);
        let mut same: Vec<_> = candidates
            .iter()
            .filter(|candidate| {
                Some(candidate.id) == chosen || gathers(&announced, candidate, meeting)
            })
            .map(|candidate| (candidate.requested_at, candidate.id))
            .collect();
        same.sort_unstable();
        let mut same = same.into_iter().map(|(_, id)| id);
        let Some(first) = same.next() else {
            let recording = found_by(call, told, file, ids);
            return self.found(recording);
        };
        // The file shows that these are one.
        for other in same {
            self.join(first, other);
        }
        first
    }

    /// The recording that this very file belongs to already, or an earlier version of it.
    fn announced_before(
        &self,
        candidates: &[RecordingId],
        file: &Announcement,
    ) -> Option<RecordingId> {
        let known = || {
            let known = candidates.iter().copied();
            known.filter_map(|id| Some((id, &self.files()[self.file_named(id, file)?].announced)))
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

/// Whether two files of one name, kind and participant may be the same: they lie at the same place,
/// and no size or time that both have differs.
fn is_same(one: &Announcement, other: &Announcement) -> bool {
    fn agrees<T: Copy + PartialEq>(one: Option<T>, other: Option<T>) -> bool {
        one.is_none() || other.is_none() || one == other
    }
    one.place() == other.place()
        && agrees(one.size, other.size)
        && agrees(one.started_at, other.started_at)
        && agrees(one.ended_at, other.ended_at)
}

/// Whether a file is another version of one of the same name, kind and participant in that recording,
/// whatever its size and address: where its content covers the same time, or where the recording's
/// rule gives no name twice. Other rules give the next recording's file the same name.
fn is_version(of: &Recording, known: &Announcement, file: &Announcement) -> bool {
    let times = |file: &Announcement| file.started_at.zip(file.ended_at);
    if times(file).is_some() && times(file) == times(known) {
        return true;
    }
    of.naming_rule().is_some_and(|rule| {
        let is_unique = rule.has(Token::Random) || rule.has(Token::Time);
        // The platform may have named the file in its own way.
        is_unique
            && rule
                .read_back(&file.name, file.kind, Some(&of.room))
                .is_some()
    })
}

/// The recording that a file shows.
fn found_by(call: &ReadCall, told: &FileCall, file: &Announcement, ids: &mut dyn Ids) -> Recording {
    let room: &RoomId = &told.room;
    let at: Timestamp = call.received_at;
    let started = file.started_at.unwrap_or(at);
    Recording {
        id: ids.next(at).into(),
        app: told.app,
        room: room.clone(),
        origin: Origin::AutoRecorded,
        state: RecordingState::AwaitingFiles,
        state_since: at,
        rule: None,
        path: None,
        // A token that does not fit its room is a token all the same. The call has all of it.
        user_data: told
            .user_data
            .clone()
            .filter(|own| own.len() <= USER_DATA_BYTES),
        kind: None,
        requested_at: started,
        started_at: Some(started),
        stopped_at: Some(file.ended_at.unwrap_or(at)),
        requested_by: None,
        stopped_by: None,
        tracks_expected: 0,
        frames_expected: false,
        auto_stop: AutoStop::default(),
    }
}
