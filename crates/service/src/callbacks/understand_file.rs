//! A file was announced: find its recording, note the file, move the state.

use reelroom_anyrtc::callback::{self as wire, FileCallback};
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
    callbacks::Callback,
    files::{self, Announced as Noted, Announcement},
    history,
    recordings::{self, Fields, Recording},
    rooms,
};

use crate::{
    Service, ServiceError, callbacks::understand::Outcome, correlation, files::guard,
    lookups::enter::Before,
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
        let read = |app: &App| wire::read(&call.body, &crate::apps::zone(app));
        let file = match read(&named) {
            Ok(file) => file,
            Err(why) => return Ok(Outcome::unrecognised(why.to_string())),
        };
        let room = match RoomId::new(file.room.clone()) {
            Ok(room) => room,
            Err(why) => return Ok(Outcome::unrecognised(format!("room: {why}"))),
        };
        let by_token = self.by_token(tx, &file, &room).await?;
        let (app, by_token) = match by_token {
            Some((app, recording)) => (app, Some(recording)),
            None => (self.app_by_address(tx, call, &file, named).await?, None),
        };
        // Local times read in the zone of the app that it turned out to be.
        let file = read(&app).unwrap_or(file);
        let recording = match by_token {
            Some(recording) => recording,
            None => self.by_circumstance(tx, call, &file, &app, &room).await?,
        };
        self.note_file(tx, call, file, recording).await
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
        // A file that was looked up may be of a time long before.
        let began = file
            .start_ms
            .map_or(call.received_at, Timestamp::from_millis);
        let since = began.min(call.received_at).plus_millis(-LOOK_BACK);
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
            media: media(&file),
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
        let before = self
            .found_before(tx, call, &recording, &announcement)
            .await?;
        if let Before::Announced(id) = before {
            return Ok(Outcome {
                verdict: Verdict::Duplicate,
                reason: None,
                recording: Some(recording.id),
                file: Some(id),
                changes: Vec::new(),
            });
        }
        let noted = files::upsert_announced(tx, new, recording.id, &announcement, at).await?;
        self.note_found(tx, call, &recording, noted).await?;
        let id = match noted {
            Noted::New(id) | Noted::Renewed(id) => id,
            Noted::Same(id) if before == Before::Corrected => id,
            Noted::Same(id) => {
                return Ok(Outcome {
                    verdict: Verdict::Duplicate,
                    reason: None,
                    recording: Some(recording.id),
                    file: Some(id),
                    changes: Vec::new(),
                });
            }
        };
        if recording.origin == Origin::AutoRecorded {
            widen(tx, &recording, &announcement).await?;
        } else if kind == FileKind::Composite && recording.stopped_at.is_none() {
            self.note_end(tx, &recording, announcement.ended_at.unwrap_or(at))
                .await?;
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
        self.advance(tx, &recording, event, Fields::default(), None, None)
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
        })
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

const fn kind(file: &FileCallback) -> FileKind {
    match file.kind {
        wire::Kind::Composite => FileKind::Composite,
        wire::Kind::Track => FileKind::Track,
        wire::Kind::Frame => FileKind::Frame,
    }
}

const fn media(file: &FileCallback) -> Media {
    match file.media {
        wire::MediaKind::Audio => Media::Audio,
        wire::MediaKind::Video => Media::Video,
        wire::MediaKind::Image => Media::Image,
        wire::MediaKind::Unknown => Media::Unknown,
    }
}
