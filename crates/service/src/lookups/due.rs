//! Files that are due: the platform is asked for them before a person is told.

use reelroom_domain::{ledger::Patience, recording::RecordingState, time::Timestamp};
use reelroom_store::{apps, calls, looks, recordings, recordings::Recording};

use super::ask::{Asker, NotListed, Question};
use crate::{Service, ServiceError, recordings::patience::patience};

/// How long after it is due a recording may wait for a platform that does not answer. Milliseconds.
const GRACE: i64 = 15 * 60_000;
/// An overdue recording is looked up again after half of the time that it is overdue, within these
/// bounds, for a week. Milliseconds.
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
    /// Looks a recording up whose files are due, once.
    pub(crate) async fn look_up_due(&self, recording: &Recording) -> Result<Due, ServiceError> {
        let (due_at, app, known, waiting) = {
            let mut read = self.0.store.read().await?;
            let due_at = due_at(recording, patience(&mut read).await?);
            let app = apps::get(&mut read, recording.app).await?;
            let known = looks::of_recording(&mut read, recording.id).await?;
            drop(read);
            let mut read = self.0.store.read_calls().await?;
            let waiting = calls::count_looked_up(&mut read, recording.app).await?;
            (due_at, app, known, waiting)
        };
        let Some(app) = app.filter(|app| self.has_list(app)) else {
            return Ok(Due::Say);
        };
        if known.listed_at.is_some_and(|at| at >= due_at) {
            return Ok(if waiting > 0 { Due::Wait } else { Due::Say });
        }
        Ok(match self.look_up(&app, recording).await? {
            Ok(0) => Due::Say,
            Ok(_) => Due::Wait,
            Err(_) if self.now().since(due_at) < GRACE => Due::Wait,
            Err(_) => Due::Say,
        })
    }

    /// Looks recordings up again of which a person was told.
    pub(crate) async fn look_up_overdue(&self) -> Result<(), ServiceError> {
        let now = self.now();
        let (patience, overdue) = {
            let mut read = self.0.store.read().await?;
            let overdue = recordings::in_state(&mut read, &[RecordingState::Overdue]).await?;
            (patience(&mut read).await?, overdue)
        };
        for recording in overdue {
            let due_at = due_at(&recording, patience);
            let (app, known) = {
                let mut read = self.0.store.read().await?;
                let app = apps::get(&mut read, recording.app).await?;
                (app, looks::of_recording(&mut read, recording.id).await?)
            };
            let last = known.listed_at.unwrap_or(due_at);
            let pause = (now.since(due_at) / 2).clamp(SHORTEST, LONGEST);
            let is_time = now.since(last) >= pause && now.since(due_at) <= WEEK;
            if let Some(app) = app.filter(|_| is_time)
                && let Err(NotListed::Busy(_)) = self.look_up(&app, &recording).await?
            {
                break;
            }
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
        looks::listed(&mut tx, recording.id, self.now()).await?;
        tx.commit().await?;
        Ok(Ok(entered))
    }
}

/// When the files are due, as it is set now.
fn due_at(recording: &Recording, patience: Patience) -> Timestamp {
    recording
        .stopped_at
        .unwrap_or(recording.state_since)
        .plus_millis(patience.due_after)
}
