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
    pub(crate) async fn auto_start_round(&self) -> Result<Option<Duration>, ServiceError> {
        // From here on, any change of a recording wakes this job.
        self.0.start_waits.store(true, Ordering::Relaxed);
        let mut due = Vec::new();
        let mut waits = false;
        {
            let mut read = self.0.store.read().await?;
            for meeting in always::to_start(&mut read).await? {
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
