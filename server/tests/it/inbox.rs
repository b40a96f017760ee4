//! The inbox: calls, what became of them, and actions on them.

use std::{
    io::Write,
    time::{Duration, Instant},
};

use crate::common::{
    ADMIN, SECRET, TestApp, TestClock,
    actions::{self, library, page_of},
    anyone, eventually, file_call,
};
use flate2::{Compression, write::GzEncoder};
use reelroom_domain::{
    access::Grant,
    file::FileKind,
    ids::{CallId, RecordingId},
    inbox::{
        AfterStop, Assignable, BodyView, CallMark, CallView, Hop, InboxOnly, InboxTab, Means,
        Obstacle, Replaying, TestReport, Trouble,
    },
    outcome::ItemOutcome,
    recording::{Origin, RecordingState},
    time::Clock as _,
    user::Role,
};
use reelroom_service::{
    AssignError, Browser, InboxQuery, Principal, Selection, ServiceError, TestError,
};
use reelroom_store::{files, leases, settings};
use scraper::{Html, Selector};
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    time::timeout,
};

/// A file that ended a minute ago.
fn file(room: &str, name: &str) -> Value {
    let now = std::time::SystemTime::now();
    let since = now.duration_since(std::time::UNIX_EPOCH).unwrap();
    let before = |seconds: u64| (since.as_secs() - seconds).to_string();
    json!({
        "type": "1", "mediaType": "video", "userId": "", "groupId": room,
        "fileName": name, "fileSize": 12, "duration": 3,
        "startTime": before(63), "endTime": before(60),
        "downloadUrl": "http://192.0.2.1/a.mp4", "userData": "",
    })
}

async fn post(app: &TestApp, what: &str, body: impl Into<reqwest::Body>) {
    let path = format!("/{SECRET}/AR/V1/{what}");
    app.post(&path).body(body).send().await.unwrap();
}

/// Waits until there are `n` calls, all of them understood.
async fn calls(app: &TestApp, by: &Principal, n: usize) -> Vec<(CallId, CallMark)> {
    only(app, by, InboxOnly::Everything, n).await
}

async fn only(app: &TestApp, by: &Principal, only: InboxOnly, n: usize) -> Vec<(CallId, CallMark)> {
    let query = || InboxQuery {
        only,
        ..InboxQuery::default()
    };
    eventually("the calls are read", || async {
        let inbox = app.service.inbox(by, query()).await.unwrap();
        let marks: Vec<_> = inbox.calls.iter().map(|row| (row.id, row.mark)).collect();
        let read = marks.iter().all(|(_, mark)| *mark != CallMark::Waiting);
        (marks.len() == n && read).then_some(marks)
    })
    .await
}

async fn call(app: &TestApp, by: &Principal, id: CallId) -> CallView {
    app.service.call(by, id, None).await.unwrap()
}

async fn open_callbacks(app: &TestApp, by: &Principal) -> u32 {
    let shell = app.service.shell(by, None).await;
    shell.unwrap().open_callbacks
}

/// Everything that a replay could change, as text.
async fn state(app: &TestApp, by: &Principal) -> String {
    let inbox = app.service.inbox(by, InboxQuery::default()).await.unwrap();
    let library = library(&app.service).await;
    // The first is the number of all: a call that is understood between its two reads counts twice.
    let mut state = vec![format!("{:?} {:?}", inbox.calls, &inbox.counts[1..])];
    for row in library.recordings {
        let mut view = app.recording(row.id).await;
        view.now = view.row.requested_at;
        // A frame is shown only until its address proves to be blocked.
        view.row.thumbnail = None;
        for file in &mut view.files {
            // Copies continue in the background.
            file.state = reelroom_domain::file::FileState::Remote;
            (file.trouble, file.next_try_at) = (None, None);
            for version in &mut file.versions {
                version.state = file.state;
                (version.trouble, version.next_try_at) = (None, None);
            }
        }
        state.push(format!("{view:?}"));
    }
    state.concat()
}

/// The page without its scripts, which carry data for islands.
fn without_data(html: &str) -> String {
    html.split("<script")
        .enumerate()
        .map(|(n, part)| match part.split_once("</script>") {
            Some((_, rest)) if n > 0 => rest,
            _ => part,
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_shown_by_its_title_with_its_id_beside_it() {
    let app = TestApp::without_callbacks().await;
    let (admin, cookie) = (app.admin().await, app.cookie().await);
    post(&app, "av", file("r-1", "one.mp4").to_string()).await;
    let joined = json!([{"type": "2", "userId": "u1", "groupId": "r-1", "option": "Online"}]);
    post(&app, "status", joined.to_string()).await;
    let listed = calls(&app, &admin, 2).await;
    let label = [("room", "r-1"), ("title", "Small hall")];
    app.done("label_room", &cookie, &label).await;
    for (id, _) in listed {
        let row = call(&app, &admin, id).await.row;
        assert_eq!(row.room_name(), Some("Small hall"));
        let path = format!("/callbacks?call={id}");
        let (_, page) = page_of(&app, &path, &cookie).await;
        for text in [
            "in Small hall",
            "<bdi>Small hall",
            "class=\"muted mono\">r-1",
        ] {
            assert!(page.contains(text), "{text}: {page}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_call_is_listed_with_its_mark() {
    let app = TestApp::without_callbacks().await;
    let admin = app.admin().await;
    let hostile = "<script>alert(1)</script>\u{202e}\0";
    let one = file("a", "one.mp4").to_string();
    let mut strange = file(hostile, hostile);
    strange["note"] = json!(hostile);
    for (what, body) in [
        ("av", one.clone().into_bytes()),
        ("av", one.into_bytes()),
        ("av", b"{\"groupId\":\"a\",\"type\":\"2\"}".to_vec()),
        ("av", b"{broken".to_vec()),
        ("av", b"\x00\xff\x1b[2J".to_vec()),
        ("av", strange.to_string().into_bytes()),
        (
            "status",
            b"[{\"type\":\"2\",\"userId\":\"u1\",\"groupId\":\"b\",\"option\":\"Online\"}]"
                .to_vec(),
        ),
    ] {
        post(&app, what, body).await;
    }
    let listed = calls(&app, &admin, 7).await;
    let marks: Vec<CallMark> = listed.iter().rev().map(|(_, mark)| *mark).collect();
    assert_eq!(
        marks,
        [
            CallMark::Auto,
            CallMark::Duplicate,
            CallMark::Unrecognised,
            CallMark::Malformed,
            CallMark::Malformed,
            CallMark::Auto,
            CallMark::Accepted,
        ]
    );
    let inbox = app.service.inbox(&admin, InboxQuery::default()).await;
    assert_eq!(inbox.unwrap().count(InboxTab::Unrecognised), 1);
    assert_eq!(open_callbacks(&app, &admin).await, 3);

    let ids: Vec<CallId> = listed.iter().rev().map(|(id, _)| *id).collect();
    let lacking = call(&app, &admin, ids[2]).await;
    assert_eq!(lacking.trouble, Some(Trouble::Missing("fileName".into())));
    assert_eq!(lacking.row.room.as_deref(), Some("a"));
    assert_eq!(lacking.assignable, Assignable::No);
    let broken = call(&app, &admin, ids[3]).await;
    assert_eq!(broken.body, BodyView::Text("{broken".into()));
    assert!(matches!(broken.trouble, Some(Trouble::NotJson(_))));
    let binary = call(&app, &admin, ids[4]).await;
    assert!(matches!(binary.body, BodyView::Hex(_)));
    assert!(binary.curl.unwrap().contains("base64 -d"));
    let strange = call(&app, &admin, ids[5]).await;
    let shown = format!("{:?} {:?}", strange.body, strange.fields);
    assert!(
        !shown.contains('\u{202e}') && shown.contains("u202e"),
        "{shown}"
    );
    let status = call(&app, &admin, ids[6]).await;
    assert!(matches!(status.fields[0].means, Means::Event { .. }));

    // On the page, any content of a call is text.
    let cookie = app.cookie().await;
    for id in ids {
        let (status, html) = page_of(&app, &format!("/callbacks?call={id}"), &cookie).await;
        assert_eq!(status, 200);
        assert!(!html.contains("<script>alert"));
        assert!(!without_data(&html).contains('\u{202e}'), "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_download_sees_no_address_of_a_file() {
    let app = TestApp::without_callbacks().await;
    let admin = app.admin().await;
    post(&app, "av", file("lab", "plain").to_string()).await;
    let broken = file("lab", "broken").to_string();
    post(&app, "av", broken.trim_end_matches('}').to_owned()).await;
    let mut named = file("lab", "named");
    named["downloadUrl"] = "".into();
    named["http://192.0.2.1/a.mp4"] = "an address as the name of a member".into();
    post(&app, "av", named.to_string()).await;
    let ids = calls(&app, &admin, 3).await;
    for (rights, is_shown) in [("", false), ("download", true)] {
        let name = format!("reader-{rights}");
        app.add_account(&name, Role::Viewer, rights, &[Grant::Everything])
            .await;
        let reader = app.principal(&name, ADMIN.1).await;
        for (id, _) in &ids {
            let view = call(&app, &reader, *id).await;
            let shown = format!("{view:?}");
            assert_eq!(shown.contains("192.0.2.1/a.mp4"), is_shown, "{shown}");
            assert_eq!(view.without_addresses, !is_shown);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_shown_without_its_token() {
    let app = TestApp::without_callbacks().await;
    let admin = app.admin().await;
    let mac = "0".repeat(64);
    let token = format!("{}.{mac}", "a".repeat(32));
    let plain = |name: &str| {
        let mut body = file("lab", name);
        body["userData"] = json!({"own": 1, "_reelroom": token}).to_string().into();
        body.to_string()
    };
    let utf16: Vec<u8> = format!("\u{FEFF}{}", plain("utf16"))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(plain("packed").as_bytes()).unwrap();
    post(&app, "av", plain("plain")).await;
    post(&app, "av", plain("escaped").replace("a.0", r"a\\u002e0")).await;
    post(&app, "av", utf16).await;
    post(&app, "av", packed.finish().unwrap()).await;
    for (id, _) in calls(&app, &admin, 4).await {
        let view = call(&app, &admin, id).await;
        let shown = format!("{view:?}");
        assert!(view.masked && shown.contains("****"), "{shown}");
        assert!(!shown.contains(&mac), "{shown}");
        // An encoded body in the command could be decoded.
        assert!(!shown.contains("base64"), "{shown}");
        assert_eq!(view.shown, view.row.size);
        let recording = view.recording.unwrap().id;
        let data = app.recording(recording).await.user_data;
        assert_eq!(data.as_deref(), Some(r#"{"own":1}"#));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_no_name_is_not_called_missing() {
    let app = TestApp::without_callbacks().await;
    let admin = app.admin().await;
    let broken = file("a", "sur_?_x.mp4").to_string();
    post(&app, "av", broken.replace('?', "\\ud800")).await;
    post(&app, "av", file("a", &"n".repeat(1001)).to_string()).await;
    let expected = [
        Trouble::Unreadable("fileName".to_owned()),
        Trouble::LongName,
    ];
    let listed = calls(&app, &admin, 2).await;
    for ((id, mark), trouble) in listed.into_iter().rev().zip(expected) {
        assert_eq!(mark, CallMark::Unrecognised);
        let call = call(&app, &admin, id).await;
        assert_eq!(call.trouble, Some(trouble));
        assert_eq!(call.row.room.as_deref(), Some("a"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn replaying_everything_twice_changes_nothing() {
    let app = TestApp::without_callbacks().await;
    let admin = app.admin().await;
    let renewed = {
        let mut renewed = file("a", "one.mp4");
        renewed["fileSize"] = json!(99);
        renewed
    };
    for (what, body) in [
        (
            "status",
            json!([{"type": "1", "groupId": "a", "option": "Begin"}]),
        ),
        ("av", file("a", "one.mp4")),
        ("av", renewed),
        ("av", file("a", "one.mp4")),
        ("av", json!({"odd": true})),
        (
            "status",
            json!([{"type": "1", "groupId": "a", "option": "End"}]),
        ),
    ] {
        post(&app, what, body.to_string()).await;
    }
    let listed = calls(&app, &admin, 6).await;
    let before = state(&app, &admin).await;
    for _ in 0..2 {
        for (id, _) in &listed {
            app.service.replay_call(&admin, *id).await.unwrap();
        }
        assert_eq!(state(&app, &admin).await, before);
    }
    app.service.replay_all(&admin).await.unwrap();
    let run = eventually("the run ends", || async {
        let inbox = app.service.inbox(&admin, InboxQuery::default()).await;
        let run = inbox.unwrap().replaying;
        run.filter(|run| run.ended_at.is_some())
    })
    .await;
    assert_eq!((run.total, run.done, run.understood), (1, 1, 0));
    assert!(!run.broken);
    assert_eq!(state(&app, &admin).await, before);

    let unknown = "0".repeat(32).parse().unwrap();
    let missing = app.service.replay_call(&admin, unknown).await;
    assert!(matches!(missing, Err(ServiceError::NotFound)));
    let cookie = app.cookie().await;
    let no_id = app.call("replay_call", &cookie, &[("id", "zz")]).await;
    assert_eq!(no_id.0, 404, "{}", no_id.1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_is_shown_to_all_and_its_end_to_the_account_that_began_it() {
    let clock = TestClock::default();
    let app = TestApp::start_with_clock(&clock).await;
    let (name, password) = ("second", "another admin");
    let added = app.service.add_user(name, password, Role::Admin).await;
    added.unwrap();
    let (admin, second) = (app.admin().await, app.principal(name, password).await);
    let shown = async |by: &Principal| {
        let inbox = app.service.inbox(by, InboxQuery::default()).await;
        inbox.unwrap().replaying
    };
    // Another server makes it.
    let run = Replaying {
        total: 9,
        done: 4,
        understood: 0,
        broken: false,
        by: ADMIN.0.to_owned(),
        saved_at: clock.now(),
        ended_at: None,
    };
    let store = app.store().await;
    let mut tx = store.write().await.unwrap();
    let lasts = Duration::from_mins(1);
    let held = leases::hold(&mut tx, "replay_all", "another", lasts).await;
    assert!(held.unwrap());
    settings::set_value(&mut tx, "replay_all", &run)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    for by in [&admin, &second] {
        assert_eq!(shown(by).await.as_ref(), Some(&run));
    }

    // That server ends.
    let mut tx = store.write().await.unwrap();
    leases::release(&mut tx, "another").await.unwrap();
    tx.commit().await.unwrap();
    let ended = shown(&admin).await.unwrap();
    assert_eq!((ended.broken, ended.ended_at), (true, Some(run.saved_at)));
    assert_eq!(shown(&second).await, None);
    clock.set_ahead(60_000);
    assert_eq!(shown(&admin).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_assigned_to_the_recording_that_was_chosen_on_its_page() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.set_faults(json!({"callbacks": "drop"})).await;
    let id = actions::start(&app, "lab-west").await.to_string();
    let lost = json!({"fileName": "lost.jpg", "downloadUrl": "http://192.0.2.1/l.jpg"});
    post(&app, "av", lost.to_string()).await;
    let odd = only(&app, &admin, InboxOnly::Files, 1).await[0].0;
    let first = |page: &str, css: &str, name: &str| {
        let (page, css) = (Html::parse_document(page), Selector::parse(css).unwrap());
        let found = page.select(&css).next().unwrap();
        found.attr(name).unwrap().to_owned()
    };
    let address = format!("/callbacks?show=unrecognised&for={id}");
    let page = actions::page(&app, &address).await;
    assert_eq!(first(&page, ".chip b", "title"), "lab-west");
    let open = first(&page, "a.msg", "href");
    let address = format!("/callbacks?show=unrecognised&call={odd}&for={id}");
    assert_eq!(open, address);
    let page = actions::page(&app, &open).await;
    assert_eq!(first(&page, ".cand input[name=recording]", "value"), id);
    assert_eq!(first(&page, ".cand button", "class"), "btn primary");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assigned_file_stays_with_its_recording() {
    let app = TestApp::without_callbacks().await;
    let admin = app.admin().await;
    // A recording that waits for its composite, and a file that made a recording of its own.
    let started = actions::start(&app, "b").await;
    actions::stop(&app, started).await;
    // It ended long before, so it does not match this recording.
    let elsewhere = file_call("b", "elsewhere.mp4", 12, "http://192.0.2.1/a.mp4").to_string();
    post(&app, "av", elsewhere.clone()).await;
    let lost = r#"{"fileName":"lost.jpg","downloadUrl":"http://192.0.2.1/l.jpg"}"#;
    post(&app, "av", lost).await;
    let marks = only(&app, &admin, InboxOnly::Files, 2).await;
    let (lost, found) = (marks[0].0, marks[1].0);
    assert_eq!(
        (marks[0].1, marks[1].1),
        (CallMark::Unrecognised, CallMark::Auto)
    );
    let view = call(&app, &admin, found).await;
    assert_eq!(view.row.after_stop, AfterStop::NoStopKnown);
    assert!(view.candidates.iter().any(|row| row.id == started));

    for _ in 0..2 {
        for call in [found, lost] {
            let assigned = app.service.assign_call(&admin, call, started, None).await;
            assigned.unwrap();
        }
    }
    let rows = library(&app.service).await.recordings;
    assert_eq!(rows.len(), 1, "the found recording is deleted");
    assert_eq!(
        (rows[0].origin, rows[0].state),
        (Origin::Started, RecordingState::Ready)
    );
    assert_eq!((rows[0].ledger.composites, rows[0].ledger.frames), (1, 1));
    let view = call(&app, &admin, lost).await;
    assert_eq!(
        (view.row.mark, view.recording_id()),
        (CallMark::Accepted, Some(started))
    );
    assert_eq!(view.assigned_by.as_deref(), Some(ADMIN.0));
    assert_eq!(open_callbacks(&app, &admin).await, 0);

    // A replay or a repeated announcement keeps the assignment.
    let before = state(&app, &admin).await;
    for id in [found, lost] {
        app.service.replay_call(&admin, id).await.unwrap();
    }
    assert_eq!(state(&app, &admin).await, before);
    post(&app, "av", elsewhere).await;
    assert_eq!(
        only(&app, &admin, InboxOnly::Files, 3).await[0].1,
        CallMark::Duplicate
    );
    assert_eq!(library(&app.service).await.recordings.len(), 1);

    post(&app, "av", r#"{"odd":1}"#).await;
    let odd = only(&app, &admin, InboxOnly::Files, 4).await[0].0;
    let refused = app.service.assign_call(&admin, odd, started, None).await;
    assert!(matches!(refused, Err(AssignError::NotAFile)), "{refused:?}");
    assert_eq!(call(&app, &admin, odd).await.assigned_by, None);
    app.service.deal_with_call(&admin, odd, true).await.unwrap();
    assert_eq!(open_callbacks(&app, &admin).await, 0);
    assert!(call(&app, &admin, odd).await.dealt.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_leaves_the_trash_only_with_the_right_to_delete() {
    let app = TestApp::without_callbacks().await;
    let admin = app.admin().await;
    for (n, room) in ["a", "b"].into_iter().enumerate() {
        post(&app, "av", file(room, room).to_string()).await;
        calls(&app, &admin, n + 1).await;
    }
    // The newest first.
    let listed = calls(&app, &admin, 2).await;
    let moved = listed[1].0;
    let kept = call(&app, &admin, listed[0].0)
        .await
        .recording_id()
        .unwrap();
    let trashed = call(&app, &admin, moved).await.recording_id().unwrap();
    let (browser, these) = (Browser::default(), Selection::These(vec![trashed]));
    let outcomes = app.service.trash(&admin, &browser, these).await;
    assert_eq!(outcomes.unwrap()[&trashed], ItemOutcome::Done);
    let store = app.store().await;
    let files_of = async |id: RecordingId| {
        let mut read = store.read().await.unwrap();
        files::of_recording(&mut read, id).await.unwrap().len()
    };
    let everything = [Grant::Everything];
    app.add_account("without", Role::Operator, "", &everything)
        .await;
    let without = app.principal("without", ADMIN.1).await;
    let refused = app.service.assign_call(&without, moved, kept, None).await;
    assert!(
        matches!(refused, Err(AssignError::Service(ServiceError::Forbidden))),
        "{refused:?}"
    );
    assert_eq!((files_of(trashed).await, files_of(kept).await), (1, 1));

    app.add_account("with", Role::Operator, "delete", &everything)
        .await;
    let with = app.principal("with", ADMIN.1).await;
    let assigned = app.service.assign_call(&with, moved, kept, None).await;
    assigned.unwrap();
    assert_eq!(files_of(kept).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_callback_passes_every_hop_and_creates_no_recording() {
    let app = TestApp::without_callbacks().await;
    let admin = app.admin().await;
    let report = app.service.send_test(&admin, true).await.unwrap();
    assert_eq!(report.failed, None, "{report:?}");
    let hops: Vec<Hop> = report.passed.iter().map(|(hop, _)| *hop).collect();
    assert_eq!(hops, [Hop::Connection, Hop::Answer]);
    assert!(!report.address.contains(SECRET));
    assert_eq!(
        calls(&app, &admin, 1).await,
        [(report.call.unwrap(), CallMark::Test)]
    );
    assert!(library(&app.service).await.recordings.is_empty());
    app.service
        .replay_call(&admin, report.call.unwrap())
        .await
        .unwrap();
    assert!(library(&app.service).await.recordings.is_empty());
    let shell = app.service.shell(&admin, None).await.unwrap();
    assert_eq!((shell.open_callbacks, shell.last_callback_at), (0, None));

    let unset = app.service.send_test(&admin, false).await;
    assert!(matches!(unset, Err(TestError::NoAddress)));
    app.service
        .add_user("op", "operates well", Role::Operator)
        .await
        .unwrap();
    let operator = app.principal("op", "operates well").await;
    let refused = app.service.send_test(&operator, true).await;
    assert!(matches!(
        refused,
        Err(TestError::Service(ServiceError::Forbidden))
    ));
    assert!(app.service.inbox_header(&operator, true).await.is_err());
    let header = app.service.inbox_header(&admin, false).await.unwrap();
    assert!(!header.file_path.contains(SECRET));
    assert!(
        app.service
            .inbox_header(&admin, true)
            .await
            .unwrap()
            .file_path
            .contains(SECRET)
    );
    assert_eq!(header.test.map(|test| test.at), Some(report.at));
}

/// A server that responds to every request with `answer`.
async fn responder(answer: String) -> url::Url {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut peer, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut request = vec![0; 64 * 1024];
                // The first connection only probes the port.
                if peer.read(&mut request).await.is_ok_and(|read| read > 0) {
                    let _ = peer.write_all(answer.as_bytes()).await;
                }
            });
        }
    });
    url.parse().unwrap()
}

/// The report of a test callback to this public address.
async fn test_at(public_url: url::Url) -> TestReport {
    let app = TestApp::with_public_url(public_url).await;
    let admin = app.admin().await;
    app.service.send_test(&admin, false).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_obstacle_is_named() {
    let http = |head: &str, body: &str| {
        let length = body.len();
        format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\n\r\n{body}")
    };
    let ours = r#"{"success":"true"}"#;
    let moved = "301 To\r\nlocation: https://x/s3cret/AR";
    let to = "https://x/••••/AR".to_owned();
    for (answer, obstacle) in [
        (http("404 No", ""), Obstacle::NotFound),
        (http("401 No", ""), Obstacle::Gate(401)),
        (http("413 No", ""), Obstacle::TooLarge),
        (http("502 No", ""), Obstacle::Behind(502)),
        (
            http("200 OK\r\ncontent-type: text/html", "<p>"),
            Obstacle::Page(200),
        ),
        (http(moved, ""), Obstacle::Redirect(301, to)),
        (http("200 OK", "{}"), Obstacle::Other(200)),
        ("nonsense\r\n\r\n".to_owned(), Obstacle::Broken),
        (
            http("200 OK\r\nconnection: close", ours),
            Obstacle::AnotherReelroom,
        ),
    ] {
        let report = test_at(responder(answer.clone()).await).await;
        assert_eq!(report.failed, Some((Hop::Answer, obstacle)), "{answer}");
        assert_eq!(report.call, None);
    }
    for (url, failed) in [
        ("http://127.0.0.1:1", (Hop::Connection, Obstacle::Refused)),
        ("http://nowhere.invalid", (Hop::Name, Obstacle::NoName)),
    ] {
        let report = test_at(url.parse().unwrap()).await;
        assert_eq!(report.failed, Some(failed), "{url}");
    }
    let plain = responder("nonsense\r\n\r\n".to_owned()).await;
    let secure = format!("https://127.0.0.1:{}", plain.port().unwrap());
    let report = test_at(secure.parse().unwrap()).await;
    assert!(
        matches!(report.failed, Some((Hop::Tls, Obstacle::NotSecure(_)))),
        "{report:?}"
    );
}

/// A listener that accepts connections up to `queue` and never responds.
fn silent_listener(queue: u32) -> TcpListener {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    socket.listen(queue).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_server_is_reported_in_time() {
    let (silent, full) = (silent_listener(16), silent_listener(0));
    let (silent_at, full_at) = (silent.local_addr().unwrap(), full.local_addr().unwrap());
    let mut queue = Vec::new();
    let one_more = || timeout(Duration::from_millis(300), TcpStream::connect(full_at));
    while let Ok(caller) = one_more().await {
        queue.push(caller.unwrap());
    }
    for (url, passed, failed, expected_text) in [
        (
            format!("http://{full_at}"),
            vec![],
            (Hop::Connection, Obstacle::Unreachable),
            "No connection within",
        ),
        (
            format!("http://{silent_at}"),
            vec![Hop::Connection],
            (Hop::Answer, Obstacle::NoAnswer),
            "Connected, but no answer",
        ),
        (
            format!("https://{silent_at}"),
            vec![Hop::Connection],
            (Hop::Tls, Obstacle::NoAnswer),
            "Connected, but no answer",
        ),
    ] {
        let app = TestApp::with_config(|config| {
            config.public_url = Some(url.parse().unwrap());
            config.limits.test_patience = Duration::from_millis(400);
        })
        .await;
        let admin = app.admin().await;
        let begun = Instant::now();
        let report = app.service.send_test(&admin, false).await.unwrap();
        let taken = begun.elapsed();
        assert!(taken < Duration::from_secs(4), "{url}: {taken:?}");
        let hops: Vec<Hop> = report.passed.iter().map(|(hop, _)| *hop).collect();
        assert_eq!((hops, report.failed), (passed, Some(failed)), "{url}");
        let page = without_data(&actions::page(&app, "/callbacks").await);
        assert!(page.contains(expected_text), "{url}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_says_what_an_unreadable_file_is_and_can_take_it_back() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.set_faults(json!({"callbacks": "drop"})).await;
    let id = actions::start(&app, "lab-west").await;
    actions::stop(&app, id).await;
    post(&app, "av", r#"{"type":"9","fileName":"what.bin"}"#).await;
    let odd = only(&app, &admin, InboxOnly::Files, 1).await[0].0;
    let before = call(&app, &admin, odd).await;
    assert_eq!(before.assignable, Assignable::AskKind);
    let kind = Some(FileKind::Composite);
    let assigned = app.service.assign_call(&admin, odd, id, kind).await;
    assigned.unwrap();
    let view = app.recording(id).await;
    assert_eq!(view.files[0].kind, FileKind::Composite);
    // Nothing can be fetched from no address, so the recording is not complete.
    assert_eq!(view.row.state, RecordingState::AwaitingFiles);
    let after = call(&app, &admin, odd).await;
    assert!(after.can_unassign && after.row.mark == CallMark::Accepted);

    // No file of a recording on hold is forgotten.
    let browser = Browser::default();
    let held = app.service.hold(&admin, &browser, id, "Complaint").await;
    held.unwrap();
    let refused = app.service.unassign_call(&admin, odd).await;
    assert!(matches!(refused, Err(AssignError::Settled)), "{refused:?}");
    let view = app.recording(id).await;
    assert_eq!(view.files.len(), 1);
    let released = app.service.release(&admin, &browser, id, None, "Over");
    released.await.unwrap();

    app.service.unassign_call(&admin, odd).await.unwrap();
    let view = app.recording(id).await;
    assert_eq!(
        (view.files.len(), view.row.state),
        (0, RecordingState::AwaitingFiles)
    );
    let again = call(&app, &admin, odd).await;
    assert_eq!((again.row.mark, again.assigned_by), (before.row.mark, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complete_recording_stays_ready_when_an_assignment_is_taken_back() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let id = actions::start(&app, "lab-east").await;
    actions::stop(&app, id).await;
    let names = async || {
        let view = app.service.recording(anyone(), id).await.ok()?;
        let names: Vec<_> = view.files.into_iter().map(|file| file.name).collect();
        (view.row.state == RecordingState::Ready).then_some(names)
    };
    eventually("a ready recording", names).await;
    post(&app, "av", r#"{"type":"9","fileName":"what.bin"}"#).await;
    let odd = eventually("the odd call", || async {
        let inbox = app.service.inbox(&admin, InboxQuery::default()).await;
        let calls = inbox.unwrap().calls;
        let odd = calls
            .iter()
            .find(|row| row.mark == CallMark::Unrecognised)?;
        Some(odd.id)
    })
    .await;
    let kind = Some(FileKind::Composite);
    let assigned = app.service.assign_call(&admin, odd, id, kind).await;
    assigned.unwrap();
    let is_there = |names: Vec<String>| names.iter().any(|name| name.contains("what.bin"));
    assert_eq!(names().await.map(is_there), Some(true));
    app.service.unassign_call(&admin, odd).await.unwrap();
    // Frames may still be announced meanwhile.
    assert_eq!(names().await.map(is_there), Some(false));
}
