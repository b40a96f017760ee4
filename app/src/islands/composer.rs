//! The naming rule as a person writes it: the field, what is wrong with it, and how the files will
//! be called. All of it is decided here, by the domain's own rules: no round trip.

mod chips;
mod field;
mod lint;
mod lit;
mod menu;
mod odds;
mod pen;
mod preview;

use std::time::Duration;

use leptos::prelude::*;
use reelroom_domain::{
    naming::{Lint, NamingRule, Problem, RoomDay, Warning, pieces_of},
    room::{ParticipantId, RoomId},
    time::Civil,
};

use self::{field::RuleField, lint::Lints, lit::Lit, preview::Preview};

use crate::{i18n::td, islands::dom, this_page::locale};

pub use self::field::RULE_INPUT;
#[cfg(test)]
pub(crate) use self::{chips::stretches, lint::said_once};

/// How long a person pauses before mistakes are told.
const PAUSE: Duration = Duration::from_millis(150);

/// Under which name it is kept on a device that rules are shown as text.
const AS_TEXT: &str = "rule-as-text";

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

    /// Looks at once, without waiting for a pause.
    pub fn settle(self) {
        let text = self.text.get_untracked();
        if self.settled.with_untracked(|settled| *settled != text) {
            self.settled.set(text);
        }
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

/// The composer.
#[component]
pub fn Composer(
    /// The rule.
    state: RuleState,
    /// What the preview stands for.
    #[prop(into)]
    sample: Signal<Sample>,
    /// Whether the server did not keep the rule, because it was over the limit.
    refused: Signal<bool>,
) -> impl IntoView {
    let locale = locale();
    let (live, plain) = (RwSignal::new(false), RwSignal::new(false));
    let lit = Lit::new();
    Effect::new(move || {
        live.set(true);
        plain.set(dom::kept(AS_TEXT).is_some_and(|kept| kept == "yes"));
    });
    let turn = move |_| {
        plain.update(|plain| *plain = !*plain);
        dom::keep(AS_TEXT, if plain.get_untracked() { "yes" } else { "" });
    };
    let count = Memo::new(move |_| state.text.with(|rule| parameters(rule)));
    let number = move || view! { <b>{move || count.get()}</b> };
    view! {
        <div
            class="rulebox"
            data-live=move || live.get().then_some("")
            data-plain=move || plain.get().then_some("")
        >
            <div class="rule-h">
                <label class="label" for=RULE_INPUT>
                    {say!(locale, rooms.rule.label)}
                </label>
                <button
                    type="button"
                    class="btn quiet as-text"
                    aria-pressed=move || if plain.get() { "true" } else { "false" }
                    on:click=turn
                >
                    {say!(locale, composer.plain)}
                </button>
                <span class="cnt" data-over=move || (count.get() > NamingRule::MAX_TOKENS).then_some("")>
                    {td!(locale, rooms.rule.count, n = number)}
                </span>
            </div>
            <RuleField
                rule=state.text
                plain=plain
                live=live
                lit=lit
                invalid=Signal::derive(move || state.problems() > 0 || refused.get())
                describedby=lint::LINTS
            />
            <Lints findings=state.findings refused=refused />
        </div>
        <Preview rule=state.text sample=sample day=state.day lit=lit />
    }
}

/// How many parameters a text has, also one that is no rule yet.
fn parameters(rule: &str) -> usize {
    pieces_of(rule)
        .iter()
        .filter(|(_, token)| token.is_some())
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_counted_while_typing() {
        assert_eq!(parameters("ar_{roomid}_{da"), 1);
        assert_eq!(parameters("{date}{date}{nonsense}"), 2);
    }

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
