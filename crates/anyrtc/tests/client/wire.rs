use std::fmt::Write;

use reelroom_anyrtc::{
    BodyEncoding, Dialect, Method,
    client::{Outcome, Start},
};

use crate::{app, client, peer::Peer};

const OK: &str = r#"{"result":"ok"}"#;

const START: Start<'_> = Start {
    room: "board-7",
    kind: "Meet",
    path: Some("recordings/board"),
    user_data: Some(r#"{"who":"李席 & 王伟","_reelroom":"a+b/c="}"#),
    name_rule: "ar_{roomid}_{date}_{random}",
};

const DIALECTS: [(Method, BodyEncoding); 4] = [
    (Method::Get, BodyEncoding::Json),
    (Method::Get, BodyEncoding::Form),
    (Method::Post, BodyEncoding::Json),
    (Method::Post, BodyEncoding::Form),
];

/// The request without parts that depend on the machine and the version.
pub fn normalised(request: &str) -> String {
    let mut normalised = String::new();
    for line in request.lines() {
        let name = line.split(':').next().unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "host" => normalised.push_str("host: [loopback]"),
            "user-agent" => normalised.push_str("user-agent: reelroom/[version]"),
            _ => normalised.push_str(line),
        }
        normalised.push('\n');
    }
    normalised
}

async fn sent_start(dialect: Dialect, start: &Start<'_>) -> String {
    let peer = Peer::answering("200 OK", OK).await;
    let outcome = client().start(&app(peer.at, dialect), start).await;
    assert_eq!(outcome, Outcome::Accepted);
    normalised(&peer.request().await)
}

async fn sent_stop(dialect: Dialect, room: &str) -> String {
    let peer = Peer::answering("200 OK", OK).await;
    let outcome = client().stop(&app(peer.at, dialect), room, "Meet").await;
    assert_eq!(outcome, Outcome::Accepted);
    normalised(&peer.request().await)
}

#[tokio::test]
async fn start_in_every_dialect() {
    for (method, encoding) in DIALECTS {
        let name = format!("start-{method}-{encoding}");
        let sent = sent_start(Dialect { method, encoding }, &START).await;
        insta::assert_snapshot!(name, sent);
    }
}

#[tokio::test]
async fn stop_in_both_methods() {
    for method in [Method::Get, Method::Post] {
        let dialect = Dialect {
            method,
            ..Dialect::default()
        };
        let sent = sent_stop(dialect, "board-7").await;
        insta::assert_snapshot!(format!("stop-{method}"), sent);
    }
}

#[tokio::test]
async fn absent_options_are_not_sent() {
    let start = Start {
        path: None,
        user_data: None,
        ..START
    };
    for (method, encoding) in DIALECTS {
        let sent = sent_start(Dialect { method, encoding }, &start).await;
        assert!(!sent.contains("Path"), "{sent}");
        assert!(!sent.contains("UserData"), "{sent}");
        assert!(sent.contains("NameRule"), "{sent}");
    }
}

#[tokio::test]
async fn room_ids_are_escaped() {
    let rooms = [
        "会议室 7",
        "a b",
        "a+b",
        "a&Type=Live",
        "a=b",
        "a/b/../c",
        "a?b#c",
        "100%",
        "%2F",
        "\"quoted\"",
        "it's",
        "a\\b",
        "tab\there",
        "-._~",
        "🎥",
        "",
    ];
    let mut table = String::new();
    for room in rooms {
        let sent = sent_stop(Dialect::default(), room).await;
        let line = sent.lines().next().unwrap_or_default();
        // Any server decodes it as this room.
        let address = line.split(' ').nth(1).unwrap();
        let url = url::Url::parse(&format!("http://host{address}")).unwrap();
        let read: Vec<_> = url.query_pairs().into_owned().collect();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            read,
            [
                pair("AppID", "anyrtc.app id"),
                pair("ArRoomID", room),
                pair("Type", "Meet")
            ]
        );
        writeln!(table, "{room:?}\n    {line}").unwrap();
    }
    insta::assert_snapshot!(table);
}
