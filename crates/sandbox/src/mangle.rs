//! Callbacks in other forms than the document's, on command.

use std::io::Write;

use encoding_rs::GB18030;
use flate2::{Compression, write::GzEncoder};
use serde_json::{Map, Value};
use url::form_urlencoded::Serializer;

use crate::{faults::Mangle, parcel::Parcel};

/// The JSON object `body` in another form.
pub(crate) fn mangled(how: Mangle, body: &str) -> Parcel {
    let plain = Parcel::from(body.to_owned());
    let with = |body: Vec<u8>| Parcel {
        body,
        ..plain.clone()
    };
    match how {
        Mangle::Bom => with(format!("\u{feff}{body}").into_bytes()),
        Mangle::Garbage => with(format!("{body}}} trailing").into_bytes()),
        Mangle::Gb18030 => with(GB18030.encode(body).0.into_owned()),
        Mangle::Strings => with(
            Value::Object(swapped(members(body)))
                .to_string()
                .into_bytes(),
        ),
        Mangle::Gzip => Parcel {
            body: packed(body.as_bytes()),
            packed: Some("gzip"),
            ..plain
        },
        Mangle::Form => {
            let mut form = Serializer::new(String::new());
            for (name, value) in members(body) {
                form.append_pair(&name, &shown(&value));
            }
            Parcel {
                body: form.finish().into_bytes(),
                content_type: "application/x-www-form-urlencoded",
                packed: None,
            }
        }
    }
}

fn members(body: &str) -> Map<String, Value> {
    serde_json::from_str(body).unwrap_or_default()
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Numbers as strings, and strings of digits as numbers.
fn swapped(members: Map<String, Value>) -> Map<String, Value> {
    let swap = |value: Value| match &value {
        Value::Number(number) => Value::from(number.to_string()),
        Value::String(text) => text.parse::<i64>().map_or(value, Value::from),
        _ => value,
    };
    members
        .into_iter()
        .map(|(name, value)| (name, swap(value)))
        .collect()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory does not fail; were it to, a broken parcel is what is asked for here anyway.
    let _ = packed.write_all(bytes);
    packed.finish().unwrap_or_default()
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
            let parcel = mangled(how, body);
            assert_ne!(parcel.body, body.as_bytes(), "{how:?}");
            let raw = Raw {
                body: &parcel.body,
                content_type: Some(parcel.content_type),
                content_encoding: parcel.packed,
            };
            assert_eq!(callback::read_raw(&raw, &zone).unwrap(), plain, "{how:?}");
        }
        let broken = mangled(Mangle::Garbage, body);
        assert!(!callback::is_json(&broken.body));
    }
}
