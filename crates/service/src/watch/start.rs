//! Starts what is always recorded. That a meeting's recording is to be started stands on the meeting
//! since the transaction that made it known, so nothing between callback and start is forgotten.

use std::{sync::atomic::Ordering, time::Duration};

use futures::future::join_all;
use reelroom_domain::recording::{Recording, RecordingState};
use reelroom_store::{
    Conn,
    always::{self, ToStart},
    recordings,
};

use super::form;
use crate::{
    Service, ServiceError, StartError, presets::view::first_form, recordings::start::Asker,
};

/// How soon to look again while another recording still has a room: nobody tells us what another
/// process did to it.
const BEHIND_ANOTHER: Duration = Duration::from_secs(2);

/// What became of a start that was due.
enum Seen {
    /// It was asked for, or needs not be.
    Done,
    /// Another recording still has the room.
    Later,
}

impl Service {
    /// Starts what is due. Each meeting is seen to once: where the platform refused or did not answer,
    /// the recording's state says so, and a person has to look.
    pub(crate) async fn auto_start_round(&self) -> Result<Option<Duration>, ServiceError> {
        // Any change to a recording from here on wakes this job.
        self.0.start_waits.store(true, Ordering::Relaxed);
        let mut due = Vec::new();
        let mut waits = false;
        {
            let mut read = self.0.store.read().await?;
            for meeting in always::to_start(&mut read).await? {
                // Read first: it may be taken for long, and whoever writes waits for the others.
                if is_behind(&mut read, &meeting).await? {
                    waits = true;
                } else {
                    due.push(meeting);
                }
            }
        }
        let starts = due.iter().map(|meeting| self.start_always(meeting));
        for seen in join_all(starts).await {
            waits |= matches!(seen?, Seen::Later);
        }
        self.0.start_waits.store(waits, Ordering::Relaxed);
        Ok(waits.then_some(BEHIND_ANOTHER))
    }

    async fn start_always(&self, due: &ToStart) -> Result<Seen, ServiceError> {
        let app = self.app_of(Some(due.app)).await?;
        let mut tx = self.0.store.write().await?;
        if let Some(other) = recordings::active_of_room(&mut tx, due.app, &due.room).await? {
            if is_about_to_end(&mut tx, &other).await? {
                return Ok(Seen::Later);
            }
            // A person's recording goes on into this meeting: their word holds for all of it.
            always::claim_start(&mut tx, due.meeting).await?;
            tx.commit().await?;
            return Ok(Seen::Done);
        }
        if !always::claim_start(&mut tx, due.meeting).await? {
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
async fn is_behind(conn: &mut Conn, due: &ToStart) -> Result<bool, ServiceError> {
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
