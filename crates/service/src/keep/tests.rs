//! Recordings on hold are never deleted; deleted ones leave a certificate.

mod any_order;
mod cases;
mod second;

use std::{collections::BTreeSet, fs, path::PathBuf, time::Duration};

use reelroom_domain::{
    access::{Grant, Rights},
    act::{ActFilter, ActKind},
    case::CaseForm,
    certificate::{Certificate, DeletedWhy, PurgeAnswer, StoredCertificate},
    file::{FileKind, FileState},
    ids::RecordingId,
    keep::{Denied, Keep},
    ledger::Patience,
    outcome::ItemOutcome,
    recording::RecordingState,
    room::RoomId,
    search::SearchText,
    understanding::{Join, World},
    user::Role,
    view::HistoryEvent,
};
use reelroom_store::{
    DatabaseUrl, acts, certificates,
    claims::{self, Except},
    files::{self, Measured, Stored},
    history, orphans,
    purges::{self, ToPurge},
    recordings, retention,
    testing::{Databases, execute},
    understanding,
};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::certificate::LISTED;
use crate::{
    Browser, Consent, KeepError, LibraryQuery, Principal, Selection, ServiceError, StorageLocation,
    TrashQuery, back_up, restore,
    testing::{TestService, admin, insert_stopped_in, on_both, refused, silent_app},
};

const DAY: i64 = 24 * 60 * 60_000;

/// A copy of each recording, which holds `hello`. Its file has the id of the recording.
const COPIES: &str = "INSERT INTO files (id, take, recording_id, kind, media, participant, name, name_key,
        url, announced_at, state, tries, storage_key, stored_size, sha256, content_type)
    SELECT r.id, r.id, r.id, 'composite', 'video', '', 'a.mp4', 'a.mp4', 'http://192.0.2.1/', 0, 'archived',
        1, r.id || '/a', 5, '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824', 'video/mp4'
    FROM recordings r";

/// A service without jobs, with three recordings in two rooms, each with a copy.
pub(super) struct Rig {
    pub service: TestService,
    pub ids: [RecordingId; 3],
    pub admin: Principal,
}

impl Rig {
    pub async fn open(database: DatabaseUrl) -> Self {
        let service = TestService::open(|_| database, DAY).await;
        let app = silent_app(&service).await;
        let mut ids = Vec::new();
        for room in ["hall", "hall", "lab"] {
            let ready = RecordingState::Ready;
            ids.push(insert_stopped_in(&service, app, room, ready).await.id);
        }
        execute(&service.0.store, COPIES).await;
        let admin = admin(&service);
        let rig = Self {
            service,
            ids: ids.try_into().unwrap(),
            admin,
        };
        for id in rig.ids {
            fs::create_dir_all(rig.copy(id).parent().unwrap()).unwrap();
            for end in ["", ".json", ".poster.jpg", ".strip.jpg"] {
                let path = format!("{}{end}", rig.copy(id).display());
                fs::write(path, "hello").unwrap();
            }
        }
        rig
    }

    /// Where the copy of a recording lies.
    pub fn copy(&self, id: RecordingId) -> PathBuf {
        self.service.folder.path().join(format!("files/{id}/a"))
    }

    /// The number of objects of a recording.
    pub fn objects(&self, id: RecordingId) -> usize {
        fs::read_dir(self.copy(id).parent().unwrap()).map_or(0, Iterator::count)
    }

    pub fn pass(&self, days: i64) {
        self.service.pass(days * DAY);
    }

    pub async fn trash(&self, id: RecordingId) -> ItemOutcome {
        let these = Selection::These(vec![id]);
        let trashed = self
            .service
            .trash(&self.admin, &Browser::default(), these)
            .await;
        trashed.unwrap()[&id]
    }

    pub async fn restore(&self, id: RecordingId) -> ItemOutcome {
        let restored = self
            .service
            .restore(&self.admin, &Browser::default(), &[id])
            .await;
        restored.unwrap()[&id]
    }

    pub async fn hold(&self, id: RecordingId) -> Result<(), KeepError> {
        self.service
            .hold(&self.admin, &Browser::default(), id, "Complaint")
            .await
    }

    pub async fn release(&self, id: RecordingId) -> Result<Consent, KeepError> {
        self.service
            .release(&self.admin, &Browser::default(), id, None, "Over")
            .await
    }

    pub async fn delete_now(&self, id: RecordingId) -> Result<Consent, KeepError> {
        let (service, browser) = (&self.service, Browser::default());
        service
            .delete_now(&self.admin, &browser, &[id], "delete 1", "Wrong room")
            .await
    }

    /// Makes one recording of two that turned out to be the same, as calls of the platform do.
    pub async fn join(&self, from: RecordingId, into: RecordingId) {
        let mut tx = self.service.0.store.write().await.unwrap();
        let mut world = World::new(self.service.now(), Patience::default());
        world.joins.push(Join {
            from,
            into,
            is_stored: true,
        });
        understanding::apply(&mut tx, &world, &[]).await.unwrap();
        assert_eq!(recordings::get(&mut tx, from).await.unwrap(), None);
        tx.commit().await.unwrap();
    }

    /// Purges all that is due.
    pub async fn purge(&self) {
        while self.service.purge_round().await.unwrap() == Some(Duration::ZERO) {}
    }

    pub async fn keep(&self, id: RecordingId) -> Keep {
        self.service.kept(&self.admin, id).await.unwrap().keep
    }

    /// The certificate of a recording.
    pub async fn certificate(&self, id: RecordingId) -> Certificate {
        let view = self.service.kept(&self.admin, id).await.unwrap();
        let number = view.certificate.unwrap();
        let stored = self.service.certificate(&self.admin, &number).await;
        stored.unwrap().certificate
    }

    pub async fn listed(&self) -> usize {
        let query = LibraryQuery::default();
        let library = self.service.library(&self.admin, query).await.unwrap();
        assert_eq!(library.recordings.len(), library.total.n as usize);
        library.recordings.len()
    }
}

/// The form of a case of this number.
fn case_form(number: &str) -> CaseForm {
    CaseForm {
        number: number.to_owned(),
        name: "Audit".to_owned(),
        reason: "Letter of 14 Nov".to_owned(),
        reference: String::new(),
    }
}

on_both! {
    deleted, deleted_and_restored_on_sqlite, deleted_and_restored_on_postgres;
    searched, the_trash_is_searched_like_the_library_on_sqlite, the_trash_is_searched_like_the_library_on_postgres;
    purged, purged_with_a_certificate_on_sqlite, purged_with_a_certificate_on_postgres;
    joined, the_certificate_of_a_joined_recording_is_read_on_sqlite, the_certificate_of_a_joined_recording_is_read_on_postgres;
    listed, certificates_of_other_rooms_take_no_place_on_sqlite, certificates_of_other_rooms_take_no_place_on_postgres;
    held, held_is_never_deleted_on_sqlite, held_is_never_deleted_on_postgres;
    shared, a_shared_copy_goes_with_its_last_file_on_sqlite, a_shared_copy_goes_with_its_last_file_on_postgres;
    late, a_late_copy_is_in_the_trash_on_sqlite, a_late_copy_is_in_the_trash_on_postgres;
    fetched_late, a_copy_that_comes_after_the_purge_is_deleted_on_sqlite, a_copy_that_comes_after_the_purge_is_deleted_on_postgres;
    broken_off, a_purge_that_broke_off_goes_on_on_sqlite, a_purge_that_broke_off_goes_on_on_postgres;
    begun, a_file_that_is_being_deleted_is_not_shown_as_there_on_sqlite, a_file_that_is_being_deleted_is_not_shown_as_there_on_postgres;
    orphaned, objects_without_a_row_are_listed_on_sqlite, objects_without_a_row_are_listed_on_postgres;
}

async fn deleted(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let (service, id) = (&rig.service, rig.ids[0]);
    let before = service.recording(&rig.admin, id).await.unwrap();
    assert_eq!(rig.listed().await, 3);
    assert_eq!(rig.trash(id).await, ItemOutcome::Done);
    assert_eq!(rig.listed().await, 2);
    assert_eq!(
        rig.trash(id).await,
        ItemOutcome::Denied(Denied::InTrash),
        "it is there already"
    );
    let until = service.now().plus_millis(30 * DAY);
    let trashed = Keep::Trashed {
        at: service.now(),
        by: Some("ada".to_owned()),
        until,
    };
    assert_eq!(rig.keep(id).await, trashed);
    refused!(service.recording(&rig.admin, id) => ServiceError::InTrash);
    let mut viewer = rig.admin.clone();
    viewer.access.rights = Rights::default();
    refused!(service.recording(&viewer, id) => ServiceError::NotFound);
    let query = TrashQuery::default();
    let list = service.trash_list(&rig.admin, &query).await.unwrap();
    assert_eq!((list.recordings.len(), list.total), (1, (1, 5)));
    assert_eq!(list.recordings[0].row.id, id);
    refused!(service.trash_list(&viewer, &query) => ServiceError::Forbidden);
    // Its bytes are there until the last day.
    rig.pass(29);
    rig.purge().await;
    assert_eq!(rig.objects(id), 4);
    assert_eq!(rig.restore(id).await, ItemOutcome::Done);
    assert_eq!(rig.listed().await, 3);
    let after = service.recording(&rig.admin, id).await.unwrap();
    assert_eq!(
        (after.row.state, after.files.len()),
        (before.row.state, before.files.len())
    );
    let events: Vec<_> = after.history.iter().map(|line| line.event).collect();
    assert!(events.ends_with(&[HistoryEvent::Trashed, HistoryEvent::Restored]));
    rig.pass(100);
    rig.purge().await;
    assert_eq!((rig.keep(id).await, rig.objects(id)), (Keep::Kept, 4));
}

async fn searched(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let (service, [first, second, lab]) = (&rig.service, rig.ids);
    let title = "UPDATE recordings SET title = 'Übung ７Ｂ' WHERE room = 'hall'";
    execute(&service.0.store, title).await;
    for id in [first, lab, second] {
        rig.trash(id).await;
        rig.pass(1);
    }
    for (typed, found) in [
        ("übung", vec![first, second]),
        ("7b HALL U\u{308}B", vec![first, second]),
        ("lab ADA", vec![lab]),
        ("übung lab", vec![]),
    ] {
        let query = TrashQuery {
            search: SearchText::parse(typed),
            ..TrashQuery::default()
        };
        let list = service.trash_list(&rig.admin, &query).await.unwrap();
        let ids: Vec<_> = list.recordings.iter().map(|one| one.row.id).collect();
        assert_eq!(ids, found, "{typed}");
        let count = u32::try_from(found.len()).unwrap();
        assert_eq!(list.total, (count, 5 * u64::from(count)), "{typed}");
    }
    // A page begins after the last recording of the page before.
    let mut read = service.0.store.read().await.unwrap();
    let scope = service.app_ids().await.unwrap()[0].into();
    let typed = SearchText::parse("ü").unwrap();
    let all = recordings::keep::search(&mut read, scope, &typed, None, 1).await;
    let (page, total) = all.unwrap();
    let [(id, Keep::Trashed { until, .. })] = page[..] else {
        panic!("{page:?}")
    };
    assert_eq!((id, total), (first, (2, 10)));
    let rest = recordings::keep::search(&mut read, scope, &typed, Some((until, id)), 2).await;
    let (page, total) = rest.unwrap();
    assert_eq!((page.len(), page[0].0, total), (1, second, (2, 10)));
}

async fn purged(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let (service, id) = (&rig.service, rig.ids[0]);
    rig.trash(id).await;
    let browser = Browser::default();
    for (typed, reason) in [("delete", "Wrong room"), ("delete 1", " ")] {
        let ids = [id];
        let deleted = service.delete_now(&rig.admin, &browser, &ids, typed, reason);
        refused!(deleted => KeepError::Invalid(_));
    }
    rig.purge().await;
    assert_eq!(rig.objects(id), 4);
    assert_eq!(rig.delete_now(id).await.unwrap(), None);
    // The downloaded part of another version.
    let part = service.0.staging.folder().join(format!("{id}.part"));
    fs::write(&part, "hel").unwrap();
    rig.purge().await;
    assert_eq!((rig.objects(id), rig.objects(rig.ids[1])), (0, 4));
    assert!(!part.exists());
    let view = service.kept(&rig.admin, id).await.unwrap();
    assert_eq!(view.keep, Keep::Purged { at: service.now() });
    let number = view.certificate.unwrap();
    assert_eq!(number, "C-1970-0001");
    let stored = service.certificate(&rig.admin, &number).await.unwrap();
    let certificate = &stored.certificate;
    assert_eq!(certificate.why.reason.as_deref(), Some("Wrong room"));
    assert_eq!(certificate.why.asked, Some((service.now(), "ada".into())));
    let file = &certificate.files[0];
    assert_eq!((file.size, file.answer), (Some(5), PurgeAnswer::Deleted));
    assert!(file.sha256.as_ref().unwrap().starts_with("2cf24dba"));
    let deleted = service.deleted(&rig.admin, id).await.unwrap();
    assert_eq!(deleted.row.unwrap().id, id);
    let stays = &deleted.files[0];
    assert_eq!((stays.name.as_str(), stays.size), ("a.mp4", Some(5)));
    assert_eq!(stays.sha256, file.sha256);
    assert!(!deleted.history.is_empty());
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&stored.json));
    assert_eq!(stored.sha256, hash);
    let read: Certificate = serde_json::from_str(&stored.json).unwrap();
    assert_eq!(read, *certificate);

    let mut read = service.0.store.read().await.unwrap();
    let rows = files::of_recording(&mut read, id).await.unwrap();
    assert_eq!((rows[0].state, &rows[0].stored), (FileState::Purged, &None));
    let lines = history::of_recording(&mut read, id).await.unwrap();
    let events: Vec<_> = lines.iter().map(|line| line.event).collect();
    let expected = [
        HistoryEvent::Trashed,
        HistoryEvent::PurgeAsked,
        HistoryEvent::PurgeBegun,
        HistoryEvent::Purged,
    ];
    assert!(events.ends_with(&expected), "{events:?}");
    let about = ActFilter {
        recording: Some(id),
        ..ActFilter::default()
    };
    let acts = acts::page(&mut read, &about, None, 10).await.unwrap();
    assert_eq!(acts[0].act.kind, ActKind::Purged);
    assert_eq!(acts[0].act.subject, number);
    assert!(recordings::get(&mut read, id).await.unwrap().is_some());
    drop(read);
    assert_eq!(rig.listed().await, 2);
    assert_eq!(rig.restore(id).await, ItemOutcome::Denied(Denied::Purged));
    refused!(rig.hold(id) => KeepError::Denied(Denied::Purged));
}

async fn joined(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let (service, [gone, id, _]) = (&rig.service, rig.ids);
    rig.trash(gone).await;
    rig.pass(30);
    rig.purge().await;
    rig.join(gone, id).await;
    assert_eq!(rig.keep(id).await, Keep::Kept);
    // The history of access is not for an operator.
    let mut operator = rig.admin.clone();
    operator.access.role = Role::Operator;
    let number = service.kept(&operator, id).await.unwrap().certificate;
    let number = number.unwrap();
    let stored = service.certificate(&operator, &number).await.unwrap();
    assert_eq!((stored.recording, stored.certificate.recording), (id, gone));
    let listed = service.certificates(&operator).await.unwrap();
    assert_eq!(listed, [stored.certificate]);
    operator.access.rights = Rights::default();
    refused!(service.certificate(&operator, &number) => ServiceError::NotFound);
}

async fn listed(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let (service, [hall, _, lab]) = (&rig.service, rig.ids);
    rig.trash(lab).await;
    rig.pass(30);
    rig.purge().await;
    let all = service.certificates(&rig.admin).await.unwrap();
    let [of_lab] = &all[..] else {
        panic!("{all:?}")
    };
    // Newer certificates of another room, as many as a list shows.
    let mut tx = service.0.store.write().await.unwrap();
    for nth in 0..LISTED {
        let certificate = Certificate {
            number: format!("C-2027-{nth:04}"),
            at: of_lab.at.plus_millis(1),
            recording: hall,
            room: RoomId::new("hall").unwrap(),
            ..of_lab.clone()
        };
        let stored = StoredCertificate {
            json: serde_json::to_string(&certificate).unwrap(),
            sha256: String::new(),
            certificate,
            recording: hall,
        };
        certificates::insert(&mut tx, &stored).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut operator = rig.admin.clone();
    operator.access.role = Role::Operator;
    operator.access.grants = vec![Grant::Room {
        app: service.app_ids().await.unwrap()[0],
        room: RoomId::new("lab").unwrap(),
    }];
    let listed = service.certificates(&operator).await.unwrap();
    assert_eq!(&listed, std::slice::from_ref(of_lab));
    operator.access.rights = Rights::default();
    let listed = service.certificates(&operator).await.unwrap();
    assert!(listed.is_empty(), "{listed:?}");
    let listed = service.certificates(&rig.admin).await.unwrap();
    assert_eq!(listed.len(), LISTED as usize);
    assert!(listed.iter().all(|one| one.recording == hall));
    assert_eq!(listed[0].number, "C-2027-0499");
}

async fn held(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let [id, other, _] = rig.ids;
    rig.hold(id).await.unwrap();
    assert_eq!(rig.trash(id).await, ItemOutcome::Denied(Denied::Held));
    // A hold takes a recording out of the trash, and ends the wish to purge it.
    rig.trash(other).await;
    rig.delete_now(other).await.unwrap();
    rig.hold(other).await.unwrap();
    rig.pass(100);
    rig.purge().await;
    for id in [id, other] {
        assert_eq!((rig.keep(id).await, rig.objects(id)), (Keep::Kept, 4));
    }
    assert_eq!(rig.release(id).await.unwrap(), None);
    refused!(rig.release(id) => KeepError::NotHeld);
    let mut without = rig.admin.clone();
    without.access.rights = "delete".parse().unwrap();
    let (service, browser) = (&rig.service, Browser::default());
    let released = service.release(&without, &browser, other, None, "Over");
    refused!(released => KeepError::Service(ServiceError::Forbidden));
    rig.trash(id).await;
    rig.pass(30);
    rig.purge().await;
    assert_eq!((rig.objects(id), rig.objects(other)), (0, 4));
}

async fn shared(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let [one, other, _] = rig.ids;
    execute(
        &rig.service.0.store,
        "UPDATE files SET storage_key = (SELECT MIN(r.id) FROM recordings r) || '/a'
         WHERE recording_id IN (SELECT r.id FROM recordings r WHERE r.room = 'hall')",
    )
    .await;
    rig.trash(one).await;
    rig.pass(30);
    rig.purge().await;
    assert_eq!(rig.objects(one), 4, "the other one needs it");
    let certificate = rig.certificate(one).await;
    assert_eq!(certificate.files[0].answer, PurgeAnswer::Shared);
    rig.trash(other).await;
    rig.pass(30);
    rig.purge().await;
    assert_eq!(rig.objects(one), 0);
}

async fn late(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let id = rig.ids[0];
    rig.trash(id).await;
    rig.pass(30);
    rig.purge().await;
    let (now, store) = (rig.service.now(), &rig.service.0.store);
    let mut tx = store.write().await.unwrap();
    let until = now.plus_millis(DAY);
    let revived = recordings::keep::revive(&mut tx, id, now, until).await;
    assert!(revived.unwrap());
    let again = recordings::keep::revive(&mut tx, rig.ids[1], now, until).await;
    assert!(!again.unwrap(), "it is kept");
    tx.commit().await.unwrap();
    let trashed = Keep::Trashed {
        at: now,
        by: None,
        until,
    };
    assert_eq!(rig.keep(id).await, trashed);
    rig.pass(1);
    rig.purge().await;
    let view = rig.service.kept(&rig.admin, id).await.unwrap();
    assert_eq!(view.certificate.as_deref(), Some("C-1970-0002"));
}

async fn fetched_late(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let (service, store) = (&rig.service, &rig.service.0.store);
    execute(
        store,
        "UPDATE files SET state = 'remote', storage_key = NULL",
    )
    .await;
    let mut tx = store.write().await.unwrap();
    let (now, holder) = (service.now(), service.0.jobs.holder());
    let lasts = Duration::from_mins(1);
    let claimed = claims::next(&mut tx, now, holder, lasts, Except::default()).await;
    let file = claimed.unwrap().unwrap();
    // A purge that has read the row before the claim.
    let to_purge = ToPurge {
        id: file.id,
        key: None,
        is_begun: false,
    };
    let purged = purges::set_purged(&mut tx, &to_purge, PurgeAnswer::NoCopy, now).await;
    purged.unwrap();
    let claimed = files::get(&mut tx, file.id).await.unwrap().unwrap();
    assert_eq!(claimed.state, FileState::Fetching);
    tx.commit().await.unwrap();

    // The server does not renew its claim in time, and puts the copy after the purge.
    let id = file.recording;
    execute(
        store,
        "UPDATE files SET claimed_until = 1 WHERE state = 'fetching'",
    )
    .await;
    rig.trash(id).await;
    rig.pass(30);
    rig.purge().await;
    let at = service.now();
    assert_eq!(rig.keep(id).await, Keep::Purged { at });
    assert_eq!(rig.objects(id), 4);
    let stored = Stored {
        key: format!("{id}/a"),
        size: 5,
        sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824".to_owned(),
        crc32: None,
        content_type: "video/mp4".to_owned(),
    };
    let copy = (stored, Measured::default());
    let is_recorded = service.record_copy(store, &file, &copy).await;
    assert!(!is_recorded.unwrap());
    assert_eq!(
        (rig.keep(id).await, rig.objects(id)),
        (Keep::Purged { at }, 0)
    );
}

async fn broken_off(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let (id, store) = (rig.ids[0], &rig.service.0.store);
    rig.trash(id).await;
    rig.pass(30);
    // Another server began, and was killed.
    let mut tx = store.write().await.unwrap();
    let locked = recordings::keep::lock(&mut tx, id).await.unwrap().unwrap();
    let to = Keep::Purging;
    recordings::keep::set(&mut tx, &locked, &to).await.unwrap();
    let why = DeletedWhy::default();
    let (now, lasts) = (rig.service.now(), Duration::from_secs(1));
    purges::begin(&mut tx, id, &why, now, "other", lasts)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    fs::remove_file(rig.copy(id)).unwrap();
    rig.purge().await;
    assert_eq!(rig.keep(id).await, Keep::Purging, "the other one has it");
    refused!(rig.hold(id) => KeepError::Denied(Denied::Purged));
    tokio::time::sleep(lasts + Duration::from_millis(200)).await;
    rig.purge().await;
    assert_eq!(rig.keep(id).await, Keep::Purged { at: now });
    let certificate = rig.certificate(id).await;
    assert_eq!(certificate.files[0].answer, PurgeAnswer::Absent);
    assert_eq!(rig.objects(id), 0);
}

async fn begun(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let (id, store) = (rig.ids[0], &rig.service.0.store);
    rig.trash(id).await;
    rig.pass(30);
    // A folder in the place of the copy: the storage cannot delete it.
    fs::remove_file(rig.copy(id)).unwrap();
    fs::create_dir(rig.copy(id)).unwrap();
    assert!(rig.service.purge_round().await.is_err());
    let mut read = store.read().await.unwrap();
    let rows = files::of_recording(&mut read, id).await.unwrap();
    assert_eq!(rows[0].state, FileState::Purged);
    assert!(rows[0].stored.is_some(), "the copy may be there");
    drop(read);

    fs::remove_dir(rig.copy(id)).unwrap();
    let mut tx = store.write().await.unwrap();
    let released = purges::release_all(&mut tx).await;
    released.unwrap();
    tx.commit().await.unwrap();
    rig.purge().await;
    let at = rig.service.now();
    assert_eq!(
        (rig.keep(id).await, rig.objects(id)),
        (Keep::Purged { at }, 0)
    );
}

#[tokio::test]
async fn a_recording_that_was_due_at_a_backup_is_not_purged_after_its_restore() {
    let (databases, place) = (Databases::on_sqlite(), TempDir::new().unwrap());
    let database = databases.another();
    let mut rig = Rig::open(database.clone()).await;
    let [due, asked, by_rule] = rig.ids;
    for id in rig.ids {
        rig.trash(id).await;
    }
    rig.pass(31);
    let mut tx = rig.service.0.store.write().await.unwrap();
    let (now, track) = (rig.service.now(), FileKind::Track);
    retention::leave(&mut tx, due, track, "Tracks", now, now)
        .await
        .unwrap();
    // As a rule does.
    let why = DeletedWhy {
        rule: Some("Old".to_owned()),
        ..DeletedWhy::default()
    };
    purges::ask(&mut tx, by_rule, &why).await.unwrap();
    tx.commit().await.unwrap();
    let (browser, these) = (Browser::default(), [asked, by_rule]);
    let deleted = rig
        .service
        .delete_now(&rig.admin, &browser, &these, "delete 2", "Wrong room");
    deleted.await.unwrap();
    let storage = StorageLocation::Folder(rig.service.folder.path().join("files"));
    let backup = place.path().join("backup");
    let made = back_up(&database, &storage, &backup, now).await;
    made.unwrap();
    rig.service.close().await;

    rig.pass(60);
    let now = rig.service.now();
    let database = DatabaseUrl::Sqlite(place.path().join("restored.db"));
    let restored = restore(&database, &storage, &backup, false, now).await;
    assert_eq!(restored.unwrap().postponed, 4);
    rig.service.reopen(database).await;
    rig.purge().await;
    let until = now.plus_millis(7 * DAY);
    for id in rig.ids {
        let kept = rig.keep(id).await;
        assert!(matches!(kept, Keep::Trashed { until: end, .. } if end == until));
        assert_eq!(rig.objects(id), 4);
    }
    let mut read = rig.service.0.store.read().await.unwrap();
    let before = until.plus_millis(-1);
    let leaving = retention::leaving(&mut read, before, 10).await.unwrap();
    assert!(leaving.is_empty());
    let leaving = retention::leaving(&mut read, until, 10).await.unwrap();
    assert_eq!(leaving, [(due, track)]);
    assert_eq!(purges::asked(&mut read, asked).await.unwrap(), None);
    let stays = purges::asked(&mut read, by_rule).await.unwrap();
    assert_eq!(stays.unwrap().rule, why.rule);
    drop(read);

    // Then it is over.
    rig.pass(7);
    rig.purge().await;
    assert_eq!(rig.objects(asked), 0);
    let why = rig.certificate(asked).await.why;
    assert_eq!((why.asked, why.reason), (None, None));
    rig.service.close().await;
}

async fn orphaned(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    // The clock of the files is the machine's.
    let now = reelroom_domain::time::Clock::now(&crate::SystemClock);
    // As a server leaves them that was killed before it wrote the row of a copy.
    let left = ["b", "b.json"].map(|name| rig.copy(rig.ids[0]).with_file_name(name));
    for orphan in &left {
        fs::write(orphan, "x").unwrap();
    }
    let found = async |hours: i64| {
        let later = now.plus_millis(hours * 60 * 60_000).as_millis();
        rig.service.set_time(later);
        rig.service.compare_storage().await.unwrap();
        let mut read = rig.service.0.store.read().await.unwrap();
        orphans::list(&mut read, 10).await.unwrap()
    };
    assert!(
        found(0).await.is_empty(),
        "a row may be about to be written"
    );
    let orphans = found(2).await;
    let keys: BTreeSet<String> = orphans.into_iter().map(|one| one.key).collect();
    let expected = ["b", "b.json"].map(|name| format!("{}/{name}", rig.ids[0]));
    assert_eq!(keys, BTreeSet::from(expected));
    for orphan in left {
        assert!(orphan.exists(), "it is never deleted");
        fs::remove_file(orphan).unwrap();
    }
    assert!(found(2).await.is_empty());
}
