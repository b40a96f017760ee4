//! The history of access.

use std::collections::BTreeMap;

use reelroom_domain::{
    act::{Act, ActFilter, ActKind, detail},
    search::SearchText,
};
use reelroom_store::{
    Conn, Store,
    acts::{self, Line},
};

use crate::{at, id, room};

pub async fn story(store: &Store) {
    acts_are_listed_by_time(store).await;
    acts_are_found(store).await;
    repetitions_are_one_act(store).await;
    old_acts_are_deleted(store).await;
}

/// An act of ada at this second.
fn act(second: i64, kind: ActKind) -> Act {
    Act {
        at: at(second),
        until: at(second),
        user: Some(id(1)),
        name: "Ada Lovelace".into(),
        kind,
        subject: String::new(),
        room: None,
        recording: None,
        file: None,
        detail: BTreeMap::new(),
        address: Some("192.0.2.1".into()),
        agent: "Firefox".into(),
    }
}

async fn list(conn: &mut Conn, filter: &ActFilter) -> Vec<Line> {
    let found = acts::page(conn, filter, None, 100).await.unwrap();
    let count = acts::count(conn, filter, 100).await.unwrap();
    assert_eq!(found.len(), count as usize);
    found
}

/// The seconds at which the acts of a list began.
async fn seconds(conn: &mut Conn, filter: &ActFilter) -> Vec<i64> {
    let found = list(conn, filter).await;
    let seconds = found.iter().map(|line| line.act.at.since(at(0)) / 1000);
    seconds.collect()
}

async fn acts_are_listed_by_time(store: &Store) {
    let mut write = store.write().await.unwrap();
    assert_eq!(acts::last(&mut write).await.unwrap(), 0);
    let watched = Act {
        subject: "客服 100%_Ä.mp4".into(),
        room: Some((id(0xa0), room("Hall \u{202e}1"))),
        recording: Some(id(40)),
        file: Some(id(50)),
        detail: BTreeMap::from([(detail::KIND.to_owned(), "composite".to_owned())]),
        ..act(20, ActKind::Watched)
    };
    let wrong = Act {
        user: None,
        name: String::new(),
        address: Some("2001:db8::1".into()),
        ..act(10, ActKind::WrongSignIn)
    };
    let server = Act {
        user: None,
        name: String::new(),
        address: None,
        ..act(30, ActKind::SettingsChanged)
    };
    // The order in which they are appended does not matter, but for acts of the same moment.
    for one in [
        &watched,
        &wrong,
        &server,
        &act(10, ActKind::SignedIn),
        &act(10, ActKind::SignedOut),
    ] {
        acts::append(&mut write, one).await.unwrap();
    }
    let all = list(&mut write, &ActFilter::default()).await;
    let kinds: Vec<ActKind> = all.iter().map(|line| line.act.kind).collect();
    assert_eq!(
        kinds,
        [
            ActKind::SettingsChanged,
            ActKind::Watched,
            ActKind::SignedOut,
            ActKind::SignedIn,
            ActKind::WrongSignIn,
        ]
    );
    assert_eq!(all[1].act, watched);
    assert_eq!(all[0].act, server);
    let last = acts::last(&mut write).await.unwrap();
    assert_eq!(all[2].id, last);

    // Page by page.
    let (mut paged, mut before) = (Vec::new(), None);
    loop {
        let page = acts::page(&mut write, &ActFilter::default(), before, 2).await;
        let page = page.unwrap();
        let Some(end) = page.last() else { break };
        before = Some((end.act.at, end.id));
        paged.extend(page);
    }
    assert_eq!(paged, all);
    write.commit().await.unwrap();
}

/// The acts of [`acts_are_listed_by_time`].
async fn acts_are_found(store: &Store) {
    let mut write = store.write().await.unwrap();
    let last = acts::last(&mut write).await.unwrap();
    for (text, found) in [
        ("客服", 1),
        ("100%_ä", 1),
        ("%", 1),
        ("hall", 1),
        ("ADA", 3),
        ("192.0.2", 3),
        ("2001:DB8", 1),
        ("nothing", 0),
    ] {
        let filter = ActFilter {
            search: SearchText::parse(text),
            ..ActFilter::default()
        };
        assert_eq!(list(&mut write, &filter).await.len(), found, "{text}");
    }
    let all = &ActFilter::default();
    let within = |from, to| ActFilter {
        from,
        to,
        ..all.clone()
    };
    let of_name = ActFilter {
        name: Some("Ada Lovelace".into()),
        ..all.clone()
    };
    let of_kinds = ActFilter {
        kinds: vec![ActKind::SignedIn, ActKind::Watched],
        ..all.clone()
    };
    let from_address = ActFilter {
        address: Some("2001:db8::1".into()),
        ..all.clone()
    };
    let up_to = |number| ActFilter {
        up_to: Some(number),
        ..all.clone()
    };
    let of_recording = ActFilter {
        recording: Some(id(40)),
        ..up_to(last)
    };
    for (filter, expected) in [
        (within(Some(at(20)), None), vec![30, 20]),
        (within(Some(at(10)), Some(at(20))), vec![10, 10, 10]),
        (of_name, vec![20, 10, 10]),
        (of_kinds, vec![20, 10]),
        (from_address, vec![10]),
        (of_recording, vec![20]),
        (up_to(0), vec![]),
    ] {
        assert_eq!(seconds(&mut write, &filter).await, expected, "{filter:?}");
    }
    assert_eq!(acts::count(&mut write, all, 3).await.unwrap(), 3);
    let counts = acts::count_kinds(&mut write, all, 100).await.unwrap();
    assert_eq!(counts.len(), 5);
    assert!(counts.contains(&(ActKind::Watched, 1)));
    write.commit().await.unwrap();
}

async fn repetitions_are_one_act(store: &Store) {
    let mut write = store.write().await.unwrap();
    let watched = |second, address: &str| Act {
        recording: Some(id(41)),
        file: Some(id(51)),
        address: Some(address.into()),
        ..act(second, ActKind::Watched)
    };
    for one in [
        watched(1000, "192.0.2.1"),
        watched(1600, "192.0.2.1"),
        watched(1700, "192.0.2.2"),
        watched(2201, "192.0.2.1"),
    ] {
        acts::gather(&mut write, &one).await.unwrap();
    }
    let filter = ActFilter {
        recording: Some(id(41)),
        ..ActFilter::default()
    };
    let spans: Vec<_> = list(&mut write, &filter)
        .await
        .into_iter()
        .map(|line| (line.act.at, line.act.until))
        .collect();
    assert_eq!(
        spans,
        [
            (at(2201), at(2201)),
            (at(1700), at(1700)),
            (at(1000), at(1600)),
        ]
    );

    let wrong = |second, tries: u32| Act {
        user: None,
        detail: BTreeMap::from([(detail::TRIES.to_owned(), tries.to_string())]),
        ..act(second, ActKind::WrongSignIn)
    };
    for one in [wrong(3000, 2), wrong(3010, 5)] {
        acts::gather(&mut write, &one).await.unwrap();
    }
    let filter = ActFilter {
        from: Some(at(3000)),
        kinds: vec![ActKind::WrongSignIn],
        ..ActFilter::default()
    };
    let found = list(&mut write, &filter).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].act.counter(detail::TRIES), Some(7));
    write.commit().await.unwrap();
}

async fn old_acts_are_deleted(store: &Store) {
    let mut write = store.write().await.unwrap();
    for is_some in [true, false] {
        let deleted = acts::delete_before(&mut write, at(1700), 1000).await;
        assert_eq!(deleted.unwrap(), is_some);
    }
    let left = seconds(&mut write, &ActFilter::default()).await;
    assert_eq!(left, [3000, 2201, 1700]);
    write.commit().await.unwrap();
}
