//! Masks credentials in calls: correlation tokens, with which anybody can call as the platform, and, for accounts that
//! may not download, the addresses of files.

use reelroom_anyrtc::raw::Raw;
use serde_json::Value;

use crate::ground::secret::MASK;

/// A token is `<id>.<mac>`, with these numbers of hex digits.
const ID: usize = 32;
const MAC: usize = 64;

/// The spellings of the point between them: plain, escaped in JSON or in JSON within JSON, and
/// percent-encoded.
const POINTS: [&[u8]; 5] = [b".", br"\u002e", br"\\u002e", b"%2e", b"%252e"];

/// Masks the MAC of each token in a body. The other bytes stay as they are, unless the body is
/// compressed or spells a token in another way: then its JSON or text is returned. `None` if there is
/// no token.
pub(crate) fn mask_body(raw: &Raw<'_>) -> Option<Vec<u8>> {
    let masked = mask(raw.body);
    let body = masked.as_deref().unwrap_or(raw.body);
    let now = Raw { body, ..*raw };
    if let Ok(mut json) = now.json()
        && mask_json(&mut json)
    {
        return Some(json.to_string().into());
    }
    mask_text(&text_of(&now)).map(String::into_bytes).or(masked)
}

/// Masks the MAC of each token in a text. `None` if there is no token.
pub(crate) fn mask_text(text: &str) -> Option<String> {
    let masked = mask(text.as_bytes()).and_then(|masked| String::from_utf8(masked).ok());
    let rest = masked.as_deref().unwrap_or(text);
    // User data is JSON within JSON, where a token may have escapes.
    if rest.trim_start().starts_with(['{', '[', '"'])
        && let Ok(mut json) = serde_json::from_str(rest)
        && mask_json(&mut json)
    {
        return Some(json.to_string());
    }
    masked
}

/// The text of a body. UTF-16 without a byte order mark is read as text with NULs.
fn text_of(raw: &Raw<'_>) -> String {
    raw.text().replace('\0', "")
}

/// Masks the tokens in all strings of JSON. Returns whether there were any.
fn mask_json(json: &mut Value) -> bool {
    mask_strings(json, |text| {
        mask_text(text).map(|masked| *text = masked).is_some()
    })
}

/// Calls `mask` with each string of JSON. Returns whether it masked any.
fn mask_strings(json: &mut Value, mask: fn(&mut String) -> bool) -> bool {
    // No short circuit: every part is masked.
    match json {
        Value::String(text) => mask(text),
        Value::Array(items) => items
            .iter_mut()
            .fold(false, |found, item| mask_strings(item, mask) | found),
        Value::Object(members) => members
            .values_mut()
            .fold(false, |found, member| mask_strings(member, mask) | found),
        _ => false,
    }
}

/// Masks each text with an address in the JSON of a body, or the whole body if it cannot be read as JSON. `None`
/// if there is no address.
pub(crate) fn mask_addresses(raw: &Raw<'_>) -> Option<Vec<u8>> {
    let masked = raw.whole().and_then(|mut json| {
        let found = mask_strings(&mut json, |text| {
            let found = has_address(text);
            if found {
                MASK.clone_into(text);
            }
            found
        });
        let text = json.to_string();
        // Where one is left, it is in the name of a member.
        (found && !has_address(&text)).then(|| text.into_bytes())
    });
    masked.or_else(|| has_address(&text_of(raw)).then(|| MASK.into()))
}

/// Whether a text has an address, also one that is escaped or percent-encoded.
pub(crate) fn has_address(text: &str) -> bool {
    let text = text.replace('\\', "").to_ascii_lowercase();
    ["//", "%2f%2f", "u002fu002f"]
        .iter()
        .any(|slashes| text.contains(slashes))
}

fn mask(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut masked: Option<Vec<u8>> = None;
    let mut at = 0;
    while at + ID + 1 + MAC <= bytes.len() {
        if let Some(mac) = mac_at(bytes, at) {
            masked.get_or_insert_with(|| bytes.to_vec())[mac..mac + MAC].fill(b'*');
            at = mac + MAC;
        } else {
            at += 1;
        }
    }
    masked
}

/// The position of the MAC of a token that begins at `at`, if there is one.
fn mac_at(bytes: &[u8], at: usize) -> Option<usize> {
    let is_hex = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_hexdigit);
    let (id, rest) = bytes[at..].split_at_checked(ID)?;
    if !is_hex(id) {
        return None;
    }
    POINTS.iter().find_map(|point| {
        let (written, rest) = rest.split_at_checked(point.len())?;
        let fits = written.eq_ignore_ascii_case(point) && is_hex(rest.get(..MAC)?);
        fits.then_some(at + ID + point.len())
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write};

    use super::*;

    fn token() -> String {
        format!("{}.{}", "a".repeat(ID), "0".repeat(MAC))
    }

    fn call(token: &str) -> String {
        format!(r#"{{"type":"1","userData":"{{\"_reelroom\":\"{token}\"}}","groupId":"客服"}}"#)
    }

    fn shown(body: &[u8]) -> Option<Vec<u8>> {
        mask_body(&Raw::from(body))
    }

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn tokens_are_masked_and_nothing_else() {
        let body = call(&token());
        let masked = String::from_utf8(shown(body.as_bytes()).unwrap()).unwrap();
        assert_eq!(masked, body.replace(&"0".repeat(MAC), &"*".repeat(MAC)));
        assert_eq!(shown(b"{}"), None);
        assert_eq!(shown(&[b'a'; 300]), None);
        assert_eq!(shown(&utf16("\u{FEFF}{\"groupId\":\"r\"}")), None);
    }

    #[test]
    fn a_token_is_masked_in_every_encoding() {
        let plain = call(&token());
        let gzip = |bytes: &[u8]| {
            let mut packed = write::GzEncoder::new(Vec::new(), Compression::fast());
            packed.write_all(bytes).unwrap();
            packed.finish().unwrap()
        };
        let mut zlib = write::ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(plain.as_bytes()).unwrap();
        let packed = gzip(plain.as_bytes());
        let form: String = url::form_urlencoded::byte_serialize(plain.as_bytes()).collect();
        let escape = |char| format!(r"\\u{:04x}", u32::from(char));
        let escaped = token().chars().map(escape).collect::<Vec<_>>().concat();
        let bodies = [
            packed.clone(),
            // Truncated: the token is in the part that can be decompressed.
            packed[..packed.len() - 9].to_vec(),
            gzip(plain.trim_end_matches('}').as_bytes()),
            zlib.finish().unwrap(),
            utf16(&format!("\u{FEFF}{plain}")),
            utf16(&format!("\u{FEFF}{}", plain.trim_end_matches('}'))),
            utf16(&plain),
            call(&token().replace('.', r"\\u002e")).into(),
            call(&token().replace('.', r"\\u002E")).into(),
            call(&escaped).into(),
            format!("{{\"userData\": \"{}", token().replace('.', r"\u002e")).into(),
            format!("type=1&data={form}").into(),
            format!("type=1&userData={}", token().replace('.', "%2E")).into(),
        ];
        for (which, body) in bodies.iter().enumerate() {
            let masked = shown(body).unwrap_or_else(|| panic!("not found in {which}"));
            let masked = String::from_utf8(masked).unwrap();
            assert!(masked.contains(&"*".repeat(MAC)), "{which}: {masked}");
            assert!(!masked.contains(&"0".repeat(MAC)), "{which}: {masked}");
        }
    }

    #[test]
    fn addresses_are_masked_in_every_encoding() {
        let shown = |body: &[u8]| mask_addresses(&Raw::from(body));
        let body =
            r#"{"fileName":"a/b.mp4","downloadUrl":"http:\/\/v.example\/a?sign=1","size":1}"#;
        let masked = String::from_utf8(shown(body.as_bytes()).unwrap()).unwrap();
        assert!(
            masked.contains(MASK) && masked.contains("a/b.mp4"),
            "{masked}"
        );
        let inner = serde_json::json!({ "userData": body }).to_string();
        let bodies = [
            body.as_bytes().to_vec(),
            inner.into_bytes(),
            utf16(&format!("\u{FEFF}{body}")),
            body.trim_end_matches('}').as_bytes().to_vec(),
            b"type=1&downloadUrl=http%3A%2F%2Fv.example%2Fa%3Fsign%3D1".to_vec(),
        ];
        for (which, body) in bodies.iter().enumerate() {
            let masked = shown(body).unwrap_or_else(|| panic!("not found in {which}"));
            let masked = String::from_utf8(masked).unwrap();
            assert!(!masked.contains("sign"), "{which}: {masked}");
        }
        assert_eq!(shown(br#"{"fileName":"a/b.mp4"}"#), None);
        assert_eq!(shown(b"{broken"), None);
    }

    #[test]
    fn a_field_is_masked_as_the_body_is() {
        let data = format!(r#"{{"own":1,"_reelroom":"{}"}}"#, token());
        let masked = data.replace(&"0".repeat(MAC), &"*".repeat(MAC));
        assert_eq!(mask_text(&data), Some(masked.clone()));
        assert_eq!(
            mask_text(&data.replace('.', r"\u002e")).map(|text| text.replace(r"\u002e", ".")),
            Some(masked)
        );
        assert_eq!(mask_text(r#"{"own":1}"#), None);
    }
}
