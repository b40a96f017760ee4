//! Files in trouble: which they are, and until when.

use std::time::Duration;

use reelroom_domain::{
    cause::Cause,
    file::{Announcement, FileKind, FileState as S},
    ids::{AppId, FileId, RecordingId},
    time::Timestamp,
    trouble::Trouble,
    understanding::Meaning,
};
use reelroom_store::{
    Conn, Store,
    claims::{self, Except},
    files::{self, Failure, Measured, Stored},
    trouble,
};

use crate::{
    at, id,
    rig::{self, file},
};

const HOUR: i64 = 3600;
const WEEK: i64 = 7 * 24 * HOUR;
/// The server that fetches.
const HOLDER: &str = "trouble";

async fn total(write: &mut Conn, app: AppId, second: i64) -> Trouble {
    let all = trouble::total(write, Some(app.into()), at(second)).await;
    all.unwrap()
}

/// Rolled back, as other parts count rooms.
pub async fn story(store: &Store) {
    let app: AppId = id(0xa0);
    let mut write = store.write().await.unwrap();
    let (broken, of_broken) = send(&mut write, app, "broken", 100).await;
    let (refused, of_refused) = send(&mut write, app, "refused", 200).await;
    let (_, of_fine) = send(&mut write, app, "fine", 300).await;
    assert_eq!(total(&mut write, app, 400).await, Trouble::default());

    // A blocked file is in trouble at once, one that fails after an hour.
    fail(&mut write, broken, S::Failed, 500, Some(at(600))).await;
    fail(&mut write, refused, S::Blocked, 500, None).await;
    let why = Some(Cause::Status(502));
    let blocked = Trouble {
        blocked: 1,
        tries: 1,
        cause: why.clone(),
        ..Trouble::default()
    };
    let early = 499 + HOUR;
    assert_eq!(total(&mut write, app, early).await, blocked);
    let late = 500 + HOUR;
    let failing = Trouble {
        failing: 1,
        failing_since: Some(at(500)),
        tries: 1,
        next_try_at: Some(at(600)),
        cause: why,
        ..Trouble::default()
    };
    let both = Trouble {
        blocked: 1,
        ..failing.clone()
    };
    assert_eq!(total(&mut write, app, late).await, both);

    let ids = [of_broken, of_fine];
    let found = trouble::of_recordings(&mut write, &ids, at(late)).await;
    let found: Vec<_> = found.unwrap().into_iter().collect();
    assert_eq!(found, [(of_broken, failing.clone())]);
    for (limit, rooms, more) in [(1, vec!["refused"], 1), (3, vec!["refused", "broken"], 0)] {
        let newest = trouble::newest(&mut write, app, at(late), limit).await;
        let newest = newest.unwrap();
        let found: Vec<_> = newest
            .recordings
            .iter()
            .map(|of| of.room.as_str())
            .collect();
        assert_eq!((found, newest.more), (rooms, more));
    }
    let newest = trouble::newest(&mut write, app, at(late), 3).await.unwrap();
    assert_eq!(newest.recordings[0].trouble, blocked);
    assert_eq!(newest.recordings[1].trouble, failing);
    let newest = trouble::newest(&mut write, app, at(500 + WEEK), 3).await;
    assert_eq!(newest.unwrap().recordings, []);
    assert_eq!(total(&mut write, app, 500 + WEEK).await, both);
    until_there_is_a_copy(&mut write, app, [broken, refused]).await;
    newer_versions_count(&mut write, app, of_refused).await;
}

/// Files that have been in trouble since the second 500 are until there is a copy of them.
async fn until_there_is_a_copy(write: &mut Conn, app: AppId, [broken, refused]: [FileId; 2]) {
    let late = 500 + HOUR;
    // Further tries change nothing of that, nor does a person who has them tried now.
    claim_all(write, late).await;
    let tried = total(write, app, late).await;
    assert_eq!((tried.failing, tried.trying, tried.tries), (1, 1, 2));
    fail(write, broken, S::Failed, late, None).await;
    let again = total(write, app, late).await;
    assert_eq!(again.failing_since, Some(at(500)));
    files::renew(write, &[broken, refused]).await.unwrap();
    let renewed = Trouble {
        failing: 2,
        failing_since: Some(at(500)),
        trying: 2,
        ..Trouble::default()
    };
    assert_eq!(total(write, app, late).await, renewed);

    // A copy does.
    claim_all(write, late).await;
    let stored = Stored {
        key: "a/b".into(),
        size: 100,
        sha256: "ab".repeat(32),
        crc32: None,
        content_type: "video/mp4".into(),
    };
    let measured = Measured::default();
    let done = files::set_stored(write, broken, HOLDER, at(late), &stored, &measured).await;
    assert!(done.unwrap());
    let left = total(write, app, late).await;
    assert_eq!((left.failing, left.trying), (1, 1));
}

/// Of the versions of a file without a copy, the newest is in trouble or not.
async fn newer_versions_count(write: &mut Conn, app: AppId, of_refused: RecordingId) {
    let late = 500 + HOUR;
    let (newer, of_newer) = send_sized(write, app, "refused", 200, 900).await;
    assert_eq!(of_newer, of_refused);
    assert_eq!(total(write, app, late).await, Trouble::default());
    fail(write, newer, S::Gone, late, None).await;
    assert_eq!(total(write, app, late).await.gone, 1);
    let states = files::count_by_state(write).await.unwrap();
    let gone = states.iter().find(|(state, _)| *state == S::Gone);
    assert!(gone.is_some_and(|(_, count)| *count > 0), "{states:?}");
}

/// Announces the composite of a recording of its own, which begins at `second`.
async fn send(write: &mut Conn, app: AppId, name: &str, second: i64) -> (FileId, RecordingId) {
    send_sized(write, app, name, second, 100).await
}

async fn send_sized(
    write: &mut Conn,
    app: AppId,
    name: &str,
    second: i64,
    size: u64,
) -> (FileId, RecordingId) {
    let announced = Announcement {
        size: Some(size),
        started_at: Some(at(second)),
        ended_at: Some(at(second + 50)),
        url: format!("https://files.example/{name}/{size}"),
        ..rig::announcement(FileKind::Composite, None, &format!("{name}.mp4"))
    };
    let meaning = Meaning::File(Box::new(file(app, name, &announced)));
    rig::send_file(write, 400, meaning).await
}

/// Begins to fetch every file that is due.
async fn claim_all(write: &mut Conn, second: i64) {
    let lasts = Duration::from_mins(1);
    while let Some(file) = claims::next(write, at(second), HOLDER, lasts, Except::default())
        .await
        .unwrap()
    {
        assert_eq!(file.state, S::Fetching);
    }
}

/// Fetches a file that is due, without success.
async fn fail(write: &mut Conn, id: FileId, state: S, second: i64, next_try_at: Option<Timestamp>) {
    claim_all(write, second).await;
    let failure = Failure {
        state,
        trouble: &Cause::Status(502),
        at: at(second),
        next_try_at,
        missing_since: None,
    };
    let done = files::set_failed(write, id, HOLDER, failure).await;
    assert!(done.unwrap());
}
