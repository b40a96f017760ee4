//! The list of rooms, page by page, and the columns it is read from.

use std::collections::BTreeSet;

use reelroom_domain::{
    ids::AppId,
    meeting::What,
    recording::RecordingState,
    room::{RoomId, RoomTitle},
    search::SearchText,
    view::{RoomFilter, RoomLabel, RunningRecording},
};
use reelroom_store::{
    Conn, Store,
    recordings::Fields,
    rooms::{self, Search, Wanted},
};

use crate::{
    at, id, recording,
    rig::{self, send_status},
    room,
};

const FILTERS: [RoomFilter; 5] = [
    RoomFilter::All,
    RoomFilter::Live,
    RoomFilter::Recording,
    RoomFilter::Attention,
    RoomFilter::Hidden,
];

/// Rolled back, as it makes hundreds of rooms.
pub async fn story(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    assert_eq!(rooms::stale(&mut write).await.unwrap(), []);
    many_rooms(&mut write, app).await;
    assert_eq!(rooms::stale(&mut write).await.unwrap(), []);
    counts_match_the_pages(&mut write, app).await;
    a_room_is_listed_once_while_others_change(&mut write, app).await;
    a_given_up_recording_needs_no_attention(&mut write, app).await;
    running_recordings_have_titles(&mut write, app).await;
    assert_eq!(rooms::stale(&mut write).await.unwrap(), []);
}

fn name(number: u128) -> RoomId {
    room(&format!("hall-{number:03}"))
}

/// 230 rooms: some live, starred, hidden, recorded or waiting for a person; many are equal but for
/// their id.
async fn many_rooms(conn: &mut Conn, app: AppId) {
    for number in 0..230_u128 {
        let second = i64::try_from(number).unwrap();
        let name = name(number);
        rooms::ensure(conn, app, &name, at(0)).await.unwrap();
        if number % 7 == 0 {
            send_status(conn, app, name.as_str(), &[(What::Begin, "", 10)]).await;
        }
        if number % 14 == 0 {
            send_status(conn, app, name.as_str(), &[(What::End, "", 20)]).await;
        }
        if number % 11 == 0 {
            let label = RoomLabel {
                title: RoomTitle::parse(&format!("Große Halle {number}")).unwrap(),
                starred: number % 22 == 0,
                hidden: number % 33 == 0,
            };
            rooms::set_label(conn, app, &name, &label).await.unwrap();
        }
        if number % 5 == 0 {
            let mut new = recording(0x8000 + number, app, name.as_str(), second / 20);
            new.state = match number % 4 {
                0 => RecordingState::Ready,
                1 => RecordingState::Recording,
                2 => RecordingState::Failed,
                _ => RecordingState::AwaitingFiles,
            };
            rig::insert(conn, &new).await;
        }
    }
    // A newer recording is ready, so the earlier failure needs no attention.
    let newer = recording(0x8fff, app, name(10).as_str(), 500);
    rig::insert(conn, &newer).await;
    let step = (RecordingState::Requested, RecordingState::Ready);
    rig::update_state(conn, newer.id, step, 501, &Fields::default()).await;
}

async fn a_given_up_recording_needs_no_attention(conn: &mut Conn, app: AppId) {
    let hall = name(130);
    let row = async |conn: &mut Conn| rig::row(conn, app, &hall).await.unwrap();
    let failed = row(conn).await;
    assert_eq!(failed.current.unwrap().0, RecordingState::Failed);
    let newer = recording(0x8ffe, app, hall.as_str(), 600);
    rig::insert(conn, &newer).await;
    let fields = Fields {
        given_up: true,
        ..Fields::default()
    };
    let step = (RecordingState::Requested, RecordingState::Failed);
    rig::update_state(conn, newer.id, step, 601, &fields).await;
    let given_up = row(conn).await;
    assert_eq!(given_up.current, None);
    assert_eq!(given_up.last_recorded_at, None, "tries are not recordings");
    assert!(given_up.place.rank() >= 8 && failed.place.rank() < 8);
}

/// Every page of a list.
async fn walk(conn: &mut Conn, app: AppId, wanted: Wanted<'_>, limit: u32) -> Vec<RoomId> {
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = rooms::list(conn, app, wanted, after.as_ref(), limit).await;
        let page = page.unwrap();
        let Some(last) = page.last() else {
            return found;
        };
        assert!(page.iter().is_sorted_by_key(|row| &row.place));
        assert!(after.is_none_or(|after| after < page[0].place));
        after = Some(last.place.clone());
        found.extend(page.into_iter().map(|row| row.room));
    }
}

async fn counts_match_the_pages(conn: &mut Conn, app: AppId) {
    for search in [
        None,
        Some("hall-1"),
        Some("GROSSE"),
        Some("halle 1"),
        Some("nobody"),
    ] {
        let text = search.and_then(SearchText::parse);
        let search = text.as_ref().map(|text| Search { text, also: &[] });
        let counts = rooms::counts(conn, app, search).await.unwrap();
        for (filter, count) in FILTERS.into_iter().zip(counts) {
            let wanted = Wanted { filter, search };
            let found = walk(conn, app, wanted, 7).await;
            assert_eq!(u32::try_from(found.len()), Ok(count), "{wanted:?}");
            let whole = walk(conn, app, wanted, 1000).await;
            assert_eq!(found, whole, "{wanted:?}");
            assert_eq!(
                found.iter().collect::<BTreeSet<_>>().len(),
                found.len(),
                "{wanted:?}"
            );
        }
    }
    let counts = rooms::counts(conn, app, None).await.unwrap();
    assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
}

async fn a_room_is_listed_once_while_others_change(conn: &mut Conn, app: AppId) {
    let wanted = Wanted::default();
    let before = walk(conn, app, wanted, 1000).await;
    let (mut seen, mut after, mut moved) = (Vec::new(), None, BTreeSet::new());
    loop {
        let page = rooms::list(conn, app, wanted, after.as_ref(), 20).await;
        let page = page.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.place.clone());
        // One moves up, one moves down, and one is new.
        let number = 1000 + u128::try_from(seen.len()).unwrap();
        let (up, down) = (page[3].room.clone(), page[5].room.clone());
        send_status(conn, app, up.as_str(), &[(What::Begin, "", 90)]).await;
        send_status(conn, app, down.as_str(), &[(What::End, "", 95)]).await;
        rooms::ensure(conn, app, &name(number), at(96))
            .await
            .unwrap();
        moved.extend([up, down, name(number)]);
        seen.extend(page.into_iter().map(|row| row.room));
    }
    for room in before.iter().filter(|room| !moved.contains(room)) {
        let times = seen.iter().filter(|found| *found == room).count();
        assert_eq!(times, 1, "{room}");
    }
}

async fn running_recordings_have_titles(conn: &mut Conn, app: AppId) {
    let (running, together) = rooms::running(conn, app, 1000).await.unwrap();
    assert_eq!(running.len(), usize::try_from(together).unwrap());
    let (first, all) = rooms::running(conn, app, 2).await.unwrap();
    assert_eq!((first.as_slice(), all), (&running[..2], together));
    assert!(running.iter().all(|one| one.state.is_active()));
    let unknown = |one: &RunningRecording| one.state == RecordingState::Unknown;
    assert!(running.is_sorted_by_key(|one| (!unknown(one), one.started_at)));
    let other: AppId = id(0xa0);
    let others = rooms::running(conn, other, 5).await.unwrap();
    assert_eq!(others, (vec![], 0));
    let titled = running.iter().find(|one| one.room == name(165)).unwrap();
    assert_eq!(titled.title, "Große Halle 165");
}
