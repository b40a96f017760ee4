//! Notes: plain text in which addresses are links.

use leptos::prelude::*;
use reelroom_domain::visible::visible;

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part<'a> {
    Text(&'a str),
    /// An address of the web.
    Address(&'a str),
}

/// The text of notes, with its line breaks.
pub fn text(notes: &str) -> impl IntoView + use<> {
    let shown = visible(notes);
    let parts = parts(&shown).into_iter().map(|part| match part {
        Part::Text(text) => text.to_owned().into_any(),
        Part::Address(address) => {
            let href = address.to_owned();
            view! {
                <a href=href target="_blank" rel="noopener noreferrer">
                    {address.to_owned()}
                </a>
            }
            .into_any()
        }
    });
    view! { <p class="note-text">{parts.collect_view()}</p> }
}

/// Splits a text into addresses and what is between them.
fn parts(text: &str) -> Vec<Part<'_>> {
    let (mut parts, mut done, mut at) = (Vec::new(), 0, 0);
    while let Some(found) = text[at..].find("http") {
        let start = at + found;
        let is_word = text[..start].ends_with(|c: char| c.is_ascii_alphanumeric());
        let Some(length) = address(&text[start..]).filter(|_| !is_word) else {
            at = start + "http".len();
            continue;
        };
        at = start + length;
        parts.extend([
            Part::Text(&text[done..start]),
            Part::Address(&text[start..at]),
        ]);
        done = at;
    }
    parts.push(Part::Text(&text[done..]));
    parts.retain(|part| *part != Part::Text(""));
    parts
}

/// The length of the address at the beginning of a text. It is of visible ASCII, since Chinese follows an address
/// without a space; a mark at its end belongs to the sentence.
fn address(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("https://");
    let rest = rest.or_else(|| text.strip_prefix("http://"))?;
    if !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[') {
        return None;
    }
    let ends = |c: char| !c.is_ascii_graphic() || "<>\"`{}|\\^".contains(c);
    let end = rest.find(ends).unwrap_or(rest.len());
    let has_bracket = rest[..end].contains('(');
    let is_mark = |c: char| ".,;:!?'".contains(c) || (c == ')' && !has_bracket);
    let address = rest[..end].trim_end_matches(is_mark);
    Some(text.len() - rest.len() + address.len())
}

#[cfg(test)]
mod tests {
    use super::{
        Part::{Address, Text},
        *,
    };

    #[test]
    fn addresses_are_links_and_all_else_is_text() {
        for (text, expected) in [
            ("", vec![]),
            ("a\nb", vec![Text("a\nb")]),
            (
                "Sheet: https://x.example/a_(b), then http://y.example.",
                vec![
                    Text("Sheet: "),
                    Address("https://x.example/a_(b)"),
                    Text(", then "),
                    Address("http://y.example"),
                    Text("."),
                ],
            ),
            (
                "(见https://x.example/q?a=1&b=2#c)。",
                vec![
                    Text("(见"),
                    Address("https://x.example/q?a=1&b=2#c"),
                    Text(")。"),
                ],
            ),
            (
                "https://x.example查看",
                vec![Address("https://x.example"), Text("查看")],
            ),
        ] {
            assert_eq!(parts(text), expected, "{text}");
        }
        for text in [
            "javascript:alert(1)",
            "xhttps://x.example",
            "https://",
            "http://.",
            "https://\u{202e}x",
            "httphttp",
            "HTTP://x.example",
            "data:text/html,http",
        ] {
            assert_eq!(parts(text), [Text(text)]);
        }
    }

    #[test]
    fn hostile_text_stays_text() {
        let owner = Owner::new();
        let shown =
            owner.with(|| text("<b>\u{202e}</b> https://x.example/\"onclick=alert(1)").to_html());
        assert!(
            !shown.contains("<b>") && !shown.contains('\u{202e}'),
            "{shown}"
        );
        assert!(shown.contains("href=\"https://x.example/\""), "{shown}");
        assert!(shown.contains("rel=\"noopener noreferrer\""), "{shown}");
    }
}
