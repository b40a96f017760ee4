//! The calls' own database: acknowledgements depend on no other writer, and recover after failures.

use std::{
    io::Write,
    time::{Duration, Instant},
};

use crate::common::{SECRET, TestApp, eventually, within};
use flate2::{
    Compression,
    write::{DeflateEncoder, GzEncoder},
};
use futures::future::join_all;
use reelroom::{Limits, TrustedProxies};
use reelroom_domain::{
    callback::Verdict,
    inbox::{CallMark, CallRow, Inbox},
};
use reelroom_service::{InboxQuery, Principal, SystemClock};
use reelroom_store::{
    Store,
    testing::{self, Databases},
};
use reqwest::{Response, header};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// The promise: a caller has its answer by then.
const ANSWER: Duration = Duration::from_secs(5);

fn file(name: &str) -> String {
    format!(r#"{{"type":"1","groupId":"room","fileName":"{name}"}}"#)
}

async fn post(app: &TestApp, body: String) -> Response {
    let call = app.callback("av");
    call.body(body).send().await.unwrap()
}

/// Posts `count` files, one after another.
async fn store_files(app: &TestApp, prefix: &str, count: usize) {
    for number in 0..count {
        let answer = post(app, file(&format!("{prefix}{number}"))).await;
        assert_eq!(answer.status(), 200);
    }
}

async fn wait_until_accepted(store: &Store, count: usize) {
    eventually("all to be understood", async || {
        let all = testing::all_calls(store).await;
        assert!(all.len() <= count);
        let accepted = all
            .iter()
            .filter(|known| known.verdict() == Some(Verdict::Accepted));
        (accepted.count() == count && testing::count_waiting(store).await == 0).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acknowledgement_does_not_wait_for_other_writers() {
    let app = TestApp::without_callbacks().await;
    let store = app.store().await;
    let begun = Instant::now();
    store_files(&app, "before", 20).await;
    let usual = begun.elapsed();
    wait_until_accepted(&store, 20).await;

    let other = store.write().await.unwrap();
    let begun = Instant::now();
    store_files(&app, "meanwhile", 20).await;
    let taken = begun.elapsed();
    assert!(
        taken < usual * 10 + Duration::from_secs(1),
        "{taken:?} and usually {usual:?}"
    );
    let all = testing::all_calls(&store).await;
    assert_eq!(all.len(), 40);
    assert!(all[20..].iter().all(|known| known.entry.is_none()));
    other.commit().await.unwrap();
    wait_until_accepted(&store, 40).await;
}

/// Time until each of `count` calls at once has its 503.
async fn time_to_refusal(app: &TestApp, count: usize) -> Duration {
    let begun = Instant::now();
    let calls = (0..count).map(async |number| {
        let answer = post(app, file(&format!("refused{number}"))).await;
        assert_eq!(answer.status(), 503);
        assert_eq!(answer.headers()[header::RETRY_AFTER], "5");
    });
    join_all(calls).await;
    begun.elapsed()
}

async fn all_callers_get_503_in_time(databases: &Databases) {
    let app = TestApp::with_config(|config| config.database = databases.another()).await;
    let store = app.store().await;
    store_files(&app, "before", 1).await;
    wait_until_accepted(&store, 1).await;

    let other = testing::lock_calls(&store).await;
    // 100 calls during the first attempt, then one after it failed.
    for count in [100, 1] {
        within(ANSWER, async |_| time_to_refusal(&app, count).await).await;
    }
    other.commit().await.unwrap();
    eventually("a call to be stored again", async || {
        (post(&app, file("again")).await.status() == 200).then_some(())
    })
    .await;
    let stored = testing::all_calls(&store).await.len();
    store_files(&app, "later", 20).await;
    wait_until_accepted(&store, stored + 20).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_calls_cannot_be_stored_all_callers_get_503_in_time_on_sqlite() {
    all_callers_get_503_in_time(&Databases::on_sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_calls_cannot_be_stored_all_callers_get_503_in_time_on_postgres() {
    all_callers_get_503_in_time(&Databases::on_postgres()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_over_quota_are_deleted_once_the_database_is_writable() {
    let app = TestApp::with_config(|config| config.limits.unusable_calls = 1).await;
    let store = app.store().await;
    let odd = |number: usize| format!(r#"{{"odd":{number}}}"#);
    assert_eq!(post(&app, odd(1)).await.status(), 200);
    let understood = async |count: usize| {
        eventually("it is understood", async || {
            let all = testing::all_calls(&store).await;
            let newest = all.last().unwrap();
            (all.len() == count && newest.entry.is_some()).then_some(())
        })
        .await;
    };
    understood(1).await;
    // The second call is understood while the calls' database is locked; the first is then over
    // quota.
    let other = store.write().await.unwrap();
    assert_eq!(post(&app, odd(2)).await.status(), 200);
    let locked = store.write_calls().await.unwrap();
    other.commit().await.unwrap();
    understood(2).await;
    assert_eq!(post(&app, odd(3)).await.status(), 503);
    locked.commit().await.unwrap();
    eventually("a call to be stored again", async || {
        (post(&app, odd(4)).await.status() == 200).then_some(())
    })
    .await;
    eventually("only the newest is left", async || {
        let all = testing::all_calls(&store).await;
        let bodies: Vec<_> = all.iter().map(|known| &known.call.content.body).collect();
        (bodies == [odd(4).as_bytes()]).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_content_encoding_is_stored_with_the_body() {
    let app = TestApp::without_callbacks().await;
    let store = app.store().await;
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::fast());
    deflated.write_all(file("deflated").as_bytes()).unwrap();
    let mut gzipped = GzEncoder::new(Vec::new(), Compression::fast());
    gzipped.write_all(file("gzipped").as_bytes()).unwrap();
    // Deflated bytes have no signature: only the header shows that they are compressed.
    let calls = [
        ("deflate", deflated.finish().unwrap()),
        ("gzip", gzipped.finish().unwrap()),
    ];
    for (encoding, body) in &calls {
        let call = app.callback("av");
        let call = call.header(header::CONTENT_ENCODING, *encoding);
        let answer = call.body(body.clone()).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{encoding}");
    }
    wait_until_accepted(&store, 2).await;
    let all = testing::all_calls(&store).await;
    for ((encoding, body), known) in calls.iter().zip(&all) {
        let content = &known.call.content;
        assert_eq!(content.content_encoding.as_deref(), Some(*encoding));
        assert_eq!(&content.body, body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_content_length_of_a_terabyte_is_413_at_once() {
    let app = TestApp::without_callbacks().await;
    let address = app
        .listen_with(Limits::default(), TrustedProxies::default())
        .await;
    for path in [
        format!("/{SECRET}/AR/V1/av"),
        format!("/AR/V1/status/{SECRET}"),
        "/wrong/AR/V1/av".to_owned(),
        "/wrong/AR/V1/status".to_owned(),
        "/AR/V1/av/".to_owned(),
    ] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head =
            format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000000\r\n\r\n{{");
        let begun = Instant::now();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let read = timeout(Duration::from_secs(20), stream.read_to_end(&mut answer));
        read.await.unwrap().unwrap();
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with("HTTP/1.1 413 "), "{path}: {answer}");
        // Well below the deadline of a body.
        let taken = begun.elapsed();
        assert!(taken < Duration::from_secs(5), "{path}: {taken:?}");
    }
    assert_eq!(app.service.rejected().await.unwrap().calls, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_missing_in_a_restored_database_are_understood_again() {
    let app = TestApp::without_callbacks().await;
    let store = app.store().await;
    store_files(&app, "copied", 5).await;
    wait_until_accepted(&store, 5).await;
    testing::execute(&store, "DELETE FROM inbox WHERE call_id > 3").await;
    let _restored = app.open_again(SystemClock).await;
    wait_until_accepted(&store, 5).await;
}

async fn page(app: &TestApp, by: &Principal, before: Option<String>) -> Inbox {
    let query = InboxQuery {
        before,
        ..InboxQuery::default()
    };
    app.service.inbox(by, query).await.unwrap()
}

/// Every page of the inbox, newest first.
async fn list(app: &TestApp, by: &Principal) -> Vec<CallRow> {
    let (mut rows, mut before) = (Vec::new(), None);
    loop {
        let page = page(app, by, before).await;
        rows.extend(page.calls);
        before = page.older;
        if before.is_none() {
            return rows;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_calls_are_listed_once_and_newest_first() {
    const UNDERSTOOD: usize = 70;
    const ALL: usize = 200;
    let app = TestApp::without_callbacks().await;
    let me = app.admin().await;
    let store = app.store().await;
    store_files(&app, "understood", UNDERSTOOD).await;
    wait_until_accepted(&store, UNDERSTOOD).await;

    let other = store.write().await.unwrap();
    store_files(&app, "waiting", ALL - UNDERSTOOD).await;
    let expected: Vec<_> = testing::all_calls(&store).await;
    let expected: Vec<_> = expected.iter().rev().map(|known| known.call.id).collect();
    assert_eq!(expected.len(), ALL);
    let ids = |rows: &[CallRow]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
    let waiting = |rows: &[CallRow]| {
        let waiting = rows.iter().filter(|row| row.mark == CallMark::Waiting);
        waiting.count()
    };
    let rows = list(&app, &me).await;
    assert_eq!(ids(&rows), expected);
    assert_eq!(waiting(&rows), ALL - UNDERSTOOD);
    assert_eq!(waiting(&rows[ALL - UNDERSTOOD..]), 0);
    let total = u32::try_from(ALL).unwrap();
    assert_eq!(page(&app, &me, None).await.counts[0].1, total);
    // A replay of a waiting call keeps its place.
    app.service.replay_call(&me, expected[0]).await.unwrap();
    other.commit().await.unwrap();

    eventually("all to be understood", async || {
        let rows = list(&app, &me).await;
        assert_eq!(ids(&rows), expected);
        (waiting(&rows) == 0).then_some(())
    })
    .await;
    wait_until_accepted(&store, ALL).await;
    assert_eq!(page(&app, &me, None).await.counts[0].1, total);
}
