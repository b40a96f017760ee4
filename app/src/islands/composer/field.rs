//! The field of the naming rule: a plain input that any browser can post, and chips drawn exactly
//! under its text.

use leptos::{ev, leptos_dom::helpers::window_event_listener, prelude::*};
use reelroom_domain::naming::{Token, edit};

use super::{
    chips::{Ink, stretches},
    editor::Editor,
    highlight::Highlight,
    menu::{MENU, id_of},
};
use crate::{
    i18n::Locale,
    icon::{Glyph, Icon},
    islands::dom,
    this_page::locale,
};

/// The id of the input.
pub const RULE_INPUT: &str = "rule";

/// The input with its chips and its menu, and the buttons that insert a token. `rule` is updated on
/// input; `invalid` marks a rule that cannot be sent, for the reason in `describedby`.
#[component]
pub fn RuleField(
    rule: RwSignal<String>,
    /// Whether it is shown as text, without chips.
    plain: RwSignal<bool>,
    /// Whether the island is hydrated.
    live: RwSignal<bool>,
    highlight: Highlight,
    #[prop(into)] invalid: Signal<bool>,
    /// Whether it gets the focus when the page loads: the server rejected it.
    focus: bool,
    describedby: &'static str,
) -> impl IntoView {
    let editor = Editor::new(rule, plain, highlight);
    let first = rule.get_untracked();
    dom::bind(RULE_INPUT, rule);
    // A selection that starts in the field may end anywhere on the page.
    Effect::new(move || {
        let released = window_event_listener(ev::pointerup, move |_| editor.draw(false));
        on_cleanup(move || released.remove());
    });
    let expanded = move || if editor.menu.shows() { "true" } else { "false" };
    view! {
        <div class="rulefield">
            <div class="composer rule" aria-invalid=move || invalid.get().then_some("true")>
                <div class="mirror" aria-hidden="true" node_ref=editor.mirror>
                    {move || rule.with(|rule| chips(rule, highlight))}
                    {editor.menu.ruler()}
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
                    aria-activedescendant=move || editor.menu.active_id()
                    aria-invalid=move || invalid.get().then_some("true")
                    aria-describedby=describedby
                    autofocus=focus
                    node_ref=editor.input
                    on:input=move |_| editor.typed()
                    on:compositionstart=move |_| editor.compose(true)
                    on:compositionend=move |_| editor.compose(false)
                    on:scroll=move |_| editor.scroll()
                    on:focus=move |_| editor.visit(true)
                    on:blur=move |_| editor.visit(false)
                    on:keydown=move |event| editor.key(&event)
                    on:keyup=move |_| editor.snap(false)
                    on:selectionchange=move |_| editor.snap(false)
                    on:pointerdown=move |_| editor.draw(true)
                    on:pointermove=move |event| editor.point(Some(event.offset_x()))
                    on:pointerleave=move |_| editor.point(None)
                />
            </div>
            {token_menu(editor)}
        </div>
        {inserts(rule, move |token| editor.insert(token))}
    }
}

/// The list. The focus stays in the field when a pointer chooses a token.
fn token_menu(editor: Editor) -> impl IntoView {
    let locale = locale();
    let menu = editor.menu;
    let lines = move || {
        menu.open.get().map(|open| {
            let line = |(index, token): (usize, Token)| {
                let active = index == open.active;
                view! {
                    <li
                        id=id_of(token)
                        role="option"
                        aria-selected=if active { "true" } else { "false" }
                        on:pointerdown=|event| event.prevent_default()
                        on:click=move |_| editor.choose(Some(token))
                    >
                        <code>{token.as_str()}</code>
                        <span>{meaning(locale, token)}</span>
                    </li>
                }
            };
            open.tokens
                .iter()
                .copied()
                .enumerate()
                .map(line)
                .collect_view()
        })
    };
    view! {
        <ul
            class="menu tokmenu"
            id=MENU
            role="listbox"
            aria-label=say!(locale, composer.menu)
            hidden=move || !menu.shows()
            node_ref=menu.list
        >
            {lines}
        </ul>
    }
}

/// The meaning of a token.
fn meaning(locale: Locale, token: Token) -> &'static str {
    match token {
        Token::Random => say!(locale, composer.token.random),
        Token::Date => say!(locale, composer.token.date),
        Token::Time => say!(locale, composer.token.time),
        Token::RoomId => say!(locale, composer.token.roomid),
        Token::UserId => say!(locale, composer.token.userid),
    }
}

/// A button for each token, with a tick if the rule contains it.
fn inserts(rule: RwSignal<String>, add: impl Fn(Token) + Copy + 'static) -> impl IntoView {
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
    view! {
        <div class="adds" role="group" aria-label=say!(locale, rooms.rule.insert)>
            {Token::ALL.iter().copied().map(button).collect_view()}
            <span class="hint">{say!(locale, composer.or_type)} " " <kbd>"{"</kbd></span>
        </div>
    }
}

fn chips(rule: &str, highlight: Highlight) -> impl IntoView + use<> {
    let mut chips = edit::chips(rule).into_iter();
    stretches(rule)
        .into_iter()
        .map(|(text, ink)| {
            let chip = (ink == Ink::Chip).then(|| chips.next()).flatten();
            let is_lit = move || {
                chip.filter(|chip| highlight.is(chip.token, chip.nth))
                    .map(|_| "")
            };
            view! { <span class=ink.class() data-lit=is_lit>{text}</span> }
        })
        .collect_view()
}
