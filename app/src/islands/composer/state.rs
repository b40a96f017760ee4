//! The rule while it is being written, and what is found in it.

use std::time::Duration;

use leptos::prelude::*;
use reelroom_domain::{
    naming::{Lint, NamingRule, Problem, RoomDay, Warning},
    room::{ParticipantId, RoomId},
    time::Civil,
};

use crate::islands::dom;

/// How long a person pauses before mistakes are told.
const PAUSE: Duration = Duration::from_millis(150);

/// What is found in a rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    /// It cannot be sent.
    pub problems: Vec<Problem>,
    /// It can, but look.
    pub warnings: Vec<Warning>,
    /// How many recordings a day it is judged by: this room's.
    pub recordings_per_day: u32,
}

impl Findings {
    /// What is found in that text.
    fn of(rule: &str, public_cloud: bool, day: RoomDay) -> Self {
        let context = Lint {
            public_cloud,
            // Two, at the least, are what a name has to tell apart.
            recordings_per_day: day.expected().max(2),
        };
        let (problems, warnings) = match NamingRule::parse(rule.trim()) {
            Ok(rule) => (Vec::new(), rule.warnings(&context)),
            Err(problems) => (problems, Vec::new()),
        };
        Self {
            problems,
            warnings,
            recordings_per_day: context.recordings_per_day,
        }
    }
}

/// The rule while it is being written.
#[derive(Clone, Copy)]
pub struct RuleState {
    /// What is typed.
    pub text: RwSignal<String>,
    settled: RwSignal<String>,
    findings: Memo<Findings>,
    day: Signal<RoomDay>,
}

impl RuleState {
    /// Begins with that text; a public cloud would ignore it. `day`: how often the room is recorded.
    pub fn new(first: String, public_cloud: bool, day: Signal<RoomDay>) -> Self {
        let settled = RwSignal::new(first.clone());
        let text = RwSignal::new(first);
        let mut settle = dom::debounced(PAUSE, move |text| {
            // The form may have gone meanwhile.
            settled.try_set(text);
        });
        Effect::new(move |begun: Option<()>| {
            let text = text.get();
            if begun.is_some() {
                settle(text);
            }
        });
        Self {
            text,
            settled,
            findings: Memo::new(move |_| {
                settled.with(|rule| Findings::of(rule, public_cloud, day.get()))
            }),
            day,
        }
    }

    /// Checks the rule at once, without waiting for a pause.
    pub fn check_now(self) {
        let text = self.text.get_untracked();
        if self.settled.with_untracked(|settled| *settled != text) {
            self.settled.set(text);
        }
    }

    /// What is found in it, once a person pauses.
    pub fn findings(self) -> Memo<Findings> {
        self.findings
    }

    /// How often the room is recorded.
    pub fn day(self) -> Signal<RoomDay> {
        self.day
    }

    /// How many mistakes there are.
    pub fn problems(self) -> usize {
        self.findings.with(|findings| findings.problems.len())
    }
}

/// What the preview stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The room.
    pub room: RoomId,
    /// Who is in it.
    pub people: Vec<ParticipantId>,
    /// Now, in the platform's zone.
    pub at: Civil,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_with_problems_has_no_warnings_yet() {
        let day = RoomDay::default();
        let found = Findings::of("{userid}", true, day);
        assert_eq!((found.problems.len(), found.warnings.len()), (1, 0));
        assert_eq!(
            Findings::of(" ar_{date}_{userid} ", false, day)
                .warnings
                .len(),
            2
        );
    }

    #[test]
    fn a_rule_is_judged_by_the_rooms_own_days() {
        let busy = RoomDay {
            usual: 120,
            ..RoomDay::default()
        };
        let found = |day| Findings::of(NamingRule::DEFAULT, false, day);
        assert_eq!(found(RoomDay::default()).warnings, []);
        let one_in = 14_776_336 / (120 * 119 / 2);
        assert_eq!(found(busy).warnings, [Warning::MayCollide { one_in }]);
        assert_eq!(found(busy).recordings_per_day, 120);
    }
}
