//! Splits the text of a rule into segments for the mirror under the input.

use reelroom_domain::naming::{NamingRule, Span, pieces_of};

/// The style of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Plain text.
    Plain,
    /// A chip: a token known to the platform.
    Chip,
    /// Underlined: a mistake at a known position.
    Wrong,
}

impl Ink {
    /// The CSS class.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "lit",
            Self::Chip => "tok",
            Self::Wrong => "wrong",
        }
    }
}

/// The segments of the whole text, without gaps. Marks only mistakes that have a position.
pub fn stretches(rule: &str) -> Vec<(String, Ink)> {
    let whole = Span {
        start: 0,
        end: rule.len(),
    };
    let wrong: Vec<Span> = NamingRule::parse(rule)
        .err()
        .unwrap_or_default()
        .into_iter()
        .map(|problem| problem.span)
        .filter(|span| *span != whole)
        .collect();
    // A single pass in the order of the text.
    let mut wrong = wrong.into_iter().peekable();
    let mut until = 0;
    let mut drawn: Vec<(String, Ink)> = Vec::new();
    for (span, token) in pieces_of(rule) {
        if token.is_some() {
            drawn.push((span.of(rule).to_owned(), Ink::Chip));
            continue;
        }
        for (at, letter) in span.of(rule).char_indices() {
            let at = span.start + at;
            while let Some(span) = wrong.next_if(|span| span.start <= at) {
                until = until.max(span.end);
            }
            let ink = if at < until { Ink::Wrong } else { Ink::Plain };
            match drawn.last_mut() {
                Some((text, last)) if *last == ink => text.push(letter),
                _ => drawn.push((letter.to_string(), ink)),
            }
        }
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(rule: &str) -> Vec<(String, Ink)> {
        stretches(rule)
    }

    fn one(text: &str, ink: Ink) -> (String, Ink) {
        (text.to_owned(), ink)
    }

    #[test]
    fn tokens_are_chips() {
        assert_eq!(
            drawn("ar_{roomid}_{date}"),
            [
                one("ar_", Ink::Plain),
                one("{roomid}", Ink::Chip),
                one("_", Ink::Plain),
                one("{date}", Ink::Chip),
            ]
        );
    }

    #[test]
    fn a_mistake_is_marked_where_it_is() {
        assert_eq!(
            drawn("a:b_{nope}_x"),
            [
                one("a", Ink::Plain),
                one(":", Ink::Wrong),
                one("b_", Ink::Plain),
                one("{nope}", Ink::Wrong),
                one("_x", Ink::Plain),
            ]
        );
        assert_eq!(drawn("no levels"), [one("no levels", Ink::Plain)]);
        // Overlapping positions: one token too many, and a mistake within it.
        assert_eq!(
            drawn("{date}{date}{date}{date}{date}_{x}:_"),
            [
                vec![one("{date}", Ink::Chip); 5],
                vec![
                    one("_", Ink::Plain),
                    one("{x}:", Ink::Wrong),
                    one("_", Ink::Plain)
                ],
            ]
            .concat()
        );
    }

    #[test]
    fn what_is_drawn_of_a_rule_grows_no_faster_than_the_rule() {
        assert_eq!(
            drawn(&":".repeat(1024)),
            [one(&":".repeat(1024), Ink::Wrong)]
        );
        // A rule over the limit is not checked further.
        let over = ":".repeat(400_000);
        assert_eq!(drawn(&over), [one(&over, Ink::Plain)]);
    }
}
