use leptos::prelude::*;
use reelroom_domain::{recording::RecordingState, view::RecordingView};

use crate::{
    components::CopyButton,
    lint_line::{Level, LintLine},
    this_page::locale,
};

/// A segment of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    /// A token, without its braces.
    Token(&'a str),
}

/// Splits a rule at its tokens. A brace without a known token stays literal text.
fn pieces(rule: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = rule;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|close| open + close) else {
            break;
        };
        if open > 0 {
            pieces.push(Piece::Text(&rest[..open]));
        }
        pieces.push(Piece::Token(&rest[open + 1..close]));
        rest = &rest[close + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// The composite's name, split into the tokens of its rule; of a failed start only the rule.
pub fn name_parts(recording: &RecordingView) -> impl IntoView + use<> {
    let locale = locale();
    let nothing = recording.row.nothing_recorded().is_some();
    let title = if nothing {
        say!(locale, rooms.rule.label)
    } else {
        say!(locale, recording.name.title)
    };
    let name = recording.row.file_name.clone();
    let copy = name.clone().map(|name| view! { <CopyButton text=name /> });
    let whole = name.map(|name| view! { <p class="mono whole-name">{name}</p> });
    let rule = recording.rule.as_deref().map(|rule| {
        let pieces = pieces(rule).into_iter().map(rule_piece);
        view! { <div class="rulerow">{pieces.collect_view()}</div> }
    });
    let parts = recording.name_parts.iter().map(|part| {
        view! {
            <dt>{part.token.clone()}</dt>
            <dd class="mono">{part.value.clone()}</dd>
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

fn rule_piece(piece: Piece<'_>) -> AnyView {
    match piece {
        Piece::Text(text) => view! { <span class="lit">{text.to_owned()}</span> }.into_any(),
        Piece::Token(token) => view! {
            <span class="tok">
                <span class="b">"{"</span>
                {token.to_owned()}
                <span class="b">"}"</span>
            </span>
        }
        .into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_cut_at_its_tokens() {
        use Piece::{Text, Token};
        let cut = [Text("ar_"), Token("roomid"), Text("_"), Token("date")];
        assert_eq!(pieces("ar_{roomid}_{date}"), cut);
        assert_eq!(pieces("a{b"), [Text("a{b")]);
        assert_eq!(pieces("}{"), [Text("}{")]);
        assert!(pieces("").is_empty());
    }
}
