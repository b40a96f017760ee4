//! Overdue recordings: their files are due, and a look-up did not find them.

use std::{collections::HashSet, time::Duration};

use reelroom_domain::{
    check::{ListSign, ListTrouble},
    ids::{AppId, CallId},
    ledger::Patience,
    recording::{Recording, RecordingEvent, RecordingState},
    time::Timestamp,
};
use reelroom_store::{
    apps, calls, checks,
    recordings::{self, Fields},
};

use crate::{
    Service, ServiceError,
    apps::ask::Asker,
    ground::jobs::{Job, pause_until},
    recordings::patience::patience,
};

/// How long a recording whose files are due waits for its app's rate limit, in milliseconds.
const PATIENCE: i64 = 2 * 60_000;
/// The number of waiting calls from which on the queue is not searched for files that a look-up found.
const LONG_QUEUE: u32 = 1000;
/// The back-off of look-ups of an overdue recording doubles from the shortest to the longest pause,
/// and ends after a week. Milliseconds.
const SHORTEST: i64 = 10 * 60_000;
const LONGEST: i64 = 6 * 60 * 60_000;
const WEEK: i64 = 7 * 24 * 60 * 60_000;

impl Service {
    /// Marks recordings as overdue, and looks overdue ones up again.
    pub(crate) async fn overdue_round(&self) -> Result<Option<Duration>, ServiceError> {
        let marked = self.mark_overdue().await;
        self.look_up_overdue().await?;
        marked?;
        let mut read = self.0.store.read().await?;
        let next = recordings::next_look_up_at(&mut read, self.now()).await?;
        Ok(next.map(|at| pause_until(at, self.now())))
    }

    async fn mark_overdue(&self) -> Result<(), ServiceError> {
        let mut busy = HashSet::new();
        let due = {
            let mut read = self.0.store.read().await?;
            let due_after = patience(&mut read).await?.due_after;
            recordings::due(&mut read, self.now(), due_after).await?
        };
        for recording in due {
            self.0.jobs.progress(Job::Overdue);
            if !self.is_overdue(&recording, &mut busy).await? {
                continue;
            }
            let next = Some(self.now().plus_millis(SHORTEST));
            let mut tx = self.0.store.write().await?;
            let (event, fields) = (RecordingEvent::FallenDue, Fields::default());
            self.advance(&mut tx, &recording, event, fields, None, None)
                .await?;
            recordings::set_look_up_at(&mut tx, recording.id, next).await?;
            tx.commit().await?;
            self.publish_recording(&recording);
        }
        Ok(())
    }

    /// Looks up a recording whose files are due. It is overdue unless the look-up found files, or has to wait
    /// for the rate limit. `busy` collects the apps whose rate limit is exhausted.
    async fn is_overdue(
        &self,
        recording: &Recording,
        busy: &mut HashSet<AppId>,
    ) -> Result<bool, ServiceError> {
        let (due_at, app, known) = {
            let mut read = self.0.store.read().await?;
            let due_at = due_at(recording, patience(&mut read).await?);
            if busy.contains(&recording.app) && self.now().since(due_at) < PATIENCE {
                return Ok(false);
            }
            let app = apps::get(&mut read, recording.app).await?;
            let known = checks::of_recording(&mut read, recording.id).await?;
            (due_at, app, known)
        };
        let Some(app) = app.filter(|app| self.has_list(app)) else {
            return Ok(true);
        };
        if known.listed_at.is_none_or(|at| at < due_at) {
            let found = self.look_up(&app, recording, Asker::Ourselves).await?;
            let list = if found.backs_off {
                ListSign::Failed(ListTrouble::Platform)
            } else {
                found.list
            };
            if list == ListSign::Busy {
                busy.insert(app.id);
                if self.now().since(due_at) < PATIENCE {
                    return Ok(false);
                }
            }
            self.record_check(recording, list, None).await?;
            if found.imported > 0 {
                return Ok(false);
            }
        }
        // The queue may still have files of the recording that a look-up found. A long queue is not searched, and
        // counts as one that has some.
        let mut read = self.0.store.read_calls().await?;
        let waiting = calls::count_waiting(&mut read, CallId::default(), LONG_QUEUE).await?;
        Ok(waiting < LONG_QUEUE && calls::count_looked_up(&mut read, app.id).await? == 0)
    }

    /// Looks up the overdue recordings whose back-off has passed, or that are queued for a person.
    async fn look_up_overdue(&self) -> Result<(), ServiceError> {
        let (patience, overdue) = {
            let mut read = self.0.store.read().await?;
            let overdue = recordings::to_look_up(&mut read, self.now()).await?;
            (patience(&mut read).await?, overdue)
        };
        let mut busy = HashSet::new();
        for recording in overdue {
            self.0.jobs.progress(Job::Overdue);
            let (app, known) = {
                let mut read = self.0.store.read().await?;
                let app = apps::get(&mut read, recording.app).await?;
                (app, checks::of_recording(&mut read, recording.id).await?)
            };
            let last = known.checks.map(|checks| checks.last.list);
            let asker = match last {
                Some(ListSign::Queued { .. }) => Asker::Person,
                _ => Asker::Ourselves,
            };
            if asker == Asker::Ourselves && busy.contains(&recording.app) {
                continue;
            }
            let is_overdue = recording.state == RecordingState::Overdue;
            if let Some(app) = app.filter(|_| is_overdue) {
                let found = self.look_up(&app, &recording, asker).await?;
                if found.list == ListSign::Busy {
                    busy.insert(app.id);
                    continue;
                }
                self.record_check(&recording, found.list, None).await?;
                if matches!(found.list, ListSign::Queued { .. }) {
                    continue;
                }
            }
            let next = next_look_up(due_at(&recording, patience), self.now());
            let next = next.filter(|_| is_overdue);
            let mut tx = self.0.store.write().await?;
            recordings::set_look_up_at(&mut tx, recording.id, next).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// The time of the next look-up after one at `now`, of a recording whose files were due at `due_at`.
fn next_look_up(due_at: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let next = now.plus_millis(now.since(due_at).clamp(SHORTEST, LONGEST));
    (next.since(due_at) <= WEEK).then_some(next)
}

/// The time when the files of a recording are due, by the current settings.
fn due_at(recording: &Recording, patience: Patience) -> Timestamp {
    recording.awaited_from().plus_millis(patience.due_after)
}
