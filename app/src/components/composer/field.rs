//! The field of the naming rule: an input that any browser posts, and chips drawn exactly under
//! its text.

use leptos::{html, leptos_dom::helpers::request_animation_frame, prelude::*, web_sys};
use reelroom_domain::naming::Token;

use super::{
    chips::stretches,
    edit::{self, Edited},
};
use crate::{
    components::{Glyph, Icon},
    i18n::use_i18n,
};

/// The id of the input, for whoever moves the focus to it.
pub const RULE_INPUT: &str = "rule";

/// The input with its chips, and the buttons that insert a token. `rule` follows what is typed;
/// `invalid` says that it cannot be sent, which `describedby` explains.
#[component]
pub fn RuleField(
    rule: RwSignal<String>,
    #[prop(into)] invalid: Signal<bool>,
    describedby: &'static str,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let mirror = NodeRef::<html::Div>::new();
    let first = rule.get_untracked();
    // What was typed, or put back by the browser, before the page came to life.
    Effect::new(move || {
        if let Some(input) = input.get() {
            let typed = input.value();
            if rule.with_untracked(|rule| *rule != typed) {
                rule.set(typed);
            }
        }
    });
    // Before the first visit the browser says that the caret is at the start; a token goes to the
    // end then.
    let visited = StoredValue::new(false);
    let scroll = move || {
        if let (Some(input), Some(mirror)) = (input.get_untracked(), mirror.get_untracked()) {
            mirror.set_scroll_left(input.scroll_left());
        }
    };
    let put = move |edited: Edited| {
        if let Some(input) = input.get_untracked() {
            input.set_value(&edited.text);
            rule.set(edited.text);
            // The field is there and of type text: both only fail where it is not.
            let _ = input.focus();
            let _ = input.set_selection_range(edited.caret, edited.caret);
            request_animation_frame(scroll);
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.key() != "Backspace" || event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let Some(input) = input.get_untracked() else {
            return;
        };
        let (from, until) = selection(&input);
        if from == until
            && let Some(edited) =
                edit::backspace(&input.value(), from, &Token::ALL.map(Token::as_str))
        {
            event.prevent_default();
            put(edited);
        }
    };
    let add = move |token: Token| {
        let Some(input) = input.get_untracked() else {
            return;
        };
        let (from, until) = if visited.get_value() {
            selection(&input)
        } else {
            let end = end_of(&input);
            (end, end)
        };
        put(edit::insert(&input.value(), from, until, token.as_str()));
    };
    view! {
        <div class="composer rule" aria-invalid=move || invalid.get().then_some("true")>
            <div class="mirror" aria-hidden="true" node_ref=mirror>
                {move || rule.with(|rule| chips(rule))}
            </div>
            <input
                id=RULE_INPUT
                name="rule"
                type="text"
                value=first
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-invalid=move || invalid.get().then_some("true")
                aria-describedby=describedby
                node_ref=input
                on:input:target=move |event| {
                    rule.set(event.target().value());
                    request_animation_frame(scroll);
                }
                on:scroll=move |_| scroll()
                on:focus=move |_| visited.set_value(true)
                on:keydown=on_key
            />
        </div>
        <Inserts rule=rule add=add />
    }
}

/// A button for each token; a tick where the rule has it.
#[component]
fn Inserts(rule: RwSignal<String>, add: impl Fn(Token) + Copy + 'static) -> impl IntoView {
    let i18n = use_i18n();
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
                    <span class="sr">" " {say!(i18n, rooms.rule.used)}</span>
                </Show>
            </button>
        }
    };
    view! {
        <div class="adds" role="group" aria-label=say!(i18n, rooms.rule.insert)>
            {Token::ALL.map(button).collect_view()}
        </div>
    }
}

fn chips(rule: &str) -> impl IntoView + use<> {
    stretches(rule)
        .into_iter()
        .map(|(text, ink)| view! { <span class=ink.class()>{text}</span> })
        .collect_view()
}

/// The selection in UTF-16 units; the end where the browser does not say.
fn selection(input: &web_sys::HtmlInputElement) -> (u32, u32) {
    let read = |mark: Result<Option<u32>, _>| mark.ok().flatten().unwrap_or_else(|| end_of(input));
    (read(input.selection_start()), read(input.selection_end()))
}

/// The end of the text in UTF-16 units.
fn end_of(input: &web_sys::HtmlInputElement) -> u32 {
    u32::try_from(input.value().encode_utf16().count()).unwrap_or(u32::MAX)
}
