//! One-time links.

use reelroom_store::{
    Store,
    links::{self, Link},
};

use crate::{at, id};

/// A link of the first account is used once.
pub async fn story(store: &Store) {
    let mut write = store.write().await.unwrap();
    let (ada, [old, new]) = (id(1), [[1; 32], [255; 32]]);
    let link = Link {
        user: ada,
        made_by: "root".to_owned(),
        expires_at: at(10),
        used_at: None,
    };
    for hash in [old, new] {
        links::set(&mut write, &hash, &link).await.unwrap();
    }
    // The new one has replaced the old one.
    assert_eq!(links::find(&mut write, &old).await.unwrap(), None);
    assert!(!links::use_up(&mut write, &old, at(1)).await.unwrap());
    let found = links::find(&mut write, &new).await.unwrap();
    assert_eq!(found, Some(link.clone()));
    let open = links::open(&mut write, at(9)).await.unwrap();
    assert_eq!(open, [(ada, at(10))]);
    assert!(link.is_open(at(9)) && !link.is_open(at(10)));
    // It lapses to the millisecond.
    assert_eq!(links::open(&mut write, at(10)).await.unwrap(), []);
    assert!(!links::use_up(&mut write, &new, at(10)).await.unwrap());
    for used in [true, false] {
        let done = links::use_up(&mut write, &new, at(9)).await;
        assert_eq!(done.unwrap(), used);
    }
    let used = links::find(&mut write, &new).await.unwrap().unwrap();
    assert_eq!(used.used_at, Some(at(9)));
    assert!(!used.is_open(at(9)));
    assert_eq!(links::open(&mut write, at(9)).await.unwrap(), []);
    links::set(&mut write, &old, &link).await.unwrap();
    links::delete(&mut write, ada).await.unwrap();
    assert_eq!(links::find(&mut write, &old).await.unwrap(), None);
    write.commit().await.unwrap();
}
