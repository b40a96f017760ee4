//! The library over a million recordings, with the real binary over loopback, on SQLite and then on PostgreSQL.
//!
//! `cargo bench -p reelroom --bench find`; with `--profile dev` it only shows that it works. `reelroom demo` fills the
//! database. An administrator, and a viewer of 3 of its 5,000 rooms, ask for pages, with one client and with 16; a
//! year of the calendar and the counts beside every page are asked of the service. Beside the figures are the page of
//! an empty library, and for a search a count with `LIKE` over the same rows. `REELROOM_BENCH_RECORDINGS` says how many
//! recordings (1,000,000), `REELROOM_BENCH_SECONDS` how long each figure is taken at most (5), and
//! `REELROOM_BENCH_DATABASES` which of the two. A missed aim is printed and, in an optimised build, ends the bench with
//! an error.

mod aims;
mod figure;
mod server;
mod world;

use std::{
    env,
    path::Path,
    str::FromStr,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use reelroom_domain::{find::Count, user::Role};
use reelroom_service::{LibraryQuery, Service};
use reelroom_store::{
    Store,
    testing::{Databases, bench},
};

use self::{
    aims::{Aims, Row},
    figure::{figure, millis},
    server::{Place, Server},
    world::{Account, Question, accounts, demo, empty, midnights},
};

/// Clients at once, beside one alone.
const MANY: usize = 16;
/// How often the server starts.
const STARTS: usize = 5;
/// How often a count without the index is made.
const SCANS: usize = 3;

#[tokio::main]
async fn main() -> Result<()> {
    // `cargo test --benches` only checks that it starts.
    if !env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    // The client requires a provider, though nothing here uses TLS.
    let provider = rustls::crypto::ring::default_provider().install_default();
    ensure!(provider.is_ok(), "there is another TLS already");
    let recordings = setting("REELROOM_BENCH_RECORDINGS", 1_000_000)?;
    let time = Duration::from_secs_f64(setting("REELROOM_BENCH_SECONDS", 5.0)?);
    let wanted = env::var("REELROOM_BENCH_DATABASES").ok();
    let mut aims = Aims::default();
    for name in ["SQLite", "PostgreSQL"] {
        if wanted.as_deref().is_none_or(|wanted| wanted.contains(name)) {
            aims.begin(name);
            measure(name == "PostgreSQL", recordings, time, &mut aims).await?;
        }
    }
    aims.end()
}

/// The value of a variable.
fn setting<T: FromStr>(name: &str, default: T) -> Result<T> {
    let Ok(text) = env::var(name) else {
        return Ok(default);
    };
    text.parse()
        .ok()
        .with_context(|| format!("{name} is no number"))
}

async fn measure(
    on_postgres: bool,
    recordings: u32,
    time: Duration,
    aims: &mut Aims,
) -> Result<()> {
    // On the disk that the project is on: a folder in memory would be no measure.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let databases = on_postgres.then(|| Databases::on_durable_postgres(target));
    let nothing = Place::new(databases.as_ref(), target)?;
    empty(&nothing).await?;
    let place = Place::new(databases.as_ref(), target)?;
    aims.demo(recordings, demo(&place, recordings)?);

    let service = Service::connect(place.config()).await?;
    let store = Store::connect(&place.database).await?;
    let accounts = accounts(&place, &service, &store).await?;
    let (whole, index) = bench::sizes(&mut *store.read().await?).await?;
    Aims::sizes(whole, index);
    let mut asked = Vec::new();
    for account in &accounts {
        asked.push((
            scans(&store, account).await?,
            of_service(&service, account, time).await?,
        ));
    }
    store.close().await;
    service.close().await;

    let server = cold_starts(&place, aims).await?;
    let empty = nothing.start().await?;
    let of_nothing = empty.sign_in("desk").await?;
    let ask = async || of_nothing.page("/recordings").await.map(drop);
    let beside = figure(1, time, &ask).await?;
    empty.end()?;
    for (account, (scans, service)) in accounts.iter().zip(asked) {
        let mut rows = pages(&server, account, scans, time).await?;
        rows.extend(service);
        aims.rows(account, &rows, beside.p50);
    }
    aims.memory(server.memory()?);
    server.end()
}

/// Counts of what an administrator searches for without the index, in milliseconds, for each question.
async fn scans(store: &Store, account: &Account) -> Result<Vec<Option<f64>>> {
    let mut read = store.read().await?;
    let mut scans = Vec::new();
    for question in &account.questions {
        let text = question.text.as_deref();
        let Some(text) = text.filter(|_| account.principal.role() == Role::Admin) else {
            scans.push(None);
            continue;
        };
        let mut best = f64::INFINITY;
        for _ in 0..SCANS {
            let begun = Instant::now();
            let found = bench::scan(&mut read, text, Count::LIMIT + 1).await?;
            ensure!(found > 0, "nothing has {text}");
            best = best.min(millis(begun));
        }
        scans.push(Some(best));
    }
    Ok(scans)
}

/// The figures that no page shows alone: a year of the calendar, and the counts in the side bar.
async fn of_service(service: &Service, account: &Account, time: Duration) -> Result<Vec<Row>> {
    let (query, midnights) = (LibraryQuery::default(), midnights());
    let by = &account.principal;
    let calendar = async || {
        let days = service.calendar(by, &query, &midnights).await?;
        ensure!(days.iter().any(|day| *day > 0), "the calendar is empty");
        Ok(())
    };
    let shell = async || {
        let shell = service.shell(by, None).await?;
        ensure!(shell.rooms > 0, "the side bar has no rooms");
        Ok(())
    };
    let calendar = Row {
        what: "a year's calendar".to_owned(),
        one: figure(1, time, &calendar).await?,
        many: figure(MANY, time, &calendar).await?,
        bytes: None,
        scan: None,
    };
    let shell = Row {
        what: "counts in the side bar".to_owned(),
        one: figure(1, time, &shell).await?,
        many: figure(MANY, time, &shell).await?,
        bytes: None,
        scan: None,
    };
    Ok(vec![calendar, shell])
}

/// Starts the server several times; the last one goes on.
async fn cold_starts(place: &Place, aims: &mut Aims) -> Result<Server> {
    let mut times = Vec::new();
    loop {
        let server = place.start().await?;
        times.push(server.start);
        if times.len() == STARTS {
            times.sort();
            aims.start(times[STARTS / 2]);
            return Ok(server);
        }
        server.end()?;
    }
}

/// The pages that an account asks for.
async fn pages(
    server: &Server,
    account: &Account,
    scans: Vec<Option<f64>>,
    time: Duration,
) -> Result<Vec<Row>> {
    let access = server.sign_in(&account.principal.name).await?;
    let mut rows = Vec::new();
    for (Question { what, path, .. }, scan) in account.questions.iter().zip(scans) {
        let html = access.html(path).await?;
        // The ids of recordings begin with their time.
        ensure!(
            html.contains("/recordings/0"),
            "{what}: {path} has no recordings"
        );
        let ask = async || access.page(path).await.map(drop);
        rows.push(Row {
            what: what.clone(),
            one: figure(1, time, &ask).await?,
            many: figure(MANY, time, &ask).await?,
            bytes: Some(access.page(path).await?),
            scan,
        });
    }
    Ok(rows)
}
