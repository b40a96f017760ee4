//! What people say about recordings, and who has seen them.

use reelroom_domain::{
    about::{About, AboutChange, AboutForm},
    ids::{AppId, RecordingId, UserId},
    user::Role,
    view::HistoryEvent,
};
use reelroom_store::{Conn, Store, about, history, recordings, seen, users};

use crate::{accounts::user, at, id, recording, rig};

const ROOMS: [&str; 2] = ["told-east", "told-west"];

pub async fn story(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let mut ids = Vec::new();
    for (name, number) in ROOMS.into_iter().zip(0xab00_u128..) {
        let one = recording(number, app, name, 7000);
        rig::insert(&mut write, &one).await;
        ids.push(one.id);
    }
    texts_are_kept_and_their_changes(&mut write, ids[0]).await;
    tags_of_several(&mut write, &ids).await;
    each_account_has_seen_its_own(&mut write, &ids).await;
    // Rolled back, as other parts count recordings.
    drop(write);
}

fn told(title: &str, tags: &str, notes: &str) -> About {
    let (title, tags, notes) = (title.to_owned(), tags.to_owned(), notes.to_owned());
    AboutForm { title, tags, notes }.parse().unwrap()
}

async fn say(conn: &mut Conn, id: RecordingId, to: &About, second: i64) -> Vec<AboutChange> {
    let from = about::get(conn, id).await.unwrap().unwrap().about;
    let changes = from.changes(to);
    about::set(conn, id, to, &changes, at(second), "Ada")
        .await
        .unwrap();
    changes
}

async fn texts_are_kept_and_their_changes(conn: &mut Conn, of: RecordingId) {
    let known = about::get(conn, of).await.unwrap().unwrap();
    assert_eq!((known.about, known.noted), (About::default(), None));
    assert_eq!(about::get(conn, id(0xdead)).await.unwrap(), None);

    let first = told("分数，第 14 课", "Lesson, 分数", "a\nhttps://x.example");
    let changes = say(conn, of, &first, 7001).await;
    assert_eq!(changes.len(), 3);
    for change in &changes {
        let done = history::append_change(conn, of, at(7001), change, "Ada").await;
        done.unwrap();
    }
    let second = told("", "lesson, \"quoted\"", "a\nhttps://x.example");
    say(conn, of, &second, 7002).await;
    let known = about::get(conn, of).await.unwrap().unwrap();
    // The tag keeps its spelling.
    assert_eq!(known.about.tags.to_string(), "\"quoted\", Lesson");
    assert_eq!(known.about, second);
    assert_eq!(known.noted, Some((at(7001), "Ada".to_owned())));

    let lines = history::of_recording(conn, of).await.unwrap();
    let lines = lines.into_iter().map(|line| {
        assert_eq!((line.event, line.cause), (HistoryEvent::Described, None));
        line.change.unwrap()
    });
    assert_eq!(lines.collect::<Vec<_>>(), changes);
}

async fn tags_of_several(conn: &mut Conn, ids: &[RecordingId]) {
    say(conn, ids[0], &told("", "lesson, hour 100%", ""), 7003).await;
    say(conn, ids[1], &told("", "LESSON, 作业", ""), 7003).await;
    let tags = about::tags_of(conn, ids).await.unwrap();
    assert_eq!(tags[&ids[0]].to_string(), "hour 100%, Lesson");
    assert_eq!(tags[&ids[1]].to_string(), "LESSON, 作业");
    let none: [RecordingId; 0] = [];
    assert!(about::tags_of(conn, &none).await.unwrap().is_empty());

    let found = recordings::get_all(conn, &[ids[1], ids[0], id(0xdead)]).await;
    let found: Vec<_> = found.unwrap().iter().map(|one| one.id).collect();
    assert_eq!(found, ids);
}

async fn each_account_has_seen_its_own(conn: &mut Conn, ids: &[RecordingId]) {
    let [ada, bob]: [UserId; 2] = [id(0xab10), id(0xab11)];
    for (number, name) in [(0xab10, "seer-ada"), (0xab11, "seer-bob")] {
        let added = users::insert(conn, &user(number, name, Role::Viewer)).await;
        assert!(added.unwrap());
    }
    let with_unknown = [ids[0], ids[1], id(0xdead)];
    seen::mark(conn, ada, &with_unknown, at(7100))
        .await
        .unwrap();
    seen::mark(conn, ada, ids, at(7200)).await.unwrap();
    seen::mark(conn, bob, &ids[..1], at(7150)).await.unwrap();
    let of_ada = seen::by_user(conn, ada, &with_unknown).await.unwrap();
    let times: Vec<_> = of_ada.into_iter().collect();
    assert_eq!(times, [(ids[0], at(7100)), (ids[1], at(7100))]);

    seen::unmark(conn, ada, &ids[..1]).await.unwrap();
    let of_ada = seen::by_user(conn, ada, ids).await.unwrap();
    assert_eq!(of_ada.keys().collect::<Vec<_>>(), [&ids[1]]);
    let of_bob = seen::by_user(conn, bob, ids).await.unwrap();
    let times: Vec<_> = of_bob.into_iter().collect();
    assert_eq!(times, [(ids[0], at(7150))]);
}
