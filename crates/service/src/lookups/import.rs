//! How a found file enters: as a call of its own, kept raw and understood like any other; and how it
//! and the callback that comes after all stay one file.

use reelroom_anyrtc::{
    callback::{Kind, MediaKind},
    videos::{Video, place},
};
use reelroom_domain::{
    callback::CallbackKind,
    file::FileKind,
    found::{Guess, guess},
    ledger::Patience,
    matching::{Announced, Candidate, choose},
    recording::Recording,
    room::{ParticipantId, RoomId},
    time::Timestamp,
};
use reelroom_store::{Conn, apps::App, calls::NewCall, lookups, meetings, recordings};

use crate::{Service, ServiceError, recordings::patience::patience};

/// An address of more bytes is odd, and not kept.
const LONGEST: usize = 2_000;

/// A file of a list, for a room.
pub(crate) struct Found<'a> {
    pub video: &'a Video,
    pub guess: Guess,
    /// The recording of the room that it belongs to, as far as can be told.
    pub recording: Option<Recording>,
}

impl Service {
    /// What each file of a list is, if it is of this room.
    pub(crate) async fn sort<'a>(
        &self,
        conn: &mut Conn,
        app: &App,
        room: &RoomId,
        videos: &'a [Video],
    ) -> Result<Vec<Found<'a>>, ServiceError> {
        let now = self.now();
        let earliest = videos.iter().filter_map(|video| video.start_ms).min();
        let earliest = earliest.map_or(now, Timestamp::from_millis).min(now);
        // A recording may last for a day before its files begin to be of interest.
        let since = earliest.plus_millis(-48 * 60 * 60_000);
        let known = recordings::candidates(conn, app.id, room, (since, now)).await?;
        let people = meetings::seen_between(conn, app.id, room, since, now).await?;
        let patience = patience(conn).await?;
        let sorted = videos.iter().filter_map(|video| {
            let (guess, recording) = placed(video, room, &known, &people, (now, patience))?;
            Some(Found {
                video,
                guess,
                recording: recording.cloned(),
            })
        });
        Ok(sorted.collect())
    }

    /// Lets what is there and not known yet enter; how many calls that made.
    pub(crate) async fn enter(
        &self,
        tx: &mut Conn,
        app: &App,
        room: &RoomId,
        videos: &[Video],
    ) -> Result<u32, ServiceError> {
        let mut entered = 0;
        for found in self.sort(tx, app, room, videos).await? {
            if found.video.is_there() {
                let guess = Some((room, &found.guess));
                entered += u32::from(self.enter_one(tx, app, guess, found.video).await?);
            }
        }
        Ok(entered)
    }

    /// One file; without a room it will not be understood, and waits for a person. `false`: known.
    pub(crate) async fn enter_one(
        &self,
        tx: &mut Conn,
        app: &App,
        guess: Option<(&RoomId, &Guess)>,
        video: &Video,
    ) -> Result<bool, ServiceError> {
        let Some(url) = video.download_url.as_deref() else {
            return Ok(false);
        };
        let place = place(url);
        if url.len() > LONGEST
            || lookups::is_known(tx, app.id, place).await?
            || !lookups::note_find(tx, app.id, place).await?
        {
            return Ok(false);
        }
        let (room, kind, user) = match guess {
            Some((room, guess)) => (
                Some(room.as_str()),
                kind(guess.kind),
                guess.participant.as_ref().map(ParticipantId::as_str),
            ),
            None => (None, Kind::Composite, None),
        };
        self.append(NewCall {
            kind: CallbackKind::Av,
            app: Some(app.id),
            received_at: self.now(),
            remote: String::new(),
            content_type: Some("application/json".to_owned()),
            content_encoding: None,
            looked_up: true,
            body: video
                .announcement(room, kind, user)
                .to_string()
                .into_bytes(),
        })
        .await?;
        tracing::info!(app = %app.id, room, name = video.name(), "found by looking up");
        Ok(true)
    }
}

/// What a file is and of which recording, if it can be of this room.
fn placed<'a>(
    video: &Video,
    room: &RoomId,
    known: &'a [Recording],
    people: &[ParticipantId],
    (now, patience): (Timestamp, Patience),
) -> Option<(Guess, Option<&'a Recording>)> {
    if (video.room.as_deref()).is_some_and(|named| named != room.as_str()) {
        return None;
    }
    let name = video.name()?;
    let is_picture = video.media() == MediaKind::Image;
    // Twice: which rule explains the name depends on the recording, and the recording on the name.
    let mut guessed = guess(&name, is_picture, room, None, people);
    let mut recording = None;
    for _ in 0..2 {
        let announced = Announced {
            kind: guessed.kind,
            file_name: name.clone(),
            started_at: video.start_ms.map(Timestamp::from_millis),
            ended_at: video.end_ms.map(Timestamp::from_millis),
            received_at: now,
        };
        let candidates: Vec<Candidate> = known.iter().map(Candidate::from).collect();
        let chosen = choose(&announced, room, &candidates, patience);
        recording = known.iter().find(|known| Some(known.id) == chosen);
        let rule = recording.and_then(Recording::naming_rule);
        guessed = guess(&name, is_picture, room, rule.as_ref(), people);
    }
    Some((guessed, recording))
}

const fn kind(kind: FileKind) -> Kind {
    match kind {
        FileKind::Composite => Kind::Composite,
        FileKind::Track => Kind::Track,
        FileKind::Frame => Kind::Frame,
    }
}
