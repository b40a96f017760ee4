//! A person ties a file to a recording.

use reelroom_domain::{
    callback::CallbackKind,
    ids::{CallbackId, RecordingId},
    user::Role,
    view::{Change, HistoryEvent},
};
use reelroom_store::{
    StoreError,
    callbacks::{self, Callback},
    files, history, recordings,
};

use crate::{Principal, Service, ServiceError, require};

/// A call was not tied to a recording.
#[derive(Debug, thiserror::Error)]
pub enum AssignError {
    /// It names no file.
    #[error("the call names no file")]
    NotAFile,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl From<StoreError> for AssignError {
    fn from(error: StoreError) -> Self {
        Self::Service(error.into())
    }
}

impl Service {
    /// Ties the file of a call to the recording `to`, and moves that one's state as if the platform
    /// had said so. What tells of the same file, earlier or later, follows.
    pub async fn assign_call(
        &self,
        by: &Principal,
        id: CallbackId,
        to: RecordingId,
    ) -> Result<(), AssignError> {
        require(by.clone(), Role::Operator)?;
        let now = self.now();
        let mut tx = self.0.store.write().await?;
        callbacks::understand_alone(&mut tx).await?;
        let call = callbacks::get(&mut tx, id)
            .await?
            .ok_or(ServiceError::NotFound)?;
        let recording = recordings::get(&mut tx, to)
            .await?
            .ok_or(ServiceError::NotFound)?;
        if call.kind != CallbackKind::Av {
            return Err(AssignError::NotAFile);
        }
        if call.assigned_to == Some(to) && call.recording == Some(to) {
            return Ok(());
        }
        callbacks::assign(&mut tx, id, to, &by.name).await?;
        if let Some(file) = call.file
            && files::move_to(&mut tx, file, to).await?
        {
            callbacks::follow_file(&mut tx, file, to, &by.name).await?;
        }
        let call = Callback {
            assigned_to: Some(to),
            ..call
        };
        let outcome = self.understand_within(&mut tx, &call).await?;
        if outcome.file.is_none() {
            return Err(AssignError::NotAFile);
        }
        history::append(
            &mut tx,
            to,
            now,
            HistoryEvent::Assigned,
            Some(&by.name),
            None,
        )
        .await?;
        let mut changes = vec![
            Change::Callback,
            Change::Recording {
                id: to,
                room: recording.room,
            },
        ];
        if let Some(before) = call.recording.filter(|before| *before != to)
            && let Some(left) = recordings::get(&mut tx, before).await?
        {
            recordings::remove_found_without_files(&mut tx, before).await?;
            changes.push(Change::Recording {
                id: before,
                room: left.room,
            });
        }
        tx.commit().await?;
        for change in changes {
            self.publish(change);
        }
        self.0.to_fetch.notify_one();
        Ok(())
    }
}
