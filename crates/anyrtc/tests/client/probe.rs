//! The failed step of a connection test.

use reelroom_anyrtc::{
    Dialect, Method,
    client::{App, NotSent, Probe, Unknown},
};

use crate::{
    app, client, impatient,
    peer::{Action, Peer, closed, without_tls},
};

const ROOM: &str = "nobody-has-this-room";

async fn answered(status: &str, body: &str) -> Probe {
    let peer = Peer::answering(status, body).await;
    client()
        .probe(&app(peer.at, Dialect::default()), ROOM, "Meet")
        .await
}

#[tokio::test]
async fn the_response_decides_the_outcome() {
    let html = "<html><h1>Welcome to nginx</h1></html>";
    let table = [
        (
            "200 OK",
            r#"{"result":"ok"}"#,
            Probe::Answers { words: None },
        ),
        (
            "200 OK",
            r#"{"result":"no such room"}"#,
            Probe::Answers {
                words: Some("no such room".to_owned()),
            },
        ),
        (
            "200 OK",
            r#"{"result":"AppID is unknown"}"#,
            Probe::Refused {
                words: "AppID is unknown".to_owned(),
            },
        ),
        (
            "403 Forbidden",
            r#"{"result":"ip"}"#,
            Probe::Refused {
                words: "ip".to_owned(),
            },
        ),
        ("200 OK", html, Probe::NotThePlatform(Unknown::Unreadable)),
        (
            "200 OK",
            r#"{"status":"up"}"#,
            Probe::NotThePlatform(Unknown::Unreadable),
        ),
        ("200 OK", "", Probe::NotThePlatform(Unknown::Empty)),
        (
            "404 Not Found",
            html,
            Probe::NotThePlatform(Unknown::Status(404)),
        ),
        (
            "302 Found",
            "",
            Probe::NotThePlatform(Unknown::Redirected(302)),
        ),
    ];
    for (status, body, expected) in table {
        assert_eq!(answered(status, body).await, expected, "{status} {body}");
    }
}

#[tokio::test]
async fn a_probe_sends_one_stop_without_a_body() {
    for method in [Method::Get, Method::Post] {
        let peer = Peer::new(Action::Answer(Vec::new())).await;
        let dialect = Dialect {
            method,
            ..Dialect::default()
        };
        let outcome = client().probe(&app(peer.at, dialect), ROOM, "Live").await;
        assert_eq!(outcome, Probe::NoAnswer(Unknown::Broken));
        let request = peer.request().await;
        let expected =
            "/anyapi/v1/stoprecord?AppID=anyrtc.app%20id&ArRoomID=nobody-has-this-room&Type=Live ";
        assert!(request.contains(expected), "{request}");
        assert!(request.ends_with("\r\n\r\n"), "a body: {request}");
    }
}

#[tokio::test]
async fn a_refused_or_silent_connection() {
    let closed = app(closed().await, Dialect::default());
    assert_eq!(
        client().probe(&closed, ROOM, "Meet").await,
        Probe::NotSent(NotSent::ConnectionRefused)
    );

    let silent = Peer::new(Action::Wait).await;
    assert_eq!(
        impatient()
            .probe(&app(silent.at, Dialect::default()), ROOM, "Meet")
            .await,
        Probe::NoAnswer(Unknown::TimedOut)
    );

    let at = without_tls().await;
    let secure = App {
        api_base: format!("https://{at}").parse().unwrap(),
        ..app(at, Dialect::default())
    };
    let outcome = client().probe(&secure, ROOM, "Meet").await;
    assert!(
        matches!(outcome, Probe::NotSent(NotSent::Tls(_))),
        "{outcome:?}"
    );
}
