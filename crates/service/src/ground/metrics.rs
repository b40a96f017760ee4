//! What monitoring reads: the counters and times of this process, and the figures of the database.
//!
//! Labels have words of ours only, never a name of a room, of a person or of a file.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use prometheus_client::{
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};
use reelroom_domain::{
    callback::Verdict, cause::Cause, time::Timestamp, usage::Total, watch::AlertKind,
};
use reelroom_store::jobs::Job;
use tokio::sync::Mutex;

/// The upper bounds of acknowledgements in seconds; a call is stored within four or not at all.
const ACKNOWLEDGED: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 4.0];
/// The upper bounds of understanding in seconds.
const UNDERSTOOD: [f64; 10] = [0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 10.0, 60.0, 300.0, 3600.0];

/// A label with its value.
pub(crate) type Label = [(&'static str, &'static str); 1];

/// The counters and times of this process, and the last figures of the database.
pub(crate) struct Metrics {
    acknowledged: Histogram,
    not_stored: Counter,
    pub rejected: Counter,
    verdicts: Family<Label, Counter>,
    understood: Histogram,
    pub archived: Counter,
    pub fetched_bytes: Counter,
    fetch_failures: Family<Label, Counter>,
    /// The figures, and until when they count as fresh.
    pub figures: Mutex<Option<(Instant, Arc<Figures>)>>,
}

/// Figures of the database.
pub(crate) struct Figures {
    /// Calls that wait to be understood, and since when the oldest of them does.
    pub waiting: u32,
    pub waiting_since: Option<Timestamp>,
    pub jobs: Vec<Job>,
    pub sessions: u32,
    pub alerts: Vec<(AlertKind, u32)>,
    /// Recordings whose rows of the library's index are to be made anew.
    pub to_index: u32,
    pub copies: Total,
}

impl Default for Metrics {
    fn default() -> Self {
        let verdicts = Family::<Label, Counter>::default();
        for verdict in [
            Verdict::Accepted,
            Verdict::Duplicate,
            Verdict::Unrecognised,
            Verdict::Malformed,
        ] {
            // Present from the start, so that the first of each is an increase.
            drop(verdicts.get_or_create(&[("verdict", verdict.as_str())]));
        }
        Self {
            acknowledged: Histogram::new(ACKNOWLEDGED),
            not_stored: Counter::default(),
            rejected: Counter::default(),
            verdicts,
            understood: Histogram::new(UNDERSTOOD),
            archived: Counter::default(),
            fetched_bytes: Counter::default(),
            fetch_failures: Family::default(),
            figures: Mutex::default(),
        }
    }
}

impl Metrics {
    /// Counts a call that was stored, with the time until its acknowledgement.
    pub fn count_acknowledged(&self, took: Duration) {
        self.acknowledged.observe(took.as_secs_f64());
    }

    /// Counts a call that could not be stored.
    pub fn count_not_stored(&self) {
        self.not_stored.inc();
    }

    /// Counts a call that was understood for the first time, this many milliseconds after it arrived.
    pub fn count_understood(&self, verdict: Verdict, millis: i64) {
        let label = [("verdict", verdict.as_str())];
        self.verdicts.get_or_create(&label).inc();
        let took = Duration::from_millis(u64::try_from(millis).unwrap_or(0));
        self.understood.observe(took.as_secs_f64());
    }

    /// Counts a try to fetch a file that failed.
    pub fn count_fetch_failure(&self, why: &Cause) {
        let label = [("cause", why.kind())];
        self.fetch_failures.get_or_create(&label).inc();
    }

    /// Adds the counters and times of this process.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "callback_acknowledgement_seconds",
            "Time from the end of a callback's body until it was durable",
            self.acknowledged.clone(),
        );
        registry.register(
            "callbacks_not_stored",
            "Callbacks that were answered with 503, because they could not be stored in time",
            self.not_stored.clone(),
        );
        registry.register(
            "callbacks_rejected",
            "Callbacks without a valid secret or token",
            self.rejected.clone(),
        );
        registry.register(
            "callbacks",
            "Callbacks that this process understood, by verdict",
            self.verdicts.clone(),
        );
        registry.register(
            "callback_understanding_seconds",
            "Time from the arrival of a callback until it was understood",
            self.understood.clone(),
        );
        registry.register(
            "files_archived",
            "Files of which a verified copy was made",
            self.archived.clone(),
        );
        registry.register(
            "fetched_bytes",
            "Bytes of files that were received from the platform",
            self.fetched_bytes.clone(),
        );
        registry.register(
            "fetch_failures",
            "Tries to fetch a file that failed, by cause",
            self.fetch_failures.clone(),
        );
    }
}
