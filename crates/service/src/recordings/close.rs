//! What people say about a recording that the platform leaves open.

use reelroom_domain::{
    access::Verb,
    ids::RecordingId,
    recording::{Recording, RecordingEvent},
    view::HistoryEvent,
};
use reelroom_store::{
    Write, history,
    recordings::{self, Fields},
};

use super::find::recording_for;
use crate::{Principal, Service, ServiceError, StopError};

impl Service {
    /// Marks a recording whose start was not answered as failed, which frees its room. A file that
    /// arrives later revives it. Not allowed if the start was accepted: its files would not be
    /// looked up any more.
    pub async fn give_up(&self, by: &Principal, id: RecordingId) -> Result<(), StopError> {
        let (mut tx, recording) = self.to_close(by, id).await?;
        if recording.started_at.is_some() {
            return Err(StopError::NotAllowed);
        }
        let fields = Fields {
            given_up: true,
            ..Fields::default()
        };
        self.close_by(&mut tx, by, &recording, RecordingEvent::GivenUp, fields)
            .await?;
        self.closed(tx, &recording).await
    }

    /// Marks a recording as stopped at the time of its last stop request, which frees its room. Its
    /// files are awaited, and looked up when they are due.
    pub async fn say_stopped(&self, by: &Principal, id: RecordingId) -> Result<(), StopError> {
        let (mut tx, recording) = self.to_close(by, id).await?;
        let requested = HistoryEvent::Took(RecordingEvent::StopRequested);
        let lines = history::of_recording(&mut tx, id).await?;
        let requested = lines.iter().rev().find(|line| line.event == requested);
        let at = requested.ok_or(StopError::NotAllowed)?.at;
        let (event, fields) = (RecordingEvent::SaidStopped, Fields::default());
        self.close_by(&mut tx, by, &recording, event, fields)
            .await?;
        self.record_end(&mut tx, &recording, at).await?;
        self.closed(tx, &recording).await
    }

    /// Makes an overdue recording ready with the files that it has, which ends its look-ups. A file
    /// that arrives later is added to it.
    pub async fn accept_incomplete(
        &self,
        by: &Principal,
        id: RecordingId,
    ) -> Result<(), StopError> {
        let (mut tx, recording) = self.to_close(by, id).await?;
        let (event, fields) = (RecordingEvent::AcceptedIncomplete, Fields::default());
        self.close_by(&mut tx, by, &recording, event, fields)
            .await?;
        recordings::set_look_up_at(&mut tx, id, None).await?;
        self.closed(tx, &recording).await
    }

    /// Records that a person has seen a failed start, which then asks for no attention.
    pub async fn mark_seen(&self, by: &Principal, id: RecordingId) -> Result<(), StopError> {
        let (mut tx, recording) = self.to_close(by, id).await?;
        if !recordings::mark_seen(&mut tx, id).await? {
            return Err(StopError::NotAllowed);
        }
        let (event, actor) = (HistoryEvent::Seen, Some(by.name.as_str()));
        history::append(&mut tx, id, self.now(), event, actor, None).await?;
        self.closed(tx, &recording).await
    }

    /// Begins the transaction in which an operator closes a recording.
    async fn to_close(
        &self,
        by: &Principal,
        id: RecordingId,
    ) -> Result<(Write, Recording), ServiceError> {
        let mut tx = self.0.store.write().await?;
        let recording = recording_for(&mut tx, by, Verb::Change, id).await?;
        Ok((tx, recording))
    }

    async fn close_by(
        &self,
        tx: &mut Write,
        by: &Principal,
        recording: &Recording,
        event: RecordingEvent,
        fields: Fields,
    ) -> Result<(), StopError> {
        let to = self
            .advance(tx, recording, event, fields, Some(&by.name), None)
            .await?;
        to.map(drop).ok_or(StopError::NotAllowed)
    }

    async fn closed(&self, tx: Write, recording: &Recording) -> Result<(), StopError> {
        tx.commit().await?;
        self.publish_recording(recording);
        Ok(())
    }
}
