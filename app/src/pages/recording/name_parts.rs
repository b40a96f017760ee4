use leptos::prelude::*;
use reelroom_domain::{
    naming::{Token, pieces_of},
    recording::RecordingState,
    view::RecordingView,
};

use crate::{
    components::CopyButton,
    lint_line::{Level, LintLine},
    this_page::locale,
};

/// The composite's name, split into the tokens of its rule; of a failed start only the rule.
pub fn name_parts(recording: &RecordingView) -> impl IntoView + use<> {
    let locale = locale();
    let nothing = recording.row.nothing_recorded().is_some();
    let title = if nothing {
        say!(locale, rooms.rule.label)
    } else {
        say!(locale, common.word.file_name)
    };
    let name = recording.row.file_name.clone();
    let copy = name.clone().map(|name| view! { <CopyButton text=name /> });
    let whole = name.map(|name| view! { <p class="mono whole-name">{name}</p> });
    let rule = recording.rule.as_deref().map(|rule| {
        let pieces = pieces_of(rule).into_iter();
        let pieces = pieces.map(|(span, token)| rule_piece(span.of(rule), token));
        view! { <div class="rulerow">{pieces.collect_view()}</div> }
    });
    let parts = recording.name_parts.iter().map(|(token, value)| {
        view! {
            <dt>{token.name()}</dt>
            <dd class="mono">{value.clone()}</dd>
        }
    });
    let lint = |level, text| view! { <LintLine level=level>{text}</LintLine> }.into_any();
    let muted = |text| view! { <p class="muted">{text}</p> }.into_any();
    let is_ready = recording.row.state == RecordingState::Ready;
    let reading = match (&recording.rule, &recording.row.file_name) {
        _ if nothing => ().into_any(),
        (Some(_), None) if is_ready => muted(say!(locale, recording.name.none)),
        (None, _) => muted(say!(locale, recording.name.no_rule)),
        (Some(_), None) => muted(say!(locale, recording.name.no_name)),
        _ if recording.name_parts.is_empty() => {
            lint(Level::Warn, say!(locale, recording.name.no_match))
        }
        _ => lint(Level::Ok, say!(locale, recording.name.follows)),
    };
    view! {
        <section aria-labelledby="name-h">
            <h2 id="name-h">{title} {copy}</h2>
            {whole}
            {rule}
            <dl class="kv parsed">{parts.collect_view()}</dl>
            {reading}
        </section>
    }
}

fn rule_piece(text: &str, token: Option<Token>) -> AnyView {
    match token {
        None => view! { <span class="lit">{text.to_owned()}</span> }.into_any(),
        Some(token) => view! {
            <span class="tok">
                <span class="b">"{"</span>
                {token.name()}
                <span class="b">"}"</span>
            </span>
        }
        .into_any(),
    }
}
