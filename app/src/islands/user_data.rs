//! Classifies the user data before it is sent.

use reelroom_domain::order::USER_DATA_BYTES;

use crate::json;

/// The kind of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataShape {
    /// Empty.
    None,
    /// A JSON object, with its number of members; sent unchanged.
    Object(usize),
    /// Other JSON, for example a list or a number.
    Json,
    /// Plain text.
    Text,
    /// Looks like JSON but is invalid from this line on, counted from 1.
    Broken(usize),
}

/// Classifies a text. Any kind can be sent.
pub fn data_shape(text: &str) -> DataShape {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return DataShape::None;
    }
    match json::check(text) {
        Ok(()) => json::members(text).map_or(DataShape::Json, DataShape::Object),
        Err(error) if trimmed.starts_with(['{', '[']) => DataShape::Broken(error.line()),
        Err(_) => DataShape::Text,
    }
}

/// The JSON with line breaks and indentation; `None` for other text. Order and spelling are unchanged.
pub fn pretty(text: &str) -> Option<String> {
    if !matches!(data_shape(text), DataShape::Object(_) | DataShape::Json) {
        return None;
    }
    let lines = json::lines(text);
    let lines = lines
        .iter()
        .map(|line| line.iter().map(|(_, piece)| piece.as_str()).collect());
    Some(lines.collect::<Vec<String>>().join("\n"))
}

/// Whether the length is near the limit and should be shown.
pub const fn size_worth_a_word(bytes: usize) -> bool {
    bytes > USER_DATA_BYTES / 4 * 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_of_what_is_typed() {
        assert_eq!(data_shape(" \n"), DataShape::None);
        assert_eq!(
            data_shape(r#"{"term": 2, "lesson": 14}"#),
            DataShape::Object(2)
        );
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(200), "]".repeat(200));
        assert_eq!(data_shape(&deep), DataShape::Object(1));
        assert_eq!(data_shape("[1]"), DataShape::Json);
        assert_eq!(data_shape("lesson 14"), DataShape::Text);
        assert_eq!(
            data_shape("{\n  \"term\": 2\n  \"lesson\": 14\n}"),
            DataShape::Broken(3)
        );
    }

    #[test]
    fn formatting_changes_nothing_but_the_space() {
        assert_eq!(
            pretty(r#"{"b":1.50,"a":[1, {"课":"{\""}],"b":12345678901234567890}"#).as_deref(),
            Some(concat!(
                "{\n  \"b\": 1.50,\n  \"a\": [\n    1,\n    {\n      \"课\": \"{\\\"\"\n    }\n  ],\n",
                "  \"b\": 12345678901234567890\n}"
            ))
        );
        for text in [
            r#"{"a": {}, "b": [], "c": "x\u00e9\n"}"#,
            "[[1,2],[3]]",
            "3",
            "null",
        ] {
            let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
            let formatted = pretty(text).unwrap();
            assert_eq!(value(&formatted), value(text), "{formatted}");
            assert_eq!(pretty(&formatted).as_deref(), Some(formatted.as_str()));
        }
        assert_eq!(pretty("lesson 14"), None);
        assert_eq!(pretty("{\"a\":"), None);
    }

    #[test]
    fn the_size_is_said_near_to_the_limit() {
        assert!(!size_worth_a_word(12 * 1024) && size_worth_a_word(12 * 1024 + 1));
    }
}
