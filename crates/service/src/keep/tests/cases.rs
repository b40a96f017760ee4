//! Cases: what they hold, whom they name, and their end.

use std::collections::BTreeSet;

use reelroom_domain::{
    access::Verb,
    case::{CaseEvent, CaseLine},
    ids::{CaseId, RecordingId},
    keep::{Denied, Keep, KeepField},
    outcome::ItemOutcome,
    user::Role,
    view::RecordingRow,
};
use reelroom_store::{
    cases, holds,
    testing::{Databases, execute},
};

use super::{Rig, case_form, on_both, refused};
use crate::{
    Browser, KeepError, LibraryQuery, OpenFileError, Principal, ServiceError,
    recordings::find::recording_for,
};

on_both! {
    closed, a_case_holds_until_it_is_closed_on_sqlite, a_case_holds_until_it_is_closed_on_postgres;
    paged, the_recordings_of_a_case_come_page_by_page_on_sqlite, the_recordings_of_a_case_come_page_by_page_on_postgres;
    told, the_page_of_a_case_shows_the_end_of_its_history_on_sqlite, the_page_of_a_case_shows_the_end_of_its_history_on_postgres;
    named, a_case_shows_its_recordings_to_those_it_names_on_sqlite, a_case_shows_its_recordings_to_those_it_names_on_postgres;
}

async fn open(rig: &Rig) -> CaseId {
    let (browser, form) = (Browser::default(), case_form("2026-31"));
    let ids = &rig.ids[..2];
    let opened = rig.service.open_case(&rig.admin, &browser, &form, ids);
    opened.await.unwrap()
}

async fn closed(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let (service, by, browser) = (&rig.service, &rig.admin, Browser::default());
    let [id, other, third] = rig.ids;
    // A held recording of the trash is out of it.
    rig.trash(other).await;
    let case = open(&rig).await;
    assert_eq!(rig.keep(other).await, Keep::Kept);
    let denied = ItemOutcome::Denied(Denied::Held);
    assert_eq!(rig.trash(id).await, denied);
    let (same, these) = (case_form("2026-31"), [third]);
    let again = service.open_case(by, &browser, &same, &these);
    refused!(again => KeepError::Invalid(fields) if *fields == [KeepField::Number]);
    assert_eq!(rig.trash(third).await, ItemOutcome::Done, "it is not held");
    let view = service.case(by, case, None).await.unwrap();
    assert_eq!((view.recordings.len(), view.files), (2, (2, 10)));
    // A file without a copy counts as in the rows of the library.
    execute(
        &service.0.store,
        "UPDATE files SET state = 'remote', storage_key = NULL, stored_size = NULL, size = 7
         WHERE id = (SELECT MIN(recording_id) FROM holds)",
    )
    .await;
    let view = service.case(by, case, None).await.unwrap();
    let rows = service.rows_of(by, &[id, other]).await.unwrap();
    let bytes = rows.iter().map(|row| row.bytes).sum::<u64>();
    assert_eq!((view.files, bytes), ((2, 12), 12));
    // Its own hold outlives the case.
    rig.hold(other).await.unwrap();
    let one = service.close_case(by, &browser, case, "Over").await;
    assert_eq!(one.unwrap(), None);
    refused!(service.close_case(by, &browser, case, "Over") => KeepError::Closed);
    refused!(service.add_to_case(by, &browser, case, &[third]) => KeepError::Closed);
    assert_eq!(rig.trash(id).await, ItemOutcome::Done);
    assert_eq!(rig.trash(other).await, denied);
    let view = service.case(by, case, None).await.unwrap();
    assert_eq!(view.recordings.len(), 2, "what it held stays");
    assert_eq!(view.files, (2, 12), "and is counted");
    let events: Vec<_> = view.history.iter().rev().map(|line| &line.event).collect();
    assert_eq!(events[0], &CaseEvent::Opened);
    assert!(events.contains(&&CaseEvent::Kept { recording: id }));
    assert_eq!(events.last(), Some(&&CaseEvent::Closed));
    let row = &service.cases(by).await.unwrap()[0];
    assert_eq!((row.held, row.case.closed.is_some()), (0, true));
}

async fn paged(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let (service, by, browser) = (&rig.service, &rig.admin, Browser::default());
    let case = open(&rig).await;
    rig.pass(1);
    let added = service.add_to_case(by, &browser, case, &rig.ids[2..]).await;
    added.unwrap();
    // They are held since the same moment, or since a later one.
    let [mut first, mut second, third] = rig.ids;
    if first < second {
        (first, second) = (second, first);
    }
    let mut read = service.0.store.read().await.unwrap();
    let (mut found, mut after) = (Vec::new(), None);
    while let [place] = holds::page_of_case(&mut read, case, after, 1)
        .await
        .unwrap()[..]
    {
        found.push(place.1);
        after = Some(place);
    }
    assert_eq!(found, [third, first, second]);
    let (held, newest) = holds::totals_of_case(&mut read, case).await.unwrap();
    assert_eq!((held, newest), (3, Some(service.now())));
    drop(read);
    let view = service.case(by, case, None).await.unwrap();
    assert_eq!((view.recordings.len(), view.held, view.more), (3, 3, None));
    let released = service.release(by, &browser, first, Some(case), "Over");
    released.await.unwrap();
    let after = format!("{}.{third}", service.now().as_millis());
    let view = service.case(by, case, Some(&after)).await.unwrap();
    let ids: Vec<_> = view.recordings.iter().map(|(_, id)| *id).collect();
    assert_eq!((ids, view.held), (vec![second], 2));
}

async fn told(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let (service, by) = (&rig.service, &rig.admin);
    let case = open(&rig).await;
    let view = service.case(by, case, None).await.unwrap();
    assert_eq!((view.history.len(), view.earlier), (2, 0));
    let mut tx = service.0.store.write().await.unwrap();
    for _ in 0..100 {
        let changed = cases::append(&mut tx, case, service.now(), "ada", &CaseEvent::Changed);
        changed.await.unwrap();
    }
    tx.commit().await.unwrap();
    let view = service.case(by, case, None).await.unwrap();
    assert_eq!((view.history.len(), view.earlier), (100, 2));
    let is_changed = |line: &CaseLine| line.event == CaseEvent::Changed;
    assert!(view.history.iter().all(is_changed));
}

async fn named(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let (service, browser) = (&rig.service, Browser::default());
    let case = open(&rig).await;
    let user = service.add_user("eve", "correct horse battery", Role::Viewer);
    let mut eve = Principal {
        user: user.await.unwrap(),
        name: "eve".to_owned(),
        ..rig.admin.clone()
    };
    eve.access.role = Role::Viewer;
    eve.access.rights = "".parse().unwrap();
    eve.access.grants.clear();
    // By their roles they see the case, and no pictures of what it holds.
    let mut by_role = Principal {
        user: rig.service.0.rng.id(service.now()),
        ..rig.admin.clone()
    };
    by_role.access.grants.clear();
    let may = async |by: &Principal, verb: Verb, at: usize| {
        let mut read = service.0.store.read().await.unwrap();
        recording_for(&mut read, by, verb, rig.ids[at])
            .await
            .is_ok()
    };
    assert!(!may(&eve, Verb::See, 0).await);
    refused!(service.case(&eve, case, None) => ServiceError::NotFound);
    assert!(may(&by_role, Verb::See, 0).await && !may(&by_role, Verb::Watch, 0).await);
    assert!(may(&by_role, Verb::Watch, 2).await, "no case holds it");
    assert_eq!(service.cases(&by_role).await.unwrap().len(), 1);
    let zip = async |at: usize| {
        let ids = BTreeSet::from([rig.ids[at]]);
        service.zip(&by_role, &ids).await
    };
    refused!(zip(0) => OpenFileError::Service(ServiceError::Forbidden));
    // Nor do lists have pictures of it, or count it among what can be downloaded.
    let pictures = r#"UPDATE files
        SET strip = '{"width": 160, "height": 90, "times": [0], "length": 1000}'"#;
    execute(&service.0.store, pictures).await;
    let shown = async |by: &Principal| {
        let rows = service.rows_of(by, &rig.ids).await.unwrap();
        let library = service.library(by, LibraryQuery::default()).await.unwrap();
        let shown = |rows: &[RecordingRow], id: RecordingId| {
            let row = rows.iter().find(|row| row.id == id).unwrap();
            (
                row.thumbnail.is_some(),
                row.film.is_some(),
                row.may_download,
            )
        };
        let shown = |rows: &[RecordingRow]| rig.ids.map(|id| shown(rows, id));
        assert_eq!(shown(&rows), shown(&library.recordings));
        shown(&rows)
    };
    let (all, none) = ((true, true, true), (false, false, false));
    assert_eq!(shown(&by_role).await, [none, none, all]);
    assert_eq!(shown(&rig.admin).await, [all; 3], "it opened the case");
    // These copies have no checksums, which an archive needs.
    refused!(zip(2) => OpenFileError::NoneArchived);
    // An account that sees a recording, and not its case, does not see the name of the case.
    let mut viewer = by_role.clone();
    viewer.access.role = Role::Viewer;
    viewer.access.grants.clone_from(&rig.admin.access.grants);
    for (by, name) in [(&viewer, ""), (&by_role, "Audit")] {
        let holds = service.kept(by, rig.ids[0]).await.unwrap().holds;
        assert_eq!((holds.len(), holds[0].reason.as_str()), (1, name));
    }

    refused!(service.let_look(&rig.admin, &browser, case, "nobody") => KeepError::Invalid(_));
    for name in ["Eve", "eve"] {
        let looks = service.let_look(&rig.admin, &browser, case, name).await;
        looks.unwrap();
    }
    assert!(may(&eve, Verb::See, 0).await && may(&eve, Verb::Watch, 1).await);
    assert!(!may(&eve, Verb::Download, 0).await && !may(&eve, Verb::See, 2).await);
    let rows = service.rows_of(&eve, &rig.ids).await.unwrap();
    let shown = rows
        .iter()
        .map(|row| (row.id, row.thumbnail.is_some(), row.may_download));
    assert!(shown.eq([0, 1].map(|at| (rig.ids[at], true, false))));
    let seen = service.recording(&eve, rig.ids[0]).await.unwrap();
    assert!(seen.may_watch && seen.row.thumbnail.is_some() && seen.row.film.is_some());
    let view = service.case(&eve, case, None).await.unwrap();
    assert!(!view.may_change);
    let looker = view.lookers[0].0;
    let ended = service.end_look(&eve, &browser, case, looker);
    refused!(ended => KeepError::Service(ServiceError::Forbidden));
    let ended = service.end_look(&rig.admin, &browser, case, looker).await;
    ended.unwrap();
    assert!(!may(&eve, Verb::Watch, 1).await);
}
