//! The last run of each background job, as other processes read it.

use reelroom_store::{
    Store,
    jobs::{self, Job, JobState},
};

use crate::at;

pub async fn story(store: &Store) {
    let mut write = store.write().await.unwrap();
    assert_eq!(jobs::list(&mut write).await.unwrap(), []);
    let failed = JobState {
        last_run_at: Some(at(20)),
        last_ok_at: Some(at(10)),
        last_error_at: Some(at(20)),
        last_error: Some("out of \0 paper".into()),
    };
    let fine = JobState {
        last_run_at: Some(at(21)),
        last_ok_at: Some(at(21)),
        ..JobState::default()
    };
    let states = [("print", failed.clone()), ("fold", fine.clone())];
    jobs::record(&mut write, "one", &states).await.unwrap();
    // After a restart the job reports no failure; the table keeps the last one.
    jobs::record(&mut write, "other", &[("print", fine.clone())])
        .await
        .unwrap();
    jobs::release(&mut write, "one").await.unwrap();
    let job = |name: &str, holder: Option<&str>, state| Job {
        name: name.into(),
        holder: holder.map(Into::into),
        state,
    };
    let recovered = JobState {
        last_error_at: failed.last_error_at,
        last_error: Some("out of \u{fffd} paper".into()),
        ..fine.clone()
    };
    assert!(failed.fails() && !recovered.fails());
    let expected = [
        job("fold", None, fine),
        job("print", Some("other"), recovered),
    ];
    assert_eq!(jobs::list(&mut write).await.unwrap(), expected);
    write.commit().await.unwrap();
}
