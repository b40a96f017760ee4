//! Rooms that are always recorded, and the rows of the watchdog.

use reelroom_domain::{
    file::FileKind,
    ids::{AppId, MeetingId, RecordingId},
    ledger::Ledger,
    meeting::{What, What::*},
    recording::{Recording, RecordingState as S},
    search::SearchText,
    view::{RoomFilter, RoomRow},
    watch::{AlertKind as K, AlertView, Always, Facts, RoomEvent, RoomNote},
};
use reelroom_store::{
    Conn, Store,
    alerts::{self, Alert},
    always, expected, notes,
    recordings::{self, Fields},
    rooms,
};

use crate::{
    at, id, person, recording,
    rig::{self, call, send_status, status, understand},
    room,
};

pub async fn story(store: &Store, app: AppId) {
    a_meeting_is_started_once(store, app).await;
    the_facts_of_a_room_are_loaded(store, app).await;
    alerts_come_and_go(store, app).await;
    an_expected_track_is_missed_by_name(store, app).await;
    notes_keep_their_order(store, app).await;
}

fn mark_of(second: i64) -> Always {
    Always {
        once: false,
        by: "Émile".into(),
        at: at(second),
    }
}

/// A meeting in the hall begins or ends. Returns the meetings that are due to start.
async fn hall(write: &mut Conn, app: AppId, what: What, second: i64) -> Vec<MeetingId> {
    send_status(write, app, "hall", &[(what, "", second)]).await;
    to_start(write).await
}

async fn to_start(write: &mut Conn) -> Vec<MeetingId> {
    let due = always::to_start(write).await.unwrap();
    due.iter().map(|one| one.meeting).collect()
}

/// Rolled back, as other parts count rooms.
async fn a_meeting_is_started_once(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let name = room("hall");
    rooms::ensure(&mut write, app, &name, at(1)).await.unwrap();

    // A meeting that began before the mark is not started.
    assert_eq!(hall(&mut write, app, Begin, 100).await, []);
    for changed in [true, false] {
        let mark = always::mark(&mut write, app, &name, Some(&mark_of(110))).await;
        assert_eq!(mark.unwrap(), changed);
    }
    assert_eq!(hall(&mut write, app, Begin, 100).await, []);
    assert_eq!(hall(&mut write, app, End, 120).await, []);

    // The next one is due, however often its begin comes, and is claimed once.
    let due = hall(&mut write, app, Begin, 130).await;
    assert_eq!(due.len(), 1);
    for late in [130, 131] {
        assert_eq!(hall(&mut write, app, Begin, late).await, due);
    }
    let by = always::to_start(&mut write).await.unwrap();
    assert_eq!(by[0].marked_by, "Émile");
    for first in [true, false] {
        let taken = always::claim_start(&mut write, due[0]).await;
        assert_eq!(taken.unwrap(), first);
    }
    assert_eq!(hall(&mut write, app, Begin, 131).await, []);

    // A meeting that is over is not due, nor is one in an unmarked room.
    assert_eq!(hall(&mut write, app, End, 140).await, []);
    let due = hall(&mut write, app, Begin, 150).await;
    assert_eq!(due.len(), 1);
    assert!(always::mark(&mut write, app, &name, None).await.unwrap());
    assert_eq!(to_start(&mut write).await, []);
    assert_eq!(always::of_room(&mut write, app, &name).await.unwrap(), None);
    always::mark(&mut write, app, &name, Some(&mark_of(155)))
        .await
        .unwrap();
    assert_eq!(hall(&mut write, app, End, 160).await, []);
    assert!(!always::claim_start(&mut write, due[0]).await.unwrap());
    let kept = always::of_room(&mut write, app, &name).await.unwrap();
    assert_eq!(kept, Some(mark_of(155)));

    // A meeting of no length, repeated, begins no other.
    assert_eq!(hall(&mut write, app, Begin, 170).await.len(), 1);
    assert_eq!(hall(&mut write, app, End, 170).await, []);
    assert_eq!(hall(&mut write, app, Begin, 170).await, []);
}

async fn facts(write: &mut Conn, name: &str) -> Option<Facts> {
    let watched = alerts::watched(write).await.unwrap();
    let of_room = watched.into_iter().find(|one| one.room.as_str() == name);
    of_room.map(|one| one.facts)
}

/// Rolled back, as other parts count rooms.
async fn the_facts_of_a_room_are_loaded(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let hall = room("hall");
    // A call without events, and then one that was received before it.
    let calls = [12_000, 11_990].map(|second| call(second, status(app, "hall", &[])));
    for call in calls {
        understand(&mut write, &[call]).await;
    }
    let events = [(Begin, "", 11_000), (Online, "ada", 11_010)];
    send_status(&mut write, app, "hall", &events).await;
    assert_eq!(
        facts(&mut write, "hall").await,
        None,
        "neither marked nor recorded"
    );

    always::mark(&mut write, app, &hall, Some(&mark_of(1)))
        .await
        .unwrap();
    let missed = Facts {
        always: true,
        meeting_since: Some(at(11_000)),
        people: 1,
        heard_at: Some(at(12_000)),
        app_heard_at: Some(at(12_000)),
        ..Facts::default()
    };
    assert_eq!(facts(&mut write, "hall").await, Some(missed));

    let running = Recording {
        state: S::Recording,
        started_at: Some(at(11_501)),
        ..recording(0x820, app, "hall", 11_500)
    };
    rig::insert(&mut write, &running).await;
    recordings::follow_meeting(&mut write, app, &hall)
        .await
        .unwrap();
    let recorded = Facts {
        recording_since: Some(at(11_501)),
        is_taken: true,
        ..missed
    };
    assert_eq!(facts(&mut write, "hall").await, Some(recorded));

    // The last participant leaves, and then the meeting ends.
    send_status(&mut write, app, "hall", &[(Offline, "ada", 11_600)]).await;
    let empty = Facts {
        people: 0,
        empty_since: Some(at(11_600)),
        ..recorded
    };
    assert_eq!(facts(&mut write, "hall").await, Some(empty));
    send_status(&mut write, app, "hall", &[(End, "", 11_700)]).await;
    let over = Facts {
        meeting_since: None,
        empty_since: Some(at(11_700)),
        ..empty
    };
    assert_eq!(facts(&mut write, "hall").await, Some(over));

    // A stop by hand holds for the meeting; a room without a running recording is not watched.
    let by_hand = Fields {
        stopped_by: Some("Ada".into()),
        ..Fields::default()
    };
    let step = (S::Recording, S::Stopping);
    rig::update_state(&mut write, running.id, step, 11_710, &by_hand).await;
    assert_eq!(facts(&mut write, "hall").await, None);
}

async fn of_list(write: &mut Conn, app: AppId, name: &str) -> RoomRow {
    let text = &SearchText::parse(name).unwrap();
    let wanted = rooms::Wanted {
        filter: RoomFilter::All,
        search: Some(rooms::Search { text, also: &[] }),
    };
    let list = rooms::list(write, app, wanted, None, 5).await;
    list.unwrap().remove(0)
}

/// Rolled back, as other parts count rooms.
async fn alerts_come_and_go(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let hall = room("hall");
    let running = Recording {
        state: S::Recording,
        ..recording(0x830, app, "hall", 500)
    };
    rig::insert(&mut write, &running).await;
    let before = rooms::counts(&mut write, app, None).await.unwrap();

    let raised = |kind, recording: u128, second| Alert {
        app,
        room: hall.clone(),
        kind,
        recording: Some(id(recording)),
        meeting: None,
        since: at(second),
        dismissed_at: None,
    };
    let view = |kind, second| AlertView {
        kind,
        since: at(second),
        recording: Some(id::<RecordingId>(0x830)),
    };
    let long = raised(K::TooLong, 0x830, 900);
    let empty = raised(K::EmptyRoom, 0x830, 800);
    for alert in [&long, &empty, &raised(K::TooLong, 0x830, 999)] {
        alerts::raise(&mut write, alert).await.unwrap();
    }
    // The older alert comes first; a repeated one changes nothing.
    let both = alerts::of_room(&mut write, app, &hall).await.unwrap();
    assert_eq!(both, [view(K::EmptyRoom, 800), view(K::TooLong, 900)]);
    let row = of_list(&mut write, app, "hall").await;
    assert_eq!(row.alert, Some(view(K::EmptyRoom, 800)));
    let counts = rooms::counts(&mut write, app, None).await.unwrap();
    assert_eq!(counts[3], before[3] + 1);
    assert_eq!((counts[0], counts[2]), (before[0], before[2]));

    for about in [Some(Some(running.id)), None] {
        let done = alerts::dismiss(&mut write, app, &hall, K::EmptyRoom, at(950)).await;
        assert_eq!(done.unwrap(), about);
    }
    alerts::raise(&mut write, &empty).await.unwrap();
    let one = alerts::of_room(&mut write, app, &hall).await.unwrap();
    assert_eq!(one, [view(K::TooLong, 900)], "dismissed once is dismissed");
    let counts = alerts::counts(&mut write).await.unwrap();
    assert_eq!(counts, [(K::TooLong, 1)]);
    alerts::clear(&mut write, &long).await.unwrap();
    assert_eq!(of_list(&mut write, app, "hall").await.alert, None);
    assert_eq!(rooms::counts(&mut write, app, None).await.unwrap(), before);
    let kept = alerts::all(&mut write).await.unwrap();
    assert_eq!((kept.len(), kept[0].dismissed_at), (1, Some(at(950))));

    // An alert about another recording is another alert.
    let other = Recording {
        state: S::AwaitingFiles,
        ..recording(0x831, app, "hall", 600)
    };
    rig::insert(&mut write, &other).await;
    alerts::raise(&mut write, &raised(K::EmptyRoom, 0x831, 990))
        .await
        .unwrap();
    let kept = alerts::all(&mut write).await.unwrap();
    assert_eq!(
        (kept[0].recording, kept[0].dismissed_at),
        (Some(other.id), None)
    );
}

/// Rolled back, as other parts count recordings.
async fn an_expected_track_is_missed_by_name(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let ended = Recording {
        state: S::AwaitingFiles,
        stopped_at: Some(at(600)),
        ..recording(0x840, app, "hall", 500)
    };
    rig::insert(&mut write, &ended).await;
    expected::set(&mut write, ended.id, &[person("ada"), person("bob")])
        .await
        .unwrap();
    for (kind, who) in [
        (FileKind::Composite, None),
        (FileKind::Track, Some("bob")),
        (FileKind::Track, Some("guest")),
    ] {
        let file = rig::announcement(kind, who, "x.mp4");
        let meaning = rig::file_with_token(app, "hall", ended.id, &file);
        rig::send_file(&mut write, 610, meaning).await;
    }
    let row = recordings::summary(&mut write, ended.id)
        .await
        .unwrap()
        .unwrap();
    let expected = Ledger {
        composites: 1,
        tracks: 2,
        tracks_expected: 3,
        frames: 0,
        frames_expected: false,
    };
    assert_eq!(row.ledger, expected);
    assert!(!row.ledger.is_complete());
}

/// Rolled back, as other parts count rooms.
async fn notes_keep_their_order(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let hall = room("hall");
    rooms::ensure(&mut write, app, &hall, at(1)).await.unwrap();
    let note = |second, event| RoomNote {
        at: at(second),
        event,
        by: "Ada".into(),
    };
    let all = [
        note(10, RoomEvent::AlwaysOn),
        note(20, RoomEvent::Dismissed(K::NotRecorded)),
        note(15, RoomEvent::AlwaysOff),
    ];
    for note in &all {
        notes::append(&mut write, app, &hall, note).await.unwrap();
    }
    let newest = notes::of_room(&mut write, app, &hall, 2).await.unwrap();
    assert_eq!(newest, [all[2].clone(), all[1].clone()]);
}
