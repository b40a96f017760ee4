//! Act on several recordings at once: those that are named, or all that match a filter.

use reelroom_domain::{
    about::Tags,
    access::{Thing, Verb},
    find::Count,
    ids::RecordingId,
    outcome::Outcomes,
    recording::Recording,
    view::RecordingRow,
};
use reelroom_store::{Conn, recordings};

use super::{
    find::require,
    library::{LibraryQuery, rows},
};
use crate::{Browser, Principal, Service, ServiceError};

/// How many recordings a transaction changes: others wait for it.
const AT_ONCE: usize = 200;

/// Several recordings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// These.
    These(Vec<RecordingId>),
    /// All that match, on whichever page.
    Matching(LibraryQuery),
}

impl Selection {
    /// The most recordings that an action takes at once.
    pub const MOST: u32 = Count::LIMIT;
}

/// A selection that no action takes.
#[derive(Debug, thiserror::Error)]
pub enum SelectionError {
    /// There are more than [`Selection::MOST`].
    #[error("more recordings than an action takes at once")]
    TooMany,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// How many recordings of a selection can be downloaded, and how many deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Actionable {
    /// The number of those with copies that the account may download.
    pub ready: u32,
    /// The number of those that it may download and that have no copies yet.
    pub bare: u32,
    /// The number of those that it may not download.
    pub denied: u32,
    /// The number of those that can be moved to the trash, which the account may do.
    pub deletable: u32,
}

impl Service {
    /// The recordings of a selection, all that match in the order of their list.
    pub async fn selected(
        &self,
        by: &Principal,
        selection: Selection,
    ) -> Result<Vec<RecordingId>, SelectionError> {
        let ids = match selection {
            Selection::These(ids) => ids,
            Selection::Matching(query) => self.found(by, &query, Selection::MOST + 1).await?,
        };
        if ids.len() > Selection::MOST as usize {
            return Err(SelectionError::TooMany);
        }
        Ok(ids)
    }

    /// Adds and removes tags of a selection, some recordings after others.
    pub async fn tag_selected(
        &self,
        by: &Principal,
        browser: &Browser,
        selection: Selection,
        add: &Tags,
        remove: &Tags,
    ) -> Result<Outcomes, SelectionError> {
        let mut outcomes = Outcomes::new();
        for ids in self.selected(by, selection).await?.chunks(AT_ONCE) {
            outcomes.extend(self.tag_many(by, browser, ids, add, remove).await?);
        }
        Ok(outcomes)
    }

    /// Marks a selection as seen by the account, or as not seen, some recordings after others.
    pub async fn mark_selected(
        &self,
        by: &Principal,
        selection: Selection,
        is_seen: bool,
    ) -> Result<Outcomes, SelectionError> {
        let mut outcomes = Outcomes::new();
        for ids in self.selected(by, selection).await?.chunks(AT_ONCE) {
            outcomes.extend(self.set_seen(by, ids, is_seen).await?);
        }
        Ok(outcomes)
    }

    /// How many of the recordings that match can be downloaded, and how many deleted; of more than
    /// [`Selection::MOST`] not all are counted.
    pub async fn actionable(
        &self,
        by: &Principal,
        query: &LibraryQuery,
    ) -> Result<Actionable, ServiceError> {
        let ids = self.found(by, query, Selection::MOST).await?;
        let mut read = self.0.store.read().await?;
        let mut sums = Actionable::default();
        for of in recordings::by_room(&mut read, &ids).await? {
            let thing = Thing::Room(of.app, &of.room);
            if by.may(Verb::Delete, thing) {
                sums.deletable += of.deletable;
            }
            if by.may(Verb::Download, thing) {
                sums.ready += of.with_copies;
                sums.bare += of.recordings - of.with_copies;
            } else {
                sums.denied += of.recordings;
            }
        }
        Ok(sums)
    }

    /// Those of the recordings that the account sees, as rows of a list.
    pub async fn rows_of(
        &self,
        by: &Principal,
        ids: &[RecordingId],
    ) -> Result<Vec<RecordingRow>, ServiceError> {
        let now = self.now();
        let mut read = self.0.store.read().await?;
        let found = recordings::summaries(&mut read, ids).await?;
        rows(&mut read, by, Verb::See, found, now).await
    }
}

/// Those of the recordings with which `by` may do this, in the order of their ids. One that does not exist, or that
/// `by` does not see, is an error, and so is that there are none.
pub(crate) async fn recordings_for(
    conn: &mut Conn,
    by: &Principal,
    verb: Verb,
    ids: &[RecordingId],
) -> Result<Vec<Recording>, ServiceError> {
    let found = recordings::get_all(conn, ids).await?;
    if ids.is_empty() || found.len() < ids.len() {
        return Err(ServiceError::NotFound);
    }
    let mut allowed = Vec::new();
    for recording in found {
        let decided = if verb == Verb::Download {
            // A case may keep it from a role.
            require(conn, by, verb, &recording).await
        } else {
            by.require(verb, Thing::Room(recording.app, &recording.room))
        };
        match decided {
            Ok(()) => allowed.push(recording),
            Err(ServiceError::Forbidden) => {}
            Err(error) => return Err(error),
        }
    }
    if allowed.is_empty() {
        return Err(ServiceError::Forbidden);
    }
    Ok(allowed)
}
