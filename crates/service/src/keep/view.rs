//! Show whether a recording is kept or deleted, and its holds.

use reelroom_domain::{
    access::{Thing, Verb},
    file::FileFacts,
    ids::RecordingId,
    keep::{Hold, Keep, KeepView, MayRelease, Wish},
    time::Timestamp,
    view::{HistoryLine, RecordingRow},
};
use reelroom_store::{
    certificates, files, history, holds,
    recordings::{self, keep},
};

use super::{case::sees, consent::requests_of};
use crate::{
    Found, Principal, Service, ServiceError,
    recordings::{find, library::rows},
};

/// A recording that is in the trash or deleted for good, and what stays of it.
#[derive(Debug, Clone, PartialEq)]
pub struct DeletedView {
    /// Whether it is kept or deleted.
    pub keep: KeepView,
    /// Its row, as in the library; `None`: it was restored meanwhile.
    pub row: Option<RecordingRow>,
    /// Its files, with their versions.
    pub files: Vec<FileFacts>,
    /// Its history, the oldest line first.
    pub history: Vec<HistoryLine>,
}

impl Service {
    /// The page of a recording that is in the trash or deleted for good, for accounts that may delete.
    pub async fn deleted(
        &self,
        by: &Principal,
        id: RecordingId,
    ) -> Result<DeletedView, ServiceError> {
        let keep = self.kept(by, id).await?;
        let row = self.deleted_rows(by, &[id]).await?.pop();
        let mut read = self.0.store.read().await?;
        Ok(DeletedView {
            keep,
            row,
            files: files::facts(&mut read, id).await?,
            history: history::of_recording(&mut read, id).await?,
        })
    }

    /// Whether a recording is kept or deleted. One that is deleted is shown to accounts that may delete, and the name
    /// of a case to those that see the case.
    pub async fn kept(&self, by: &Principal, id: RecordingId) -> Result<KeepView, ServiceError> {
        let mut read = self.0.store.read().await?;
        let recording = recordings::get(&mut read, id).await?.found()?;
        match find::require(&mut read, by, Verb::See, &recording).await {
            Ok(()) | Err(ServiceError::InTrash | ServiceError::Purged) => {}
            Err(error) => return Err(error),
        }
        let mut holds = holds::of_recording(&mut read, id).await?;
        for hold in &mut holds {
            if let Some((case, _)) = hold.case
                && !sees(&mut read, by, case).await?
            {
                hold.reason.clear();
            }
        }
        let thing = Thing::Room(recording.app, &recording.room);
        let settings = keep::settings(&mut read).await?;
        let release = MayRelease::of(by.may(Verb::Release, thing), settings);
        let requests = if release == MayRelease::No || holds.is_empty() {
            Vec::new()
        } else {
            let wish = |hold: &Hold| {
                let (recording, case) = (id, hold.of_case());
                (Wish::Release { recording, case }, hold.at)
            };
            let wishes: Vec<(Wish, Timestamp)> = holds.iter().map(wish).collect();
            requests_of(&mut read, by, &wishes, self.now()).await?
        };
        Ok(KeepView {
            keep: keep::of(&mut read, id).await?.unwrap_or(Keep::Kept),
            holds,
            certificate: certificates::of_recording(&mut read, id).await?,
            may_delete: by.may(Verb::Delete, thing),
            may_hold: by.may(Verb::Change, thing) || by.may(Verb::Release, thing),
            release,
            requests,
        })
    }

    /// Rows of those of the recordings that are deleted, for an account that may delete in their rooms.
    pub async fn deleted_rows(
        &self,
        by: &Principal,
        ids: &[RecordingId],
    ) -> Result<Vec<RecordingRow>, ServiceError> {
        let now = self.now();
        let mut read = self.0.store.read().await?;
        let found = recordings::deleted(&mut read, ids).await?;
        rows(&mut read, by, Verb::Delete, found, now).await
    }

    /// Those of the recordings that are on hold, for the rows of a list.
    pub async fn held(&self, ids: &[RecordingId]) -> Result<Vec<RecordingId>, ServiceError> {
        Ok(holds::of_many(&mut *self.0.store.read().await?, ids).await?)
    }
}
