//! The state of the process and of the database, for monitoring.

use std::{
    sync::{Arc, atomic::AtomicU64},
    time::{Duration, Instant},
};

use prometheus_client::{
    metrics::{
        counter::Counter,
        family::Family,
        gauge::{ConstGauge, Gauge},
    },
    registry::Registry,
};
use reelroom_domain::{
    time::Timestamp,
    watch::AlertKind::{EmptyRoom, FilesGone, NoSign, NotRecorded, TooLong},
};
use reelroom_store::{alerts, calls, jobs, sessions, stale, usage};
use tokio::time::timeout;

use crate::{
    Service, ServiceError,
    ground::{
        jobs::Job,
        metrics::{Figures, Label},
    },
};

/// The least time for which the figures of the database are fresh.
const FRESH_FOR: Duration = Duration::from_secs(5);
/// They are fresh for this many times as long as reading them took, so reading takes a twentieth of the time.
const SHARE: u32 = 20;
/// The timeout of reading them; monitoring itself usually waits for ten seconds.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The most waiting calls that are counted.
const MOST_WAITING: u32 = 1_000_000;

impl Service {
    /// Adds the metrics of this process and of the database to `registry`. Those of the database are missing
    /// if it does not answer.
    pub async fn register_metrics(&self, registry: &mut Registry) {
        let figures = self.figures().await;
        self.0.metrics.register(registry);
        self.register_state(registry);
        registry.register(
            "database_up",
            "Whether the database answered",
            ConstGauge::new(u32::from(figures.is_ok())),
        );
        match figures {
            Ok(figures) => figures.register(registry, self.now()),
            Err(error) => tracing::warn!(%error, "the figures of the database are not read"),
        }
    }

    /// Adds the state of this process.
    fn register_state(&self, registry: &mut Registry) {
        let failures = Family::<Label, Counter>::default();
        for (job, failed) in self.0.jobs.failed_rounds() {
            failures.get_or_create(&[("job_name", job)]).inc_by(failed);
        }
        registry.register(
            "job_failures",
            "Rounds of background jobs that failed in this process",
            failures,
        );
        registry.register(
            "fetches_running",
            "Files that this process is fetching",
            ConstGauge::new(self.0.transfers.files().len() as u64),
        );
        let staging = self.0.staging.folder().display().to_string();
        let disks: Vec<_> = (self.0.disk.disks().into_iter())
            .map(|disk| {
                // The path may contain a name.
                let folder = if disk.folder == staging {
                    "staging"
                } else {
                    "files"
                };
                (folder, disk)
            })
            .collect();
        registry.register(
            "disk_free_bytes",
            "Free bytes on the disk of a folder",
            by(
                "folder",
                disks.iter().map(|(name, disk)| (*name, disk.free)),
            ),
        );
        registry.register(
            "disk_reserve_bytes",
            "Bytes that fetching leaves free on the disk of a folder",
            by(
                "folder",
                disks.iter().map(|(name, disk)| (*name, disk.reserve)),
            ),
        );
    }

    /// The figures of the database, read anew unless they are fresh.
    async fn figures(&self) -> Result<Arc<Figures>, ServiceError> {
        let mut kept = self.0.metrics.figures.lock().await;
        if let Some((until, figures)) = &*kept
            && Instant::now() < *until
        {
            return Ok(figures.clone());
        }
        let begun = Instant::now();
        let read = timeout(TIMEOUT, self.read_figures()).await;
        let figures = Arc::new(read.unwrap_or(Err(ServiceError::Interrupted))?);
        let fresh_for = FRESH_FOR.max(begun.elapsed() * SHARE);
        *kept = Some((Instant::now() + fresh_for, figures.clone()));
        Ok(figures)
    }

    async fn read_figures(&self) -> Result<Figures, ServiceError> {
        let after = self.understood_up_to();
        let mut read = self.0.store.read_calls().await?;
        let waiting = calls::count_waiting(&mut read, after, MOST_WAITING).await?;
        let waiting_since = calls::waiting_since(&mut read, after).await?;
        drop(read);
        let mut read = self.0.store.read().await?;
        Ok(Figures {
            waiting,
            waiting_since,
            jobs: jobs::list(&mut read).await?,
            sessions: sessions::count(&mut read, self.now()).await?,
            alerts: alerts::counts(&mut read).await?,
            to_index: stale::count(&mut read, u32::MAX).await?,
            copies: usage::total(&mut read).await?,
        })
    }
}

impl Figures {
    fn register(&self, registry: &mut Registry, now: Timestamp) {
        let lag = self.waiting_since.map_or(0, |since| now.since(since));
        let lag = Duration::from_millis(u64::try_from(lag).unwrap_or(0));
        registry.register(
            "callbacks_waiting",
            "Callbacks that are stored and not yet understood",
            ConstGauge::new(self.waiting),
        );
        registry.register(
            "callbacks_lag_seconds",
            "Age of the oldest callback that is not yet understood",
            ConstGauge::new(lag.as_secs_f64()),
        );
        registry.register(
            "job_last_run_timestamp_seconds",
            "End of the last round of a background job, on any server",
            by("job_name", self.times_of_jobs(|job| job.state.last_run_at)),
        );
        registry.register(
            "job_last_ok_timestamp_seconds",
            "End of the last round of a background job that succeeded, on any server",
            by("job_name", self.times_of_jobs(|job| job.state.last_ok_at)),
        );
        registry.register(
            "sessions",
            "Sessions of people that have not ended",
            ConstGauge::new(self.sessions),
        );
        let alerts = [NotRecorded, EmptyRoom, NoSign, TooLong, FilesGone].map(|kind| {
            let active = self.alerts.iter().find(|(of, _)| *of == kind);
            (
                kind.as_str(),
                active.map_or(0, |(_, count)| u64::from(*count)),
            )
        });
        registry.register(
            "alerts",
            "Alerts of rooms that nobody has dismissed, by kind",
            by("kind", alerts),
        );
        registry.register(
            "index_queue",
            "Recordings whose entry in the index of the library is to be made anew",
            ConstGauge::new(self.to_index),
        );
        registry.register(
            "storage_files",
            "Copies in the storage",
            ConstGauge::new(self.copies.files),
        );
        registry.register(
            "storage_bytes",
            "Bytes of the copies in the storage",
            ConstGauge::new(self.copies.bytes),
        );
    }

    /// A time of each job in seconds since 1970 (UTC).
    fn times_of_jobs(
        &self,
        time: impl Fn(&jobs::Job) -> Option<Timestamp>,
    ) -> impl Iterator<Item = (&'static str, u64)> {
        self.jobs.iter().filter_map(move |row| {
            let known = Job::ALL.iter().find(|job| job.name() == row.name)?;
            let seconds = time(row)?.as_millis() / 1000;
            Some((known.name(), u64::try_from(seconds).unwrap_or(0)))
        })
    }
}

/// A gauge with a value for each word of a label.
fn by(
    label: &'static str,
    values: impl IntoIterator<Item = (&'static str, u64)>,
) -> Family<Label, Gauge<u64, AtomicU64>> {
    let family = Family::<Label, Gauge<u64, AtomicU64>>::default();
    for (word, value) in values {
        family.get_or_create(&[(label, word)]).set(value);
    }
    family
}
