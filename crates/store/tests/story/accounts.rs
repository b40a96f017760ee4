//! Settings, accounts and sessions.

use reelroom_domain::{ids::UserId, user::Role};
use reelroom_store::{
    Conn, Store, sessions, settings,
    users::{self, Inserted, User},
};

use crate::{at, id};

pub async fn story(store: &Store) {
    settings_are_set_once(store).await;
    names_are_taken_in_any_case(store).await;
    sessions_end(store).await;
    an_old_password_opens_no_session(store).await;
}

fn user(number: u128, name: &str, role: Role) -> User {
    User {
        id: id(number),
        name: name.into(),
        password_hash: format!("$argon2id$hash-of-{name}"),
        role,
        created_at: at(0),
    }
}

async fn user_of(conn: &mut Conn, id: UserId) -> User {
    let mut all = users::list(conn).await.unwrap().into_iter();
    all.find(|user| user.id == id).unwrap()
}

async fn settings_are_set_once(store: &Store) {
    let mut write = store.write().await.unwrap();
    assert_eq!(settings::get(&mut write, "key").await.unwrap(), None);
    for value in ["first", "second"] {
        let stands = settings::set_if_absent(&mut write, "key", value).await;
        assert_eq!(stands.unwrap(), "first");
    }
    settings::set(&mut write, "key", "third").await.unwrap();
    let value = settings::get(&mut write, "key").await.unwrap();
    assert_eq!(value.as_deref(), Some("third"));
    write.commit().await.unwrap();
}

async fn names_are_taken_in_any_case(store: &Store) {
    let mut write = store.write().await.unwrap();
    assert_eq!(users::count(&mut write).await.unwrap(), 0);
    let ada = user(1, "Ada Lovelace", Role::Admin);
    assert!(users::insert_first(&mut write, &ada).await.unwrap());
    let late = user(2, "Somebody", Role::Admin);
    assert!(!users::insert_first(&mut write, &late).await.unwrap());

    let same = user(3, "ada LOVELACE", Role::Viewer);
    let taken = users::insert(&mut write, &same).await.unwrap();
    assert_eq!(taken, Inserted::NameTaken);
    let emile = user(4, "Émile", Role::Operator);
    let inserted = users::insert(&mut write, &emile).await.unwrap();
    assert_eq!(inserted, Inserted::Yes);
    let same = user(5, "ÉMILE", Role::Viewer);
    let taken = users::insert(&mut write, &same).await.unwrap();
    assert_eq!(taken, Inserted::NameTaken);

    let found = users::by_name(&mut write, "ADA lovelace").await.unwrap();
    assert_eq!(found, Some(ada.clone()));
    let all = users::list(&mut write).await.unwrap();
    assert_eq!(all, [ada.clone(), emile]);
    assert!(!format!("{ada:?}").contains("argon2"));

    assert!(
        users::set_password(&mut write, ada.id, "new")
            .await
            .unwrap()
    );
    let changed = user_of(&mut write, ada.id).await;
    assert_eq!(changed.password_hash, "new");
    assert!(
        !users::set_password(&mut write, id(99), "new")
            .await
            .unwrap()
    );
    assert_eq!(users::count(&mut write).await.unwrap(), 2);
    write.commit().await.unwrap();
}

async fn sessions_end(store: &Store) {
    let mut write = store.write().await.unwrap();
    let (ada, tokens) = (id(1), [[1; 32], [0; 32], [255; 32]]);
    let account = user_of(&mut write, ada).await;
    for (token, end) in tokens.iter().zip([10, 20, 30]) {
        let begun = sessions::insert(&mut write, token, &account, at(0), at(end));
        assert!(begun.await.unwrap());
    }
    let (user, end) = sessions::find(&mut write, &tokens[0], at(9))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((user.id, end), (ada, at(10)));
    // Expires to the millisecond.
    assert_eq!(
        sessions::find(&mut write, &tokens[0], at(10))
            .await
            .unwrap(),
        None
    );
    sessions::extend(&mut write, &tokens[0], at(40))
        .await
        .unwrap();
    assert!(
        sessions::find(&mut write, &tokens[0], at(39))
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(
        sessions::find(&mut write, &[7; 32], at(0)).await.unwrap(),
        None
    );

    assert_eq!(
        sessions::delete_expired(&mut write, at(20)).await.unwrap(),
        1
    );
    assert!(sessions::delete(&mut write, &tokens[0]).await.unwrap());
    assert!(!sessions::delete(&mut write, &tokens[0]).await.unwrap());
    let ended = sessions::delete_of_user(&mut write, ada).await.unwrap();
    assert_eq!(ended, [tokens[2]]);
    write.commit().await.unwrap();
}

/// Covers a password change before the sign-in's transaction and one during it.
async fn an_old_password_opens_no_session(store: &Store) {
    let mut changes = store.write().await.unwrap();
    let old = user_of(&mut changes, id(1)).await;
    users::set_password(&mut changes, old.id, "newer")
        .await
        .unwrap();
    sessions::delete_of_user(&mut changes, old.id)
        .await
        .unwrap();
    let (other, account) = (store.clone(), old.clone());
    let meanwhile = tokio::spawn(async move {
        let mut write = other.write().await.unwrap();
        let begun = sessions::insert(&mut write, &[4; 32], &account, at(0), at(10)).await;
        write.commit().await.unwrap();
        begun.unwrap()
    });
    // The sign-in gets as far as it can before the change is committed.
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    changes.commit().await.unwrap();
    assert!(!meanwhile.await.unwrap());

    let mut write = store.write().await.unwrap();
    let begun = sessions::insert(&mut write, &[5; 32], &old, at(0), at(10)).await;
    assert!(!begun.unwrap());
    let new = user_of(&mut write, old.id).await;
    let begun = sessions::insert(&mut write, &[6; 32], &new, at(0), at(10)).await;
    assert!(begun.unwrap());
    let ended = sessions::delete_of_user(&mut write, old.id).await.unwrap();
    assert_eq!(ended, [[6; 32]]);
    write.commit().await.unwrap();
}
