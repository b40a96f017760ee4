//! Reads JSON that is valid only in parts.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value, value::RawValue};

use crate::json;

/// The readable and the unreadable parts of a text.
#[derive(Debug)]
pub(crate) struct Pieces {
    pub value: Value,
    /// Well-formed members that cannot be read, as name and text: a number out of range, a lone
    /// surrogate, nesting beyond the limit of `serde_json`.
    pub unreadable: Vec<(String, String)>,
}

impl From<Value> for Pieces {
    fn from(value: Value) -> Self {
        let unreadable = Vec::new();
        Self { value, unreadable }
    }
}

/// Reads a text as a whole; if that fails, each member of an object, or each item of an array and its
/// members, by itself. An unreadable member is left out, an unreadable item becomes null. Fails where
/// the text is not JSON.
///
/// With `damaged`, U+FFFD stands for bytes that could not be decoded, and a part that contains it is
/// unreadable.
pub(crate) fn read(text: &str, damaged: bool) -> serde_json::Result<Pieces> {
    let broken = match json::parse(text.as_bytes()) {
        Ok(value) if !damaged => return Ok(value.into()),
        Ok(value) if !value.is_object() && !value.is_array() => return Ok(value.into()),
        Ok(_) => None,
        Err(broken) => Some(broken),
    };
    match text.as_bytes().first() {
        Some(b'{') => object(text, damaged),
        Some(b'[') => array(text, damaged),
        _ => Err(broken.unwrap_or_else(|| serde::de::Error::custom("no JSON"))),
    }
}

fn piece(text: &str, damaged: bool) -> Option<Value> {
    let is_damaged = damaged && text.contains(char::REPLACEMENT_CHARACTER);
    json::parse(text.as_bytes()).ok().filter(|_| !is_damaged)
}

fn object(text: &str, damaged: bool) -> serde_json::Result<Pieces> {
    let Members(members) = serde_json::from_str(text)?;
    let (mut read, mut unreadable) = (Map::new(), Vec::new());
    for (name, value) in members {
        match (piece(name.get(), damaged), piece(value.get(), damaged)) {
            (Some(Value::String(name)), Some(value)) => {
                read.insert(name, value);
            }
            (Some(Value::String(name)), None) => unreadable.push((name, value.get().to_owned())),
            _ => unreadable.push((name.get().to_owned(), value.get().to_owned())),
        }
    }
    Ok(Pieces {
        value: Value::Object(read),
        unreadable,
    })
}

fn array(text: &str, damaged: bool) -> serde_json::Result<Pieces> {
    let items: Vec<&RawValue> = serde_json::from_str(text)?;
    let (mut read, mut unreadable) = (Vec::new(), Vec::new());
    for (index, item) in items.into_iter().map(RawValue::get).enumerate() {
        let value = piece(item, damaged).or_else(|| {
            let members = object(item, damaged).ok()?;
            unreadable.extend(members.unreadable);
            Some(members.value)
        });
        read.push(value.unwrap_or_else(|| {
            unreadable.push((format!("[{index}]"), item.to_owned()));
            Value::Null
        }));
    }
    Ok(Pieces {
        value: Value::Array(read),
        unreadable,
    })
}

/// The members of an object, names and values as written.
struct Members<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;

        impl<'de> Visitor<'de> for All {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(All)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn nested(depth: usize) -> String {
        format!("{}{}", "[".repeat(depth), "]".repeat(depth))
    }

    #[test]
    fn an_unreadable_member_is_left_out() {
        let deep = nested(500);
        for odd in ["1e999", "-1e999", r#""\ud83d""#, r#""\udc00 x""#, &deep] {
            let text = format!(r#"{{"a": 1, "odd": {odd} , "b": ["\u00e9"]}}"#);
            let read_it = read(&text, false).unwrap();
            assert_eq!(read_it.value, json!({"a": 1, "b": ["é"]}), "{odd}");
            assert_eq!(
                read_it.unreadable,
                [("odd".to_owned(), odd.to_owned())],
                "{odd}"
            );
            let list = read(&format!("[{text}, 7, {deep}]"), false).unwrap();
            assert_eq!(list.value, json!([{"a": 1, "b": ["é"]}, 7, null]), "{odd}");
            assert_eq!(list.unreadable.len(), 2, "{odd}");
        }
        let name = read(r#"{"\ud83d": 1, "a": 2}"#, false).unwrap();
        assert_eq!(name.value, json!({"a": 2}));
    }

    #[test]
    fn a_damaged_member_counts_as_unreadable() {
        let text = "{\"a\":\"\u{FFFD}\",\"b\":[{\"c\":\"x\u{FFFD}\"}],\"d\":2,\"e\u{FFFD}\":1}";
        assert_eq!(read(text, true).unwrap().value, json!({"d": 2}));
        assert_eq!(read(text, true).unwrap().unreadable.len(), 3);
        // Written unescaped, it is a character like any other.
        assert_eq!(read(text, false).unwrap().unreadable, []);
    }

    #[test]
    fn broken_json_stays_broken() {
        let deep = nested(500);
        for text in [
            r#"{"a":1e999"#,
            r#"{"a":1e999,}"#,
            r#"{"a":1e999}}"#,
            r#"{"a":1e}"#,
            r#"{"a":"\ud8"}"#,
            r#"{"a":"\x"}"#,
            "{\"a\":1e999,\"b\":\"\n\"}",
            r"{1e999:1}",
            "[1e999",
            "[1e999]]",
            "1e999",
            r#""\ud83d""#,
            &deep[1..],
            &deep[..999],
        ] {
            assert!(read(text, false).is_err(), "{text}");
            assert!(read(text, true).is_err(), "{text}");
        }
    }

    #[test]
    fn a_megabyte_of_brackets_overflows_nothing() {
        let half = (1 << 19) - 8;
        let text = format!(r#"{{"x":{}}}"#, nested(half));
        assert_eq!(read(&text, false).unwrap().value, json!({}));
        assert_eq!(read(&nested(half), false).unwrap().value, json!([null]));
        for open in ["[", "{\"a\":", "[{\"a\":["] {
            let text = open.repeat((1 << 20) / open.len());
            assert!(read(&text, false).is_err(), "{open}");
        }
    }
}
