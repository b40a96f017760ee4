use std::time::Duration;

use reelroom_anyrtc::{
    Dialect,
    client::{App, NotSent, Outcome, Start, Unknown},
};
use tokio::net::TcpListener;

use crate::{
    app, client, impatient,
    peer::{Action, Peer, closed, response, without_tls},
};

const START: Start<'_> = Start {
    room: "board-7",
    kind: "Meet",
    path: None,
    user_data: None,
    name_rule: "ar_{roomid}_{date}_{random}",
};

async fn start_answered(answer: impl Into<Vec<u8>>) -> Outcome {
    let peer = Peer::new(Action::Answer(answer.into())).await;
    client()
        .start(&app(peer.at, Dialect::default()), &START)
        .await
}

#[tokio::test]
async fn the_response_decides_the_outcome() {
    let refused = |words: &str| Outcome::Refused {
        words: words.to_owned(),
    };
    let html = "<html><h1>Welcome to nginx</h1></html>";
    let table = [
        ("200 OK", r#"{"result":"ok"}"#, Outcome::Accepted),
        ("201 Created", r#"{"result":"ok"}"#, Outcome::Accepted),
        ("200 OK", r#"{"result":"error"}"#, refused("error")),
        (
            "200 OK",
            r#"{"result":"应用不存在"}"#,
            refused("应用不存在"),
        ),
        ("403 Forbidden", r#"{"result":"ip"}"#, refused("ip")),
        ("200 OK", html, Outcome::Unknown(Unknown::Unreadable)),
        ("200 OK", "", Outcome::Unknown(Unknown::Empty)),
        ("204 No Content", "", Outcome::Unknown(Unknown::Empty)),
        (
            "404 Not Found",
            html,
            Outcome::Unknown(Unknown::Status(404)),
        ),
        ("500 Oops", "{}", Outcome::Unknown(Unknown::Status(500))),
        (
            "502 Bad Gateway",
            r#"{"result":"error"}"#,
            Outcome::Unknown(Unknown::Status(502)),
        ),
    ];
    for (status, body, expected) in table {
        assert_eq!(
            start_answered(response(status, body)).await,
            expected,
            "{status} {body}"
        );
    }
}

#[tokio::test]
async fn empty_and_incomplete_responses() {
    let broken = Outcome::Unknown(Unknown::Broken);
    assert_eq!(start_answered("").await, broken);
    assert_eq!(start_answered("HTTP/1.1 200 OK\r\ncont").await, broken);
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"result\":\"ok\"}";
    assert_eq!(start_answered(half).await, broken);
    assert_eq!(start_answered("SSH-2.0-OpenSSH_9\r\n").await, broken);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let location = elsewhere.local_addr().unwrap();
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let code = status[..3].parse().unwrap();
        let outcome = start_answered(format!(
            "HTTP/1.1 {status}\r\nlocation: http://{location}/\r\ncontent-length: 0\r\n\r\n"
        ))
        .await;
        assert_eq!(outcome, Outcome::Unknown(Unknown::Redirected(code)));
    }
    let call = tokio::time::timeout(Duration::from_millis(50), elsewhere.accept()).await;
    assert!(call.is_err(), "the redirect was followed");
}

#[tokio::test]
async fn a_response_over_64_kib_is_an_error() {
    let padded = |length: usize| {
        let body = r#"{"result":"ok"}"#;
        response(
            "200 OK",
            &format!("{body}{}", " ".repeat(length - body.len())),
        )
    };
    assert_eq!(start_answered(padded(64 * 1024)).await, Outcome::Accepted);
    let too_long = Outcome::Unknown(Unknown::TooLong);
    assert_eq!(start_answered(padded(64 * 1024 + 1)).await, too_long);
    let endless = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(4 << 20));
    assert_eq!(start_answered(endless).await, too_long);
}

#[tokio::test]
async fn a_silent_server_times_out() {
    let peer = Peer::new(Action::Wait).await;
    let outcome = impatient()
        .stop(&app(peer.at, Dialect::default()), "board-7", "Meet")
        .await;
    assert_eq!(outcome, Outcome::Unknown(Unknown::TimedOut));
}

#[tokio::test]
async fn requests_that_are_not_sent() {
    let refusing = closed().await;
    let cause = |outcome| match outcome {
        Outcome::NotSent { cause } => cause,
        other => panic!("{other:?}"),
    };
    let at = |base: String| App {
        api_base: base.parse().unwrap(),
        ..app(refusing, Dialect::default())
    };
    let refused = client()
        .start(&at(format!("http://{refusing}")), &START)
        .await;
    assert_eq!(cause(refused), NotSent::ConnectionRefused);
    let refused = client()
        .start(&at(format!("https://{refusing}")), &START)
        .await;
    assert_eq!(cause(refused), NotSent::ConnectionRefused);

    // RFC 6761: this name never has an address. Without a name server the resolver may take longer
    // than the timeout.
    let nowhere = client()
        .start(&at("http://platform.invalid".to_owned()), &START)
        .await;
    assert!(matches!(
        cause(nowhere),
        NotSent::NameNotFound | NotSent::TimedOut
    ));

    let other = client()
        .start(&at("ftp://127.0.0.1".to_owned()), &START)
        .await;
    assert!(matches!(cause(other), NotSent::Other(_)));
}

#[tokio::test]
async fn failed_tls_handshakes() {
    let at = without_tls().await;
    let app = App {
        api_base: format!("https://{at}").parse().unwrap(),
        ..app(at, Dialect::default())
    };
    let outcome = client().start(&app, &START).await;
    assert!(
        matches!(
            &outcome,
            Outcome::NotSent {
                cause: NotSent::Tls(_)
            }
        ),
        "{outcome:?}"
    );

    // A server that accepts and never completes the TLS handshake.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let app = App {
        api_base: format!("https://{at}").parse().unwrap(),
        ..app
    };
    let outcome = client().start(&app, &START).await;
    let cause = NotSent::TimedOut;
    assert_eq!(outcome, Outcome::NotSent { cause });
}

#[tokio::test]
async fn neither_debug_nor_causes_show_the_app_id() {
    let peer = Peer::new(Action::Answer(Vec::new())).await;
    let app = app(peer.at, Dialect::default());
    let client = client();
    let broken = client.start(&app, &START).await;
    let debug = format!("{app:?} {client:?} {START:?} {broken:?}");
    assert!(!debug.contains("anyrtc.app"), "{debug}");
}
