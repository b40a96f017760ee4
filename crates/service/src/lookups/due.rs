//! Files that are due: the platform is asked for them before a person is told.

use std::collections::HashSet;

use reelroom_domain::{
    ids::AppId,
    ledger::Patience,
    recording::{Recording, RecordingState},
    time::Timestamp,
};
use reelroom_store::{apps, calls, looks, recordings};

use crate::{
    Service, ServiceError,
    apps::ask::{Asker, NotListed, Question},
    ground::jobs::Job,
    recordings::patience::patience,
};

/// How long after it is due a recording may wait for a platform that does not answer. Milliseconds.
const GRACE: i64 = 15 * 60_000;
/// An overdue recording is looked up again after the time that it had been overdue at the last look-up,
/// within these bounds, for a week. Milliseconds.
const SHORTEST: i64 = 10 * 60_000;
const LONGEST: i64 = 6 * 60 * 60_000;
const WEEK: i64 = 7 * 24 * 60 * 60_000;

/// What is to be done about a recording whose files are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// Tell a person.
    Say,
    /// Not yet: files were found and are being understood, or the platform is still to be asked.
    Wait,
}

impl Service {
    /// Looks a recording up whose files are due, once. The apps of which nothing can be asked at the
    /// moment are `busy`.
    pub(crate) async fn look_up_due(
        &self,
        recording: &Recording,
        busy: &mut HashSet<AppId>,
    ) -> Result<Due, ServiceError> {
        let (due_at, app, known) = {
            let mut read = self.0.store.read().await?;
            let due_at = due_at(recording, patience(&mut read).await?);
            if busy.contains(&recording.app) && self.now().since(due_at) < GRACE {
                return Ok(Due::Wait);
            }
            let app = apps::get(&mut read, recording.app).await?;
            let known = looks::of_recording(&mut read, recording.id).await?;
            (due_at, app, known)
        };
        let Some(app) = app.filter(|app| self.has_list(app)) else {
            return Ok(Due::Say);
        };
        if known.listed_at.is_some_and(|at| at >= due_at) {
            return self.wait_for_finds(recording.app).await;
        }
        let entered = self.look_up(&app, recording).await?;
        if let Err(NotListed::Busy(_)) = entered {
            busy.insert(app.id);
        }
        Ok(match entered {
            // The sweep may have found the same files at the same time.
            Ok(0) => self.wait_for_finds(recording.app).await?,
            Ok(_) => Due::Wait,
            Err(_) if self.now().since(due_at) < GRACE => Due::Wait,
            Err(_) => Due::Say,
        })
    }

    /// Whether found files of an app are still to be understood.
    async fn wait_for_finds(&self, app: AppId) -> Result<Due, ServiceError> {
        let mut read = self.0.store.read_calls().await?;
        let waiting = calls::count_looked_up(&mut read, app).await?;
        Ok(if waiting > 0 { Due::Wait } else { Due::Say })
    }

    /// Looks recordings up again of which a person was told, those for which it is time.
    pub(crate) async fn look_up_overdue(&self) -> Result<(), ServiceError> {
        let (patience, overdue) = {
            let mut read = self.0.store.read().await?;
            let overdue = recordings::to_look_up(&mut read, self.now()).await?;
            (patience(&mut read).await?, overdue)
        };
        let mut busy = HashSet::new();
        for recording in overdue {
            self.0.jobs.progress(Job::Overdue);
            if busy.contains(&recording.app) {
                continue;
            }
            let app = {
                let mut read = self.0.store.read().await?;
                apps::get(&mut read, recording.app).await?
            };
            let is_overdue = recording.state == RecordingState::Overdue;
            if let Some(app) = app.filter(|_| is_overdue)
                && let Err(NotListed::Busy(_)) = self.look_up(&app, &recording).await?
            {
                busy.insert(app.id);
                continue;
            }
            let next = next_look_up(due_at(&recording, patience), self.now());
            let next = next.filter(|_| is_overdue);
            let mut tx = self.0.store.write().await?;
            recordings::set_look_up_at(&mut tx, recording.id, next).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Asks for a recording's room; how many files entered.
    async fn look_up(
        &self,
        app: &apps::App,
        recording: &Recording,
    ) -> Result<Result<u32, NotListed>, ServiceError> {
        let question = Question::Room(&recording.room);
        let list = match self.ask_list(app, Asker::Ourselves, question).await? {
            Ok(list) => list,
            Err(why) => return Ok(Err(why)),
        };
        let mut tx = self.0.store.write().await?;
        let entered = self
            .enter(&mut tx, app, &recording.room, &list.videos)
            .await?;
        looks::record_listing(&mut tx, recording.id, self.now()).await?;
        tx.commit().await?;
        Ok(Ok(entered))
    }
}

/// When a recording that falls due now is looked up again.
pub(crate) const fn first_look_up(now: Timestamp) -> Timestamp {
    now.plus_millis(SHORTEST)
}

/// When a recording whose files were due at `due_at` is looked up again after a look-up at `now`.
fn next_look_up(due_at: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let next = now.plus_millis(now.since(due_at).clamp(SHORTEST, LONGEST));
    (next.since(due_at) <= WEEK).then_some(next)
}

/// When the files are due, as it is set now.
fn due_at(recording: &Recording, patience: Patience) -> Timestamp {
    recording
        .stopped_at
        .unwrap_or(recording.state_since)
        .plus_millis(patience.due_after)
}
