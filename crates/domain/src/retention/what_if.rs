//! The deletions that rules would have made in the past months, and will make in the coming ones.

use serde::{Deserialize, Serialize};

use super::{
    facts::{Facts, Stock},
    fate::{DueRule, Fate, Tally, decider, fate},
    rule::When,
};
use crate::{file::FileKind, time::Timestamp, usage::DAY};

/// A month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Month {
    /// Its first moment.
    pub from: Timestamp,
    /// The deletions in it.
    pub goes: Tally,
    /// The deletions that a hold prevents.
    pub saved: Tally,
}

/// The deletions by rules, month by month, among the recordings that exist now.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WhatIf {
    /// The deletions that they would have made before the first month.
    pub before: Tally,
    /// The months, in their order.
    pub months: Vec<Month>,
}

/// Sums up what the rules delete in months that begin at these moments; the last moment ends the last month. What is
/// due by its total size at `now` counts in the month of `now`.
pub fn what_if(rules: &[DueRule], stock: &[Stock], now: Timestamp, begins: &[Timestamp]) -> WhatIf {
    let (Some(&first), Some(&end)) = (begins.first(), begins.last()) else {
        return WhatIf::default();
    };
    let months = begins[..begins.len() - 1].iter().map(|from| Month {
        from: *from,
        goes: Tally::default(),
        saved: Tally::default(),
    });
    let mut what_if = WhatIf {
        before: Tally::default(),
        months: months.collect(),
    };
    for alike in stock {
        let facts = &alike.facts;
        let times = FileKind::ALL.map(|kind| time_of(rules, facts, kind, now));
        // A recording counts when the last of it goes; one without files goes as its composite would.
        let [composite, ..] = times;
        let with_bytes = FileKind::ALL.into_iter().zip(times);
        let with_bytes = with_bytes.filter(|(kind, _)| facts.sizes.of(*kind) > 0);
        let last: Option<Vec<Timestamp>> = with_bytes.map(|(_, at)| at).collect();
        let last = last.and_then(|times| times.into_iter().max().or(composite));
        let counts = [(last, alike.recordings, 0)].into_iter().chain(
            FileKind::ALL
                .into_iter()
                .zip(times)
                .map(|(kind, at)| (at, 0, facts.sizes.of(kind))),
        );
        for (at, recordings, bytes) in counts {
            let Some(at) = at.filter(|at| *at < end) else {
                continue;
            };
            if at < first {
                if !facts.is_held {
                    what_if.before.add(recordings, bytes);
                }
                continue;
            }
            let month = begins.partition_point(|from| *from <= at) - 1;
            let month = &mut what_if.months[month];
            let tally = if facts.is_held {
                &mut month.saved
            } else {
                &mut month.goes
            };
            tally.add(recordings, bytes);
        }
    }
    what_if
}

/// When the files of a kind go.
fn time_of(rules: &[DueRule], facts: &Facts, kind: FileKind, now: Timestamp) -> Option<Timestamp> {
    let decider = decider(rules, facts, kind)?;
    match decider.rule.text.when {
        When::OlderThan { days } => Some(facts.ended_at.plus_millis(i64::from(days) * DAY)),
        When::Above { .. } => {
            let is_due = !matches!(fate(std::slice::from_ref(decider), facts), Fate::Stays);
            is_due.then_some(now)
        }
    }
}
