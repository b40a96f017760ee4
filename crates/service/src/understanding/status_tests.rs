//! Meetings do not depend on the order and the number of status calls, also where some are lost.

use std::sync::atomic::Ordering;

use proptest::{collection::vec, prelude::*};
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use reelroom_anyrtc::status::{self, What};
use reelroom_domain::{
    callback::Verdict, ids::CallId, meeting::participants, room::RoomId, time::Timestamp,
};
use reelroom_store::{
    meetings,
    testing::{self, Databases},
};

use super::{
    rig::{BEGIN, Posted, Rig, event, statuses_of},
    tests::{assert_same_lines, holds},
};
use crate::testing::on_both;

/// The calls of an evening in a room, one event each: a meeting with a lost End; one with a
/// participant who leaves and comes back, a shared screen, and a second Begin by another clock; one
/// that was over within a second; one that began as that one ended; and one that is on.
const EVENING: [(What, &str, i64); 30] = [
    (What::MeetingBegan, "", -600),
    (What::Online, "bob", -590),
    (What::Offline, "bob", -400),
    (What::MeetingBegan, "", 0),
    (What::Online, "ann", 0),
    (What::MeetingBegan, "", 3),
    (What::Online, "bob", 5),
    (What::ScreenOn, "bob", 60),
    (What::ScreenOff, "bob", 120),
    (What::Offline, "ann", 300),
    (What::Online, "cyd", 310),
    (What::Online, "ann", 400),
    (What::Offline, "bob", 580),
    (What::Offline, "ann", 590),
    (What::MeetingEnded, "", 600),
    (What::Online, "eve", 699),
    (What::MeetingBegan, "", 700),
    (What::Online, "ann", 700),
    (What::Offline, "ann", 700),
    (What::MeetingEnded, "", 700),
    (What::MeetingBegan, "", 800),
    (What::Online, "ann", 801),
    (What::Offline, "ann", 900),
    (What::MeetingEnded, "", 900),
    (What::MeetingBegan, "", 900),
    (What::Online, "ann", 900),
    (What::Online, "cyd", 905),
    (What::ScreenOn, "ann", 950),
    (What::Offline, "cyd", 1200),
    (What::MeetingBegan, "", 1300),
];

fn bodies(order: &[usize]) -> Vec<Posted> {
    let calls = order.iter().map(|&which| {
        let (what, who, at) = EVENING[which];
        status::write(&[event("hall", what, who, at)])
    });
    statuses_of(calls)
}

/// Meetings and their participants, without ids, then each stay.
async fn observable(rig: &Rig) -> Vec<String> {
    let mut read = rig.store().read().await.unwrap();
    let hall = RoomId::new("hall").unwrap();
    let since = Timestamp::from_millis(0);
    let known = meetings::since(&mut read, rig.app, &hall, since).await;
    let second = |at: Timestamp| at.as_millis() / 1000 - BEGIN;
    let mut observable = Vec::new();
    for meeting in known.unwrap() {
        let stays = meetings::stays(&mut read, meeting.id).await;
        let people: Vec<String> = participants(&stays.unwrap())
            .iter()
            .map(|person| {
                let (from, to) = (second(person.joined_at), person.left_at.map(second));
                let screen = if person.shares_screen { " shares" } else { "" };
                format!("{} {from}..{to:?}{screen}", person.who)
            })
            .collect();
        let (from, to) = (second(meeting.began_at), meeting.ended_at.map(second));
        observable.push(format!("{from}..{to:?}: {}", people.join(", ")));
    }
    drop(read);
    let rows = testing::dump(rig.store(), &["meeting_id"]).await;
    let stays = rows.lines().filter(|row| row.starts_with("participants "));
    observable.extend(stays.map(str::to_owned));
    observable
}

async fn state_after(databases: &Databases, order: &[usize], portion: usize) -> Vec<String> {
    let rig = Rig::open_on(databases).await;
    for some in bodies(order).chunks(portion) {
        rig.understand_calls(some).await;
    }
    let observable = observable(&rig).await;
    rig.store().close().await;
    observable
}

/// Understands the calls in order on SQLite, and shuffled on these databases.
fn meetings_are_the_same(databases: &Databases, cases: u32) {
    let sqlite = Databases::on_sqlite();
    let some = || vec(0..EVENING.len(), 0..6);
    let drawn = (any::<u64>(), some(), some(), 1..10_usize);
    holds(cases, &drawn, async |(seed, lost, doubled, portion)| {
        let received = (0..EVENING.len()).filter(|which| !lost.contains(which));
        let in_order: Vec<usize> = received.collect();
        let again = doubled.into_iter().filter(|which| !lost.contains(which));
        let mut shuffled: Vec<usize> = in_order.iter().copied().chain(again).collect();
        shuffled.shuffle(&mut StdRng::seed_from_u64(seed));
        let in_order = state_after(&sqlite, &in_order, 1).await;
        prop_assert_eq!(in_order, state_after(databases, &shuffled, portion).await);
        Ok(())
    });
}

#[test]
fn meetings_are_the_same_in_any_order_on_sqlite() {
    meetings_are_the_same(&Databases::on_sqlite(), 24);
}

#[test]
fn meetings_are_the_same_in_any_order_on_postgres() {
    meetings_are_the_same(&Databases::on_postgres(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_meetings_of_an_evening() {
    let order: Vec<usize> = (0..EVENING.len()).collect();
    let observable = state_after(&Databases::on_sqlite(), &order, order.len()).await;
    let (meetings, stays) = observable.split_at(6);
    assert_eq!(
        meetings,
        [
            "-600..Some(-400): bob -590..Some(-400)",
            "0..Some(600): ann 0..Some(590), bob 5..Some(580), cyd 310..Some(600)",
            "700..Some(700): eve 699..Some(700), ann 700..Some(700)",
            "800..Some(900): ann 801..Some(900)",
            "900..Some(1300): ann 900..Some(1300), cyd 905..Some(1200)",
            "1300..None: ",
        ]
    );
    // She left and came back.
    assert_eq!(stays.len(), 10, "{stays:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_may_be_shared_before_its_participant_is_known() {
    let rig = Rig::open().await;
    let of = |what, who, at| status::write(&[event("hall", what, who, at)]);
    rig.understand_calls(&statuses_of([
        of(What::ScreenOn, "ann", 20),
        of(What::Online, "ann", 10),
        of(What::MeetingBegan, "", 0),
    ]))
    .await;
    assert_eq!(observable(&rig).await[0], "0..None: ann 10..None shares");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_begin_without_a_time_ends_no_meeting() {
    let rig = Rig::open().await;
    let mut begin = event("hall", What::MeetingBegan, "", 0);
    begin.at_ms = None;
    let begin = status::write(&[begin]);
    rig.append(&statuses_of([begin.clone()])).await;
    rig.clock.0.fetch_add(60_000, Ordering::Relaxed);
    rig.understand_calls(&statuses_of([begin])).await;
    assert_eq!(observable(&rig).await, ["3600..None: "]);
}

on_both! {
    repeat, repeated_status_calls_change_nothing_on_sqlite, repeated_status_calls_change_nothing_on_postgres;
}

async fn repeat(databases: &Databases) {
    let rig = Rig::open_on(databases).await;
    let order: Vec<usize> = (0..EVENING.len()).rev().collect();
    for verdict in [Verdict::Accepted, Verdict::Duplicate] {
        let calls = rig.understand_calls(&bodies(&order)).await;
        for call in calls {
            assert_eq!(rig.entry(call).await.understood.verdict, verdict);
        }
    }
    let without = ["understood_at"];
    let once = testing::dump(rig.store(), &without).await;
    let all = testing::all_calls(rig.store()).await;
    let mut all: Vec<CallId> = all.iter().map(|known| known.call.id).collect();
    assert_eq!(all.len(), 2 * EVENING.len());
    for seed in 0..3 {
        all.shuffle(&mut StdRng::seed_from_u64(seed));
        for call in &all {
            rig.understand_again(*call).await;
        }
    }
    assert_same_lines(&once, &testing::dump(rig.store(), &without).await);
}
