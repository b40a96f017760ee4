//! The background jobs.

use std::time::Duration;

use reelroom_domain::time::Timestamp;
use reelroom_store::jobs;
use serde::{Deserialize, Serialize};
use strum::VariantArray;

/// A job that makes no progress for this many periods is stuck.
const STUCK_PERIODS: u32 = 10;

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

    /// The time without progress after which it is stuck.
    pub(super) fn patience(self) -> Duration {
        self.period() * STUCK_PERIODS
    }

    /// Whether it is stuck if its last progress was at `at`.
    pub(super) fn is_stuck(self, at: Timestamp, now: Timestamp) -> bool {
        let patience = i64::try_from(self.patience().as_millis());
        now.since(at) > patience.unwrap_or(i64::MAX)
    }

    /// Whether each server runs it. The others run on the one that has the lease.
    pub(super) const fn runs_everywhere(self) -> bool {
        matches!(self, Self::Fetch | Self::Rejected | Self::History)
    }

    pub(super) const fn spacing(self) -> Duration {
        Duration::from_millis(self.properties().2)
    }

    /// The shortest pause after a round that took this long, unless the job goes on at once.
    pub(super) fn rest(self, took: Duration) -> Duration {
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
    let known = known.filter(|_| job.holder.is_some());
    let last = job.state.last_run_at.zip(known);
    last.is_some_and(|(at, known)| known.is_stuck(at, now))
}
