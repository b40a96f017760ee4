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
    ids::{FileId, RecordingId},
    ledger::Patience,
    matching::{Announced, Candidate, choose},
    naming::NamingRule,
    room::{ParticipantId, RoomId},
    time::Timestamp,
    view::HistoryEvent,
};
use reelroom_store::{
    Conn,
    apps::App,
    calls::NewCall,
    files::Announcement,
    history, lookups, meetings,
    recordings::{self, Recording},
};

use crate::{Service, ServiceError, callbacks::understand::Reading, recordings::patience::patience};

/// An address of more bytes is odd, and not kept.
const LONGEST: usize = 2_000;

/// What one look-up finds is understood within so many milliseconds.
const AT_ONCE_MILLIS: i64 = 60_000;

/// What was known of a file before its call was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    /// Nothing, or what its call says again.
    Nothing,
    /// It was found by us, and this call is a look-up's: the platform told of it in the meantime.
    Announced(FileId),
    /// It had been found, and its callback says otherwise than was guessed.
    Corrected,
}

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

    /// Before a file is noted: one that was found and one that is announced are the same where their
    /// place or, within the recording, their name is.
    pub(crate) async fn found_before(
        &self,
        tx: &mut Conn,
        call: &Reading,
        recording: &Recording,
        file: &Announcement,
    ) -> Result<Before, ServiceError> {
        let place = place(&file.url);
        if call.call.content.looked_up {
            let known = lookups::announced_as(tx, recording.id, place, &file.name).await?;
            return Ok(known.map_or(Before::Nothing, Before::Announced));
        }
        let adopted = lookups::adopt(tx, recording, place, file).await?;
        let Some(adopted) = adopted else {
            return Ok(Before::Nothing);
        };
        tracing::info!(file = %adopted.file, corrected = adopted.corrected, "its callback came after all");
        Ok(if adopted.corrected {
            Before::Corrected
        } else {
            Before::Nothing
        })
    }

    /// After a file that was looked up is noted: that it was found, for whoever asks and for the recording's history.
    pub(crate) async fn note_found(
        &self,
        tx: &mut Conn,
        recording: RecordingId,
        file: FileId,
    ) -> Result<(), ServiceError> {
        lookups::mark_file(tx, file).await?;
        // One line for all that were found at once, whatever else they made of the recording.
        let now = self.now();
        let lines = history::of_recording(tx, recording).await?;
        let is_told = lines.iter().any(|line| {
            line.event == HistoryEvent::LookedUp && now.since(line.at) < AT_ONCE_MILLIS
        });
        if !is_told {
            let event = HistoryEvent::LookedUp;
            history::append(tx, recording, now, event, None, None).await?;
        }
        Ok(())
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
        let candidates: Vec<Candidate> = known
            .iter()
            .map(crate::callbacks::note_files::candidate)
            .collect();
        let chosen = choose(&announced, room, &candidates, patience);
        recording = known.iter().find(|known| Some(known.id) == chosen);
        let rule = recording.and_then(rule);
        guessed = guess(&name, is_picture, room, rule.as_ref(), people);
    }
    Some((guessed, recording))
}

pub(crate) fn rule(recording: &Recording) -> Option<NamingRule> {
    NamingRule::parse(recording.rule.as_deref()?).ok()
}

const fn kind(kind: FileKind) -> Kind {
    match kind {
        FileKind::Composite => Kind::Composite,
        FileKind::Track => Kind::Track,
        FileKind::Frame => Kind::Frame,
    }
}
