//! What pages show to accounts, and what lists hold.

use std::collections::BTreeSet;

use super::world::{ANOTHER, ROOM, World, found_recording};
use crate::common::{ID, SECRET, TestApp, actions, eventually};
use reelroom_domain::{
    access::{Access, Grant, Rights},
    find::Find,
    room_list::RoomsQuery,
    search::SearchText,
    time::Timestamp,
    user::Role,
};
use reelroom_service::{LibraryQuery, Principal, SharedRng};
use reelroom_store::{recordings, rooms};

#[tokio::test(flavor = "multi_thread")]
async fn pages_have_the_controls_that_an_account_may_use() {
    let world = World::new().await;
    let recording = format!("/recordings/{}", world.recording);
    for (account, watches, downloads) in [
        ('A', true, true),
        ('O', true, true),
        ('V', true, true),
        ('v', true, false),
        ('u', false, false),
        ('U', true, true),
        ('d', true, false),
    ] {
        let may_delete = matches!(account, 'A' | 'd');
        let page = world.page(account, &recording).await;
        for (control, is_there) in [
            ("<video", watches),
            ("strip.jpg", watches),
            ("Your account does not play recordings here", !watches),
            ("?download", downloads),
            ("/zip", downloads),
            ("files.txt", downloads),
            ("/fn/hold_recording", matches!(account, 'A' | 'O' | 'd')),
            ("/fn/trash_recording", may_delete),
            // The facts for everybody who sees the recording.
            (&*world.file.name, true),
            (world.file.sha256.as_deref().unwrap(), true),
        ] {
            assert_eq!(page.contains(control), is_there, "{account}: {control}");
        }
        let page = world.page(account, "/recordings").await;
        assert!(page.contains(ROOM), "{account}");
        let may_record = matches!(account, 'A' | 'O');
        for (control, is_there) in [
            ("action=\"/recordings/zip\"", downloads),
            ("add_tags", may_record),
            ("/recordings/export", may_delete),
            ("value=\"trash\"", may_delete),
            ("href=\"/trash", may_delete),
            // There is an open case, which administrators and auditors see.
            ("href=\"/cases\"", !matches!(account, 'V' | 'v')),
            ("form=\"selection\"", true),
        ] {
            assert_eq!(page.contains(control), is_there, "{account}: {control}");
        }
        assert_eq!(page.contains("<img"), watches, "{account}");
    }

    // A form that narrows the library lists what the account sees.
    for (account, sees) in [('A', true), ('V', true), ('o', false), ('w', false)] {
        for query in ["key=room", "key=room&typed=HUSH", "key=room&typed=quiet"] {
            let page = world
                .page(account, &format!("/recordings/narrow?{query}"))
                .await;
            assert_eq!(page.contains(ROOM), sees, "{account}: {query}");
        }
    }
    let page = world
        .page('V', "/recordings/narrow?key=room&typed=hush-")
        .await;
    assert!(page.contains("hush-*, every room that begins so"), "{page}");

    check_navigation(&world).await;

    // A room is added within reach, and lists and counts are of what is seen.
    let add = |room: &str| format!("Add “{room}”");
    for (account, room, may_add) in [
        ('O', "hush-new", true),
        ('O', "unheard", false),
        ('A', "unheard", true),
        ('V', "hush-new", false),
    ] {
        let page = world.page(account, &format!("/?q={room}")).await;
        assert_eq!(page.contains(&add(room)), may_add, "{account}: {room}");
    }
    let page = world.page('w', "/").await;
    assert!(page.contains(ANOTHER) && !page.contains("hush"), "{page}");
    let page = world.page('0', "/").await;
    assert!(page.contains("No room is open to you"), "{page}");
    assert!(page.contains("href=\"/settings\""), "{page}");
}

/// The navigation, the settings, and the apps to choose from.
async fn check_navigation(world: &World) {
    for account in "AOoVvwuU0d".chars() {
        let sees_everything = matches!(account, 'A' | 'u' | 'U');
        // The settings of others are those of their own account.
        let settings = if sees_everything {
            "/settings"
        } else {
            "/settings/me"
        };
        let page = world.page(account, settings).await;
        for control in ["href=\"/callbacks\"", "Last callback", "Switch app"] {
            assert_eq!(
                page.contains(control),
                sees_everything,
                "{account}: {control}"
            );
        }
        assert!(page.contains("/fn/sign_out"), "{account}");
        let changes = ["/fn/save_app", "/fn/set_patience"];
        let may_change = changes.map(|change| page.contains(change));
        assert_eq!(may_change, [account == 'A'; 2], "{account}");
        assert_eq!(page.contains("API base"), sees_everything, "{account}");
        assert!(!page.contains(SECRET), "{account}");
    }
    for (account, may_change) in [('A', true), ('u', false)] {
        let page = world.page(account, "/settings/deleting").await;
        let fieldset = page
            .split("<fieldset ")
            .nth(1)
            .and_then(|rest| rest.split('>').next());
        let is_locked = fieldset.is_some_and(|tag| tag.contains("disabled"));
        assert_eq!(is_locked, !may_change, "{account}");
    }
    for (account, may_test) in [('A', true), ('u', false)] {
        let page = world.page(account, "/settings/storage").await;
        assert_eq!(page.contains("/fn/test_storage"), may_test, "{account}");
    }
    let refused = world.page('V', "/callbacks").await;
    for text in ["This account may not do that", "Go to the rooms"] {
        assert!(refused.contains(text), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_of_three_rooms_pages_through_the_library_and_sees_exactly_those() {
    const EACH: usize = 50;
    let app = TestApp::without_callbacks().await;
    let of = app.service.app_ids().await.unwrap()[0];
    let (store, rng) = (app.store().await, SharedRng::from_seed(3));
    let mut tx = store.write().await.unwrap();
    for millis in 0..(12 * EACH) {
        // The recordings of the rooms take turns.
        let room = actions::room(&format!("room-{}", millis % 12));
        let at = Timestamp::from_millis(1_795_572_000_000 + i64::try_from(millis).unwrap());
        rooms::ensure(&mut tx, of, &room, at).await.unwrap();
        let recording = found_recording(rng.id(at), of, room, at);
        recordings::insert(&mut tx, &recording).await.unwrap();
    }
    tx.commit().await.unwrap();

    // `room-1`, `room-10` and `room-11`.
    let prefix = actions::room("room-1");
    let viewer = Principal {
        user: ID.parse().unwrap(),
        name: "viewer".to_owned(),
        access: Access {
            role: Role::Viewer,
            rights: Rights::default(),
            grants: vec![Grant::Prefix { app: of, prefix }],
        },
        needs_second_factor: false,
    };
    eventually("all are in the index", async || {
        let all = app.service.library(&viewer, LibraryQuery::default()).await;
        (all.unwrap().total.n as usize == 3 * EACH).then_some(())
    })
    .await;
    let (mut at, mut seen, mut ids) = (None, Vec::new(), BTreeSet::new());
    loop {
        let query = LibraryQuery {
            page: at,
            ..LibraryQuery::default()
        };
        let page = app.service.library(&viewer, query).await.unwrap();
        assert_eq!(page.total.n as usize, 3 * EACH);
        ids.extend(page.recordings.iter().map(|row| row.id.to_string()));
        seen.extend(page.recordings.into_iter().map(|row| row.room.to_string()));
        at = page.older;
        if at.is_none() {
            break;
        }
    }
    assert_eq!((seen.len(), ids.len()), (3 * EACH, 3 * EACH));
    // In turns, the newest first.
    for turn in seen.chunks(3) {
        assert_eq!(turn, ["room-11", "room-10", "room-1"]);
    }

    let shell = app.service.shell(&viewer, None).await.unwrap();
    assert_eq!((shell.rooms, shell.recordings.n as usize), (3, 3 * EACH));
    let query = RoomsQuery::default();
    let list = app.service.room_list(&viewer, None, &query).await.unwrap();
    assert_eq!((list.counts[0], list.rooms.len()), (3, 3));
    let search = SearchText::parse("room-");
    let found = app.service.jump(&viewer, None, search.as_ref()).await;
    let found = found.unwrap();
    assert_eq!(found.rooms.len(), 3);
    let mut rows = found.recordings.iter();
    assert!(rows.all(|row| row.room.as_str().starts_with("room-1")));
    let query = LibraryQuery {
        find: Find::of([("q", "room-2")]),
        ..LibraryQuery::default()
    };
    let page = app.service.library(&viewer, query).await.unwrap();
    assert_eq!((page.total.n, page.recordings.len()), (0, 0));
}
