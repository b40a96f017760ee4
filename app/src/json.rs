//! Formats JSON for reading. Written by hand to preserve the order and spelling of the source.

use std::collections::BTreeMap;

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

enum Value {
    Scalar(Kind, String),
    Array(Vec<Value>),
    Object(Vec<(String, Value)>),
}

/// The maximum depth; deeper values are left as they are.
const DEEPEST: usize = 32;

/// Checks that `text` is JSON (RFC 8259). The error is the line number.
pub fn check(text: &str) -> serde_json::Result<()> {
    serde_json::from_str(text).map(|IgnoredAny| ())
}

/// The number of members if `text` is a JSON object; `None` otherwise.
pub fn members(text: &str) -> Option<usize> {
    #[expect(clippy::zero_sized_map_values, reason = "a set would read an array")]
    let members = serde_json::from_str::<BTreeMap<String, IgnoredAny>>(text);
    members.ok().map(|members| members.len())
}

fn read(text: &str) -> Option<Value> {
    check(text).ok()?;
    Reader { rest: text }.value(0)
}

/// The formatted lines of `text`; its own lines if it is not JSON.
pub fn lines(text: &str) -> Vec<Line> {
    match read(text) {
        Some(value) => {
            let mut lines = vec![Line::new()];
            set(&value, 0, &mut lines);
            lines
        }
        None => text
            .lines()
            .map(|line| vec![(Kind::Mark, line.to_owned())])
            .collect(),
    }
}

/// A reader of text that is valid JSON.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn eat(&mut self, mark: char) -> bool {
        self.skip_space();
        let rest = self.rest.strip_prefix(mark);
        if let Some(rest) = rest {
            self.rest = rest;
        }
        rest.is_some()
    }

    fn take(&mut self, length: usize) -> Option<String> {
        let taken = self.rest.get(..length)?.to_owned();
        self.rest = self.rest.get(length..)?;
        Some(taken)
    }

    fn string(&mut self) -> Option<String> {
        self.skip_space();
        let mut escaped = false;
        let inner = self.rest.strip_prefix('"')?;
        let end = inner.char_indices().find_map(|(at, c)| {
            if escaped {
                escaped = false;
                None
            } else if c == '\\' {
                escaped = true;
                None
            } else {
                (c == '"').then_some(at)
            }
        })?;
        self.take(end + 2)
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        self.skip_space();
        if depth > DEEPEST {
            return None;
        }
        if self.eat('{') {
            return self.object(depth);
        }
        if self.eat('[') {
            return self.array(depth);
        }
        if self.rest.starts_with('"') {
            return Some(Value::Scalar(Kind::Text, self.string()?));
        }
        let end = self
            .rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)))
            .unwrap_or(self.rest.len());
        Some(Value::Scalar(Kind::Literal, self.take(end)?))
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        let mut members = Vec::new();
        while !self.eat('}') {
            if !members.is_empty() && !self.eat(',') {
                return None;
            }
            let key = self.string()?;
            if !self.eat(':') {
                return None;
            }
            members.push((key, self.value(depth + 1)?));
        }
        Some(Value::Object(members))
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        let mut items = Vec::new();
        while !self.eat(']') {
            if !items.is_empty() && !self.eat(',') {
                return None;
            }
            items.push(self.value(depth + 1)?);
        }
        Some(Value::Array(items))
    }
}

fn add(lines: &mut [Line], kind: Kind, text: &str) {
    if let Some(line) = lines.last_mut() {
        line.push((kind, text.to_owned()));
    }
}

fn break_line(lines: &mut Vec<Line>, indent: usize) {
    let space = (Kind::Mark, "  ".repeat(indent));
    lines.push(if indent == 0 { vec![] } else { vec![space] });
}

fn set(value: &Value, indent: usize, lines: &mut Vec<Line>) {
    match value {
        Value::Scalar(kind, text) => add(lines, *kind, text),
        Value::Array(items) if items.iter().all(|item| matches!(item, Value::Scalar(..))) => {
            add(lines, Kind::Mark, "[");
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    add(lines, Kind::Mark, ", ");
                }
                set(item, indent, lines);
            }
            add(lines, Kind::Mark, "]");
        }
        Value::Array(items) => {
            add(lines, Kind::Mark, "[");
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    add(lines, Kind::Mark, ",");
                }
                break_line(lines, indent + 1);
                set(item, indent + 1, lines);
            }
            break_line(lines, indent);
            add(lines, Kind::Mark, "]");
        }
        Value::Object(members) if members.is_empty() => add(lines, Kind::Mark, "{}"),
        Value::Object(members) => {
            add(lines, Kind::Mark, "{");
            for (index, (key, member)) in members.iter().enumerate() {
                if index > 0 {
                    add(lines, Kind::Mark, ",");
                }
                break_line(lines, indent + 1);
                add(lines, Kind::Key, key);
                add(lines, Kind::Mark, ": ");
                set(member, indent + 1, lines);
            }
            break_line(lines, indent);
            add(lines, Kind::Mark, "}");
        }
    }
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
