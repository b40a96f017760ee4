//! Assign a file to a recording, and take that back.

use reelroom_domain::{
    access::{Thing, Verb},
    callback::CallbackKind,
    change::Change,
    file::FileKind,
    ids::{CallId, RecordingId},
    keep::Keep,
    recording::RecordingEvent,
    view::HistoryEvent,
};
use reelroom_store::{
    Conn, calls, files, history, inbox,
    recordings::{self, Fields, keep},
    understanding::move_file,
};

use super::replay::is_body_deleted;
use crate::{
    Found, Principal, Service, ServiceError,
    ground::jobs::Job,
    understanding::reading::{Assignment, Reading},
};

/// A call was not assigned.
#[derive(Debug, thiserror::Error)]
pub enum AssignError {
    /// It does not announce a file.
    #[error("the call names no file")]
    NotAFile,
    /// The file has or had a copy, or the call names its recording by itself: it can be assigned to another recording,
    /// but not to none. Or its recording is on hold or being purged and keeps its files, or the body of the call was
    /// deleted.
    #[error("the assignment cannot be taken back")]
    Settled,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl Service {
    /// Assigns the file of a call to the recording `to`, which advances as if the call had named it. Other calls about
    /// the same file, earlier or later, are assigned with it. `kind` is for a call without one.
    pub async fn assign_call(
        &self,
        by: &Principal,
        id: CallId,
        to: RecordingId,
        kind: Option<FileKind>,
    ) -> Result<(), AssignError> {
        by.require(Verb::Change, Thing::Callbacks)?;
        let now = self.now();
        let call = calls::get(&mut *self.0.store.read_calls().await?, id).await?;
        let call = call.found()?;
        let mut tx = self.0.store.write().await?;
        inbox::lock_understanding(&mut tx).await?;
        let entry = inbox::get(&mut tx, id).await?.found()?;
        let recording = recordings::get(&mut tx, to).await?.found()?;
        if keep::of(&mut tx, to).await? != Some(Keep::Kept) {
            return Err(ServiceError::NotFound.into());
        }
        if entry.kind != CallbackKind::Av {
            return Err(AssignError::NotAFile);
        }
        if is_body_deleted(&call, &entry) {
            return Err(AssignError::Settled);
        }
        let before = entry.understood.recording;
        if entry.assigned_to == Some(to) && before == Some(to) && entry.assigned_kind == kind {
            return Ok(());
        }
        inbox::assign(&mut tx, id, Some((to, kind)), &by.name).await?;
        if let Some(id) = entry.understood.file
            && let Some(file) = files::get(&mut tx, id).await?
            && file.recording != to
        {
            keep::lock_rooms(&mut tx, &[file.recording, to]).await?;
            require_movable(&mut tx, by, file.recording).await?;
            inbox::follow_file(&mut tx, id, to, &by.name).await?;
            move_file(&mut tx, id, to).await?;
        }
        let reading = Reading {
            call,
            before: Some(entry),
            assigned_to: Some(Assignment {
                recording: to,
                room: recording.room.clone(),
                kind,
            }),
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
            self.publish_recording(recording);
        }
        self.wake(Job::Fetch);
        Ok(())
    }

    /// Removes the assignment of a call that announces no file without it, and whose file has no copy. A recording that
    /// is incomplete without the file awaits it again.
    pub async fn unassign_call(&self, by: &Principal, id: CallId) -> Result<(), AssignError> {
        by.require(Verb::Change, Thing::Callbacks)?;
        let (call, _) = self.stored_call(id).await?;
        let mut tx = self.0.store.write().await?;
        inbox::lock_understanding(&mut tx).await?;
        let mut entry = inbox::get(&mut tx, id).await?.found()?;
        let Some(from) = entry.assigned_to else {
            return Ok(());
        };
        if is_body_deleted(&call, &entry) {
            return Err(AssignError::Settled);
        }
        if let Some(file) = entry.understood.file.take() {
            require_movable(&mut tx, by, from).await?;
            if !files::delete_uncopied(&mut tx, file).await? {
                return Err(AssignError::Settled);
            }
        }
        inbox::assign(&mut tx, id, None, &by.name).await?;
        entry.understood.recording = None;
        let reading = Reading {
            call,
            before: Some(entry),
            assigned_to: None,
        };
        let decided = self.understand_within(&mut tx, &[&reading]).await?;
        if decided.understood.iter().any(|one| one.file.is_some()) {
            return Err(AssignError::Settled);
        }
        let summary = recordings::summary(&mut tx, from).await?.found()?;
        let (recording, actor) = (summary.recording, Some(by.name.as_str()));
        if !summary.ledger.is_complete() {
            let (event, fields) = (RecordingEvent::FileTakenBack, Fields::default());
            self.advance(&mut tx, &recording, event, fields, actor, None)
                .await?;
        }
        let event = HistoryEvent::Unassigned;
        history::append(&mut tx, from, self.now(), event, actor, None).await?;
        tx.commit().await?;
        self.publish(Change::Callback);
        self.publish_recording(&recording);
        Ok(())
    }
}

/// Checks that a file of the recording `from` may be taken away, and locks that until the end of the transaction. Not
/// while it is on hold or being purged; from a deleted one, only by accounts that may delete.
async fn require_movable(
    tx: &mut Conn,
    by: &Principal,
    from: RecordingId,
) -> Result<(), AssignError> {
    let locked = keep::lock(tx, from).await?.found()?;
    if locked.facts.is_held || locked.facts.keep == Keep::Purging {
        return Err(AssignError::Settled);
    }
    if locked.facts.keep != Keep::Kept {
        by.require(Verb::Delete, Thing::Room(locked.app, &locked.room))?;
    }
    Ok(())
}
