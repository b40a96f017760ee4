//! Many announced files at once: what is known of their recordings and rooms is read once, and what
//! follows from them is written together.

use std::collections::{HashMap, HashSet};

use reelroom_domain::{
    callback::Verdict,
    file::FileKind,
    ids::{AppId, RecordingId},
    matching::Candidate,
    naming::NamingRule,
    recording::{Origin, RecordingEvent, RecordingState},
    room::RoomId,
    time::Timestamp,
    view::Change,
};
use reelroom_store::{
    Conn,
    apps::App,
    calls::Call,
    files::{self, Announced, Announcement, News},
    history,
    inbox::{self, Subject, Understood},
    lookups, meetings,
    recordings::{self, Fields, Recording},
    rooms,
};

use crate::{
    Service, ServiceError,
    callbacks::understand::{Outcome, Reading},
    lookups::enter::Before,
};

/// A room is read for so many milliseconds more than a file asks for: the next one asks for others.
const MARGIN: i64 = 60 * 60_000;

/// What became of one call.
pub(crate) struct Noted {
    pub call: Call,
    pub outcome: Outcome,
}

impl Noted {
    fn of(reading: &Reading, outcome: Outcome) -> Self {
        Self {
            call: reading.call.clone(),
            outcome,
        }
    }

    fn understood(&self) -> (&Call, Understood) {
        let understood = Understood {
            verdict: self.outcome.verdict,
            reason: self.outcome.reason.clone(),
            recording: self.outcome.recording,
            file: self.outcome.file,
            subject: self.outcome.subject.clone(),
        };
        (&self.call, understood)
    }
}

/// Files that are being understood, in one transaction.
pub(crate) struct Batch<'a> {
    pub(super) service: &'a Service,
    pub(super) apps: &'a [App],
    pub(super) patience: Patience,
    recordings: HashMap<RecordingId, Held>,
    rooms: HashMap<(AppId, RoomId), Room>,
    /// What is to be noted, in the order of the calls.
    waiting: Vec<(News, About)>,
    /// The rooms of what waits, and whether some of it is of a recording that was started here.
    unwritten: HashMap<RoomId, bool>,
    outcomes: Vec<Noted>,
    /// Whether look-ups found files; `None`: not asked yet.
    finds: Option<bool>,
    /// Whether people tied calls to recordings; `None`: not asked yet.
    assignments: Option<bool>,
    /// So many of them have their verdict in the database.
    told: usize,
}

/// What else is known of a file that is to be noted.
struct About {
    subject: Subject,
    call: Call,
    /// It had been found by a look-up, which this call corrects.
    corrects: bool,
    /// Nobody called: we found it.
    looked_up: bool,
    /// A person tied it to its recording.
    assigned: bool,
}

/// A recording that some file may belong to.
struct Held {
    recording: Recording,
    /// It was found, and the database does not know it yet.
    new: bool,
    /// It is longer than the database knows.
    widened: bool,
    /// Its composite is among what waits.
    served: bool,
}

/// A room, for the times that were asked for.
#[derive(Default)]
struct Room {
    times: Vec<(Timestamp, Timestamp)>,
    recordings: HashSet<RecordingId>,
    meetings: Vec<(Timestamp, Timestamp)>,
}

impl<'a> Batch<'a> {
    pub fn new(service: &'a Service, apps: &'a [App], patience: Patience) -> Self {
        Self {
            service,
            apps,
            patience,
            recordings: HashMap::new(),
            rooms: HashMap::new(),
            waiting: Vec::new(),
            unwritten: HashMap::new(),
            outcomes: Vec::new(),
            finds: None,
            assignments: None,
            told: 0,
        }
    }

    /// A call that announces no file.
    pub(super) fn settle(&mut self, call: &Reading, outcome: Outcome) {
        self.outcomes.push(Noted::of(call, outcome));
    }

    /// The recording of that id.
    pub(super) async fn recording(
        &mut self,
        tx: &mut Conn,
        id: RecordingId,
    ) -> Result<Option<&Recording>, ServiceError> {
        if !self.recordings.contains_key(&id) {
            let Some(recording) = recordings::get(tx, id).await? else {
                return Ok(None);
            };
            self.hold(recording);
        }
        Ok(self.recordings.get(&id).map(|held| &held.recording))
    }

    fn hold(&mut self, recording: Recording) {
        self.recordings.entry(recording.id).or_insert(Held {
            recording,
            new: false,
            widened: false,
            served: false,
        });
    }

    /// Makes sure that recordings and meetings of a room are at hand that began between two moments;
    /// with `by_need`, also what each recording that was started here has by now.
    pub(super) async fn look_at_room(
        &mut self,
        tx: &mut Conn,
        (app, room): (AppId, &RoomId),
        (since, until): (Timestamp, Timestamp),
        by_need: bool,
    ) -> Result<(), ServiceError> {
        let key = (app, room.clone());
        let is_known = self.rooms.get(&key).is_some_and(|room| {
            let mut times = room.times.iter();
            times.any(|(from, to)| *from <= since && until <= *to)
        });
        // What the database does not know yet of this room, as far as it matters.
        let unwritten = self.unwritten.get(room).copied();
        if unwritten.is_some_and(|started| !is_known || by_need && started) {
            self.write(tx).await?;
        }
        if is_known {
            return Ok(());
        }
        let between = (since.plus_millis(-MARGIN), until.plus_millis(MARGIN));
        let found = recordings::candidates(tx, app, room, between).await?;
        let meetings = meetings::since(tx, app, room, between.0).await?;
        let room = self.rooms.entry(key).or_default();
        // What is read of another time comes to what was read before.
        if room.times.iter().all(|(from, _)| between.0 < *from) {
            // One that is on has no end that could be told apart from that of the next.
            room.meetings = meetings
                .iter()
                .filter_map(|meeting| Some((meeting.began_at, meeting.ended_at?)))
                .collect();
        }
        room.times.push(between);
        room.recordings
            .extend(found.iter().map(|recording| recording.id));
        for recording in found {
            self.hold(recording);
        }
        Ok(())
    }

    /// What was read of a room: candidates for a file, and meetings.
    pub(super) fn in_room(
        &self,
        app: AppId,
        room: &RoomId,
    ) -> (Vec<Candidate>, Vec<(Timestamp, Timestamp)>) {
        let Some(room) = self.rooms.get(&(app, room.clone())) else {
            return (Vec::new(), Vec::new());
        };
        let held = room
            .recordings
            .iter()
            .filter_map(|id| self.recordings.get(id));
        (held.map(candidate_of).collect(), room.meetings.clone())
    }

    /// The recording in a room of a file that is not written yet.
    pub(super) fn waits(
        &self,
        app: AppId,
        room: &RoomId,
        is_it: impl Fn(&Recording, &Announcement) -> bool,
    ) -> Option<RecordingId> {
        if !self.unwritten.contains_key(room) {
            return None;
        }
        let mut waiting = self.waiting.iter().map(|(news, _)| news);
        let news = waiting.find(|news| {
            let held = self.recordings.get(&news.recording);
            held.map(|held| &held.recording)
                .is_some_and(|of| (of.app, &of.room) == (app, room) && is_it(of, &news.file))
        });
        news.map(|news| news.recording)
    }

    /// A recording that a file has just shown.
    pub(super) fn found(&mut self, recording: Recording) -> RecordingId {
        let id = recording.id;
        if let Some(room) = self.rooms.get_mut(&(recording.app, recording.room.clone())) {
            room.recordings.insert(id);
        }
        let held = Held {
            recording,
            new: true,
            widened: false,
            served: false,
        };
        self.recordings.insert(id, held);
        id
    }

    /// Two found recordings are one: the files, the calls and the time of `other` are `first`'s.
    pub(super) async fn join(
        &mut self,
        tx: &mut Conn,
        first: RecordingId,
        other: RecordingId,
    ) -> Result<(), ServiceError> {
        self.write(tx).await?;
        let known = self.recordings.contains_key(&first);
        let Some(gone) = self.recordings.remove(&other).filter(|_| known) else {
            return Ok(());
        };
        // What was found out about calls is given away with the rest.
        self.write_verdicts(tx).await?;
        for room in self.rooms.values_mut() {
            room.recordings.retain(|id| *id != other);
        }
        files::give(tx, other, first).await?;
        inbox::give(tx, other, first).await?;
        recordings::delete(tx, other).await?;
        let gone = gone.recording;
        self.widen(first, gone.started_at, gone.stopped_at);
        if gone.state == RecordingState::Ready {
            self.advance(tx, first, RecordingEvent::LastFileArrived)
                .await?;
        }
        tracing::info!(recording = %first, %other, "two found recordings are one");
        Ok(())
    }

    /// A file of a recording. It is written when the batch is.
    pub(super) async fn note(
        &mut self,
        tx: &mut Conn,
        call: &Reading,
        recording: RecordingId,
        file: Announcement,
        mut subject: Subject,
    ) -> Result<(), ServiceError> {
        let Some(known) = self.recording(tx, recording).await? else {
            return Err(ServiceError::NotFound);
        };
        subject.found = known.origin == Origin::AutoRecorded;
        let before = self.found_before(tx, call, recording, &file).await?;
        if let Before::Announced(id) = before {
            let outcome = Outcome {
                verdict: Verdict::Duplicate,
                recording: Some(recording),
                file: Some(id),
                ..Outcome::accepted(subject)
            };
            self.settle(call, outcome);
            return Ok(());
        }
        self.widen(recording, file.started_at, file.ended_at);
        if let Some(held) = self.recordings.get_mut(&recording) {
            held.served |= file.kind == FileKind::Composite;
            let room = self.unwritten.entry(held.recording.room.clone());
            *room.or_default() |= held.recording.origin == Origin::Started;
        }
        let news = News {
            id: self.service.0.chance.id(call.received_at()),
            recording,
            call: call.call.id,
            at: call.received_at(),
            file,
        };
        let about = About {
            subject,
            call: call.call.clone(),
            corrects: before == Before::Corrected,
            looked_up: call.call.content.looked_up,
            assigned: call.assigned_to.is_some(),
        };
        self.waiting.push((news, about));
        Ok(())
    }

    /// Whether a person ever tied a call to a recording.
    pub(super) async fn has_assignments(&mut self, tx: &mut Conn) -> Result<bool, ServiceError> {
        if let Some(known) = self.assignments {
            return Ok(known);
        }
        let known = inbox::has_assigned(tx).await?;
        self.assignments = Some(known);
        Ok(known)
    }

    /// What look-ups know of the file. Where nothing was ever found by one, nobody is asked.
    async fn found_before(
        &mut self,
        tx: &mut Conn,
        call: &Reading,
        recording: RecordingId,
        file: &Announcement,
    ) -> Result<Before, ServiceError> {
        if self.finds.is_none() {
            self.finds = Some(lookups::has_finds(tx).await?);
        }
        if self.finds == Some(false) && !call.call.content.looked_up {
            return Ok(Before::Nothing);
        }
        // What came before it is part of the answer.
        self.write(tx).await?;
        let service = self.service;
        match self.recording(tx, recording).await? {
            Some(recording) => service.found_before(tx, call, recording, file).await,
            None => Err(ServiceError::NotFound),
        }
    }

    /// A found recording is as long as its files: each may begin earlier or end later than those
    /// that came before it.
    fn widen(&mut self, id: RecordingId, from: Option<Timestamp>, to: Option<Timestamp>) {
        let Some(held) = self.recordings.get_mut(&id) else {
            return;
        };
        let recording = &mut held.recording;
        if recording.origin != Origin::AutoRecorded {
            return;
        }
        let started_at = from.into_iter().chain(recording.started_at).min();
        let stopped_at = to.into_iter().chain(recording.stopped_at).max();
        held.widened |= (started_at, stopped_at) != (recording.started_at, recording.stopped_at);
        recording.requested_at = started_at.unwrap_or(recording.requested_at);
        (recording.started_at, recording.stopped_at) = (started_at, stopped_at);
    }

    /// Writes what waits, and forgets what was read: a status call follows, after which rooms may not
    /// be what they were.
    pub async fn pause(&mut self, tx: &mut Conn) -> Result<(), ServiceError> {
        self.write(tx).await?;
        self.rooms.clear();
        self.recordings.clear();
        Ok(())
    }

    /// Writes all that is left; what became of the calls.
    pub async fn finish(mut self, tx: &mut Conn) -> Result<Vec<Noted>, ServiceError> {
        self.write(tx).await?;
        self.write_verdicts(tx).await?;
        Ok(self.outcomes)
    }

    async fn write_verdicts(&mut self, tx: &mut Conn) -> Result<(), ServiceError> {
        let verdicts: Vec<_> = self.outcomes[self.told..]
            .iter()
            .map(Noted::understood)
            .collect();
        inbox::record(tx, self.service.now(), &verdicts).await?;
        self.told = self.outcomes.len();
        Ok(())
    }

    async fn write(&mut self, tx: &mut Conn) -> Result<(), ServiceError> {
        self.write_recordings(tx).await?;
        if self.waiting.is_empty() {
            return Ok(());
        }
        let (news, about): (Vec<News>, Vec<About>) = self.waiting.drain(..).unzip();
        self.unwritten.clear();
        let became = files::announce(tx, &news).await?;
        let mut moved: Vec<(RecordingId, Option<&News>)> = Vec::new();
        for ((news, about), became) in news.iter().zip(about).zip(became) {
            let (verdict, fresh) = match became {
                Announced::New(_) | Announced::Renewed(_) => (Verdict::Accepted, true),
                Announced::Again(_) => (Verdict::Accepted, false),
                Announced::Same(_) if about.corrects => (Verdict::Accepted, true),
                // A person tied it here: its recording may not know of it yet.
                Announced::Same(_) if about.assigned => (Verdict::Accepted, true),
                Announced::Same(_) => (Verdict::Duplicate, false),
            };
            if let (true, Announced::New(file)) = (about.looked_up, became) {
                self.service.note_found(tx, news.recording, file).await?;
            }
            let mut changes = Vec::new();
            if fresh || about.assigned {
                let composite = (news.file.kind == FileKind::Composite).then_some(news);
                match moved.iter_mut().find(|(id, _)| *id == news.recording) {
                    Some((_, first)) => *first = first.or(composite),
                    None => moved.push((news.recording, composite)),
                }
                if let Some(held) = self.recordings.get(&news.recording) {
                    changes.push(Change::Recording {
                        id: news.recording,
                        room: held.recording.room.clone(),
                    });
                }
            }
            self.outcomes.push(Noted {
                call: about.call,
                outcome: Outcome {
                    verdict,
                    recording: Some(news.recording),
                    file: Some(became.id()),
                    changes,
                    ..Outcome::accepted(about.subject)
                },
            });
        }
        for (recording, composite) in moved {
            self.move_on(tx, recording, composite).await?;
        }
        Ok(())
    }

    /// Recordings that were found, and those that turned out to be longer.
    async fn write_recordings(&mut self, tx: &mut Conn) -> Result<(), ServiceError> {
        let mut new = Vec::new();
        for held in self.recordings.values_mut() {
            let recording = &held.recording;
            if held.new {
                new.push(recording.clone());
            } else if held.widened {
                let fields = Fields {
                    requested_at: Some(recording.requested_at),
                    started_at: recording.started_at,
                    stopped_at: recording.stopped_at,
                    ..Fields::default()
                };
                recordings::update_fields(tx, recording.id, &fields).await?;
            }
            (held.new, held.widened) = (false, false);
        }
        if new.is_empty() {
            return Ok(());
        }
        // In the order in which they were found, whatever the map's is.
        new.sort_unstable_by_key(|recording| recording.id);
        let mut seen = HashSet::new();
        let rooms: Vec<_> = new
            .iter()
            .filter(|recording| seen.insert((recording.app, &recording.room)))
            .map(|recording| (recording.app, recording.room.clone(), recording.state_since))
            .collect();
        rooms::ensure_many(tx, &rooms).await?;
        recordings::insert_found(tx, &new).await?;
        let lines: Vec<_> = new
            .iter()
            .map(|recording| (recording.id, recording.state_since))
            .collect();
        history::append_found(tx, &lines).await?;
        Ok(())
    }

    /// Files are new to a recording, `composite` among them: what that makes of its state.
    async fn move_on(
        &mut self,
        tx: &mut Conn,
        id: RecordingId,
        composite: Option<&News>,
    ) -> Result<(), ServiceError> {
        let Some(held) = self.recordings.get(&id) else {
            return Ok(());
        };
        let mut recording = held.recording.clone();
        if let Some(news) = composite
            && recording.origin == Origin::Started
            && recording.stopped_at.is_none()
        {
            let end = news.file.ended_at.unwrap_or(news.at);
            self.service.note_end(tx, &recording, end).await?;
            recording = recordings::get(tx, id)
                .await?
                .ok_or(ServiceError::NotFound)?;
            if let Some(held) = self.recordings.get_mut(&id) {
                held.recording = recording.clone();
            }
        }
        // Nothing that arrives moves a recording that has all.
        if recording.state == RecordingState::Ready {
            return Ok(());
        }
        let event = if files::progress(tx, &recording).await?.is_complete() {
            RecordingEvent::LastFileArrived
        } else if composite.is_some() {
            RecordingEvent::CompositeArrived
        } else {
            RecordingEvent::PartArrived
        };
        self.advance(tx, id, event).await
    }

    async fn advance(
        &mut self,
        tx: &mut Conn,
        id: RecordingId,
        event: RecordingEvent,
    ) -> Result<(), ServiceError> {
        let Some(held) = self.recordings.get_mut(&id) else {
            return Ok(());
        };
        let fields = Fields::default();
        let moved = self
            .service
            .advance(tx, &held.recording, event, fields, None, None)
            .await?;
        if let Some(state) = moved {
            held.recording.state = state;
        }
        Ok(())
    }
}

/// As the matching wants it.
pub(crate) fn candidate(recording: &Recording) -> Candidate {
    Candidate {
        id: recording.id,
        state: recording.state,
        origin: recording.origin,
        rule: recording
            .rule
            .as_deref()
            .and_then(|rule| NamingRule::parse(rule).ok()),
        requested_at: recording.requested_at,
        stopped_at: recording.stopped_at,
    }
}

fn candidate_of(held: &Held) -> Candidate {
    let known = candidate(&held.recording);
    if held.served && known.origin == Origin::AutoRecorded {
        return Candidate {
            state: RecordingState::Ready,
            ..known
        };
    }
    known
}
