//! Meetings are the same in whatever order they are told, however often, and whatever was lost.

use std::sync::atomic::Ordering;

use proptest::{collection::vec, prelude::*};
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use reelroom_anyrtc::status::{self, What};
use reelroom_domain::{callback::CallbackKind, ids::CallId, room::RoomId, time::Timestamp};
use reelroom_store::{
    meetings,
    testing::{self, Databases},
};

use super::{
    desk::{BEGIN, Desk, event, statuses_of},
    tests::{holds, similar},
};

/// An evening in a room, each thing in a call of its own: a meeting whose End was lost; one with
/// somebody who leaves and comes back, a screen that is shared, and a Begin that is told again by
/// another clock; one that was over within a second; one that began as that one ended; one that
/// is on.
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

fn bodies(order: &[usize]) -> Vec<(CallbackKind, Vec<u8>)> {
    let calls = order.iter().map(|&which| {
        let (what, who, at) = EVENING[which];
        status::write(&[event("hall", what, who, at)])
    });
    statuses_of(calls)
}

/// Meetings and people, whatever the ids; then each stay.
async fn seen(desk: &Desk) -> Vec<String> {
    let mut read = desk.store().read().await.unwrap();
    let hall = RoomId::new("hall").unwrap();
    let since = Timestamp::from_millis(0);
    let known = meetings::since(&mut read, desk.app, &hall, since).await;
    let second = |at: Timestamp| at.as_millis() / 1000 - BEGIN;
    let mut seen = Vec::new();
    for meeting in known.unwrap() {
        let people = meetings::participants(&mut read, meeting.id).await;
        let people: Vec<String> = people
            .unwrap()
            .iter()
            .map(|person| {
                let (from, to) = (second(person.joined_at), person.left_at.map(second));
                let screen = if person.shares_screen { " shares" } else { "" };
                format!("{} {from}..{to:?}{screen}", person.id)
            })
            .collect();
        let (from, to) = (second(meeting.began_at), meeting.ended_at.map(second));
        seen.push(format!("{from}..{to:?}: {}", people.join(", ")));
    }
    drop(read);
    let rows = testing::dump(desk.store(), &["meeting_id"]).await;
    let stays = rows.lines().filter(|row| row.starts_with("participants "));
    seen.extend(stays.map(str::to_owned));
    seen
}

async fn after(databases: &Databases, order: &[usize], portion: usize) -> Vec<String> {
    let desk = Desk::open_on(databases).await;
    for some in bodies(order).chunks(portion) {
        desk.keep(some).await;
        desk.understand().await;
    }
    let seen = seen(&desk).await;
    desk.store().close().await;
    seen
}

/// One after the other on SQLite, and shuffled on these.
fn meetings_are_the_same(databases: &Databases, cases: u32) {
    let sqlite = Databases::on_sqlite();
    let some = || vec(0..EVENING.len(), 0..6);
    let drawn = (any::<u64>(), some(), some(), 1..10_usize);
    holds(cases, &drawn, async |(seed, lost, doubled, portion)| {
        let came = (0..EVENING.len()).filter(|which| !lost.contains(which));
        let straight: Vec<usize> = came.collect();
        let again = doubled.into_iter().filter(|which| !lost.contains(which));
        let mut shuffled: Vec<usize> = straight.iter().copied().chain(again).collect();
        shuffled.shuffle(&mut StdRng::seed_from_u64(seed));
        let straight = after(&sqlite, &straight, 1).await;
        prop_assert_eq!(straight, after(databases, &shuffled, portion).await);
        Ok(())
    });
}

#[test]
fn meetings_are_the_same_in_whatever_order_they_are_told_on_sqlite() {
    meetings_are_the_same(&Databases::on_sqlite(), 24);
}

#[test]
fn meetings_are_the_same_in_whatever_order_they_are_told_on_postgres() {
    meetings_are_the_same(&Databases::on_postgres(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_meetings_of_the_evening() {
    let order: Vec<usize> = (0..EVENING.len()).collect();
    let seen = after(&Databases::on_sqlite(), &order, order.len()).await;
    let (meetings, stays) = seen.split_at(6);
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
async fn a_screen_that_was_told_of_before_its_person_is_shared() {
    let desk = Desk::open().await;
    let of = |what, who, at| status::write(&[event("hall", what, who, at)]);
    desk.keep(&statuses_of([
        of(What::ScreenOn, "ann", 20),
        of(What::Online, "ann", 10),
        of(What::MeetingBegan, "", 0),
    ]))
    .await;
    desk.understand().await;
    assert_eq!(seen(&desk).await[0], "0..None: ann 10..None shares");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_begin_without_a_time_ends_no_meeting() {
    let desk = Desk::open().await;
    let mut begin = event("hall", What::MeetingBegan, "", 0);
    begin.at_ms = None;
    let begin = status::write(&[begin]);
    desk.keep(&statuses_of([begin.clone()])).await;
    desk.clock.0.fetch_add(60_000, Ordering::Relaxed);
    desk.keep(&statuses_of([begin])).await;
    desk.understand().await;
    assert_eq!(seen(&desk).await, ["3600..None: "]);
}

#[tokio::test(flavor = "multi_thread")]
async fn meetings_that_are_told_again_change_nothing_on_sqlite() {
    meetings_that_are_told_again_change_nothing(&Databases::on_sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn meetings_that_are_told_again_change_nothing_on_postgres() {
    meetings_that_are_told_again_change_nothing(&Databases::on_postgres()).await;
}

async fn meetings_that_are_told_again_change_nothing(databases: &Databases) {
    let desk = Desk::open_on(databases).await;
    let order: Vec<usize> = (0..EVENING.len()).rev().collect();
    desk.keep(&bodies(&order)).await;
    desk.understand().await;
    let without = ["understood_at"];
    let once = testing::dump(desk.store(), &without).await;
    let all = testing::all_calls(desk.store()).await;
    let mut all: Vec<CallId> = all.iter().map(|known| known.call.id).collect();
    assert_eq!(all.len(), EVENING.len());
    for seed in 0..3 {
        all.shuffle(&mut StdRng::seed_from_u64(seed));
        for call in &all {
            desk.understand_again(*call).await;
        }
    }
    similar(&once, &testing::dump(desk.store(), &without).await);
}
