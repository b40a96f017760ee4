use std::{
    future::ready,
    sync::atomic::{AtomicUsize, Ordering},
};

use tempfile::TempDir;

use super::*;
use crate::testing::{TestClock, store};

struct Case {
    jobs: Arc<Jobs>,
    clock: Arc<TestClock>,
    store: Store,
    _folder: TempDir,
}

impl Case {
    async fn new() -> Self {
        let (store, folder) = store().await;
        let clock = Arc::new(TestClock::default());
        let jobs = Jobs::new("me".to_owned(), clock.clone(), store.clone());
        Self {
            jobs: Arc::new(jobs),
            clock,
            store,
            _folder: folder,
        }
    }

    fn at(&self, seconds: i64) {
        self.clock.0.store(seconds * 1000, Ordering::Relaxed);
    }

    async fn recorded(&self, job: Job) -> jobs::Job {
        let mut read = self.store.read().await.unwrap();
        let all = jobs::list(&mut read).await.unwrap();
        all.into_iter().find(|row| row.name == job.name()).unwrap()
    }
}

#[tokio::test]
async fn a_job_that_fails_or_panics_backs_off_and_is_visible() {
    let (case, job) = (Case::new().await, Job::Fetch);
    let second = Duration::from_secs(1);
    let succeeds = || ready(Ok(None));
    let fails = || ready(Err(ServiceError::NoApp));
    let panics = || async { panic!("out of {}", "paper") };
    case.at(1);
    let next = case.jobs.round(job, succeeds()).await;
    assert_eq!((next.pause, next.timeout), (Duration::ZERO, job.period()));
    case.at(2);
    let next = case.jobs.round(job, fails()).await;
    assert_eq!((next.pause, next.timeout), (second, Duration::ZERO));
    case.at(3);
    assert_eq!(case.jobs.round(job, panics()).await.pause, 2 * second);
    // Recorded at once at the first failure, and later only with the usual records.
    let row = case.recorded(job).await;
    assert!(row.state.fails());
    assert_eq!(row.state.last_run_at, Some(Timestamp::from_millis(2000)));
    assert_eq!(row.state.last_ok_at, Some(Timestamp::from_millis(1000)));
    assert!(row.state.last_error.unwrap().contains("no anyRTC app"));
    case.jobs.record(true).await;
    let row = case.recorded(job).await;
    assert_eq!(
        row.state.last_error.as_deref(),
        Some("panicked: out of paper")
    );
    assert_eq!(row.holder.as_deref(), Some("me"));

    case.at(4);
    case.jobs.round(job, succeeds()).await;
    let row = case.recorded(job).await;
    assert!(!row.state.fails());
    assert_eq!(row.state.last_error_at, Some(Timestamp::from_millis(3000)));
    assert_eq!(case.jobs.round(job, fails()).await.pause, second);
    let failed: Vec<_> = case.jobs.failed_rounds().filter(|(_, n)| *n > 0).collect();
    assert_eq!(failed, [(job.name(), 3)]);
    assert_eq!(
        [5, 6, 99].map(back_off),
        [32 * second, 60 * second, 60 * second]
    );
}

#[tokio::test]
async fn indexing_takes_a_tenth_of_the_time_unless_it_goes_on_at_once() {
    let (case, second) = (Case::new().await, Duration::from_secs(1));
    for (job, wanted, took, rest) in [
        (Job::Index, None, 1, 9),
        (Job::Index, Some(second), 1, 9),
        (Job::Index, Some(Duration::ZERO), 1, 0),
        // At most its period: after a longer pause it would count as stuck.
        (Job::Index, None, 30, 10),
        (Job::Understand, None, 1, 0),
    ] {
        case.jobs.lock(job).rounds = 1;
        let (next, _) = case.jobs.note(job, Ok(wanted), took * second);
        assert_eq!(next.pause, rest * second, "{} {wanted:?}", job.name());
    }
}

#[tokio::test]
async fn a_round_that_makes_no_progress_for_ten_periods_is_stuck() {
    let (case, job) = (Case::new().await, Job::AutoStop);
    let jobs = case.jobs.clone();
    let round = tokio::spawn(async move {
        jobs.run(job, std::future::pending).await;
    });
    while case.jobs.lock(job).alive_at.is_none() {
        tokio::task::yield_now().await;
    }
    case.at(300);
    assert!(case.jobs.stuck().is_empty());
    case.at(301);
    assert_eq!(case.jobs.stuck(), [job.name()]);
    case.jobs.progress(job);
    assert!(case.jobs.stuck().is_empty());
    case.jobs.aborting.cancel();
    round.await.unwrap();
}

#[tokio::test]
async fn a_job_that_had_no_round_for_ten_periods_is_stuck_where_it_runs() {
    let (case, job) = (Case::new().await, Job::Recover);
    case.at(1);
    case.jobs.round(job, ready(Ok(None))).await;
    // The clock of the machine was set, or it slept.
    case.at(1_000_000);
    assert!(case.jobs.stuck().is_empty());
    let ago = |seconds| {
        let ago = Duration::from_secs(seconds);
        Instant::now().checked_sub(ago).unwrap()
    };
    // Ten periods, and a minute in which it may back off.
    case.jobs.lock(job).idle_since = Some(ago(111));
    // It runs here only since now.
    assert!(case.jobs.stuck().is_empty());
    let until = Instant::now() + LEASE;
    case.jobs.lease.held.send_replace(ago(105)..until);
    assert!(case.jobs.stuck().is_empty());
    case.jobs.lease.held.send_replace(ago(200)..until);
    assert_eq!(case.jobs.stuck(), [job.name()]);
    case.jobs.lock(job).idle_since = Some(ago(105));
    assert!(case.jobs.stuck().is_empty());
    // Another server has the lease. A job that each server runs needs none.
    for job in [job, Job::History] {
        case.jobs.lock(job).idle_since = Some(ago(111));
    }
    case.jobs.lease.held.send_replace(ago(200)..ago(1));
    assert_eq!(case.jobs.stuck(), [Job::History.name()]);
}

#[tokio::test]
async fn a_long_round_that_makes_progress_is_not_late() {
    let (case, job) = (Case::new().await, Job::Fetch);
    case.at(1);
    case.jobs.round(job, ready(Ok(None))).await;
    case.at(9000);
    case.jobs.progress(job);
    case.jobs.record(true).await;
    let row = case.recorded(job).await;
    assert!(!is_late(&row, Timestamp::from_millis(9_000_000)));
}

#[tokio::test]
async fn a_woken_job_does_not_wait_for_its_period() {
    let case = Case::new().await;
    let rounds = Arc::new(AtomicUsize::new(0));
    let (jobs, counted) = (case.jobs.clone(), rounds.clone());
    case.jobs.spawn(async move {
        let round = || async {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok(None)
        };
        jobs.run(Job::Fetch, round).await;
    });
    for expected in 1..4 {
        while rounds.load(Ordering::Relaxed) < expected {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        case.jobs.wake(Job::Fetch);
    }
    case.jobs.close().await;
    assert_eq!(case.jobs.tasks.len(), 0);
    // The process shut down in order, so nothing is wrong, however long ago that was.
    let row = case.recorded(Job::Fetch).await;
    assert_eq!(row.holder, None);
    assert!(!is_late(&row, Timestamp::from_millis(i64::MAX)));
    let held = jobs::Job {
        holder: Some("me".to_owned()),
        ..row
    };
    assert!(!is_late(&held, Timestamp::from_millis(6_000_000)));
    assert!(is_late(&held, Timestamp::from_millis(6_000_001)));
}
