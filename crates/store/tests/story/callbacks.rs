//! Raw calls: kept to the byte, understood later.

use reelroom_domain::{
    callback::{CallbackKind, Verdict},
    file::FileKind,
    ids::{AppId, CallId},
    inbox::{InboxOnly, InboxTab},
    recording::{Origin, RecordingState},
    search::SearchText,
};
use reelroom_store::{
    Store,
    callbacks::{self, Filter, RawCallback, Subject, Understood},
    files, recordings,
};

use crate::{at, id, recording, room};

fn raw(number: u128, second: i64, body: &[u8]) -> RawCallback {
    RawCallback {
        id: id(number),
        kind: CallbackKind::Av,
        app: Some(id(0xa2)),
        received_at: at(second),
        remote: "192.0.2.7".into(),
        content_type: Some("application/json\0".into()),
        body: body.to_vec(),
    }
}

pub async fn story(store: &Store, app: AppId) {
    let large = vec![0; 70_000];
    let bodies: [&[u8]; 4] = [b"", b"{\"a\":\"\\u0000\"}\0\0", b"\xff\xfe\x00\x80", &large];
    let mut write = store.write().await.unwrap();
    assert_eq!(callbacks::last_accepted_at(&mut write).await.unwrap(), None);
    for (number, body) in (0x500..).zip(bodies) {
        callbacks::insert(&mut write, &raw(number, 400, body))
            .await
            .unwrap();
    }
    // More than one statement takes, and older: they are understood first.
    let many: Vec<RawCallback> = (0x600..0x600 + 250).map(|n| raw(n, 399, b"x")).collect();
    callbacks::insert_many(&mut write, &many).await.unwrap();
    callbacks::insert_many(&mut write, &[]).await.unwrap();
    write.commit().await.unwrap();

    let mut write = store.write().await.unwrap();
    let waiting = callbacks::next_to_understand(&mut write, 1000, u64::MAX >> 1)
        .await
        .unwrap();
    assert_eq!(waiting.len(), 254);
    let order: Vec<CallId> = waiting.iter().map(|callback| callback.id).collect();
    let expected: Vec<CallId> = (0x600..0x600 + 250).chain(0x500..0x504).map(id).collect();
    assert_eq!(order, expected);
    for (callback, body) in waiting[250..].iter().zip(bodies) {
        assert_eq!(callback.body, body);
    }
    assert_eq!(
        waiting[0].content_type.as_deref(),
        Some("application/json\u{fffd}")
    );

    let board = recordings::newest_of_room(&mut write, app, &room("Board-Weekly")).await;
    let accepted = Understood {
        verdict: Verdict::Accepted,
        reason: None,
        recording: Some(board.unwrap().unwrap().id),
        file: Some(id(0x400)),
        subject: Subject {
            room: Some(room("Board-Weekly")),
            file_name: Some("Ä_100%\0.mp4".into()),
            file_kind: Some(FileKind::Composite),
            ..Subject::default()
        },
    };
    let malformed = Understood {
        verdict: Verdict::Malformed,
        reason: Some("not JSON: \0".into()),
        recording: None,
        file: None,
        subject: Subject::default(),
    };
    for (number, what) in [(0x501, &accepted), (0x502, &malformed)] {
        let known = [(id(number), what.clone()), (id(1), what.clone())];
        let done = callbacks::set_understood(&mut write, at(401), &known).await;
        assert_eq!(done.unwrap(), 1);
    }
    let kept = callbacks::get(&mut write, id(0x501))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (kept.verdict, kept.recording),
        (Some(Verdict::Accepted), accepted.recording)
    );
    assert_eq!(
        (kept.file, kept.understood_at),
        (accepted.file, Some(at(401)))
    );
    let kept = callbacks::get(&mut write, id(0x502))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(kept.reason.as_deref(), Some("not JSON: \u{fffd}"));
    let last = callbacks::last_accepted_at(&mut write).await.unwrap();
    assert_eq!(last, Some(at(400)));
    let waiting = callbacks::next_to_understand(&mut write, 1000, u64::MAX >> 1)
        .await
        .unwrap();
    assert_eq!(waiting.len(), 252);
    // As much as is read at once: the first always, and then until it is so much.
    for (bytes, many) in [(1, 1), (2, 2), (250, 250), (251, 252)] {
        let some = callbacks::next_to_understand(&mut write, 1000, bytes).await;
        assert_eq!(some.unwrap().len(), many, "{bytes}");
    }
    write.commit().await.unwrap();
    quota(store).await;
    thousands(store).await;

    let mut read = store.read().await.unwrap();
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let page = callbacks::list(&mut read, before, 100).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.received_at, last.id));
        seen.extend(page.iter().map(|callback| callback.id));
    }
    let newest_first: Vec<CallId> = expected.into_iter().rev().collect();
    assert_eq!(seen, newest_first);
}

/// As many as one transaction understands: statements of every size.
async fn thousands(store: &Store) {
    let mut write = store.write().await.unwrap();
    callbacks::understand_alone(&mut write).await.unwrap();
    let all: Vec<RawCallback> = (0x1000..0x1000 + 1023)
        .map(|n| raw(n, 390, b"{}"))
        .collect();
    callbacks::insert_many(&mut write, &all).await.unwrap();
    let what = Understood {
        verdict: Verdict::Duplicate,
        reason: None,
        recording: None,
        file: None,
        subject: Subject::default(),
    };
    let verdicts: Vec<_> = all.iter().map(|raw| (raw.id, what.clone())).collect();
    let done = callbacks::set_understood(&mut write, at(403), &verdicts).await;
    assert_eq!(done.unwrap(), 1023);
    for raw in [&all[0], &all[512], &all[1022]] {
        let kept = callbacks::get(&mut write, raw.id).await.unwrap().unwrap();
        let duplicate = Some(Verdict::Duplicate);
        assert_eq!((kept.body, kept.verdict), (raw.body.clone(), duplicate));
    }
    // Dropped: the story goes on without them.
}

/// What nobody can use gives way to what came later; what was accepted never does.
async fn quota(store: &Store) {
    let mut write = store.write().await.unwrap();
    let all: Vec<RawCallback> = (0x700..0x700 + 200)
        .map(|n| raw(n, 395, b"12345"))
        .collect();
    callbacks::insert_many(&mut write, &all).await.unwrap();
    let verdicts: Vec<(CallId, Understood)> = all
        .iter()
        .enumerate()
        .map(|(at, raw)| {
            let verdict = [Verdict::Accepted, Verdict::Unrecognised, Verdict::Malformed][at % 3];
            let what = Understood {
                verdict,
                reason: None,
                recording: None,
                file: None,
                subject: Subject::default(),
            };
            (raw.id, what)
        })
        .collect();
    callbacks::set_understood(&mut write, at(402), &verdicts)
        .await
        .unwrap();
    // One malformed call of the story itself is newer, of 4 bytes; it and so many of the others.
    let left = async |write: &mut reelroom_store::Write| {
        let listed = callbacks::list(write, None, 1000).await.unwrap();
        let of = |number: std::ops::Range<u128>| {
            let ids: Vec<CallId> = number.map(id).collect();
            listed.iter().filter(|call| ids.contains(&call.id)).count()
        };
        of(0x700..0x700 + 200)
    };
    assert_eq!(
        callbacks::keep_to_quota(&mut write, 1000, 1000)
            .await
            .unwrap(),
        0
    );
    assert_eq!(left(&mut write).await, 200);
    assert_eq!(
        callbacks::keep_to_quota(&mut write, 101, 1000)
            .await
            .unwrap(),
        33
    );
    assert_eq!(
        callbacks::keep_to_quota(&mut write, 101, 4 + 50)
            .await
            .unwrap(),
        90
    );
    assert_eq!(left(&mut write).await, 67 + 10);
    let newest: CallId = id(0x700 + 199);
    assert!(callbacks::get(&mut write, newest).await.unwrap().is_some());
    // Dropped: the story goes on without them.
}

/// People look at the calls of the story, and say what some of them are.
pub async fn story_of_the_inbox(store: &Store, app: AppId) {
    let all = Filter::default();
    let of = |tab| Filter { tab, ..all };
    let mut read = store.read().await.unwrap();
    let mut counts = Vec::new();
    for tab in InboxTab::ALL {
        counts.push(callbacks::count(&mut read, of(*tab)).await.unwrap());
    }
    // All, unrecognised, malformed, auto, duplicate, accepted.
    assert_eq!(counts, [254, 0, 1, 0, 0, 1]);
    assert_eq!(callbacks::count_open(&mut read).await.unwrap(), 1);
    let board = room("Board-Weekly");
    let [folded, plain, pattern] = ["ä_100%", "board", "a%.mp4"].map(SearchText::parse);
    for (filter, found) in [
        (
            Filter {
                search: folded.as_ref(),
                ..all
            },
            1,
        ),
        (
            Filter {
                search: plain.as_ref(),
                ..all
            },
            1,
        ),
        (
            Filter {
                search: pattern.as_ref(),
                ..all
            },
            0,
        ),
        (
            Filter {
                room: Some(&board),
                ..all
            },
            1,
        ),
        (
            Filter {
                only: InboxOnly::Status,
                ..all
            },
            0,
        ),
        (
            Filter {
                only: InboxOnly::Tests,
                ..all
            },
            0,
        ),
        (
            Filter {
                only: InboxOnly::Files,
                ..of(InboxTab::Accepted)
            },
            1,
        ),
    ] {
        let page = callbacks::page(&mut read, filter, None, 300).await.unwrap();
        assert_eq!(page.len(), found, "{filter:?}");
        assert_eq!(
            callbacks::count(&mut read, filter).await.unwrap() as usize,
            found
        );
    }
    let mut seen = 0;
    let mut before = None;
    while let Some(last) = {
        let page = callbacks::page(&mut read, all, before, 100).await.unwrap();
        seen += page.len();
        page.last().map(|line| (line.received_at, line.id))
    } {
        before = Some(last);
    }
    assert_eq!(seen, 254);
    let line = callbacks::line(&mut read, id(0x501))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((line.size, line.file_kind), (16, Some(FileKind::Composite)));
    assert_eq!(line.file_name.as_deref(), Some("Ä_100%\u{fffd}.mp4"));
    assert_eq!(callbacks::line(&mut read, id(1)).await.unwrap(), None);
    drop(read);
    what_people_say_of_calls(store).await;
    a_file_is_tied_to_another_recording(store, app).await;
}

async fn what_people_say_of_calls(store: &Store) {
    let mut write = store.write().await.unwrap();
    let all = Filter::default();
    let open = callbacks::next_open(&mut write, None, 9).await.unwrap();
    assert_eq!(open.len(), 1);
    let after = Some((open[0].received_at, open[0].id));
    assert_eq!(
        callbacks::next_open(&mut write, after, 9).await.unwrap(),
        []
    );
    assert!(
        callbacks::deal(&mut write, id(0x502), Some(("Ada", at(500))))
            .await
            .unwrap()
    );
    assert!(!callbacks::deal(&mut write, id(1), None).await.unwrap());
    assert_eq!(callbacks::count_open(&mut write).await.unwrap(), 0);
    let dealt = Filter {
        only: InboxOnly::Dealt,
        ..all
    };
    assert_eq!(callbacks::count(&mut write, dealt).await.unwrap(), 1);
    callbacks::deal(&mut write, id(0x502), None).await.unwrap();
    assert_eq!(callbacks::count_open(&mut write).await.unwrap(), 1);
    let same = callbacks::same_body(&mut write, at(400), b"\xff\xfe\x00\x80")
        .await
        .unwrap();
    assert_eq!(same, Some(id(0x502)));
    assert_eq!(
        callbacks::same_body(&mut write, at(401), b"x")
            .await
            .unwrap(),
        None
    );

    write.commit().await.unwrap();
}

/// The calls that told of it follow, and what was found by it alone goes.
async fn a_file_is_tied_to_another_recording(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let board = room("Board-Weekly");
    let mut found = recording(0x7a0, app, "Board-Weekly", 600);
    found.origin = Origin::AutoRecorded;
    found.state = RecordingState::AwaitingFiles;
    recordings::insert(&mut write, &found).await.unwrap();
    let call = callbacks::get(&mut write, id(0x501))
        .await
        .unwrap()
        .unwrap();
    let file = call.file.unwrap();
    let home = call.recording.unwrap();
    let later = callbacks::told_later(&mut write, &call, file)
        .await
        .unwrap();
    assert!(!later);
    assert_eq!(
        callbacks::assigned(&mut write, &board, "Ä_100%\0.mp4")
            .await
            .unwrap(),
        None
    );
    assert!(files::move_to(&mut write, file, found.id).await.unwrap());
    callbacks::follow_file(&mut write, file, found.id, "Ada")
        .await
        .unwrap();
    let kept = callbacks::get(&mut write, id(0x501))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (kept.recording, kept.assigned_to),
        (Some(found.id), Some(found.id))
    );
    assert_eq!(
        callbacks::assigned(&mut write, &board, "Ä_100%\0.mp4")
            .await
            .unwrap(),
        Some(found.id)
    );
    let removed = recordings::remove_found_without_files(&mut write, found.id);
    assert!(!removed.await.unwrap());
    assert!(files::move_to(&mut write, file, home).await.unwrap());
    assert!(
        callbacks::assign(&mut write, id(0x501), home, "Ada")
            .await
            .unwrap()
    );
    let removed = recordings::remove_found_without_files(&mut write, found.id);
    assert!(removed.await.unwrap());
    assert!(
        !recordings::remove_found_without_files(&mut write, home)
            .await
            .unwrap()
    );
    drop(write);
}
