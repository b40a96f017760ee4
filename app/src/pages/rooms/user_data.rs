//! What the user's own data looks like, before it is sent.

/// What the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataShape {
    /// Nothing typed.
    None,
    /// A JSON object with so many members; it is sent as it is.
    Object(usize),
    /// Other JSON, for example a list or a number.
    Json,
    /// Plain text.
    Text,
    /// It begins like JSON and is none, from this line on, counted from 1.
    Broken(usize),
}

/// Tells what the text is. Whatever it is, it can be sent.
pub fn data_shape(text: &str) -> DataShape {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return DataShape::None;
    }
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(serde_json::Value::Object(members)) => DataShape::Object(members.len()),
        Ok(_) => DataShape::Json,
        Err(error) if trimmed.starts_with(['{', '[']) => DataShape::Broken(error.line()),
        Err(_) => DataShape::Text,
    }
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
        assert_eq!(data_shape("[1]"), DataShape::Json);
        assert_eq!(data_shape("lesson 14"), DataShape::Text);
        assert_eq!(
            data_shape("{\n  \"term\": 2\n  \"lesson\": 14\n}"),
            DataShape::Broken(3)
        );
    }
}
