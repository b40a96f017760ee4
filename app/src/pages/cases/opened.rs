use std::collections::BTreeSet;

use reelroom_domain::{case::CaseView, ids::RecordingId, view::RecordingRow};

use super::address::Address;
use crate::{error::ApiError, server::id_named, visit::Visit};

/// A case with those of its recordings that the reader sees.
pub struct Opened {
    /// The case.
    pub view: CaseView,
    /// The recordings of the page, and those that its history names.
    pub rows: Vec<RecordingRow>,
}

impl Opened {
    /// Loads the open case.
    pub async fn load(visit: &Visit, here: &Address) -> Result<Self, ApiError> {
        let Visit { service, me, .. } = visit;
        let (id, after) = (id_named(&here.open)?, Some(&*here.after));
        let view = service.case(me, id, after).await?;
        let named = view.history.iter();
        let named = named.filter_map(|line| line.event.recording());
        let held = view.recordings.iter().map(|(_, id)| *id);
        let ids: BTreeSet<RecordingId> = held.chain(named).collect();
        let ids: Vec<RecordingId> = ids.into_iter().collect();
        let rows = service.rows_of(me, &ids).await?;
        Ok(Self { view, rows })
    }

    /// Whether recordings can be released and the case can be closed.
    pub const fn is_open(&self) -> bool {
        self.view.case.closed.is_none()
    }
}
