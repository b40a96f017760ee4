//! Rooms, their forms and their list.

use reelroom_domain::{
    ids::AppId,
    meeting::What,
    order::{Draft, StartForm},
    recording::RecordingState,
    room::{RoomId, RoomTitle},
    search::SearchText,
    view::{Presence, RoomFilter, RoomLabel, RoomRow},
};
use reelroom_store::{
    Conn, Store, StoreError,
    apps::{self, App},
    recordings::Fields,
    rooms::{self, Search, Wanted},
};

use crate::{
    at, id, recording,
    rig::{self, send_status},
    room,
};

async fn is_known(conn: &mut Conn, app: AppId, room: &RoomId) -> bool {
    rig::row(conn, app, room).await.is_some()
}

pub async fn story(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    for name in ["quiet", "Board-Weekly", "客服培训", "100%_sure\\"] {
        for second in [1, 2] {
            rooms::ensure(&mut write, app, &room(name), at(second))
                .await
                .unwrap();
        }
    }
    assert!(is_known(&mut write, app, &room("quiet")).await);
    assert!(!is_known(&mut write, app, &room("Quiet")).await);
    assert_eq!(rooms::count(&mut write, app).await.unwrap(), 4);

    let typed = Draft::cut(StartForm {
        rule: String::new(),
        path: "a".into(),
        user_data: "not \0 JSON".into(),
        kind: "Meet".into(),
        stop_after: "45".into(),
        stop_at_end: true,
    });
    assert_eq!(
        rooms::form(&mut write, app, &room("quiet")).await.unwrap(),
        None
    );
    rooms::set_form(&mut write, app, &room("quiet"), Some(&typed))
        .await
        .unwrap();
    let kept = rooms::form(&mut write, app, &room("quiet")).await.unwrap();
    let kept = StartForm::from(kept.unwrap());
    assert_eq!(
        (kept.path.as_str(), kept.user_data.as_str()),
        ("a", "not \u{fffd} JSON")
    );

    // A search is literal, in any case and script.
    for (search, found) in [
        (
            None,
            vec!["100%_sure\\", "Board-Weekly", "quiet", "客服培训"],
        ),
        (Some("board"), vec!["Board-Weekly"]),
        (Some("%"), vec!["100%_sure\\"]),
        (Some("_SURE\\"), vec!["100%_sure\\"]),
        (Some(" 培训 "), vec!["客服培训"]),
        (Some("nobody"), vec![]),
    ] {
        let search = search.and_then(SearchText::parse);
        let list = listed(&mut write, app, RoomFilter::All, search.as_ref(), 10)
            .await
            .unwrap();
        assert_eq!(names(&list), found, "{search:?}");
        let search = search.as_ref().map(|text| Search { text, also: &[] });
        let counts = rooms::counts(&mut write, app, search).await.unwrap();
        assert_eq!(counts, [u32::try_from(found.len()).unwrap(), 0, 0, 0, 0]);
    }
    // It may find other rooms, too, if they are of the filter.
    let text = &SearchText::parse("board").unwrap();
    let also = &[room("客服培训"), room("\"nobody\"")];
    let search = Some(Search { text, also });
    for (filter, found) in [
        (RoomFilter::All, vec!["Board-Weekly", "客服培训"]),
        (RoomFilter::Hidden, vec![]),
    ] {
        let wanted = Wanted { filter, search };
        let list = rooms::list(&mut write, app, wanted, None, 10).await;
        assert_eq!(names(&list.unwrap()), found, "{filter:?}");
    }
    let counts = rooms::counts(&mut write, app, search).await.unwrap();
    assert_eq!(counts, [2, 0, 0, 0, 0]);
    let not_ascii = rooms::not_ascii(&mut write, app).await.unwrap();
    assert_eq!(not_ascii, [(room("客服培训"), RoomLabel::default())]);
    let list = listed(&mut write, app, RoomFilter::All, None, 2)
        .await
        .unwrap();
    assert_eq!(list.len(), 2);
    write.commit().await.unwrap();
}

/// Titles, stars and hiding. Rolled back, as other parts count rooms.
pub async fn story_of_labels(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let label = |title: &str, starred, hidden| RoomLabel {
        title: RoomTitle::parse(title).unwrap(),
        starred,
        hidden,
    };
    let unknown = rooms::get(&mut write, app, &room("never seen")).await;
    assert_eq!(unknown.unwrap(), None);
    for (name, label) in [
        ("quiet", label("Kleiner Saal ☎", true, false)),
        ("library", label("", false, true)),
        // Both need attention or are busy, so they stay listed when hidden.
        ("late", label("", false, true)),
        ("客服培训", label("", false, true)),
    ] {
        let done = rooms::set_label(&mut write, app, &room(name), &label).await;
        done.unwrap();
        let kept = rooms::get(&mut write, app, &room(name)).await.unwrap();
        assert_eq!(kept.unwrap().label, label);
    }
    for (filter, search, found) in [
        (
            RoomFilter::All,
            None,
            vec!["late", "quiet", "客服培训", "Board-Weekly", "100%_sure\\"],
        ),
        (RoomFilter::All, Some("SAAL"), vec!["quiet"]),
        (RoomFilter::Hidden, None, vec!["library"]),
    ] {
        let search = search.and_then(SearchText::parse);
        let list = listed(&mut write, app, filter, search.as_ref(), 10)
            .await
            .unwrap();
        assert_eq!(names(&list), found, "{filter:?} {search:?}");
    }
    let counts = rooms::counts(&mut write, app, None).await.unwrap();
    assert_eq!(counts, [5, 1, 1, 1, 1]);
    let not_ascii = rooms::not_ascii(&mut write, app).await.unwrap();
    let mut not_ascii: Vec<_> = not_ascii.iter().map(|(room, _)| room.as_str()).collect();
    not_ascii.sort_unstable();
    assert_eq!(not_ascii, ["quiet", "客服培训"]);
}

async fn listed(
    conn: &mut Conn,
    app: AppId,
    filter: RoomFilter,
    search: Option<&SearchText>,
    limit: u32,
) -> Result<Vec<RoomRow>, StoreError> {
    let search = search.map(|text| Search { text, also: &[] });
    rooms::list(conn, app, Wanted { filter, search }, None, limit).await
}

/// Rooms of the same id in two apps are two rooms; an app without recordings can be deleted. Rolled
/// back.
pub async fn story_of_two_apps(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let first = apps::get(&mut write, app).await.unwrap().unwrap();
    let other = App {
        id: id(0xa7),
        created_at: at(10),
        ..first
    };
    apps::insert(&mut write, &other).await.unwrap();
    let (name, other) = (room("Board-Weekly"), other.id);
    assert!(!is_known(&mut write, other, &name).await);
    rooms::ensure(&mut write, other, &name, at(11))
        .await
        .unwrap();
    let begin = [(What::Begin, "", 12)];
    send_status(&mut write, other, name.as_str(), &begin).await;
    let label = RoomLabel {
        title: RoomTitle::parse("The other one").unwrap(),
        ..RoomLabel::default()
    };
    rooms::set_label(&mut write, other, &name, &label)
        .await
        .unwrap();
    let here = rooms::get(&mut write, app, &name).await.unwrap();
    assert_eq!(here.unwrap().label, RoomLabel::default());
    let list = listed(&mut write, other, RoomFilter::All, None, 10).await;
    let list = list.unwrap();
    assert_eq!(names(&list), ["Board-Weekly"]);
    assert_eq!(list[0].last_recorded_at, None);

    // Without recordings, it is deleted with its rooms.
    assert!(!apps::has_recordings(&mut write, other).await.unwrap());
    assert!(apps::remove(&mut write, other).await.unwrap());
    assert!(!apps::remove(&mut write, other).await.unwrap());
    assert!(!is_known(&mut write, other, &name).await);
    assert!(is_known(&mut write, app, &name).await);

    // Both may record in a room of that name at once.
    let other = App {
        id: id(0xa9),
        ..apps::get(&mut write, app).await.unwrap().unwrap()
    };
    apps::insert(&mut write, &other).await.unwrap();
    for (number, app) in [(0xaa, app), (0xab, other.id)] {
        rig::insert(&mut write, &recording(number, app, "both", 20)).await;
    }
    assert!(!apps::remove(&mut write, other.id).await.unwrap());
    // Also where its only recording is a failed start.
    let step = (RecordingState::Requested, RecordingState::Failed);
    rig::update_state(&mut write, id(0xab), step, 21, &Fields::default()).await;
    assert!(apps::has_recordings(&mut write, other.id).await.unwrap());
    assert!(!apps::remove(&mut write, other.id).await.unwrap());
    assert!(apps::get(&mut write, other.id).await.unwrap().is_some());
    let sandbox = apps::list(&mut write).await.unwrap().pop().unwrap();
    assert!(sandbox.sandbox);
    assert!(!apps::remove(&mut write, sandbox.id).await.unwrap());
}

fn names(list: &[RoomRow]) -> Vec<&str> {
    list.iter().map(|row| row.room.as_str()).collect()
}

/// After all other parts: `Board-Weekly` is live and was recorded to the end, `客服培训` is being
/// recorded, `late` waits for a person.
pub async fn story_of_the_evening(store: &Store, app: AppId) {
    let mut read = store.read().await.unwrap();
    let list = listed(&mut read, app, RoomFilter::All, None, 10)
        .await
        .unwrap();
    assert_eq!(
        names(&list),
        [
            "late",
            "客服培训",
            "Board-Weekly",
            "library",
            "100%_sure\\",
            "quiet"
        ]
    );
    assert_eq!(list[0].current, Some((RecordingState::Overdue, at(9000))));
    assert_eq!(list[1].current, Some((RecordingState::Recording, at(301))));
    assert_eq!(list[1].presence, Presence::Empty);
    assert_eq!(list[2].current, None);
    assert_eq!(list[2].last_recorded_at, Some(at(100)));
    let live = Presence::Live {
        people: 1,
        since: at(60),
    };
    assert_eq!(list[2].presence, live);
    assert_eq!(list[5].last_recorded_at, None);

    let counts = rooms::counts(&mut read, app, None).await.unwrap();
    assert_eq!(counts, [6, 1, 1, 1, 0]);
    for (filter, found) in [
        (RoomFilter::Live, "Board-Weekly"),
        (RoomFilter::Recording, "客服培训"),
        (RoomFilter::Attention, "late"),
    ] {
        let list = listed(&mut read, app, filter, None, 10).await.unwrap();
        assert_eq!(names(&list), [found], "{filter:?}");
    }
}
