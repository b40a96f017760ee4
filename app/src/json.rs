//! Formats JSON for reading. Written by hand to preserve the order and spelling of the source.

use std::{collections::BTreeMap, mem};

use serde::de::IgnoredAny;

/// The kind of a piece, which determines its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A member's name.
    Key,
    /// A string.
    Text,
    /// A number, `true`, `false` or `null`.
    Literal,
    /// Braces, commas, colons, spaces.
    Mark,
}

/// One line: its pieces in order.
pub type Line = Vec<(Kind, String)>;

/// The maximum depth; deeper values are left as they are.
const DEEPEST: usize = 32;

/// The characters that may stand between tokens.
const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// Checks that `text` is JSON (RFC 8259). The error has the line number.
pub fn check(text: &str) -> serde_json::Result<()> {
    serde_json::from_str(text).map(|IgnoredAny| ())
}

/// The number of members if `text` is a JSON object; `None` otherwise.
pub fn members(text: &str) -> Option<usize> {
    #[expect(clippy::zero_sized_map_values, reason = "a set would read an array")]
    let members = serde_json::from_str::<BTreeMap<String, IgnoredAny>>(text);
    members.ok().map(|members| members.len())
}

/// The formatted lines of `text`; its own lines if it is not JSON.
pub fn lines(text: &str) -> Vec<Line> {
    formatted(text).unwrap_or_else(|| {
        let line = |line: &str| vec![(Kind::Mark, line.to_owned())];
        text.lines().map(line).collect()
    })
}

fn formatted(text: &str) -> Option<Vec<Line>> {
    check(text).ok()?;
    let tokens = tokens(text);
    let (mut lines, mut line) = (Vec::new(), Line::new());
    // Of each open bracket, whether its content is broken into lines.
    let mut open: Vec<bool> = Vec::new();
    let mut tokens = tokens.as_slice();
    while let [token, rest @ ..] = tokens {
        tokens = rest;
        let next = rest.first().copied().unwrap_or_default();
        let closes = matches!(*token, "]" | "}");
        if open.len() > DEEPEST && !closes {
            return None;
        }
        let is_broken = if closes {
            open.pop()
        } else {
            open.last().copied()
        };
        let is_broken = is_broken.unwrap_or_default();
        if closes && is_broken {
            lines.push(mem::replace(&mut line, indent(open.len())));
        }
        let (kind, shown) = match *token {
            "{" if next == "}" => {
                tokens = &rest[1..];
                (Kind::Mark, "{}")
            }
            "," if !is_broken => (Kind::Mark, ", "),
            ":" => (Kind::Mark, ": "),
            mark @ ("{" | "}" | "[" | "]" | ",") => (Kind::Mark, mark),
            key if next == ":" => (Kind::Key, key),
            text if text.starts_with('"') => (Kind::Text, text),
            literal => (Kind::Literal, literal),
        };
        line.push((kind, shown.to_owned()));
        let opens = matches!(shown, "{" | "[");
        if opens {
            open.push(shown == "{" || !is_flat(rest));
        }
        if (opens || shown == ",") && open.last() == Some(&true) {
            lines.push(mem::replace(&mut line, indent(open.len())));
        }
    }
    lines.push(line);
    Some(lines)
}

/// Whether an array with this content holds no arrays and objects.
fn is_flat(content: &[&str]) -> bool {
    let bracket = |token: &&&str| matches!(**token, "]" | "[" | "{");
    content.iter().find(bracket) == Some(&"]")
}

/// The begin of a line.
fn indent(depth: usize) -> Line {
    let space = (depth > 0).then(|| (Kind::Mark, "  ".repeat(depth)));
    space.into_iter().collect()
}

/// Splits valid JSON into marks, strings, and other scalars.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start_matches(SPACE);
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '{' | '}' | '[' | ']' | ',' | ':' => Some(1),
            '"' => {
                let mut escaped = false;
                let closing = rest[1..].find(|c: char| {
                    let closes = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    closes
                });
                closing.map(|at| at + 2)
            }
            _ => rest.find(|c: char| matches!(c, ',' | ']' | '}') || SPACE.contains(&c)),
        };
        let (token, after) = rest.split_at(end.unwrap_or(rest.len()));
        tokens.push(token);
        rest = after.trim_start_matches(SPACE);
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let line = |line: Line| line.into_iter().map(|(_, text)| text).collect::<String>();
        lines(text)
            .into_iter()
            .map(line)
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn order_and_spelling_are_kept() {
        assert_eq!(
            shown(r#"{"b":1.50,"a":["x","é\"y"],"o":{},"l":[{"n":null}]}"#),
            "{\n  \"b\": 1.50,\n  \"a\": [\"x\", \"é\\\"y\"],\n  \"o\": {},\n  \"l\": [\n    {\n      \"n\": null\n    }\n  ]\n}"
        );
    }

    #[test]
    fn what_is_not_json_stays_as_it_is() {
        for text in [
            "plain words",
            "{\"a\":}",
            "[1,]",
            "{\"a\" 1}",
            "1 2",
            "\"open",
        ] {
            assert_eq!(shown(text), text);
        }
        let deep = "[".repeat(100) + &"]".repeat(100);
        assert_eq!(shown(&deep), deep);
        assert!(lines("").is_empty());
    }

    #[test]
    fn pieces_know_what_they_are() {
        let line = lines(r#"["a",true]"#).remove(0);
        assert_eq!(line[1], (Kind::Text, "\"a\"".to_owned()));
        assert_eq!(line[3], (Kind::Literal, "true".to_owned()));
    }
}
