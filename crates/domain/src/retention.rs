//! Retention rules: which recordings are deleted, after how long, and why.
//!
//! For each kind of file the first rule that fits decides, also where it keeps it for longer than a later one. What
//! is due is named by [`fate`], the one decision: the dry run lists what it names, and the job moves that to the
//! trash.

mod form;
mod what_if;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

pub use self::{
    form::{RuleField, RuleForm, ScheduleForm},
    what_if::{Month, Stock, WhatIf, what_if},
};
use crate::{
    about::Tags,
    access::Grant,
    file::FileKind,
    ids::{AppId, RecordingId, RuleId},
    recording::RecordingState,
    room::RoomId,
    time::Timestamp,
    title::title,
    words::words,
};

words!(RuleState);

/// A day in milliseconds.
const DAY: i64 = 24 * 60 * 60_000;

title!(
    /// The name of a rule, which certificates of deletion repeat.
    RuleName
);

/// Kinds of files, at least one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kinds(BTreeSet<FileKind>);

impl Kinds {
    /// Every kind.
    pub fn all() -> Self {
        Self(FileKind::ALL.into())
    }

    /// These kinds; `None` if there are none.
    pub fn of(kinds: impl IntoIterator<Item = FileKind>) -> Option<Self> {
        let kinds: BTreeSet<FileKind> = kinds.into_iter().collect();
        (!kinds.is_empty()).then_some(Self(kinds))
    }

    /// Whether `kind` is one of them.
    pub fn has(&self, kind: FileKind) -> bool {
        self.0.contains(&kind)
    }

    /// Whether they are all.
    pub fn is_all(&self) -> bool {
        self.0.len() == FileKind::ALL.len()
    }

    /// The kinds, the composite first.
    pub fn iter(&self) -> impl Iterator<Item = FileKind> {
        self.0.iter().copied()
    }
}

/// When what a rule fits is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case")]
pub enum When {
    /// So many days after the end of the recording.
    OlderThan {
        /// The days.
        days: u32,
    },
    /// When all that the rule decides has more bytes, the oldest recordings first.
    Above {
        /// The bytes.
        bytes: u64,
    },
}

/// The states of recordings that a rule can name. Others are running, or about to change.
pub const STATES: [RecordingState; 3] = [
    RecordingState::Ready,
    RecordingState::Failed,
    RecordingState::Overdue,
];

/// What a rule says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleText {
    /// Its name.
    pub name: RuleName,
    /// The rooms.
    pub rooms: Grant,
    /// Recordings that have one of these tags; if there are none, all.
    pub tags: Tags,
    /// The states, some of [`STATES`].
    pub states: Vec<RecordingState>,
    /// The kinds of the files that it deletes.
    pub kinds: Kinds,
    /// When it deletes them.
    pub when: When,
}

impl RuleText {
    /// The most tags of a rule.
    pub const MOST_TAGS: usize = 3;

    /// Whether it is about a recording.
    pub fn fits(&self, facts: &Facts) -> bool {
        let tags = self.tags.as_slice();
        self.states.contains(&facts.state)
            && !facts.state.is_active()
            && self.rooms.covers(facts.app, &facts.room)
            && (tags.is_empty() || tags.iter().any(|tag| facts.tags.contains(&tag.key())))
    }
}

/// Whether a rule deletes anything.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RuleState {
    /// It is off, and its dry run was not looked at since it was changed: it cannot be switched on.
    New,
    /// It is off; its dry run was looked at.
    Off,
    /// It is on.
    On,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// What it says.
    pub text: RuleText,
    /// Whether it deletes anything.
    pub state: RuleState,
    /// The number of its changes, from 1.
    pub version: u32,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// The sign-in name of the account that changed it.
    pub changed_by: String,
}

impl Rule {
    /// The most rules.
    pub const MOST: usize = 20;
}

/// What decides about a recording. It is neither in the trash nor purged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Its app.
    pub app: AppId,
    /// Its room.
    pub room: RoomId,
    /// Its state.
    pub state: RecordingState,
    /// The keys of its tags, at least of those that rules name.
    pub tags: BTreeSet<String>,
    /// When it began.
    pub began_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// The bytes of its files, by kind.
    pub sizes: Sizes,
    /// Whether it is on hold, itself or by a case.
    pub is_held: bool,
}

/// Bytes by kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sizes([u64; FileKind::ALL.len()]);

impl Sizes {
    /// The bytes of composites, of tracks, and of frames.
    pub const fn new(composite: u64, tracks: u64, frames: u64) -> Self {
        Self([composite, tracks, frames])
    }

    /// Those of one kind.
    pub const fn of(self, kind: FileKind) -> u64 {
        self.0[kind as usize]
    }

    /// The sum over some kinds.
    pub fn sum(self, kinds: &Kinds) -> u64 {
        kinds.iter().map(|kind| self.of(kind)).sum()
    }
}

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

/// What a rule deletes of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// Its files of these kinds; of all kinds: the recording.
    pub kinds: Kinds,
    /// Their bytes.
    pub bytes: u64,
}

/// What the rules do with a recording.
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

/// What the rules, in their order, do with a recording. A hold beats every rule.
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

/// What is due of a recording: all of it where a rule says so and nothing else of it is kept; else files by kind.
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
                deletion.kinds.0.insert(kind);
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
/// Nothing goes in place of a recording that is held.
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
    /// Adds what is deleted of so many recordings.
    pub const fn add(&mut self, recordings: u64, bytes: u64) {
        self.recordings += recordings;
        self.bytes += bytes;
    }
}

/// The sums of a run of the rules.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sums {
    /// What is deleted.
    pub goes: Tally,
    /// What would be, but is on hold.
    pub saved: Tally,
    /// What each rule deletes.
    pub rules: BTreeMap<RuleId, Tally>,
}

impl Sums {
    /// Counts a recording.
    pub fn count(&mut self, fate: &Fate<'_>) {
        match fate {
            Fate::Stays => {}
            Fate::Goes(deletions) => {
                self.goes
                    .add(1, deletions.iter().map(|one| one.bytes).sum());
                for deletion in deletions {
                    let of_rule = self.rules.entry(deletion.rule.id).or_default();
                    of_rule.add(1, deletion.bytes);
                }
            }
            Fate::Saved(deletions) => {
                self.saved
                    .add(1, deletions.iter().map(|one| one.bytes).sum());
            }
        }
    }
}

/// A dry run: what the rules would delete at the next run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DryRun {
    /// When it was made.
    pub at: Timestamp,
    /// The time of the run that it tells of.
    pub of: Timestamp,
    /// The rules that are on, and the one below.
    pub rules: Vec<DueRule>,
    /// A rule that is off, as if it were on.
    pub with: Option<RuleId>,
    /// Its sums.
    pub sums: Sums,
    /// What the rules would have deleted, and will.
    pub what_if: WhatIf,
}

impl DryRun {
    /// Whether it tells of these rules as they are.
    pub fn is_of(&self, rules: &[Rule]) -> bool {
        let now = rules
            .iter()
            .filter(|rule| rule.state == RuleState::On || self.with == Some(rule.id));
        let now = now.map(|rule| (rule.id, rule.version));
        let then = self.rules.iter().map(|due| (due.rule.id, due.rule.version));
        now.eq(then)
    }
}

/// A line of a dry run: what is deleted of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DryRunLine {
    /// The recording.
    pub recording: RecordingId,
    /// Its app.
    pub app: AppId,
    /// Its room.
    pub room: RoomId,
    /// When it began.
    pub began_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// Whether a hold saves it.
    pub is_held: bool,
    /// The rules that delete something, with the kinds of files.
    pub by: Vec<(RuleName, Kinds)>,
    /// The bytes.
    pub bytes: u64,
}

/// When the rules run, and whether they do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Schedule {
    /// The hour, 0 to 23.
    pub hour: u32,
    /// The time zone of the hour and of months, an IANA name.
    pub zone: String,
    /// Why all rules are off, since when, and by the account of which sign-in name.
    pub off: Option<SwitchedOff>,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            hour: 3,
            zone: "Asia/Shanghai".to_owned(),
            off: None,
        }
    }
}

/// That all rules are off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchedOff {
    /// Since when.
    pub at: Timestamp,
    /// The sign-in name of the account.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// A run of the rules that is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRun {
    /// The time at which it was due.
    pub of: Timestamp,
    /// What it did.
    pub sums: Sums,
}

/// The page of retention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionView {
    /// The rules, in their order.
    pub rules: Vec<Rule>,
    /// When they run.
    pub schedule: Schedule,
    /// The time of the next run.
    pub next: Timestamp,
    /// The last run, if there was one.
    pub last: Option<LastRun>,
    /// The last dry run, if there was one.
    pub dry_run: Option<DryRun>,
    /// A page of its lines, the oldest recording first.
    pub lines: Vec<DryRunLine>,
    /// The cursor of the next page, if there is one.
    pub more: Option<String>,
    /// The apps, with their names.
    pub apps: Vec<(AppId, String)>,
    /// How many days the trash keeps what it is given.
    pub trash_days: u32,
    /// Whether the account may change the rules.
    pub may_change: bool,
}

#[cfg(test)]
mod tests;
