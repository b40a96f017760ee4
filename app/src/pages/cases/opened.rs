use std::collections::BTreeSet;

use reelroom_domain::{case::CaseView, ids::RecordingId, view::RecordingRow};

use crate::{error::ApiError, server::id_named, visit::Visit};

/// A case with those of its recordings that the reader sees.
pub struct Opened {
    /// The case.
    pub view: CaseView,
    /// The recordings that it holds, or held, and those that its history names.
    pub rows: Vec<RecordingRow>,
}

impl Opened {
    /// Loads the case of that id.
    pub async fn load(visit: &Visit, id: &str) -> Result<Self, ApiError> {
        let Visit { service, me, .. } = visit;
        let view = service.case(me, id_named(id)?).await?;
        let named = view.history.iter();
        let named = named.filter_map(|line| line.event.recording());
        let held = view.recordings.iter().map(|(id, _)| *id);
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
