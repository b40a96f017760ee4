//! Tests that everything that renders outside text takes at most linear time.

use std::hint::black_box;

use reelroom_linear::{Case, assert_linear};

use crate::{islands::composer, json, paths};

fn each(size: usize, parts: &[&str], work: impl Fn(&str)) {
    for part in parts {
        work(&part.repeat(size / part.len()));
    }
}

const CASES: &[Case] = &[
    ("rule", |size| {
        // As long as a rule may be.
        let parts = [":", "{", "}", "{}", "{date}", "_:{roomid}", "客"];
        each(size / 16, &parts, |rule| {
            drop(black_box(composer::stretches(rule)));
        });
    }),
    ("findings", |size| {
        let texts = (0..size / 8).map(|n| n.to_string());
        black_box(composer::distinct(texts));
    }),
    ("JSON", |size| {
        let parts = ["[", "[],", "{\"a\":", "\"\\\\", " ", "\n", "1,", "true "];
        each(size, &parts, |text| {
            black_box(json::lines(text).len());
            black_box(json::lines(&format!("[{text}1]")).len());
        });
    }),
    ("address", |size| {
        each(size, &["%", "/", "客", "a"], |text| {
            black_box(paths::escape(text));
        });
    }),
];

#[test]
#[ignore = "counts instructions under valgrind: make bench"]
fn twice_the_text_is_twice_the_work() {
    assert_linear(8 * 1024, CASES);
}
