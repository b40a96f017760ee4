//! Look-ups: their quota, their span, and one file whichever call comes first.

use reelroom_domain::{
    callback::{CallbackKind, Verdict},
    check::{Check, ListSign, RoomSign},
    file::{Announcement, FileKind},
    ids::{AppId, FileId, RecordingId},
    meeting::What,
    recording::{Origin, Recording, RecordingState},
    time::Timestamp,
    understanding::{FileCall, Meaning},
    view::HistoryEvent,
};
use reelroom_store::{
    Conn, Store,
    apps::{self, App},
    calls::{self, NewCall},
    checks, files, history, holds, inbox,
    lookups::{self, Claim, Slot, Sweep},
    meetings,
    recordings::{self, Fields},
};

use crate::{
    at, id, recording,
    rig::{self, call},
    room,
};

pub async fn story(store: &Store, app: AppId) {
    five_calls_a_minute(store, app).await;
    sweeps(store, app).await;
    a_found_file_is_announced(store, app).await;
    a_found_file_stays_in_a_recording_on_hold(store, app).await;
    checks_are_claimed_and_recorded(store, app).await;
    a_check_is_due_some_time_after_the_last_one(store, app).await;
}

const BACKGROUND: Claim = Claim {
    most: 5,
    in_person: false,
};

async fn five_calls_a_minute(store: &Store, app: AppId) {
    // An app with the same AppID, which shares its quota.
    let mut write = store.write().await.unwrap();
    let twin = App {
        id: id(0xaf),
        ..apps::get(&mut write, app).await.unwrap().unwrap()
    };
    apps::insert(&mut write, &twin).await.unwrap();
    write.commit().await.unwrap();
    // Both request at once, each in transactions of its own, within the same minute.
    let claim_all = async |app: AppId, second: i64| {
        let mut granted = 0;
        for _ in 0..6 {
            let mut write = store.write().await.unwrap();
            let slot = lookups::claim_call(&mut write, app, at(second), BACKGROUND).await;
            granted += u32::from(slot.unwrap() == Slot::Granted);
            write.commit().await.unwrap();
        }
        granted
    };
    let (one, other) = tokio::join!(claim_all(app, 5_000), claim_all(twin.id, 5_001));
    assert_eq!(one + other, 5);
    let mut write = store.write().await.unwrap();
    assert!(apps::remove(&mut write, twin.id).await.unwrap());
    // The calls of the removed app no longer count; the remaining app uses up the quota.
    for _ in 0..other {
        let slot = lookups::claim_call(&mut write, app, at(5_001), BACKGROUND).await;
        assert_eq!(slot.unwrap(), Slot::Granted);
    }
    let claim = async |write: &mut reelroom_store::Write, second, most| {
        lookups::claim_call(write, app, at(second), Claim { most, ..BACKGROUND })
            .await
            .unwrap()
    };
    // The first call leaves the window after 61 seconds; the background leaves one to a person, so
    // it waits for another one.
    assert!(matches!(
        claim(&mut write, 5_060, 5).await,
        Slot::NotBefore(_)
    ));
    assert_eq!(claim(&mut write, 5_062, 5).await, Slot::Granted);
    assert_eq!(
        claim(&mut write, 5_062, 1).await,
        Slot::NotBefore(at(5_123))
    );
    // Another AppID has its own quota.
    let other = lookups::claim_call(&mut write, id(0xa0), at(5_062), BACKGROUND).await;
    assert_eq!(other.unwrap(), Slot::Granted);

    let refused = async |write: &mut reelroom_store::Write, asked_at, second| {
        lookups::record_refusal(write, app, at(asked_at), at(second))
            .await
            .unwrap()
    };
    // Back-off after refusals: one minute, two, four.
    for (second, minutes) in [(5_800, 1), (5_870, 2), (6_000, 4)] {
        let until = refused(&mut write, second - 1, second).await;
        assert_eq!(until, at(second + 61 * minutes));
        // Another call was under way meanwhile: it is the same failure.
        for asked_at in [second - 2, second] {
            assert_eq!(refused(&mut write, asked_at, second + 1).await, until);
        }
        let slot = claim(&mut write, second + 1, 5).await;
        assert_eq!(slot, Slot::NotBefore(until));
    }
    // A person waits for the first minute only.
    let in_person = Claim {
        in_person: true,
        ..BACKGROUND
    };
    for (second, expected) in [(6_060, Slot::NotBefore(at(6_061))), (6_061, Slot::Granted)] {
        let slot = lookups::claim_call(&mut write, app, at(second), in_person).await;
        assert_eq!(slot.unwrap(), expected);
    }
    assert_eq!(claim(&mut write, 6_244, 5).await, Slot::Granted);
    lookups::record_answer(&mut write, app).await.unwrap();
    assert_eq!(refused(&mut write, 6_299, 6_300).await, at(6_361));
    lookups::record_answer(&mut write, app).await.unwrap();
    write.commit().await.unwrap();
}

async fn sweeps(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let claim = async |write: &mut reelroom_store::Write, second| {
        lookups::claim_sweep(write, app, at(second), 600_000)
            .await
            .unwrap()
    };
    let first = Sweep { swept_until: None };
    assert_eq!(claim(&mut write, 7_000).await, Some(first));
    assert_eq!(claim(&mut write, 7_599).await, None);
    // The first sweep did not succeed, so the next one starts as far back.
    assert_eq!(claim(&mut write, 7_600).await, Some(first));
    lookups::record_sweep(&mut write, app, at(7_600))
        .await
        .unwrap();
    let next = claim(&mut write, 8_200).await.unwrap();
    assert_eq!(next.swept_until, Some(at(7_600)));
    write.commit().await.unwrap();
}

fn announcement(kind: FileKind, user: Option<&str>, url: &str) -> Announcement {
    Announcement {
        url: url.into(),
        ..rig::announcement(kind, user, "ar_lookup_x7Qa_mia.mp4")
    }
}

/// A file found by a look-up, with a guessed recording.
fn find(app: AppId, recording: RecordingId, file: &Announcement) -> Meaning {
    rig::found(app, "lookup", recording, file)
}

fn found_call() -> NewCall {
    NewCall {
        kind: CallbackKind::Av,
        app: Some(id(0xa2)),
        received_at: at(9_000),
        remote: String::new(),
        content_type: None,
        content_encoding: None,
        looked_up: true,
        body: b"{}".to_vec(),
    }
}

async fn a_found_file_is_announced(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let started = Recording {
        state: RecordingState::AwaitingFiles,
        stopped_at: Some(at(8_960)),
        ..recording(0x7001, app, "lookup", 8_900)
    };
    let guess = Recording {
        origin: Origin::AutoRecorded,
        ..Recording {
            id: id(0x7002),
            ..started.clone()
        }
    };
    for one in [&started, &guess] {
        rig::insert(&mut write, one).await;
    }
    let between = async |write: &mut reelroom_store::Write, from, to| -> Vec<RecordingId> {
        let found = lookups::running_between(write, app, at(from), at(to)).await;
        found.unwrap().iter().map(|found| found.id).collect()
    };
    // Recordings of other parts may still run.
    let found = between(&mut write, 8_950, 9_000).await;
    assert_eq!(found[..2], [guess.id, started.id]);
    assert!(
        !between(&mut write, 8_961, 9_000)
            .await
            .contains(&started.id)
    );
    let open = lookups::oldest_open(&mut write, app, at(8_000)).await;
    assert_eq!(open.unwrap(), Some(at(8_900)));

    // A find is recorded once.
    let place = "http://v.example/a.mp4";
    assert!(!lookups::is_known(&mut write, app, place).await.unwrap());
    for is_new in [true, false] {
        let recorded = lookups::record_find(&mut write, app, place, at(9_000)).await;
        assert_eq!(recorded.unwrap(), is_new);
    }
    assert!(lookups::is_known(&mut write, app, place).await.unwrap());
    // An old one is forgotten, and may be found again. Rolled back.
    write.commit().await.unwrap();
    let mut write = store.write().await.unwrap();
    for (before, is_some) in [(9_000, false), (9_001, true), (9_001, false)] {
        let deleted = lookups::delete_finds(&mut write, at(before), 10).await;
        assert_eq!(deleted.unwrap(), is_some, "{before}");
    }
    assert!(!lookups::is_known(&mut write, app, place).await.unwrap());
    drop(write);
    let mut write = store.write_calls().await.unwrap();
    let new = [
        found_call(),
        NewCall {
            looked_up: false,
            ..found_call()
        },
    ];
    let ids = calls::append(&mut write, &new).await.unwrap();
    let waiting = calls::count_looked_up(&mut write, app).await;
    assert_eq!(waiting.unwrap(), 1);
    let stored = calls::get(&mut write, ids[0]).await.unwrap().unwrap();
    assert_eq!(stored.content, found_call());
    write.commit().await.unwrap();
    let mut write = store.write().await.unwrap();

    // Guessed as a composite of the wrong recording, then announced by its callback.
    let found = announcement(FileKind::Composite, None, "http://v.example/a.mp4?sign=1");
    let announced = announcement(
        FileKind::Track,
        Some("mia"),
        "http://v.example/a.mp4?sign=2",
    );
    let (file, of) = rig::send_file(&mut write, 9_001, find(app, guess.id, &found)).await;
    assert_eq!(of, guess.id);
    write.commit().await.unwrap();
    let mut write = store.write().await.unwrap();
    a_found_file_is_known(&mut write, app, guess.id, file).await;
    drop(write);
    let mut write = store.write().await.unwrap();
    let lines = history::of_recording(&mut write, guess.id).await.unwrap();
    assert!(
        lines
            .iter()
            .any(|line| line.event == HistoryEvent::LookedUp)
    );
    let callback = rig::file_with_token(app, "lookup", started.id, &announced);
    let decided = rig::understand(&mut write, &[call(9_002, callback)]).await;
    let understood = &decided.understood[0];
    assert_eq!(understood.file, Some(file));
    assert_eq!(understood.verdict, Verdict::Accepted);
    let of_it = files::of_recording(&mut write, started.id).await.unwrap();
    assert_eq!((of_it.len(), of_it[0].announced.kind), (1, FileKind::Track));
    assert_eq!((of_it[0].id, of_it[0].version), (file, 1));
    assert_eq!(of_it[0].announced.url, announced.url);
    // The recording created for it is deleted.
    assert_eq!(recordings::get(&mut write, guess.id).await.unwrap(), None);
    write.commit().await.unwrap();
    let mut write = store.write().await.unwrap();
    an_announced_file_is_no_find(&mut write, app, &started, file, &announced).await;
    drop(write);
    all_within_one_batch(store, app, started).await;
}

async fn an_announced_file_is_no_find(
    conn: &mut Conn,
    app: AppId,
    of: &Recording,
    file: FileId,
    announced: &Announcement,
) {
    let next = Recording {
        id: id(0x7003),
        ..of.clone()
    };
    rig::insert(conn, &next).await;
    let again = rig::file_with_token(app, "lookup", next.id, announced);
    let (other, of) = rig::send_file(conn, 9_003, again).await;
    assert!(other != file && of == next.id);
}

/// A found file is known by its address or by its name.
async fn a_found_file_is_known(conn: &mut Conn, app: AppId, of: RecordingId, file: FileId) {
    let named = |url: &str, name: &str| Announcement {
        name: name.into(),
        ..announcement(FileKind::Composite, None, url)
    };
    for (url, name, is_known) in [
        ("http://v.example/a.mp4", "other.mp4", true),
        ("http://v.example/b.mp4", "ar_lookup_x7Qa_mia.mp4", true),
        ("http://v.example/a.mp", "other.mp4", false),
    ] {
        let call = call(9_001, find(app, of, &named(url, name)));
        let decided = rig::understand(conn, &[call]).await;
        let known = decided.understood[0].file == Some(file);
        assert_eq!(known, is_known, "{url} {name}");
    }
    // A find is not recorded again within a moment.
    let lines = history::of_recording(conn, of).await.unwrap();
    let found_lines = lines
        .iter()
        .filter(|line| line.event == HistoryEvent::LookedUp);
    assert_eq!(found_lines.count(), 1);
}

/// A file is found, announced as of another recording, and followed by a new one of its former
/// name. Rolled back.
async fn all_within_one_batch(store: &Store, app: AppId, started: Recording) {
    for portion in [1, 2, 3] {
        let mut write = store.write().await.unwrap();
        let started = Recording {
            id: id(0x7010),
            ..started.clone()
        };
        rig::insert(&mut write, &started).await;
        let found = announcement(FileKind::Composite, None, "http://v.example/c.mp4");
        let track = announcement(FileKind::Track, Some("mia"), "http://v.example/c.mp4");
        let mix = announcement(FileKind::Composite, None, "http://v.example/d.mp4");
        // Only its time could match it, and there is no recording at that time.
        let found = Announcement {
            started_at: Some(at(900_000)),
            ended_at: Some(at(900_100)),
            ..found
        };
        let first = FileCall {
            looked_up: true,
            ..rig::file(app, "lookup", &found)
        };
        let calls = [
            call(900_200, Meaning::File(Box::new(first))),
            call(
                900_201,
                rig::file_with_token(app, "lookup", started.id, &track),
            ),
            call(900_202, find(app, started.id, &mix)),
        ];
        let mut understood = Vec::new();
        for some in calls.chunks(portion) {
            understood.extend(rig::understand(&mut write, some).await.understood);
        }
        let shown = understood[0].recording.unwrap();
        assert_ne!(shown, started.id);
        assert_eq!(recordings::get(&mut write, shown).await.unwrap(), None);
        assert_eq!(understood[1].file, understood[0].file);
        let entry = inbox::get(&mut write, calls[0].id).await.unwrap().unwrap();
        assert_eq!(entry.understood.recording, None);
        let known = files::of_recording(&mut write, started.id).await.unwrap();
        let known: Vec<_> = known.iter().map(|file| Some(file.id)).collect();
        assert_eq!(known, [understood[0].file], "the name is known");
        drop(write);
        a_moved_file_leaves_its_name(store, app, portion).await;
    }
}

/// The found file becomes a track, and the composite of its name is another file. Rolled back.
async fn a_moved_file_leaves_its_name(store: &Store, app: AppId, portion: usize) {
    let mut write = store.write().await.unwrap();
    let started = Recording {
        state: RecordingState::AwaitingFiles,
        ..recording(0x7011, app, "lookup", 8_900)
    };
    rig::insert(&mut write, &started).await;
    let found = announcement(FileKind::Composite, None, "http://v.example/e.mp4");
    let track = announcement(FileKind::Track, Some("mia"), "http://v.example/e.mp4");
    let mix = announcement(FileKind::Composite, None, "http://v.example/f.mp4");
    rig::send_file(&mut write, 9_010, find(app, started.id, &found)).await;
    let calls = [&track, &mix].map(|file| {
        let announced = rig::file_with_token(app, "lookup", started.id, file);
        call(9_011, announced)
    });
    for some in calls.chunks(portion) {
        rig::understand(&mut write, some).await;
    }
    let known = files::of_recording(&mut write, started.id).await.unwrap();
    let kinds: Vec<_> = known.iter().map(|file| file.announced.kind).collect();
    assert_eq!(kinds, [FileKind::Composite, FileKind::Track]);
}

/// A file that a look-up found stays in its recording, with its copy, while that is on hold: the recording that the
/// callback names gets a file of its own. Rolled back.
async fn a_found_file_stays_in_a_recording_on_hold(store: &Store, app: AppId) {
    for portion in [1, 2] {
        let mut write = store.write().await.unwrap();
        let [held, named] = [0x7020, 0x7021].map(|number| Recording {
            state: RecordingState::AwaitingFiles,
            ..recording(number, app, "lookup", 8_900)
        });
        for one in [&held, &named] {
            rig::insert(&mut write, one).await;
        }
        let added = holds::add(&mut write, held.id, None, "Audit", at(8_950), "ada").await;
        assert!(added.unwrap());
        let file = announcement(FileKind::Composite, None, "http://v.example/g.mp4");
        let calls = [
            call(9_020, find(app, held.id, &file)),
            call(9_021, rig::file_with_token(app, "lookup", named.id, &file)),
        ];
        let mut understood = Vec::new();
        for some in calls.chunks(portion) {
            understood.extend(rig::understand(&mut write, some).await.understood);
        }
        assert_ne!(understood[0].file, understood[1].file);
        for (of, one) in [held.id, named.id].into_iter().zip(&understood) {
            let known = files::of_recording(&mut write, of).await.unwrap();
            let known: Vec<_> = known.iter().map(|file| Some(file.id)).collect();
            assert_eq!(known, [one.file], "{portion}");
        }
    }
}

async fn checks_are_claimed_and_recorded(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let id: RecordingId = id(0x7001);
    assert_eq!(
        checks::of_recording(&mut write, id).await.unwrap(),
        checks::Known::default()
    );
    let claim = async |write: &mut reelroom_store::Write, second| {
        checks::claim(write, id, at(second), 30_000).await.unwrap()
    };
    assert!(claim(&mut write, 9_100).await);
    assert!(!claim(&mut write, 9_129).await);
    assert!(claim(&mut write, 9_130).await);
    let check = Check {
        room: RoomSign::Live { people: 2 },
        list: ListSign::Nothing,
    };
    checks::record(&mut write, id, at(9_131), &check)
        .await
        .unwrap();
    checks::record(&mut write, id, at(9_132), &check)
        .await
        .unwrap();
    checks::record_listing(&mut write, id, at(9_133))
        .await
        .unwrap();
    let known = checks::of_recording(&mut write, id).await.unwrap();
    assert_eq!(known.listed_at, Some(at(9_133)));
    let recorded = known.checks.unwrap();
    assert_eq!(
        (recorded.count, recorded.last_at, recorded.last),
        (2, at(9_132), check)
    );

    let newest = async |write: &mut reelroom_store::Write, second: i64| {
        let since = Timestamp::from_millis(at(second).as_millis());
        meetings::newest_since(write, app, &room("lookup"), since)
            .await
            .unwrap()
    };
    assert_eq!(newest(&mut write, 9_000).await, None);
    let events = [(What::Begin, "", 9_000), (What::End, "", 9_050)];
    rig::send_status(&mut write, app, "lookup", &events).await;
    assert_eq!(newest(&mut write, 9_051).await, None);
    let ended = newest(&mut write, 9_050).await.unwrap();
    assert_eq!(ended.ended_at, Some(at(9_050)));
    let rooms = lookups::rooms_met_between(&mut write, app, at(9_040), at(9_060)).await;
    assert!(rooms.unwrap().contains(&room("lookup")));
    write.commit().await.unwrap();
}

async fn a_check_is_due_some_time_after_the_last_one(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let unknown = Recording {
        state: RecordingState::Unknown,
        ..recording(0x7004, app, "lookup", 9_200)
    };
    rig::insert(&mut write, &unknown).await;
    let due = async |write: &mut reelroom_store::Write, before: i64| {
        let due = checks::due(write, at(before)).await.unwrap();
        due.iter().any(|recording| recording.id == unknown.id)
    };
    assert!(due(&mut write, 0).await);
    let claimed = checks::claim(&mut write, unknown.id, at(9_210), 30_000).await;
    assert!(claimed.unwrap());
    assert!(!due(&mut write, 9_209).await);
    assert!(due(&mut write, 9_210).await);
    let step = (RecordingState::Unknown, RecordingState::Failed);
    rig::update_state(&mut write, unknown.id, step, 9_300, &Fields::default()).await;
    assert!(!due(&mut write, 9_300).await);
    write.commit().await.unwrap();
}
