use leptos::prelude::*;
use reelroom_domain::view::{NamePart, RecordingView};

use crate::{
    i18n::use_i18n,
    whole::components::{CopyButton, Glyph, Icon},
};

/// A piece of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// Text as it is.
    Text(String),
    /// A token, without its braces.
    Token(String),
}

/// A rule, cut at its tokens. A brace that opens nothing known stays text.
fn pieces(rule: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = rule;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|close| open + close) else {
            break;
        };
        if open > 0 {
            pieces.push(Piece::Text(rest[..open].to_owned()));
        }
        pieces.push(Piece::Token(rest[open + 1..close].to_owned()));
        rest = &rest[close + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    pieces
}

/// What can be said of name and rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    NoRule,
    NoName,
    NoMatch,
    Match,
}

fn reading(recording: &RecordingView) -> Reading {
    match (&recording.rule, &recording.row.file_name) {
        (None, _) => Reading::NoRule,
        (Some(_), None) => Reading::NoName,
        (Some(_), Some(_)) if recording.name_parts.is_empty() => Reading::NoMatch,
        _ => Reading::Match,
    }
}

/// The composite's name, read backwards by the rule.
#[component]
pub fn NameParts(
    /// The recording.
    recording: Signal<RecordingView>,
) -> impl IntoView {
    let i18n = use_i18n();
    let name = move || recording.with(|recording| recording.row.file_name.clone());
    let reading = Memo::new(move |_| recording.with(reading));
    let rule = move || recording.with(|recording| recording.rule.as_deref().map(pieces));
    let parts = move || recording.with(|recording| recording.name_parts.clone());
    view! {
        <section aria-labelledby="name-h">
            <h2 id="name-h">
                {told!(i18n, recording.name.title)}
                {move || {
                    name().map(|name| view! { <CopyButton text=Signal::stored(name) /> })
                }}
            </h2>
            {move || name().map(|name| view! { <p class="mono whole-name">{name}</p> })}
            {move || {
                rule()
                    .map(|rule| {
                        view! {
                            <div class="rulerow">
                                {rule.into_iter().map(|piece| view! { <RulePiece piece=piece /> }).collect_view()}
                            </div>
                        }
                    })
            }}
            <dl class="kv parsed">
                {move || parts().into_iter().map(|part| view! { <Part part=part /> }).collect_view()}
            </dl>
            {move || match reading.get() {
                Reading::Match => {
                    view! {
                        <p class="lint" data-level="ok">
                            <Icon glyph=Glyph::Check />
                            <span>{told!(i18n, recording.name.follows)}</span>
                        </p>
                    }
                        .into_any()
                }
                Reading::NoMatch => {
                    view! {
                        <p class="lint" data-level="warn">
                            <Icon glyph=Glyph::Alert />
                            <span>{told!(i18n, recording.name.no_match)}</span>
                        </p>
                    }
                        .into_any()
                }
                Reading::NoName => {
                    view! { <p class="muted">{told!(i18n, recording.name.no_name)}</p> }.into_any()
                }
                Reading::NoRule => {
                    view! { <p class="muted">{told!(i18n, recording.name.no_rule)}</p> }.into_any()
                }
            }}
        </section>
    }
}

/// Text or token of the rule.
#[component]
fn RulePiece(piece: Piece) -> impl IntoView {
    match piece {
        Piece::Text(text) => view! { <span class="lit">{text}</span> }.into_any(),
        Piece::Token(token) => view! {
            <span class="tok">
                <span class="b">"{"</span>
                {token}
                <span class="b">"}"</span>
            </span>
        }
        .into_any(),
    }
}

/// A token and what it became.
#[component]
fn Part(part: NamePart) -> impl IntoView {
    view! {
        <dt>{part.token}</dt>
        <dd class="mono">{part.value}</dd>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_cut_at_its_tokens() {
        let text = |text: &str| Piece::Text(text.to_owned());
        let token = |token: &str| Piece::Token(token.to_owned());
        assert_eq!(
            pieces("ar_{roomid}_{date}"),
            [text("ar_"), token("roomid"), text("_"), token("date")]
        );
        assert_eq!(pieces("a{b"), [text("a{b")]);
        assert_eq!(pieces("}{"), [text("}{")]);
        assert!(pieces("").is_empty());
    }
}
