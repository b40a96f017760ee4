//! The sweep: every ten minutes, everything that the platform made since the last good sweep.

use std::{collections::BTreeSet, sync::PoisonError, time::Duration};

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
    homeless::Homeless,
    reading::{PAGE, PAGES, Reading, Saw, saw},
};
use crate::{
    Service, ServiceError,
    apps::ask::{NotListed, Question},
};

/// From one sweep to the next. Milliseconds.
const EVERY: i64 = 10 * 60_000;
/// So much is looked at again: a file appears only when it is made. Milliseconds.
const OVERLAP: i64 = 30 * 60_000;
/// How far the first sweep goes back, and any at the most. Milliseconds.
const FIRST: i64 = 24 * 60 * 60_000;
const FARTHEST: i64 = 7 * FIRST;
/// A span with too many files is halved down to so much, and one whose list did not show all, since
/// the older half is the calmer one. Milliseconds.
const CROWDED: i64 = 60_000;
const RESTLESS: i64 = 60 * 60_000;
/// By so much one span reaches into the one before it. Milliseconds.
const SEAM: i64 = 1_000;

impl Service {
    /// Begins a sweep of each app that is due. A sweep is a task of its own, so that one that waits for
    /// a slot holds no other app up; how it ended is the outcome of a later round.
    pub(crate) async fn sweep_round(&self) -> Result<Option<Duration>, ServiceError> {
        let apps = self.apps_with_list().await?;
        let ended: Vec<_> = {
            let mut sweeps = self.0.sweeps.lock().unwrap_or_else(PoisonError::into_inner);
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

    /// One sweep: in one span, or in several where one is too much, the oldest first. All up to the
    /// end of a span counts as seen when all of it was there, and of those before it too.
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
        let (mut to, mut good) = (until, true);
        loop {
            let saw = match self.see(app, (from, to)).await? {
                Ok(saw) => saw,
                Err(why) => {
                    tracing::info!(app = %app.id, ?why, "the sweep was not good; the next one goes as far back");
                    return Ok(());
                }
            };
            let half = to.since(from) / 2;
            let may_be_halved = match saw {
                Saw::All => false,
                Saw::TooMany => half >= CROWDED,
                // What counts as seen ends before this span or an earlier one: which does not matter.
                Saw::NotAll => good && half >= RESTLESS,
            };
            if may_be_halved {
                to = from.plus_millis(half);
                continue;
            }
            if saw != Saw::All && good {
                good = false;
                tracing::warn!(app = %app.id, ?saw, minutes = until.since(from) / 60_000, "the video list did not show all that there is; the next sweep goes as far back");
            }
            // An open recording may have drawn the sweep far back: what was seen stays so.
            if good && sweep.swept_until.is_none_or(|last| last < to) {
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

    /// Lets enter what there is between two moments. A list of several pages is read twice: a file
    /// that slipped by at the edge of a page, when another one went, is on it the second time.
    async fn see(
        &self,
        app: &App,
        span: (Timestamp, Timestamp),
    ) -> Result<Result<Saw, NotListed>, ServiceError> {
        let mut homeless = Homeless::default();
        let mut readings: Vec<Reading> = Vec::new();
        while readings.len() < 2 {
            match self.read_through(app, span, &mut homeless).await? {
                Ok(reading) => readings.push(reading),
                Err(why) => return Ok(Err(why)),
            }
            if !readings.iter().all(Reading::wants_another) {
                break;
            }
        }
        if let Err(why) = self.settle_homeless(app, homeless).await? {
            return Ok(Err(why));
        }
        Ok(Ok(saw(&readings)))
    }

    /// Reads a list once; what it shows enters.
    async fn read_through(
        &self,
        app: &App,
        (from, to): (Timestamp, Timestamp),
        homeless: &mut Homeless,
    ) -> Result<Result<Reading, NotListed>, ServiceError> {
        let mut reading = Reading::default();
        for number in 1..=PAGES {
            let page = Page { number, size: PAGE };
            let question = Question::Between(from, to, page);
            let list = match self.ask_list_patiently(app, question).await? {
                Ok(list) => list,
                Err(why) => return Ok(Err(why)),
            };
            let may_go_on = reading.take_in(&list);
            self.take_page(app, list.videos, homeless).await?;
            // Too much is asked for again in halves, if it can be.
            let can_be_halved = to.since(from) / 2 >= CROWDED;
            if !may_go_on || (reading.is_too_much() && can_be_halved) {
                break;
            }
        }
        Ok(Ok(reading))
    }

    /// Lets what names its room enter, and keeps the rest apart.
    async fn take_page(
        &self,
        app: &App,
        videos: Vec<Video>,
        homeless: &mut Homeless,
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
                Home::Room(room) => {
                    self.enter(&mut tx, app, &room, &[video]).await?;
                }
                Home::OneOf(rooms) => {
                    homeless.take_in(video, rooms);
                }
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// The room of a file: as the list says; the one whose recording's rule explains the name; else
    /// those in which something went on at its time.
    async fn room_of(
        &self,
        conn: &mut Conn,
        app: &App,
        video: &Video,
    ) -> Result<Home, ServiceError> {
        if let Some(room) = video.room.clone().and_then(|room| RoomId::new(room).ok()) {
            return Ok(Home::Room(room));
        }
        let start = video.start_ms.or(video.end_ms);
        let Some(start) = start.map(Timestamp::from_millis) else {
            return Ok(Home::OneOf(BTreeSet::new()));
        };
        let end = video
            .end_ms
            .map_or(start, Timestamp::from_millis)
            .max(start);
        let (from, to) = (start.plus_millis(-TOLERANCE), end.plus_millis(TOLERANCE));
        let running = lookups::running_between(conn, app.id, from, to).await?;
        let explained: BTreeSet<RoomId> = running
            .iter()
            .filter(|recording| explains(recording, video))
            .map(|recording| recording.room.clone())
            .collect();
        if let (1, Some(room)) = (explained.len(), explained.first()) {
            return Ok(Home::Room(room.clone()));
        }
        let mut rooms: BTreeSet<RoomId> = running
            .into_iter()
            .map(|recording| recording.room)
            .collect();
        rooms.extend(lookups::rooms_met_between(conn, app.id, from, to).await?);
        Ok(Home::OneOf(rooms))
    }

    /// Asks for the rooms that files without one may be of, first for the one that most may be of.
    /// What is of none of those that were asked is kept without a room: a person can say where it
    /// belongs.
    async fn settle_homeless(
        &self,
        app: &App,
        mut homeless: Homeless,
    ) -> Result<Result<(), NotListed>, ServiceError> {
        while let Some(room) = homeless.next_room() {
            let question = Question::Room(&room);
            let list = match self.ask_list_patiently(app, question).await? {
                Ok(list) => list,
                Err(why) => return Ok(Err(why)),
            };
            let mut tx = self.0.store.write().await?;
            self.enter(&mut tx, app, &room, &list.videos).await?;
            tx.commit().await?;
            homeless.asked(room, &list.videos);
        }
        if !homeless.all_asked() {
            tracing::warn!(app = %app.id, "found files are of none of the rooms that were asked for; not all were");
        }
        let mut tx = self.0.store.write().await?;
        for video in homeless.files() {
            self.enter_one(&mut tx, app, None, video).await?;
        }
        tx.commit().await?;
        Ok(Ok(()))
    }
}

/// Whether a file has its name from this recording's rule, and the rule names the room: only such a
/// one tells one room from another.
fn explains(recording: &Recording, video: &Video) -> bool {
    let (Some(rule), Some(name)) = (recording.naming_rule(), video.name()) else {
        return false;
    };
    let is_picture = video.media() == MediaKind::Image;
    let room = &recording.room;
    rule.as_str().contains("{roomid}")
        && (guess(&name, is_picture, room, Some(&rule), &[]).reads || name.contains(room.as_str()))
}

/// Where a file belongs.
enum Home {
    Room(RoomId),
    OneOf(BTreeSet<RoomId>),
}
