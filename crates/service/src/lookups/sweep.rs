//! The sweep: every ten minutes, a look-up of all files since the last complete sweep.

use std::{collections::BTreeSet, time::Duration};

use reelroom_anyrtc::{
    callback::MediaKind,
    videos::{Page, Video, place},
};
use reelroom_domain::{
    found::guess, matching::TOLERANCE, recording::Recording, room::RoomId, time::Timestamp,
};
use reelroom_store::{
    Conn,
    apps::{self, App},
    lookups::{self, Sweep},
};

use super::{
    reading::{Coverage, PAGE, PAGES, Reading, coverage},
    unplaced::Unplaced,
};
use crate::{
    Service, ServiceError,
    apps::ask::{NotListed, Question},
};

// All times are in milliseconds.

/// The interval of sweeps.
const EVERY: i64 = 10 * 60_000;
/// The overlap with the sweep before, as a file is listed some time after its recording.
const OVERLAP: i64 = 30 * 60_000;
/// How far the first sweep goes back.
const FIRST: i64 = 24 * 60 * 60_000;
/// How far any sweep goes back at most.
const FARTHEST: i64 = 7 * FIRST;
/// The shortest span after halving one with too many files.
const SHORTEST_LARGE: i64 = 60_000;
/// The shortest span after halving one that was incomplete: its older half changes less.
const SHORTEST_INCOMPLETE: i64 = 60 * 60_000;
/// The overlap of two spans.
const SEAM: i64 = 1_000;

impl Service {
    /// Starts a sweep of each app that is due, each in a task of its own, so that one that waits for
    /// the rate limit does not delay the others. A later round returns its error.
    pub(crate) async fn sweep_round(&self) -> Result<Option<Duration>, ServiceError> {
        let apps = self.apps_with_list().await?;
        let ended: Vec<_> = {
            let mut sweeps = self.0.sweeps.lock();
            let ended = sweeps.extract_if(|_, sweep| sweep.is_finished());
            let ended = ended.map(|(_, sweep)| sweep).collect();
            for app in apps {
                sweeps.entry(app.id).or_insert_with(|| {
                    let service = self.clone();
                    let sweep = async move { service.sweep_if_due(&app).await };
                    self.0.jobs.spawn_until_close(sweep)
                });
            }
            ended
        };
        for sweep in ended {
            let ended = sweep.await.map_err(|_| ServiceError::Interrupted)?;
            ended.unwrap_or(Ok(()))?;
        }
        Ok(None)
    }

    async fn apps_with_list(&self) -> Result<Vec<App>, ServiceError> {
        let mut read = self.0.store.read().await?;
        let mut apps = apps::list(&mut read).await?;
        apps.retain(|app| self.has_list(app));
        Ok(apps)
    }

    async fn sweep_if_due(&self, app: &App) -> Result<(), ServiceError> {
        let mut tx = self.0.store.write().await?;
        let sweep = lookups::claim_sweep(&mut tx, app.id, self.now(), EVERY).await?;
        tx.commit().await?;
        match sweep {
            Some(sweep) => self.sweep(app, sweep).await,
            None => Ok(()),
        }
    }

    /// Sweeps an app, in one span or, after halving, in several, the oldest first. The end of a span is
    /// recorded as swept if that span and all before it were complete.
    async fn sweep(&self, app: &App, sweep: Sweep) -> Result<(), ServiceError> {
        let until = self.now();
        let mut from = {
            let mut read = self.0.store.read().await?;
            let overlap = |at: Timestamp| at.plus_millis(-OVERLAP);
            let farthest = until.plus_millis(-FARTHEST);
            let last = sweep.swept_until.unwrap_or(until.plus_millis(-FIRST));
            // A long recording begins before the last sweep and has its files after it.
            let open = lookups::oldest_open(&mut read, app.id, farthest).await?;
            overlap(open.map_or(last, |open| open.min(last))).max(farthest)
        };
        let (mut to, mut complete) = (until, true);
        loop {
            let coverage = match self.sweep_span(app, (from, to)).await {
                Ok(coverage) => coverage,
                Err(NotListed::Service(error)) => return Err(error),
                Err(error) => {
                    tracing::info!(app = %app.id, ?error, "the sweep failed; the next one goes as far back");
                    return Ok(());
                }
            };
            let half = to.since(from) / 2;
            let may_be_halved = match coverage {
                Coverage::Complete => false,
                Coverage::TooLarge => half >= SHORTEST_LARGE,
                // After an incomplete span, nothing more is recorded as swept.
                Coverage::Incomplete => complete && half >= SHORTEST_INCOMPLETE,
            };
            if may_be_halved {
                to = from.plus_millis(half);
                continue;
            }
            if coverage != Coverage::Complete && complete {
                complete = false;
                tracing::warn!(app = %app.id, ?coverage, minutes = until.since(from) / 60_000, "the file list was not complete; the next sweep goes as far back");
            }
            // Never backwards: because of an open recording, the span may be older.
            if complete && sweep.swept_until.is_none_or(|last| last < to) {
                let mut tx = self.0.store.write().await?;
                lookups::record_sweep(&mut tx, app.id, to).await?;
                tx.commit().await?;
            }
            if to >= until {
                return Ok(());
            }
            (from, to) = (to.plus_millis(-SEAM), until);
        }
    }

    /// Imports the files of a span. A list of several pages is read twice, to see files that moved
    /// across the edge of a page.
    async fn sweep_span(
        &self,
        app: &App,
        span: (Timestamp, Timestamp),
    ) -> Result<Coverage, NotListed> {
        let mut unplaced = Unplaced::default();
        let mut readings = vec![self.import_list(app, span, &mut unplaced).await?];
        if readings[0].needs_another() {
            readings.push(self.import_list(app, span, &mut unplaced).await?);
        }
        self.import_unplaced(app, unplaced).await?;
        Ok(coverage(&readings))
    }

    /// Reads the list of a span once and imports its files.
    async fn import_list(
        &self,
        app: &App,
        (from, to): (Timestamp, Timestamp),
        unplaced: &mut Unplaced,
    ) -> Result<Reading, NotListed> {
        let mut reading = Reading::default();
        for number in 1..=PAGES {
            let page = Page { number, size: PAGE };
            let question = Question::Between(from, to, page);
            let list = self.ask_list_patiently(app, question).await?;
            let has_more = reading.add(&list);
            self.import_page(app, list.videos, unplaced).await?;
            let can_be_halved = to.since(from) / 2 >= SHORTEST_LARGE;
            if !has_more || (reading.is_too_large() && can_be_halved) {
                break;
            }
        }
        Ok(reading)
    }

    /// Imports the files whose room is known, and adds the others to `unplaced`.
    async fn import_page(
        &self,
        app: &App,
        videos: Vec<Video>,
        unplaced: &mut Unplaced,
    ) -> Result<(), ServiceError> {
        let mut tx = self.0.store.write().await?;
        for video in videos {
            let Some(url) = video.download_url.clone().filter(|_| video.is_there()) else {
                continue;
            };
            let place = place(&url);
            if lookups::is_known(&mut tx, app.id, place).await? {
                continue;
            }
            match self.room_of(&mut tx, app, &video).await? {
                RoomOf::Known(room) => {
                    self.import(&mut tx, app, &room, &[video]).await?;
                }
                RoomOf::OneOf(rooms) => unplaced.add(video, rooms),
            }
        }
        Ok(tx.commit().await?)
    }

    /// The room of a file: the list's, or that of the only recording whose naming rule matches; else
    /// all rooms with a recording or a meeting at its time.
    async fn room_of(
        &self,
        conn: &mut Conn,
        app: &App,
        video: &Video,
    ) -> Result<RoomOf, ServiceError> {
        if let Some(room) = video.room.clone().and_then(|room| RoomId::new(room).ok()) {
            return Ok(RoomOf::Known(room));
        }
        let start = video.start_ms.or(video.end_ms);
        let Some(start) = start.map(Timestamp::from_millis) else {
            return Ok(RoomOf::OneOf(BTreeSet::new()));
        };
        let end = video
            .end_ms
            .map_or(start, Timestamp::from_millis)
            .max(start);
        let (from, to) = (start.plus_millis(-TOLERANCE), end.plus_millis(TOLERANCE));
        let running = lookups::running_between(conn, app.id, from, to).await?;
        let named: BTreeSet<RoomId> = running
            .iter()
            .filter(|recording| names_room(recording, video))
            .map(|recording| recording.room.clone())
            .collect();
        if let (1, Some(room)) = (named.len(), named.first()) {
            return Ok(RoomOf::Known(room.clone()));
        }
        let mut rooms: BTreeSet<RoomId> = running
            .into_iter()
            .map(|recording| recording.room)
            .collect();
        rooms.extend(lookups::rooms_met_between(conn, app.id, from, to).await?);
        Ok(RoomOf::OneOf(rooms))
    }

    /// Requests the possible rooms of files and imports what they have. The rest is imported without a
    /// room, for a person to assign.
    async fn import_unplaced(&self, app: &App, mut unplaced: Unplaced) -> Result<(), NotListed> {
        while let Some(room) = unplaced.next_room() {
            let question = Question::Room(&room);
            let list = self.ask_list_patiently(app, question).await?;
            let mut tx = self.0.store.write().await?;
            self.import(&mut tx, app, &room, &list.videos).await?;
            tx.commit().await?;
            unplaced.remove(room, &list.videos);
        }
        if !unplaced.all_requested() {
            tracing::warn!(app = %app.id, "found files are in none of the rooms that were requested; not all were");
        }
        let mut tx = self.0.store.write().await?;
        for video in unplaced.files() {
            self.import_one(&mut tx, app, None, video).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Whether a file's name follows the recording's rule, and that contains the room.
fn names_room(recording: &Recording, video: &Video) -> bool {
    let (Some(rule), Some(name)) = (recording.naming_rule(), video.name()) else {
        return false;
    };
    let is_picture = video.media() == MediaKind::Image;
    let room = &recording.room;
    rule.as_str().contains("{roomid}")
        && (guess(&name, is_picture, room, Some(&rule), &[]).reads || name.contains(room.as_str()))
}

/// The room of a file.
enum RoomOf {
    Known(RoomId),
    OneOf(BTreeSet<RoomId>),
}
