//! Starts what is always recorded. That a meeting's recording is to be started stands on the meeting
//! since the transaction that made it known, so nothing between callback and start is forgotten.

use std::time::Duration;

use futures::future::join_all;
use reelroom_domain::recording::RecordingState;
use reelroom_store::{
    Conn,
    always::{self, ToStart},
    recordings::{self, Recording},
};

use super::form;
use crate::{
    Service, ServiceError, StartError, presets::view::first_form, recordings::start::Asker,
};

/// How long to wait at the most, should nobody wake us.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long to wait for the recording of the meeting before, which still has the room.
const BEHIND_ANOTHER: Duration = Duration::from_secs(1);

/// Starts what is to be started, for as long as the service lives.
pub(crate) async fn run(service: Service) {
    loop {
        let pause = service.start_what_is_due().await.unwrap_or_else(|error| {
            tracing::error!(%error, "starting what is always recorded");
            Duration::from_secs(5)
        });
        let _ = tokio::time::timeout(pause, service.0.to_start.notified()).await;
    }
}

/// What became of a start that was due.
enum Seen {
    /// It was asked for, or needs not be.
    Done,
    /// Another recording still has the room.
    Later,
}

impl Service {
    /// Starts what is due; how long to wait then. Each meeting is seen to once: where the platform
    /// refused or did not answer, the recording's state says so, and a person has to look.
    async fn start_what_is_due(&self) -> Result<Duration, ServiceError> {
        let due = {
            let mut read = self.0.store.read().await?;
            always::to_start(&mut read).await?
        };
        let starts = due.iter().map(|meeting| self.start_always(meeting));
        let mut pause = LONGEST_PAUSE;
        for seen in join_all(starts).await {
            if matches!(seen?, Seen::Later) {
                pause = BEHIND_ANOTHER;
            }
        }
        Ok(pause)
    }

    async fn start_always(&self, due: &ToStart) -> Result<Seen, ServiceError> {
        let app = self.app_of(Some(due.app)).await?;
        let mut tx = self.0.store.write().await?;
        if let Some(other) = recordings::active_of_room(&mut tx, due.app, &due.room).await? {
            if is_about_to_end(&mut tx, &other).await? {
                return Ok(Seen::Later);
            }
            // A person's recording goes on into this meeting: their word holds for all of it.
            always::take_start(&mut tx, due.meeting).await?;
            tx.commit().await?;
            return Ok(Seen::Done);
        }
        if !always::take_start(&mut tx, due.meeting).await? {
            return Ok(Seen::Done);
        }
        let form = first_form(&mut tx, due.app, &due.room).await?;
        let order = form::to_the_end(form).ok_or(ServiceError::NotFound)?;
        let asker = Asker::Always(&due.marked_by);
        let done = match self.request(tx, asker, &app, &due.room, &order).await {
            Ok(recording) => self.send_start(app, recording, order).await.map(drop),
            Err(error) => Err(error),
        };
        match done {
            // What the platform did is in the recording's history.
            Ok(()) | Err(StartError::Platform(_) | StartError::MeetingOver) => Ok(Seen::Done),
            // Taken in this very moment: nothing was committed, and the next look tells by whom.
            Err(StartError::RoomTaken { .. } | StartError::Invalid(_)) => Ok(Seen::Later),
            Err(StartError::Service(error)) => Err(error),
        }
    }
}

/// Whether the recording that has the room, which is none of this meeting, is about to end, or may
/// have ended.
async fn is_about_to_end(conn: &mut Conn, other: &Recording) -> Result<bool, ServiceError> {
    Ok(match other.state {
        RecordingState::Stopping | RecordingState::Unknown => true,
        _ => other.auto_stop.at_end && recordings::meeting_is_over(conn, other.id).await?,
    })
}
