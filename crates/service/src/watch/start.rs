//! Starts what is always recorded. That a meeting's recording is to be started stands on the meeting
//! since the transaction that made it known, so nothing between callback and start is forgotten.

use std::time::Duration;

use futures::future::join_all;
use reelroom_domain::{
    recording::{Recording, RecordingState},
    room::RoomId,
    view::Change,
};
use reelroom_store::{
    Conn,
    always::{self, ToStart},
    recordings,
};

use tokio::sync::broadcast;

use super::form;
use crate::{
    Service, ServiceError, StartError, presets::view::first_form, recordings::start::Asker,
};

/// How long to wait at the most, should nobody wake us.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long to wait at first for the recording of the meeting before, which still has the room; twice
/// as long each time, up to the longest. Nobody tells us what another process did to it.
const BEHIND_ANOTHER: Duration = Duration::from_secs(1);

/// Starts what is to be started, for as long as the service lives.
pub(crate) async fn run(service: Service) {
    let mut patience = BEHIND_ANOTHER;
    loop {
        // From before the look on, so that none is missed.
        let mut changes = service.changes();
        let taken = service.start_what_is_due().await;
        let pause = match &taken {
            Ok(taken) if taken.is_empty() => LONGEST_PAUSE,
            Ok(_) => patience,
            Err(error) => {
                tracing::error!(%error, "starting what is always recorded");
                Duration::from_secs(5)
            }
        };
        let taken = taken.unwrap_or_default();
        let woken = tokio::time::timeout(pause, async {
            tokio::select! {
                () = service.0.to_start.notified() => {}
                () = change_in(&taken, &mut changes) => {}
            }
        });
        patience = match woken.await {
            Ok(()) => BEHIND_ANOTHER,
            Err(_) => (patience * 2).min(LONGEST_PAUSE),
        };
    }
}

/// Waits until something happened to a recording in one of `rooms`; where there are none, for ever.
async fn change_in(rooms: &[RoomId], changes: &mut broadcast::Receiver<Change>) {
    if rooms.is_empty() {
        return std::future::pending().await;
    }
    loop {
        match changes.recv().await {
            Ok(Change::Recording { room, .. }) if !rooms.contains(&room) => {}
            Ok(Change::Room { .. } | Change::Callback | Change::Apps) => {}
            // It may be among those that were missed.
            Ok(Change::Recording { .. }) | Err(_) => return,
        }
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
    /// Starts what is due; the rooms that another recording still has. Each meeting is seen to once:
    /// where the platform refused or did not answer, the recording's state says so, and a person has
    /// to look.
    async fn start_what_is_due(&self) -> Result<Vec<RoomId>, ServiceError> {
        let mut due = Vec::new();
        let mut taken = Vec::new();
        {
            let mut read = self.0.store.read().await?;
            for meeting in always::to_start(&mut read).await? {
                // Read first: it may be taken for long, and whoever writes waits for the others.
                if waits(&mut read, &meeting).await? {
                    taken.push(meeting.room);
                } else {
                    due.push(meeting);
                }
            }
        }
        let starts = due.iter().map(|meeting| self.start_always(meeting));
        for (seen, meeting) in join_all(starts).await.into_iter().zip(&due) {
            if matches!(seen?, Seen::Later) {
                taken.push(meeting.room.clone());
            }
        }
        Ok(taken)
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

/// Whether a meeting waits for the recording of another, which has its room.
async fn waits(conn: &mut Conn, due: &ToStart) -> Result<bool, ServiceError> {
    match recordings::active_of_room(conn, due.app, &due.room).await? {
        Some(other) => is_about_to_end(conn, &other).await,
        None => Ok(false),
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
