//! The consent of a second administrator.

use std::{collections::BTreeMap, time::Duration};

use reelroom_domain::{
    act::{ActFilter, ActKind, detail},
    change::Change,
    ids::{RecordingId, RequestId},
    keep::{Keep, KeepField, KeepForm, ShownRequest},
    outcome::ItemOutcome,
    user::Role,
    view::HistoryEvent,
};
use reelroom_store::{acts, history, holds, recordings::keep, settings, testing::Databases};

use super::{Rig, case_form, on_both, refused};
use crate::{Browser, Consent, KeepError, MyAccountError, Principal, ServiceError};

const PASSWORD: &str = "correct horse battery";

on_both! {
    second, a_second_administrator_agrees_on_sqlite, a_second_administrator_agrees_on_postgres;
    lifted, a_second_administrator_is_not_switched_off_alone_on_sqlite, a_second_administrator_is_not_switched_off_alone_on_postgres;
    at_once, a_demand_that_is_being_made_is_not_lifted_alone_on_sqlite, a_demand_that_is_being_made_is_not_lifted_alone_on_postgres;
    outdated, a_request_is_outdated_when_its_recordings_have_changed_on_sqlite, a_request_is_outdated_when_its_recordings_have_changed_on_postgres;
    joined, a_release_does_not_cover_holds_that_are_joined_later_on_sqlite, a_release_does_not_cover_holds_that_are_joined_later_on_postgres;
    once, the_same_is_asked_for_once_on_sqlite, the_same_is_asked_for_once_on_postgres;
    two, two_people_must_be_able_to_agree_on_sqlite, two_people_must_be_able_to_agree_on_postgres;
}

/// The form of settings that demand no second administrator.
fn alone(trash_days: &str) -> KeepForm {
    KeepForm {
        trash_days: trash_days.to_owned(),
        request_days: "3".to_owned(),
        ..KeepForm::default()
    }
}

/// Another administrator, with a password.
async fn bob(rig: &Rig) -> Principal {
    let user = rig.service.add_user("bob", PASSWORD, Role::Admin).await;
    Principal {
        user: user.unwrap(),
        name: "bob".to_owned(),
        ..rig.admin.clone()
    }
}

async fn demand(rig: &Rig) {
    let mut tx = rig.service.0.store.write().await.unwrap();
    let mut settings = keep::settings(&mut tx).await.unwrap();
    settings.second_for_delete_now = true;
    settings.second_for_release = true;
    keep::set_settings(&mut tx, &settings).await.unwrap();
    tx.commit().await.unwrap();
}

async fn agree(rig: &Rig, by: &Principal, request: RequestId) -> Result<(), KeepError> {
    let browser = Browser::default();
    rig.service.agree(by, &browser, request, PASSWORD).await
}

fn asked(consent: Result<Consent, KeepError>) -> RequestId {
    consent.unwrap().expect("not done alone")
}

async fn second(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let (service, browser, bob) = (&rig.service, Browser::default(), bob(&rig).await);
    demand(&rig).await;
    let [id, other, _] = rig.ids;
    // Delete now.
    rig.trash(id).await;
    let request = asked(rig.delete_now(id).await);
    rig.purge().await;
    assert_eq!(rig.objects(id), 4, "nobody agreed yet");
    let own = service.requests(&rig.admin).await.unwrap();
    assert_eq!((own.len(), own[0].may_answer), (1, false));
    assert!(service.requests(&bob).await.unwrap()[0].may_answer);
    let wrong = service.agree(&bob, &browser, request, "wrong");
    refused!(wrong => KeepError::Password(MyAccountError::WrongPassword));
    service.store_gathered().await.unwrap();
    let mut read = service.0.store.read().await.unwrap();
    let of_kind = ActFilter {
        kinds: vec![ActKind::WrongSignIn],
        ..ActFilter::default()
    };
    let lines = acts::page(&mut read, &of_kind, None, 10).await.unwrap();
    drop(read);
    assert_eq!(lines[0].act.user, Some(bob.user), "bob was signed in");
    let mut operator = bob.clone();
    operator.access.role = Role::Operator;
    let agreed = service.agree(&operator, &browser, request, PASSWORD);
    refused!(agreed => KeepError::Service(ServiceError::Forbidden));
    agree(&rig, &bob, request).await.unwrap();
    rig.purge().await;
    assert_eq!(rig.objects(id), 0);
    let why = rig.certificate(id).await.why;
    assert_eq!(why.asked.unwrap().1, "ada");
    assert_eq!(why.agreed.unwrap().1, "bob");
    // Each entry of the history is about the recording, and the purge is of the account that asked.
    let mut read = service.0.store.read().await.unwrap();
    let lines = history::of_recording(&mut read, id).await.unwrap();
    let mut lines = lines.iter();
    let asked_for = lines.find(|line| line.event == HistoryEvent::PurgeAsked);
    assert_eq!(asked_for.unwrap().actor.as_deref(), Some("ada"));
    let about = ActFilter {
        recording: Some(id),
        ..ActFilter::default()
    };
    let lines = acts::page(&mut read, &about, None, 10).await.unwrap();
    drop(read);
    let found = |kind: ActKind| {
        let mut lines = lines.iter().filter(|line| line.act.kind == kind);
        let act = lines.next().unwrap().act.clone();
        assert!(lines.next().is_none(), "{kind:?}");
        act
    };
    let [consent_asked, given, purge] = [
        ActKind::ConsentAsked,
        ActKind::ConsentGiven,
        ActKind::PurgeAsked,
    ]
    .map(found);
    for act in [&consent_asked, &purge] {
        assert_eq!((act.user, act.name.as_str()), (Some(rig.admin.user), "ada"));
    }
    assert_eq!(given.name, "bob");
    assert_eq!(given.detail[detail::ASKED_BY], "ada");
    assert_eq!(given.detail[detail::WISH], "delete_now");
    assert_eq!(purge.detail[detail::AGREED_BY], "bob");
    refused!(agree(&rig, &bob, request) => KeepError::NotOpen);
    late(&rig, &bob, other).await;
}

/// A release that is refused at first, and is then agreed to too late.
async fn late(rig: &Rig, bob: &Principal, other: RecordingId) {
    let (service, browser) = (&rig.service, Browser::default());
    rig.hold(other).await.unwrap();
    let request = asked(rig.release(other).await);
    service.refuse(bob, &browser, request).await.unwrap();
    let request = asked(rig.release(other).await);
    rig.pass(3);
    refused!(agree(rig, bob, request) => KeepError::NotOpen);
    assert!(service.requests(bob).await.unwrap().is_empty());
    let held = reelroom_domain::keep::Denied::Held;
    assert_eq!(rig.trash(other).await, ItemOutcome::Denied(held));
    // A hold that comes after the wish beats it.
    let request = asked(rig.release(other).await);
    agree(rig, bob, request).await.unwrap();
    rig.trash(other).await;
    let request = asked(rig.delete_now(other).await);
    rig.hold(other).await.unwrap();
    refused!(agree(rig, bob, request) => KeepError::NotOpen);
    rig.pass(100);
    rig.purge().await;
    assert_eq!((rig.keep(other).await, rig.objects(other)), (Keep::Kept, 4));
}

async fn lifted(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let (service, browser, bob) = (&rig.service, Browser::default(), bob(&rig).await);
    demand(&rig).await;
    let form = alone("30");
    let set = service.set_keep_settings(&rig.admin, &browser, &form).await;
    let request = asked(set);
    let settings = service.keep_settings(&rig.admin).await.unwrap();
    assert!(settings.second_for_delete_now && settings.second_for_release);
    let own = &service.requests(&rig.admin).await.unwrap()[0];
    assert!(!own.may_answer);
    agree(&rig, &bob, request).await.unwrap();
    let settings = service.keep_settings(&rig.admin).await.unwrap();
    assert!(!settings.second_for_delete_now && !settings.second_for_release);
}

async fn at_once(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let mut tx = rig.service.0.store.write().await.unwrap();
    settings::lock(&mut tx).await.unwrap();
    let mut demanding = keep::settings(&mut tx).await.unwrap();
    demanding.second_for_release = true;
    let set = keep::set_settings(&mut tx, &demanding).await;
    set.unwrap();
    let commit = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        tx.commit().await.unwrap();
    };
    // The page was read before.
    let (browser, form) = (Browser::default(), alone("7"));
    let set = rig.service.set_keep_settings(&rig.admin, &browser, &form);
    let (set, ()) = tokio::join!(set, commit);
    asked(set);
    let settings = rig.service.keep_settings(&rig.admin).await.unwrap();
    assert_eq!(settings, demanding);
}

async fn outdated(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let (service, browser, bob) = (&rig.service, Browser::default(), bob(&rig).await);
    let (by, [id, other, third]) = (&rig.admin, rig.ids);
    demand(&rig).await;
    let case = service
        .open_case(by, &browser, &case_form("1"), &[id])
        .await;
    let case = case.unwrap();
    rig.hold(other).await.unwrap();
    rig.trash(third).await;
    let form = alone("30");
    let requests = async || {
        [
            asked(service.close_case(by, &browser, case, "Over").await),
            asked(rig.release(other).await),
            asked(rig.delete_now(third).await),
            asked(service.set_keep_settings(by, &browser, &form).await),
        ]
    };
    let all_outdated = async || -> Vec<bool> {
        let lines = service.requests(&bob).await.unwrap();
        lines.iter().map(|line| line.is_outdated).collect()
    };
    let first = requests().await;
    assert_eq!(all_outdated().await, [false; 4]);
    let lines = service.requests(&bob).await.unwrap();
    let numbers: Vec<_> = lines
        .iter()
        .filter_map(|line| Some(line.case.as_ref()?.number.as_str()))
        .collect();
    assert_eq!(numbers, ["1"]);
    let rows = service.deleted_rows(&bob, &[id, third]).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|row| row.id).collect();
    assert_eq!(rows, [third], "the other one is not deleted");
    let mut viewer = bob.clone();
    viewer.access.rights = "".parse().unwrap();
    let rows = service.deleted_rows(&viewer, &[third]).await.unwrap();
    assert!(rows.is_empty());

    // Later there is more in the case, another reason for the hold, and so on.
    rig.pass(1);
    let added = service.add_to_case(by, &browser, case, &[other]).await;
    added.unwrap();
    rig.restore(third).await;
    rig.trash(third).await;
    let mut tx = service.0.store.write().await.unwrap();
    let released = holds::release(&mut tx, other, None, service.now(), "ada").await;
    assert!(released.unwrap());
    let mut longer = keep::settings(&mut tx).await.unwrap();
    longer.trash_days = 60;
    keep::set_settings(&mut tx, &longer).await.unwrap();
    tx.commit().await.unwrap();
    rig.hold(other).await.unwrap();
    // The one about the recording that was restored is closed.
    assert_eq!(all_outdated().await, [true; 3]);
    for request in first {
        refused!(agree(&rig, &bob, request) => KeepError::NotOpen);
    }
    let view = service.case(by, case, None).await.unwrap();
    assert_eq!((view.recordings.len(), view.case.closed), (2, None));
    assert_eq!(service.kept(by, other).await.unwrap().holds.len(), 2);
    assert_eq!(service.keep_settings(by).await.unwrap(), longer);

    // Asked again, which closes the outdated ones, it is done.
    let again = requests().await;
    assert_eq!(all_outdated().await, [false; 4]);
    for request in again {
        agree(&rig, &bob, request).await.unwrap();
    }
    let view = service.case(by, case, None).await.unwrap();
    assert!(view.case.closed.is_some());
    rig.purge().await;
    assert_eq!((rig.objects(id), rig.objects(third)), (4, 0));
}

async fn joined(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let (service, browser, bob) = (&rig.service, Browser::default(), bob(&rig).await);
    let (by, [id, other, _]) = (&rig.admin, rig.ids);
    demand(&rig).await;
    let case = service
        .open_case(by, &browser, &case_form("1"), &[id, other])
        .await;
    let case = case.unwrap();
    rig.hold(id).await.unwrap();
    rig.hold(other).await.unwrap();
    let of_case = service.release(by, &browser, id, Some(case), "Over").await;
    let requests = [asked(rig.release(id).await), asked(of_case)];
    rig.pass(1);
    rig.join(other, id).await;
    let lines = service.requests(&bob).await.unwrap();
    assert!(lines.iter().all(|line| line.is_outdated));
    for request in requests {
        refused!(agree(&rig, &bob, request) => KeepError::NotOpen);
    }
    assert_eq!(service.kept(by, id).await.unwrap().holds.len(), 2);
    // Asked again, it is about both.
    let request = asked(rig.release(id).await);
    agree(&rig, &bob, request).await.unwrap();
    assert_eq!(service.kept(by, id).await.unwrap().holds.len(), 1);
}

async fn once(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let (service, browser, bob) = (&rig.service, Browser::default(), bob(&rig).await);
    let (by, [id, other, third]) = (&rig.admin, rig.ids);
    demand(&rig).await;
    let case = service
        .open_case(by, &browser, &case_form("1"), &[id, other])
        .await;
    let case = case.unwrap();
    rig.hold(id).await.unwrap();
    rig.trash(third).await;
    let waiting = async |of: &Principal| {
        let shell = service.shell(of, None).await.unwrap();
        shell.waiting
    };
    let of_recording = async |by: &Principal| service.kept(by, id).await.unwrap().requests;
    assert!(of_recording(by).await.is_empty());
    // Open pages learn of each request and of its answer.
    let mut changes = service.changes();
    let mut told = || {
        let changes = std::iter::from_fn(|| changes.try_recv().ok());
        changes
            .filter(|change| *change == Some(Change::Request))
            .count()
    };
    let all = async |by: &Principal| {
        let these = [third];
        let deleted = service.delete_now(by, &browser, &these, "delete 1", "Wrong room");
        [
            asked(service.release(by, &browser, id, None, "Over").await),
            asked(service.release(by, &browser, id, Some(case), "Over").await),
            asked(service.close_case(by, &browser, case, "Over").await),
            asked(deleted.await),
        ]
    };
    // The same is asked for once, whoever asks.
    let [own, of_case, close, delete] = all(by).await;
    assert_eq!(told(), 4);
    for again in [by, &bob] {
        assert_eq!(all(again).await, [own, of_case, close, delete]);
    }
    assert_eq!((waiting(by).await, waiting(&bob).await), (0, 4));

    // The recording and the case say so, and the one that may not serve as a second administrator only reads it.
    let mut operator = bob.clone();
    operator.access.role = Role::Operator;
    for (by, may_look) in [(by, true), (&bob, true), (&operator, false)] {
        let shown = of_recording(by).await;
        let shown = shown.iter().map(|one| (one.request.id, one.may_look));
        let shown: BTreeMap<RequestId, bool> = shown.collect();
        assert_eq!(
            shown,
            BTreeMap::from([(own, may_look), (of_case, may_look)])
        );
    }
    let view = service.case(by, case, None).await.unwrap();
    assert_eq!(view.requests.len(), 2);
    assert_eq!(view.close_request().unwrap().request.id, close);

    // A refusal is shown, and one may ask again.
    service.refuse(&bob, &browser, own).await.unwrap();
    assert_eq!(told(), 1, "asking again changes nothing");
    let shown = of_recording(by).await;
    let refused = ShownRequest::of_release(&shown, id, None).unwrap();
    assert!(!refused.is_open());
    assert_eq!(refused.request.answered.as_ref().unwrap().1, "bob");
    let own = asked(service.release(by, &browser, id, None, "Over").await);
    assert_eq!(waiting(&bob).await, 4);

    // A request ends where its action is no longer possible: the case is closed, and the recording is restored.
    agree(&rig, &bob, close).await.unwrap();
    assert_eq!(told(), 2, "one was asked for, and one agreed to");
    rig.restore(third).await;
    let open = service.requests(&bob).await.unwrap();
    let open: Vec<RequestId> = open.iter().map(|line| line.request.id).collect();
    assert_eq!((open, waiting(&bob).await), (vec![own], 1));
    refused!(agree(&rig, &bob, of_case) => KeepError::NotOpen);
}

async fn two(databases: &Databases) {
    let rig = Rig::open(databases.another()).await;
    let alone = alone("7");
    let form = KeepForm {
        second_for_delete_now: "yes".to_owned(),
        ..alone.clone()
    };
    let browser = Browser::default();
    let set = rig.service.set_keep_settings(&rig.admin, &browser, &form);
    refused!(set => KeepError::Invalid(fields) if *fields == [KeepField::Second]);
    let set = rig.service.set_keep_settings(&rig.admin, &browser, &alone);
    set.await.unwrap();
    let settings = rig.service.keep_settings(&rig.admin).await.unwrap();
    assert_eq!(settings.trash_days, 7);
}
