//! Settings, accounts and sessions.

use reelroom_domain::{
    access::Grant,
    account::{Choice, Preference, Preferences},
    ids::{AppId, GroupId, UserId},
    room::RoomId,
    user::{GroupName, PersonName, Role},
};
use reelroom_store::{
    Conn, Store,
    factors::{self, Factor},
    grants::{self, Holder},
    groups::{self, Group},
    sessions::{self, Session},
    settings,
    users::{self, User},
};

use crate::{at, id};

pub async fn story(store: &Store) {
    settings_are_set_once(store).await;
    names_are_taken_in_any_case(store).await;
    sessions_end(store).await;
    an_old_password_opens_no_session(store).await;
    a_disabled_account_opens_no_session(store).await;
    a_second_factor_is_used_step_by_step(store).await;
    choices_are_stored(store).await;
    groups_carry_grants(store).await;
    single_sign_on_names_people_sessions_and_groups(store).await;
}

/// An account with a password.
pub fn user(number: u128, name: &str, role: Role) -> User {
    User {
        id: id(number),
        name: name.into(),
        person: PersonName::parse("A person").unwrap(),
        password_hash: Some(format!("$argon2id$hash-of-{name}")),
        password_at: Some(at(0)),
        role,
        rights: "download,share".parse().unwrap(),
        created_at: at(0),
        created_by: "root".to_owned(),
        disabled_at: None,
        last_seen_at: None,
    }
}

fn session(token: [u8; 32], end: i64) -> Session {
    Session {
        token,
        created_at: at(0),
        last_used_at: at(0),
        expires_at: at(end),
        ends_at: at(100),
        address: Some("192.0.2.1".to_owned()),
        agent: "Firefox".to_owned(),
        second_factor: true,
        provider_session: Some("sid".to_owned()),
        id_token: Some(vec![0, 255]),
    }
}

/// Begins a session; returns whether it did.
async fn begin(conn: &mut Conn, user: &User, token: [u8; 32], end: i64) -> bool {
    let begun = sessions::insert(conn, user, &session(token, end)).await;
    begun.unwrap()
}

/// A group, of single sign-on with a claim.
fn group(number: u128, name: &str, claim: Option<&str>) -> Group {
    Group {
        id: id(number),
        name: GroupName::parse(name).unwrap(),
        claim: claim.map(str::to_owned),
        created_at: at(1),
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
    assert!(!users::insert(&mut write, &same).await.unwrap());
    let emile = user(4, "Émile", Role::Operator);
    assert!(users::insert(&mut write, &emile).await.unwrap());
    let same = user(5, "ÉMILE", Role::Viewer);
    assert!(!users::insert(&mut write, &same).await.unwrap());

    let found = users::by_name(&mut write, "ADA lovelace").await.unwrap();
    assert_eq!(found, Some(ada.clone()));
    let all = users::list(&mut write).await.unwrap();
    assert_eq!(all, [ada.clone(), emile]);
    assert!(!format!("{ada:?}").contains("argon2"));

    assert!(
        users::set_password(&mut write, ada.id, "new", at(5))
            .await
            .unwrap()
    );
    let changed = user_of(&mut write, ada.id).await;
    assert_eq!(changed.password_hash.as_deref(), Some("new"));
    assert_eq!(changed.password_at, Some(at(5)));
    assert!(
        !users::set_password(&mut write, id(99), "new", at(5))
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
        assert!(begin(&mut write, &account, *token, end).await);
    }
    let (user, found) = sessions::find(&mut write, &tokens[0], at(9))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((user.id, found), (ada, session(tokens[0], 10)));
    let all = sessions::of_user(&mut write, ada, at(15)).await.unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(sessions::count(&mut write, at(25)).await.unwrap(), 1);
    // Expires to the millisecond.
    assert_eq!(
        sessions::find(&mut write, &tokens[0], at(10))
            .await
            .unwrap(),
        None
    );
    sessions::extend(&mut write, &tokens[0], at(9), at(40))
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
    let ended = sessions::delete_of_user(&mut write, ada, Some(&tokens[2])).await;
    assert_eq!(ended.unwrap(), [[0; 32]; 0]);
    let ended = sessions::delete_of_user(&mut write, ada, None)
        .await
        .unwrap();
    assert_eq!(ended, [tokens[2]]);
    write.commit().await.unwrap();
}

/// Covers a password change before the sign-in's transaction and one during it.
async fn an_old_password_opens_no_session(store: &Store) {
    let mut changes = store.write().await.unwrap();
    let old = user_of(&mut changes, id(1)).await;
    users::set_password(&mut changes, old.id, "newer", at(6))
        .await
        .unwrap();
    sessions::delete_of_user(&mut changes, old.id, None)
        .await
        .unwrap();
    let (other, account) = (store.clone(), old.clone());
    let meanwhile = tokio::spawn(async move {
        let mut write = other.write().await.unwrap();
        let begun = begin(&mut write, &account, [4; 32], 10).await;
        write.commit().await.unwrap();
        begun
    });
    // The sign-in gets as far as it can before the change is committed.
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    changes.commit().await.unwrap();
    assert!(!meanwhile.await.unwrap());

    let mut write = store.write().await.unwrap();
    assert!(!begin(&mut write, &old, [5; 32], 10).await);
    let new = user_of(&mut write, old.id).await;
    assert!(begin(&mut write, &new, [6; 32], 10).await);
    let ended = sessions::delete_of_user(&mut write, old.id, None)
        .await
        .unwrap();
    assert_eq!(ended, [[6; 32]]);
    write.commit().await.unwrap();
}

async fn a_disabled_account_opens_no_session(store: &Store) {
    let mut write = store.write().await.unwrap();
    let ada = user_of(&mut write, id(1)).await;
    assert!(begin(&mut write, &ada, [8; 32], 10).await);
    let disabled = users::set_disabled(&mut write, ada.id, Some(at(3))).await;
    assert!(disabled.unwrap());
    let found = sessions::find(&mut write, &[8; 32], at(0)).await;
    assert_eq!(found.unwrap(), None);
    assert!(!begin(&mut write, &ada, [9; 32], 10).await);
    assert_eq!(users::count_acting_admins(&mut write).await.unwrap(), 0);
    users::set_disabled(&mut write, ada.id, None).await.unwrap();
    // One that has never signed in does not count.
    assert_eq!(users::count_acting_admins(&mut write).await.unwrap(), 0);
    users::set_seen(&mut write, ada.id, at(4)).await.unwrap();
    assert_eq!(users::count_acting_admins(&mut write).await.unwrap(), 1);
    sessions::delete_of_user(&mut write, ada.id, None)
        .await
        .unwrap();
    write.commit().await.unwrap();
}

async fn a_second_factor_is_used_step_by_step(store: &Store) {
    let mut write = store.write().await.unwrap();
    let ada: UserId = id(1);
    assert_eq!(factors::get(&mut write, ada).await.unwrap(), None);
    let factor = |key: u8| Factor {
        key: vec![key, 0, 255],
        since: at(7),
        step: 50,
    };
    factors::set(&mut write, ada, &factor(1)).await.unwrap();
    let found = factors::get(&mut write, ada).await.unwrap();
    assert_eq!(found, Some(factor(1)));
    let since = factors::since(&mut write).await.unwrap();
    assert_eq!(since, [(ada, factor(1).since)]);
    for (key, step, is_used) in [
        (1, 50, false),
        (2, 51, false),
        (1, 51, true),
        (1, 51, false),
        (1, 50, false),
        (1, 53, true),
    ] {
        let used = factors::use_step(&mut write, ada, &factor(key), step).await;
        assert_eq!(used.unwrap(), is_used, "{key} {step}");
    }

    let codes = [[1; 32], [2; 32]];
    factors::set_codes(&mut write, ada, &codes).await.unwrap();
    for (user, code, is_used) in [
        (id(4), [1; 32], false),
        (ada, [3; 32], false),
        (ada, [2; 32], true),
        (ada, [2; 32], false),
    ] {
        let from = Some("192.0.2.1");
        let used = factors::use_code(&mut write, user, &code, at(8), from).await;
        assert_eq!(used.unwrap(), is_used, "{user} {code:?}");
    }
    let kept = factors::codes(&mut write, ada).await.unwrap();
    assert_eq!(kept.len(), 2);
    assert_eq!((kept[0].hash, kept[0].used_at), ([1; 32], None));
    assert_eq!(kept[1].used_at, Some(at(8)));
    assert_eq!(kept[1].used_from.as_deref(), Some("192.0.2.1"));

    assert!(factors::remove(&mut write, ada).await.unwrap());
    assert!(!factors::remove(&mut write, ada).await.unwrap());
    assert_eq!(factors::get(&mut write, ada).await.unwrap(), None);
    assert_eq!(factors::codes(&mut write, ada).await.unwrap(), []);
    assert_eq!(factors::since(&mut write).await.unwrap(), []);
    write.commit().await.unwrap();
}

async fn choices_are_stored(store: &Store) {
    let mut write = store.write().await.unwrap();
    let ada: UserId = id(1);
    let none = users::preferences(&mut write, ada).await.unwrap();
    assert_eq!(none, Preferences::default());
    let zone = Choice::parse("Asia/Shanghai");
    for (what, choice) in [
        (Preference::Language, Choice::parse("zh-CN")),
        (Preference::Theme, Choice::parse("dark")),
        (Preference::Zone, zone.clone()),
        (Preference::Language, None),
    ] {
        let set = users::set_preference(&mut write, ada, what, choice.as_ref());
        set.await.unwrap();
    }
    let chosen = users::preferences(&mut write, ada).await.unwrap();
    assert_eq!((chosen.language, chosen.zone), (None, zone));
    assert_eq!(chosen.theme, Choice::parse("dark"));

    let account = user_of(&mut write, ada).await;
    let replaced = users::replace_password(&mut write, &account, "next", at(9)).await;
    assert!(replaced.unwrap());
    let late = users::replace_password(&mut write, &account, "late", at(9)).await;
    assert!(!late.unwrap());
    write.commit().await.unwrap();
}

async fn groups_carry_grants(store: &Store) {
    let mut write = store.write().await.unwrap();
    let (ada, app): (UserId, AppId) = (id(1), id(0xa0));
    let teachers = group(70, "Teachers", Some("teachers"));
    assert!(groups::insert(&mut write, &teachers).await.unwrap());
    let same = group(71, "TEACHERS", None);
    assert!(!groups::insert(&mut write, &same).await.unwrap());
    let all = groups::list(&mut write).await.unwrap();
    assert_eq!(all, std::slice::from_ref(&teachers));
    let found = groups::get(&mut write, teachers.id).await.unwrap();
    assert_eq!(found, Some(teachers));
    let board = group(72, "Board", None);
    assert!(groups::insert(&mut write, &board).await.unwrap());
    let name = |text: &str| GroupName::parse(text).unwrap();
    for (to, renamed) in [("TEACHERS", false), ("board", true), ("Board 2", true)] {
        let done = groups::rename(&mut write, board.id, &name(to)).await;
        assert_eq!(done.unwrap(), renamed, "{to}");
    }
    assert!(groups::delete(&mut write, board.id).await.unwrap());
    assert!(
        !groups::rename(&mut write, board.id, &name("x"))
            .await
            .unwrap()
    );

    let group: GroupId = id(70);
    let prefix = Grant::Prefix {
        app,
        prefix: RoomId::new("class-").unwrap(),
    };
    let own = Grant::App { app };
    for (holder, grant, added) in [
        (Holder::Group(group), &prefix, true),
        (Holder::Group(group), &prefix, false),
        (Holder::User(ada), &own, true),
    ] {
        let done = grants::add(&mut write, holder, grant).await;
        assert_eq!(done.unwrap(), added);
    }
    let of_ada = grants::of_user(&mut write, ada).await.unwrap();
    assert_eq!(of_ada, std::slice::from_ref(&own));
    for added in [true, false] {
        let done = groups::add_member(&mut write, group, ada).await;
        assert_eq!(done.unwrap(), added);
    }
    let of_users = grants::of_users(&mut write).await.unwrap();
    assert_eq!(of_users, [(ada, own.clone())]);
    let of_groups = grants::of_groups(&mut write).await.unwrap();
    assert_eq!(of_groups, [(group, prefix.clone())]);
    let of_ada = grants::of_user(&mut write, ada).await.unwrap();
    assert_eq!(of_ada, [own.clone(), prefix]);
    assert_eq!(groups::members_of(&mut write, group).await.unwrap(), [ada]);
    let members = groups::members(&mut write).await.unwrap();
    assert_eq!(members, [(ada, group, false)]);

    assert!(
        grants::remove(&mut write, Holder::User(ada), &own)
            .await
            .unwrap()
    );
    assert!(
        !grants::remove(&mut write, Holder::User(ada), &own)
            .await
            .unwrap()
    );
    assert!(groups::delete(&mut write, group).await.unwrap());
    assert_eq!(grants::of_user(&mut write, ada).await.unwrap(), []);
    assert_eq!(groups::members(&mut write).await.unwrap(), []);
    write.commit().await.unwrap();
}

async fn single_sign_on_names_people_sessions_and_groups(store: &Store) {
    let mut write = store.write().await.unwrap();
    let (ada, issuer) = (id(1), "https://id.example");
    assert!(
        users::set_subject(&mut write, ada, issuer, "s1")
            .await
            .unwrap()
    );
    for (issuer, subject, found) in [
        (issuer, "s1", Some(ada)),
        (issuer, "S1", None),
        ("https://id.example/", "s1", None),
    ] {
        let user = users::by_subject(&mut write, issuer, subject).await;
        assert_eq!(user.unwrap().map(|user| user.id), found, "{subject}");
    }

    let account = user_of(&mut write, ada).await;
    for (token, sid) in [([40; 32], "one"), ([41; 32], "one"), ([42; 32], "two")] {
        let session = Session {
            provider_session: Some(sid.to_owned()),
            ..session(token, 50)
        };
        let begun = sessions::insert(&mut write, &account, &session);
        assert!(begun.await.unwrap());
    }
    let early = sessions::delete_of_provider(&mut write, "one", at(-1)).await;
    assert_eq!(early.unwrap(), []);
    let mut ended = sessions::delete_of_provider(&mut write, "one", at(0))
        .await
        .unwrap();
    ended.sort();
    assert_eq!(ended, [(ada, [40; 32]), (ada, [41; 32])]);
    let none = sessions::delete_of_provider(&mut write, "one", at(0)).await;
    assert_eq!(none.unwrap(), []);
    sessions::delete_of_user(&mut write, ada, None)
        .await
        .unwrap();

    let groups = [
        (80, "Ops", Some("ops")),
        (81, "Lab", Some("lab")),
        (82, "Board", None),
    ];
    for (number, name, claim) in groups {
        let added = groups::insert(&mut write, &group(number, name, claim)).await;
        assert!(added.unwrap());
    }
    let [ops, lab, board]: [GroupId; 3] = [id(80), id(81), id(82)];
    for by_hand in [lab, board] {
        groups::add_member(&mut write, by_hand, ada).await.unwrap();
    }
    for (claims, members) in [
        (
            &["ops", "lab", "Board", "else"][..],
            &[(ops, true), (lab, false), (board, false)][..],
        ),
        (&["lab"], &[(lab, false), (board, false)]),
        (&["ops"], &[(ops, true), (lab, false), (board, false)]),
        (&[], &[(lab, false), (board, false)]),
    ] {
        let named: Vec<String> = claims.iter().copied().map(str::to_owned).collect();
        for changes in [true, false] {
            let changed = groups::set_claimed(&mut write, ada, &named).await;
            assert_eq!(changed.unwrap(), changes, "{claims:?}");
        }
        let all = groups::members(&mut write).await.unwrap();
        let all: Vec<_> = all
            .iter()
            .map(|(_, group, claimed)| (*group, *claimed))
            .collect();
        assert_eq!(all, members, "{claims:?}");
    }
    for group in [ops, lab, board] {
        groups::delete(&mut write, group).await.unwrap();
    }
    write.commit().await.unwrap();
}
