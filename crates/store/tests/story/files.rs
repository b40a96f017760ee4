//! Files: announced, fetched, and what they come to.

use reelroom_domain::{
    cause::Cause,
    file::{FileKind, FileState as S, Media},
    ids::{AppId, FileId, RecordingId},
    ledger::Ledger,
    recording::RecordingState,
    search::SearchText,
};
use reelroom_store::{
    Conn, Store,
    files::{self, Announced, News, Stored},
    recordings::{self, Fields, Filter},
};

use crate::{at, call_id, id, person, room};

pub async fn story(store: &Store, app: AppId) {
    let board = room("Board-Weekly");
    let mut read = store.read().await.unwrap();
    let newest = recordings::newest_of_room(&mut read, app, &board).await;
    let recording = newest.unwrap().unwrap().id;
    drop(read);

    announcements(store, recording).await;
    many(store, app, recording).await;
    fetching(store, recording).await;
    what_they_come_to(store, app, recording).await;
}

fn announcement(kind: FileKind, who: Option<&str>, name: &str) -> Announcement {
    Announcement {
        kind,
        media: Media::Video,
        participant: who.map(person),
        name: name.into(),
        size: Some(1000),
        length_ms: Some(99_000),
        started_at: Some(at(101)),
        ended_at: None,
        url: format!("http://files.example/{name}"),
    }
}

/// What becomes of one announcement by the call `call`.
async fn announce(
    conn: &mut Conn,
    (new, call): (u128, u128),
    recording: RecordingId,
    file: &Announcement,
    second: i64,
) -> Announced {
    let news = News {
        id: id(new),
        recording,
        call: call_id(call),
        at: at(second),
        file: file.clone(),
    };
    files::announce(conn, &[news]).await.unwrap()[0]
}

/// Many at once, some of them known already and one of them twice.
async fn many(store: &Store, app: AppId, recording: RecordingId) {
    let mut write = store.write().await.unwrap();
    let news = |number: u128, name: &str| News {
        id: id(0x9000 + number),
        recording,
        call: call_id(0x9000 + number),
        at: at(120),
        file: announcement(FileKind::Frame, None, name),
    };
    let known: Vec<News> = (0..3).map(|n| news(n, &format!("many-{n}.jpg"))).collect();
    files::announce(&mut write, &known).await.unwrap();
    let mut all: Vec<News> = (0..300)
        .map(|n| news(1000 + n, &format!("many-{n}.jpg")))
        .collect();
    all.push(news(2000, "many-299.jpg"));
    let became = files::announce(&mut write, &all).await.unwrap();
    for (at, became) in became.into_iter().enumerate() {
        let expected = match at {
            0..3 => Announced::Same(known[at].id),
            300 => Announced::Same(all[299].id),
            _ => Announced::New(all[at].id),
        };
        assert_eq!(became, expected, "{at}");
    }
    let board = room("Board-Weekly");
    let asked = &all[7].file;
    let always = (at(0), at(9000));
    let found = files::of_name(&mut write, (app, &board), always, asked).await;
    let found: Vec<_> = found.unwrap().iter().map(|file| file.id).collect();
    assert_eq!(found, [all[7].id]);
    let before = (at(0), at(1));
    let none = files::of_name(&mut write, (app, &board), before, asked).await;
    assert!(none.unwrap().is_empty());
    // Dropped: the story goes on without them.
}

async fn announcements(store: &Store, recording: RecordingId) {
    let mut write = store.write().await.unwrap();
    let all = [
        announcement(FileKind::Composite, None, "AR_Board_0001.mp4"),
        announcement(FileKind::Track, Some("ada"), "ada.mp4"),
        announcement(FileKind::Track, Some("ada"), "ada.m4a"),
        announcement(FileKind::Track, Some("鲍勃"), "ada.mp4"),
        announcement(FileKind::Frame, None, "1.jpg"),
        announcement(FileKind::Frame, None, "2.jpg"),
    ];
    for (number, file) in (0x400..).zip(&all) {
        let new: FileId = id(number);
        let first = announce(&mut write, (number, number), recording, file, 210).await;
        assert_eq!(first, Announced::New(new));
        let other = announce(&mut write, (0x4ff, 0x4fe), recording, file, 211).await;
        assert_eq!(other, Announced::Same(new));
        let again = announce(&mut write, (0x4ff, number), recording, file, 211).await;
        assert_eq!(again, Announced::Again(new));
    }
    // What a second call leaves out is not lost; another size is news.
    let mut grown = all[0].clone();
    (grown.size, grown.length_ms) = (Some(2000), None);
    let news = announce(&mut write, (0x4ff, 0x4fd), recording, &grown, 212).await;
    assert_eq!(news, Announced::Renewed(id(0x400)));
    // Its first version, heard again from whomever, does not come back.
    for (call, became) in [
        (0x400, Announced::Again(id(0x400))),
        (0x4fe, Announced::Same(id(0x400))),
        (0x4fd, Announced::Again(id(0x400))),
    ] {
        let heard = announce(&mut write, (0x4ff, call), recording, &all[0], 213).await;
        assert_eq!(heard, became);
    }
    let kept = files::get(&mut write, id(0x400)).await.unwrap().unwrap();
    assert_eq!(
        (kept.announced.size, kept.announced.length_ms),
        (Some(2000), Some(99_000))
    );
    assert_eq!((kept.version, kept.call), (2, Some(call_id(0x4fd))));
    assert_eq!((kept.announced_at, kept.state), (at(210), S::Remote));
    let listed = files::of_recording(&mut write, recording).await.unwrap();
    let order: Vec<FileId> = listed.iter().map(|file| file.id).collect();
    assert_eq!(order, [0x400, 0x401, 0x402, 0x403, 0x404, 0x405].map(id));
    assert_eq!(listed[3].announced, all[3]);
    write.commit().await.unwrap();
}

async fn fetching(store: &Store, recording: RecordingId) {
    let mut write = store.write().await.unwrap();
    for number in 0x400..0x406 {
        let file = files::claim_next(&mut write, at(220))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (file.id, file.state, file.tries),
            (id(number), S::Fetching, 1)
        );
    }
    assert_eq!(files::claim_next(&mut write, at(220)).await.unwrap(), None);
    // The process dies; all are taken up again.
    assert_eq!(files::reset_fetching(&mut write).await.unwrap(), 6);
    let file = files::claim_next(&mut write, at(221))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((file.id, file.tries), (id(0x400), 2));

    let stored = Stored {
        key: "2027/01/x".into(),
        size: 2001,
        sha256: "ab".repeat(32),
        content_type: "video/mp4".into(),
    };
    for first in [true, false] {
        let done = files::set_stored(&mut write, file.id, &stored)
            .await
            .unwrap();
        assert_eq!(done, first);
    }
    let kept = files::get(&mut write, file.id).await.unwrap().unwrap();
    assert_eq!((kept.state, kept.stored), (S::Archived, Some(stored)));

    // One breaks off and is tried again later, one is not allowed, one is gone.
    assert_eq!(files::next_try_at(&mut write).await.unwrap(), None);
    for (to, next) in [
        (S::Failed, Some(at(300))),
        (S::Blocked, None),
        (S::Gone, None),
    ] {
        let file = files::claim_next(&mut write, at(222))
            .await
            .unwrap()
            .unwrap();
        for first in [true, false] {
            let why = Some(&Cause::Broken);
            let done = files::set_state(&mut write, file.id, S::Fetching, to, why, next).await;
            assert_eq!(done.unwrap(), first);
        }
    }
    assert_eq!(files::next_try_at(&mut write).await.unwrap(), Some(at(300)));
    while let Some(file) = files::claim_next(&mut write, at(299)).await.unwrap() {
        assert_ne!(file.id, id(0x401));
    }
    let again = files::claim_next(&mut write, at(300))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((again.id, again.trouble), (id(0x401), Some(Cause::Broken)));

    // While a copy is made, a new address waits for the next.
    let mut moved = again.announced.clone();
    moved.url.push_str("?v=2");
    let news = announce(&mut write, (0x4ff, 0x4fc), recording, &moved, 301).await;
    assert_eq!(news, Announced::Renewed(again.id));
    let kept = files::get(&mut write, again.id).await.unwrap().unwrap();
    assert_eq!((kept.state, kept.announced), (S::Fetching, moved));
    write.commit().await.unwrap();
}

async fn what_they_come_to(store: &Store, app: AppId, recording: RecordingId) {
    let mut write = store.write().await.unwrap();
    let summary = recordings::row_of(&mut write, recording)
        .await
        .unwrap()
        .unwrap();
    let ledger = Ledger {
        composites: 1,
        tracks: 2,
        tracks_expected: 2,
        frames: 2,
        frames_expected: false,
    };
    assert_eq!(summary.ledger, ledger);
    assert!(summary.ledger.is_complete());
    assert_eq!((summary.bytes, summary.archived), (2001 + 5 * 1000, 1));
    assert_eq!(summary.composite_name.as_deref(), Some("AR_Board_0001.mp4"));
    assert_eq!(summary.composite_length, Some(99_000));
    assert_eq!(summary.thumbnail, Some(id(0x404)));
    assert_eq!(
        recordings::row_of(&mut write, id(0xdead)).await.unwrap(),
        None
    );

    let search = SearchText::parse("ar_board_");
    let searched = Filter {
        search: search.as_ref(),
        ..Filter::default()
    };
    let page = recordings::page(&mut write, app, searched, None, 10)
        .await
        .unwrap();
    assert_eq!(page, [summary]);
    let all = recordings::page(&mut write, app, Filter::default(), None, 100)
        .await
        .unwrap();
    let bare = all
        .iter()
        .find(|summary| summary.recording.id == id(0x300))
        .unwrap();
    assert_eq!((bare.ledger, bare.bytes), (Ledger::default(), 0));

    // The found one beside it was never measured.
    let totals = recordings::totals_of_room(&mut write, app, &room("Board-Weekly")).await;
    assert_eq!(totals.unwrap(), (2, 99_000));
    let totals = recordings::totals_of_room(&mut write, app, &room("quiet")).await;
    assert_eq!(totals.unwrap(), (0, 0));

    for one in [recording, id(0x205)] {
        let (from, to) = (RecordingState::AwaitingFiles, RecordingState::Ready);
        let nothing = Fields::default();
        let done = recordings::update_state(&mut write, one, from, to, at(310), &nothing).await;
        assert!(done.unwrap());
    }
    write.commit().await.unwrap();
}
