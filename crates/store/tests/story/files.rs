//! Files: announcements, fetching, and the summary of a recording.

use std::time::Duration;

use reelroom_domain::{
    callback::Verdict,
    cause::Cause,
    file::{Announcement, FileKind, FileState as S, Media, UNKNOWN_TYPE},
    find::Archive,
    ids::{AppId, FileId, RecordingId},
    ledger::Ledger,
    recording::RecordingState,
    strip::Strip,
    understanding::ReadCall,
};
use reelroom_store::{
    Conn, Store,
    claims::{self, Except},
    files::{self, Failure, File, Measured, Stored},
    library,
    recordings::{self, Fields},
    testing,
};

use crate::{
    at, call_id, id, newest_recording,
    rig::{self, call, file_with_token, understand},
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
    pictures(store, of.1, ids[0]).await;
    releasing(store, app, &ids).await;
    the_summary_counts_files(store, of, &ids).await;
    a_known_kind_is_shown_first(store, of.1, &ids).await;
    a_second_composite_makes_it_longer(store, of).await;
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

/// The files, and a newer version of the first.
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
    // Another size is a new version, a file of its own.
    let mut grown = all[0].clone();
    (grown.size, grown.length_ms) = (Some(2000), None);
    let (newer, version, verdict) = announce(&mut write, 0x4fd, of, &grown, 212).await;
    assert_eq!((version, verdict), (2, Verdict::Accepted));
    assert_ne!(newer, ids[0]);
    // Each call leads to its version again.
    for (call, file, known) in [
        (0x400, &all[0], (ids[0], 1, Verdict::Accepted)),
        (0x4fe, &all[0], (ids[0], 1, Verdict::Duplicate)),
        (0x4fd, &grown, (newer, 2, Verdict::Accepted)),
    ] {
        let repeated = announce(&mut write, call, of, file, 213).await;
        assert_eq!(repeated, known);
    }
    for id in [ids[0], newer] {
        let versions = files::versions(&mut write, id).await.unwrap();
        let known: Vec<_> = versions
            .iter()
            .map(|file| (file.id, file.take, file.announced.clone(), file.state))
            .collect();
        assert_eq!(
            known,
            [
                (newer, ids[0], grown.clone(), S::Remote),
                (ids[0], ids[0], all[0].clone(), S::Remote),
            ]
        );
        assert_eq!(versions[0].call, Some(call_id(0x4fd)));
    }
    // Unknown members are filled in.
    let mut longer = all[4].clone();
    longer.ended_at = Some(at(200));
    announce(&mut write, 0x4fb, of, &longer, 213).await;
    let mut listed = files::of_recording(&mut write, of.1).await.unwrap();
    listed.retain(|file| file.id == file.take);
    let order: Vec<FileId> = listed.iter().map(|file| file.id).collect();
    assert_eq!(order, ids);
    assert_eq!(listed[3].announced, all[3]);
    assert_eq!(listed[4].announced, longer);
    write.commit().await.unwrap();
    ids.push(newer);
    ids
}

async fn claim(conn: &mut Conn, second: i64, holder: &str) -> Option<files::File> {
    let claimed = claims::next(conn, at(second), holder, LASTS, Except::default());
    claimed.await.unwrap()
}

async fn due_in(conn: &mut Conn, second: i64) -> Option<i64> {
    let due = claims::next_due_in(conn, at(second), Except::default());
    due.await.unwrap()
}

async fn fetching(store: &Store, of: (AppId, RecordingId), ids: &[FileId]) {
    let mut write = store.write().await.unwrap();
    for id in ids {
        let file = claim(&mut write, 220, "one").await.unwrap();
        assert_eq!((file.id, file.state, file.tries), (*id, S::Fetching, 1));
    }
    assert_eq!(claim(&mut write, 220, "one").await, None);
    let due = due_in(&mut write, 220).await;
    assert!(due.is_some_and(|due| due > 50_000), "{due:?}");
    // An expired claim passes to another server.
    let ends = claims::renew(&mut write, ids[0], "one", Duration::ZERO).await;
    assert!(ends.unwrap());
    let file = claim(&mut write, 221, "other").await.unwrap();
    assert_eq!((file.id, file.tries), (ids[0], 2));
    let renewed = claims::renew(&mut write, file.id, "one", LASTS).await;
    assert!(!renewed.unwrap());
    // The first server shuts down, so its files can be claimed again.
    claims::release(&mut write, "one").await.unwrap();

    let stored = Stored {
        key: "2027/01/x".into(),
        size: 2001,
        sha256: "ab".repeat(32),
        crc32: Some(u32::MAX),
        content_type: "video/mp4".into(),
    };
    let measured = Measured {
        content_type: None,
        media: Some(Media::Audio),
        length_ms: Some(20_000),
        tracks: Some("mp4a.40.2 48 kHz".to_owned()),
        peaks: Some(vec![0, 255]),
    };
    for (holder, first) in [("one", false), ("other", true), ("other", false)] {
        let done = files::set_stored(&mut write, file.id, holder, at(221), &stored, &measured);
        assert_eq!(done.await.unwrap(), first);
    }
    let kept = files::get(&mut write, file.id).await.unwrap().unwrap();
    assert_eq!((kept.state, kept.stored), (S::Archived, Some(stored)));
    assert_eq!(kept.announced.length_ms, measured.length_ms);
    assert_eq!((kept.tracks, kept.peaks), (measured.tracks, measured.peaks));

    // One fails and is retried later, one is blocked, one is gone.
    let due = due_in(&mut write, 221).await;
    assert_eq!(due, None);
    for (state, next_try_at) in [
        (S::Failed, Some(at(300))),
        (S::Blocked, None),
        (S::Gone, None),
    ] {
        let file = claim(&mut write, 222, "one").await.unwrap();
        for first in [true, false] {
            let failure = Failure {
                state,
                trouble: &Cause::Broken,
                at: at(222),
                next_try_at,
                missing_since: Some(at(222)),
            };
            let done = files::set_failed(&mut write, file.id, "one", failure).await;
            assert_eq!(done.unwrap(), first);
        }
    }
    let due = due_in(&mut write, 299).await;
    assert_eq!(due, Some(at(300).since(at(299))));
    while let Some(file) = claim(&mut write, 299, "one").await {
        assert_ne!(file.id, ids[1]);
    }
    let again = claim(&mut write, 300, "one").await.unwrap();
    assert_eq!((again.id, again.trouble), (ids[1], Some(Cause::Broken)));
    assert_eq!(again.missing_since, Some(at(222)));
    let hosts = [
        again.announced.url.clone(),
        "https://other.example/".to_owned(),
    ];
    let renewed = claims::renew(&mut write, again.id, "one", Duration::ZERO).await;
    assert!(renewed.unwrap());
    let (busy, other) = (&hosts[..], &hosts[1..]);
    for (files, places) in [(&[][..], busy), (&ids[1..2], other)] {
        let except = Except {
            files,
            places,
            ..Except::default()
        };
        let none = claims::next(&mut write, at(300), "one", LASTS, except).await;
        assert_eq!(
            none.unwrap(),
            None,
            "its host is busy, or its transfer has not ended"
        );
        let due = claims::next_due_in(&mut write, at(300), except).await;
        assert!(due.unwrap().is_none_or(|due| due > 50_000), "another file");
    }
    let except = Except {
        files: &ids[..1],
        places: other,
        ..Except::default()
    };
    let again = claims::next(&mut write, at(300), "one", LASTS, except).await;
    assert_eq!(again.unwrap().unwrap().id, ids[1]);
    write.commit().await.unwrap();
    announced_with_other_addresses(store, of, ids).await;
}

/// Pictures of a video are made once. A try is counted before it, and can be taken back.
async fn pictures(store: &Store, recording: RecordingId, id: FileId) {
    let mut write = store.write().await.unwrap();
    let none = files::begin_pictures(&mut write).await.unwrap();
    assert_eq!(none, None, "it is sound");
    let update = "UPDATE files SET media = 'video' WHERE id = $1";
    rig::run(&mut write, update, &[&id.to_string()]).await;
    for _ in 0..5 {
        let begun = files::begin_pictures(&mut write).await.unwrap();
        assert_eq!(begun.unwrap().id, id);
        files::forget_picture_try(&mut write, id).await.unwrap();
    }
    for tries in 1..=4 {
        let begun = files::begin_pictures(&mut write).await.unwrap();
        assert_eq!(begun.is_some(), tries <= 3);
    }
    let strip = Strip {
        width: 160,
        height: 90,
        times: vec![0, 2000],
        length: 4000,
    };
    for (key, made) in [("another", None), ("2027/01/x", Some(&strip))] {
        let strip = Some(&strip);
        files::set_pictures(&mut write, id, key, strip)
            .await
            .unwrap();
        let file = files::get(&mut write, id).await.unwrap().unwrap();
        assert_eq!(file.strip.as_ref(), made);
    }
    let summary = recordings::summary(&mut write, recording).await.unwrap();
    assert_eq!(summary.unwrap().poster, Some(id));
    // Rolled back.
}

/// A new address is for the next copy, and with it a file that is gone is tried anew. A copy stays.
async fn announced_with_other_addresses(store: &Store, of: (AppId, RecordingId), ids: &[FileId]) {
    let mut write = store.write().await.unwrap();
    for (id, number, state, tries) in [
        (ids[1], 0x4ff, S::Fetching, 4),
        (ids[3], 0x500, S::Remote, 0),
        (ids[0], 0x501, S::Archived, 2),
    ] {
        let before = files::get(&mut write, id).await.unwrap().unwrap();
        let mut signed = before.announced.clone();
        signed.url.push_str("?v=2");
        let again = announce(&mut write, number, of, &signed, 301).await;
        assert_eq!(again, (id, 1, Verdict::Duplicate));
        let after = files::get(&mut write, id).await.unwrap().unwrap();
        assert_eq!((after.state, after.tries), (state, tries));
        assert_eq!((after.announced, after.stored), (signed, before.stored));
        // An older call brings back neither its address nor a try.
        let mut older = before.announced;
        older.url.push_str("?v=1");
        announce(&mut write, 0x4fa, of, &older, 302).await;
        let kept = files::get(&mut write, id).await.unwrap().unwrap();
        assert!(kept.announced.url.ends_with("?v=2"));
    }
    write.commit().await.unwrap();

    // The new address is tried where the old one fails. Rolled back.
    let mut write = store.write().await.unwrap();
    let file = files::get(&mut write, ids[1]).await.unwrap().unwrap();
    let new = file.announced.url.as_str();
    let old = new.strip_suffix("?v=2").unwrap();
    for (holder, fetched, first) in [
        ("one", new, false),
        ("other", old, false),
        ("one", old, true),
        ("one", old, false),
    ] {
        let released = claims::release_readdressed(&mut write, file.id, holder, fetched).await;
        assert_eq!(released.unwrap(), first, "{holder} {fetched}");
    }
    let file = files::get(&mut write, file.id).await.unwrap().unwrap();
    assert_eq!((file.state, file.tries), (S::Remote, 0));
    a_copy_tells_the_size(&mut write, of, file).await;
}

/// Content of another size than that of a copy is a version, also where the size of neither was announced
/// before.
async fn a_copy_tells_the_size(write: &mut Conn, of: (AppId, RecordingId), file: File) {
    let update = "UPDATE files SET size = NULL WHERE id = $1";
    rig::run(write, update, &[&file.id.to_string()]).await;
    let claimed = claims::next(write, at(300), "one", LASTS, Except::default()).await;
    let claimed = claimed.unwrap().unwrap();
    assert_eq!((claimed.id, claimed.announced.size), (file.id, None));
    let stored = Stored {
        key: "2027/01/y".into(),
        size: 7,
        sha256: "cd".repeat(32),
        crc32: None,
        content_type: "video/mp4".into(),
    };
    let measured = Measured::default();
    let done = files::set_stored(write, file.id, "one", at(300), &stored, &measured).await;
    assert!(done.unwrap());
    let mut announced = file.announced;
    for (size, version) in [(Some(7), 1), (None, 1), (Some(8), 2)] {
        announced.size = size;
        let (_, became, _) = announce(write, 0x5f0, of, &announced, 303).await;
        assert_eq!(became, version, "{size:?}");
    }
}

/// A blocked file whose host is allowed now is fetched as if it were new.
async fn releasing(store: &Store, app: AppId, ids: &[FileId]) {
    let mut write = store.write().await.unwrap();
    let file = files::get(&mut write, ids[2]).await.unwrap().unwrap();
    assert_eq!(file.state, S::Blocked);
    let blocked = files::blocked(&mut write, app).await.unwrap();
    assert_eq!(blocked, [(ids[2], file.announced.url)]);
    files::renew(&mut write, ids).await.unwrap();
    let file = files::get(&mut write, ids[2]).await.unwrap().unwrap();
    assert_eq!((file.state, file.trouble, file.tries), (S::Remote, None, 0));
    let kept = files::get(&mut write, ids[0]).await.unwrap().unwrap();
    assert_eq!(kept.state, S::Archived);
    write.commit().await.unwrap();
}

/// Of two versions with copies the newer one is shown, unless only the other one is of a known kind.
async fn a_known_kind_is_shown_first(store: &Store, recording: RecordingId, ids: &[FileId]) {
    let mut write = store.write().await.unwrap();
    let (older, newer) = (ids[0], ids[ids.len() - 1]);
    for (content_type, expected) in [("video/webm", newer), (UNKNOWN_TYPE, older)] {
        let update = "UPDATE files SET state = 'archived', storage_key = 'newer', stored_size = 9,
                 sha256 = 'ef', content_type = $2 WHERE id = $1";
        rig::run(&mut write, update, &[&newer.to_string(), content_type]).await;
        let shown = files::shown(&mut write, recording).await.unwrap();
        let shown = shown.iter().map(|file| file.id);
        let shown: Vec<_> = shown.filter(|id| [older, newer].contains(id)).collect();
        assert_eq!(shown, [expected], "{content_type}");
    }
    // Rolled back.
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
    assert_eq!(summary.composites_length, 20_000);
    assert_eq!((summary.frame, summary.poster), (Some(ids[4]), None));
    assert_eq!(
        recordings::summary(&mut write, id(0xdead)).await.unwrap(),
        None
    );

    let ids = [id(0xdead), summary.recording.id];
    let page = recordings::summaries(&mut write, &ids).await.unwrap();
    let summary = recordings::Summary {
        archive: Some(Archive::Fetching),
        ..summary
    };
    assert_eq!(page, [summary]);
    let all = recordings::of_room(&mut write, app, &room("library"), None, 100)
        .await
        .unwrap();
    let bare = all
        .iter()
        .find(|summary| summary.recording.id == id(0x300))
        .unwrap();
    assert_eq!((bare.ledger, bare.bytes), (Ledger::default(), 0));

    // The found file beside it has no length.
    let totals = recordings::totals_of_room(&mut write, app, &room("Board-Weekly")).await;
    assert_eq!(totals.unwrap(), (2, 20_000));
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
    let step = (RecordingState::AwaitingFiles, RecordingState::Ready);
    rig::update_state(&mut write, id(0x205), step, 310, &Fields::default()).await;
    write.commit().await.unwrap();
}

/// A row, the totals of the room and the index agree on the length of a recording with two composites.
async fn a_second_composite_makes_it_longer(store: &Store, of: (AppId, RecordingId)) {
    let (app, recording) = of;
    let mut write = store.write().await.unwrap();
    let second = Announcement {
        length_ms: Some(30_000),
        started_at: Some(at(150)),
        ..announcement(FileKind::Composite, None, "AR_Board_0002.mp4")
    };
    announce(&mut write, 0x6f0, of, &second, 311).await;
    let summary = recordings::summary(&mut write, recording).await.unwrap();
    let summary = summary.unwrap();
    assert_eq!(summary.ledger.composites, 2);
    assert_eq!(summary.composites_length, 50_000);
    assert_eq!(summary.composite_name.as_deref(), Some("AR_Board_0001.mp4"));

    let rooms = [room("Board-Weekly")];
    let totals = recordings::totals_of_room(&mut write, app, &rooms[0]).await;
    assert_eq!(totals.unwrap(), (2, 50_000));
    while testing::index(&mut write, 128).await.unwrap() {}
    let of_room = library::Filter {
        rooms: Some(&rooms),
        ..library::Filter::all(app.into())
    };
    assert_eq!(library::sums(&mut write, of_room).await.unwrap().1, 50_000);
    // Rolled back.
}
