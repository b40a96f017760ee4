//! Checks that functions over untrusted text take at most twice the time for twice the text.

use std::hint::black_box;

use reelroom_linear::{Case, assert_linear};

use crate::{
    file::FileKind,
    naming::{NamingRule, edit, edit::Stretch, pieces_of},
    order::{Draft, StartForm, StoragePath, stop_after},
    place::RoomPlace,
    preset::PresetName,
    room::RoomId,
    search::SearchText,
    visible::{visible, visible_line},
};

const HOSTILE: [&str; 7] = [":", "{", "}", "{}", "{date}", "{a", "_{roomid}\u{1f600}"];

/// `part`, repeated up to about `size` bytes.
fn text(part: &str, size: usize) -> String {
    part.repeat(size / part.len())
}

fn each(size: usize, work: impl Fn(&str)) {
    for part in HOSTILE {
        work(&text(part, size));
    }
}

const CASES: &[Case] = &[
    ("parse", |size| {
        // At most the limit of a rule, as longer texts are rejected at once.
        each(size / 16, |rule| drop(black_box(NamingRule::parse(rule))));
    }),
    ("pieces_of", |size| {
        each(size, |rule| drop(black_box(pieces_of(rule))));
    }),
    ("chips", |size| {
        each(size, |rule| drop(black_box(edit::chips(rule))));
    }),
    ("stops", |size| {
        each(size, |rule| drop(black_box(edit::stops(rule))));
    }),
    ("replace", |size| {
        each(size, |rule| {
            let place = Stretch { from: 1, until: 9 };
            black_box(edit::replace(rule, place, "{time}"));
            black_box(edit::begun(rule, u32::MAX));
            black_box(edit::touched(rule, 6));
        });
    }),
    ("read_back", |size| {
        let rule = NamingRule::parse("a_{roomid}_{userid}_{time}").unwrap();
        for name in ["a_", "1", "_1", "."].map(|part| text(part, size)) {
            for kind in FileKind::ALL {
                black_box(rule.read_back(&name, kind, None));
            }
        }
    }),
    ("visible", |size| {
        for part in ["x", "\r\n", "\u{202e}", "客"] {
            black_box(visible(&text(part, size)));
            black_box(visible_line(&text(part, size), 160));
            black_box(visible_line(&text(part, size), usize::MAX));
        }
    }),
    ("fields", |size| {
        for part in [" ", "/", "..", "1", "客"].map(|part| text(part, size)) {
            drop(black_box(StoragePath::parse(&part)));
            black_box(stop_after(&part)).ok();
            drop(black_box(PresetName::parse(&part)));
            drop(black_box(RoomId::new(part.as_str())));
            drop(black_box(RoomPlace::parse(&part)));
            drop(black_box(SearchText::parse(&part)));
            let form = StartForm {
                rule: part.clone(),
                user_data: part,
                ..StartForm::default()
            };
            black_box(Draft::cut(form));
        }
    }),
];

#[test]
#[ignore = "counts instructions under valgrind: make bench"]
fn twice_the_text_is_twice_the_work() {
    assert_linear(8 * 1024, CASES);
}
