use serde::{Deserialize, Serialize};

use super::{
    fate::{DueRule, Sums},
    kinds::Kinds,
    rule::{Rule, RuleName, RuleState},
    what_if::WhatIf,
};
use crate::{
    ids::{AppId, RecordingId, RuleId},
    room::RoomId,
    time::Timestamp,
    view::RecordingRow,
};

/// A dry run: the deletions that the rules would make at the next run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DryRun {
    /// When it was made.
    pub at: Timestamp,
    /// The time of the run that it predicts.
    pub of: Timestamp,
    /// The rules that are on, and the one below.
    pub rules: Vec<DueRule>,
    /// A rule that is off, as if it were on.
    pub with: Option<RuleId>,
    /// Its sums.
    pub sums: Sums,
    /// The deletions that the rules would have made, and those to come.
    pub what_if: WhatIf,
}

impl DryRun {
    /// Whether it was made of these rules as they are.
    pub fn is_of(&self, rules: &[Rule]) -> bool {
        let now = rules
            .iter()
            .filter(|rule| rule.state == RuleState::On || self.with == Some(rule.id));
        let now = now.map(|rule| (rule.id, rule.version));
        let then = self.rules.iter().map(|due| (due.rule.id, due.rule.version));
        now.eq(then)
    }
}

/// A line of a dry run: the deletions of a recording.
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
    /// The decision by which all rules are off, while they are.
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

/// A decision to switch all rules off.
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
    /// The sums of its deletions.
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
    /// Their recordings, of those that the account sees.
    pub rows: Vec<RecordingRow>,
    /// The cursor of the next page, if there is one.
    pub more: Option<String>,
    /// The apps, with their names.
    pub apps: Vec<(AppId, String)>,
    /// The days that a recording stays in the trash.
    pub trash_days: u32,
    /// Whether the account may change the rules.
    pub may_change: bool,
}
