//! The callback of a file in every accepted form; and no bytes that panic.

use jiff::tz::TimeZone;
use proptest::prelude::*;
use reelroom_anyrtc::{
    callback::{
        self, Field, FileCallback, Kind, Lack, MediaKind, Revision, Understood, Unreadable,
        WrittenAs, explain, is_json,
    },
    raw::Raw,
    status,
};
use serde_json::{Value, json};

fn zone() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap()
}

fn read(body: &Value) -> Result<FileCallback, Unreadable> {
    callback::read(body.to_string().as_bytes(), &zone())
}

/// The example of the given document, unchanged.
const EXAMPLE: &str = r#"{
    "type":"2",
    "mediaType":"audio/video",
    "userId":"123456",
    "groupId":"123888",
    "startTime":"2018-3-21 13:06:27",
    "endTime":"2018-3-21 13:06:47",
    "fileName":"yyy.mp4",
    "fileSize":65322,
    "duration":20,
    "downloadUrl":"http://www.anyrtc.io/yyy.mp4",
    "userData":"{\"customerCode\":\"1002\",\"uNamer\":\"李席\",\"nNamer\":\"电务段\"}"
}"#;

fn example() -> FileCallback {
    FileCallback {
        kind: Kind::Track,
        media: MediaKind::Video,
        user_id: Some("123456".to_owned()),
        room: "123888".to_owned(),
        file_name: "yyy.mp4".to_owned(),
        file_size: Some(65322),
        duration_s: Some(20),
        start_ms: Some(1_521_608_787_000),
        end_ms: Some(1_521_608_807_000),
        download_url: Some("http://www.anyrtc.io/yyy.mp4".to_owned()),
        user_data: Some(r#"{"customerCode":"1002","uNamer":"李席","nNamer":"电务段"}"#.to_owned()),
    }
}

#[test]
fn the_example_of_the_document() {
    assert_eq!(
        callback::read(EXAMPLE.as_bytes(), &zone()).unwrap(),
        example()
    );
    let marked = format!("\u{FEFF}{EXAMPLE}");
    assert_eq!(
        callback::read(marked.as_bytes(), &zone()).unwrap(),
        example()
    );
    assert!(is_json(marked.as_bytes()));
}

#[test]
fn the_example_in_other_spellings() {
    for (member, value) in [
        ("type", json!(2)),
        ("type", json!(" 2 ")),
        ("mediaType", json!("video")),
        ("mediaType", json!("Video")),
        ("mediaType", json!("audio / video")),
        ("userId", json!(123_456)),
        ("groupId", json!(123_888)),
        ("startTime", json!("2018-03-21 13:06:27")),
        ("startTime", json!("1521608787")),
        ("startTime", json!(1_521_608_787)),
        ("startTime", json!(1_521_608_787_000_i64)),
        ("fileSize", json!("65322")),
        ("duration", json!("20")),
        ("duration", json!(20.0)),
        (
            "userData",
            json!({"customerCode":"1002","uNamer":"李席","nNamer":"电务段"}),
        ),
        ("somethingNew", json!({"deep": [1, 2, 3]})),
    ] {
        let mut body: Value = serde_json::from_str(EXAMPLE).unwrap();
        body[member] = value;
        assert_eq!(read(&body).unwrap(), example(), "{body}");
    }
}

#[test]
fn required_members_and_unusual_optional_ones() {
    let bare = FileCallback {
        kind: Kind::Composite,
        media: MediaKind::Unknown,
        user_id: None,
        room: "r".to_owned(),
        file_name: "f.mp4".to_owned(),
        file_size: None,
        duration_s: None,
        start_ms: None,
        end_ms: None,
        download_url: None,
        user_data: None,
    };
    let least = json!({"type": "1", "groupId": "r", "fileName": "f.mp4"});
    assert_eq!(read(&least).unwrap(), bare);
    for odd in [
        json!(null),
        json!(""),
        json!("  "),
        json!(true),
        json!([]),
        json!({}),
    ] {
        let mut body = least.clone();
        for member in [
            "mediaType",
            "userId",
            "fileSize",
            "duration",
            "startTime",
            "endTime",
            "downloadUrl",
        ] {
            body[member] = odd.clone();
        }
        assert_eq!(read(&body).unwrap(), bare, "{body}");
    }
    let mut absurd = least.clone();
    absurd["fileSize"] = json!(-1);
    absurd["duration"] = json!("a while");
    absurd["startTime"] = json!("0");
    absurd["endTime"] = json!("2018-13-32 25:61:61");
    absurd["mediaType"] = json!("hologram");
    absurd["userData"] = json!(null);
    assert_eq!(read(&absurd).unwrap(), bare);
    // Sent where the size is not known.
    for zero in [json!(0), json!("0"), json!(0.5)] {
        let mut body = least.clone();
        body["fileSize"] = zero;
        assert_eq!(read(&body).unwrap(), bare, "{body}");
    }
}

#[test]
fn kinds_and_media() {
    for (number, kind) in [(1, Kind::Composite), (2, Kind::Track), (3, Kind::Frame)] {
        let body = json!({"type": number, "groupId": "r", "fileName": "f"});
        assert_eq!(read(&body).unwrap().kind, kind);
    }
    for (word, media) in [
        ("audio", MediaKind::Audio),
        ("video", MediaKind::Video),
        ("video/audio", MediaKind::Video),
        ("image", MediaKind::Image),
        ("videotape", MediaKind::Unknown),
    ] {
        let body = json!({"type": "1", "groupId": "r", "fileName": "f", "mediaType": word});
        assert_eq!(read(&body).unwrap().media, media, "{word}");
    }
}

#[test]
fn user_data_that_is_no_string_is_kept_as_text() {
    for (value, text) in [
        (json!("plain"), "plain"),
        (json!({"b": 1, "a": [2]}), r#"{"b":1,"a":[2]}"#),
        (json!([1]), "[1]"),
        (json!(7), "7"),
        (json!("nul\u{0}"), "nul\u{FFFD}"),
    ] {
        let body = json!({"type": "1", "groupId": "r", "fileName": "f", "userData": value});
        assert_eq!(read(&body).unwrap().user_data.as_deref(), Some(text));
    }
}

#[test]
fn json_without_a_callback() {
    let lack = |body: Value| match read(&body) {
        Err(Unreadable::NotACallback(lack)) => lack,
        other => panic!("{body}: {other:?}"),
    };
    for odd in [json!(null), json!(1), json!("text"), json!([]), json!([{}])] {
        assert_eq!(lack(odd), Lack::Object);
    }
    assert_eq!(lack(json!({})), Lack::Field("type"));
    assert_eq!(
        lack(json!({"type": "1", "fileName": "f"})),
        Lack::Field("groupId")
    );
    assert_eq!(
        lack(json!({"type": "1", "groupId": "r", "fileName": " "})),
        Lack::Field("fileName")
    );
    for odd in [json!(true), json!([]), json!({"a": 1})] {
        assert_eq!(
            lack(json!({"type": "1", "groupId": odd, "fileName": "f"})),
            Lack::Unreadable("groupId")
        );
    }
    assert_eq!(
        lack(json!({"type": "1", "groupId": null, "fileName": "f"})),
        Lack::Field("groupId")
    );
    assert_eq!(
        lack(json!({"type": 4, "groupId": "r", "fileName": "f"})),
        Lack::Kind("4".to_owned())
    );
}

#[test]
fn bodies_without_json() {
    let deep = "[".repeat(100_000);
    for body in ["", "{", "nope", "{'a':1}", deep.as_str(), "{}{}"] {
        assert!(!is_json(body.as_bytes()));
        let read = callback::read(body.as_bytes(), &zone());
        assert!(matches!(read, Err(Unreadable::NotJson(_))));
        assert!(status::read(body.as_bytes(), &zone()).is_err());
    }
    assert!(!is_json(b"{\"fileName\":\"\xFF\""));
    assert!(!is_json(b"\xFF\xFF"));
}

#[test]
fn callbacks_are_written_as_documented() {
    let given = callback::write(&example(), Revision::Given, &zone());
    insta::assert_json_snapshot!("file-given", given);
    // The document's example in its own spelling.
    let document: Value = serde_json::from_str(EXAMPLE).unwrap();
    assert_eq!(given, document);
    let later = callback::write(&example(), Revision::Later, &zone());
    insta::assert_json_snapshot!("file-later", later);
}

#[test]
fn a_call_in_another_encoding_is_the_same_file() {
    let body = "type=2&mediaType=audio%2Fvideo&userId=123456&groupId=123888\
        &startTime=2018-3-21+13%3A06%3A27&endTime=1521608807000&fileName=yyy.mp4&fileSize=65322\
        &duration=20&downloadUrl=http%3A%2F%2Fwww.anyrtc.io%2Fyyy.mp4\
        &userData=%7B%22customerCode%22%3A%221002%22%2C%22uNamer%22%3A%22%E6%9D%8E%E5%B8%AD%22%2C\
        %22nNamer%22%3A%22%E7%94%B5%E5%8A%A1%E6%AE%B5%22%7D";
    assert_eq!(callback::read(body.as_bytes(), &zone()).unwrap(), example());
    let body = b"type=2&option=Online&userId=mia&groupId=%B0%E0";
    let raw = Raw {
        content_type: Some("application/x-www-form-urlencoded; charset=GBK"),
        ..Raw::from(&body[..])
    };
    let read = status::read_raw(&raw, &zone()).unwrap();
    assert_eq!(read.events[0].room, "班");
}

fn field(fields: &[Field], name: &str) -> (Option<String>, Understood) {
    let field = fields.iter().find(|field| field.name == name).unwrap();
    (field.raw.clone(), field.understood.clone())
}

#[test]
fn every_field_is_explained() {
    let body = json!({
        "type": 2, "mediaType": "hologram", "userId": "mia", "groupId": "r", "fileName": "f.mp4",
        "startTime": "1521608787", "endTime": "2018-3-21 13:06:27", "fileSize": "a few",
        "duration": " 20 ", "userData": {"a": 1}, "seq": 7, "USERID": "not this one",
    });
    let body = body.to_string();
    let fields = explain(&Raw::from(body.as_bytes()), &zone()).unwrap();
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names.len(), 12, "{names:?}");
    assert_eq!(
        (names[0], names[10], names[11]),
        ("type", "userData", "seq")
    );
    let moment = |written| Understood::Moment {
        millis: 1_521_608_787_000,
        written,
    };
    let user_data = Understood::UserData {
        text: r#"{"a":1}"#.to_owned(),
        was_json: true,
    };
    for (name, raw, understood) in [
        ("type", Some("2"), Understood::Kind(Kind::Track)),
        ("mediaType", Some("hologram"), Understood::Unreadable),
        ("userId", Some("mia"), Understood::Participant("mia".into())),
        ("groupId", Some("r"), Understood::Room("r".into())),
        ("fileName", Some("f.mp4"), Understood::Name("f.mp4".into())),
        (
            "startTime",
            Some("1521608787"),
            moment(WrittenAs::UnixSeconds),
        ),
        (
            "endTime",
            Some("2018-3-21 13:06:27"),
            moment(WrittenAs::Local),
        ),
        ("fileSize", Some("a few"), Understood::Unreadable),
        ("duration", Some(" 20 "), Understood::Seconds(20)),
        ("downloadUrl", None, Understood::Absent),
        ("userData", Some(r#"{"a":1}"#), user_data),
        ("seq", Some("7"), Understood::Extra),
    ] {
        let expected = (raw.map(str::to_owned), understood);
        assert_eq!(field(&fields, name), expected, "{name}");
    }
    let empty = json!({"fileSize": 0, "downloadUrl": "http://x/"}).to_string();
    let empty = explain(&Raw::from(empty.as_bytes()), &zone()).unwrap();
    let zero = (Some("0".to_owned()), Understood::Absent);
    assert_eq!(field(&empty, "fileSize"), zero);
    let address = Understood::Address("http://x/".to_owned());
    assert_eq!(field(&empty, "downloadUrl").1, address);
    for (time, written) in [
        (json!("2018-03-21T05:06:27Z"), WrittenAs::Zoned),
        (json!(1_521_608_787_000_i64), WrittenAs::UnixMillis),
        (json!(1_521_608_787.0), WrittenAs::UnixSeconds),
    ] {
        let body = json!({"startTime": time}).to_string();
        let fields = explain(&Raw::from(body.as_bytes()), &zone()).unwrap();
        assert_eq!(field(&fields, "startTime").1, moment(written), "{body}");
    }
    assert!(explain(&Raw::from(&b"[]"[..]), &zone()).is_err());
}

/// Deeper than `serde_json` parses.
fn deep() -> String {
    format!("{}{}", "[".repeat(200), "]".repeat(200))
}

#[test]
fn unreadable_members_are_unknown_and_the_others_valid() {
    let deep = deep();
    let odd: [&[u8]; 4] = [b"1e999", br#""\ud83d""#, deep.as_bytes(), b"\"\xFF\""];
    let file = FileCallback {
        duration_s: None,
        user_data: None,
        ..example()
    };
    for odd in odd {
        let body = EXAMPLE.replacen(":20", ":ODD", 1);
        let (start, end) = body.split_once("ODD").unwrap();
        let end = end.split_once("\"userData\":").unwrap().0;
        let body = [
            start.as_bytes(),
            odd,
            end.as_bytes(),
            b"\"userData\":",
            odd,
            b"}",
        ]
        .concat();
        let shown = String::from_utf8_lossy(odd);
        assert!(is_json(&body), "{shown}");
        assert_eq!(callback::read(&body, &zone()).unwrap(), file, "{shown}");
        // The raw value is shown.
        let fields = explain(&Raw::from(&body[..]), &zone()).unwrap();
        assert_eq!(fields.len(), 11, "{shown}");
        let (raw, understood) = field(&fields, "duration");
        assert_eq!(understood, Understood::Unreadable, "{shown}");
        assert_eq!(raw.as_deref(), Some(&*shown));
        // A required member is not called missing.
        let body = [
            &b"{\"type\":\"1\",\"groupId\":"[..],
            odd,
            b",\"fileName\":\"f\"}",
        ]
        .concat();
        let read = callback::read(&body, &zone());
        assert!(
            matches!(
                read,
                Err(Unreadable::NotACallback(Lack::Unreadable("groupId")))
            ),
            "{shown}: {read:?}"
        );
        // The other events of the call stay valid.
        let event = b"{\"type\":\"1\",\"option\":\"Begin\",\"groupId\":\"r\",\"userData\":";
        let body = [b"[", &event[..], odd, b"},", odd, b"]"].concat();
        let read = status::read(&body, &zone()).unwrap();
        assert_eq!((read.events.len(), read.skipped.len()), (1, 1), "{shown}");
    }
}

/// JSON that resembles a callback.
fn near_miss() -> impl Strategy<Value = Value> {
    let members =
        prop::collection::btree_map(any_name().prop_map(str::to_owned), any_value(), 0..13);
    members.prop_map(|members| members.into_iter().collect())
}

/// Optional members in any spelling: each is JSON apart from its encoding, and some are unreadable.
fn written_members() -> impl Strategy<Value = Vec<(&'static str, Vec<u8>)>> {
    let name = any_name().prop_filter("optional", |name| {
        !["type", "groupId", "fileName"].contains(name)
    });
    let value = prop_oneof![
        any_value().prop_map(|value| value.to_string().into_bytes()),
        "-?[1-9][0-9]{0,40}(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,5})?".prop_map(String::into_bytes),
        "\"([a-z客]|\\\\u[dD][89a-fA-F][0-9a-f]{2}){0,6}\"".prop_map(String::into_bytes),
        Just(deep().into_bytes()),
        prop::collection::vec(0x80_u8.., 1..6)
            .prop_map(|bytes| [b"\"", &bytes[..], b"\""].concat()),
    ];
    prop::collection::vec((name, value), 0..9)
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        "[0-9]{1,20}".prop_map(Value::from),
        Just(json!([{"a": {}}])),
        Just(json!("1")),
    ]
}

fn any_name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "type",
        "mediaType",
        "userId",
        "groupId",
        "fileName",
        "fileSize",
        "duration",
        "startTime",
        "endTime",
        "downloadUrl",
        "userData",
        "option",
        "time",
    ])
}

fn any_file() -> impl Strategy<Value = FileCallback> {
    let text = || proptest::option::of("[^\\x00\\s][^\\x00]{0,20}");
    let moment = || proptest::option::of((1_000_000_000_i64..4_000_000_000).prop_map(|s| s * 1000));
    let count = || any::<u32>().prop_map(|n| Some(u64::from(n)));
    let kind = prop::sample::select(vec![Kind::Composite, Kind::Track, Kind::Frame]);
    let media = prop::sample::select(vec![
        MediaKind::Audio,
        MediaKind::Video,
        MediaKind::Image,
        MediaKind::Unknown,
    ]);
    let names = (
        text(),
        "[^\\x00\\s][^\\x00]{0,20}",
        "[^\\x00\\s][^\\x00]{0,20}",
    );
    (
        kind,
        media,
        names,
        (count(), count()),
        (moment(), moment()),
        (text(), text()),
    )
        .prop_map(
            |(kind, media, (user_id, room, file_name), sizes, times, texts)| FileCallback {
                kind,
                media,
                user_id,
                room,
                file_name,
                file_size: sizes.0.filter(|bytes| *bytes > 0),
                duration_s: sizes.1,
                start_ms: times.0,
                end_ms: times.1,
                download_url: texts.0,
                user_data: texts.1,
            },
        )
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        let _ = callback::read(&bytes, &zone());
        let _ = status::read(&bytes, &zone());
    }

    #[test]
    fn no_malformed_callback_panics(body in near_miss()) {
        let text = body.to_string();
        prop_assert!(is_json(text.as_bytes()));
        let _ = callback::read(text.as_bytes(), &zone());
        let _ = status::read(text.as_bytes(), &zone());
    }

    #[test]
    fn fields_agree_with_the_callback(mut body in near_miss()) {
        body["type"] = json!("2");
        body["groupId"] = json!("r");
        body["fileName"] = json!("f");
        let text = body.to_string();
        let file = read(&body).unwrap();
        let fields = explain(&Raw::from(text.as_bytes()), &zone()).unwrap();
        let moment = |name| match field(&fields, name).1 {
            Understood::Moment { millis, .. } => Some(millis),
            _ => None,
        };
        prop_assert_eq!((moment("startTime"), moment("endTime")), (file.start_ms, file.end_ms));
        let size = match field(&fields, "fileSize").1 {
            Understood::Bytes(size) => Some(size),
            _ => None,
        };
        prop_assert_eq!(size, file.file_size);
        let user = match field(&fields, "userId").1 {
            Understood::Participant(user) => Some(user),
            _ => None,
        };
        prop_assert_eq!(user, file.user_id);
    }

    #[test]
    fn no_optional_member_makes_a_file_unreadable(members in written_members(), at: prop::sample::Index) {
        let mut members: Vec<Vec<u8>> = members
            .into_iter()
            .map(|(name, value)| [format!("\"{name}\":").as_bytes(), &value].concat())
            .collect();
        let needed = br#""type":"2","groupId":"r","fileName":"f""#.to_vec();
        members.insert(at.index(members.len() + 1), needed);
        let body = [b"{", &members.join(&b", "[..])[..], b"}"].concat();
        prop_assert!(is_json(&body));
        let file = callback::read(&body, &zone());
        let file = file.map(|file| (file.kind, file.room, file.file_name));
        prop_assert_eq!(file.unwrap(), (Kind::Track, "r".to_owned(), "f".to_owned()));
    }

    #[test]
    fn a_written_value_is_read_back(file in any_file()) {
        for revision in [Revision::Given, Revision::Later] {
            let body = callback::write(&file, revision, &zone());
            prop_assert_eq!(body.as_object().map(serde_json::Map::len), Some(11));
            prop_assert_eq!(read(&body).unwrap(), file.clone());
        }
    }
}
