//! The rule while it is being edited, and its findings.

use std::time::Duration;

use leptos::prelude::*;
use reelroom_domain::{
    naming::{Lint, NamingRule, Problem, RoomDay, TimeForm, Warning},
    room::{ParticipantId, RoomId},
    time::Civil,
};

use crate::islands::dom;

/// The pause in typing after which mistakes are shown.
const PAUSE: Duration = Duration::from_millis(150);

/// The findings in a rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    /// Problems: the rule cannot be sent.
    pub problems: Vec<Problem>,
    /// Warnings: the rule can be sent.
    pub warnings: Vec<Warning>,
    /// The number of recordings a day that the check assumes: this room's.
    pub recordings_per_day: u32,
}

impl Findings {
    /// Checks a text.
    fn of(rule: &str, public_cloud: bool, day: RoomDay) -> Self {
        let context = Lint {
            public_cloud,
            // A name has to tell at least two recordings apart.
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

/// The rule while it is being edited.
#[derive(Clone, Copy)]
pub struct RuleState {
    /// The current text.
    pub text: RwSignal<String>,
    settled: RwSignal<String>,
    /// The findings, updated when typing pauses.
    pub(super) findings: Memo<Findings>,
    /// How often the room is recorded.
    pub(super) day: Signal<RoomDay>,
}

impl RuleState {
    /// Starts with a text, which a public cloud ignores. `day`: how often the room is recorded.
    pub fn new(first: String, public_cloud: bool, day: Signal<RoomDay>) -> Self {
        let settled = RwSignal::new(first.clone());
        let text = RwSignal::new(first);
        let mut settle = dom::debounced(PAUSE, move |text| {
            // The form may be removed by now.
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

    /// Checks the rule at once, without the debounce.
    pub fn check_now(self) {
        let text = self.text.get_untracked();
        if self.settled.with_untracked(|settled| *settled != text) {
            self.settled.set(text);
        }
    }

    /// The number of problems.
    pub fn problems(self) -> usize {
        self.findings.with(|findings| findings.problems.len())
    }
}

/// The values that the preview uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The room.
    pub room: RoomId,
    /// The people in it.
    pub people: Vec<ParticipantId>,
    /// Now, in the platform's zone.
    pub at: Civil,
    /// Now, in seconds since 1970.
    pub seconds: i64,
    /// The form of `{time}`.
    pub time_form: TimeForm,
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
        assert_eq!(
            found(RoomDay::default()).warnings,
            [Warning::SharedByTracks]
        );
        let one_in = 14_776_336 / (120 * 119 / 2);
        assert_eq!(found(busy).warnings[0], Warning::MayCollide { one_in });
        assert_eq!(found(busy).recordings_per_day, 120);
    }
}
