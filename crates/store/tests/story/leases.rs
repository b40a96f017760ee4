//! Leases, counted tries, and notices between servers.

use std::time::Duration;

use reelroom_store::{DatabaseUrl, Store, leases, notices, tries};

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

async fn tries_are_counted(store: &Store) {
    let both = [("account ada".to_owned(), 2), ("accounts".to_owned(), 3)];
    let bob = [("account bob".to_owned(), 2), ("accounts".to_owned(), 3)];
    let window = at(10).since(at(0));
    for (targets, second, is_free) in [
        (&both, 1, true),
        (&both, 2, true),
        (&both, 3, false),
        (&bob, 4, true),
        // A rejected try is not counted.
        (&bob, 5, false),
        (&both, 10, false),
        (&both, 11, true),
    ] {
        let mut write = store.write().await.unwrap();
        let free = tries::reserve(&mut write, "here", targets, at(second), window).await;
        assert_eq!(free.unwrap(), is_free, "{second}");
        if is_free {
            write.commit().await.unwrap();
        }
    }
    let mut write = store.write().await.unwrap();
    tries::give_back(&mut write, "here", &both).await.unwrap();
    for is_free in [true, true, false] {
        let free = tries::reserve(&mut write, "here", &both, at(11), window).await;
        assert_eq!(free.unwrap(), is_free);
    }
    // A full table drops the counters used longest ago.
    for (second, origin) in [(20, "first"), (21, "second"), (22, "first")] {
        let free = tries::reserve(&mut write, origin, &both, at(second), window).await;
        assert!(free.unwrap());
    }
    tries::trim(&mut write, 4).await.unwrap();
    assert_eq!(tries::all(&mut write).await.unwrap().len(), 4);
    for (origin, is_free) in [("first", false), ("here", true)] {
        let free = tries::reserve(&mut write, origin, &both, at(11), window).await;
        assert_eq!(free.unwrap(), is_free, "{origin}");
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
