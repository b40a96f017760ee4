//! Files: announcements, fetching, and the summary of a recording.

use std::time::Duration;

use reelroom_domain::{
    callback::Verdict,
    cause::Cause,
    file::{Announcement, FileKind, FileState as S},
    ids::{AppId, FileId, RecordingId},
    ledger::Ledger,
    meeting::What,
    recording::RecordingState,
    search::SearchText,
    understanding::{Meaning, ReadCall},
};
use reelroom_store::{
    Conn, Store,
    files::{self, Failure, Stored},
    history,
    recordings::{self, Fields, Filter},
};

use crate::{
    at, call_id, id, newest_recording,
    rig::{self, call, file, file_with_token, understand},
    room,
};

/// Duration of a claim.
const LASTS: Duration = Duration::from_mins(1);

pub async fn story(store: &Store, app: AppId) {
    let mut read = store.read().await.unwrap();
    let recording = newest_recording(&mut read, app, "Board-Weekly").await.id;
    drop(read);

    let of = (app, recording);
    let ids = announcements(store, of).await;
    many_at_once(store, of).await;
    fetching(store, of, &ids).await;
    releasing(store, app, &ids).await;
    the_summary_counts_files(store, of, &ids).await;
    recordings_are_joined(store, app).await;
}

/// A file that starts with the recording.
fn announcement(kind: FileKind, who: Option<&str>, name: &str) -> Announcement {
    Announcement {
        length_ms: Some(99_000),
        started_at: Some(at(101)),
        ..rig::announcement(kind, who, name)
    }
}

/// The call `number`, which announces a file.
fn announced(
    number: u128,
    (app, recording): (AppId, RecordingId),
    file: &Announcement,
    second: i64,
) -> ReadCall {
    let events = file_with_token(app, "Board-Weekly", recording, file);
    ReadCall {
        id: call_id(number),
        ..call(second, events)
    }
}

/// Understands that call. Returns the file, its version and the verdict.
async fn announce(
    conn: &mut Conn,
    number: u128,
    of: (AppId, RecordingId),
    file: &Announcement,
    second: i64,
) -> (FileId, u32, Verdict) {
    let decided = understand(conn, &[announced(number, of, file, second)]).await;
    let understood = &decided.understood[0];
    let id = understood.file.unwrap();
    let known = files::get(conn, id).await.unwrap().unwrap();
    (id, known.version, understood.verdict)
}

/// Many files at once: some known already, and one of them twice.
async fn many_at_once(store: &Store, of: (AppId, RecordingId)) {
    let mut write = store.write().await.unwrap();
    let frame = |number: u128, name: u128| {
        let name = format!("many-{name}.jpg");
        announced(
            0x9000 + number,
            of,
            &announcement(FileKind::Frame, None, &name),
            120,
        )
    };
    let known: Vec<_> = (0..3).map(|n| frame(n, n)).collect();
    let known = understand(&mut write, &known).await.understood;
    let mut all: Vec<_> = (0..300).map(|n| frame(1000 + n, n)).collect();
    all.push(frame(2000, 299));
    let became = understand(&mut write, &all).await.understood;
    assert!((0..3).all(|at| became[at].file == known[at].file));
    assert_eq!(became[300].file, became[299].file);
    for (at, became) in became.iter().enumerate() {
        let is_known = matches!(at, 0..3 | 300);
        assert_eq!(became.verdict == Verdict::Duplicate, is_known, "{at}");
    }
    let kept = files::of_recording(&mut write, of.1).await.unwrap();
    let frames = kept
        .iter()
        .filter(|file| file.announced.name.starts_with("many-"));
    assert_eq!(frames.count(), 300);
    // Rolled back, as later parts count files.
}

async fn announcements(store: &Store, of: (AppId, RecordingId)) -> Vec<FileId> {
    let mut write = store.write().await.unwrap();
    let all = [
        announcement(FileKind::Composite, None, "AR_Board_0001.mp4"),
        announcement(FileKind::Track, Some("ada"), "ada.mp4"),
        announcement(FileKind::Track, Some("ada"), "ada.m4a"),
        announcement(FileKind::Track, Some("鲍勃"), "ada.mp4"),
        announcement(FileKind::Frame, None, "1.jpg"),
        announcement(FileKind::Frame, None, "2.jpg"),
    ];
    let mut ids = Vec::new();
    for (number, file) in (0x400..).zip(&all) {
        let (id, version, verdict) = announce(&mut write, number, of, file, 210).await;
        assert_eq!((version, verdict), (1, Verdict::Accepted));
        let other = announce(&mut write, 0x4fe, of, file, 211).await;
        assert_eq!(other, (id, 1, Verdict::Duplicate));
        let again = announce(&mut write, number, of, file, 211).await;
        assert_eq!(again, (id, 1, Verdict::Accepted));
        ids.push(id);
    }
    // A later call keeps the members it omits; another size is a new version.
    let mut grown = all[0].clone();
    (grown.size, grown.length_ms) = (Some(2000), None);
    let renewed = announce(&mut write, 0x4fd, of, &grown, 212).await;
    assert_eq!(renewed, (ids[0], 2, Verdict::Accepted));
    // An earlier version, announced again, does not return.
    for (call, verdict) in [
        (0x400, Verdict::Accepted),
        (0x4fe, Verdict::Duplicate),
        (0x4fd, Verdict::Accepted),
    ] {
        let repeated = announce(&mut write, call, of, &all[0], 213).await;
        assert_eq!(repeated, (ids[0], 2, verdict));
    }
    let kept = files::get(&mut write, ids[0]).await.unwrap().unwrap();
    assert_eq!(
        (kept.announced.size, kept.announced.length_ms),
        (Some(2000), Some(99_000))
    );
    assert_eq!((kept.version, kept.call), (2, Some(call_id(0x4fd))));
    assert_eq!((kept.announced_at, kept.state), (at(210), S::Remote));
    // Unknown members are filled in.
    let mut longer = all[4].clone();
    longer.ended_at = Some(at(200));
    announce(&mut write, 0x4fb, of, &longer, 213).await;
    let listed = files::of_recording(&mut write, of.1).await.unwrap();
    let order: Vec<FileId> = listed.iter().map(|file| file.id).collect();
    assert_eq!(order, ids);
    assert_eq!(listed[3].announced, all[3]);
    assert_eq!(listed[4].announced, longer);
    write.commit().await.unwrap();
    ids
}

/// When recordings are joined, files of the same name become one with all their versions, whether
/// or not a call of the batch loads them. Rolled back, as other parts count rooms.
async fn recordings_are_joined(store: &Store, app: AppId) {
    for (name, also_announced) in [("joined", false), ("joined-with-files", true)] {
        let mut write = store.write().await.unwrap();
        let part = |from: i64, to: i64, url: &str| {
            let announced = Announcement {
                started_at: Some(at(from)),
                ended_at: Some(at(to)),
                url: format!("https://files.example/{url}"),
                ..rig::announcement(FileKind::Composite, None, "mix.mp4")
            };
            Meaning::File(Box::new(file(app, name, &announced)))
        };
        let (first, one) = rig::send_file(&mut write, 5000, part(2000, 2100, "1")).await;
        let (second, other) = rig::send_file(&mut write, 5001, part(2400, 2500, "2")).await;
        let track = rig::announcement(FileKind::Track, Some("ada"), "ada.mp4");
        let (track, of) =
            rig::send_file(&mut write, 5002, file_with_token(app, name, other, &track)).await;
        assert_eq!(of, other);
        assert_ne!(one, other);
        let lines = async |conn: &mut Conn, of| {
            let lines = history::of_recording(conn, of).await.unwrap();
            lines.len()
        };
        let both = lines(&mut write, one).await + lines(&mut write, other).await;
        // Another version of the second file.
        let before = understand(&mut write, &[call(5003, part(2400, 2500, "3"))]).await;
        assert_eq!(before.understood[0].file, Some(second));

        let events = [(What::Begin, "", 1990), (What::End, "", 2900)];
        let mut calls = vec![call(5004, rig::status(app, name, &events))];
        if also_announced {
            calls.push(call(5005, part(2400, 2500, "4")));
            calls.push(call(5006, part(1995, 1999, "5")));
        }
        let decided = understand(&mut write, &calls).await;
        assert_eq!(recordings::get(&mut write, other).await.unwrap(), None);
        assert_eq!(lines(&mut write, one).await, both);
        let known = files::of_recording(&mut write, one).await.unwrap();
        let ids: Vec<_> = known.iter().map(|file| file.id).collect();
        assert_eq!(ids, [first, track], "{name}");
        let versions: Vec<(i64, String)> = sqlx::query_as(
            "SELECT version, url FROM file_versions WHERE file_id = $1 ORDER BY version",
        )
        .bind(first.to_string())
        .fetch_all(&mut *write)
        .await
        .unwrap();
        let numbers = versions.iter().map(|(number, _)| *number);
        let standing = i64::from(known[0].version);
        assert!(numbers.eq(1..standing), "{versions:?} {standing}");
        assert_eq!(standing, if also_announced { 5 } else { 3 });
        // Calls of the removed file name the remaining one.
        let calls: (i64,) =
            sqlx::query_as("SELECT COUNT(*) FROM inbox WHERE file_id = $1 AND recording_id = $2")
                .bind(first.to_string())
                .bind(one.to_string())
                .fetch_one(&mut *write)
                .await
                .unwrap();
        assert_eq!(calls.0, if also_announced { 5 } else { 3 });
        for understood in &decided.understood[1..] {
            assert_eq!(
                (understood.file, understood.recording),
                (Some(first), Some(one))
            );
        }
    }
}

async fn fetching(store: &Store, of: (AppId, RecordingId), ids: &[FileId]) {
    let mut write = store.write().await.unwrap();
    for id in ids {
        let file = files::claim_next(&mut write, at(220), "one", LASTS, &[])
            .await
            .unwrap()
            .unwrap();
        assert_eq!((file.id, file.state, file.tries), (*id, S::Fetching, 1));
    }
    assert_eq!(
        files::claim_next(&mut write, at(220), "one", LASTS, &[])
            .await
            .unwrap(),
        None
    );
    let due = files::next_due_in(&mut write, at(220)).await.unwrap();
    assert!(due.is_some_and(|due| due > 50_000), "{due:?}");
    // An expired claim passes to another server.
    let ends = files::renew_claim(&mut write, ids[0], "one", Duration::ZERO).await;
    assert!(ends.unwrap());
    let file = files::claim_next(&mut write, at(221), "other", LASTS, &[])
        .await
        .unwrap()
        .unwrap();
    assert_eq!((file.id, file.tries), (ids[0], 2));
    let renewed = files::renew_claim(&mut write, file.id, "one", LASTS).await;
    assert!(!renewed.unwrap());
    // The first server shuts down, so its files can be claimed again.
    files::release_claims(&mut write, "one").await.unwrap();

    let stored = Stored {
        key: "2027/01/x".into(),
        size: 2001,
        sha256: "ab".repeat(32),
        crc32: Some(u32::MAX),
        content_type: "video/mp4".into(),
    };
    for (holder, first) in [("one", false), ("other", true), ("other", false)] {
        let done = files::set_stored(&mut write, file.id, holder, &stored)
            .await
            .unwrap();
        assert_eq!(done, first);
    }
    let kept = files::get(&mut write, file.id).await.unwrap().unwrap();
    assert_eq!((kept.state, kept.stored), (S::Archived, Some(stored)));

    // One fails and is retried later, one is blocked, one is gone.
    let due = files::next_due_in(&mut write, at(221)).await.unwrap();
    assert_eq!(due, None);
    for (state, next_try_at) in [
        (S::Failed, Some(at(300))),
        (S::Blocked, None),
        (S::Gone, None),
    ] {
        let file = files::claim_next(&mut write, at(222), "one", LASTS, &[])
            .await
            .unwrap()
            .unwrap();
        for first in [true, false] {
            let failure = Failure {
                state,
                trouble: &Cause::Broken,
                next_try_at,
                missing_since: Some(at(222)),
            };
            let done = files::set_failed(&mut write, file.id, "one", failure).await;
            assert_eq!(done.unwrap(), first);
        }
    }
    let due = files::next_due_in(&mut write, at(299)).await.unwrap();
    assert_eq!(due, Some(at(300).since(at(299))));
    while let Some(file) = files::claim_next(&mut write, at(299), "one", LASTS, &[])
        .await
        .unwrap()
    {
        assert_ne!(file.id, ids[1]);
    }
    let again = files::claim_next(&mut write, at(300), "one", LASTS, &[])
        .await
        .unwrap()
        .unwrap();
    assert_eq!((again.id, again.trouble), (ids[1], Some(Cause::Broken)));
    assert_eq!(again.missing_since, Some(at(222)));
    let hosts = [
        again.announced.url.clone(),
        "https://other.example/".to_owned(),
    ];
    let renewed = files::renew_claim(&mut write, again.id, "one", Duration::ZERO).await;
    assert!(renewed.unwrap());
    let busy = files::claim_next(&mut write, at(300), "one", LASTS, &hosts).await;
    assert_eq!(busy.unwrap(), None, "its host is busy");
    let again = files::claim_next(&mut write, at(300), "one", LASTS, &hosts[1..]).await;
    let again = again.unwrap().unwrap();

    // A new address during a copy is used by the next one.
    let mut moved = again.announced.clone();
    moved.url.push_str("?v=2");
    let renewed = announce(&mut write, 0x4fc, of, &moved, 301).await;
    assert_eq!(renewed, (again.id, 2, Verdict::Accepted));
    let kept = files::get(&mut write, again.id).await.unwrap().unwrap();
    assert_eq!((kept.state, kept.announced), (S::Fetching, moved));
    write.commit().await.unwrap();
}

/// A blocked file whose host is allowed now is fetched as if it were new.
async fn releasing(store: &Store, app: AppId, ids: &[FileId]) {
    let mut write = store.write().await.unwrap();
    let file = files::get(&mut write, ids[2]).await.unwrap().unwrap();
    assert_eq!(file.state, S::Blocked);
    let blocked = files::blocked(&mut write, app).await.unwrap();
    assert_eq!(blocked, [(ids[2], file.announced.url)]);
    files::release_blocked(&mut write, ids).await.unwrap();
    let file = files::get(&mut write, ids[2]).await.unwrap().unwrap();
    assert_eq!((file.state, file.trouble, file.tries), (S::Remote, None, 0));
    let kept = files::get(&mut write, ids[0]).await.unwrap().unwrap();
    assert_eq!(kept.state, S::Archived);
    write.commit().await.unwrap();
}

async fn the_summary_counts_files(
    store: &Store,
    (app, recording): (AppId, RecordingId),
    ids: &[FileId],
) {
    let mut write = store.write().await.unwrap();
    let summary = recordings::summary(&mut write, recording)
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
    assert_eq!(summary.thumbnail, Some(ids[4]));
    assert_eq!(
        recordings::summary(&mut write, id(0xdead)).await.unwrap(),
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

    // The found file beside it has no length.
    let totals = recordings::totals_of_room(&mut write, app, &room("Board-Weekly")).await;
    assert_eq!(totals.unwrap(), (2, 99_000));
    let totals = recordings::totals_of_room(&mut write, app, &room("quiet")).await;
    assert_eq!(totals.unwrap(), (0, 0));

    // The last file made it ready.
    let one = recordings::get(&mut write, recording)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (one.state, one.state_since),
        (RecordingState::Ready, at(210))
    );
    let (from, to) = (RecordingState::AwaitingFiles, RecordingState::Ready);
    let nothing = Fields::default();
    let done = recordings::update_state(&mut write, id(0x205), from, to, at(310), &nothing).await;
    assert!(done.unwrap());
    write.commit().await.unwrap();
}
