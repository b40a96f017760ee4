use proptest::prelude::*;

use super::*;

fn place(from: u32, until: u32) -> Stretch {
    Stretch { from, until }
}

fn edited(text: &str, caret: u32) -> Edited {
    Edited {
        text: text.to_owned(),
        caret,
    }
}

#[test]
fn a_token_goes_in_at_the_caret() {
    assert_eq!(
        replace("ar__x", place(3, 3), "{date}"),
        edited("ar_{date}_x", 9)
    );
    assert_eq!(
        replace("ar_old_x", place(6, 3), "{date}"),
        edited("ar_{date}_x", 9)
    );
    // Browsers count 𝄞 as two units, and a place past the end is the end.
    assert_eq!(
        replace("会𝄞_", place(3, 3), "{time}"),
        edited("会𝄞{time}_", 9)
    );
    assert_eq!(replace("a", place(99, 99), "{time}"), edited("a{time}", 7));
    // A part of a chip selects all of it.
    assert_eq!(replace("a{date}b", place(0, 3), "x"), edited("xb", 1));
}

#[test]
fn a_chip_is_one_step_and_one_key() {
    let text = "a_{date}{time}_b";
    let over = |caret, way| beside(text, caret, way).map(|chip| (chip.token, chip.place));
    assert_eq!(over(8, Way::Back), Some((Token::Date, place(2, 8))));
    assert_eq!(over(8, Way::On), Some((Token::Time, place(8, 14))));
    assert_eq!(over(7, Way::Back), None);
    assert_eq!(over(2, Way::Back), None);
    assert_eq!(touched(text, 8).map(|chip| chip.token), Some(Token::Date));
    assert_eq!(touched(text, 2).map(|chip| chip.token), Some(Token::Date));
    assert_eq!(touched("a_{dote}", 8), None);
    let nth: Vec<usize> = chips("{date}{time}{date}").iter().map(|c| c.nth).collect();
    assert_eq!(nth, [0, 0, 1]);
}

#[test]
fn a_caret_in_a_chip_goes_to_an_edge() {
    let text = "a{date}𝄞";
    for (at, back, on, near) in [
        (0, 0, 0, 0),
        (2, 1, 7, 1),
        (4, 1, 7, 7),
        (6, 1, 7, 7),
        (8, 7, 9, 9),
        (50, 9, 9, 9),
    ] {
        assert_eq!(snap(text, at, Some(Way::Back)), back, "{at}");
        assert_eq!(snap(text, at, Some(Way::On)), on, "{at}");
        assert_eq!(snap(text, at, None), near, "{at}");
    }
}

#[test]
fn erasing_between_two_halves_makes_a_chip_before_the_caret() {
    assert_eq!(
        replace("{ro{date}omid}_", place(3, 9), ""),
        edited("{roomid}_", 8)
    );
}

#[test]
fn the_menu_completes_the_typed_token() {
    let begun = |text: &str, caret| begun(text, caret).map(|b| (b.place, b.typed));
    let typed = |from, until, typed: &str| Some((place(from, until), typed.to_owned()));
    assert_eq!(begun("ar_{", 4), typed(3, 4, ""));
    assert_eq!(begun("ar_{ra_x", 6), typed(3, 6, "ra"));
    assert_eq!(begun("ar_{}", 4), typed(3, 5, ""));
    // As Chinese input methods type it.
    assert_eq!(begun("会𝄞｛da", 6), typed(3, 6, "da"));
    assert_eq!(begun("ar_{date}", 9), None);
    assert_eq!(begun("ar_{da te", 9), None);
    assert_eq!(begun("ar_{da", 3), None);
    assert_eq!(begun("", 0), None);
}

#[test]
fn tokens_that_begin_with_the_text_are_first() {
    use Token::{Date, Random, RoomId, Time, UserId};
    assert_eq!(offered(""), [Random, Date, Time, RoomId, UserId]);
    assert_eq!(offered("R"), [Random, RoomId, UserId]);
    assert_eq!(offered("id"), [RoomId, UserId]);
    assert_eq!(offered("x"), []);
}

/// The text as it is shown, one unit for each letter or chip: the model for edits.
#[derive(Debug, Clone, PartialEq)]
enum Unit {
    Letter(char),
    Chip(Token),
}

fn shown(text: &str) -> Vec<Unit> {
    let mut shown = Vec::new();
    for (span, token) in pieces_of(text) {
        match token {
            Some(token) => shown.push(Unit::Chip(token)),
            None => shown.extend(span.of(text).chars().map(Unit::Letter)),
        }
    }
    shown
}

fn typed(shown: &[Unit]) -> String {
    shown
        .iter()
        .map(|unit| match unit {
            Unit::Letter(letter) => letter.to_string(),
            Unit::Chip(token) => token.as_str().to_owned(),
        })
        .collect()
}

/// Texts similar to rules: whole and partial tokens, braces, letters of one and of two units.
fn texts() -> impl Strategy<Value = String> {
    let torn = prop::sample::select(vec![
        "{random}", "{date}", "{time}", "{roomid}", "{userid}", "{", "}", "{ro", "omid}", "{Date}",
        "｛", "｝", "_", "a", "会", "𝄞", "e\u{301}", " ", ".mp4", "\n",
    ]);
    let near = prop::collection::vec(torn, 0..10).prop_map(|pieces| pieces.concat());
    prop_oneof![4 => near, 1 => any::<String>()]
}

proptest! {
    #[test]
    fn text_to_chips_and_back_is_the_same_text(text in texts()) {
        prop_assert_eq!(typed(&shown(&text)), text.clone());
        let pieces: String = pieces_of(&text).into_iter().map(|(span, _)| span.of(&text)).collect();
        prop_assert_eq!(&pieces, &text);
        prop_assert_eq!(stops(&text).len(), shown(&text).len() + 1);
        for chip in chips(&text) {
            let units: Vec<u16> = text.encode_utf16().collect();
            let place = chip.place.from as usize..chip.place.until as usize;
            prop_assert_eq!(String::from_utf16(&units[place]).unwrap(), chip.token.as_str());
        }
    }

    #[test]
    fn a_key_beside_a_chip_acts_on_the_whole_chip(text in texts()) {
        let shown = shown(&text);
        for (index, &caret) in stops(&text).iter().enumerate() {
            for (way, victim) in [(Way::Back, index.checked_sub(1)), (Way::On, Some(index))] {
                let unit = victim.and_then(|victim| shown.get(victim));
                let found = beside(&text, caret, way);
                let beside = found.map(|chip| Unit::Chip(chip.token));
                prop_assert_eq!(
                    beside.as_ref(),
                    unit.filter(|unit| matches!(unit, Unit::Chip(_)))
                );
                if let (Some(chip), Some(victim)) = (found, victim) {
                    let mut left = shown.clone();
                    left.remove(victim);
                    let erased = replace(&text, chip.place, "");
                    prop_assert_eq!(&erased.text, &typed(&left));
                }
            }
        }
    }

    #[test]
    fn any_edit_of_the_text_equals_the_edit_of_chips(
        text in texts(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), texts()), 1..6),
    ) {
        let mut text = text;
        for (one, other, with) in edits {
            let mut shown = shown(&text);
            let stops = stops(&text);
            let (one, other) = (one.index(stops.len()), other.index(stops.len()));
            let (from, until) = (one.min(other), one.max(other));
            let edited = replace(&text, place(stops[one], stops[other]), &with);
            shown.splice(from..until, self::shown(&with));
            prop_assert_eq!(&edited.text, &typed(&shown));
            prop_assert!(super::stops(&edited.text).contains(&edited.caret), "{:?}", edited);
            text = edited.text;
        }
    }

    #[test]
    fn any_caret_moves_to_a_valid_position(
        text in texts(),
        at in 0_u32..40,
        other in any::<u32>(),
        with in texts(),
    ) {
        let stops = stops(&text);
        let end = stops.last().copied().unwrap();
        for at in [at, other] {
            for way in [None, Some(Way::Back), Some(Way::On)] {
                let snapped = snap(&text, at, way);
                prop_assert!(stops.contains(&snapped), "{} {:?}: {}", at, way, snapped);
                prop_assert_eq!(snap(&text, snapped, way), snapped);
                match way {
                    Some(Way::Back) => prop_assert!(snapped <= at),
                    Some(Way::On) => prop_assert!(snapped >= at.min(end)),
                    None => {}
                }
            }
            // No report of a browser panics.
            let _ = (touched(&text, at), begun(&text, at), whole(&text, place(at, other)));
        }
        let edited = replace(&text, place(at, other), &with);
        prop_assert!(super::stops(&edited.text).contains(&edited.caret));
    }

    #[test]
    fn a_token_chosen_from_the_menu_is_a_chip(before in texts(), typed in "[a-z]{0,3}", after in texts()) {
        let text = format!("{before}{{{typed}{after}");
        let caret = units(&before) + 1 + units(&typed);
        let begun = begun(&text, caret).unwrap();
        prop_assert_eq!(&begun.typed, &typed);
        for token in offered(&typed) {
            let edited = replace(&text, begun.place, token.as_str());
            let chosen = beside(&edited.text, edited.caret, Way::Back);
            prop_assert_eq!(chosen.map(|chip| chip.token), Some(token), "{:?}", edited);
        }
    }
}
