use super::*;

fn read(rule: &str, name: &str, kind: FileKind, room: Option<&str>) -> Option<[String; 5]> {
    let room = room.map(|room| RoomId::new(room).unwrap());
    let rule = NamingRule::parse(rule).unwrap();
    let read = rule.read_back(name, kind, room.as_ref())?;
    let shown = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    Some([read.random, read.date, read.time, read.room, read.user].map(shown))
}

/// Random, date, time, room and participant, in the form of `read`.
#[expect(
    clippy::unnecessary_wraps,
    reason = "it is what `read` is compared with"
)]
fn values(random: &str, date: &str, time: &str, room: &str, user: &str) -> Option<[String; 5]> {
    Some([random, date, time, room, user].map(str::to_owned))
}

const DAY: &str = "20180912";

#[test]
fn names_of_the_default_rule() {
    for (name, room) in [
        ("ar_board_20180912_a7Kd.mp4", "board"),
        ("ar_客服 培训_20180912_a7Kd.mp4", "客服 培训"),
        ("ar_a_20180101_b_20180912_a7Kd", "a_20180101_b"),
        ("ar_v1.2_20180912_a7Kd.m3u8", "v1.2"),
    ] {
        let expected = values("a7Kd", DAY, "-", room, "-");
        for known in [None, Some(room)] {
            let got = read(NamingRule::DEFAULT, name, FileKind::Composite, known);
            assert_eq!(got, expected, "{name}");
        }
    }
}

#[test]
fn other_names_are_not_read() {
    for name in [
        "",
        ".mp4",
        "k3j2h4k23h4.mp4",
        "xr_board_20180912_a7Kd.mp4",
        "ar_board_20181312_a7Kd.mp4",
        "ar_board_20180932_a7Kd.mp4",
        "ar_board_2018091_a7Kd.mp4",
        "ar_board_20180912_a7K-.mp4",
        "ar_board_20180912_a7Kdx.mp4",
        "ar__20180912_a7Kd.mp4",
        "ar_board_20180912_a7Kd.extension",
        "ar_board_20180912_a7Kd_0001.mp4",
        "ar_bo\nard_20180912_a7Kd.mp4",
        "ar_客服_20180912_培a.mp4",
    ] {
        let got = read(NamingRule::DEFAULT, name, FileKind::Composite, None);
        assert_eq!(got, None, "{name}");
    }
}

#[test]
fn a_known_room_resolves_ambiguity() {
    let rule = "{roomid}_{userid}_x";
    for (room, user) in [("a", "b_c"), ("a_b", "c")] {
        assert_eq!(
            read(rule, "a_b_c_x.mp4", FileKind::Track, Some(room)),
            values("-", "-", "-", room, user)
        );
    }
    // Without the room, the shortest participant is taken.
    assert_eq!(
        read(rule, "a_b_c_x.mp4", FileKind::Track, None),
        values("-", "-", "-", "a_b", "c")
    );
    assert_eq!(read(rule, "a_b_c_x.mp4", FileKind::Track, Some("b")), None);
}

#[test]
fn a_room_that_is_no_file_name() {
    let name = "ar_a_b_20180912_a7Kd.mp4";
    let rule = NamingRule::DEFAULT;
    let room = Some("a/b");
    let expected = values("a7Kd", DAY, "-", "a/b", "-");
    assert_eq!(read(rule, name, FileKind::Composite, room), expected);
    // Of a platform that accepts the slash.
    let name = "ar_a/b_20180912_a7Kd.mp4";
    assert_eq!(read(rule, name, FileKind::Composite, room), expected);
}

#[test]
fn only_tracks_have_a_participant() {
    let rule = "x_{userid}_{time}";
    let kinds = |name| FileKind::ALL.map(|kind| read(rule, name, kind, None));
    let no_user = values("-", "-", "5", "-", "-");
    let someone = values("-", "-", "5", "-", "u_1");
    let itself = values("-", "-", "5", "-", "{userid}");
    assert_eq!(
        kinds("x__5.mp4"),
        [no_user.clone(), no_user.clone(), no_user.clone()]
    );
    assert_eq!(kinds("x_u_1_5.mp4"), [None, someone.clone(), someone]);
    assert_eq!(
        kinds("x_{userid}_5.mp4"),
        [no_user.clone(), itself, no_user]
    );
}

#[test]
fn a_frame_may_have_a_number() {
    let expected = values("a7Kd", DAY, "-", "board", "-");
    for name in [
        "ar_board_20180912_a7Kd.jpg",
        "ar_board_20180912_a7Kd_0001.jpg",
        "ar_board_20180912_a7Kd_12.jpeg",
        "ar_board_20180912_a7Kd_0",
    ] {
        for room in [None, Some("board")] {
            let got = read(NamingRule::DEFAULT, name, FileKind::Frame, room);
            assert_eq!(got, expected, "{name}");
        }
    }
    let name = "ar_board_20180912_a7Kd_.jpg";
    assert_eq!(read(NamingRule::DEFAULT, name, FileKind::Frame, None), None);
}

#[test]
fn an_extension_in_the_rule() {
    let rule = "x_{date}_y.mp4";
    let expected = values("-", DAY, "-", "-", "-");
    for name in [
        "x_20180912_y",
        "x_20180912_y.mp4",
        "x_20180912_y.jpg",
        "x_20180912_y.mp4.jpg",
        "x_20180912_y.mp4_0001.jpg",
        "x_20180912_y.MP4.jpg",
    ] {
        assert_eq!(read(rule, name, FileKind::Frame, None), expected, "{name}");
    }
}

#[test]
fn a_repeated_token() {
    let rule = "{userid}_{userid}_{random}{random}";
    assert_eq!(
        read(rule, "a_b_a_b_a7Kdx9Yz.mp4", FileKind::Track, None),
        values("a7Kd", "-", "-", "-", "a_b")
    );
    assert_eq!(
        read(rule, "a_c_a_b_a7Kdx9Yz.mp4", FileKind::Track, None),
        None
    );
}

#[test]
fn seconds_are_any_run_of_digits() {
    for time in ["5", "46987", "1536736587", "12345678901234567890"] {
        assert_eq!(
            read(
                "a_{time}_{roomid}",
                &format!("a_{time}_r.mp4"),
                FileKind::Composite,
                None
            ),
            values("-", "-", time, "r", "-")
        );
    }
}

mod properties {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::super::super::{Span, Values, pieces_of};
    use super::*;

    fn texts() -> impl Strategy<Value = String> {
        const PIECES: [&str; 21] = [
            "{random}", "{date}", "{time}", "{roomid}", "{userid}", "{", "}", "_", "__", "a", "7",
            ".", ".mp4", ".jpg", "/", " ", "会", "𝄞", "\u{301}", "20180912", "\n",
        ];
        prop_oneof![
            vec(select(&PIECES[..]), 0..14).prop_map(|pieces| pieces.concat()),
            any::<String>(),
        ]
    }

    /// Up to five different tokens, separated by literals without digits.
    fn rules() -> impl Strategy<Value = String> {
        let literal = select(vec!["_", "_ar_", "-", "会_", "_x.y_", " "]);
        let tokens = Just(Token::ALL.to_vec()).prop_shuffle();
        (tokens, 0..=5_usize, vec(literal, 6), any::<bool>()).prop_map(
            |(tokens, count, literals, extension)| {
                let mut rule = "x_".to_owned();
                for (token, literal) in tokens.iter().take(count).zip(literals) {
                    rule.push_str(token.as_str());
                    rule.push_str(literal);
                }
                rule.push_str(if extension { "_y.mp4" } else { "_y" });
                rule
            },
        )
    }

    fn ids() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a-z_0-9]{1,12}",
            "[客服培训 _/:.a0-9]{1,8}",
            "[^\\p{Cc}]{1,10}",
        ]
        .prop_filter("blank", |id| !safe(id).trim().is_empty())
    }

    proptest! {
        #[test]
        fn expanded_and_read_back(
            rule in rules(),
            random in "[0-9A-Za-z]{4}",
            (year, month, day) in (2000..2100, 1..=12, 1..=31),
            time in "[0-9]{1,10}",
            room in ids(),
            user in ids(),
            kind in select(&FileKind::ALL[..]),
        ) {
            let rule = NamingRule::parse(&rule).unwrap();
            let values = Values {
                random,
                date: format!("{year}{month:02}{day:02}"),
                time,
                room: RoomId::new(room).unwrap(),
                user: Some(ParticipantId::new(user).unwrap()),
            };
            let name = rule.file_name(&values, kind);
            prop_assert!(name.len() <= NamingRule::MAX_NAME_BYTES);
            let if_has = |token, value: &str| rule.has(token).then(|| value.to_owned());
            let user = values.user.as_ref().map(|user| safe(user.as_str())).unwrap_or_default();
            let expected = ReadBack {
                random: if_has(Token::Random, &values.random),
                date: if_has(Token::Date, &values.date),
                time: if_has(Token::Time, &values.time),
                room: if_has(Token::RoomId, values.room.as_str()),
                user: if_has(Token::UserId, &user).filter(|_| kind == FileKind::Track),
            };
            prop_assert_eq!(rule.read_back(&name, kind, Some(&values.room)), Some(expected));
            prop_assert!(rule.read_back(&name, kind, None).is_some());
        }

        #[test]
        fn no_text_panics_and_pieces_cover_it(text in texts()) {
            let pieces = pieces_of(&text);
            let whole: String = pieces.iter().map(|(span, _)| span.of(&text)).collect();
            prop_assert_eq!(&whole, &text);
            for (span, token) in pieces {
                prop_assert!(span.start < span.end);
                if let Some(token) = token {
                    prop_assert_eq!(span.of(&text), token.as_str());
                }
            }
            match NamingRule::parse(&text) {
                Ok(rule) => {
                    prop_assert_eq!(rule.to_string(), text);
                    prop_assert_eq!(NamingRule::parse(rule.as_str()), Ok(rule));
                }
                Err(problems) => {
                    prop_assert!(!problems.is_empty());
                    prop_assert!(problems.is_sorted_by_key(|problem| problem.span.start));
                    for Span { start, end } in problems.iter().map(|problem| problem.span) {
                        prop_assert!(text.get(start..end).is_some());
                    }
                }
            }
        }

        #[test]
        fn no_name_panics(
            rule in rules(),
            name in prop_oneof![texts(), "[_0-9a-z.]{0,300}"],
            kind in select(&FileKind::ALL[..]),
            room in proptest::option::of(ids()),
        ) {
            let rule = NamingRule::parse(&rule).unwrap();
            let room = room.map(|room| RoomId::new(room).unwrap());
            let _ = rule.read_back(&name, kind, room.as_ref());
        }
    }

    #[test]
    fn a_hostile_name_is_cheap() {
        let rules = [
            "{time}_{userid}_{time}_{roomid}{time}",
            "{userid}{time}{time}{time}__{userid}",
            NamingRule::DEFAULT,
        ];
        let began = std::time::Instant::now();
        for rule in rules {
            let rule = NamingRule::parse(rule).unwrap();
            for length in [64, 150, 255, 512, 4096] {
                for unit in ["1", "_", "1_"] {
                    let name = unit.repeat(length / unit.len());
                    for kind in FileKind::ALL {
                        let _ = rule.read_back(&name, kind, None);
                    }
                }
            }
        }
        assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
    }
}
