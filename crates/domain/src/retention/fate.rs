use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    facts::{Facts, Stock},
    kinds::Kinds,
    rule::{Rule, When},
};
use crate::{file::FileKind, ids::RuleId, time::Timestamp, usage::DAY};

/// A rule that is on, with the moment up to which recordings are due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueRule {
    /// The rule.
    pub rule: Rule,
    /// By age, recordings that ended up to this moment are due; by total size, those that began up to it. `None`:
    /// none are.
    pub up_to: Option<Timestamp>,
}

impl DueRule {
    /// A rule at `now`. By total size nothing is due before the sizes are known.
    pub fn at(rule: Rule, now: Timestamp) -> Self {
        let up_to = match rule.text.when {
            When::OlderThan { days } => Some(now.plus_millis(-i64::from(days) * DAY)),
            When::Above { .. } => None,
        };
        Self { rule, up_to }
    }

    fn is_due(&self, facts: &Facts) -> bool {
        let at = match self.rule.text.when {
            When::OlderThan { .. } => facts.ended_at,
            When::Above { .. } => facts.began_at,
        };
        self.up_to.is_some_and(|up_to| at <= up_to)
    }
}

/// The deletion of a recording, or of some of its files, by a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// Its files of these kinds; of all kinds: the recording.
    pub kinds: Kinds,
    /// Their bytes.
    pub bytes: u64,
}

/// The effect of the rules on a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate<'a> {
    /// No rule deletes anything of it.
    Stays,
    /// This is deleted.
    Goes(Vec<Deletion<'a>>),
    /// This would be deleted, but it is on hold.
    Saved(Vec<Deletion<'a>>),
}

/// The first rule that fits a recording and names the kind; it decides, whether or not anything is due.
pub fn decider<'a>(rules: &'a [DueRule], facts: &Facts, kind: FileKind) -> Option<&'a DueRule> {
    rules
        .iter()
        .find(|due| due.rule.text.kinds.has(kind) && due.rule.text.fits(facts))
}

/// The effect of the rules, in their order, on a recording. A hold beats every rule.
pub fn fate<'a>(rules: &'a [DueRule], facts: &Facts) -> Fate<'a> {
    let deletions = deletions(rules, facts);
    if deletions.is_empty() {
        Fate::Stays
    } else if facts.is_held {
        Fate::Saved(deletions)
    } else {
        Fate::Goes(deletions)
    }
}

/// The due deletions of a recording: one of the whole recording where a rule for all kinds is due and none of its files
/// is kept, otherwise one for each rule, with the kinds of files that it deletes.
fn deletions<'a>(rules: &'a [DueRule], facts: &Facts) -> Vec<Deletion<'a>> {
    let due = FileKind::ALL
        .map(|kind| decider(rules, facts, kind).filter(|decider| decider.is_due(facts)));
    let is_kept = |kind: FileKind| facts.sizes.of(kind) > 0 && due[kind as usize].is_none();
    if let [Some(first), ..] = due
        && first.rule.text.kinds.is_all()
        && !FileKind::ALL.into_iter().any(is_kept)
    {
        let kinds = Kinds::all();
        let bytes = facts.sizes.sum(&kinds);
        let rule = &first.rule;
        return vec![Deletion { rule, kinds, bytes }];
    }
    let mut deletions: Vec<Deletion<'a>> = Vec::new();
    for (kind, due) in FileKind::ALL.into_iter().zip(due) {
        let bytes = facts.sizes.of(kind);
        let Some(due) = due.filter(|_| bytes > 0) else {
            continue;
        };
        let of_rule = deletions
            .iter_mut()
            .find(|deletion| deletion.rule.id == due.rule.id);
        match of_rule {
            Some(deletion) => {
                deletion.kinds.insert(kind);
                deletion.bytes += bytes;
            }
            None => deletions.extend(Kinds::of([kind]).map(|kinds| Deletion {
                rule: &due.rule,
                kinds,
                bytes,
            })),
        }
    }
    deletions
}

/// The bytes above the limit of each rule by total size, for the recordings that there are.
pub fn excesses(rules: &[DueRule], stock: &[Stock]) -> BTreeMap<RuleId, u64> {
    let mut excesses = BTreeMap::new();
    for due in rules {
        if let When::Above { bytes } = due.rule.text.when {
            let of_rule = stock.iter().map(|stock| bytes_of(rules, due, &stock.facts));
            let excess = of_rule.sum::<u64>().saturating_sub(bytes);
            if excess > 0 {
                excesses.insert(due.rule.id, excess);
            }
        }
    }
    excesses
}

/// Counts a recording against the excesses; the oldest come first. What is over the limit up to here is due.
/// No other recording is deleted in place of one on hold.
pub fn count_down(rules: &mut [DueRule], excesses: &mut BTreeMap<RuleId, u64>, facts: &Facts) {
    let mut over = Vec::new();
    for (at, due) in rules.iter().enumerate() {
        let bytes = bytes_of(rules, due, facts);
        if bytes > 0
            && let Some(excess) = excesses.get_mut(&due.rule.id)
        {
            *excess = excess.saturating_sub(bytes);
            over.push(at);
        }
    }
    for at in over {
        rules[at].up_to = Some(facts.began_at);
    }
    excesses.retain(|_, excess| *excess > 0);
}

/// The bytes of a recording about which a rule decides.
fn bytes_of(rules: &[DueRule], due: &DueRule, facts: &Facts) -> u64 {
    let kinds = FileKind::ALL.into_iter().filter(|kind| {
        decider(rules, facts, *kind).is_some_and(|decider| decider.rule.id == due.rule.id)
    });
    kinds.map(|kind| facts.sizes.of(kind)).sum()
}

/// Recordings and their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// The recordings of which something is deleted.
    pub recordings: u64,
    /// The bytes that are deleted.
    pub bytes: u64,
}

impl Tally {
    /// Adds what is deleted of `recordings` recordings.
    pub const fn add(&mut self, recordings: u64, bytes: u64) {
        self.recordings += recordings;
        self.bytes += bytes;
    }
}

/// The sums of a run of the rules.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sums {
    /// The deletions.
    pub goes: Tally,
    /// The deletions that a hold prevents.
    pub saved: Tally,
    /// The deletions of each rule.
    pub rules: BTreeMap<RuleId, Tally>,
}

impl Sums {
    /// Counts a recording.
    pub fn count(&mut self, fate: &Fate<'_>) {
        let sum = |deletions: &[Deletion<'_>]| deletions.iter().map(|one| one.bytes).sum::<u64>();
        match fate {
            Fate::Stays => {}
            Fate::Goes(deletions) => {
                self.goes.add(1, sum(deletions));
                for deletion in deletions {
                    let of_rule = self.rules.entry(deletion.rule.id).or_default();
                    of_rule.add(1, deletion.bytes);
                }
            }
            Fate::Saved(deletions) => self.saved.add(1, sum(deletions)),
        }
    }
}
