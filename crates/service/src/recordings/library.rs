//! The library: recordings, newest first.

use reelroom_domain::{
    access::{Thing, Verb},
    ids::{AppId, RecordingId},
    ledger::{Lateness, Patience},
    recording::{Origin, RecordingState},
    room::RoomId,
    search::SearchText,
    time::Timestamp,
    trouble::LibraryTrouble,
    view::{Library, RecordingRow, Thumbnail},
};
use reelroom_store::{
    recordings::{self, Filter, Summary, Which},
    trouble,
};

use super::patience::patience;
use crate::{Principal, Service, ServiceError, apps::scope::Visible, ground::cursor};

const PAGE: u32 = 50;

/// Which recordings to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LibraryQuery {
    /// Of this app; `None`: of the default app.
    pub app: Option<AppId>,
    /// Part of a room's or a file's name.
    pub search: Option<SearchText>,
    /// Only of this room.
    pub room: Option<RoomId>,
    /// Starts that failed instead of recordings.
    pub tries: bool,
    /// Only those with files in trouble.
    pub in_trouble: bool,
    /// The cursor: [`Library::older`] of the page before.
    pub before: Option<String>,
}

impl Service {
    /// A page of the library; the first one if the cursor is invalid.
    pub async fn library(
        &self,
        by: &Principal,
        query: LibraryQuery,
    ) -> Result<Library, ServiceError> {
        let app = self.app_for(by, query.app).await?;
        let now = self.now();
        let filter = Filter {
            room: query.room.as_ref(),
            search: query.search.as_ref(),
            which: if query.tries {
                Which::Tries
            } else {
                Which::Recordings
            },
            in_trouble: query.in_trouble.then_some(now),
        };
        let before = query.before.as_deref().and_then(cursor::parse);
        let mut read = self.0.store.read().await?;
        let visible = Visible::load(&mut read, by, app.id).await?;
        let scope = visible.scope();
        let mut found = recordings::page(&mut read, scope, filter, before, PAGE + 1).await?;
        let older = cursor::cut(&mut found, PAGE, |summary| {
            (summary.recording.requested_at, summary.recording.id)
        });
        let total = recordings::count(&mut read, scope, filter).await?;
        let failed = Filter {
            which: Which::Tries,
            ..filter
        };
        let tries = recordings::count(&mut read, scope, failed).await?;
        let mut trouble = LibraryTrouble {
            all: trouble::total(&mut read, Some(scope), now).await?,
            ..LibraryTrouble::default()
        };
        if trouble.all.files() > 0 {
            let ids: Vec<RecordingId> = found.iter().map(|one| one.recording.id).collect();
            trouble.recordings = trouble::of_recordings(&mut read, &ids, now).await?;
        }
        let patience = patience(&mut read).await?;
        let recordings = found
            .into_iter()
            .map(|summary| row(by, summary, patience, now))
            .collect();
        Ok(Library {
            recordings,
            total,
            tries,
            older,
            trouble,
            now,
        })
    }
}

/// A row of a list for an account, at `now`.
pub(crate) fn row(
    by: &Principal,
    summary: Summary,
    patience: Patience,
    now: Timestamp,
) -> RecordingRow {
    let recording = summary.recording;
    let waiting = matches!(
        recording.state,
        RecordingState::AwaitingFiles | RecordingState::Overdue
    );
    // The end of a found recording is that of its files, or a guess.
    let between = match (recording.origin, recording.started_at, recording.stopped_at) {
        (Origin::Started, Some(from), Some(to)) => Some(to.since(from)),
        _ => None,
    };
    let frame = summary.frame.map(Thumbnail::Frame);
    let thing = Thing::Room(recording.app, &recording.room);
    let (may_watch, may_download) = (by.may(Verb::Watch, thing), by.may(Verb::Download, thing));
    let poster = summary.poster.map(Thumbnail::Poster);
    RecordingRow {
        id: recording.id,
        room: recording.room,
        title: summary.title,
        origin: recording.origin,
        state: recording.state,
        requested_at: recording.requested_at,
        started_at: recording.started_at,
        stopped_at: recording.stopped_at,
        length: summary.composite_length.or(between),
        file_name: summary.composite_name,
        ledger: summary.ledger,
        lateness: match recording.stopped_at {
            Some(stopped) if waiting => patience.lateness(stopped, now),
            _ => Lateness::InTime,
        },
        failed: summary.failed,
        bytes: summary.bytes,
        archived: summary.archived,
        thumbnail: frame.or(poster).filter(|_| may_watch),
        may_download,
    }
}
