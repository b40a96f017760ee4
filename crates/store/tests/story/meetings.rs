//! Meetings and who is in them, told twice and late.

use reelroom_domain::{
    ids::{AppId, MeetingId},
    room::RoomId,
    time::Timestamp,
    view::ParticipantView,
};
use reelroom_store::{Conn, Store, meetings, rooms};

use crate::{at, id, person, room};

pub async fn story(store: &Store, app: AppId) {
    what_is_told_twice_and_late(store, app).await;
    who_comes_and_goes(store, app).await;
    an_end_that_was_lost(store, app).await;
    what_is_told_in_the_wrong_order(store, app).await;
}

type Known = (MeetingId, Timestamp, Option<Timestamp>);

async fn all(write: &mut Conn, app: AppId, room: &RoomId) -> Vec<Known> {
    let meetings = meetings::since(write, app, room, at(0)).await.unwrap();
    meetings
        .iter()
        .map(|meeting| (meeting.id, meeting.began_at, meeting.ended_at))
        .collect()
}

async fn what_is_told_twice_and_late(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let (board, ada) = (room("Board-Weekly"), person("ada"));

    // Begin, twice; a join; an end, twice.
    for (second, news) in [(10, true), (10, false), (12, true)] {
        let told = meetings::begin(&mut write, app, &board, at(second), id(0x100)).await;
        assert_eq!(told.unwrap().is_news(), news);
    }
    assert_eq!(
        all(&mut write, app, &board).await,
        [(id(0x100), at(10), None)]
    );
    for first in [true, false] {
        let came = meetings::join(&mut write, app, &board, &ada, at(11), id(0x101)).await;
        assert_eq!(came.unwrap().is_news(), first);
    }
    assert!(
        meetings::end(&mut write, app, &board, at(50), id(0xE06))
            .await
            .unwrap()
            .is_news()
    );
    assert!(
        !meetings::end(&mut write, app, &board, at(50), id(0xE07))
            .await
            .unwrap()
            .is_news()
    );
    assert_eq!(
        meetings::open_of_room(&mut write, app, &board)
            .await
            .unwrap(),
        None
    );

    // Old news about the meeting that is over: it stays over.
    let old = meetings::begin(&mut write, app, &board, at(10), id(0x102)).await;
    assert!(!old.unwrap().is_news());
    assert_eq!(
        all(&mut write, app, &board).await,
        [(id(0x100), at(10), Some(at(50)))]
    );
    assert!(
        !meetings::join(&mut write, app, &board, &ada, at(11), id(0x103))
            .await
            .unwrap()
            .is_news()
    );

    // Nobody told of a begin: a join begins a meeting. An old end does not end it.
    assert!(
        meetings::join(&mut write, app, &board, &ada, at(60), id(0x104))
            .await
            .unwrap()
            .is_news()
    );
    assert!(
        !meetings::end(&mut write, app, &board, at(50), id(0xE08))
            .await
            .unwrap()
            .is_news()
    );
    let open = meetings::open_of_room(&mut write, app, &board)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((open.id, open.began_at), (id(0x104), at(60)));

    write.commit().await.unwrap();
}

async fn who_comes_and_goes(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let (board, ada, bob) = (room("Board-Weekly"), person("ada"), person("鲍勃"));
    let open = meetings::open_of_room(&mut write, app, &board)
        .await
        .unwrap()
        .unwrap();

    // The other comes, shares, goes, comes back and goes.
    assert!(
        meetings::join(&mut write, app, &board, &bob, at(70), id(0x105))
            .await
            .unwrap()
            .is_news()
    );
    for first in [true, false] {
        let shares = meetings::screen(&mut write, app, &board, &bob, at(75), true).await;
        assert_eq!(shares.unwrap().is_news(), first);
    }
    let people = meetings::participants(&mut write, open.id).await.unwrap();
    assert!(people[1].shares_screen);
    for first in [true, false] {
        let left = meetings::leave(&mut write, app, &board, &bob, at(80)).await;
        assert_eq!(left.unwrap().is_news(), first);
    }
    assert!(
        !meetings::join(&mut write, app, &board, &bob, at(70), id(0x105))
            .await
            .unwrap()
            .is_news()
    );
    assert!(
        meetings::join(&mut write, app, &board, &bob, at(90), id(0x105))
            .await
            .unwrap()
            .is_news()
    );
    assert!(
        !meetings::leave(&mut write, app, &board, &bob, at(80))
            .await
            .unwrap()
            .is_news()
    );
    assert!(
        meetings::leave(&mut write, app, &board, &bob, at(95))
            .await
            .unwrap()
            .is_news()
    );

    let people = meetings::participants(&mut write, open.id).await.unwrap();
    let expected =
        [(&ada, 60, None), (&bob, 70, Some(95))].map(|(who, joined, left)| ParticipantView {
            id: who.clone(),
            joined_at: at(joined),
            left_at: left.map(at),
            shares_screen: false,
        });
    assert_eq!(people, expected);

    for ((from, to), seen) in [
        ((0, 9), vec![]),
        ((0, 59), vec![&ada]),
        ((60, 69), vec![&ada]),
        ((75, 76), vec![&ada, &bob]),
        ((81, 89), vec![&ada]),
        ((0, 999), vec![&ada, &bob]),
    ] {
        let found = meetings::seen_between(&mut write, app, &board, at(from), at(to)).await;
        assert_eq!(
            found.unwrap().iter().collect::<Vec<_>>(),
            seen,
            "{from} {to}"
        );
    }
    write.commit().await.unwrap();
}

/// Never committed: others count rooms.
async fn an_end_that_was_lost(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let (lost, ada) = (room("lost"), person("ada"));
    rooms::ensure(&mut write, app, &lost, at(1)).await.unwrap();
    let write = &mut write;

    // Nobody was there any more: it ended when the last one left.
    meetings::begin(write, app, &lost, at(100), id(0x110))
        .await
        .unwrap();
    meetings::join(write, app, &lost, &ada, at(101), id(0x111))
        .await
        .unwrap();
    meetings::leave(write, app, &lost, &ada, at(200))
        .await
        .unwrap();
    meetings::begin(write, app, &lost, at(500), id(0x112))
        .await
        .unwrap();
    let first = (id(0x110), at(100), Some(at(200)));
    assert_eq!(
        all(write, app, &lost).await,
        [first, (id(0x112), at(500), None)]
    );

    // Somebody was, as far as we know: they were there until the next began.
    meetings::join(write, app, &lost, &ada, at(501), id(0x113))
        .await
        .unwrap();
    meetings::begin(write, app, &lost, at(900), id(0x114))
        .await
        .unwrap();
    let second = (id(0x112), at(500), Some(at(900)));
    let third = (id(0x114), at(900), None);
    assert_eq!(all(write, app, &lost).await, [first, second, third]);
    let people = meetings::participants(write, id(0x112)).await.unwrap();
    assert_eq!(people[0].left_at, Some(at(900)));

    // It was not lost, only late; and one in which nothing was heard was over as it began.
    meetings::end(write, app, &lost, at(700), id(0x115))
        .await
        .unwrap();
    meetings::begin(write, app, &lost, at(1000), id(0x116))
        .await
        .unwrap();
    let second = (id(0x112), at(500), Some(at(700)));
    let third = (id(0x114), at(900), Some(at(900)));
    let fourth = (id(0x116), at(1000), None);
    assert_eq!(all(write, app, &lost).await, [first, second, third, fourth]);
    let people = meetings::participants(write, id(0x112)).await.unwrap();
    assert_eq!(people[0].left_at, Some(at(700)));
}

/// Never committed: others count rooms.
async fn what_is_told_in_the_wrong_order(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let (wrong, ada, bob) = (room("wrong"), person("ada"), person("bob"));
    rooms::ensure(&mut write, app, &wrong, at(1)).await.unwrap();
    let write = &mut write;

    // The end before its begin, the leave before its join.
    meetings::end(write, app, &wrong, at(200), id(0x120))
        .await
        .unwrap();
    assert_eq!(all(write, app, &wrong).await, []);
    meetings::leave(write, app, &wrong, &ada, at(150))
        .await
        .unwrap();
    meetings::join(write, app, &wrong, &ada, at(110), id(0x121))
        .await
        .unwrap();
    let early = (id(0x121), at(110), Some(at(200)));
    assert_eq!(all(write, app, &wrong).await, [early]);
    meetings::begin(write, app, &wrong, at(100), id(0x122))
        .await
        .unwrap();
    let first = (id(0x121), at(100), Some(at(200)));
    assert_eq!(all(write, app, &wrong).await, [first]);
    let people = meetings::participants(write, id(0x121)).await.unwrap();
    let ada_was = (people[0].joined_at, people[0].left_at);
    assert_eq!(ada_was, (at(110), Some(at(150))));

    // Two meetings that were taken for one: who came to the second was not in the first.
    meetings::join(write, app, &wrong, &ada, at(301), id(0x123))
        .await
        .unwrap();
    meetings::join(write, app, &wrong, &bob, at(501), id(0x124))
        .await
        .unwrap();
    meetings::end(write, app, &wrong, at(400), id(0x125))
        .await
        .unwrap();
    meetings::begin(write, app, &wrong, at(500), id(0x126))
        .await
        .unwrap();
    meetings::begin(write, app, &wrong, at(300), id(0x127))
        .await
        .unwrap();
    let second = (id(0x123), at(300), Some(at(400)));
    let third = (id(0x125), at(500), None);
    assert_eq!(all(write, app, &wrong).await, [first, second, third]);
    for (meeting, who, left) in [(0x123, &ada, Some(at(400))), (0x125, &bob, None)] {
        let people = meetings::participants(write, id(meeting)).await.unwrap();
        assert_eq!(people.len(), 1);
        assert_eq!((&people[0].id, people[0].left_at), (who, left));
    }
}
