use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use super::{facts::Facts, kinds::Kinds};
use crate::{
    about::Tags, access::Grant, ids::RuleId, recording::RecordingState, time::Timestamp,
    title::title, words::words,
};

words!(RuleState);

title!(
    /// The name of a rule, which certificates of deletion repeat.
    RuleName
);

/// The condition under which a rule deletes the recordings that it fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case")]
pub enum When {
    /// A number of days after the end of the recording.
    OlderThan {
        /// The days.
        days: u32,
    },
    /// While all files that the rule decides about have more bytes together; the oldest recordings first.
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

/// The content of a rule.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RuleState {
    /// It is off, and its dry run was not looked at since it, or a rule that decided before it, was changed: it cannot
    /// be switched on.
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
    /// Its content.
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

/// The rules that may delete more than their dry runs show, after a change of the rules or of their order: a rule that
/// was on before them is off, was changed, or comes after them now. They are to be off until they are looked at again,
/// which counts as a change for the rules after them.
pub fn to_look_at_again(before: &[Rule], after: &[Rule]) -> Vec<Rule> {
    let (mut again, mut decided) = (Vec::new(), Vec::new());
    for rule in after {
        let earlier = before.iter().take_while(|one| one.id != rule.id);
        let mut earlier = earlier.filter(|one| one.state == RuleState::On);
        if earlier.all(|one| decided.contains(&(one.id, one.version))) {
            if rule.state == RuleState::On {
                decided.push((rule.id, rule.version));
            }
        } else if rule.state != RuleState::New {
            again.push(rule.clone());
        }
    }
    again
}
