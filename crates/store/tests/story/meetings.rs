//! Meetings and who is in them, told twice and late.

use reelroom_domain::{ids::AppId, view::ParticipantView};
use reelroom_store::{Store, meetings};

use crate::{at, id, person, room};

pub async fn story(store: &Store, app: AppId) {
    what_is_told_twice_and_late(store, app).await;
    who_comes_and_goes(store, app).await;
}

async fn what_is_told_twice_and_late(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let (board, ada) = (room("Board-Weekly"), person("ada"));

    // Begin, twice; a join; an end, twice.
    for second in [10, 10, 12] {
        let meeting = meetings::begin(&mut write, app, &board, at(second), id(0x100)).await;
        assert_eq!(meeting.unwrap().began_at, at(10));
    }
    for first in [true, false] {
        let came = meetings::join(&mut write, app, &board, &ada, at(11), id(0x101)).await;
        assert_eq!(came.unwrap(), first);
    }
    assert!(
        meetings::end(&mut write, app, &board, at(50))
            .await
            .unwrap()
    );
    assert!(
        !meetings::end(&mut write, app, &board, at(50))
            .await
            .unwrap()
    );
    assert_eq!(
        meetings::open_of_room(&mut write, app, &board)
            .await
            .unwrap(),
        None
    );

    // Old news about the meeting that is over: it stays over.
    let old = meetings::begin(&mut write, app, &board, at(10), id(0x102))
        .await
        .unwrap();
    assert_eq!((old.id, old.ended_at), (id(0x100), Some(at(50))));
    assert!(
        !meetings::join(&mut write, app, &board, &ada, at(11), id(0x103))
            .await
            .unwrap()
    );

    // Nobody told of a begin: a join begins a meeting. An old end does not end it.
    assert!(
        meetings::join(&mut write, app, &board, &ada, at(60), id(0x104))
            .await
            .unwrap()
    );
    assert!(
        !meetings::end(&mut write, app, &board, at(50))
            .await
            .unwrap()
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
    );
    for first in [true, false] {
        let shares = meetings::screen(&mut write, app, &board, &bob, at(75), true).await;
        assert_eq!(shares.unwrap(), first);
    }
    let people = meetings::participants(&mut write, open.id).await.unwrap();
    assert!(people[1].shares_screen);
    for first in [true, false] {
        let left = meetings::leave(&mut write, app, &board, &bob, at(80)).await;
        assert_eq!(left.unwrap(), first);
    }
    assert!(
        !meetings::join(&mut write, app, &board, &bob, at(70), id(0x105))
            .await
            .unwrap()
    );
    assert!(
        meetings::join(&mut write, app, &board, &bob, at(90), id(0x105))
            .await
            .unwrap()
    );
    assert!(
        !meetings::leave(&mut write, app, &board, &bob, at(80))
            .await
            .unwrap()
    );
    assert!(
        meetings::leave(&mut write, app, &board, &bob, at(95))
            .await
            .unwrap()
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
