//! The payload of a callback, as the document has it or deliberately not.

use std::io::Read;

use encoding_rs::GB18030;
use flate2::{Compression, read::GzEncoder};
use serde_json::{Map, Value};
use url::form_urlencoded::Serializer;

use crate::faults::Mangle;

/// A body with its headers.
#[derive(Debug, Clone)]
pub(crate) struct Payload {
    pub body: Vec<u8>,
    pub content_type: &'static str,
    pub content_encoding: Option<&'static str>,
}

impl Payload {
    /// JSON without an encoding.
    pub(crate) fn json(body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: body.into(),
            content_type: "application/json",
            content_encoding: None,
        }
    }

    /// The JSON object `body` in another form.
    pub(crate) fn mangled(body: &str, how: Mangle) -> Self {
        match how {
            Mangle::Bom => Self::json(format!("\u{feff}{body}")),
            Mangle::Garbage => Self::json(format!("{body}}} trailing")),
            Mangle::Gb18030 => Self::json(GB18030.encode(body).0),
            Mangle::Strings => {
                let swapped = members(body).into_iter().map(swap);
                Self::json(swapped.collect::<Value>().to_string())
            }
            Mangle::Gzip => Self {
                content_encoding: Some("gzip"),
                ..Self::json(gzip(body.as_bytes()))
            },
            Mangle::Form => {
                let mut form = Serializer::new(String::new());
                for (name, value) in members(body) {
                    let value = value.as_str().map_or(value.to_string(), str::to_owned);
                    form.append_pair(&name, &value);
                }
                Self {
                    content_type: "application/x-www-form-urlencoded",
                    ..Self::json(form.finish())
                }
            }
        }
    }
}

fn members(body: &str) -> Map<String, Value> {
    serde_json::from_str(body).unwrap_or_default()
}

/// A number becomes a string, and a string of digits a number.
fn swap((name, value): (String, Value)) -> (String, Value) {
    let swapped = match &value {
        Value::Number(number) => Value::from(number.to_string()),
        Value::String(text) => text.parse::<i64>().map_or(value, Value::from),
        _ => value,
    };
    (name, swapped)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    // Reading from memory does not fail.
    let _ = GzEncoder::new(bytes, Compression::fast()).read_to_end(&mut packed);
    packed
}

#[cfg(test)]
mod tests {
    use reelroom_anyrtc::{callback, raw::Raw};

    use super::*;

    #[test]
    fn every_form_but_the_broken_one_is_understood() {
        let body = r#"{"type":"2","groupId":"客服培训","userId":"1001","fileName":"模_1.mp4",
            "fileSize":7,"duration":2,"startTime":"1521608787","userData":"{\"a\":\"&=\"}"}"#;
        let zone = jiff::tz::TimeZone::UTC;
        let plain = callback::read(body.as_bytes(), &zone).unwrap();
        for how in [
            Mangle::Bom,
            Mangle::Strings,
            Mangle::Form,
            Mangle::Gzip,
            Mangle::Gb18030,
        ] {
            let payload = Payload::mangled(body, how);
            assert_ne!(payload.body, body.as_bytes(), "{how:?}");
            let raw = Raw {
                body: &payload.body,
                content_type: Some(payload.content_type),
                content_encoding: payload.content_encoding,
            };
            assert_eq!(callback::read_raw(&raw, &zone).unwrap(), plain, "{how:?}");
        }
        let broken = Payload::mangled(body, Mangle::Garbage);
        assert!(!callback::is_json(&broken.body));
    }
}
