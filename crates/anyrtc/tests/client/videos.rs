//! The two requests of the video list: their exact form, and the result of each response.

use std::net::SocketAddr;

use reelroom_anyrtc::{
    client::{NotSent, Unknown},
    videos::{App, Code, Page, Problem, Stamp, Videos},
};

use crate::{
    client,
    peer::{Action, Peer, closed, response},
    wire::normalised,
};

const STAMP: Stamp<'_> = Stamp {
    random: "a1B2c3d4",
    at_ms: 1_521_608_787_000,
};

const LIST: &str = r#"{"requestid":"1","code":200,"message":"ok","content":{"data":[
    {"filesize":"65322","filestatus":"2","download_url":"http://v.example/a.mp4"},],"cnt":{"cnt":1}}}"#;

fn app(at: SocketAddr) -> App {
    App {
        app_id: "anyrtc.app id".to_owned(),
        base: format!("http://{at}/").parse().unwrap(),
        token: "t0ken of the console".to_owned(),
    }
}

async fn answered(bytes: Vec<u8>) -> Result<Videos, Problem> {
    let peer = Peer::new(Action::Answer(bytes)).await;
    client()
        .videos_of_room(&app(peer.at), &STAMP, "board-7")
        .await
}

#[tokio::test]
async fn both_requests_as_sent() {
    let peer = Peer::answering("200 OK", LIST).await;
    let list = client()
        .videos_of_room(&app(peer.at), &STAMP, "会议 \"7\"")
        .await
        .unwrap();
    assert_eq!(list.videos[0].name().as_deref(), Some("a.mp4"));
    let sent = normalised(&peer.request().await);
    assert!(!sent.contains("t0ken"), "{sent}");
    insta::assert_snapshot!("videos-of-room", sent);

    let peer = Peer::answering("200 OK", LIST).await;
    let app = App {
        base: format!("http://{}/gate/oauth/anyapi/v1/videoInfo/?x=1#y", peer.at)
            .parse()
            .unwrap(),
        ..app(peer.at)
    };
    let page = Page {
        number: 2,
        size: 50,
    };
    client()
        .videos_by_time(&app, &STAMP, (1_521_600_000_000, 1_521_608_787_000), page)
        .await
        .unwrap();
    insta::assert_snapshot!("videos-by-time", normalised(&peer.request().await));
}

#[tokio::test]
async fn responses_without_a_list() {
    let no_answer = Problem::NoAnswer;
    let html = "<html>Bad gateway</html>";
    for (status, body, expected) in [
        ("200 OK", "", no_answer(Unknown::Empty)),
        ("200 OK", html, no_answer(Unknown::Unreadable)),
        ("502 Bad Gateway", html, no_answer(Unknown::Status(502))),
        ("500 Oops", LIST, no_answer(Unknown::Status(500))),
        ("302 Found", LIST, no_answer(Unknown::Redirected(302))),
    ] {
        assert_eq!(
            answered(response(status, body)).await,
            Err(expected),
            "{status} {body}"
        );
    }
    // The code counts, whatever the status.
    for status in ["200 OK", "403 Forbidden", "500 Oops"] {
        let refusal = r#"{"code":"299","message":"too frequent"}"#;
        let result = answered(response(status, refusal)).await;
        let expected = Problem::Said {
            code: Code::TooFrequent,
            message: "too frequent".to_owned(),
        };
        assert_eq!(result, Err(expected), "{status}");
    }
    let endless = format!("[{}", "1,".repeat(3 * 1024 * 1024));
    assert_eq!(
        answered(response("200 OK", &endless)).await,
        Err(no_answer(Unknown::TooLong))
    );
    assert_eq!(
        answered(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{".to_vec()).await,
        Err(no_answer(Unknown::Broken))
    );
}

#[tokio::test]
async fn requests_that_are_not_sent() {
    let app = app(closed().await);
    let result = client().videos_of_room(&app, &STAMP, "r").await;
    assert_eq!(result, Err(Problem::NotSent(NotSent::ConnectionRefused)));
}
