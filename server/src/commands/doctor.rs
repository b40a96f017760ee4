//! `reelroom doctor`: one line for each thing that must be right.

use crate::{config::Config, serve::reachable};
use anyhow::Context;
use reelroom_domain::{
    file::FileState,
    growth::{Growing, Growth, MEASURED_DAYS},
    time::{Clock, Timestamp, clock_length},
    trouble::Trouble,
    usage::DAY,
    visible::visible_line,
};
use reelroom_service::{Service, SystemClock, is_late, kept_days};
use reelroom_store::{
    DatabaseUrl, Store, apps, files, growth, holds,
    jobs::{self, Job},
    orphans,
    recordings::keep,
    trouble,
};
use std::{fmt::Display, io, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// The timeout of asking a server whether it is ready.
const ANSWER: Duration = Duration::from_secs(10);

/// What is checked.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Ask only the server that listens at --listen whether it is ready; for the health check of a container
    #[arg(long)]
    ready: bool,
}

/// Checks and prints; changes nothing. An error means that something is not right.
pub(super) async fn run(config: &Config, args: &Args) -> anyhow::Result<()> {
    if args.ready {
        return ask_server(config).await;
    }
    let mut failures = Failures::default();
    match config.try_data_dir() {
        Ok(()) => good("data folder", config.data_dir.display()),
        Err(error) => failures.add("data folder", error),
    }
    let database = database(config).await;
    match &database {
        Ok(_) => good("database", &config.database_url),
        Err(error) => failures.add("database", format!("{}: {error:#}", config.database_url)),
    }
    match Service::try_storage(&config.storage_url).await {
        Ok(()) => good("storage", "answers"),
        Err(error) => failures.add("storage", error),
    }
    match &config.public_url {
        Some(url) => good("public URL", url),
        None if config.sandbox => good("public URL", "none, the sandbox needs none"),
        None => failures.add(
            "public URL",
            "none: set --public-url, or anyRTC cannot call back",
        ),
    }
    let store = database.ok();
    let apps = match &store {
        Some(store) => count_apps(store).await,
        None => Err(anyhow::anyhow!("the database does not answer")),
    };
    match apps {
        Ok(0) if config.sandbox => good("apps", "the sandbox, from its first start on"),
        Ok(0) => failures.add("apps", "none: add one in the settings, or try --sandbox"),
        Ok(count) => good("apps", count),
        Err(error) => failures.add("apps", format!("{error:#}")),
    }
    if let Some(store) = &store {
        check_rows(store, &mut failures).await;
    }
    let Failures(number) = failures;
    anyhow::ensure!(number == 0, "{number} of the checks failed");
    Ok(())
}

/// Checks files, what grows, the trash, and jobs. Those that cannot be read have no line: the lines about the database
/// and the apps give the reason.
async fn check_rows(store: &Store, failures: &mut Failures) {
    if let Ok((states, trouble)) = count_files(store).await {
        let how = describe_files(&states, &trouble);
        if trouble.files() == 0 {
            good("files", how);
        } else {
            warn("files", how);
        }
    }
    for what in Growing::ALL {
        if let Ok(how) = measure(store, *what).await {
            good(name(*what), how);
        }
    }
    if let Ok((kept, orphans)) = count_kept(store).await {
        good("trash and holds", kept);
        match orphans {
            None => good("objects without a row", "none"),
            Some(how) => warn("objects without a row", how),
        }
    }
    for job in list_jobs(store).await.unwrap_or_default() {
        let (what, now) = (format!("job “{}”", job.name), SystemClock.now());
        let how = describe(&job, now);
        if job.state.fails() || is_late(&job, now) {
            failures.add(&what, how);
        } else {
            good(&what, how);
        }
    }
}

/// Prints what the server with this configuration answers at `/readyz`; an error unless it is ready.
async fn ask_server(config: &Config) -> anyhow::Result<()> {
    let address = reachable(config.listen);
    let exchange = async {
        let mut stream = TcpStream::connect(address).await?;
        let request =
            format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok::<_, io::Error>(answer)
    };
    let answer = timeout(ANSWER, exchange).await;
    let answer = answer.unwrap_or_else(|late| Err(late.into()));
    let answer = answer.with_context(|| format!("no answer from {address}"))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    let body = body.trim();
    anyhow::ensure!(head.starts_with("HTTP/1.1 200 "), "{body}");
    println!("{body}");
    Ok(())
}

async fn database(config: &Config) -> anyhow::Result<Store> {
    // Connecting would make an empty file.
    if let DatabaseUrl::Sqlite(path) = &config.database_url {
        anyhow::ensure!(
            path.try_exists()?,
            "not there yet: the first start makes it, or `reelroom migrate`"
        );
    }
    let store = Store::connect(&config.database_url).await?;
    store.ping().await?;
    Ok(store)
}

async fn count_apps(store: &Store) -> anyhow::Result<usize> {
    let mut read = store.read().await?;
    let apps = apps::list(&mut read)
        .await
        .context("not set up yet: run `reelroom migrate`")?;
    Ok(apps.len())
}

async fn count_files(store: &Store) -> anyhow::Result<(Vec<(FileState, u32)>, Trouble)> {
    let mut read = store.read().await?;
    let states = files::count_by_state(&mut read).await?;
    let trouble = trouble::total(&mut read, None, SystemClock.now()).await?;
    Ok((states, trouble))
}

/// The size of what grows, its growth, and for how long it is kept.
async fn measure(store: &Store, what: Growing) -> anyhow::Result<String> {
    let mut read = store.read().await?;
    let since = SystemClock.now().plus_millis(-MEASURED_DAYS * DAY);
    let growth = growth::measure(&mut read, what, since).await?;
    let days = kept_days(&mut read, what).await?;
    Ok(describe_growth(growth, days))
}

/// The name of rows that grow, for an operator.
const fn name(what: Growing) -> &'static str {
    match what {
        Growing::CallBodies => "raw bodies of callbacks",
        Growing::StatusEvents => "status events",
        Growing::LookupFinds => "files found by looking up",
        Growing::Seen => "who opened which recording",
        Growing::HistoryDays => "history of access",
    }
}

fn describe_growth(growth: Growth, days: u32) -> String {
    let Growth { rows, bytes, .. } = growth;
    let per_day = growth.per_day();
    format!("{rows} rows, {bytes} bytes, {per_day} bytes more a day; kept for {days} days")
}

/// Counts the recordings in the trash and on hold, and the objects of the storage that no row knows.
async fn count_kept(store: &Store) -> anyhow::Result<(String, Option<String>)> {
    let mut read = store.read().await?;
    let (trashed, trash_bytes, _) = keep::all(&mut read).await?;
    let (held, held_bytes, cases) = holds::totals(&mut read).await?;
    let kept = format!(
        "{trashed} recordings ({trash_bytes} bytes) in the trash, {held} ({held_bytes} bytes) on hold, \
         {cases} open cases"
    );
    let (objects, bytes, since) = orphans::totals(&mut read).await?;
    let how = since.map(|since| {
        let age = clock_length(SystemClock.now().since(since));
        format!("{objects} ({bytes} bytes), the oldest written {age} ago; nothing deletes them")
    });
    Ok((kept, how))
}

async fn list_jobs(store: &Store) -> anyhow::Result<Vec<Job>> {
    let mut read = store.read().await?;
    Ok(jobs::list(&mut read).await?)
}

/// The number of files in each state, and of those without a copy.
fn describe_files(states: &[(FileState, u32)], trouble: &Trouble) -> String {
    let states = states.iter();
    let states: Vec<String> = states
        .map(|(state, count)| format!("{count} {}", state.as_str()))
        .collect();
    let states = match states.as_slice() {
        [] => "none".to_owned(),
        states => states.join(", "),
    };
    if trouble.files() == 0 {
        return states;
    }
    let Trouble {
        failing,
        blocked,
        gone,
        ..
    } = trouble;
    format!(
        "{states}; without a copy: {failing} failing for an hour or more, {blocked} blocked, {gone} gone"
    )
}

/// The last run, success and error of a job.
fn describe(job: &Job, now: Timestamp) -> String {
    let ago = |at: Option<Timestamp>| match at {
        Some(at) => format!("{} ago", clock_length(now.since(at))),
        None => "never".to_owned(),
    };
    let state = &job.state;
    let error = match &state.last_error {
        Some(error) => format!("{}: {}", ago(state.last_error_at), visible_line(error, 200)),
        None => "none".to_owned(),
    };
    let (run, ok) = (ago(state.last_run_at), ago(state.last_ok_at));
    let stopped = if job.holder.is_none() {
        " (stopped)"
    } else {
        ""
    };
    format!("last run {run}{stopped}, last success {ok}, last error {error}")
}

fn good(what: &str, how: impl Display) {
    println!("ok    {what}: {how}");
}

/// Prints something that a person should look at, and that is no failure of this server.
fn warn(what: &str, how: impl Display) {
    println!("warn  {what}: {how}");
}

/// The number of failures.
#[derive(Default)]
struct Failures(usize);

impl Failures {
    fn add(&mut self, what: &str, why: impl Display) {
        self.0 += 1;
        println!("fail  {what}: {why}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_rows_bytes_and_bytes_a_day() {
        let growth = Growth {
            rows: 12,
            bytes: 3456,
            recent: 700,
        };
        assert_eq!(
            describe_growth(growth, 90),
            "12 rows, 3456 bytes, 100 bytes more a day; kept for 90 days"
        );
    }

    #[test]
    fn files_are_counted_by_state_and_without_a_copy() {
        let mut trouble = Trouble::default();
        assert_eq!(describe_files(&[], &trouble), "none");
        let states = [(FileState::Archived, 12), (FileState::Failed, 2)];
        assert_eq!(describe_files(&states, &trouble), "12 archived, 2 failed");
        trouble.failing = 1;
        assert_eq!(
            describe_files(&states, &trouble),
            "12 archived, 2 failed; without a copy: 1 failing for an hour or more, 0 blocked, 0 gone"
        );
    }

    #[test]
    fn a_job_is_described_with_its_last_error() {
        let at = |second: i64| Timestamp::from_millis(second * 1000);
        let state = jobs::JobState {
            last_run_at: Some(at(70)),
            last_ok_at: None,
            last_error_at: Some(at(60)),
            last_error: Some("no space\nleft".to_owned()),
        };
        let job = |holder: Option<&str>| Job {
            name: "fetch files".to_owned(),
            holder: holder.map(str::to_owned),
            state: state.clone(),
        };
        assert_eq!(
            describe(&job(Some("one")), at(75)),
            "last run 00:00:05 ago, last success never, last error 00:00:15 ago: no space\\u000aleft"
        );
        assert!(describe(&job(None), at(75)).starts_with("last run 00:00:05 ago (stopped), "));
    }
}
