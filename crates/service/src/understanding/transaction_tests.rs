//! Calls share transactions, but not with one that has a fault, and not while another writer waits.

use std::pin::pin;

use futures::FutureExt;
use reelroom_domain::callback::Verdict;
use reelroom_store::{inbox, testing};
use serde_json::Value;
use tokio::task::yield_now;

use super::rig::{Rig, file, files_of};

/// The smallest portion.
const PORTION: usize = 128;

/// The tracks of an automatic recording.
fn tracks(number: usize) -> Vec<Value> {
    let tracks = (0..number).map(|n| file("auto", 2, &format!("p{n}"), (0, 300), ""));
    tracks.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_call_with_a_fault_does_not_hold_up_the_others() {
    let rig = Rig::open().await;
    let token = rig.insert_started("board", 0, Some(600)).await;
    let broken = rig.insert_started("broken", 0, Some(600)).await;
    testing::execute(
        rig.store(),
        "UPDATE recordings SET state = 'spilt' WHERE room = 'broken'",
    )
    .await;
    let mut bodies = tracks(PORTION + 1);
    bodies.push(file("broken", 2, "ann", (0, 300), &broken));
    bodies.push(file("board", 2, "bob", (0, 300), &token));
    let calls = rig.understand_calls(&files_of(bodies)).await;
    let mut became = Vec::new();
    for call in calls {
        let understood = rig.entry(call).await.understood;
        became.push((understood.verdict, understood.reason));
    }
    let (verdict, reason) = became.remove(PORTION + 1);
    assert_eq!(verdict, Verdict::Unrecognised);
    let reason = reason.unwrap();
    assert!(
        reason.starts_with("a fault of ours: recordings.state"),
        "{reason}"
    );
    assert_eq!(became, vec![(Verdict::Accepted, None); PORTION + 2]);
}

#[tokio::test]
async fn another_writer_waits_for_one_portion() {
    let rig = Rig::open().await;
    let calls = rig.append(&files_of(tracks(3 * PORTION))).await;
    let first = rig.store().write().await.unwrap();
    let service = rig.service.clone();
    let understanding = tokio::spawn(async move { service.understand_waiting().await.unwrap() });
    while !rig.store().is_write_awaited() {
        yield_now().await;
    }
    let mut other = pin!(rig.store().write());
    assert!(other.as_mut().now_or_never().is_none());
    drop(first);
    let mut other = other.await.unwrap();
    let newest = inbox::newest(&mut other).await.unwrap();
    assert_eq!(newest, calls[PORTION - 1]);
    drop(other);
    // The rest shares a transaction, in which a portion sees those before it.
    assert_eq!(understanding.await.unwrap(), (calls.len(), false));
    let (recordings, _) = rig.observable().await;
    assert_eq!(recordings.len(), 1);
    assert_eq!(recordings[0].lines().count(), 1 + calls.len());
}
