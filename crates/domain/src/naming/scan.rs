//! Splits typed text, valid or not, into literals, tokens and stray braces.

use super::rule::Token;

/// A range of bytes of the typed text, on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// The part of `text` in it; empty if `text` is too short.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// The kind of a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text without braces.
    Literal,
    /// A token that the platform knows.
    Known(Token),
    /// Braces around other text.
    Unknown,
    /// An opening brace without a closing one, and the letters after it.
    Unclosed,
    /// A closing brace without an opening one.
    Stray,
}

/// Splits the text without gaps.
pub(super) fn scan(text: &str) -> Vec<(Span, Kind)> {
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        let (length, kind) = first(rest);
        let end = start + length;
        found.push((Span { start, end }, kind));
        start = end;
    }
    found
}

/// The first span of a text that is not empty: its length, at least one, and its kind.
fn first(text: &str) -> (usize, Kind) {
    if text.starts_with('}') {
        return (1, Kind::Stray);
    }
    let Some(inside) = text.strip_prefix('{') else {
        return (text.find(['{', '}']).unwrap_or(text.len()), Kind::Literal);
    };
    let brace = inside.find(['{', '}']);
    if let Some((name, _)) = brace
        .and_then(|at| inside.split_at_checked(at))
        .filter(|(_, after)| after.starts_with('}'))
    {
        let kind = Token::named(name).map_or(Kind::Unknown, Kind::Known);
        return (name.len() + 2, kind);
    }
    // Only the letters: the rest is probably literal.
    let letters = inside.bytes().take_while(u8::is_ascii_alphanumeric).count();
    (letters + 1, Kind::Unclosed)
}

/// The typed text, valid or not, as known tokens and other text (`None`), for the editor. The spans
/// cover the whole text without gaps.
pub fn pieces_of(text: &str) -> Vec<(Span, Option<Token>)> {
    let mut pieces: Vec<(Span, Option<Token>)> = Vec::new();
    for (span, kind) in scan(text) {
        match (kind, pieces.last_mut()) {
            (Kind::Known(token), _) => pieces.push((span, Some(token))),
            (_, Some((before, None))) => before.end = span.end,
            _ => pieces.push((span, None)),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_rule_still_has_its_chips() {
        let text = "会_{date}}_{dote}{time}{ran_{";
        let pieces: Vec<(&str, Option<Token>)> = pieces_of(text)
            .into_iter()
            .map(|(span, token)| (span.of(text), token))
            .collect();
        assert_eq!(
            pieces,
            [
                ("会_", None),
                ("{date}", Some(Token::Date)),
                ("}_{dote}", None),
                ("{time}", Some(Token::Time)),
                ("{ran_{", None),
            ]
        );
        assert_eq!(pieces_of(""), []);
    }

    #[test]
    fn an_unclosed_brace_ends_before_the_next_token() {
        let text = "{date_{random}";
        let cut: Vec<(&str, Kind)> = scan(text)
            .into_iter()
            .map(|(span, kind)| (span.of(text), kind))
            .collect();
        assert_eq!(
            cut,
            [
                ("{date", Kind::Unclosed),
                ("_", Kind::Literal),
                ("{random}", Kind::Known(Token::Random)),
            ]
        );
    }
}
