//! The field of the naming rule: an input that any browser posts, and chips drawn exactly under
//! its text.

use leptos::{ev, leptos_dom::helpers::window_event_listener, prelude::*};
use reelroom_domain::naming::{Token, edit};

use super::{
    chips::{Ink, stretches},
    lit::Lit,
    menu::MENU,
    pen::Pen,
    token_menu::TokenMenu,
};
use crate::{
    i18n::td,
    icon::{Glyph, Icon},
    islands::dom,
    this_page::locale,
};

/// The id of the input, for whoever moves the focus to it.
pub const RULE_INPUT: &str = "rule";

/// The input with its chips and its menu, and the buttons that insert a token. `rule` follows what is
/// typed; `invalid` says that it cannot be sent, which `describedby` explains.
#[component]
pub fn RuleField(
    rule: RwSignal<String>,
    /// Whether it is shown as text, without chips.
    plain: RwSignal<bool>,
    /// Whether the page has come to life.
    live: RwSignal<bool>,
    lit: Lit,
    #[prop(into)] invalid: Signal<bool>,
    describedby: &'static str,
) -> impl IntoView {
    let pen = Pen::new(rule, plain, lit);
    let first = rule.get_untracked();
    dom::bind(RULE_INPUT, rule);
    // A selection that was begun in the field may end anywhere.
    Effect::new(move || {
        let released = window_event_listener(ev::pointerup, move |_| pen.draw(false));
        on_cleanup(move || released.remove());
    });
    let expanded = move || if pen.menu.shows() { "true" } else { "false" };
    view! {
        <div class="rulefield">
            <div class="composer rule" aria-invalid=move || invalid.get().then_some("true")>
                <div class="mirror" aria-hidden="true" node_ref=pen.mirror>
                    {move || rule.with(|rule| chips(rule, lit))}
                    {pen.menu.ruler()}
                </div>
                <input
                    id=RULE_INPUT
                    name="rule"
                    type="text"
                    value=first
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    role=move || live.get().then_some("combobox")
                    aria-autocomplete=move || live.get().then_some("list")
                    aria-expanded=move || live.get().then(expanded)
                    aria-controls=move || live.get().then_some(MENU)
                    aria-activedescendant=move || pen.menu.active_id()
                    aria-invalid=move || invalid.get().then_some("true")
                    aria-describedby=describedby
                    node_ref=pen.input
                    on:input=move |_| pen.typed()
                    on:compositionstart=move |_| pen.compose(true)
                    on:compositionend=move |_| pen.compose(false)
                    on:scroll=move |_| pen.scroll()
                    on:focus=move |_| pen.visit(true)
                    on:blur=move |_| pen.visit(false)
                    on:keydown=move |event| pen.key(&event)
                    on:keyup=move |_| pen.settle(false)
                    on:selectionchange=move |_| pen.settle(false)
                    on:pointerdown=move |_| pen.draw(true)
                    on:pointermove=move |event| pen.point(event.offset_x())
                    on:pointerleave=move |_| pen.point_away()
                />
            </div>
            <TokenMenu pen=pen />
        </div>
        <Inserts rule=rule add=move |token| pen.insert(token) />
    }
}

/// A button for each token; a tick where the rule has it.
#[component]
fn Inserts(rule: RwSignal<String>, add: impl Fn(Token) + Copy + 'static) -> impl IntoView {
    let locale = locale();
    let button = move |token: Token| {
        let used = Memo::new(move |_| rule.with(|rule| rule.contains(token.as_str())));
        view! {
            <button
                type="button"
                class="tokadd"
                data-used=move || used.get().then_some("")
                on:click=move |_| add(token)
            >
                {move || {
                    let glyph = if used.get() { Glyph::Check } else { Glyph::Plus };
                    view! { <Icon glyph=glyph /> }
                }}
                {token.as_str()}
                <Show when=move || used.get()>
                    <span class="sr">" " {say!(locale, rooms.rule.used)}</span>
                </Show>
            </button>
        }
    };
    let brace = || view! { <kbd>"{"</kbd> };
    view! {
        <div class="adds" role="group" aria-label=say!(locale, rooms.rule.insert)>
            {Token::ALL.map(button).collect_view()}
            <span class="hint">{td!(locale, composer.or_type, brace = brace)}</span>
        </div>
    }
}

fn chips(rule: &str, lit: Lit) -> impl IntoView + use<> {
    let mut chips = edit::chips(rule).into_iter();
    stretches(rule)
        .into_iter()
        .map(|(text, ink)| {
            let chip = (ink == Ink::Chip).then(|| chips.next()).flatten();
            let is_lit = move || chip.filter(|chip| lit.is(chip.token, chip.nth)).map(|_| "");
            view! {
                <span class=ink.class() data-lit=is_lit>
                    {text}
                </span>
            }
        })
        .collect_view()
}
