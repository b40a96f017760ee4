use leptos::prelude::*;
use reelroom_domain::{access::Right, case::CaseRow, find::Count};
use reelroom_service::Downloadable;

use super::selected::{Mode, matching};
use crate::{components::Reported, error::ApiError, visit::Visit};

/// What the page says about the selection. A context of the library.
#[derive(Debug, Clone)]
pub struct Choosing {
    /// What is selected at first.
    pub mode: Mode,
    /// How many of all that match can be downloaded, where all are selected.
    pub of_all: Downloadable,
    /// What became of the last action.
    pub reported: Option<Reported>,
    /// Whether the reader may change tags.
    pub may_tag: bool,
    /// Whether the reader may export lists.
    pub may_export: bool,
    /// Whether the reader may delete.
    pub may_delete: bool,
    /// The open cases that the reader may add recordings to; `None`: it manages no cases.
    pub cases: Option<Vec<CaseRow>>,
}

impl Choosing {
    /// Loads it for a list with so many recordings.
    pub async fn load(visit: &Visit, total: Count) -> Result<Self, ApiError> {
        let mode = Mode::of(&visit.query);
        let of_all = if mode == Mode::All && !total.more {
            let query = matching(&visit.query, &visit.reader)?;
            visit.service.downloadable(&visit.me, &query).await?
        } else {
            Downloadable::default()
        };
        Ok(Self {
            mode,
            of_all,
            reported: Reported::load(&visit.service, &visit.me, &visit.query).await?,
            may_tag: visit.me.role().may_record(),
            may_export: visit.me.access.rights.has(Right::Export),
            may_delete: visit.me.access.rights.has(Right::Delete),
            cases: visit.service.open_cases(&visit.me).await?,
        })
    }

    /// That of this page.
    pub fn expect() -> Self {
        expect_context()
    }
}
