//! Import files of the video list: each as a call in the queue, which is understood like a callback.
//! A file is imported once, and its own callback, if it comes later, is the same file.

use reelroom_anyrtc::{
    callback::{Kind, MediaKind},
    videos::{Video, place},
};
use reelroom_domain::{
    callback::CallbackKind,
    file::FileKind,
    found::{Guess, guess},
    ledger::Patience,
    matching::{Announced, choose},
    recording::Recording,
    room::{ParticipantId, RoomId},
    time::Timestamp,
};
use reelroom_store::{Conn, apps::App, calls::NewCall, lookups, meetings, recordings};

use crate::{Service, ServiceError, recordings::patience::patience};

/// The longest address that is stored, in bytes.
const LONGEST: usize = 2_000;

/// A file of a list, matched to a room.
pub(crate) struct Found<'a> {
    pub video: &'a Video,
    pub guess: Guess,
    /// The recording of the room that it probably belongs to.
    pub recording: Option<Recording>,
}

impl Service {
    /// Matches the files of a list to the recordings of a room; drops those of other rooms.
    pub(crate) async fn match_files<'a>(
        &self,
        conn: &mut Conn,
        app: &App,
        room: &RoomId,
        videos: &'a [Video],
    ) -> Result<Vec<Found<'a>>, ServiceError> {
        let now = self.now();
        let earliest = videos.iter().filter_map(|video| video.start_ms).min();
        let earliest = earliest.map_or(now, Timestamp::from_millis).min(now);
        // A recording may last for a day before the first file of interest.
        let since = earliest.plus_millis(-48 * 60 * 60_000);
        let known = recordings::candidates(conn, app.id, room, (since, now)).await?;
        let people = meetings::seen_between(conn, app.id, room, since, now).await?;
        let patience = patience(conn).await?;
        let found = videos.iter().filter_map(|video| {
            let (guess, recording) = match_file(video, room, &known, &people, (now, patience))?;
            Some(Found {
                video,
                guess,
                recording: recording.cloned(),
            })
        });
        Ok(found.collect())
    }

    /// Imports the finished files of a list that are of this room and not known yet.
    pub(crate) async fn import(
        &self,
        tx: &mut Conn,
        app: &App,
        room: &RoomId,
        videos: &[Video],
    ) -> Result<(), ServiceError> {
        let found = self.match_files(tx, app, room, videos).await?;
        self.import_found(tx, app, room, &found).await.map(drop)
    }

    /// Imports the finished ones of matched files that are not known yet. Returns their number.
    pub(super) async fn import_found(
        &self,
        tx: &mut Conn,
        app: &App,
        room: &RoomId,
        found: &[Found<'_>],
    ) -> Result<u32, ServiceError> {
        let mut imported = 0;
        for found in found {
            if found.video.is_there() {
                let guess = Some((room, &found.guess));
                imported += u32::from(self.import_one(tx, app, guess, found.video).await?);
            }
        }
        Ok(imported)
    }

    /// Imports one file, unless it is known. Without a room, a person has to assign it in the inbox.
    pub(crate) async fn import_one(
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
            || !lookups::record_find(tx, app.id, place, self.now()).await?
        {
            return Ok(false);
        }
        let (room, kind, user) = match guess {
            Some((room, guess)) => (
                Some(room.as_str()),
                wire_kind(guess.kind),
                guess.participant.as_ref().map(ParticipantId::as_str),
            ),
            None => (None, Kind::Composite, None),
        };
        let body = video.announcement(room, kind, user).to_string();
        self.append(NewCall {
            kind: CallbackKind::Av,
            app: Some(app.id),
            received_at: self.now(),
            remote: String::new(),
            content_type: Some("application/json".to_owned()),
            content_encoding: None,
            looked_up: true,
            body: body.into_bytes(),
        })
        .await?;
        tracing::info!(app = %app.id, room, name = video.name(), "found by looking up");
        Ok(true)
    }
}

/// The kind and the recording of a file; `None` if the file is of another room.
fn match_file<'a>(
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
    // Twice: the naming rule depends on the recording, and the recording on what the name says.
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
        recording = choose(&announced, known, patience);
        let rule = recording.and_then(Recording::naming_rule);
        guessed = guess(&name, is_picture, room, rule.as_ref(), people);
    }
    Some((guessed, recording))
}

/// The kind of a file in the platform's callbacks.
pub(crate) const fn wire_kind(kind: FileKind) -> Kind {
    match kind {
        FileKind::Composite => Kind::Composite,
        FileKind::Track => Kind::Track,
        FileKind::Frame => Kind::Frame,
    }
}
