use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn the_signature_is_that_of_the_document() {
    // md5("anyrtcX" "1521608787000" "t0ken" "a1B2c3"), computed by another program.
    assert_eq!(
        signature("anyrtcX", 1_521_608_787_000, "t0ken", "a1B2c3"),
        "ee6248af07c63a03ab4999f0e7441639"
    );
}

fn item() -> Value {
    json!({
        "fileid": "77", "filesize": 65322, "filestatus": 2, "filetype": "mp4",
        "upload_time": "2018-03-21 13:10:00", "upload_timestamp": 1_521_609_000,
        "room_id": "board-7", "start_time": 1_521_608_787, "end_time": 1_521_608_807,
        "file_duration": 20,
        "download_url": "https://v.example/a/ar_board-7_x7Qa%20%E5%AE%A2.mp4?sign=1",
    })
}

fn list(item: &Value) -> Vec<u8> {
    let content = json!({"data": [item, 7], "cnt": {"cnt": 2}});
    json!({"requestid": "r", "code": 200, "message": "ok", "content": content})
        .to_string()
        .into_bytes()
}

fn one(item: &Value) -> Video {
    let list = read(&list(item)).unwrap();
    assert_eq!(
        (list.total, list.skipped, list.videos.len()),
        (Some(2), 1, 1)
    );
    list.videos.into_iter().next().unwrap()
}

#[test]
fn numbers_as_strings_and_the_reverse() {
    let video = one(&item());
    assert_eq!(video.name().as_deref(), Some("ar_board-7_x7Qa 客.mp4"));
    assert!(video.is_there());
    assert_eq!(video.size, Some(65322));
    assert_eq!(video.start_ms, Some(1_521_608_787_000));
    assert_eq!(video.room.as_deref(), Some("board-7"));
    let mut strings = item();
    for (_, value) in strings.as_object_mut().unwrap() {
        if let Value::Number(number) = &value {
            *value = Value::from(number.to_string());
        }
    }
    strings["fileid"] = json!(77);
    let read = one(&strings);
    assert_eq!(
        Video {
            raw: video.raw.clone(),
            ..read
        },
        video
    );
    assert_eq!(write(&video)["filestatus"], 2);
    assert_eq!(one(&write(&video)).start_ms, video.start_ms);
}

#[test]
fn missing_or_unreadable_members_are_none() {
    let bare = one(&json!({}));
    assert_eq!(bare.progress, Progress::Unknown);
    assert!(!bare.is_there());
    let odd = one(&json!({
        "filestatus": "soon", "filesize": -1, "start_time": "yesterday", "end_time": 0,
        "download_url": "https://v.example/", "file_duration": null, "room_id": "",
    }));
    let known = Video {
        raw: bare.raw.clone(),
        download_url: None,
        ..odd
    };
    assert_eq!(known, bare);
    for (status, there) in [(0, false), (1, false), (2, true), (3, false), (9, true)] {
        let mut item = item();
        item["filestatus"] = json!(status);
        assert_eq!(one(&item).is_there(), there, "{status}");
    }
}

#[test]
fn lists_in_every_shape() {
    let count = |text: &str| read(text.as_bytes()).map(|list| list.videos.len());
    for (text, expected) in [
        (
            r#"{"code":200,"content":{"data":[{"fileid":1,},],"cnt":{"cnt":"1",},},}"#,
            1,
        ),
        (r#"{"code":"200","content":{"data":[{},{}],"cnt":2}}"#, 2),
        (r#"{"code":200,"content":{"data":{"fileid":1}}}"#, 1),
        (r#"{"code":200,"content":[{}]}"#, 1),
        (r#"{"code":200,"content":{"data":[],"cnt":{"cnt":0}}}"#, 0),
        (r#"{"code":200,"content":{"data":[]}}"#, 0),
        (r#"{"code":200,"content":[]}"#, 0),
        (r#"{"code":200,"content":{"data":null,"cnt":{"cnt":0}}}"#, 0),
        (r#"{"code":200,"content":{"data":{},"cnt":"0"}}"#, 0),
        (r#"{"code":200,"content":{"cnt":{"cnt":0}}}"#, 0),
    ] {
        assert_eq!(count(text), Ok(expected), "{text}");
    }
}

#[test]
fn a_list_that_is_absent_is_not_an_empty_one() {
    for text in [
        r#"{"code":200}"#,
        r#"{"code":200,"message":"ok","content":null}"#,
        r#"{"code":200,"content":"ok"}"#,
        r#"{"code":200,"content":{}}"#,
        r#"{"code":200,"content":{"data":null}}"#,
        r#"{"code":200,"content":{"data":{}}}"#,
        r#"{"code":200,"content":{"data":"","cnt":{"cnt":3}}}"#,
        r#"{"code":200,"content":{"cnt":{"cnt":3}}}"#,
    ] {
        assert_eq!(
            read(text.as_bytes()),
            Err(Problem::NoAnswer(Unknown::Unreadable)),
            "{text}"
        );
    }
}

#[test]
fn codes_have_a_type() {
    let code_of = |code: Value| {
        let text = json!({"code": code, "message": "慢\u{7}点"}).to_string();
        match read(text.as_bytes()) {
            Err(Problem::Said { code, message }) => {
                assert_eq!(message, "慢点");
                code
            }
            other => panic!("{text}: {other:?}"),
        }
    };
    for code in Code::NAMED {
        assert_eq!(code_of(json!(code.number())), code);
        assert_eq!(code_of(json!(code.number().to_string())), code);
    }
    assert_eq!(code_of(json!(7)), Code::Other(7));
    for text in ["[]", "ok", "{}", r#"{"code":"ok"}"#, "<html>"] {
        assert_eq!(
            read(text.as_bytes()),
            Err(Problem::NoAnswer(Unknown::Unreadable)),
            "{text}"
        );
    }
    assert_eq!(read(b" "), Err(Problem::NoAnswer(Unknown::Empty)));
}

#[test]
fn a_listed_file_reads_as_its_callback() {
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    let video = one(&item());
    let call = video.announcement(Some("board-7"), Kind::Track, Some("mia"));
    let file = callback::read(call.to_string().as_bytes(), &zone).unwrap();
    assert_eq!(file.kind, Kind::Track);
    assert_eq!(file.media, MediaKind::Video);
    assert_eq!(file.file_name, "ar_board-7_x7Qa 客.mp4");
    assert_eq!(file.start_ms, video.start_ms);
    assert_eq!(file.duration_s, Some(20));
    assert_eq!(call["lookedUp"]["fileid"], "77");
    let nowhere = video.announcement(None, Kind::Composite, None);
    assert!(callback::read(nowhere.to_string().as_bytes(), &zone).is_err());
    let unsized_one = one(&json!({"download_url": "https://v.example/x.mp4"}));
    let call = unsized_one.announcement(Some("r"), Kind::Composite, None);
    let file = callback::read(call.to_string().as_bytes(), &zone).unwrap();
    assert_eq!((file.file_size, file.duration_s), (None, None));
}

#[test]
fn an_address_is_compared_without_its_query() {
    assert_eq!(
        place("https://v.example/a.mp4?x=1#y"),
        "https://v.example/a.mp4"
    );
    assert_eq!(place("https://v.example/a.mp4"), "https://v.example/a.mp4");
    assert_eq!(name_in("https://v.example"), None);
    assert_eq!(
        name_in("https://v.example/%00a.mp4").as_deref(),
        Some("\u{FFFD}a.mp4")
    );
    assert_eq!(name_in("https://v.example/a/"), None);
}

#[test]
fn debug_shows_neither_app_id_nor_token() {
    let app = App {
        app_id: "anyrtcX".into(),
        base: "https://v.example".parse().unwrap(),
        token: "t0ken".into(),
    };
    let shown = format!("{app:?}");
    assert!(
        !shown.contains("anyrtcX") && !shown.contains("t0ken"),
        "{shown}"
    );
}

proptest! {
    #[test]
    fn no_bytes_panic(body: Vec<u8>) {
        let _ = read(&body);
    }

    #[test]
    fn no_malformed_list_panics(value in near_miss(), number: i64, text in ".{0,40}") {
        let item = json!({"filestatus": value, "filesize": number, "start_time": number,
            "download_url": text, "end_time": text});
        for video in read(&list(&item)).unwrap().videos {
            let _ = (video.name(), video.media(), write(&video));
            let _ = video.announcement(Some("r"), Kind::Composite, None);
        }
        let answer = json!({"code": 200, "content": value, "cnt": value});
        let _ = read(answer.to_string().as_bytes());
    }
}

fn near_miss() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        Just(json!([1, {"a": []}])),
        Just(json!({"data": [[], "x", {"cnt": 1}], "cnt": []})),
    ]
}
