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
    let problems = NamingRule::parse(rule).err().unwrap_or_default();
    let wrong = problems.into_iter().map(|problem| problem.span);
    // A single pass in the order of the text.
    let mut wrong = wrong.filter(|span| *span != whole).peekable();
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

    fn assert_drawn(rule: &str, expected: &[(&str, Ink)]) {
        let drawn = stretches(rule);
        let drawn = drawn.iter().map(|(text, ink)| (text.as_str(), *ink));
        assert_eq!(drawn.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn tokens_are_chips() {
        let (ar, roomid) = (("ar_", Ink::Plain), ("{roomid}", Ink::Chip));
        let expected = [ar, roomid, ("_", Ink::Plain), ("{date}", Ink::Chip)];
        assert_drawn("ar_{roomid}_{date}", &expected);
    }

    #[test]
    fn a_mistake_is_marked_where_it_is() {
        let (a, colon, b) = (("a", Ink::Plain), (":", Ink::Wrong), ("b_", Ink::Plain));
        let (nope, x) = (("{nope}", Ink::Wrong), ("_x", Ink::Plain));
        assert_drawn("a:b_{nope}_x", &[a, colon, b, nope, x]);
        assert_drawn("no levels", &[("no levels", Ink::Plain)]);
        // Overlapping positions: one token too many, and a mistake within it.
        let (date, gap) = (("{date}", Ink::Chip), ("_", Ink::Plain));
        assert_drawn(
            "{date}{date}{date}{date}{date}_{x}:_",
            &[date, date, date, date, date, gap, ("{x}:", Ink::Wrong), gap],
        );
    }

    #[test]
    fn what_is_drawn_of_a_rule_grows_no_faster_than_the_rule() {
        let longest = ":".repeat(1024);
        assert_drawn(&longest, &[(&longest, Ink::Wrong)]);
        // A rule over the limit is not checked further.
        let over = ":".repeat(400_000);
        assert_drawn(&over, &[(&over, Ink::Plain)]);
    }
}
