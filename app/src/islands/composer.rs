//! The composer of the naming rule: the field, the findings, and a preview of the file names. The
//! domain's own rules check everything in the browser, without a round trip.

mod chips;
mod editor;
mod field;
mod highlight;
mod lint;
mod menu;
mod odds;
mod preview;
mod state;

use leptos::prelude::*;
use reelroom_domain::naming::{NamingRule, pieces_of};

use self::{field::RuleField, highlight::Highlight, lint::lints, preview::preview};
use crate::{islands::dom, this_page::locale};

#[cfg(test)]
pub(crate) use self::{chips::stretches, lint::distinct};
pub use self::{
    field::RULE_INPUT,
    state::{RuleState, Sample},
};

/// The key in local storage that is set where rules are shown as text.
const AS_TEXT: &str = "rule-as-text";

/// The composer.
#[component]
pub fn Composer(
    /// The rule.
    state: RuleState,
    /// The values that the preview uses.
    #[prop(into)]
    sample: Signal<Sample>,
    /// Whether the server rejected the rule.
    refused: Signal<bool>,
) -> impl IntoView {
    let locale = locale();
    let (live, plain) = (RwSignal::new(false), RwSignal::new(false));
    let highlight = Highlight::new();
    Effect::new(move || {
        live.set(true);
        plain.set(dom::kept(AS_TEXT).is_some_and(|kept| kept == "yes"));
    });
    let turn = move |_| {
        plain.update(|plain| *plain = !*plain);
        dom::keep(AS_TEXT, if plain.get_untracked() { "yes" } else { "" });
    };
    let count = Memo::new(move |_| state.text.with(|rule| parameters(rule)));
    view! {
        <div
            class="rulebox"
            data-live=move || live.get().then_some("")
            data-plain=move || plain.get().then_some("")
        >
            <div class="rule-h">
                <label class="label" for=RULE_INPUT>{say!(locale, rooms.rule.label)}</label>
                <button
                    type="button"
                    class="btn quiet as-text"
                    aria-pressed=move || if plain.get() { "true" } else { "false" }
                    on:click=turn
                >
                    {say!(locale, composer.plain)}
                </button>
                <span class="cnt" data-over=move || (count.get() > NamingRule::MAX_TOKENS).then_some("")>
                    {move || say!(locale, rooms.rule.count, n = count.get())}
                </span>
            </div>
            <RuleField
                rule=state.text
                plain=plain
                live=live
                highlight=highlight
                invalid=Signal::derive(move || state.problems() > 0 || refused.get())
                focus=refused.get_untracked()
                describedby=lint::LINTS
            />
            {lints(state.findings, refused)}
        </div>
        {preview(state.text, sample, state.day, highlight)}
    }
}

/// The number of parameters in a text, which may not be a valid rule yet.
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
}
