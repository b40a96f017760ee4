//! A file was announced: which app, which recording.

use reelroom_anyrtc::{
    callback::{self as wire, FileCallback},
    parts::supplemented,
    raw::Raw,
    videos::place,
};
use reelroom_domain::{
    file::{ADDRESS_BYTES, FileKind, Media, NAME_BYTES},
    ids::{AppId, RecordingId},
    matching::{Announced, TOLERANCE, choose, gathers, is_of_meeting, meeting_of},
    naming::{NamingRule, Token},
    order::USER_DATA_BYTES,
    recording::{AutoStop, Origin, RecordingState},
    room::{ParticipantId, RoomId},
    time::Timestamp,
};
use reelroom_store::{
    Conn,
    apps::App,
    files::{self, Announcement},
    inbox::Subject,
    recordings::Recording,
};

use crate::{
    ServiceError,
    callbacks::{
        note_files::Batch,
        understand::{Outcome, Reading},
    },
    correlation,
    files::guard,
    inbox,
};

/// How far back a recording may have been requested to be looked at for a file without a token.
const LOOK_BACK: i64 = 48 * 60 * 60_000;

impl<'a> Batch<'a> {
    /// Takes the file of one call up: it is noted with its recording when the batch is.
    pub(super) async fn file(
        &mut self,
        tx: &mut Conn,
        call: &Reading,
        named: &'a App,
    ) -> Result<(), ServiceError> {
        let assigned = match call.assigned_to {
            Some(id) => self.recording(tx, id).await?.cloned(),
            None => None,
        };
        // What the call leaves out, the recording that a person tied it to says.
        let raw = inbox::raw(&call.call);
        let whole = assigned
            .as_ref()
            .and_then(|to| supplemented(&raw, to.room.as_str()));
        let raw = match &whole {
            Some(body) => Raw::from(body.as_slice()),
            None => raw,
        };
        let read = |app: &App| wire::read_raw(&raw, &crate::apps::zone(app));
        let unread = |outcome: Outcome| Outcome {
            subject: inbox::subject(&raw, &crate::apps::zone(named)),
            ..outcome
        };
        let file = match read(named) {
            Ok(file) => file,
            Err(why) => {
                self.settle(call, unread(Outcome::unread(&call.call, why.to_string())));
                return Ok(());
            }
        };
        let room = match RoomId::new(file.room.clone()) {
            Ok(room) => room,
            Err(why) => {
                let outcome = Outcome::unrecognised(format!("room: {why}"));
                self.settle(call, unread(outcome));
                return Ok(());
            }
        };
        if file.file_name.len() > NAME_BYTES {
            let why = format!("fileName: over {NAME_BYTES} bytes");
            self.settle(call, Outcome::unrecognised(why));
            return Ok(());
        }
        let mut subject = subject_of(&file, &room);
        if let Some(data) = &file.user_data
            && self.service.0.correlator.is_test(data)
        {
            subject.test = true;
            self.settle(call, Outcome::accepted(subject));
            return Ok(());
        }
        let known = match assigned.map(|to| to.id) {
            None => self.assigned_before(tx, call, &file, &room).await?,
            assigned => assigned,
        };
        let known = match known {
            Some(id) => self.with_app(tx, id).await?,
            None => self.by_token(tx, &file, &room).await?,
        };
        let app = match known {
            Some((app, _)) => app,
            None => self.app_by_address(call, &file, named),
        };
        // Local times read in the zone of the app that it turned out to be.
        let file = if app.zone == named.zone {
            file
        } else {
            read(app).unwrap_or(file)
        };
        let recording = match known {
            Some((_, recording)) => recording,
            None => self.by_circumstance(tx, call, &file, app, &room).await?,
        };
        self.note(tx, call, recording, announcement(file), subject)
            .await
    }

    /// The recording that a person tied an earlier call of the same file to.
    async fn assigned_before(
        &mut self,
        tx: &mut Conn,
        call: &Reading,
        file: &FileCallback,
        room: &RoomId,
    ) -> Result<Option<RecordingId>, ServiceError> {
        if !self.has_assignments(tx).await? {
            return Ok(None);
        }
        let Some(id) = reelroom_store::inbox::assigned(tx, room, &file.file_name).await? else {
            return Ok(None);
        };
        let recording = self.recording(tx, id).await?;
        // Another app may have a room and a file of the same names.
        let recording =
            recording.filter(|to| call.call.content.app.is_none_or(|named| named == to.app));
        Ok(recording.map(|recording| recording.id))
    }

    async fn with_app(
        &mut self,
        tx: &mut Conn,
        id: RecordingId,
    ) -> Result<Option<(&'a App, RecordingId)>, ServiceError> {
        let apps = self.apps;
        let app = self.recording(tx, id).await?.map(|recording| recording.app);
        let app = app.and_then(|app| apps.iter().find(|known| known.id == app));
        Ok(app.map(|app| (app, id)))
    }

    /// The recording that a believable token names.
    async fn by_token(
        &mut self,
        tx: &mut Conn,
        file: &FileCallback,
        room: &RoomId,
    ) -> Result<Option<(&'a App, RecordingId)>, ServiceError> {
        let Some(claim) = file.user_data.as_deref().and_then(correlation::claim) else {
            return Ok(None);
        };
        let (apps, service) = (self.apps, self.service);
        let Some(recording) = self.recording(tx, claim.recording).await? else {
            return Ok(None);
        };
        let app = apps.iter().find(|app| app.id == recording.app);
        Ok(app
            .filter(|app| service.0.correlator.believes(&claim, app.id, room))
            .map(|app| (app, claim.recording)))
    }

    /// Without a token: room, time window and the rule read backwards; else what gathers the files of
    /// the same room and meeting; else a recording of its own.
    async fn by_circumstance(
        &mut self,
        tx: &mut Conn,
        call: &Reading,
        file: &FileCallback,
        app: &App,
        room: &RoomId,
    ) -> Result<RecordingId, ServiceError> {
        // Understood before, or given to it by a person: it stays there.
        if let Some(before) = call.recording()
            && let Some(recording) = self.recording(tx, before).await?
            && (recording.app, &recording.room) == (app.id, room)
        {
            return Ok(before);
        }
        let announced = Announced {
            kind: kind(file),
            file_name: file.file_name.clone(),
            started_at: file.start_ms.map(Timestamp::from_millis),
            ended_at: file.end_ms.map(Timestamp::from_millis),
            received_at: call.received_at(),
        };
        let (since, until) = window(&announced);
        // A recording that was started here has a need of a file or not: that must be known.
        let by_need = announced.kind == FileKind::Composite || announced.started_at.is_none();
        self.look_at_room(tx, (app.id, room), (since, until), by_need)
            .await?;
        if by_need
            && let Some(before) = self
                .announced_before(tx, (app.id, room), (since, until), file)
                .await?
        {
            return Ok(before);
        }
        let (candidates, meetings) = self.in_room(app.id, room);
        let chosen = choose(&announced, room, &candidates, self.patience);
        let found = |id| candidates.iter().find(|candidate| candidate.id == id);
        if let Some(started) = chosen.and_then(found)
            && started.origin == Origin::Started
        {
            return Ok(started.id);
        }
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
            return Ok(self.found(recording(self, call, file, app, room, &announced)));
        };
        // It shows that these are one.
        for other in same {
            self.join(tx, first, other).await?;
        }
        Ok(first)
    }

    /// The recording that this very file is of already, or an earlier version of it. What a recording
    /// needs is no measure for a file that is announced again: the one that has it needs it no more.
    async fn announced_before(
        &mut self,
        tx: &mut Conn,
        (app, room): (AppId, &RoomId),
        between: (Timestamp, Timestamp),
        file: &FileCallback,
    ) -> Result<Option<RecordingId>, ServiceError> {
        let file = announcement(file.clone());
        let known = files::of_name(tx, (app, room), between, &file).await?;
        let same = known.iter().find(|known| is_same(&known.announced, &file));
        if let Some(same) = same {
            return Ok(Some(same.recording));
        }
        let waits = |batch: &Self, is_it: fn(&Recording, &Announcement, &Announcement) -> bool| {
            batch.waits(app, room, |of, waiting| {
                let named = (waiting.kind, &waiting.participant, &waiting.name);
                named == (file.kind, &file.participant, &file.name) && is_it(of, waiting, &file)
            })
        };
        if let Some(same) = waits(&*self, |_, waiting, file| is_same(waiting, file)) {
            return Ok(Some(same));
        }
        for known in &known {
            let of = self.recording(tx, known.recording).await?;
            if of.is_some_and(|of| is_version(of, &known.announced, &file)) {
                return Ok(Some(known.recording));
            }
        }
        Ok(waits(self, is_version))
    }

    /// A meeting may be known now that was not when its files came: what was found by them is one.
    pub(super) async fn gather(
        &mut self,
        tx: &mut Conn,
        app: &App,
        room: &RoomId,
        at: Timestamp,
    ) -> Result<(), ServiceError> {
        let since = at.plus_millis(-LOOK_BACK);
        self.look_at_room(tx, (app.id, room), (since, at), false)
            .await?;
        let (_, meetings) = self.in_room(app.id, room);
        for meeting in meetings {
            // Asked anew for each: one that spans two meetings makes them one too.
            let (candidates, _) = self.in_room(app.id, room);
            let mut same: Vec<_> = candidates
                .iter()
                .filter(|candidate| is_of_meeting(candidate, meeting))
                .map(|candidate| (candidate.requested_at, candidate.id))
                .collect();
            same.sort_unstable();
            if let Some(((_, first), others)) = same.split_first() {
                for (_, other) in others {
                    self.join(tx, *first, *other).await?;
                }
            }
        }
        Ok(())
    }

    /// Without a token: the app that the call named, else the one whose addresses it uses.
    fn app_by_address(&self, call: &Reading, file: &FileCallback, named: &'a App) -> &'a App {
        let address = file.download_url.as_deref();
        match address {
            Some(address) if call.call.content.app.is_none() && self.apps.len() > 1 => self
                .apps
                .iter()
                .find(|app| guard::allows(app, address))
                .unwrap_or(named),
            _ => named,
        }
    }
}

/// Whether of two files of one name, kind and participant nothing tells that they are two.
fn is_same(one: &Announcement, other: &Announcement) -> bool {
    fn agrees<T: Copy + PartialEq>(one: Option<T>, other: Option<T>) -> bool {
        one.is_none() || other.is_none() || one == other
    }
    place(&one.url) == place(&other.url)
        && agrees(one.size, other.size)
        && agrees(one.started_at, other.started_at)
        && agrees(one.ended_at, other.ended_at)
}

/// Whether a file is another version of one of the same name, kind and participant in that recording,
/// whatever its size and address: where its content goes over the same time, or where the recording's
/// rule gives no name twice. Other rules give the next recording's file the same name.
fn is_version(of: &Recording, known: &Announcement, file: &Announcement) -> bool {
    let times = |file: &Announcement| file.started_at.zip(file.ended_at);
    if times(file).is_some() && times(file) == times(known) {
        return true;
    }
    let rule = of.rule.as_deref().map(NamingRule::parse);
    rule.and_then(Result::ok).is_some_and(|rule| {
        let is_unique = rule.has(Token::Random) || rule.has(Token::Time);
        // The platform may have named the file in its own way.
        is_unique
            && rule
                .read_back(&file.name, file.kind, Some(&of.room))
                .is_some()
    })
}

/// When a recording that the file may belong to was requested. A file may be announced long after.
fn window(file: &Announced) -> (Timestamp, Timestamp) {
    let start = file
        .started_at
        .or(file.ended_at)
        .unwrap_or(file.received_at);
    let end = file.ended_at.unwrap_or(start).max(start);
    (
        start.plus_millis(-LOOK_BACK),
        end.plus_millis(TOLERANCE).max(start),
    )
}

/// A recording that this file shows.
fn recording(
    batch: &Batch<'_>,
    call: &Reading,
    file: &FileCallback,
    app: &App,
    room: &RoomId,
    announced: &Announced,
) -> Recording {
    let started = announced.started_at.unwrap_or(call.received_at());
    Recording {
        id: batch.service.0.chance.id(call.received_at()),
        app: app.id,
        room: room.clone(),
        origin: Origin::AutoRecorded,
        state: RecordingState::AwaitingFiles,
        state_since: call.received_at(),
        rule: None,
        path: None,
        // A token that does not fit its room is a token all the same.
        user_data: file
            .user_data
            .as_deref()
            .and_then(correlation::own)
            // The call has all of it.
            .filter(|own| own.len() <= USER_DATA_BYTES),
        kind: None,
        requested_at: started,
        started_at: Some(started),
        stopped_at: Some(announced.ended_at.unwrap_or(call.received_at())),
        requested_by: None,
        stopped_by: None,
        tracks_expected: 0,
        frames_expected: false,
        auto_stop: AutoStop::default(),
    }
}

/// As we keep it.
fn announcement(file: FileCallback) -> Announcement {
    let kind = kind(&file);
    Announcement {
        kind,
        media: media_of(file.media),
        participant: participant(&file),
        name: file.file_name,
        size: file.file_size,
        length_ms: file
            .duration_s
            .and_then(|s| i64::try_from(s).ok()?.checked_mul(1000)),
        started_at: file.start_ms.map(Timestamp::from_millis),
        ended_at: file.end_ms.map(Timestamp::from_millis),
        url: file
            .download_url
            .filter(|address| address.len() <= ADDRESS_BYTES)
            .unwrap_or_default(),
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

/// What a call that announces a file is found by.
fn subject_of(file: &FileCallback, room: &RoomId) -> Subject {
    Subject {
        room: Some(room.clone()),
        file_name: Some(file.file_name.clone()),
        file_kind: Some(kind(file)),
        participant: participant(file),
        ..Subject::default()
    }
}

/// Whose file it is: nobody's, if it is the composite. A name that cannot be a participant's costs
/// the name, never the file.
fn participant(file: &FileCallback) -> Option<ParticipantId> {
    match kind(file) {
        FileKind::Composite => None,
        FileKind::Track | FileKind::Frame => ParticipantId::new(file.user_id.clone()?).ok(),
    }
}
