//! A call's body as it came: packed or plain, in the platform's own encodings, JSON or a form
//! (`VENDOR.md` §3 and §4). What is read here is the JSON in it; the bytes themselves stay as they are.

use std::{borrow::Cow, io::Read};

use encoding_rs::{Encoding, GB18030, GBK, UTF_8};
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use percent_encoding::percent_decode;
use serde_json::{Map, Value};

use crate::{
    json,
    pieces::{self, Pieces},
};

/// More than this is not read of a body, counted after it is unpacked. Bytes.
pub const LARGEST: usize = 1 << 20;

/// A body, and what the head of its call says of it. Both hints may be wrong or absent: what the
/// bytes themselves show comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Raw<'a> {
    /// The body, to the byte.
    pub body: &'a [u8],
    /// `Content-Type`; only its `charset` counts.
    pub content_type: Option<&'a str>,
    /// `Content-Encoding`.
    pub content_encoding: Option<&'a str>,
}

/// A body that holds no JSON that can be read.
#[derive(Debug, thiserror::Error)]
pub enum Undecodable {
    /// More than [`LARGEST`] bytes, once it is unpacked.
    #[error("more than 1 MiB when unpacked")]
    TooLarge,
    /// Packed, and broken.
    #[error("cannot be unpacked: {0}")]
    Packed(std::io::Error),
    /// Neither UTF-8 nor what the call says it is, nor GB 18030.
    #[error("not JSON: not text in a known encoding")]
    NotText,
    /// Neither JSON nor a form; the message says where the JSON breaks off.
    #[error("not JSON: {0}")]
    NotJson(#[from] serde_json::Error),
}

impl<'a> From<&'a [u8]> for Raw<'a> {
    /// Without hints.
    fn from(body: &'a [u8]) -> Self {
        Self {
            body,
            ..Self::default()
        }
    }
}

impl Raw<'_> {
    /// The JSON in it. What in it cannot be read (a number out of range, half an emoji, bytes in no
    /// known encoding, more than 128 levels) counts as if it were not there.
    ///
    /// A form becomes an object of its fields; where one of its fields holds an object or an array,
    /// that is the body. A JSON string that holds an object or an array is that.
    pub fn json(&self) -> Result<Value, Undecodable> {
        self.pieces().map(|read| read.value)
    }

    /// The JSON in it, where all of it can be read.
    pub fn whole(&self) -> Option<Value> {
        let read = self.pieces().ok()?;
        read.unreadable.is_empty().then_some(read.value)
    }

    /// As [`Self::json`], with what cannot be read.
    pub(crate) fn pieces(&self) -> Result<Pieces, Undecodable> {
        let bytes = self.unpacked()?;
        if bytes.len() > LARGEST {
            return Err(Undecodable::TooLarge);
        }
        let charset = self.charset();
        let read = match decode(&bytes, charset) {
            Some(text) => read_text(&text, charset, false),
            None => Err(Undecodable::NotText),
        };
        read.or_else(|why| {
            let (text, _, damaged) = charset.unwrap_or(UTF_8).decode(&bytes);
            damaged
                .then(|| read_text(&text, charset, true).ok())
                .flatten()
                .ok_or(why)
        })
    }

    /// Whether there is JSON in it: what the answer to a callback depends on.
    pub fn check(&self) -> Result<(), Undecodable> {
        self.json().map(drop)
    }

    /// The text in it, as far as it can be unpacked, whether it is JSON or not; U+FFFD stands for what
    /// no encoding holds.
    pub fn text(&self) -> String {
        let most = u64::try_from(LARGEST).unwrap_or(u64::MAX);
        let mut bytes = Vec::new();
        // What comes before the place where it is broken can be read.
        let unpacked = match self.body {
            [0x1f, 0x8b, ..] => MultiGzDecoder::new(self.body)
                .take(most)
                .read_to_end(&mut bytes),
            // The usual beginnings of RFC 1950.
            [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => ZlibDecoder::new(self.body)
                .take(most)
                .read_to_end(&mut bytes),
            _ => Ok(0),
        };
        drop(unpacked);
        let bytes = if bytes.is_empty() { self.body } else { &bytes };
        let charset = self.charset();
        decode(bytes, charset).map_or_else(
            || charset.unwrap_or(UTF_8).decode(bytes).0.into_owned(),
            Cow::into_owned,
        )
    }

    fn unpacked(&self) -> Result<Cow<'_, [u8]>, Undecodable> {
        let body = self.body;
        let said = self.content_encoding.unwrap_or_default().trim();
        // By its first bytes, whatever the head says: a proxy may have unpacked it, or packed it.
        if body.starts_with(&[0x1f, 0x8b]) {
            return bounded(MultiGzDecoder::new(body)).map(Cow::Owned);
        }
        if said.eq_ignore_ascii_case("deflate")
            && !matches!(body.trim_ascii_start().first(), Some(b'{' | b'['))
        {
            // With the wrapper of RFC 1950, as the word means, or without, as many send it.
            return bounded(ZlibDecoder::new(body))
                .or_else(|_| bounded(DeflateDecoder::new(body)))
                .map(Cow::Owned);
        }
        Ok(Cow::Borrowed(body))
    }

    /// GB 18030, where the call names it or one of its elders, which it holds. Other names count for
    /// nothing: many a framework writes one without being asked.
    fn charset(&self) -> Option<&'static Encoding> {
        self.content_type?
            .split(';')
            .skip(1)
            .filter_map(|parameter| parameter.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
            .and_then(|(_, label)| Encoding::for_label(label.trim().trim_matches('"').as_bytes()))
            .filter(|named| *named == GB18030 || *named == GBK)
            .map(|_| GB18030)
    }
}

fn bounded(packed: impl Read) -> Result<Vec<u8>, Undecodable> {
    let mut bytes = Vec::new();
    let most = u64::try_from(LARGEST).unwrap_or(u64::MAX) + 1;
    packed
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(Undecodable::Packed)?;
    if bytes.len() > LARGEST {
        return Err(Undecodable::TooLarge);
    }
    Ok(bytes)
}

/// Text: as its byte-order mark says; as the call says; UTF-8; GB 18030. The first that fits wholly.
fn decode<'a>(bytes: &'a [u8], named: Option<&'static Encoding>) -> Option<Cow<'a, str>> {
    if let Some((marked, length)) = Encoding::for_bom(bytes) {
        return marked.decode_without_bom_handling_and_without_replacement(&bytes[length..]);
    }
    let guessed = || Some(GB18030).filter(|_| !is_damaged_utf8(bytes));
    [named, Some(UTF_8)]
        .into_iter()
        .chain(std::iter::once_with(guessed))
        .flatten()
        .find_map(|encoding| encoding.decode_without_bom_handling_and_without_replacement(bytes))
}

/// Whether it is Chinese in UTF-8 that lost some bytes: read as GB 18030, which takes nearly any, all
/// of it would be other words. What is GB 18030 hardly ever looks like so long a sequence of UTF-8.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let lost = text.matches(char::REPLACEMENT_CHARACTER).count();
    let long = text.chars().filter(|char| char.len_utf8() > 2).count();
    // The lost ones are among the long ones.
    lost > 0 && long > 2 * lost
}

/// What a text holds. `damaged`: in it U+FFFD stands for what could not be decoded.
fn read_text(
    text: &str,
    charset: Option<&'static Encoding>,
    damaged: bool,
) -> Result<Pieces, Undecodable> {
    // Some senders count the NUL at the end of their text.
    let text = text.trim_end_matches('\0').trim();
    match pieces::read(text, damaged) {
        Ok(read) => Ok(match &read.value {
            Value::String(inner) => holding(inner, damaged).unwrap_or(read),
            _ => read,
        }),
        Err(broken) => form(text, charset, damaged).ok_or_else(|| broken.into()),
    }
}

/// The object or array that a text holds.
fn holding(text: &str, damaged: bool) -> Option<Pieces> {
    pieces::read(text.trim(), damaged)
        .ok()
        .filter(|read| read.value.is_object() || read.value.is_array())
}

/// Fields that tell that a form is a call of the platform's, and not any text with a `=` in it.
const TELLING: [&str; 4] = ["type", "groupId", "fileName", "option"];

fn form(text: &str, charset: Option<&'static Encoding>, damaged: bool) -> Option<Pieces> {
    if text.starts_with(['{', '[', '<']) {
        return None;
    }
    let (mut fields, mut unreadable) = (Map::new(), Vec::new());
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (written, value) = pair.split_once('=').unwrap_or((pair, ""));
        let is_damaged = damaged && pair.contains(char::REPLACEMENT_CHARACTER);
        let read = || Some((plain(written, charset)?, plain(value, charset)?));
        let Some((name, value)) = read().filter(|_| !is_damaged) else {
            unreadable.push((written.to_owned(), value.to_owned()));
            continue;
        };
        let is_user_data = name.eq_ignore_ascii_case("userData");
        // The whole call as one field, or as the name of one.
        if let Some(held) = holding(&value, damaged).filter(|_| !is_user_data) {
            return Some(held);
        }
        if let Some(held) = holding(&name, damaged).filter(|_| value.is_empty()) {
            return Some(held);
        }
        fields.insert(name, Value::String(value));
    }
    let tells = |name| json::text(&fields, name).is_some();
    TELLING.into_iter().any(tells).then(|| Pieces {
        value: Value::Object(fields),
        unreadable,
    })
}

/// A form's name or value, decoded.
fn plain(text: &str, charset: Option<&'static Encoding>) -> Option<String> {
    let spaced = text.replace('+', " ");
    let bytes: Cow<'_, [u8]> = percent_decode(spaced.as_bytes()).into();
    decode(&bytes, charset).map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn raw<'a>(body: &'a [u8], content_type: &'a str, content_encoding: &'a str) -> Raw<'a> {
        Raw {
            body,
            content_type: Some(content_type),
            content_encoding: Some(content_encoding),
        }
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = write::GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    const TEXT: &str = r#"{"type":"1","groupId":"客服培训","fileName":"模.mp4"}"#;

    fn expected() -> Value {
        json!({"type": "1", "groupId": "客服培训", "fileName": "模.mp4"})
    }

    #[test]
    fn the_same_call_in_every_dress() {
        let (gb, ..) = GB18030.encode(TEXT);
        let marked = format!("\u{FEFF}{TEXT}");
        let utf16: Vec<u8> = std::iter::once(0xFEFF)
            .chain(TEXT.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let form = "type=1&groupId=%E5%AE%A2%E6%9C%8D%E5%9F%B9%E8%AE%AD&fileName=%E6%A8%A1.mp4";
        let gb_form = b"type=1&groupId=%BF%CD%B7%FE%C5%E0%D1%B5&fileName=%C4%A3.mp4";
        let encoded: String = url::form_urlencoded::byte_serialize(TEXT.as_bytes()).collect();
        let in_string = Value::from(TEXT).to_string();
        let mut zlib = write::ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(TEXT.as_bytes()).unwrap();
        let mut bare = write::DeflateEncoder::new(Vec::new(), Compression::fast());
        bare.write_all(TEXT.as_bytes()).unwrap();
        let any = "application/json";
        let forms = "application/x-www-form-urlencoded";
        for (what, dressed) in [
            ("plain", raw(TEXT.as_bytes(), any, "")),
            (
                "wrong type",
                raw(TEXT.as_bytes(), "text/plain; charset=", ""),
            ),
            ("said to be a form", raw(TEXT.as_bytes(), forms, "")),
            ("a mark", raw(marked.as_bytes(), any, "")),
            ("UTF-16", raw(&utf16, any, "")),
            ("GB, unsaid", raw(&gb, any, "")),
            (
                "a name that says nothing",
                raw(TEXT.as_bytes(), "application/json; charset=iso-8859-1", ""),
            ),
            (
                "GB, said",
                raw(&gb, "application/json; Charset=\"gb2312\"", ""),
            ),
            (
                "GBK, but UTF-8 is said",
                raw(&gb, "application/json;charset=utf-8", ""),
            ),
            ("gzip", raw(&gzip(TEXT.as_bytes()), any, "gzip")),
            ("gzip, unsaid", raw(&gzip(&gb), any, "")),
            ("gzip, said and not true", raw(TEXT.as_bytes(), any, "gzip")),
            ("deflate", raw(&zlib.finish().unwrap(), any, "deflate")),
            (
                "deflate, bare",
                raw(&bare.finish().unwrap(), any, "Deflate"),
            ),
            ("a form", raw(form.as_bytes(), forms, "")),
            ("a form, said to be JSON", raw(form.as_bytes(), any, "")),
            ("a form in GB", raw(gb_form, "x/y; charset=gbk", "")),
            (
                "a field of a form",
                raw(format!("sign=1&data={encoded}").as_bytes(), forms, ""),
            ),
            (
                "the name of a field",
                raw(format!("{encoded}=").as_bytes(), forms, ""),
            ),
            ("a name alone", raw(encoded.as_bytes(), forms, "")),
            ("a string", raw(in_string.as_bytes(), any, "")),
            (
                "a NUL at the end",
                raw(format!("{TEXT}\r\n\0").as_bytes(), any, ""),
            ),
        ] {
            let read = dressed.json();
            assert_eq!(
                read.unwrap_or_else(|why| panic!("{what}: {why}")),
                expected(),
                "{what}"
            );
        }
    }

    #[test]
    fn the_text_is_read_as_far_as_it_goes() {
        let (gb, ..) = GB18030.encode(TEXT);
        let packed = gzip(TEXT.as_bytes());
        for body in [TEXT.as_bytes(), &gb, &packed, &packed[..packed.len() - 4]] {
            assert_eq!(Raw::from(body).text(), TEXT);
        }
        assert_eq!(Raw::from(&b"a\xff"[..]).text(), "a\u{FFFD}");
    }

    #[test]
    fn a_short_word_in_gb_looks_like_utf8_and_is_read_as_it_is_said() {
        let body = b"{\"groupId\":\"\xC4\xA3\"}";
        let said = raw(body, "application/json; charset=gbk", "")
            .json()
            .unwrap();
        assert_eq!(said, json!({"groupId": "模"}));
    }

    #[test]
    fn user_data_in_a_form_is_not_the_call() {
        let body = b"type=1&userData=%7B%22a%22%3A1%7D&groupId=r";
        let read = Raw::from(&body[..]).json().unwrap();
        assert_eq!(
            read,
            json!({"type": "1", "userData": "{\"a\":1}", "groupId": "r"})
        );
    }

    #[test]
    fn what_no_encoding_holds_costs_its_field_only() {
        let expected = json!({"type": "1", "groupId": "客服", "fileName": "f"});
        let (room, _, _) = GB18030.encode("客服");
        for (what, body, said) in [
            (
                "UTF-8",
                [
                    "{\"type\":\"1\",\"groupId\":\"客服\",\"userId\":\"".as_bytes(),
                    b"\xFF\",\"fileName\":\"f\"}",
                ]
                .concat(),
                "application/json",
            ),
            // As GB 18030 every byte of this would be read, and the room would be another.
            (
                "a character cut off",
                [
                    "{\"type\":\"1\",\"groupId\":\"客服\",\"fileName\":\"f\",\"userData\":\"".as_bytes(),
                    &"客".as_bytes()[..2],
                    b"\"}",
                ]
                .concat(),
                "",
            ),
            // As GB 18030 the character would take the backslash behind it with it.
            (
                "a character at an escape",
                [
                    &b"{\"type\":\"1\",\"groupId\":\"\xE5\xAE\xA2\xE6\x9C\x8D\",\"fileName\":\"f\""[..],
                    ",\"userId\":\"".as_bytes(),
                    b"\xE5\xAE\xA2\xE5\xAE\\\"\",\"duration\":\"\xC3\xC3\xC3\xC3\xC3\xC3\"}",
                ]
                .concat(),
                "",
            ),
            (
                "GB, said",
                [
                    &b"{\"type\":\"1\",\"groupId\":\""[..],
                    &room,
                    b"\",\"userId\":\"\xFF\",\"fileName\":\"f\"}",
                ]
                .concat(),
                "application/json; charset=gbk",
            ),
            (
                "a form",
                b"type=1&userId=%FF&groupId=%E5%AE%A2%E6%9C%8D&fileName=f&duration=\xFF".to_vec(),
                "",
            ),
            (
                "a field of a form",
                b"x=%FF&data=%7B%22type%22:%221%22,%22groupId%22:%22%E5%AE%A2%E6%9C%8D%22,%22fileName%22:%22f%22,%22duration%22:1e999%7D".to_vec(),
                "",
            ),
            (
                "a string",
                r#""{\"type\":\"1\",\"groupId\":\"客服\",\"fileName\":\"f\",\"duration\":1e999}""#.into(),
                "",
            ),
        ] {
            let dressed = raw(&body, said, "");
            let read = dressed.json().unwrap_or_else(|why| panic!("{what}: {why}"));
            assert_eq!(read, expected, "{what}");
            if what != "a form" {
                assert_eq!(Raw::from(&gzip(&body)[..]).whole(), None, "{what}");
            }
        }
    }

    #[test]
    fn what_holds_no_json() {
        for body in [
            "",
            "\0",
            "nope",
            "a=b",
            "<html lang=\"en\" type=\"x\">",
            "{type=1}",
            "{\"type\":\"1\"}trailing",
            "type",
            "\u{FEFF}",
        ] {
            let read = Raw::from(body.as_bytes()).json();
            assert!(
                matches!(read, Err(Undecodable::NotJson(_))),
                "{body}: {read:?}"
            );
        }
        let deep = "[".repeat(200);
        assert!(Raw::from(deep.as_bytes()).check().is_err());
        let half = gzip(TEXT.as_bytes());
        let half = Raw::from(&half[..half.len() - 9]).json();
        assert!(matches!(half, Err(Undecodable::Packed(_))), "{half:?}");
        let odd = Raw::from(&b"{\"a\":\xFF}"[..]).json();
        assert!(matches!(odd, Err(Undecodable::NotText)), "{odd:?}");
    }

    #[test]
    fn a_megabyte_is_counted_when_it_is_unpacked() {
        let fits = format!("\"{}\"", "a".repeat(LARGEST - 2));
        assert!(Raw::from(fits.as_bytes()).check().is_ok());
        assert!(Raw::from(&gzip(fits.as_bytes())[..]).check().is_ok());
        // A bomb of ten megabytes that comes as ten kilobytes.
        let bomb = gzip(&vec![b' '; 10 * LARGEST]);
        assert!(bomb.len() < 64 * 1024);
        let read = Raw::from(&bomb[..]).check();
        assert!(matches!(read, Err(Undecodable::TooLarge)), "{read:?}");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(body: Vec<u8>, head in "[a-z/;=\"-]{0,30}", packed in prop::sample::select(vec!["", "gzip", "deflate", "br"])) {
            let _ = raw(&body, &head, packed).json();
            let _ = raw(&gzip(&body), &head, packed).json();
        }

        #[test]
        fn no_form_panics(body in "[a-z%=&+{}\"0-9]{0,60}") {
            let _ = Raw::from(body.as_bytes()).json();
        }
    }
}
