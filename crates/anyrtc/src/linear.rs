//! Reading what the platform sends takes linear time.

use std::{hint::black_box, io::Write};

use flate2::{Compression, write::GzEncoder};
use jiff::tz::TimeZone;
use reelroom_linear::{Case, assert_linear};
use serde_json::json;

use crate::{callback, json as lenient, parts::supplemented, raw::Raw, status, time, videos};

/// Bodies of about `size` bytes, each hard for some part of the reading.
fn bodies(size: usize) -> Vec<Vec<u8>> {
    let many = |part: &str| part.repeat(size / part.len());
    let numbered = |member: fn(usize) -> String| {
        let members: Vec<String> = (0..size / 16).map(member).collect();
        members.join(",")
    };
    let call = r#""type":"1","groupId":"r","fileName":"a.mp4""#;
    let inner = many("x\\\"\\u00e9");
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(many("{\"a\":1} ").as_bytes()).unwrap();
    let texts = [
        format!("{{{call},{}}}", numbered(|n| format!("\"m{n:06}\":{n}"))),
        // The same name in other cases, and values that no number holds.
        format!("{{{call},{}}}", numbered(|_| "\"USERID\":1e999".to_owned())),
        format!("[{}]", numbered(|_| "{\"a\":1e999}".to_owned())),
        format!("{{{call},\"userData\":\"{inner}\"}}"),
        format!(
            "[{}]",
            numbered(|n| json!({"groupId": n, "option": "x"}).to_string())
        ),
        many("["),
        many("{\"a\":"),
        many("[]").replace("][", "],["),
        format!("{}{}", many("["), many("]")),
        format!("type=1&{}", many("a=%7B%22b%22&")),
        format!("type=1&groupId={}", many("%25")),
        many(",] "),
        format!("[{}", many(" , ")),
        many("\0"),
        many(" "),
        many("\u{FFFD}客"),
    ];
    let mut bodies: Vec<Vec<u8>> = texts.map(String::into_bytes).to_vec();
    bodies.push(packed.finish().unwrap());
    bodies.push(b"\xff\xe5\xae\xa2\xe6\x88\xb7".repeat(size / 7));
    bodies
}

fn each(size: usize, work: impl Fn(&Raw<'_>)) {
    for body in bodies(size) {
        work(&Raw::from(body.as_slice()));
        work(&Raw {
            content_type: Some("text/plain; charset=gbk"),
            content_encoding: Some("deflate"),
            ..Raw::from(body.as_slice())
        });
    }
}

const CASES: &[Case] = &[
    ("raw", |size| {
        each(size, |raw| {
            drop(black_box(raw.json()));
            drop(black_box(raw.text()));
        });
    }),
    ("check", |size| {
        each(size, |raw| drop(black_box(callback::check(raw))));
    }),
    ("callback", |size| {
        each(size, |raw| {
            drop(black_box(callback::read_raw(raw, &TimeZone::UTC)));
        });
    }),
    ("explain", |size| {
        each(size, |raw| {
            drop(black_box(callback::explain(raw, &TimeZone::UTC)));
        });
    }),
    ("supplemented", |size| {
        each(size, |raw| drop(black_box(supplemented(raw, "r", None))));
    }),
    ("status", |size| {
        each(size, |raw| {
            drop(black_box(status::read_raw(raw, &TimeZone::UTC)));
        });
    }),
    ("videos", |size| {
        each(size, |raw| drop(black_box(videos::read(raw.body))));
    }),
    ("list", |size| {
        each(size, |raw| drop(black_box(lenient::parse_list(raw.body))));
    }),
    ("time", |size| {
        for part in ["1", " ", "-", "2018-", "0", ":", "+"] {
            let text = part.repeat(size / part.len());
            black_box(time::read(&text, &TimeZone::UTC));
            black_box(time::read(
                &format!("2018-3-21 13:06:27{text}"),
                &TimeZone::UTC,
            ));
            black_box(videos::place(&text));
        }
    }),
];

#[test]
#[ignore = "counts instructions under valgrind: make bench"]
fn twice_the_body_is_twice_the_work() {
    assert_linear(8 * 1024, CASES);
}
