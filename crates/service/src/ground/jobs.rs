//! The runner of background jobs.
//!
//! A job is an async function that does one round and says when it wants the next. All else is here:
//! waiting, waking up, back-off after an error or a panic, the record of how it went, the end.

mod job;
mod lease;
#[cfg(test)]
mod tests;

use std::{any::Any, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::FutureExt;
use parking_lot::{Mutex, MutexGuard};
use reelroom_domain::time::{Clock, Timestamp};
use reelroom_store::{
    Store, StoreError, claims,
    jobs::{self, JobState},
    leases,
};
use tokio::{
    sync::Notify,
    time::{Instant, sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use self::job::is_late;
use self::lease::Lease;
pub(crate) use self::{
    job::Job,
    lease::{LEASE, RENEW_EVERY},
};
use super::error::{ServiceError, in_one_line};

/// The back-off after the first failure; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// The pause between two records of the states, where none begins or ceases to fail.
const RECORD_EVERY: Duration = Duration::from_secs(5);
/// How long the tasks may take to end by themselves, and again once they are cancelled.
const GRACE: Duration = Duration::from_secs(3);

/// The jobs of a process and its other tasks: their wake-ups, their states, their end.
pub(crate) struct Jobs {
    holder: String,
    clock: Arc<dyn Clock>,
    store: Store,
    slots: [Slot; Job::ALL.len()],
    lease: Lease,
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
    /// The jobs of the process `holder`.
    pub(crate) fn new(holder: String, clock: Arc<dyn Clock>, store: Store) -> Self {
        Self {
            lease: Lease::new(holder.clone(), store.clone()),
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
        !job.runs_everywhere() && self.lease.is_held()
    }

    /// Whether this server runs the job.
    fn runs_here(&self, job: Job) -> bool {
        job.runs_everywhere() || self.lease.is_held()
    }

    /// Resolves when this server runs the job.
    async fn until_here(&self, job: Job) {
        if !job.runs_everywhere() {
            self.lease.until_held().await;
        }
    }

    /// Takes the lease of the jobs where it is free, or renews it; whether it is newly taken.
    pub(crate) async fn renew_lease(&self) -> bool {
        self.lease.renew().await
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
            let alive_at = self.lock(*job).alive_at;
            match alive_at {
                Some(at) => job.is_stuck(at, now),
                // One that fails backs off meanwhile.
                None => self.idle(*job) > job.patience() + LONGEST_PAUSE,
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
            self.lease.held_from()
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

/// The message of a panic.
fn message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
}
