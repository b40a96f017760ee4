//! Everything that reads or shows untrusted text takes linear time.

#![cfg(test)]

use std::hint::black_box;

use jiff::tz::TimeZone;
use reelroom_anyrtc::raw::Raw;
use reelroom_domain::{file::Media, ids::AppId, room::RoomId, time::Timestamp};
use reelroom_linear::{Case, assert_linear};

use super::{body, curl, fields, tokens};
use crate::{
    SharedRng,
    archive::media_type,
    ground::correlation::{self, Correlator},
    understanding::subject::subject,
};

/// Texts of about `size` bytes, with hex digits (as in tokens) and nested JSON.
fn texts(size: usize) -> Vec<String> {
    let many = |part: &str| part.repeat(size / part.len());
    let token = format!("{}.{} ", "a".repeat(32), "0".repeat(64));
    let nested = (0..).try_fold("1".to_owned(), |inner, _: usize| {
        let outer = serde_json::json!([inner]).to_string();
        if outer.len() < size {
            Ok(outer)
        } else {
            Err(inner)
        }
    });
    vec![
        many("a"),
        many("a."),
        many(&token),
        format!("[{}\"\"]", many("\"[1]\",")),
        format!("[{}1]", many("[1],")),
        format!("{{{}\"b\":1}}", many("\"a\":{},")),
        format!("\"{}\"", many("\\\\")),
        many("[\""),
        many("'"),
        many("\u{202e}"),
        nested.unwrap_or_else(|inner| inner),
    ]
}

fn each(size: usize, work: impl Fn(&str)) {
    for text in texts(size) {
        work(&text);
    }
}

const CASES: &[Case] = &[
    ("tokens", |size| {
        each(size, |text| {
            black_box(tokens::mask_text(text));
            black_box(tokens::mask_body(&Raw::from(text.as_bytes())));
        });
    }),
    ("body", |size| {
        each(size, |text| {
            black_box(body::view(text.as_bytes(), Some(text.to_owned())));
        });
    }),
    ("fields", |size| {
        each(size, |text| {
            let call = serde_json::json!({"type": "1", "fileName": text, "userData": text});
            let call = call.to_string();
            black_box(subject(&Raw::from(call.as_bytes()), &TimeZone::UTC));
            let event = serde_json::json!({"groupId": text, "option": "Begin", "type": "1"});
            let events = serde_json::json!([event]).to_string();
            black_box(fields::of_status(
                &Raw::from(events.as_bytes()),
                &TimeZone::UTC,
            ));
        });
    }),
    ("curl", |size| {
        each(size, |text| {
            drop(black_box(curl::curl("http://x", None, text.as_bytes())));
        });
    }),
    ("user data", |size| {
        let correlator = Correlator::new(b"key");
        let (rng, now) = (SharedRng::from_seed(1), Timestamp::from_millis(0));
        let (app, room): (AppId, _) = (rng.id(now), RoomId::new("r").unwrap());
        each(size, |text| {
            let sealed = correlator.seal(text, rng.id(now), app, &room);
            black_box(correlator.token(&sealed, &room, [app]));
            black_box(correlation::without_token(&sealed));
            black_box(correlator.is_test(&sealed));
        });
    }),
    ("media type", |size| {
        for part in [".", "a", ".a"] {
            black_box(media_type::of(
                &part.repeat(size / part.len()),
                Media::Unknown,
            ));
        }
    }),
];

#[test]
#[ignore = "counts instructions under valgrind: make bench"]
fn twice_the_text_is_twice_the_work() {
    assert_linear(8 * 1024, CASES);
}
