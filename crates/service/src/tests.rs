//! The service with its jobs: look-ups of overdue recordings, the shutdown, and the test of the storage.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use reelroom_domain::{
    app::AppForm,
    callback::CallbackKind,
    cause::Cause,
    recording::RecordingState,
    usage::{StoragePlace, StorageStep},
    user::Role,
};
use reelroom_store::{StoreError, apps, calls, recordings, settings, testing::Databases};
use tempfile::TempDir;
use tokio::{net::TcpListener, runtime::Handle, task::JoinSet};

use crate::{
    AcceptError, Browser, NotReady, RawCall, SandboxApp, Secret, Service, ServiceError,
    TokenChange,
    testing::{TestClock, admin, config, insert_stopped, on_both, platform, sqlite, without_jobs},
};

const MINUTE: i64 = 60_000;

/// A platform whose list breaks off at each request, and the number of requests.
async fn broken_list() -> (SandboxApp, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let app = platform(&format!("http://{}", listener.local_addr().unwrap()));
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = requests.clone();
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    (app, requests)
}

#[tokio::test]
async fn an_overdue_recording_is_looked_up_at_its_time_and_not_in_each_round() {
    let (service, clock, _folder) = without_jobs(sqlite, 0).await;
    let (app, requests) = broken_list().await;
    let app = service.register_sandbox(app).await.unwrap();
    let recording = insert_stopped(&service, app, RecordingState::AwaitingFiles).await;
    // Due, and overdue, after an hour: also while the list fails.
    let overdue = RecordingState::Overdue;
    for (minute, questions, state) in [
        (59, 0, RecordingState::AwaitingFiles),
        (60, 1, overdue),
        (60, 1, overdue),
        (69, 1, overdue),
        (70, 2, overdue),
        (79, 2, overdue),
        (80, 3, overdue),
        (99, 3, overdue),
        (100, 4, overdue),
    ] {
        clock.0.store(minute * MINUTE, Ordering::Relaxed);
        service.overdue_round().await.unwrap();
        assert_eq!(requests.load(Ordering::SeqCst), questions, "{minute}");
        let mut read = service.0.store.read().await.unwrap();
        let now = recordings::get(&mut read, recording.id).await.unwrap();
        assert_eq!(now.unwrap().state, state, "{minute}");
        let due = recordings::to_look_up(&mut read, service.now()).await;
        assert_eq!(due.unwrap(), [], "{minute}");
    }
    // Look-ups end after a week.
    let week = 7 * 24 * 60 * MINUTE;
    clock.0.store(week + 59 * MINUTE, Ordering::Relaxed);
    service.overdue_round().await.unwrap();
    assert_eq!(requests.load(Ordering::SeqCst), 5);
    clock.0.store(3 * week, Ordering::Relaxed);
    service.overdue_round().await.unwrap();
    assert_eq!(requests.load(Ordering::SeqCst), 5);
    service.close().await;
}

on_both! {
    removed_token, a_token_that_is_being_removed_does_not_come_back_on_sqlite, a_token_that_is_being_removed_does_not_come_back_on_postgres;
    closing_ends_every_task, closing_ends_every_task_on_sqlite, closing_ends_every_task_on_postgres;
}

async fn removed_token(databases: &Databases) {
    let (service, _, _folder) = without_jobs(|_| databases.another(), 0).await;
    let admin = admin(&service);
    let form = AppForm {
        name: "Board".to_owned(),
        app_id: "board".to_owned(),
        api_base: "http://192.0.2.1".to_owned(),
        method: "post".to_owned(),
        encoding: "json".to_owned(),
        reply_form: "code".to_owned(),
        zone: "Asia/Shanghai".to_owned(),
        kinds: "Meet".to_owned(),
        ..AppForm::default()
    };
    let browser = Browser::default();
    let token = TokenChange::Set(Secret::new("vod"));
    let id = service.save_app(&admin, &browser, form.clone(), token);
    let id = id.await.unwrap();
    let mut tx = service.0.store.write().await.unwrap();
    settings::lock(&mut tx).await.unwrap();
    let mut app = apps::get(&mut tx, id).await.unwrap().unwrap();
    assert!(app.vod_token.take().is_some());
    assert!(apps::update(&mut tx, &app).await.unwrap());
    let commit = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        tx.commit().await.unwrap();
    };
    let renamed = AppForm {
        id: Some(id),
        name: "Boards".to_owned(),
        ..form
    };
    let save = service.save_app(&admin, &browser, renamed, TokenChange::Keep);
    let (saved, ()) = tokio::join!(save, commit);
    saved.unwrap();
    let mut read = service.0.store.read().await.unwrap();
    let app = apps::get(&mut read, id).await.unwrap().unwrap();
    assert_eq!((app.name.as_str(), app.vod_token), ("Boards", None));
    drop(read);
    service.close().await;
}

async fn closing_ends_every_task(databases: &Databases) {
    const CALLS: usize = 300;
    let (folder, clock) = (TempDir::new().unwrap(), Arc::new(TestClock::default()));
    let database = databases.another();
    let tasks = Handle::current().metrics().num_alive_tasks();
    let service = Service::open(config(database.clone(), &folder, clock.clone())).await;
    let service = service.unwrap();
    let mut calls = JoinSet::new();
    for number in 0..CALLS {
        let (service, call) = (service.clone(), call(number));
        calls.spawn(async move { (number, service.accept_call(call).await) });
    }
    // By now some calls are stored and some wait.
    let mut outcomes = vec![calls.join_next().await.unwrap().unwrap()];
    service.close().await;
    outcomes.extend(calls.join_all().await);

    let refused = service.0.store.write().await.unwrap_err();
    assert!(matches!(refused, StoreError::Unavailable(_)), "{refused}");
    assert!(matches!(service.ready().await, Err(NotReady::Service(_))));
    let late = service.accept_call(call(CALLS)).await;
    assert!(late.is_err());
    service.close().await;
    drop(service);
    for _ in 0..500 {
        if Handle::current().metrics().num_alive_tasks() == tasks {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(Handle::current().metrics().num_alive_tasks(), tasks);

    // The stored calls are the acknowledged ones.
    let service = Service::connect(config(database, &folder, clock)).await;
    let service = service.unwrap();
    let mut read = service.0.store.read_calls().await.unwrap();
    let kept = calls::newest_waiting(&mut read, None, 1000).await.unwrap();
    let mut kept: Vec<_> = kept.into_iter().map(|call| call.content.body).collect();
    kept.sort();
    let mut acknowledged = Vec::new();
    for (number, outcome) in outcomes {
        match outcome {
            Ok(_) => acknowledged.push(call(number).body),
            Err(AcceptError::NotDurable(ServiceError::Interrupted)) => {}
            Err(error) => panic!("{error}"),
        }
    }
    acknowledged.sort();
    assert_eq!(kept, acknowledged);
    drop(read);
    service.close().await;
}

fn call(number: usize) -> RawCall {
    RawCall {
        kind: CallbackKind::Av,
        body: format!("{{\"number\":{number}}}").into_bytes(),
        content_type: None,
        content_encoding: None,
        remote: None,
        secrets: vec!["s3cret".to_owned()],
        app: None,
    }
}

#[tokio::test]
async fn the_storage_is_tested_step_by_step_and_nothing_stays() {
    let (service, _, folder) = without_jobs(sqlite, 0).await;
    let admin = admin(&service);
    let files = folder.path().join("files");
    let view = service.storage(&admin).await.unwrap();
    assert_eq!(
        view.place,
        StoragePlace::Folder(files.display().to_string())
    );
    assert_eq!(view.usage.total.files, 0);
    assert_eq!(view.test, None);

    let test = service.test_storage(&admin).await.unwrap();
    let steps = test.steps.clone().into_iter();
    let steps: Vec<_> = steps.map(|tested| (tested.step, tested.failed)).collect();
    let all = [StorageStep::Write, StorageStep::Read, StorageStep::Delete];
    assert_eq!(steps, all.map(|step| (step, None)));
    assert_eq!(std::fs::read_dir(&files).unwrap().count(), 0);
    let view = service.storage(&admin).await.unwrap();
    assert_eq!(view.test, Some(test));

    std::fs::remove_dir(&files).unwrap();
    std::fs::write(&files, "in the way").unwrap();
    let test = service.test_storage(&admin).await.unwrap();
    let [write] = &test.steps[..] else {
        panic!("{test:?}");
    };
    assert!(matches!(write.failed, Some(Cause::Storage(_))), "{write:?}");
    let view = service.storage(&admin).await.unwrap();
    assert_eq!(view.test, Some(test));

    let mut operator = admin.clone();
    operator.access.role = Role::Operator;
    let refused = service.test_storage(&operator).await;
    assert!(matches!(refused, Err(ServiceError::Forbidden)));
    let refused = service.storage(&operator).await;
    assert!(matches!(refused, Err(ServiceError::Forbidden)));
    service.close().await;
}
