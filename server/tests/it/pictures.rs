//! Posters and filmstrips of archived videos.

use std::time::Duration;

use reelroom_domain::{
    file::{FileKind, FileState},
    ids::RecordingId,
    view::FileView,
};
use reqwest::Response;

use crate::common::{
    ID, TestApp,
    actions::{self, page, send, start, stop},
    eventually,
};

async fn get(app: &TestApp, path: &str) -> Response {
    send(actions::get(app, path).await).await
}

/// The composite of a short recording of the hall, once it is archived.
async fn record(app: &TestApp) -> (RecordingId, FileView) {
    let recording = start(app, "hall").await;
    tokio::time::sleep(Duration::from_millis(2500)).await;
    stop(app, recording).await;
    let file = eventually("the copy", async || {
        let view = app.recording(recording).await;
        let mut files = view.files.into_iter();
        files.find(|file| file.kind == FileKind::Composite && file.state == FileState::Archived)
    });
    (recording, file.await)
}

/// Width and height of a JPEG, from its frame header (ISO/IEC 10918-1 §B.2.2).
fn dimensions(jpeg: &[u8]) -> (u16, u16) {
    assert!(jpeg.starts_with(&[0xff, 0xd8]) && jpeg.ends_with(&[0xff, 0xd9]));
    let frame = [0xff, 0xc0, 0, 17, 8];
    let at = jpeg.windows(5).position(|bytes| bytes == frame).unwrap();
    let side = |at: usize| u16::from_be_bytes([jpeg[at], jpeg[at + 1]]);
    (side(at + 7), side(at + 5))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archived_video_has_a_poster_and_a_filmstrip() {
    let app = TestApp::start().await;
    let (recording, _) = record(&app).await;
    let (file, strip) = eventually("the pictures", async || {
        let view = app.recording(recording).await;
        let mut files = view.files.into_iter();
        let file = files.find(|file| file.kind == FileKind::Composite)?;
        Some((file.id, file.strip?))
    })
    .await;
    assert_eq!((strip.width, strip.height), (160, 90));
    assert_eq!(strip.times[..2], [0, 2000]);

    let path = |name: &str| format!("/files/{file}/{name}");
    let poster = get(&app, &path("poster.jpg")).await;
    assert_eq!(poster.status(), 200);
    assert_eq!(poster.headers()["content-type"], "image/jpeg");
    assert_eq!(poster.headers()["cache-control"], "private, no-cache");
    let policy = &poster.headers()["cross-origin-resource-policy"];
    assert_eq!(policy, "same-origin");
    let etag = poster.headers()["etag"].clone();
    assert_eq!(dimensions(&poster.bytes().await.unwrap()), (640, 360));
    let again = actions::get(&app, &path("poster.jpg")).await;
    let again = send(again.header("if-none-match", etag)).await;
    assert_eq!(again.status(), 304);

    let image = get(&app, &path("strip.jpg")).await.bytes().await.unwrap();
    let width = strip.image_width();
    assert_eq!(dimensions(&image), (u16::try_from(width).unwrap(), 90));
    let cues = get(&app, &path("strip.vtt")).await;
    assert_eq!(cues.headers()["content-type"], "text/vtt; charset=utf-8");
    let cues = cues.text().await.unwrap();
    let first = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nstrip.jpg#xywh=0,0,160,90\n\n";
    assert!(cues.starts_with(first), "{cues}");

    for path in [
        path("strip.png"),
        format!("/files/{ID}/poster.jpg"),
        "/files/nothing/poster.jpg".to_owned(),
    ] {
        assert_eq!(get(&app, &path).await.status(), 404, "{path}");
    }

    // Without a script, a picture is a link to the page that plays from there.
    let shown = page(&app, &format!("/recordings/{recording}")).await;
    assert!(shown.contains(&path("strip.jpg")), "{shown}");
    let link = format!("/recordings/{recording}?play={file}&t=2");
    assert!(shown.contains(&link.replace('&', "&amp;")), "{shown}");
    let playing = page(&app, &link).await;
    assert!(
        playing.contains(&format!("src=\"/files/{file}#t=2\"")),
        "{playing}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_pictures_are_made_where_they_are_off() {
    let app = TestApp::with_callbacks(|config| config.pictures = false).await;
    let (recording, file) = record(&app).await;
    // Longer than pictures of so short a video take.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let poster = get(&app, &format!("/files/{}/poster.jpg", file.id)).await;
    assert_eq!(poster.status(), 404);
    let shown = page(&app, &format!("/recordings/{recording}")).await;
    assert!(!shown.contains("strip.jpg"), "{shown}");
    app.service.ready().await.unwrap();
}
