//! The state of each background job, for other processes to read.

use reelroom_domain::time::Timestamp;

use crate::{
    Conn, Result, fields,
    query::{execute, query},
    reader,
};

/// The state of a job.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobState {
    /// The end of the last round, or the last progress of one under way.
    pub last_run_at: Option<Timestamp>,
    /// The end of the last round that succeeded.
    pub last_ok_at: Option<Timestamp>,
    /// The end of the last round that failed.
    pub last_error_at: Option<Timestamp>,
    /// Its error.
    pub last_error: Option<String>,
}

impl JobState {
    /// Whether the last round failed.
    pub fn fails(&self) -> bool {
        self.last_error_at.is_some() && self.last_error_at == self.last_run_at
    }
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its name.
    pub name: String,
    /// The process that runs it; `None` after an orderly stop.
    pub holder: Option<String>,
    /// Its state.
    pub state: JobState,
}

/// Records the states of jobs that `holder` runs.
pub async fn record(conn: &mut Conn, holder: &str, jobs: &[(&str, JobState)]) -> Result<()> {
    for (name, state) in jobs {
        query(
            "INSERT INTO jobs (name, holder, last_run_at, last_ok_at, last_error_at, last_error)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (name) DO UPDATE SET holder = excluded.holder,
                 last_run_at = excluded.last_run_at,
                 last_ok_at = COALESCE(excluded.last_ok_at, jobs.last_ok_at),
                 last_error_at = COALESCE(excluded.last_error_at, jobs.last_error_at),
                 last_error = COALESCE(excluded.last_error, jobs.last_error)",
        )
        .bind((*name, holder, state.last_run_at, state.last_ok_at))
        .bind((state.last_error_at, &state.last_error))
        .execute(conn)
        .await?;
    }
    Ok(())
}

/// Clears the holder of the jobs of `holder`, which stops.
pub async fn release(conn: &mut Conn, holder: &str) -> Result<()> {
    let update = "UPDATE jobs SET holder = NULL WHERE holder = $1";
    execute(conn, update, holder).await
}

/// Every job that has ever run, by name.
pub async fn list(conn: &mut Conn) -> Result<Vec<Job>> {
    let read = reader!(row of jobs.name => Job {
        name, holder,
        state = fields!(row => JobState { last_run_at, last_ok_at, last_error_at, last_error })
    });
    query(
        "SELECT name, holder, last_run_at, last_ok_at, last_error_at, last_error
         FROM jobs ORDER BY name",
    )
    .all(conn, read)
    .await
}
