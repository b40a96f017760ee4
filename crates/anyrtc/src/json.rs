//! JSON as the platform writes it: members of any type, in any case, with a byte-order mark.

use serde_json::{Map, Value};

/// Parses a body, with or without a UTF-8 byte-order mark. Depth is bounded by `serde_json`.
pub fn parse(body: &[u8]) -> serde_json::Result<Value> {
    serde_json::from_slice(body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body))
}

/// As [`parse`], but ignores a comma before a closing bracket, which some lists of the platform have.
pub fn parse_list(body: &[u8]) -> serde_json::Result<Value> {
    parse(body).or_else(|broken| parse(&without_trailing_commas(body)).map_err(|_| broken))
}

fn without_trailing_commas(body: &[u8]) -> Vec<u8> {
    let mut clean: Vec<u8> = Vec::with_capacity(body.len());
    let (mut in_string, mut escaped) = (false, false);
    for &byte in body {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
        } else if byte == b'"' {
            in_string = true;
        } else if matches!(byte, b']' | b'}') {
            let last = clean.iter().rposition(|byte| !byte.is_ascii_whitespace());
            if let Some(comma) = last.filter(|at| clean[*at] == b',') {
                clean.remove(comma);
            }
        }
        clean.push(byte);
    }
    clean
}

/// Whether a body is JSON. Builds no tree and has no limit of depth.
pub fn is_well_formed(body: &[u8]) -> bool {
    // Strings are skipped, so UTF-8 is checked first.
    std::str::from_utf8(body).is_ok_and(|text| {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
    })
}

/// The member of that name, or else one whose name differs in case only (the platform writes both
/// `AppID` and `AppId`).
pub fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.get(name).or_else(|| {
        let mut members = object.iter();
        members
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    })
}

/// A member as text: a string or a number; `None` if it is absent, blank or of another type.
///
/// U+0000 becomes U+FFFD, since PostgreSQL does not store it.
pub fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    let text = match member(object, name)? {
        Value::String(text) => text.replace('\0', "\u{FFFD}"),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}

/// A member as a count: a number that is not negative, or a string of one. A fraction is cut off;
/// `None` if it does not fit a signed 64-bit integer.
pub fn count(object: &Map<String, Value>, name: &str) -> Option<u64> {
    const WHOLE_IN_F64: f64 = 9_007_199_254_740_992.0;
    let written = text(object, name)?;
    let written = written.trim();
    if let Ok(count) = written.parse::<u64>() {
        return i64::try_from(count).is_ok().then_some(count);
    }
    let number = written.parse::<f64>().ok()?;
    if !(0.0..WHOLE_IN_F64).contains(&number) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range was checked; the fraction is cut off on purpose"
    )]
    Some(number as u64)
}

/// A member as a size in bytes, as [`count`] reads it. The platform writes 0 where it knows none.
pub fn size(object: &Map<String, Value>, name: &str) -> Option<u64> {
    count(object, name).filter(|bytes| *bytes > 0)
}

/// The user data: a string, or the JSON text of anything else but null.
pub fn user_data(object: &Map<String, Value>) -> Option<String> {
    match member(object, "userData")? {
        Value::Null => None,
        Value::String(_) => text(object, "userData"),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn counts_in_every_spelling() {
        let table = [
            (json!(65322), Some(65322)),
            (json!("65322"), Some(65322)),
            (json!(" 65322 "), Some(65322)),
            (json!(0), Some(0)),
            (json!(20.9), Some(20)),
            (json!("20.9"), Some(20)),
            (json!(i64::MAX), Some(9_223_372_036_854_775_807)),
            (json!(u64::MAX), None),
            (json!(1e300), None),
            (json!("NaN"), None),
            (json!("inf"), None),
            (json!(-1), None),
            (json!("-0.5"), None),
            (json!("20 s"), None),
            (json!(""), None),
            (json!(null), None),
            (json!(true), None),
            (json!([20]), None),
        ];
        for (value, expected) in table {
            let object = Map::from_iter([("n".to_owned(), value)]);
            assert_eq!(count(&object, "n"), expected, "{object:?}");
        }
    }

    #[test]
    fn commas_at_the_end_and_only_those() {
        let read = |text: &str| parse_list(text.as_bytes()).ok();
        assert_eq!(read(r#"{"a":[1,2 , ],}"#), Some(json!({"a": [1, 2]})));
        assert_eq!(read(r#"["a,]\",}",]"#), Some(json!(["a,]\",}"])));
        assert_eq!(read("[1,,]"), None);
        assert_eq!(read("[,]"), Some(json!([])));
        assert_eq!(read(r#"{"a":1"#), None);
    }

    #[test]
    fn the_exact_name_comes_first() {
        let both = json!({ "USERID": "a", "userId": "b" });
        assert_eq!(
            text(both.as_object().unwrap(), "userId").as_deref(),
            Some("b")
        );
        let other = json!({ "userid": "c" });
        assert_eq!(
            text(other.as_object().unwrap(), "userId").as_deref(),
            Some("c")
        );
    }
}
