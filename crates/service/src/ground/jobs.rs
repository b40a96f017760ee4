//! The runner of background jobs.
//!
//! A job is an async function that does one round and says when it wants the next. All else is here:
//! waiting, waking up, back-off after an error or a panic, the record of how it went, the end.

use std::{any::Any, ops::Range, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::FutureExt;
use parking_lot::{Mutex, MutexGuard};
use reelroom_domain::time::{Clock, Timestamp};
use reelroom_store::{
    Store, StoreError, claims,
    jobs::{self, JobState},
    leases,
};
use serde::{Deserialize, Serialize};
use strum::VariantArray;
use tokio::{
    sync::{Notify, watch},
    time::{Instant, sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::error::{ServiceError, in_one_line};

/// The back-off after the first failure; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// A job that makes no progress for this many periods is stuck.
const STUCK_PERIODS: u32 = 10;
/// The pause between two records of the states, where none begins or ceases to fail.
const RECORD_EVERY: Duration = Duration::from_secs(5);
/// How long the tasks may take to end by themselves, and again once they are cancelled.
const GRACE: Duration = Duration::from_secs(3);
/// The lease of the server that runs those jobs which one alone runs.
const LEADER: &str = "jobs";
/// How long a lease lasts, and the claim of a file, after it was renewed.
pub(crate) const LEASE: Duration = Duration::from_secs(8);
/// How often it is renewed, and how often a server that has none tries to take it.
pub(crate) const RENEW_EVERY: Duration = Duration::from_secs(2);
/// Longer than a server runs.
const FOR_EVER: Duration = Duration::from_hours(24 * 365 * 30);

/// A background job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Job {
    Understand,
    Fetch,
    Pictures,
    Recover,
    Overdue,
    AutoStop,
    AutoStart,
    Alerts,
    Sweep,
    Unknown,
    Rejected,
    Scrub,
    Describe,
    History,
    OldRows,
    Index,
    Probe,
    Purge,
    Objects,
    Retention,
}

impl Job {
    pub(crate) const ALL: &'static [Self] = Self::VARIANTS;

    /// The name in the log, in the database and in `/readyz`; the longest pause between two rounds;
    /// and the shortest one from the beginning of a round to that of the next, in milliseconds.
    const fn properties(self) -> (&'static str, Duration, u64) {
        let seconds = Duration::from_secs;
        match self {
            Self::Understand => ("understand callbacks", seconds(60), 30),
            Self::Fetch => ("fetch files", seconds(600), 0),
            Self::Pictures => ("make pictures of videos", seconds(600), 0),
            Self::Recover => ("recover lost answers", seconds(5), 0),
            Self::Overdue => ("look up overdue files", seconds(30), 0),
            Self::AutoStop => ("stop recordings", seconds(30), 0),
            Self::AutoStart => ("start recordings", seconds(30), 100),
            // No alert is more urgent than half a second, and each change wakes it.
            Self::Alerts => ("update alerts", seconds(30), 500),
            Self::Sweep => ("sweep video lists", seconds(10), 0),
            Self::Unknown => ("check unknown recordings", seconds(5), 0),
            Self::Rejected => ("count rejected calls", seconds(10), 0),
            Self::Scrub => ("check copies", seconds(3600), 0),
            Self::Describe => ("describe copies", seconds(60), 1000),
            Self::History => ("write the history", seconds(5), 0),
            // Many changes of a recording follow each other.
            Self::Index => ("index recordings", seconds(10), 200),
            Self::OldRows => ("delete old rows", seconds(24 * 3600), 0),
            // One request a second at most, to all hosts together.
            Self::Probe => ("probe files at the platform", seconds(10), 1000),
            // Often, as a purge of a server that was killed is free once its claim ends.
            Self::Purge => ("purge the trash", seconds(10), 0),
            Self::Objects => ("compare the storage", seconds(24 * 3600), 0),
            Self::Retention => ("run retention rules", seconds(60), 0),
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        self.properties().0
    }

    /// The longest pause between two rounds.
    pub(crate) const fn period(self) -> Duration {
        self.properties().1
    }

    /// Whether each server runs it. The others run on the one that has the lease.
    const fn runs_everywhere(self) -> bool {
        matches!(self, Self::Fetch | Self::Rejected | Self::History)
    }

    const fn spacing(self) -> Duration {
        Duration::from_millis(self.properties().2)
    }

    /// The shortest pause after a round that took this long, unless the job goes on at once.
    fn rest(self, took: Duration) -> Duration {
        match self {
            // During a flood of calls the same recordings are marked again and again. The pause is limited since the
            // round may have spent its time waiting for locks.
            Self::Index => (took * 9).min(self.period()),
            _ => Duration::ZERO,
        }
    }
}

/// Whether a job has not been recorded for so long that it is stuck, or that the process which runs it
/// is gone. One that was stopped in order is not late.
pub fn is_late(job: &jobs::Job, now: Timestamp) -> bool {
    let known = Job::ALL.iter().find(|known| known.name() == job.name);
    let longest = known.map(|known| millis(known.period() * STUCK_PERIODS));
    job.holder.is_some()
        && job
            .state
            .last_run_at
            .zip(longest)
            .is_some_and(|(at, longest)| now.since(at) > longest)
}

/// The jobs of a process and its other tasks: their wake-ups, their states, their end.
pub(crate) struct Jobs {
    holder: String,
    clock: Arc<dyn Clock>,
    store: Store,
    slots: [Slot; Job::ALL.len()],
    /// From when until when this server has the lease.
    leads: watch::Sender<Range<Instant>>,
    recorded: Mutex<Option<Instant>>,
    tasks: TaskTracker,
    /// No further round begins.
    closing: CancellationToken,
    /// The rounds under way are dropped.
    aborting: CancellationToken,
}

#[derive(Default)]
struct Slot {
    wake_up: Notify,
    progress: Mutex<Progress>,
}

#[derive(Default)]
struct Progress {
    /// Rounds under way: files are fetched by several at once.
    rounds: u32,
    /// The beginning of the last of them, or the last sign of life of any.
    alive_at: Option<Timestamp>,
    /// When the last round ended, or the first was to begin. The clock that the pauses follow, too: it neither
    /// jumps nor goes on while the machine sleeps.
    idle_since: Option<Instant>,
    failures: u32,
    /// Rounds that failed since the start of the process.
    failed_rounds: u64,
    state: JobState,
}

impl Progress {
    /// The state to record. A round under way that makes progress counts as a run.
    fn state(&self) -> JobState {
        let mut state = self.state.clone();
        if state.last_run_at.is_some() && !state.fails() {
            state.last_run_at = state.last_run_at.max(self.alive_at);
        }
        state
    }
}

/// When the next round begins: after `pause`, and then with the next wake-up or after `timeout`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Next {
    pause: Duration,
    timeout: Duration,
}

impl Jobs {
    /// The jobs of the process `holder`. On a database that is not shared it has the lease for ever.
    pub(crate) fn new(holder: String, clock: Arc<dyn Clock>, store: Store) -> Self {
        let now = Instant::now();
        let until = if store.is_shared() {
            now
        } else {
            now + FOR_EVER
        };
        Self {
            leads: watch::Sender::new(now..until),
            holder,
            clock,
            store,
            slots: Default::default(),
            recorded: Mutex::new(None),
            tasks: TaskTracker::new(),
            closing: CancellationToken::new(),
            aborting: CancellationToken::new(),
        }
    }

    /// The name of this process among those that use the database.
    pub(crate) fn holder(&self) -> &str {
        &self.holder
    }

    /// Whether this server alone runs the job.
    pub(crate) fn runs_only_here(&self, job: Job) -> bool {
        !job.runs_everywhere() && self.leads()
    }

    fn leads(&self) -> bool {
        self.leads.borrow().contains(&Instant::now())
    }

    fn leads_from(&self) -> Instant {
        self.leads.borrow().start
    }

    /// Whether this server runs the job.
    fn runs_here(&self, job: Job) -> bool {
        job.runs_everywhere() || self.leads()
    }

    /// Resolves when this server runs the job.
    async fn until_here(&self, job: Job) {
        let mut leads = self.leads.subscribe();
        while !self.runs_here(job) {
            // The sender is ours.
            let _ = leads.changed().await;
        }
    }

    /// Takes the lease where it is free, or renews it; whether it is newly taken.
    pub(crate) async fn renew_lease(&self) -> bool {
        let (begun, had) = (Instant::now(), self.leads());
        let held = async {
            let mut tx = self.store.write().await?;
            let held = leases::hold(&mut tx, LEADER, &self.holder, LEASE).await?;
            tx.commit().await?;
            Ok::<_, StoreError>(held)
        };
        match timeout(LEASE, held).await {
            Ok(Ok(true)) => {
                let from = if had { self.leads_from() } else { begun };
                self.leads.send_replace(from..begun + LEASE);
                if !had {
                    tracing::info!("this server runs the background jobs");
                }
                return !had;
            }
            Ok(Ok(false)) => {
                self.leads.send_replace(begun..begun);
                if had {
                    tracing::warn!("another server runs the background jobs");
                }
            }
            // A lease that is not renewed ends.
            Ok(Err(error)) => tracing::debug!(%error, "the lease of the jobs is not renewed"),
            Err(_) => tracing::debug!("the lease of the jobs is not renewed in time"),
        }
        false
    }

    /// Lets the next round of a job begin.
    pub(crate) fn wake(&self, job: Job) {
        self.slot(job).wake_up.notify_one();
    }

    /// Tells that the round under way makes progress, however long it takes.
    pub(crate) fn progress(&self, job: Job) {
        self.lock(job).alive_at = Some(self.clock.now());
    }

    /// The jobs whose round makes no progress, and those that run here and have had no round for as long.
    pub(crate) fn stuck(&self) -> Vec<&'static str> {
        let now = self.clock.now();
        let is_stuck = |job: &Job| {
            let longest = job.period() * STUCK_PERIODS;
            let alive_at = self.lock(*job).alive_at;
            match alive_at {
                Some(at) => now.since(at) > millis(longest),
                // One that fails backs off meanwhile.
                None => self.idle(*job) > longest + LONGEST_PAUSE,
            }
        };
        let stuck = Job::ALL.iter().copied().filter(is_stuck);
        stuck.map(Job::name).collect()
    }

    /// For how long a job that runs here has had no round.
    fn idle(&self, job: Job) -> Duration {
        let idle_since = self.lock(job).idle_since;
        let Some(since) = idle_since.filter(|_| self.runs_here(job)) else {
            return Duration::ZERO;
        };
        let here_from = if job.runs_everywhere() {
            since
        } else {
            self.leads_from()
        };
        since.max(here_from).elapsed()
    }

    /// The number of rounds of each job that failed in this process.
    pub(crate) fn failed_rounds(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let of = move |job: Job| (job.name(), self.lock(job).failed_rounds);
        Job::ALL.iter().copied().map(of)
    }

    /// Resolves when the service closes.
    pub(crate) fn closing(&self) -> impl Future<Output = ()> + '_ {
        self.closing.cancelled()
    }

    /// Spawns a task that [`Jobs::close`] waits for.
    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        task: impl Future<Output = T> + Send + 'static,
    ) -> tokio::task::JoinHandle<T> {
        self.tasks.spawn(task)
    }

    /// As [`Jobs::spawn`], for work that is dropped at its next await when the service closes.
    pub(crate) fn spawn_until_close<T: Send + 'static>(
        &self,
        task: impl Future<Output = T> + Send + 'static,
    ) -> tokio::task::JoinHandle<Option<T>> {
        let closing = self.closing.clone();
        self.tasks.spawn(closing.run_until_cancelled_owned(task))
    }

    /// Does round after round until the service closes.
    pub(crate) async fn run<F>(&self, job: Job, round: impl Fn() -> F)
    where
        F: Future<Output = Result<Option<Duration>, ServiceError>>,
    {
        self.lock(job).idle_since = Some(Instant::now());
        loop {
            let here = self.until_here(job);
            if self.closing.run_until_cancelled(here).await.is_none() {
                return;
            }
            tracing::trace!(job = job.name(), "a round begins");
            let round = self.round(job, round());
            let Some(next) = self.aborting.run_until_cancelled(round).await else {
                return;
            };
            let wait = async {
                // A wake-up meanwhile is kept until then.
                sleep(next.pause).await;
                let _ = timeout(next.timeout, self.slot(job).wake_up.notified()).await;
            };
            self.closing.run_until_cancelled(wait).await;
        }
    }

    /// Does one round.
    async fn round(
        &self,
        job: Job,
        round: impl Future<Output = Result<Option<Duration>, ServiceError>>,
    ) -> Next {
        let begun = Instant::now();
        self.progress(job);
        self.lock(job).rounds += 1;
        let outcome = match AssertUnwindSafe(round).catch_unwind().await {
            Ok(Ok(wanted)) => Ok(wanted),
            Ok(Err(error)) => Err(in_one_line(&error)),
            Err(panic) => Err(format!("panicked: {}", message(&*panic))),
        };
        let (next, changed) = self.note(job, outcome, begun.elapsed());
        self.record(changed).await;
        next
    }

    /// Notes how a round went: when the next one begins, and whether the job begins or ceases to fail.
    fn note(
        &self,
        job: Job,
        outcome: Result<Option<Duration>, String>,
        took: Duration,
    ) -> (Next, bool) {
        let mut progress = self.lock(job);
        let now = self.clock.now();
        let failed = progress.failures > 0;
        progress.rounds -= 1;
        if progress.rounds == 0 {
            progress.alive_at = None;
        }
        progress.idle_since = Some(Instant::now());
        progress.state.last_run_at = Some(now);
        let next = match outcome {
            Ok(wanted) => {
                progress.failures = 0;
                progress.state.last_ok_at = Some(now);
                let pause = match wanted {
                    Some(Duration::ZERO) => Duration::ZERO,
                    _ => job.spacing().saturating_sub(took).max(job.rest(took)),
                };
                let timeout = wanted.unwrap_or(job.period()).min(job.period());
                Next { pause, timeout }
            }
            Err(error) => {
                let pause = back_off(progress.failures);
                progress.failures += 1;
                progress.failed_rounds += 1;
                tracing::error!(job = job.name(), error, ?pause, "a background job failed");
                progress.state.last_error_at = Some(now);
                progress.state.last_error = Some(error);
                Next {
                    pause,
                    timeout: Duration::ZERO,
                }
            }
        };
        (next, failed != (progress.failures > 0))
    }

    /// Records the states of the jobs that run here, at once or if it is time for it. A failure is not
    /// one of the job: the next record holds the same.
    async fn record(&self, at_once: bool) {
        {
            let mut recorded = self.recorded.lock();
            if !at_once && recorded.is_some_and(|at| at.elapsed() < RECORD_EVERY) {
                return;
            }
            *recorded = Some(Instant::now());
        }
        let ran: Vec<_> = Job::ALL
            .iter()
            .copied()
            .filter(|job| self.runs_here(*job))
            .map(|job| (job.name(), self.lock(job).state()))
            .filter(|(_, state)| state.last_run_at.is_some())
            .collect();
        let written = async {
            let mut tx = self.store.write().await?;
            jobs::record(&mut tx, &self.holder, &ran).await?;
            tx.commit().await
        };
        if let Err(error) = written.await {
            tracing::debug!(%error, "the states of the jobs are not recorded");
        }
    }

    /// Ends all tasks: each may finish what it does within [`GRACE`], then it is cancelled.
    pub(crate) async fn close(&self) {
        self.closing.cancel();
        self.tasks.close();
        if timeout(GRACE, self.tasks.wait()).await.is_err() {
            self.aborting.cancel();
            if timeout(GRACE, self.tasks.wait()).await.is_err() {
                tracing::warn!(
                    tasks = self.tasks.len(),
                    "ending before all tasks have ended"
                );
            }
        }
        let released = async {
            let mut tx = self.store.write().await?;
            jobs::release(&mut tx, &self.holder).await?;
            leases::release(&mut tx, &self.holder).await?;
            claims::release(&mut tx, &self.holder).await?;
            tx.commit().await
        };
        let released: Result<(), StoreError> = released.await;
        if let Err(error) = released {
            tracing::debug!(%error, "the jobs are not released");
        }
    }

    const fn slot(&self, job: Job) -> &Slot {
        &self.slots[job as usize]
    }

    fn lock(&self, job: Job) -> MutexGuard<'_, Progress> {
        self.slot(job).progress.lock()
    }
}

/// The pause after a failure that follows `failures` others.
pub(crate) fn back_off(failures: u32) -> Duration {
    FIRST_PAUSE
        .saturating_mul(1 << failures.min(10))
        .min(LONGEST_PAUSE)
}

/// The pause until the moment `at`; not so short that a clock which lags makes rounds without end.
pub(crate) fn pause_until(at: Timestamp, now: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from(at.since(now)).unwrap_or(0).max(50))
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// The message of a panic.
fn message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
}

#[cfg(test)]
mod tests {
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
        case.jobs.leads.send_replace(ago(105)..until);
        assert!(case.jobs.stuck().is_empty());
        case.jobs.leads.send_replace(ago(200)..until);
        assert_eq!(case.jobs.stuck(), [job.name()]);
        case.jobs.lock(job).idle_since = Some(ago(105));
        assert!(case.jobs.stuck().is_empty());
        // Another server has the lease. A job that each server runs needs none.
        for job in [job, Job::History] {
            case.jobs.lock(job).idle_since = Some(ago(111));
        }
        case.jobs.leads.send_replace(ago(200)..ago(1));
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
}
