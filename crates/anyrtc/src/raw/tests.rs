//! Bodies in every encoding that calls come in.

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
fn the_same_call_in_every_encoding() {
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
    for (what, encoded) in [
        ("plain", raw(TEXT.as_bytes(), any, "")),
        (
            "wrong type",
            raw(TEXT.as_bytes(), "text/plain; charset=", ""),
        ),
        ("declared to be a form", raw(TEXT.as_bytes(), forms, "")),
        ("a mark", raw(marked.as_bytes(), any, "")),
        ("UTF-16", raw(&utf16, any, "")),
        ("GB, unsaid", raw(&gb, any, "")),
        (
            "a name that says nothing",
            raw(TEXT.as_bytes(), "application/json; charset=iso-8859-1", ""),
        ),
        (
            "GB, declared",
            raw(&gb, "application/json; Charset=\"gb2312\"", ""),
        ),
        (
            "GBK, but UTF-8 is declared",
            raw(&gb, "application/json;charset=utf-8", ""),
        ),
        ("gzip", raw(&gzip(TEXT.as_bytes()), any, "gzip")),
        ("gzip, unsaid", raw(&gzip(&gb), any, "")),
        (
            "gzip, declared and not true",
            raw(TEXT.as_bytes(), any, "gzip"),
        ),
        ("deflate", raw(&zlib.finish().unwrap(), any, "deflate")),
        (
            "deflate, bare",
            raw(&bare.finish().unwrap(), any, "Deflate"),
        ),
        ("a form", raw(form.as_bytes(), forms, "")),
        ("a form, declared to be JSON", raw(form.as_bytes(), any, "")),
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
        let read = encoded.json();
        assert_eq!(
            read.unwrap_or_else(|why| panic!("{what}: {why}")),
            expected(),
            "{what}"
        );
    }
}

#[test]
fn truncated_text_is_read_to_its_end() {
    let (gb, ..) = GB18030.encode(TEXT);
    let packed = gzip(TEXT.as_bytes());
    for body in [TEXT.as_bytes(), &gb, &packed, &packed[..packed.len() - 4]] {
        assert_eq!(Raw::from(body).text(), TEXT);
    }
    assert_eq!(Raw::from(&b"a\xff"[..]).text(), "a\u{FFFD}");
}

#[test]
fn a_short_gb_word_that_looks_like_utf8_is_read_by_its_header() {
    let body = b"{\"groupId\":\"\xC4\xA3\"}";
    let declared = raw(body, "application/json; charset=gbk", "")
        .json()
        .unwrap();
    assert_eq!(declared, json!({"groupId": "模"}));
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
fn bytes_in_no_encoding_make_only_their_field_unreadable() {
    let expected = json!({"type": "1", "groupId": "客服", "fileName": "f"});
    let (room, _, _) = GB18030.encode("客服");
    for (what, body, declared) in [
        (
            "UTF-8",
            [
                "{\"type\":\"1\",\"groupId\":\"客服\",\"userId\":\"".as_bytes(),
                b"\xFF\",\"fileName\":\"f\"}",
            ]
            .concat(),
            "application/json",
        ),
        // As GB 18030 each of these bytes would be read, and the room would be another one.
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
        // As GB 18030 the character would consume the backslash behind it.
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
            "GB, declared",
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
        let encoded = raw(&body, declared, "");
        let read = encoded.json().unwrap_or_else(|why| panic!("{what}: {why}"));
        assert_eq!(read, expected, "{what}");
        if what != "a form" {
            assert_eq!(Raw::from(&gzip(&body)[..]).whole(), None, "{what}");
        }
    }
}

#[test]
fn bodies_without_json() {
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
    assert!(Raw::from(deep.as_bytes()).json().is_err());
    let half = gzip(TEXT.as_bytes());
    let half = Raw::from(&half[..half.len() - 9]).json();
    assert!(matches!(half, Err(Undecodable::Packed(_))), "{half:?}");
    let odd = Raw::from(&b"{\"a\":\xFF}"[..]).json();
    assert!(matches!(odd, Err(Undecodable::NotText)), "{odd:?}");
}

#[test]
fn the_size_limit_applies_to_decompressed_bodies() {
    let fits = format!("\"{}\"", "a".repeat(LARGEST - 2));
    assert!(Raw::from(fits.as_bytes()).json().is_ok());
    assert!(Raw::from(&gzip(fits.as_bytes())[..]).json().is_ok());
    // Ten megabytes that are compressed to ten kilobytes.
    let bomb = gzip(&vec![b' '; 10 * LARGEST]);
    assert!(bomb.len() < 64 * 1024);
    let read = Raw::from(&bomb[..]).json();
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
