//! Understanding does not depend on the order and the number of calls, and loses none.

use std::{collections::BTreeMap, sync::atomic::Ordering};

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};
use reelroom_anyrtc::status::{self, What};
use reelroom_domain::{
    callback::{CallbackKind, Verdict},
    ids::CallId,
};
use reelroom_store::{
    recordings,
    testing::{self, Databases},
};
use serde_json::{Value, json};

use super::rig::{Posted, Rig, event, file, files_of, statuses_of};
use crate::{AcceptError, RawCall, testing::on_both};

/// The calls of an evening: two recordings that were started here, one of them unanswered; the
/// participants of the other, one event a call; files with and without a token, of three automatic
/// recordings in one room, the first of which is one only by the file that spans its parts; two
/// files of one meeting; a version and a take of a file; and a call that is no callback.
async fn evening(rig: &Rig) -> Vec<Posted> {
    let board = rig.insert_started("board", 0, Some(600)).await;
    let early = rig.insert_started("early", 0, None).await;
    let composite = |size: u64, times| {
        let mut file = file("board", 1, "ar_board_20261125_a7Kd.mp4", times, &board);
        file["fileSize"] = size.into();
        file
    };
    let mut what_is_it = file("x", 1, "y", (0, 1), "");
    what_is_it["type"] = "9".into();
    let calls = [
        composite(7, (0, 600)),
        file("board", 2, "ann", (0, 300), &board),
        file("board", 2, "bob", (5, 600), &board),
        file("board", 3, "ar_board_20261125_k3Jf.jpg", (60, 60), ""),
        file("early", 1, "early.mp4", (1, 50), &early),
        file("early", 2, "ann", (1, 50), &early),
        file("auto", 2, "left", (1000, 1100), ""),
        file("auto", 2, "right", (1200, 1300), ""),
        file("auto", 1, "q8w7e6", (1050, 1250), ""),
        file("auto", 1, "n2b3v4", (1300, 1400), ""),
        file("auto", 2, "later", (3000, 3100), ""),
        file("met", 2, "ann", (0, 100), ""),
        file("met", 1, "v7c6x5", (200, 300), ""),
        what_is_it,
        json!([1, 2]),
    ];
    let mut bodies = files_of(calls);
    bodies.extend(statuses_of([status::write(&[
        event("met", What::MeetingBegan, "", -5),
        event("met", What::MeetingEnded, "", 305),
    ])]));
    bodies.extend(statuses_of([
        status::write(&[
            event("board", What::MeetingBegan, "", -5),
            event("board", What::Online, "ann", 0),
        ]),
        status::write(&[event("board", What::Online, "bob", 5)]),
    ]));
    bodies.push((CallbackKind::Av, b"{broken".to_vec()));
    bodies.push((CallbackKind::Status, b"\xff\xfe\0".to_vec()));
    bodies.extend(files_of([composite(8, (0, 600)), composite(9, (600, 610))]));
    bodies
}

async fn state_after(
    databases: &Databases,
    order: &[usize],
    portion: usize,
) -> (Vec<String>, BTreeMap<String, Vec<&'static str>>) {
    let rig = Rig::open_on(databases).await;
    let bodies = evening(&rig).await;
    let bodies: Vec<_> = order.iter().map(|&which| bodies[which].clone()).collect();
    for some in bodies.chunks(portion) {
        rig.understand_calls(some).await;
    }
    let observable = rig.observable().await;
    // A property opens more databases than PostgreSQL has connections.
    rig.store().close().await;
    observable
}

/// Every call once or more in a random order.
fn shuffled_order(seed: u64, doubled: &[usize], calls: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..calls).chain(doubled.iter().copied()).collect();
    order.shuffle(&mut StdRng::seed_from_u64(seed));
    order
}

const CALLS: usize = 22;

/// Tests a property for this number of values of `what`.
pub(super) fn holds<W: Strategy>(
    cases: u32,
    what: &W,
    property: impl AsyncFn(W::Value) -> Result<(), TestCaseError>,
) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let mut runner = TestRunner::new(Config {
        cases,
        max_shrink_iters: cases * 8,
        failure_persistence: None,
        ..Config::default()
    });
    let held = runner.run(what, |drawn| runtime.block_on(property(drawn)));
    held.unwrap_or_else(|why| panic!("{why}"));
}

/// Understands the calls in order on SQLite, and shuffled on these databases.
fn calls_end_in_the_same_state(databases: &Databases, cases: u32) {
    let sqlite = Databases::on_sqlite();
    let drawn = (any::<u64>(), vec(0..CALLS, 0..12), 1..20_usize);
    holds(cases, &drawn, async |(seed, mut doubled, portion)| {
        doubled.sort_unstable();
        let in_order: Vec<usize> = (0..CALLS).chain(doubled.iter().copied()).collect();
        let in_order = state_after(&sqlite, &in_order, 1).await;
        let shuffled =
            state_after(databases, &shuffled_order(seed, &doubled, CALLS), portion).await;
        prop_assert_eq!(in_order.0, shuffled.0);
        prop_assert_eq!(in_order.1, shuffled.1);
        Ok(())
    });
}

#[test]
fn calls_end_in_the_same_state_in_any_order_on_sqlite() {
    calls_end_in_the_same_state(&Databases::on_sqlite(), 24);
}

#[test]
fn calls_end_in_the_same_state_in_any_order_on_postgres() {
    calls_end_in_the_same_state(&Databases::on_postgres(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_evening_is_understood() {
    let order: Vec<usize> = (0..CALLS).collect();
    let (observable, verdicts) = state_after(&Databases::on_sqlite(), &order, CALLS).await;
    let states: Vec<String> = observable
        .iter()
        .map(|recording| {
            recording
                .split([' ', '\n'])
                .take(3)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    assert_eq!(
        states,
        [
            "auto AutoRecorded AwaitingFiles",
            "auto AutoRecorded Ready",
            "auto AutoRecorded Ready",
            "board Started Ready",
            "early Started Ready",
            "met AutoRecorded Ready",
        ],
        "{observable:#?}"
    );
    let count = |verdict: &str| {
        verdicts
            .values()
            .flatten()
            .filter(|one| **one == verdict)
            .count()
    };
    assert_eq!(
        ["accepted", "duplicate", "unrecognised", "malformed", "none"].map(count),
        [18, 0, 2, 2, 0]
    );
}

on_both! {
    understand_again, understanding_everything_again_changes_nothing_on_sqlite, understanding_everything_again_changes_nothing_on_postgres;
}

async fn understand_again(databases: &Databases) {
    let rig = Rig::open_on(databases).await;
    let mut bodies = evening(&rig).await;
    bodies.extend(bodies.clone());
    rig.understand_calls(&bodies).await;
    // One that ended before any participant was known.
    rig.insert_started("late", 0, Some(600)).await;
    let late = |what, user, at| event("late", what, user, at);
    let event = |what, user, at| event("auto", what, user, at);
    let mut statuses: Vec<Value> = [
        vec![
            late(What::MeetingBegan, "", -5),
            late(What::Online, "ann", 0),
            late(What::Online, "bob", 5),
        ],
        vec![
            late(What::Offline, "bob", 300),
            late(What::MeetingEnded, "", 605),
        ],
        vec![
            event(What::MeetingBegan, "", 900),
            event(What::Online, "ann", 901),
        ],
        vec![event(What::ScreenOn, "ann", 950)],
        vec![
            event(What::ScreenOff, "ann", 960),
            event(What::Online, "bob", 970),
        ],
        vec![
            event(What::Offline, "ann", 1000),
            event(What::Online, "ann", 1010),
        ],
        vec![event(What::MeetingEnded, "", 1500)],
        vec![
            event(What::MeetingBegan, "", 1600),
            event(What::Online, "ann", 1601),
        ],
        vec![event(What::ScreenOn, "ann", 1602)],
        vec![event(What::ScreenOff, "ann", 1603)],
    ]
    .iter()
    .map(|events| status::write(events))
    .collect();
    statuses.push(json!({"what": "ever"}));
    rig.append(&statuses_of(statuses)).await;
    // Only the times of understanding may differ.
    let now = rig.clock.0.load(Ordering::Relaxed);
    rig.understand().await;
    let all = testing::all_calls(rig.store()).await;
    let mut all: Vec<CallId> = all.iter().map(|known| known.call.id).collect();
    assert_eq!(all.len(), 2 * CALLS + 11);
    for call in &all {
        rig.understand_again(*call).await;
    }
    rig.clock.0.store(now, Ordering::Relaxed);
    let once = testing::dump(rig.store(), &["understood_at"]).await;
    for what in ["malformed", "n2b3v4", "expected_tracks "] {
        assert!(once.contains(what), "{what}: {once}");
    }
    // With their present entries, in any order, alone and together.
    all.shuffle(&mut StdRng::seed_from_u64(7));
    for call in &all {
        rig.understand_again(*call).await;
    }
    let twice = testing::dump(rig.store(), &["understood_at"]).await;
    assert_same_lines(&once, &twice);
}

/// Asserts equality, and shows only the first line that differs.
pub(super) fn assert_same_lines(once: &str, twice: &str) {
    for (one, other) in once.lines().zip(twice.lines()) {
        assert_eq!(one, other);
    }
    assert_eq!(once.lines().count(), twice.lines().count());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_file_announced_twice_is_one() {
    let rig = Rig::open().await;
    // Eight years before its announcement, among hundreds of later recordings.
    let mut old = file("archive", 1, "8c1f0be2a974", (0, 3), "");
    old["startTime"] = "2018-3-21 13:06:27".into();
    old["endTime"] = "2018-3-21 13:06:30".into();
    let mut bodies: Vec<Value> = (0..150)
        .map(|n| file("archive", 1, &format!("f{n}"), (n * 10, n * 10 + 5), ""))
        .collect();
    bodies.insert(0, old.clone());
    bodies.push(old.clone());
    rig.understand_calls(&files_of(bodies)).await;
    let (observable, _) = rig.observable().await;
    assert_eq!(observable.len(), 151);
    // Again, after a file of today.
    let today = file("archive", 1, "today", (2000, 2100), "");
    rig.understand_calls(&files_of([today, old])).await;
    let (observable, _) = rig.observable().await;
    assert_eq!(observable.len(), 152);
}

#[tokio::test(flavor = "multi_thread")]
async fn rejected_calls_are_counted() {
    let rig = Rig::open().await;
    let call = |remote: &str| RawCall {
        kind: CallbackKind::Av,
        body: b"{}".to_vec(),
        content_type: None,
        content_encoding: None,
        remote: Some(remote.parse().unwrap()),
        secrets: vec!["wrong".to_owned()],
        app: None,
    };
    assert_eq!(rig.service.rejected().await.unwrap().last, None);
    let mut rng = StdRng::seed_from_u64(3);
    for number in 0..300 {
        let remote = format!("198.51.100.{}", rng.random_range(0..=number % 150));
        let refused = rig.service.accept_call(call(&remote)).await;
        assert!(matches!(refused, Err(AcceptError::NotAllowed)));
    }
    rig.service.store_rejected().await.unwrap();
    rig.clock.0.fetch_add(1, Ordering::Relaxed);
    for _ in 0..12 {
        let refused = rig.service.accept_call(call("203.0.113.7")).await;
        assert!(matches!(refused, Err(AcceptError::NotAllowed)));
    }
    for kept in [false, true] {
        if kept {
            rig.service.store_rejected().await.unwrap();
        }
        let view = rig.service.rejected().await.unwrap();
        let last = view.last.unwrap();
        assert_eq!((last.remote.as_str(), last.calls), ("203.0.113.7", 12));
        assert!(view.calls <= 312 && view.calls > 200, "{}", view.calls);
    }
    assert_eq!(testing::all_calls(rig.store()).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_times_for_two_recordings_is_one_file() {
    let rig = Rig::open().await;
    rig.insert_started("board", 0, Some(600)).await;
    rig.insert_started("board", 700, Some(1300)).await;
    // With its composite each of them is complete.
    testing::execute(rig.store(), "UPDATE recordings SET tracks_expected = 0").await;
    let mut composite = file("board", 1, "ar_board_20261125_a7Kd.mp4", (0, 0), "");
    for unknown in ["startTime", "endTime", "duration"] {
        composite.as_object_mut().unwrap().remove(unknown);
    }
    // In one batch, alone, and again with another signature.
    rig.understand_calls(&files_of([composite.clone(), composite.clone()]))
        .await;
    composite["downloadUrl"] = "http://files.example/ar_board_20261125_a7Kd.mp4?sign=2".into();
    rig.understand_calls(&files_of([composite])).await;
    let (observable, _) = rig.observable().await;
    let files = |observable: &String| observable.matches("ar_board_20261125_a7Kd.mp4\"").count();
    assert_eq!(
        observable.iter().map(files).sum::<usize>(),
        1,
        "{observable:#?}"
    );
    let ready = |observable: &&String| observable.contains(" Ready ");
    assert_eq!(
        observable.iter().filter(ready).count(),
        1,
        "{observable:#?}"
    );
}

/// A recording with its composite and one that runs; then the composite again, with another size
/// and address, and with another time.
async fn announce_again(rule: &'static str, name: &str, together: bool) -> Vec<String> {
    let rig = Rig::open().await;
    rig.insert_started("board", 0, Some(600)).await;
    rig.insert_started("board", 660, None).await;
    testing::execute(rig.store(), "UPDATE recordings SET tracks_expected = 0").await;
    testing::execute(rig.store(), rule).await;
    let mut calls = vec![file("board", 1, name, (0, 700), "")];
    for (time, size) in [(700, 7), (720, 8)] {
        let mut anew = file("board", 1, name, (0, time), "");
        anew["fileSize"] = size.into();
        anew["downloadUrl"] = format!("http://files.example/again/{size}/{name}").into();
        calls.push(anew);
    }
    for some in calls.chunks(if together { calls.len() } else { 1 }) {
        rig.understand_calls(&files_of(some.to_vec())).await;
    }
    let (observable, _) = rig.observable().await;
    let named = format!("name: {name:?}");
    let mut versions: Vec<String> = observable
        .iter()
        .map(|recording| {
            let state = recording.split(' ').nth(2).unwrap();
            format!("{state} {}", recording.matches(&named).count())
        })
        .collect();
    versions.sort();
    versions
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_announced_again_without_a_token_stays_with_its_recording() {
    for together in [false, true] {
        let random = "UPDATE recordings SET rule = 'ar_{roomid}_{date}_{random}'";
        let observable = announce_again(random, "ar_board_20261125_a7Kd.mp4", together).await;
        assert_eq!(observable, ["Ready 3", "Requested 0"], "{together}");
        // The next recording uses its names again: a file of the same times is the same file, any
        // other belongs to the next recording.
        let date = "UPDATE recordings SET rule = 'ar_{roomid}_{date}'";
        let observable = announce_again(date, "ar_board_20261125.mp4", together).await;
        assert_eq!(observable, ["Ready 1", "Ready 2"], "{together}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_found_recording_shows_no_token() {
    let rig = Rig::open().await;
    let token = rig.insert_started("board", 0, Some(600)).await;
    let sealed = token.replacen('{', r#"{"data":"mine","#, 1);
    let calls = rig
        .understand_calls(&files_of([
            file("elsewhere", 1, "one", (0, 300), &token),
            file("somewhere", 1, "two", (0, 300), &sealed),
        ]))
        .await;
    let mut data = Vec::new();
    for call in calls {
        let recording = rig.entry(call).await.understood.recording.unwrap();
        let mut read = rig.store().read().await.unwrap();
        let recording = recordings::get(&mut read, recording).await;
        data.push(recording.unwrap().unwrap().user_data);
    }
    assert_eq!(data, [None, Some("mine".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_fails_again_keeps_its_entry() {
    let rig = Rig::open().await;
    let token = rig.insert_started("board", 0, Some(600)).await;
    let calls = rig
        .understand_calls(&files_of([file("board", 2, "ann", (0, 300), &token)]))
        .await;
    testing::execute(rig.store(), "UPDATE recordings SET state = 'spilt'").await;
    let before = rig.entry(calls[0]).await;
    rig.understand_again(calls[0]).await;
    assert_eq!(rig.entry(calls[0]).await, before);
    assert_eq!(before.understood.verdict, Verdict::Accepted);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unstorable_name_is_not_understood() {
    let rig = Rig::open().await;
    let calls = rig
        .understand_calls(&files_of(
            [1000, 1001].map(|long| file("board", 1, &"n".repeat(long), (0, 300), "")),
        ))
        .await;
    let mut became = Vec::new();
    for call in calls {
        became.push(rig.entry(call).await.understood.verdict);
    }
    assert_eq!(became, [Verdict::Accepted, Verdict::Unrecognised]);
}
