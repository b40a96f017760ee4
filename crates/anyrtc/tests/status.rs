//! The callback of meetings and participants.

use jiff::tz::TimeZone;
use reelroom_anyrtc::status::{self, Odd, Skipped, StatusEvent, What};
use serde_json::json;

fn zone() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap()
}

fn event(what: What, user: Option<&str>) -> StatusEvent {
    StatusEvent {
        room: "board-7".to_owned(),
        user: user.map(str::to_owned),
        at_ms: Some(1_521_608_787_000),
        what,
        user_data: None,
    }
}

#[test]
fn every_status_event_written_and_read_back() {
    let events: Vec<_> = What::ALL
        .iter()
        .map(|&what| event(what, what.has_participant().then_some("mia")))
        .collect();
    let written = status::write(&events);
    insta::assert_json_snapshot!("status", written);
    let read = status::read(written.to_string().as_bytes(), &zone()).unwrap();
    assert_eq!(read.events, events);
    assert_eq!(read.skipped, []);
}

#[test]
fn a_lone_event_in_any_case_with_local_time() {
    for option in ["ONLINE", "online", "oNlInE", " Online "] {
        for kind in [json!("2"), json!(2), json!(null)] {
            let body = json!({
                "type": kind, "userId": "mia", "groupId": "board-7", "option": option,
                "time": "2018-3-21 13:06:27", "more": 1,
            });
            let read = status::read(body.to_string().as_bytes(), &zone()).unwrap();
            assert_eq!(read.events, [event(What::Online, Some("mia"))], "{body}");
        }
    }
}

#[test]
fn invalid_events_are_skipped() {
    let body = json!([
        {"type": "1", "groupId": "board-7", "option": "Begin", "time": "1521608787"},
        7,
        {"type": "2", "groupId": "board-7", "option": "Dance", "userId": "mia"},
        {"type": "1", "groupId": "board-7", "option": "Online", "userId": "mia"},
        {"type": "2", "groupId": "board-7", "option": "Online"},
        {"type": "1", "option": "End"},
        {"type": "1", "groupId": "board-7"},
        {"type": "1", "groupId": "board-7", "option": "End", "time": "later"},
    ]);
    let read = status::read(body.to_string().as_bytes(), &zone()).unwrap();
    let ended = StatusEvent {
        at_ms: None,
        ..event(What::MeetingEnded, None)
    };
    assert_eq!(read.events, [event(What::MeetingBegan, None), ended]);
    let what = |kind: &str, option: &str| Odd::What {
        kind: kind.to_owned(),
        option: option.to_owned(),
    };
    let skipped = [
        (1, Odd::Object),
        (2, what("2", "Dance")),
        (3, what("1", "Online")),
        (4, Odd::Field("userId")),
        (5, Odd::Field("groupId")),
        (6, Odd::Field("option")),
    ];
    assert_eq!(
        read.skipped,
        skipped.map(|(index, why)| Skipped { index, why })
    );
}

#[test]
fn a_status_that_is_neither_list_nor_object() {
    let read = status::read(b"\"Begin\"", &zone());
    assert!(matches!(read, Err(status::Unreadable::NotAList)));
    assert_eq!(
        status::read(b"[]", &zone()).unwrap(),
        status::Status::default()
    );
}
