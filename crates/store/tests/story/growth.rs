//! What is deleted when it is old, and files that are only at the platform.

use reelroom_domain::{
    cause::Cause,
    fetch::PROBE_EVERY,
    file::{FileKind, FileState},
    growth::Growing,
    ids::AppId,
    meeting::{
        What::{Begin, End, Offline, Online},
        participants,
    },
    time::Timestamp,
    understanding::Meaning,
    watch::AlertKind,
};
use reelroom_store::{Conn, Store, alerts, files, growth, meetings, rooms, seen, users};

use crate::{
    at, recording,
    rig::{announcement, file, insert, run, send_file, send_status},
    room,
};

pub async fn story(store: &Store, app: AppId) {
    events_before_the_end_of_a_meeting_are_deleted(store, app).await;
    marks_of_who_has_seen_what_are_deleted(store, app).await;
    a_file_at_the_platform_is_probed_until_it_is_gone(store, app).await;
    each_is_measured(store).await;
}

/// The meetings of the room, each with its begin, its end, and who was there.
async fn held(write: &mut Conn, app: AppId) -> Vec<(Timestamp, Option<Timestamp>, Vec<String>)> {
    let mut held = Vec::new();
    let known = meetings::since(write, app, &room("forgetful"), at(0)).await;
    for meeting in known.unwrap() {
        let stays = meetings::stays(write, meeting.id).await.unwrap();
        let people = participants(&stays);
        let people = people.iter().map(|one| one.who.to_string()).collect();
        held.push((meeting.began_at, meeting.ended_at, people));
    }
    held
}

/// The time before which the events of the room are to be deleted, of those meetings that were over at `second`.
async fn old_until(write: &mut Conn, app: AppId, second: i64) -> Option<Timestamp> {
    let (mut after, mut all) = (None, Vec::new());
    loop {
        let page = meetings::with_old_events(write, after.as_ref(), at(second), 3).await;
        let page = page.unwrap();
        let Some((last, _)) = page.last() else { break };
        after = Some(last.clone());
        all.extend(page);
    }
    let key = (app, room("forgetful"));
    let mut found = all.into_iter().filter(|(of, _)| *of == key);
    let only = found.next().unwrap().1;
    assert_eq!(found.next(), None);
    only
}

/// Rolled back, as other parts count rooms.
async fn events_before_the_end_of_a_meeting_are_deleted(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let (write, name) = (&mut write, "forgetful");
    rooms::ensure(write, app, &room(name), at(1)).await.unwrap();
    for begin in [100, 300] {
        let events = [
            (Begin, "", begin),
            (Online, "ada", begin + 1),
            (End, "", begin + 100),
        ];
        send_status(write, app, name, &events).await;
    }
    send_status(write, app, name, &[(Begin, "", 500)]).await;
    let before = held(write, app).await;
    assert_eq!(before.len(), 3);

    assert_eq!(old_until(write, app, 199).await, None);
    // The second meeting is not over: what belongs to it stays.
    let until = old_until(write, app, 399).await;
    assert_eq!(until, Some(at(200)));
    let key = (app, room(name));
    for is_some in [true, true, false] {
        let deleted = meetings::delete_events(write, &key, at(200), 1).await;
        assert_eq!(deleted.unwrap(), is_some);
    }
    assert_eq!(old_until(write, app, 399).await, None);
    assert_eq!(held(write, app).await, before);

    // Status calls about that time change nothing any more.
    for events in [
        &[(Online, "bob", 150)][..],
        &[(Begin, "", 90), (End, "", 200)],
        &[(Begin, "", 200)],
        &[(Offline, "ada", 199)],
    ] {
        send_status(write, app, name, events).await;
        assert_eq!(held(write, app).await, before, "{events:?}");
    }
    // Those about later meetings do.
    send_status(
        write,
        app,
        name,
        &[(Online, "cyd", 150), (Online, "dan", 350)],
    )
    .await;
    send_status(write, app, name, &[(Online, "eve", 600)]).await;
    let mut expected = before;
    expected[1].2.push("dan".to_owned());
    expected[2].2.push("eve".to_owned());
    assert_eq!(held(write, app).await, expected);
}

/// Rolled back.
async fn marks_of_who_has_seen_what_are_deleted(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let of = recording(0x1a0, app, "seen", 10);
    insert(&mut write, &of).await;
    let user = users::list(&mut write).await.unwrap()[0].id;
    seen::mark(&mut write, user, &[of.id], at(20))
        .await
        .unwrap();
    let seen_by =
        async |write: &mut Conn| seen::by_user(write, user, &[of.id]).await.unwrap().len();
    while seen::delete_before(&mut write, at(20), 1).await.unwrap() {}
    assert_eq!(seen_by(&mut write).await, 1);
    assert!(seen::delete_before(&mut write, at(21), 1).await.unwrap());
    assert_eq!(seen_by(&mut write).await, 0);
}

/// Rolled back.
async fn a_file_at_the_platform_is_probed_until_it_is_gone(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    // Those of other parts are not due.
    run(
        &mut write,
        "UPDATE files SET probe_at = 9000000000000000",
        &[],
    )
    .await;
    let announced = announcement(FileKind::Composite, None, "probed.mp4");
    let call = Meaning::File(Box::new(file(app, "probed", &announced)));
    let (id, of) = send_file(&mut write, 10, call).await;
    let due = at(10).plus_millis(PROBE_EVERY);
    let early = files::next_to_probe(&mut write, due.plus_millis(-1)).await;
    assert_eq!(early.unwrap(), None);
    let next = files::next_to_probe(&mut write, due).await.unwrap();
    let next = next.unwrap();
    assert_eq!((next.id, next.state), (id, FileState::Remote));

    let again = due.plus_millis(PROBE_EVERY);
    let probed = files::set_probed(&mut write, &next, again, Some(due)).await;
    assert!(probed.unwrap());
    let early = files::next_to_probe(&mut write, due).await;
    assert_eq!(early.unwrap(), None);
    let next = files::next_to_probe(&mut write, again).await.unwrap();
    let next = next.unwrap();
    assert_eq!(next.missing_since, Some(due));
    let gone = alerts::of_gone_files(&mut write).await.unwrap();
    assert!(gone.iter().all(|alert| alert.recording != Some(of)));

    let why = Cause::Status(404);
    let is_gone = files::set_gone(&mut write, &next, FileState::Gone, &why, due).await;
    assert!(is_gone.unwrap());
    // It was as it was probed, and is no more.
    let late = files::set_gone(&mut write, &next, FileState::Gone, &why, due).await;
    assert!(!late.unwrap());
    let gone = alerts::of_gone_files(&mut write).await.unwrap();
    let gone: Vec<_> = gone
        .iter()
        .filter(|alert| alert.recording == Some(of))
        .map(|alert| (alert.kind, alert.room.as_str(), alert.since))
        .collect();
    assert_eq!(gone, [(AlertKind::FilesGone, "probed", due)]);
    // A deleted recording has no alert.
    for (keep, is_told) in [("trashed", false), ("kept", true)] {
        let update = "UPDATE recordings SET keep = $1 WHERE id = $2";
        run(&mut write, update, &[keep, &of.to_string()]).await;
        let gone = alerts::of_gone_files(&mut write).await.unwrap();
        let is_of = |alert: &alerts::Alert| alert.recording == Some(of);
        assert_eq!(gone.iter().any(is_of), is_told);
    }

    // It is still probed, and is fetched when it is there again.
    let next = files::next_to_probe(&mut write, again).await.unwrap();
    assert_eq!(next.unwrap().state, FileState::Gone);
    files::renew(&mut write, &[id]).await.unwrap();
    let gone = alerts::of_gone_files(&mut write).await.unwrap();
    assert!(gone.iter().all(|alert| alert.recording != Some(of)));
}

/// The story has some of each.
async fn each_is_measured(store: &Store) {
    let mut read = store.read().await.unwrap();
    for what in Growing::ALL {
        let growth = growth::measure(&mut read, *what, at(0)).await.unwrap();
        assert!(growth.recent <= growth.bytes, "{what:?} {growth:?}");
        // The calls of the story have no body.
        if growth.rows > 0 && *what != Growing::CallBodies {
            assert!(growth.bytes > 0, "{what:?} {growth:?}");
        }
    }
    let events = growth::measure(&mut read, Growing::StatusEvents, at(0)).await;
    assert!(events.unwrap().rows > 0);
}
