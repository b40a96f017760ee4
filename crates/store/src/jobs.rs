//! The state of each background job, for other processes to read.

use reelroom_domain::time::Timestamp;
use sqlx::query;

use crate::{
    Conn, StoreError,
    engine::{opt_text, text},
    row::Columns,
};

/// The state of a job.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobState {
    /// The end of the last round.
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

/// A job as the table shows it.
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
pub async fn record(
    conn: &mut Conn,
    holder: &str,
    jobs: &[(&str, JobState)],
) -> Result<(), StoreError> {
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
        .bind(*name)
        .bind(holder)
        .bind(state.last_run_at.map(Timestamp::as_millis))
        .bind(state.last_ok_at.map(Timestamp::as_millis))
        .bind(state.last_error_at.map(Timestamp::as_millis))
        .bind(opt_text(state.last_error.as_deref()))
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Gives up the jobs of `holder`, which stops.
pub async fn release(conn: &mut Conn, holder: &str) -> Result<(), StoreError> {
    query("UPDATE jobs SET holder = NULL WHERE holder = $1")
        .bind(text(holder))
        .execute(conn)
        .await?;
    Ok(())
}

/// Every job that has ever run, by name.
pub async fn list(conn: &mut Conn) -> Result<Vec<Job>, StoreError> {
    let rows = query(
        "SELECT name, holder, last_run_at, last_ok_at, last_error_at, last_error
         FROM jobs ORDER BY name",
    )
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Columns::new(row, "jobs", "name");
            Ok(Job {
                name: row.text("name")?,
                holder: row.opt_text("holder")?,
                state: JobState {
                    last_run_at: row.opt_time("last_run_at")?,
                    last_ok_at: row.opt_time("last_ok_at")?,
                    last_error_at: row.opt_time("last_error_at")?,
                    last_error: row.opt_text("last_error")?,
                },
            })
        })
        .collect()
}
