//! Recordings: one active per room, state changes, and pages.

use reelroom_domain::{
    cause::Cause,
    ids::{AppId, RecordingId},
    meeting::What,
    recording::{AutoStop, Origin, Recording, RecordingEvent, RecordingState as S},
    view::HistoryEvent,
};
use reelroom_store::{
    Store, Write, expected, history,
    recordings::{self, Cursor, Fields, Inserted},
    rooms,
};

use crate::{
    at, id, person, recording,
    rig::{insert, send_status, update_state},
    room,
};

pub async fn story(store: &Store, app: AppId) {
    of_two_starts_one_wins(store, app).await;
    a_state_moves_only_from_where_it_is(store, app).await;
    files_fall_due(store, app).await;
    stops_fall_due(store, app).await;
    a_room_is_read_page_by_page(store, app).await;
    history_keeps_its_order(store).await;
    a_failed_start_has_its_newest_cause(store, app).await;
    a_room_is_merged_into_another(store, app).await;
}

async fn of_two_starts_one_wins(store: &Store, app: AppId) {
    let race = [0x201_u128, 0x202, 0x203, 0x204].map(|number| {
        let store = store.clone();
        tokio::spawn(async move {
            let wanted = recording(number, app, "Board-Weekly", 100);
            let mut write = store.write().await.unwrap();
            let inserted = recordings::insert(&mut write, &wanted).await.unwrap();
            write.commit().await.unwrap();
            (wanted.id, inserted)
        })
    });
    let mut winners = Vec::new();
    let mut losers = Vec::new();
    for one in race {
        match one.await.unwrap() {
            (id, Inserted::Yes) => winners.push(id),
            (_, Inserted::RoomTaken(other)) => losers.push(other.id),
        }
    }
    assert_eq!(winners.len(), 1);
    assert_eq!(losers, [winners[0]; 3]);

    // A found recording does not take the room.
    let mut write = store.write().await.unwrap();
    let found = Recording {
        origin: Origin::AutoRecorded,
        state: S::AwaitingFiles,
        ..recording(0x205, app, "Board-Weekly", 90)
    };
    insert(&mut write, &found).await;
    write.commit().await.unwrap();

    let mut read = store.read().await.unwrap();
    let active = recordings::active_of_room(&mut read, app, &room("Board-Weekly")).await;
    let expected = Recording {
        id: winners[0],
        ..recording(0, app, "Board-Weekly", 100)
    };
    assert_eq!(active.unwrap(), Some(expected));
    let board = room("Board-Weekly");
    let both = recordings::candidates(&mut read, app, &board, (at(90), at(9000)))
        .await
        .unwrap();
    assert_eq!(
        both.iter().map(|r| r.id).collect::<Vec<_>>(),
        [winners[0], found.id]
    );
    let one = recordings::candidates(&mut read, app, &board, (at(91), at(9000)))
        .await
        .unwrap();
    assert_eq!(one.len(), 1);
    assert_eq!(both[0].id, winners[0]);
}

async fn a_state_moves_only_from_where_it_is(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let board = room("Board-Weekly");
    let active = recordings::active_of_room(&mut write, app, &board).await;
    let id = active.unwrap().unwrap().id;
    let started = Fields {
        started_at: Some(at(101)),
        ..Fields::default()
    };
    for moved in [true, false] {
        let step = (S::Requested, S::Recording);
        let done = recordings::update_state(&mut write, id, step.0, step.1, at(101), &started);
        assert_eq!(done.await.unwrap(), moved);
    }
    // A change to the same state keeps its date.
    let (step, nothing) = ((S::Recording, S::Recording), Fields::default());
    update_state(&mut write, id, step, 150, &nothing).await;
    let stopped = Fields {
        stopped_at: Some(at(201)),
        stopped_by: Some("Émile".into()),
        ..Fields::default()
    };
    assert!(
        recordings::update_fields(&mut write, id, &stopped)
            .await
            .unwrap()
    );
    let people = [person("ada"), person("鲍勃")];
    for changed in [true, false] {
        let done = expected::set(&mut write, id, &people).await;
        assert_eq!(done.unwrap(), changed);
    }
    let waits_for = expected::of_recording(&mut write, id).await.unwrap();
    assert_eq!(waits_for, people);
    let now = recordings::get(&mut write, id).await.unwrap().unwrap();
    let expected = Recording {
        id,
        state: S::Recording,
        state_since: at(101),
        started_at: Some(at(101)),
        stopped_at: Some(at(201)),
        stopped_by: Some("Émile".into()),
        tracks_expected: 2,
        ..recording(0, app, "Board-Weekly", 100)
    };
    assert_eq!(now, expected);
    for step in [(S::Recording, S::Stopping), (S::Stopping, S::AwaitingFiles)] {
        update_state(&mut write, id, step, 202, &nothing).await;
    }
    let active = recordings::active_of_room(&mut write, app, &board).await;
    assert_eq!(active.unwrap(), None);
    write.commit().await.unwrap();
}

async fn stops_due(write: &mut reelroom_store::Conn, second: i64) -> Vec<RecordingId> {
    let due = recordings::auto_stop_due(write, at(second)).await.unwrap();
    due.into_iter().map(|recording| recording.id).collect()
}

async fn stops_fall_due(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let minute = 60_000;
    let kept = |number, name, auto_stop| Recording {
        state: S::Recording,
        started_at: Some(at(100)),
        auto_stop,
        ..recording(number, app, name, 99)
    };
    let by_time = |after_ms| AutoStop {
        after_ms: Some(after_ms),
        at_end: false,
    };
    let at_end = AutoStop {
        after_ms: None,
        at_end: true,
    };
    // A meeting that ended before the recording began.
    let ends = "stops-at-end";
    let over = [(What::Begin, "", 50), (What::End, "", 55)];
    send_status(&mut write, app, ends, &over).await;
    for (number, name, auto_stop) in [
        (0x220, "stops-later", by_time(2 * minute)),
        (0x221, "stops-soon", by_time(minute)),
        (0x222, "stops-at-end", at_end),
        (0x223, "stops-never", AutoStop::default()),
    ] {
        let new = kept(number, name, auto_stop);
        insert(&mut write, &new).await;
        let known = recordings::get(&mut write, new.id).await.unwrap();
        assert_eq!(known.unwrap().auto_stop, auto_stop);
    }
    assert_eq!(stops_due(&mut write, 159).await, []);
    assert_eq!(
        recordings::next_auto_stop_at(&mut write).await.unwrap(),
        Some(at(160))
    );
    assert_eq!(stops_due(&mut write, 160).await, [id(0x221)]);
    // Only the end of the recorded meeting counts, whatever the platform's clock says.
    for (event, follows) in [((What::Begin, "", 90), false), ((What::End, "", 95), true)] {
        send_status(&mut write, app, ends, &[event]).await;
        let due = stops_due(&mut write, 160).await;
        assert_eq!(due.contains(&id(0x222)), follows);
        assert!(due.contains(&id(0x221)));
    }
    // A stop is requested once, also where its outcome is unknown.
    let requested = Fields {
        auto_stopped_at: Some(at(160)),
        ..Fields::default()
    };
    let step = (S::Recording, S::Unknown);
    update_state(&mut write, id(0x221), step, 160, &requested).await;
    assert_eq!(stops_due(&mut write, 220).await, [id(0x220), id(0x222)]);
}

async fn files_fall_due(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let late = Recording {
        state: S::AwaitingFiles,
        stopped_at: Some(at(30)),
        ..recording(0x210, app, "late", 20)
    };
    insert(&mut write, &late).await;
    let hour = 3_600_000;
    let due = recordings::due(&mut write, at(30 + 3599), hour)
        .await
        .unwrap();
    assert_eq!(due, []);
    let due = recordings::due(&mut write, at(30 + 3600), hour)
        .await
        .unwrap();
    assert_eq!(due, std::slice::from_ref(&late));
    let step = (S::AwaitingFiles, S::Overdue);
    update_state(&mut write, late.id, step, 9000, &Fields::default()).await;

    let running = Recording {
        state: S::Recording,
        state_since: at(302),
        started_at: Some(at(301)),
        ..recording(0x211, app, "客服培训", 300)
    };
    insert(&mut write, &running).await;
    let to_look_up = async |write: &mut Write, second: i64| {
        let found = recordings::to_look_up(write, at(second)).await.unwrap();
        found.iter().map(|r| r.id).collect::<Vec<_>>()
    };
    let set = recordings::set_look_up_at;
    assert_eq!(to_look_up(&mut write, 99_999).await, []);
    set(&mut write, late.id, Some(at(9600))).await.unwrap();
    assert_eq!(to_look_up(&mut write, 9599).await, []);
    assert_eq!(to_look_up(&mut write, 9600).await, [late.id]);
    for (second, next) in [(9599, Some(at(9600))), (9600, None)] {
        let found = recordings::next_look_up_at(&mut write, at(second)).await;
        assert_eq!(found.unwrap(), next);
    }
    set(&mut write, late.id, None).await.unwrap();
    assert_eq!(to_look_up(&mut write, 99_999).await, []);
    write.commit().await.unwrap();
}

async fn a_room_is_read_page_by_page(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let library = room("library");
    // Eleven, four with equal times, which the id orders.
    let numbers = 0x300..0x30b_u128;
    for number in numbers.clone() {
        let second = i64::try_from((number - 0x300) / 4).unwrap();
        let one = Recording {
            state: S::Ready,
            ..recording(number, app, "library", second)
        };
        insert(&mut write, &one).await;
    }
    write.commit().await.unwrap();

    let mut read = store.read().await.unwrap();
    let mut seen: Vec<RecordingId> = Vec::new();
    let mut before: Option<Cursor> = None;
    loop {
        let page = recordings::of_room(&mut read, app, &library, before, 3)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.recording.requested_at, last.recording.id));
        seen.extend(page.iter().map(|summary| summary.recording.id));
    }
    let expected: Vec<RecordingId> = numbers.rev().map(id).collect();
    assert_eq!(seen, expected);
    let other: AppId = id(0xa0);
    let elsewhere = recordings::of_room(&mut read, other, &library, None, 100).await;
    assert_eq!(elsewhere.unwrap(), []);
}

async fn history_keeps_its_order(store: &Store) {
    let mut write = store.write().await.unwrap();
    let late = id(0x210);
    let events = [
        HistoryEvent::Requested,
        HistoryEvent::Took(RecordingEvent::StartAccepted),
        HistoryEvent::Found,
    ];
    let why = Cause::Words("a\0b".to_owned());
    for event in events {
        let done = history::append(&mut write, late, at(5), event, Some("Ada"), Some(&why));
        done.await.unwrap();
    }
    let lines = history::of_recording(&mut write, late).await.unwrap();
    let recorded: Vec<HistoryEvent> = lines.iter().map(|line| line.event).collect();
    assert_eq!(recorded, events);
    assert_eq!(lines[0].cause, Some(why));
    assert_eq!(
        (lines[0].at, lines[0].actor.as_deref()),
        (at(5), Some("Ada"))
    );
    // Rejected, as the recording does not exist. Last, as a rejected statement ends the transaction
    // on PostgreSQL.
    let orphan = history::append(&mut write, id(0xdead), at(5), events[0], None, None).await;
    assert!(!orphan.unwrap_err().is_passing());
    drop(write);
}

async fn a_failed_start_has_its_newest_cause(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let (refused, untold) = (id(0x3b0), id(0x3b1));
    for number in [0x3b0, 0x3b1] {
        let one = Recording {
            state: S::Failed,
            ..recording(number, app, "refused", 400)
        };
        insert(&mut write, &one).await;
    }
    let refusal = HistoryEvent::Took(RecordingEvent::StartRefused);
    for (of, event, why) in [
        (refused, refusal, "first"),
        (refused, refusal, "second"),
        (refused, HistoryEvent::Seen, "later"),
        (untold, HistoryEvent::Seen, "later"),
    ] {
        let why = Cause::Words(why.to_owned());
        history::append(&mut write, of, at(5), event, None, Some(&why))
            .await
            .unwrap();
    }
    let found = recordings::summaries(&mut write, &[refused, untold]).await;
    let causes: Vec<Option<Cause>> = found
        .unwrap()
        .into_iter()
        .map(|one| one.failed.unwrap().cause)
        .collect();
    assert_eq!(causes, [Some(Cause::Words("second".to_owned())), None]);
    // Nothing of it stays for the parts that follow.
    drop(write);
}

async fn a_room_is_merged_into_another(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let (mistyped, right) = (room("merge-mistyped"), room("merge-right"));
    for name in [&mistyped, &right] {
        rooms::ensure(&mut write, app, name, at(1)).await.unwrap();
    }
    for (number, state) in [(0x3a0, S::Ready), (0x3a1, S::Failed)] {
        let one = Recording {
            state,
            ..recording(number, app, "merge-mistyped", 400)
        };
        insert(&mut write, &one).await;
    }
    // It has a recording.
    let removed = rooms::remove_unreported(&mut write, app, &mistyped).await;
    assert!(!removed.unwrap());
    history::append_moves(&mut write, app, &mistyped, at(9), "ada")
        .await
        .unwrap();
    recordings::move_all(&mut write, app, &mistyped, &right)
        .await
        .unwrap();
    let removed = rooms::remove_unreported(&mut write, app, &mistyped).await;
    assert!(removed.unwrap());
    for number in [0x3a0, 0x3a1] {
        let moved = recordings::get(&mut write, id(number)).await.unwrap();
        assert_eq!(moved.unwrap().room, right);
        let lines = history::of_recording(&mut write, id(number)).await;
        let line = lines.unwrap().pop().unwrap();
        assert_eq!((line.event, line.at), (HistoryEvent::Moved, at(9)));
        assert_eq!(line.actor.as_deref(), Some("ada"));
        assert_eq!(line.moved_from.as_ref(), Some(&mistyped));
    }
    assert_eq!(rooms::get(&mut write, app, &mistyped).await.unwrap(), None);
    // Nothing of it stays for the parts that follow.
    drop(write);
}
