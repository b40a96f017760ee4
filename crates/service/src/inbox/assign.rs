//! Assign a file to a recording.

use reelroom_domain::{
    callback::CallbackKind,
    ids::{CallId, RecordingId},
    user::Role,
    view::{Change, HistoryEvent},
};
use reelroom_store::{calls, files, history, inbox, recordings};

use crate::{
    Principal, Service, ServiceError, ground::jobs::Job, require, understanding::reading::Reading,
};

/// A call was not assigned.
#[derive(Debug, thiserror::Error)]
pub enum AssignError {
    /// It does not announce a file.
    #[error("the call names no file")]
    NotAFile,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl Service {
    /// Assigns the file of a call to the recording `to`, which advances as if the platform had said so.
    /// Other calls about the same file, earlier or later, follow.
    pub async fn assign_call(
        &self,
        by: &Principal,
        id: CallId,
        to: RecordingId,
    ) -> Result<(), AssignError> {
        require(by.clone(), Role::Operator)?;
        let now = self.now();
        let call = {
            let mut read = self.0.store.read_calls().await?;
            calls::get(&mut read, id).await?
        };
        let call = call.ok_or(ServiceError::NotFound)?;
        let mut tx = self.0.store.write().await?;
        inbox::lock_understanding(&mut tx).await?;
        let entry = inbox::get(&mut tx, id)
            .await?
            .ok_or(ServiceError::NotFound)?;
        let recording = recordings::get(&mut tx, to)
            .await?
            .ok_or(ServiceError::NotFound)?;
        if entry.kind != CallbackKind::Av {
            return Err(AssignError::NotAFile);
        }
        let before = entry.understood.recording;
        if entry.assigned_to == Some(to) && before == Some(to) {
            return Ok(());
        }
        inbox::assign(&mut tx, id, to, &by.name).await?;
        if let Some(file) = entry.understood.file
            && files::move_to(&mut tx, file, to).await?
        {
            inbox::follow_file(&mut tx, file, to, &by.name).await?;
        }
        let reading = Reading {
            call,
            before: Some(entry),
            assigned_to: Some((to, recording.room.clone())),
        };
        let decided = self.understand_within(&mut tx, &[&reading]).await?;
        if decided.understood.iter().all(|one| one.file.is_none()) {
            return Err(AssignError::NotAFile);
        }
        let (event, actor) = (HistoryEvent::Assigned, Some(by.name.as_str()));
        history::append(&mut tx, to, now, event, actor, None).await?;
        let left = match before.filter(|before| *before != to) {
            Some(before) => recordings::get(&mut tx, before).await?,
            None => None,
        };
        if let Some(left) = &left {
            recordings::remove_found_without_files(&mut tx, left.id).await?;
        }
        tx.commit().await?;
        self.publish(Change::Callback);
        for recording in left.iter().chain([&recording]) {
            self.publish_recording(recording.id, &recording.room);
        }
        self.wake(Job::Fetch);
        Ok(())
    }
}
