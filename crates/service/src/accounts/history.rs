//! The history of access: a page of it, and the part of one recording.

use reelroom_domain::{
    access::{Thing, Verb},
    act::{AccessHistory, Act, ActGroup, ActKind},
    ids::RecordingId,
    search::SearchText,
    time::Timestamp,
};
use reelroom_store::acts::{self, Filter};

use super::rules::sign_in_rules;
use crate::{Principal, Service, ServiceError, ground::cursor};

const PAGE: u32 = 50;

/// The most acts of one recording on its page.
const OF_RECORDING: u32 = 10;

/// The acts to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryQuery {
    /// Only those that began at this moment or later.
    pub from: Option<Timestamp>,
    /// Only those that began before this moment.
    pub to: Option<Timestamp>,
    /// Only those of this sign-in name.
    pub person: Option<String>,
    /// Only those of these groups; empty for all.
    pub groups: Vec<ActGroup>,
    /// Only those from this address.
    pub address: Option<String>,
    /// Only those about this recording.
    pub recording: Option<RecordingId>,
    /// Part of a name, a subject, a room or an address.
    pub search: Option<SearchText>,
    /// The cursor: [`AccessHistory::older`] of the page before.
    pub before: Option<String>,
}

impl HistoryQuery {
    /// The kinds of its groups.
    pub(super) fn kinds(&self) -> Vec<ActKind> {
        let groups = self.groups.iter();
        groups.flat_map(|group| group.kinds()).collect()
    }

    /// The filter of the store for these kinds.
    pub(super) fn filter<'a>(&'a self, kinds: &'a [ActKind]) -> Filter<'a> {
        Filter {
            from: self.from,
            to: self.to,
            name: self.person.as_deref(),
            kinds,
            address: self.address.as_deref(),
            recording: self.recording,
            search: self.search.as_ref(),
            up_to: None,
        }
    }
}

impl Service {
    /// A page of the history; the first one if the cursor is invalid.
    pub async fn access_history(
        &self,
        by: &Principal,
        query: HistoryQuery,
    ) -> Result<AccessHistory, ServiceError> {
        by.require(Verb::See, Thing::History)?;
        let kinds = query.kinds();
        let filter = query.filter(&kinds);
        let before = query.before.as_deref().and_then(cursor::parse);
        let mut read = self.0.store.read().await?;
        let mut found = acts::page(&mut read, filter, before, PAGE + 1).await?;
        let older = cursor::cut(&mut found, PAGE, |line| (line.act.at, line.id));
        let most = AccessHistory::COUNTED;
        let total = acts::count(&mut read, filter, most).await?;
        let of_all = query.filter(&[]);
        let counts = acts::count_kinds(&mut read, of_all, most).await?;
        Ok(AccessHistory {
            acts: found.into_iter().map(|line| line.act).collect(),
            total,
            groups: by_group(&counts),
            older,
            kept_days: sign_in_rules(&mut read).await?.history_days,
            may_export: by.may(Verb::Export, Thing::History),
        })
    }

    /// The accounts that watched and downloaded a recording, the latest first, at most 10; `None` for an account
    /// that may not see the history.
    pub async fn accesses(
        &self,
        by: &Principal,
        recording: RecordingId,
    ) -> Result<Option<Vec<Act>>, ServiceError> {
        if !by.may(Verb::See, Thing::History) {
            return Ok(None);
        }
        let filter = Filter {
            kinds: &[ActKind::Watched, ActKind::Downloaded],
            recording: Some(recording),
            ..Filter::default()
        };
        let mut read = self.0.store.read().await?;
        let found = acts::page(&mut read, filter, None, OF_RECORDING).await?;
        Ok(Some(found.into_iter().map(|line| line.act).collect()))
    }
}

/// The number of acts of each group; empty if counting ended before the last.
fn by_group(counts: &[(ActKind, u32)]) -> Vec<(ActGroup, u32)> {
    let mut groups: Vec<(ActGroup, u32)> = Vec::new();
    for (kind, count) in counts {
        match groups.iter_mut().find(|(group, _)| *group == kind.group()) {
            Some((_, sum)) => *sum += count,
            None => groups.push((kind.group(), *count)),
        }
    }
    let all: u32 = groups.iter().map(|(_, count)| count).sum();
    if all >= AccessHistory::COUNTED {
        groups.clear();
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_counted_up_to_a_limit() {
        let counts = [
            (ActKind::SignedIn, 3),
            (ActKind::SignedOut, 2),
            (ActKind::Watched, 4),
        ];
        let expected = [(ActGroup::SignIn, 5), (ActGroup::Watched, 4)];
        assert_eq!(by_group(&counts), expected);
        assert_eq!(by_group(&[(ActKind::Watched, 10_000)]), []);
    }
}
