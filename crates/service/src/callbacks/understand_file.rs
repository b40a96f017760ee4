//! A file was announced: find its recording, note the file, move the state.

use reelroom_anyrtc::{
    callback::{self as wire, FileCallback},
    parts::supplemented,
    raw::Raw,
};
use reelroom_domain::{
    callback::Verdict,
    file::{FileKind, Media},
    matching::{Announced, Candidate, choose},
    naming::NamingRule,
    recording::{AutoStop, Origin, RecordingEvent, RecordingState},
    room::{ParticipantId, RoomId},
    time::Timestamp,
    view::{Change, HistoryEvent},
};
use reelroom_store::{
    Conn,
    apps::{self, App},
    callbacks::{self, Callback, Subject},
    files::{self, Announced as Noted, Announcement},
    history,
    recordings::{self, Fields, Recording},
    rooms,
};

use crate::{
    Service, ServiceError, callbacks::understand::Outcome, correlation, files::guard, inbox,
};

/// How far back a recording may have been requested to be looked at for a file without a token.
const LOOK_BACK: i64 = 48 * 60 * 60_000;

impl Service {
    pub(crate) async fn understand_file(
        &self,
        tx: &mut Conn,
        call: &Callback,
        named: App,
    ) -> Result<Outcome, ServiceError> {
        let assigned = match call.assigned_to {
            Some(id) => recordings::get(tx, id).await?,
            None => None,
        };
        // What the call leaves out, the recording that a person tied it to says.
        let raw = inbox::raw(call);
        let whole = assigned
            .as_ref()
            .and_then(|to| supplemented(&raw, to.room.as_str()));
        let raw = match &whole {
            Some(body) => Raw::from(body.as_slice()),
            None => raw,
        };
        let read = |app: &App| wire::read_raw(&raw, &crate::apps::zone(app));
        let subject = || inbox::subject(&raw, &crate::apps::zone(&named));
        let file = match read(&named) {
            Ok(file) => file,
            Err(why @ wire::Unreadable::NotJson(_)) => {
                return Ok(Outcome::malformed(why.to_string()));
            }
            Err(why) => {
                return Ok(Outcome {
                    subject: subject(),
                    ..Outcome::unrecognised(why.to_string())
                });
            }
        };
        let room = match RoomId::new(file.room.clone()) {
            Ok(room) => room,
            Err(why) => {
                return Ok(Outcome {
                    subject: subject(),
                    ..Outcome::unrecognised(format!("room: {why}"))
                });
            }
        };
        let mut subject = subject_of(&file, &room);
        if let Some(data) = &file.user_data
            && self.0.correlator.is_test(data)
        {
            subject.test = true;
            return Ok(Outcome {
                verdict: Verdict::Accepted,
                reason: None,
                recording: None,
                file: None,
                changes: Vec::new(),
                subject,
            });
        }
        let known = match assigned {
            None => self.assigned_before(tx, call, &file, &room).await?,
            assigned => self.with_app(tx, assigned).await?,
        };
        let known = match known {
            None => self.by_token(tx, &file, &room).await?,
            known => known,
        };
        let (app, known) = match known {
            Some((app, recording)) => (app, Some(recording)),
            None => (self.app_by_address(tx, call, &file, named).await?, None),
        };
        // Local times read in the zone of the app that it turned out to be.
        let file = read(&app).unwrap_or(file);
        let recording = match known {
            Some(recording) => recording,
            None => self.by_circumstance(tx, call, &file, &app, &room).await?,
        };
        subject.found = recording.origin == Origin::AutoRecorded;
        let outcome = self.note_file(tx, call, file, recording).await?;
        Ok(Outcome { subject, ..outcome })
    }

    /// The recording that a person tied an earlier call of the same file to.
    async fn assigned_before(
        &self,
        tx: &mut Conn,
        call: &Callback,
        file: &FileCallback,
        room: &RoomId,
    ) -> Result<Option<(App, Recording)>, ServiceError> {
        let recording = match callbacks::assigned(tx, room, &file.file_name).await? {
            Some(id) => recordings::get(tx, id).await?,
            None => None,
        };
        // Another app may have a room and a file of the same names.
        let recording = recording.filter(|to| call.app.is_none_or(|named| named == to.app));
        self.with_app(tx, recording).await
    }

    async fn with_app(
        &self,
        tx: &mut Conn,
        recording: Option<Recording>,
    ) -> Result<Option<(App, Recording)>, ServiceError> {
        let Some(recording) = recording else {
            return Ok(None);
        };
        let app = apps::get(tx, recording.app).await?;
        Ok(app.map(|app| (app, recording)))
    }

    /// The recording that a believable token names.
    async fn by_token(
        &self,
        tx: &mut Conn,
        file: &FileCallback,
        room: &RoomId,
    ) -> Result<Option<(App, Recording)>, ServiceError> {
        let Some(claim) = file.user_data.as_deref().and_then(correlation::claim) else {
            return Ok(None);
        };
        let Some(recording) = recordings::get(tx, claim.recording).await? else {
            return Ok(None);
        };
        let Some(app) = apps::get(tx, recording.app).await? else {
            return Ok(None);
        };
        Ok(self
            .0
            .correlator
            .believes(&claim, app.id, room)
            .then_some((app, recording)))
    }

    /// Without a token: the app that the call named, else the one whose addresses it uses.
    async fn app_by_address(
        &self,
        tx: &mut Conn,
        call: &Callback,
        file: &FileCallback,
        named: App,
    ) -> Result<App, ServiceError> {
        if call.app.is_some() {
            return Ok(named);
        }
        let Some(address) = &file.download_url else {
            return Ok(named);
        };
        let apps = apps::list(tx).await?;
        let owner = apps
            .into_iter()
            .find(|app| guard::allowed(address, app).is_ok());
        Ok(owner.unwrap_or(named))
    }

    /// Without a token: room, time window and the rule read backwards; else a recording of its own.
    async fn by_circumstance(
        &self,
        tx: &mut Conn,
        call: &Callback,
        file: &FileCallback,
        app: &App,
        room: &RoomId,
    ) -> Result<Recording, ServiceError> {
        // Understood before: it stays where it was.
        if let Some(before) = call.recording
            && let Some(recording) = recordings::get(tx, before).await?
            && (recording.app, &recording.room) == (app.id, room)
        {
            return Ok(recording);
        }
        let since = call.received_at.plus_millis(-LOOK_BACK);
        let known = recordings::candidates(tx, app.id, room, since).await?;
        let candidates: Vec<Candidate> = known.iter().map(candidate).collect();
        let announced = Announced {
            kind: kind(file),
            file_name: file.file_name.clone(),
            started_at: file.start_ms.map(Timestamp::from_millis),
            ended_at: file.end_ms.map(Timestamp::from_millis),
            received_at: call.received_at,
        };
        let chosen = choose(&announced, room, &candidates);
        if let Some(found) = known
            .into_iter()
            .find(|recording| Some(recording.id) == chosen)
        {
            return Ok(found);
        }
        let started = announced.started_at.unwrap_or(call.received_at);
        let recording = Recording {
            id: self.0.chance.id(call.received_at),
            app: app.id,
            room: room.clone(),
            origin: Origin::AutoRecorded,
            state: RecordingState::AwaitingFiles,
            state_since: call.received_at,
            rule: None,
            path: None,
            user_data: file.user_data.clone(),
            kind: None,
            requested_at: started,
            started_at: Some(started),
            stopped_at: Some(announced.ended_at.unwrap_or(call.received_at)),
            requested_by: None,
            stopped_by: None,
            tracks_expected: 0,
            auto_stop: AutoStop::default(),
        };
        rooms::ensure(tx, app.id, room, call.received_at).await?;
        recordings::insert(tx, &recording).await?;
        history::append(
            tx,
            recording.id,
            call.received_at,
            HistoryEvent::Found,
            None,
            None,
        )
        .await?;
        Ok(recording)
    }

    /// Notes the file with its recording, and moves the recording's state.
    async fn note_file(
        &self,
        tx: &mut Conn,
        call: &Callback,
        file: FileCallback,
        recording: Recording,
    ) -> Result<Outcome, ServiceError> {
        let kind = kind(&file);
        let announcement = Announcement {
            kind,
            media: media_of(file.media),
            // A name that cannot be a participant's costs the name, never the file.
            participant: match kind {
                FileKind::Composite => None,
                _ => file.user_id.and_then(|id| ParticipantId::new(id).ok()),
            },
            name: file.file_name,
            size: file.file_size,
            length_ms: file
                .duration_s
                .and_then(|s| i64::try_from(s).ok()?.checked_mul(1000)),
            started_at: file.start_ms.map(Timestamp::from_millis),
            ended_at: file.end_ms.map(Timestamp::from_millis),
            url: file.download_url.unwrap_or_default(),
        };
        let new = self.0.chance.id(call.received_at);
        let at = call.received_at;
        let noted = files::upsert_announced(tx, new, recording.id, &announcement, at).await?;
        let id = match noted {
            Noted::New(id) | Noted::Renewed(id) => id,
            Noted::Same(id) => {
                // A person tied it here: its recording may not know of it yet.
                if call.assigned_to.is_some() {
                    self.file_arrived(tx, &recording, kind, announcement.ended_at.unwrap_or(at))
                        .await?;
                }
                return Ok(Outcome {
                    verdict: Verdict::Duplicate,
                    reason: None,
                    recording: Some(recording.id),
                    file: Some(id),
                    changes: Vec::new(),
                    subject: Subject::default(),
                });
            }
        };
        if recording.origin == Origin::AutoRecorded {
            widen(tx, &recording, &announcement).await?;
        }
        self.file_arrived(tx, &recording, kind, announcement.ended_at.unwrap_or(at))
            .await?;
        let (recording, room) = (recording.id, recording.room);
        Ok(Outcome {
            verdict: Verdict::Accepted,
            reason: None,
            recording: Some(recording),
            file: Some(id),
            changes: vec![Change::Recording {
                id: recording,
                room,
            }],
            subject: Subject::default(),
        })
    }

    /// Moves the state of a recording that has one more file, whose content ended at `ended_at`.
    async fn file_arrived(
        &self,
        tx: &mut Conn,
        recording: &Recording,
        kind: FileKind,
        ended_at: Timestamp,
    ) -> Result<(), ServiceError> {
        let is_end = kind == FileKind::Composite && recording.stopped_at.is_none();
        if recording.origin == Origin::Started && is_end {
            self.note_end(tx, recording, ended_at).await?;
        }
        let ledger = match recordings::row_of(tx, recording.id).await? {
            Some(summary) => summary.ledger,
            None => return Err(ServiceError::NotFound),
        };
        let event = if ledger.is_complete() {
            RecordingEvent::LastFileArrived
        } else if kind == FileKind::Composite {
            RecordingEvent::CompositeArrived
        } else {
            RecordingEvent::PartArrived
        };
        self.advance(tx, recording, event, Fields::default(), None, None)
            .await?;
        Ok(())
    }
}

/// What a call that announces a file is found by.
fn subject_of(file: &FileCallback, room: &RoomId) -> Subject {
    Subject {
        room: Some(room.clone()),
        file_name: Some(file.file_name.clone()),
        file_kind: Some(kind(file)),
        participant: match kind(file) {
            FileKind::Composite => None,
            _ => file
                .user_id
                .clone()
                .and_then(|id| ParticipantId::new(id).ok()),
        },
        ..Subject::default()
    }
}

/// A found recording is as long as its files: each may begin earlier or end later than those that
/// came before it.
async fn widen(
    tx: &mut Conn,
    recording: &Recording,
    file: &Announcement,
) -> Result<(), ServiceError> {
    let started_at = file
        .started_at
        .into_iter()
        .chain(recording.started_at)
        .min();
    let stopped_at = file.ended_at.into_iter().chain(recording.stopped_at).max();
    let fields = Fields {
        requested_at: started_at,
        started_at,
        stopped_at,
        ..Fields::default()
    };
    recordings::update_fields(tx, recording.id, &fields).await?;
    Ok(())
}

fn candidate(recording: &Recording) -> Candidate {
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

pub(crate) const fn kind(file: &FileCallback) -> FileKind {
    kind_of(file.kind)
}

pub(crate) const fn kind_of(kind: wire::Kind) -> FileKind {
    match kind {
        wire::Kind::Composite => FileKind::Composite,
        wire::Kind::Track => FileKind::Track,
        wire::Kind::Frame => FileKind::Frame,
    }
}

pub(crate) const fn media_of(media: wire::MediaKind) -> Media {
    match media {
        wire::MediaKind::Audio => Media::Audio,
        wire::MediaKind::Video => Media::Video,
        wire::MediaKind::Image => Media::Image,
        wire::MediaKind::Unknown => Media::Unknown,
    }
}
