//! Many files at once: ZIP archives, and lists of addresses.

use std::{
    collections::BTreeSet,
    io::{Cursor, Read},
    time::Duration,
};

use crate::{
    common::{
        ID, TestApp,
        actions::{get, page, send, start, stop},
        anyone, eventually,
    },
    fetch::sha256,
};
use reelroom_domain::{
    file::{FileKind, FileState},
    ids::RecordingId,
    recording::RecordingState,
    view::RecordingView,
};
use reelroom_service::{SystemClock, Wanted};
use reelroom_store::testing::execute;
use reqwest::header::HeaderMap;
use zip::ZipArchive;

/// Records a room until each of its files is archived.
async fn record(app: &TestApp, room: &str) -> RecordingView {
    let id = start(app, room).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    stop(app, id).await;
    eventually("every file archived", || async {
        let view = app.recording(id).await;
        let mut files = view.files.iter();
        let whole = files.all(|file| file.state == FileState::Archived);
        let ready = view.row.state == RecordingState::Ready && view.files.len() > 2;
        (ready && whole).then_some(view)
    })
    .await
}

fn zip_of(id: RecordingId) -> String {
    format!("/recordings/{id}/zip")
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers[name].to_str().unwrap().to_owned()
}

/// The paths and SHA-256 of the files in an archive. Reading fails where a CRC-32 is wrong.
fn unpack(bytes: &[u8]) -> Vec<(String, String)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    archive.validate_header_consistency().unwrap();
    let files = (0..archive.len()).map(|index| {
        let mut file = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        let name = file.name().unwrap().into_owned();
        (name, sha256(&content))
    });
    files.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_has_every_file_and_a_download_goes_on() {
    let app = TestApp::start().await;
    let view = record(&app, "客服 a&b").await;
    let path = zip_of(view.row.id);
    // A track with the name of the composite.
    let store = app.store().await;
    execute(
        &store,
        "UPDATE files SET name = (SELECT c.name FROM files c
             WHERE c.recording_id = files.recording_id AND c.kind = 'composite')
         WHERE id = (SELECT MIN(id) FROM files WHERE kind = 'track')",
    )
    .await;

    let answer = send(get(&app, &path).await).await;
    assert_eq!(answer.status(), 200);
    let headers = answer.headers().clone();
    assert_eq!(headers["content-type"], "application/zip");
    assert_eq!(headers["accept-ranges"], "bytes");
    let count = view.files.len();
    assert_eq!(
        text(&headers, "files-included"),
        format!("{count} of {count}")
    );
    let disposition = text(&headers, "content-disposition");
    assert!(
        disposition.starts_with("attachment; ") && disposition.ends_with("UTC.zip"),
        "{disposition}"
    );
    let all = answer.bytes().await.unwrap();
    assert_eq!(text(&headers, "content-length"), all.len().to_string());

    let found = unpack(&all);
    let sums: BTreeSet<_> = found.iter().map(|(_, sha256)| sha256.clone()).collect();
    let stored = view.files.iter().map(|file| file.sha256.clone().unwrap());
    assert_eq!(sums, stored.collect::<BTreeSet<_>>());
    let mut composites = view.files.iter();
    let composite = composites.find(|file| file.kind == FileKind::Composite);
    let (stem, extension) = composite.unwrap().name.rsplit_once('.').unwrap();
    for name in [
        format!("{stem}.{extension}"),
        format!("{stem} (2).{extension}"),
    ] {
        assert!(found.iter().any(|(found, _)| *found == name), "{found:?}");
    }

    let head = app.client.head(format!("{}{path}", app.base));
    let head = send(head.header("cookie", app.cookie().await)).await;
    for name in ["content-length", "etag", "content-disposition"] {
        assert_eq!(head.headers()[name], headers[name], "{name}");
    }

    // The parts of a download that broke off twice.
    let etag = text(&headers, "etag");
    let mut parts = Vec::new();
    for range in ["bytes=0-9", "bytes=10-4999", "bytes=5000-"] {
        let request = get(&app, &path).await.header("range", range);
        let part = send(request.header("if-range", &etag)).await;
        assert_eq!(part.status(), 206, "{range}");
        parts.extend(part.bytes().await.unwrap());
    }
    assert!(all == parts, "the parts differ from the whole");
    let last = send(get(&app, &path).await.header("range", "bytes=-22")).await;
    let size = all.len();
    assert_eq!(
        text(last.headers(), "content-range"),
        format!("bytes {}-{}/{size}", size - 22, size - 1)
    );
    assert_eq!(last.bytes().await.unwrap(), all[size - 22..]);

    for (name, value, status) in [
        ("range", format!("bytes={size}-"), 416),
        ("range", "bytes=0-1,4-5".to_owned(), 200),
        ("if-none-match", etag.clone(), 304),
    ] {
        let request = get(&app, &path).await.header(name, &value);
        assert_eq!(send(request).await.status(), status, "{value}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tag_outlives_a_restart_and_changes_with_the_files() {
    let app = TestApp::start().await;
    let id = record(&app, "hall").await.row.id;
    let path = zip_of(id);
    let store = app.store().await;
    // The platform has lost a file, of which there is no copy.
    execute(
        &store,
        "UPDATE files SET state = 'gone' WHERE id = (SELECT MAX(id) FROM files)",
    )
    .await;
    let some = send(get(&app, &path).await).await;
    let count = app.recording(id).await.files.len();
    assert_eq!(
        text(some.headers(), "files-included"),
        format!("{} of {count}", count - 1)
    );
    let shown = page(&app, &format!("/recordings/{id}")).await;
    assert!(shown.contains(&format!("Download {} of {count} files", count - 1)));
    let etag = text(some.headers(), "etag");
    let some = unpack(&some.bytes().await.unwrap());

    let again = app.open_again(SystemClock).await;
    let again = again.zip(anyone(), &BTreeSet::from([id])).await.unwrap();
    let again = again.open(Wanted::Whole).unwrap().etag.unwrap();
    assert_eq!(format!("\"{again}\""), etag);

    execute(&store, "UPDATE files SET state = 'archived'").await;
    // The part would be of another archive.
    let request = get(&app, &path).await.header("range", "bytes=10-");
    let whole = send(request.header("if-range", &etag)).await;
    assert_eq!(whole.status(), 200);
    assert_ne!(text(whole.headers(), "etag"), etag);
    let whole = unpack(&whole.bytes().await.unwrap());
    assert_eq!((whole.len(), some.len()), (count, count - 1));
    assert!(some.iter().all(|file| whole.contains(file)));
    let shown = page(&app, &format!("/recordings/{id}")).await;
    assert!(shown.contains(&format!("Download all ({count} files")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_selection_has_a_folder_for_each_recording() {
    let app = TestApp::start().await;
    let views = [record(&app, "hall").await, record(&app, "hall").await];
    let [first, second] = [&views[0], &views[1]].map(|view| view.row.id);
    let path = format!("/recordings/zip?id={first}&id={second}");
    let answer = send(get(&app, &path).await).await;
    let etag = text(answer.headers(), "etag");
    let found = unpack(&answer.bytes().await.unwrap());
    let files: usize = views.iter().map(|view| view.files.len()).sum();
    assert_eq!(found.len(), files);
    let folders = found
        .iter()
        .map(|(path, _)| path.split_once('/').unwrap().0);
    let folders: BTreeSet<_> = folders.collect();
    assert_eq!(folders.len(), 2, "{folders:?}");
    let list = format!("/recordings/files.txt?id={first}&id={second}");
    let list = send(get(&app, &list).await).await;
    let disposition = text(list.headers(), "content-disposition");
    assert_eq!(disposition, "attachment; filename=\"files.txt\"");
    assert_eq!(list.text().await.unwrap().lines().count(), files);
    // The library has the form: a checkbox in each row, and buttons.
    let shown = page(&app, "/recordings").await;
    for markup in [
        format!("value=\"{first}\""),
        format!("value=\"{second}\""),
        "aria-label=\"Select hall, ".to_owned(),
        "action=\"/recordings/zip\"".to_owned(),
        "formaction=\"/recordings/files.txt\"".to_owned(),
    ] {
        assert!(shown.contains(&markup), "{markup}\n{shown}");
    }
    // The order and repetitions do not matter.
    let other = format!("/recordings/zip?id={second}&id={first}&id={second}");
    let other = send(get(&app, &other).await).await;
    assert_eq!(text(other.headers(), "etag"), etag);

    // All that match.
    let all = send(get(&app, "/recordings/zip?all=yes&q=HAL").await).await;
    assert_eq!(text(all.headers(), "etag"), etag);
    let all = send(get(&app, "/recordings/files.txt?all=yes").await).await;
    assert_eq!(all.text().await.unwrap().lines().count(), files);

    let many: Vec<String> = (0..201).map(|number| format!("id={number:032x}")).collect();
    for (path, status) in [
        ("/recordings/zip".to_owned(), 400),
        ("/recordings/zip?all=yes&q=lab".to_owned(), 404),
        (format!("/recordings/zip?{}", many.join("&")), 400),
        (format!("/recordings/zip?{}", many[1..].join("&")), 404),
        (format!("/recordings/zip?id={first}&id={ID}"), 404),
        (format!("/recordings/zip?id={first}&id=x"), 404),
        (format!("/recordings/{ID}/zip"), 404),
        ("/recordings/x/zip".to_owned(), 404),
        (format!("/recordings/{ID}/files.txt"), 404),
        ("/recordings/files.txt".to_owned(), 400),
        (format!("/recordings/files.txt?id={ID}"), 404),
    ] {
        assert_eq!(
            send(get(&app, &path).await).await.status(),
            status,
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_of_several_recordings_says_what_it_leaves_out() {
    let app = TestApp::start().await;
    let views = [record(&app, "hall").await, record(&app, "lobby").await];
    let [whole, lost] = [&views[0], &views[1]].map(|view| view.row.id);
    let store = app.store().await;
    execute(
        &store,
        "UPDATE files SET state = 'gone'
         WHERE recording_id = (SELECT id FROM recordings WHERE room = 'lobby')",
    )
    .await;
    let path = format!("/recordings/zip?id={whole}&id={lost}");
    let answer = send(get(&app, &path).await).await;
    let [there, all] = [&views[0], &views[1]].map(|view| view.files.len());
    let included = format!("{there} of {}", there + all);
    assert_eq!(text(answer.headers(), "files-included"), included);
    let addresses = path.replace("zip", "files.txt");
    let addresses = send(get(&app, &addresses).await).await;
    assert_eq!(text(addresses.headers(), "files-included"), included);
    assert_eq!(addresses.text().await.unwrap().lines().count(), there);
    let etag = text(answer.headers(), "etag");
    let archive = answer.bytes().await.unwrap();
    let at = archive.windows(6).position(|bytes| bytes == b"lobby ");
    let at = at.unwrap();
    let line = archive[at..].split_inclusive(|byte| *byte == b'\n').next();
    let line = line.unwrap();
    let reason =
        format!(" UTC: files without a copy: {all} of {all} / 没有副本的文件：{all}/{all}\n");
    assert!(line.ends_with(reason.as_bytes()), "{line:?}");
    let found = unpack(&archive);
    assert_eq!(found.len(), there + 1);
    assert!(found.contains(&("left-out.txt".to_owned(), sha256(line))));
    // A download that broke off within the text goes on.
    let range = format!("bytes={}-", at + 3);
    let request = get(&app, &path).await.header("range", range);
    let rest = send(request.header("if-range", &etag)).await;
    assert_eq!(rest.status(), 206);
    assert_eq!(rest.bytes().await.unwrap(), archive[at + 3..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_names_the_address_of_each_file() {
    let app = TestApp::start().await;
    let view = record(&app, "hall").await;
    let path = format!("/recordings/{}/files.txt", view.row.id);
    let list = send(get(&app, &path).await).await;
    assert_eq!(
        text(list.headers(), "content-type"),
        "text/plain; charset=utf-8"
    );
    let list = list.text().await.unwrap();
    assert_eq!(list.lines().count(), view.files.len());
    for address in list.lines() {
        let path = address.strip_prefix(&app.base).unwrap();
        let file = send(get(&app, path).await).await;
        assert_eq!(file.status(), 200, "{address}");
        let disposition = text(file.headers(), "content-disposition");
        assert!(disposition.starts_with("attachment"), "{disposition}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_archived_is_said_in_words() {
    let app = TestApp::without_callbacks().await;
    let id = start(&app, "hall").await;
    for path in [zip_of(id), format!("/recordings/{id}/files.txt")] {
        let answer = send(get(&app, &path).await).await;
        assert_eq!(answer.status(), 404);
        let text = answer.text().await.unwrap();
        // A blocked file does not come by itself, so nobody is told to wait.
        assert!(text.starts_with("No file is archived"), "{path}: {text}");
        assert!(
            text.contains("says why") && !text.contains("later"),
            "{path}: {text}"
        );
    }
    let shown = page(&app, &format!("/recordings/{id}")).await;
    assert!(!shown.contains(&zip_of(id)));
}
