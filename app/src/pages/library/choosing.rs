use leptos::prelude::*;
use reelroom_domain::{
    access::Right, case::CaseRow, find::Count, ids::RecordingId, view::RecordingRow,
};
use reelroom_service::Actionable;

use super::selected::{Mode, matching};
use crate::{
    components::Reported,
    error::ApiError,
    open_cases::{may_open, open_cases as changeable},
    visit::Visit,
};

/// The selection, and the reader's actions on it. A context of the library.
#[derive(Debug, Clone)]
pub struct Choosing {
    /// The selection when the page loads.
    pub mode: Mode,
    /// The numbers of found recordings that can be downloaded and deleted, where all are selected.
    pub of_all: Actionable,
    /// The result of the last action.
    pub reported: Option<Reported>,
    /// Whether the reader may change tags.
    pub may_tag: bool,
    /// Whether the reader may export lists.
    pub may_export: bool,
    /// Whether the reader may delete.
    pub may_delete: bool,
    /// The number of open cases that the reader sees.
    pub open_cases: usize,
    /// The number of requests that wait for the reader.
    pub requests: usize,
    /// The open cases that the reader may add recordings to; `None`: it opens no cases.
    pub cases: Option<Vec<CaseRow>>,
    /// The recordings of the page that are on hold.
    pub held: Vec<RecordingId>,
}

impl Choosing {
    /// Loads it for a list of `total` recordings, of which `rows` are on its page.
    pub async fn load(
        visit: &Visit,
        total: Count,
        rows: &[RecordingRow],
    ) -> Result<Self, ApiError> {
        let mode = Mode::of(&visit.query);
        let of_all = if mode == Mode::All && !total.more {
            let query = matching(&visit.query, &visit.reader)?;
            visit.service.actionable(&visit.me, &query).await?
        } else {
            Actionable::default()
        };
        let Visit { service, me, .. } = visit;
        let cases = service.cases(me).await?;
        let open_cases = cases.iter().filter(|row| row.case.closed.is_none()).count();
        let may_delete = me.access.rights.has(Right::Delete);
        let requests = service.requests(me).await?;
        let requests = requests.iter().filter(|line| line.may_answer).count();
        let rows: Vec<RecordingId> = rows.iter().map(|row| row.id).collect();
        Ok(Self {
            mode,
            of_all,
            reported: Reported::load(&visit.service, &visit.me, &visit.query).await?,
            may_tag: visit.me.role().may_record(),
            may_export: visit.me.access.rights.has(Right::Export),
            may_delete,
            open_cases,
            requests,
            cases: may_open(me).then(|| changeable(&cases, me)),
            held: service.held(&rows).await?,
        })
    }

    /// The value of this page.
    pub fn expect() -> Self {
        expect_context()
    }
}
