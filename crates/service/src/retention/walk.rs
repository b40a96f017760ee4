//! Walks over the recordings that the rules may name, for dry runs and for the nightly run.

use reelroom_domain::{
    ids::RecordingId,
    retention::{DueRule, Facts, Rule, Stock, count_down, excesses},
    time::Timestamp,
};
use reelroom_store::{
    Store,
    library::{self, Place, Wanted},
};

use crate::ServiceError;

/// How many recordings one transaction reads.
const AT_ONCE: u32 = 1000;

/// Some recordings, at least one, each with its place and what decides about it.
type Page = Vec<(Place, RecordingId, Facts)>;

/// A walk over the recordings that may be due, the oldest first.
pub(super) struct Walk {
    store: Store,
    wanted: Wanted,
    rules: Vec<DueRule>,
    after: Option<Place>,
}

impl Walk {
    /// A walk for rules whose moments are known, from a place on.
    pub fn resume(store: &Store, rules: Vec<DueRule>, after: Option<Place>) -> Self {
        Self {
            store: store.clone(),
            wanted: Wanted::of(rules.iter().map(|due| &due.rule)),
            rules,
            after,
        }
    }

    /// A walk for rules at the time of a run: all recordings are summed up, so that what is over a total size is
    /// known. Returns the sums, too.
    pub async fn begin(
        store: &Store,
        rules: Vec<Rule>,
        now: Timestamp,
    ) -> Result<(Self, Vec<Stock>), ServiceError> {
        let rules = rules.into_iter().map(|rule| DueRule::at(rule, now));
        let mut walk = Self::resume(store, rules.collect(), None);
        let stock = library::stock(&mut *store.read().await?, &walk.wanted).await?;
        let mut excesses = excesses(&walk.rules, &stock);
        while !excesses.is_empty() {
            let Some(page) = walk.read(now).await? else {
                break;
            };
            for (_, _, facts) in page {
                count_down(&mut walk.rules, &mut excesses, &facts);
            }
        }
        walk.after = None;
        Ok((walk, stock))
    }

    /// The rules, with their moments.
    pub fn rules(&self) -> &[DueRule] {
        &self.rules
    }

    /// The next recordings; `None` at the end. [`fate`](reelroom_domain::retention::fate) says what becomes of each.
    pub async fn next(&mut self) -> Result<Option<Page>, ServiceError> {
        let latest = self.rules.iter().filter_map(|due| due.up_to).max();
        match latest {
            Some(latest) => self.read(latest).await,
            None => Ok(None),
        }
    }

    async fn read(&mut self, up_to: Timestamp) -> Result<Option<Page>, ServiceError> {
        let mut read = self.store.read().await?;
        let page = library::oldest(&mut read, &self.wanted, self.after, up_to, AT_ONCE).await?;
        let Some((last, ..)) = page.last() else {
            return Ok(None);
        };
        self.after = Some(*last);
        Ok(Some(page))
    }
}
