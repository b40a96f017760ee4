//! Automatic starts in rooms that are always recorded. A meeting is stored together with its pending
//! start, so none is lost between callback and start.

use std::{sync::atomic::Ordering, time::Duration};

use futures::future::join_all;
use reelroom_domain::recording::{Recording, RecordingState};
use reelroom_store::{
    Conn,
    always::{self, ToStart},
    recordings,
};

use crate::{Service, ServiceError, StartError, recordings::start::Asker};

/// The poll interval while another recording occupies a room; another process may end it.
const POLL: Duration = Duration::from_secs(2);

impl Service {
    /// Sends the pending starts, one request each. A refusal or a missing answer is in the recording's state.
    /// Those of an app that cannot be shown, such as a sandbox that does not run, stay pending.
    pub(crate) async fn auto_start_round(&self) -> Result<Option<Duration>, ServiceError> {
        // From here on, any change of a recording wakes this job.
        self.0.start_waits.store(true, Ordering::Relaxed);
        let mut due = Vec::new();
        let mut waits = false;
        let shown = self.app_ids().await?;
        {
            let mut read = self.0.store.read().await?;
            let mut pending = always::to_start(&mut read).await?;
            pending.retain(|meeting| shown.contains(&meeting.app));
            for meeting in pending {
                // Checked without a write lock, since a room may be occupied for long.
                if is_behind(&mut read, &meeting).await? {
                    waits = true;
                } else {
                    due.push(meeting);
                }
            }
        }
        let starts = due.iter().map(|meeting| self.start_always(meeting));
        for still_waits in join_all(starts).await {
            waits |= still_waits?;
        }
        self.0.start_waits.store(waits, Ordering::Relaxed);
        Ok(waits.then_some(POLL))
    }

    /// Sends a pending start if it is still needed. Returns whether another recording still occupies the room.
    async fn start_always(&self, due: &ToStart) -> Result<bool, ServiceError> {
        let app = self.app_of(Some(due.app)).await?;
        let mut tx = self.0.store.write().await?;
        if let Some(other) = recordings::active_of_room(&mut tx, due.app, &due.room).await? {
            if is_about_to_end(&mut tx, &other).await? {
                return Ok(true);
            }
            // A person's recording covers this meeting.
            always::claim_start(&mut tx, due.meeting).await?;
            tx.commit().await?;
            return Ok(false);
        }
        if !always::claim_start(&mut tx, due.meeting).await? {
            return Ok(false);
        }
        let asker = Asker::Always(&due.marked_by);
        match self.start_whole(tx, asker, app, &due.room).await {
            // A refusal is in the recording's history.
            Ok(_) | Err(StartError::Platform(_) | StartError::MeetingOver) => Ok(false),
            // A race: nothing was committed, and the next round tries again.
            Err(StartError::RoomTaken { .. } | StartError::Invalid(_)) => Ok(true),
            Err(StartError::Service(error)) => Err(error),
        }
    }
}

/// Whether a meeting waits for the end of an earlier recording in its room.
async fn is_behind(conn: &mut Conn, due: &ToStart) -> Result<bool, ServiceError> {
    match recordings::active_of_room(conn, due.app, &due.room).await? {
        Some(other) => is_about_to_end(conn, &other).await,
        None => Ok(false),
    }
}

/// Whether the recording of another meeting is about to end, or may have ended.
async fn is_about_to_end(conn: &mut Conn, other: &Recording) -> Result<bool, ServiceError> {
    Ok(match other.state {
        RecordingState::Stopping | RecordingState::Unknown => true,
        _ => other.auto_stop.at_end && recordings::meeting_is_over(conn, other.id).await?,
    })
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{room::RoomId, watch::Always};
    use reelroom_store::{
        apps::{self, App},
        rooms,
        testing::begin_meeting,
    };

    use super::*;
    use crate::{
        apps::plain::plain,
        testing::{silent_app, sqlite, without_jobs},
    };

    #[tokio::test]
    async fn a_start_is_pending_until_its_app_is_shown() {
        let (service, _clock, _folder) = without_jobs(sqlite, 1000).await;
        let (store, now) = (&service.0.store, service.now());
        let shown = plain(service.0.rng.id(now), "Real", now);
        let hidden = App {
            sandbox: true,
            ..plain(service.0.rng.id(now), "Sandbox", now)
        };
        let room = RoomId::new("hall").unwrap();
        let mark = Always {
            by: "ada".to_owned(),
            at: now,
            once: false,
        };
        let mut tx = store.write().await.unwrap();
        for app in [&shown, &hidden] {
            apps::insert(&mut tx, app).await.unwrap();
        }
        rooms::ensure(&mut tx, hidden.id, &room, now).await.unwrap();
        let marked = always::mark(&mut tx, hidden.id, &room, Some(&mark)).await;
        assert!(marked.unwrap());
        let begun = begin_meeting(&mut tx, (hidden.id, &room), now, 7).await;
        begun.unwrap();
        tx.commit().await.unwrap();
        let pending = async || {
            let mut read = store.read().await.unwrap();
            always::to_start(&mut read).await.unwrap().len()
        };
        assert_eq!(service.auto_start_round().await.unwrap(), None);
        assert_eq!(pending().await, 1);
        assert_eq!(silent_app(&service).await, hidden.id, "it runs again");
        assert_eq!(service.auto_start_round().await.unwrap(), None);
        assert_eq!(pending().await, 0);
    }
}
