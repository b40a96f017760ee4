//! Leases, counted tries, and notices between servers.

use std::time::Duration;

use reelroom_store::{
    DatabaseUrl, Store, leases, notices,
    tries::{self, Counter},
};

use crate::at;

const LASTS: Duration = Duration::from_mins(1);

pub async fn story(store: &Store) {
    a_lease_has_one_holder(store).await;
    tries_are_counted(store).await;
}

async fn a_lease_has_one_holder(store: &Store) {
    let mut write = store.write().await.unwrap();
    assert_eq!(leases::holder(&mut write, "jobs").await.unwrap(), None);
    for (holder, lasts, has_it) in [
        ("one", LASTS, true),
        ("other", LASTS, false),
        ("one", Duration::ZERO, true),
        // The lease has expired.
        ("other", LASTS, true),
        ("one", LASTS, false),
    ] {
        let held = leases::hold(&mut write, "jobs", holder, lasts).await;
        assert_eq!(held.unwrap(), has_it, "{holder}");
    }
    leases::release(&mut write, "one").await.unwrap();
    let holder = leases::holder(&mut write, "jobs").await.unwrap();
    assert_eq!(holder.as_deref(), Some("other"));
    leases::release(&mut write, "other").await.unwrap();
    let held = leases::hold(&mut write, "jobs", "one", Duration::ZERO).await;
    assert!(held.unwrap());
    assert_eq!(leases::holder(&mut write, "jobs").await.unwrap(), None);
    write.commit().await.unwrap();
}

fn counters(origin: &str, name: &str) -> [Counter; 2] {
    [(format!("account {name}"), 2), ("accounts".to_owned(), 3)].map(|(target, allowed)| Counter {
        origin: origin.to_owned(),
        target,
        allowed,
        window: at(10).since(at(0)),
    })
}

async fn tries_are_counted(store: &Store) {
    let (ada, bob) = (counters("here", "ada"), counters("here", "bob"));
    for (counters, second, spent) in [
        (&ada, 1, None),
        (&ada, 2, None),
        (&ada, 3, Some(0)),
        (&bob, 4, None),
        // A rejected try is not counted.
        (&bob, 5, Some(1)),
        (&ada, 10, Some(0)),
        (&ada, 11, None),
    ] {
        let mut write = store.write().await.unwrap();
        let reserved = tries::reserve(&mut write, counters, at(second)).await;
        assert_eq!(reserved.unwrap(), spent, "{second}");
        if spent.is_none() {
            write.commit().await.unwrap();
        }
    }
    let mut write = store.write().await.unwrap();
    tries::give_back(&mut write, &ada).await.unwrap();
    for spent in [None, None, Some(0)] {
        let reserved = tries::reserve(&mut write, &ada, at(11)).await;
        assert_eq!(reserved.unwrap(), spent);
    }
    // A full table drops the counters used longest ago, but not those that are excepted.
    for (second, origin) in [(19, "kept"), (20, "first"), (21, "second"), (22, "first")] {
        let reserved = tries::reserve(&mut write, &counters(origin, "ada"), at(second)).await;
        assert_eq!(reserved.unwrap(), None);
    }
    tries::trim(&mut write, "kept", 4).await.unwrap();
    assert_eq!(tries::all(&mut write).await.unwrap().len(), 6);
    for (origin, spent) in [("first", Some(0)), ("here", None)] {
        let reserved = tries::reserve(&mut write, &counters(origin, "ada"), at(11)).await;
        assert_eq!(reserved.unwrap(), spent, "{origin}");
    }
}

/// Requires PostgreSQL.
pub async fn notices_reach_every_server(url: &DatabaseUrl) {
    let [one, other] = [Store::connect(url).await, Store::connect(url).await].map(Result::unwrap);
    let mut listeners = [one.listen().await.unwrap(), other.listen().await.unwrap()];
    let long = "x".repeat(notices::MAX_BYTES);
    for notice in ["录像", &long] {
        let mut write = one.write().await.unwrap();
        notices::send(&mut write, notice).await.unwrap();
        write.commit().await.unwrap();
        for listener in &mut listeners {
            assert_eq!(listener.next().await.unwrap(), notice);
            listener.ping().await.unwrap();
        }
    }
}
