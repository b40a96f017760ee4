use leptos::prelude::*;
use reelroom_domain::{access::Right, find::Count};
use reelroom_service::Downloadable;

use super::{
    report::{Report, Reported},
    selected::{Mode, matching},
};
use crate::{error::ApiError, visit::Visit};

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
        let reported = match Report::of(&visit.query) {
            Some(report) => Some(Reported::load(visit, report).await?),
            None => None,
        };
        Ok(Self {
            mode,
            of_all,
            reported,
            may_tag: visit.me.role().may_record(),
            may_export: visit.me.access.rights.has(Right::Export),
        })
    }

    /// That of this page.
    pub fn expect() -> Self {
        expect_context()
    }
}
