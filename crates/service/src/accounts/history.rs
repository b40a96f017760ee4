//! The history of access: a page of it, and the part of one recording.

use reelroom_domain::{
    access::{Thing, Verb},
    act::{AccessHistory, Act, ActFilter, ActGroup, ActKind},
    ids::RecordingId,
};
use reelroom_store::acts;

use super::rules::sign_in_rules;
use crate::{Principal, Service, ServiceError, ground::cursor};

const PAGE: u32 = 50;

/// The most acts of one recording on its page.
const OF_RECORDING: u32 = 10;

impl Service {
    /// A page of the history. `before` is the cursor, [`AccessHistory::older`] of the page before; the first page
    /// if it is invalid.
    pub async fn access_history(
        &self,
        by: &Principal,
        filter: ActFilter,
        before: Option<&str>,
    ) -> Result<AccessHistory, ServiceError> {
        by.require(Verb::See, Thing::History)?;
        let before = before.and_then(cursor::parse);
        let mut read = self.0.store.read().await?;
        let mut found = acts::page(&mut read, &filter, before, PAGE + 1).await?;
        let older = cursor::cut(&mut found, PAGE, |line| (line.act.at, line.id));
        let most = AccessHistory::COUNTED;
        let total = acts::count(&mut read, &filter, most).await?;
        let of_all_kinds = ActFilter {
            kinds: Vec::new(),
            ..filter
        };
        let counts = acts::count_kinds(&mut read, &of_all_kinds, most).await?;
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
        let filter = ActFilter {
            kinds: vec![ActKind::Watched, ActKind::Downloaded],
            recording: Some(recording),
            ..ActFilter::default()
        };
        let mut read = self.0.store.read().await?;
        let found = acts::page(&mut read, &filter, None, OF_RECORDING).await?;
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
