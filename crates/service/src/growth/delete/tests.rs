use std::sync::{Arc, atomic::Ordering};

use reelroom_domain::{
    callback::{CallbackKind, Understood, Verdict},
    growth::MEASURED_DAYS,
    ids::FileId,
    recording::{Recording, RecordingState},
    usage::DAY,
};
use reelroom_store::{
    DatabaseUrl,
    growth::measure,
    testing::{Databases, execute},
};
use tempfile::TempDir;

use super::*;
use crate::testing::{
    TestClock, admin, insert_stopped, new_call, on_both, silent_app, sqlite, without_jobs,
};

/// 2027-01-15.
const NOW: i64 = 1_800_000_000_000;

/// A file with a copy, and one without.
const FILES: &str = "INSERT INTO files (id, take, recording_id, kind, media, participant, name, name_key,
        url, announced_at, archived_at, state, tries)
    SELECT n.id, n.id, r.id, 'composite', 'video', '', n.id, n.id, '', 1800000000000, n.archived_at, n.state, 0
    FROM recordings r, (SELECT '00000000000000000000000000000001' AS id, 'archived' AS state,
            1800000060000 AS archived_at
        UNION ALL SELECT '00000000000000000000000000000002', 'failed', NULL) n";

struct Case {
    service: Service,
    clock: Arc<TestClock>,
    recording: Recording,
    _folder: TempDir,
}

impl Case {
    async fn open(url: impl FnOnce(&TempDir) -> DatabaseUrl) -> Self {
        let (service, clock, folder) = without_jobs(url, NOW).await;
        let app = silent_app(&service).await;
        let recording = insert_stopped(&service, app, RecordingState::Ready).await;
        execute(&service.0.store, FILES).await;
        Self {
            service,
            clock,
            recording,
            _folder: folder,
        }
    }

    /// Stores a call with this body, and how it was understood.
    async fn call(&self, kind: CallbackKind, body: &str, verdict: Verdict, file: u32) -> CallId {
        let store = &self.service.0.store;
        let call = new_call(kind, self.service.now(), body.as_bytes());
        let mut tx = store.write_calls().await.unwrap();
        let ids = calls::append(&mut tx, &[call]).await.unwrap();
        let call = calls::get(&mut tx, ids[0]).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        let file: Option<FileId> = (file > 0).then(|| format!("{file:032}").parse().unwrap());
        let understood = Understood {
            recording: file.map(|_| self.recording.id),
            file,
            ..Understood::of(verdict)
        };
        let mut tx = store.write().await.unwrap();
        let now = self.service.now();
        let recorded = inbox::record(&mut tx, now, &[(&call, understood)]).await;
        recorded.unwrap();
        tx.commit().await.unwrap();
        call.id
    }

    /// The body of a call.
    async fn body(&self, id: CallId) -> Vec<u8> {
        let mut read = self.service.0.store.read_calls().await.unwrap();
        calls::get(&mut read, id)
            .await
            .unwrap()
            .unwrap()
            .content
            .body
    }

    async fn at(&self, millis: i64) {
        self.clock.0.store(NOW + millis, Ordering::Relaxed);
        self.service.delete_old_rows().await.unwrap();
    }
}

on_both! {
    a_body_goes, a_body_goes_once_its_file_has_long_been_archived_on_sqlite, a_body_goes_once_its_file_has_long_been_archived_on_postgres;
}

async fn a_body_goes(databases: &Databases) {
    use CallbackKind::{Av, Status};
    let case = Case::open(|_| databases.another()).await;
    let archived = case.call(Av, "abc", Verdict::Accepted, 1).await;
    let statuses = [
        case.call(Status, "{}", Verdict::Accepted, 0).await,
        case.call(Status, "{}", Verdict::Duplicate, 0).await,
    ];
    let kept = [
        case.call(Av, "failed", Verdict::Accepted, 2).await,
        case.call(Av, "again", Verdict::Duplicate, 1).await,
        case.call(Av, "odd", Verdict::Unrecognised, 0).await,
        case.call(Av, "{", Verdict::Malformed, 0).await,
    ];
    // A copy was made a minute after the call.
    case.at(90 * DAY + 60_000).await;
    assert_eq!(case.body(archived).await, b"abc");
    for status in statuses {
        assert_eq!(case.body(status).await, b"");
    }
    case.at(90 * DAY + 60_001).await;
    assert_eq!(case.body(archived).await, b"");
    for id in kept {
        assert_ne!(case.body(id).await, b"", "{id:?}");
    }

    let store = &case.service.0.store;
    let mut read = store.read_calls().await.unwrap();
    let deleted = calls::deleted_body(&mut read, archived).await.unwrap();
    let expected = calls::DeletedBody {
        at: Timestamp::from_millis(NOW + 90 * DAY + 60_001),
        // That of FIPS 180-2, appendix B.1.
        sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".to_owned(),
    };
    assert_eq!(deleted, Some(expected.clone()));
    let there = calls::deleted_body(&mut read, kept[0]).await.unwrap();
    assert_eq!(there, None);
    drop(read);
    let mut read = store.read().await.unwrap();
    let entry = inbox::get(&mut read, archived).await.unwrap().unwrap();
    assert_eq!((entry.size, entry.body_deleted_at), (3, Some(expected.at)));
    drop(read);

    // A crash between the two databases: the rest is done by the next round, and the hash stays.
    execute(store, "UPDATE inbox SET body_deleted_at = NULL").await;
    // Until then nobody reads the call again without its body.
    let changed = case
        .service
        .replay_call(&admin(&case.service), archived)
        .await;
    assert!(!changed.unwrap());
    case.at(91 * DAY).await;
    let mut read = store.read().await.unwrap();
    let entry = inbox::get(&mut read, archived).await.unwrap().unwrap();
    assert!(entry.body_deleted_at.is_some());
    drop(read);
    let mut read = store.read_calls().await.unwrap();
    let again = calls::deleted_body(&mut read, archived).await.unwrap();
    assert_eq!(again, Some(expected));
    drop(read);
    store.close().await;
}

#[tokio::test]
async fn what_grows_is_measured() {
    let case = Case::open(sqlite).await;
    let old = Timestamp::from_millis(NOW - MEASURED_DAYS * DAY);
    case.call(CallbackKind::Av, "abc", Verdict::Accepted, 1)
        .await;
    let mut read = case.service.0.store.read().await.unwrap();
    let growth = measure(&mut read, Growing::CallBodies, old).await.unwrap();
    assert_eq!((growth.rows, growth.bytes, growth.recent), (1, 3, 3));
    let later = Timestamp::from_millis(NOW + 1);
    let growth = measure(&mut read, Growing::CallBodies, later);
    assert_eq!(growth.await.unwrap().recent, 0);
    for what in Growing::ALL {
        measure(&mut read, *what, old).await.unwrap();
    }
}

#[test]
fn bodies_are_deleted_in_small_batches() {
    let calls = |sizes: &[u64]| -> Vec<_> {
        let numbered = (1..).zip(sizes);
        numbered
            .map(|(number, size)| (CallId::new(number), *size))
            .collect()
    };
    for (sizes, expected) in [
        (&[1, 2, 3][..], 3),
        (&[BODY_BYTES, 1], 1),
        (&[BODY_BYTES + 1, 1], 1),
        (&[BODY_BYTES - 1, 1, 1], 2),
    ] {
        assert_eq!(fitting(&calls(sizes)), expected, "{sizes:?}");
    }
}
