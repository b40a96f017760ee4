//! How many callbacks a second are durable when they are answered, and how many of them are understood.
//!
//! `make bench` runs it: the built binary beside two servers that do less, (a) the same axum with a
//! handler that only parses and answers, and (b) one that writes each call in a transaction of its
//! own with the same durability; and ours without an app, where it understands nothing. Each server
//! runs on one core, the client on another, over loopback, one after the other in one run. PostgreSQL
//! runs on the client's core, with a sync for each commit. `REELROOM_BENCH_SECONDS` says how long each
//! figure is taken (10 of `loads`, 6 and 20 of `sustained`, else 5), `REELROOM_BENCH_ROWS` which of `connections`,
//! `loads`, `rate` and `sustained`, and `REELROOM_BENCH_LOADS` a part of the names of the loads in the second and the
//! last. A missed aim is printed and, in an optimised build, ends the bench with an error.

mod aims;
mod load;
mod person;
mod platform;
mod prepare;
mod server;

use std::{path::Path, process::Command, process::Stdio, time::Duration};

use aims::Aims;
use anyhow::Result;
use load::{Load, Pace, behind, figure_of};
use person::Waits;
use prepare::disturb;
use server::{Server, Which};

const SECRET: &str = "a-secret-for-the-bench";
const CONNECTIONS: [usize; 4] = [1, 16, 64, 256];
/// The connections of all other rows.
const MANY: usize = 64;
/// How long a burst of a load lasts.
const BURST: Duration = Duration::from_secs(10);
const SUSTAINED: [Duration; 2] = [Duration::from_secs(6), Duration::from_secs(20)];
/// How long each other figure is taken.
const OTHERS: Duration = Duration::from_secs(5);

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let text = |at: usize| arguments.get(at).map(String::as_str);
    let threads = if text(1) == Some("serve") {
        None
    } else {
        pin_to(1)
    };
    // Only the first call counts.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads.map_or(2, |()| 1))
        .enable_all()
        .build()
        .unwrap();
    match (text(1), text(2), text(3)) {
        (Some("serve"), Some(what), Some(folder)) => {
            runtime.block_on(server::serve(what, Path::new(folder)));
            Ok(())
        }
        _ => runtime.block_on(compare()).end(),
    }
}

/// This process, and all that it starts from now on, on that core. `None`: there is only one, or no
/// `taskset`.
fn pin_to(core: usize) -> Option<()> {
    let cores = std::thread::available_parallelism().ok()?.get();
    let own = std::process::id().to_string();
    let pinned = Command::new("taskset")
        .args(["-cp", &core.to_string(), &own])
        .stdout(Stdio::null())
        .status();
    (cores > core && pinned.ok()?.success()).then_some(())
}

async fn compare() -> Aims {
    let seconds = std::env::var("REELROOM_BENCH_SECONDS").ok();
    let given = seconds.map(|text| text.parse::<f64>().expect("a number of seconds"));
    let given = given.map(Duration::from_secs_f64);
    let rows = std::env::var("REELROOM_BENCH_ROWS").ok();
    let wanted = |row: &str| rows.as_deref().is_none_or(|rows| rows.contains(row));
    let mut aims = Aims::default();
    println!("Server on one core, client on another");
    if wanted("connections") {
        compare_connections(given.unwrap_or(OTHERS), &mut aims).await;
    }
    if wanted("loads") {
        compare_loads(given.unwrap_or(BURST), &mut aims).await;
    }
    if wanted("rate") {
        let (time, pace) = (given.unwrap_or(OTHERS), Pace::PerSecond(500));
        let server = Server::start(Which::Ours).await;
        let figure = figure_of(&server, Load::Files, 16, pace, time, false).await;
        let behind = figure.behind.max(behind(&server).await);
        println!(
            "\nAt 500 a second over 16 connections: {:.0}/s, p99 {} ms, {} ms behind at most, {} MiB",
            figure.per_second,
            millis(figure.p99),
            millis(behind),
            server.memory()
        );
        aims.rate(behind);
    }
    if wanted("sustained") {
        compare_sustained(given.map_or(SUSTAINED, |time| [time; 2]), &mut aims).await;
    }
    aims
}

/// Whether a load is to be measured.
fn is_wanted(load: &str) -> bool {
    let loads = std::env::var("REELROOM_BENCH_LOADS").ok();
    loads.is_none_or(|part| load.contains(&part))
}

fn millis(duration: Duration) -> String {
    format!("{:.1}", duration.as_secs_f64() * 1e3)
}

async fn compare_connections(time: Duration, aims: &mut Aims) {
    println!("\nDurable acknowledgements a second, over {time:?}");
    println!(
        "{:>11} {:>9} {:>9} {:>11} {:>11} {:>7} {:>7} {:>7} {:>8} {:>9} {:>7} µs of processor for a call: (a), (b), kept only, ours",
        "connections",
        "ours",
        "kept only",
        "(a) parses",
        "(b) each",
        "of (a)",
        "kept",
        "of (b)",
        "p99 ms",
        "behind ms",
        "MiB"
    );
    for connections in CONNECTIONS {
        let mut figures = Vec::new();
        let (mut rest, mut costs) = (String::new(), Vec::new());
        for which in [Which::Parses, Which::Each, Which::Keeps, Which::Ours] {
            let server = Server::start(which).await;
            let figure =
                figure_of(&server, Load::Files, connections, Pace::Closed, time, false).await;
            if which == Which::Ours {
                let behind = behind(&server).await.as_millis();
                let (p99, memory) = (millis(figure.p99), server.memory());
                rest = format!("{p99:>8} {behind:>9} {memory:>7}");
            }
            figures.push(figure.per_second);
            costs.push(figure.processor.as_micros());
        }
        let [parses, each, keeps, ours] = figures[..] else {
            unreachable!("four servers were measured")
        };
        println!(
            "{connections:>11} {ours:>9.0} {keeps:>9.0} {parses:>11.0} {each:>11.0} {:>7.2} {:>7.2} {:>7.1} {rest} {costs:?}",
            ours / parses,
            keeps / parses,
            ours / each
        );
        if connections == MANY {
            aims.alone(keeps / parses);
        }
    }
}

async fn compare_loads(time: Duration, aims: &mut Aims) {
    println!(
        "\nAt {MANY} connections over {time:?}; a person changes a title, starts and stops a recording in turn meanwhile"
    );
    println!(
        "{:<28} {:>9} {:>11} {:>7} {:>7} {:>7} {:>8} {:>12} {:>9} {} {:>7}",
        "load",
        "ours",
        "(a) parses",
        "of (a)",
        "µs",
        "µs (a)",
        "p99 ms",
        "understood/s",
        "behind ms",
        Waits::COLUMNS,
        "MiB"
    );
    let rows = [
        ("files", Which::Ours, Load::Files, false),
        ("mixed", Which::Ours, Load::Mixed, false),
        ("mixed, found and assigned", Which::Ours, Load::Mixed, true),
        ("files, PostgreSQL", Which::OnPostgres, Load::Files, false),
        ("mixed, PostgreSQL", Which::OnPostgres, Load::Mixed, false),
    ];
    for (name, which, load, is_disturbed) in rows {
        if !is_wanted(name) {
            continue;
        }
        let server = Server::start(Which::Parses).await;
        let parses = figure_of(&server, load, MANY, Pace::Closed, time, true).await;
        drop(server);
        let server = Server::start(which).await;
        if is_disturbed {
            disturb(&server).await;
        }
        let figure = figure_of(&server, load, MANY, Pace::Closed, time, true).await;
        let behind = behind(&server).await;
        let (of_bare, memory) = (figure.per_second / parses.per_second, server.memory());
        println!(
            "{name:<28} {:>9.0} {:>11.0} {:>7.2} {:>7} {:>7} {:>8} {:>12.0} {:>9} {} {:>7}",
            figure.per_second,
            parses.per_second,
            of_bare,
            figure.processor.as_micros(),
            parses.processor.as_micros(),
            millis(figure.p99),
            figure.understood_per_second,
            behind.as_millis(),
            figure.person,
            memory
        );
        if which == Which::Ours {
            aims.burst(name, &figure, of_bare, behind);
        }
        aims.person(name, &figure);
        aims.memory(name, memory);
    }
}

/// Measures each load over each of the times.
async fn compare_sustained(times: [Duration; 2], aims: &mut Aims) {
    println!(
        "\nSustained over {MANY} connections, which wait while {} calls are not understood",
        load::LAG
    );
    println!(
        "{:<32} {:>12} {:>9} {:>7} {:>8} {:>8} {:>9} {} {:>7}",
        "load",
        "understood/s",
        "answered",
        "µs",
        "lag",
        "p99 ms",
        "behind ms",
        Waits::COLUMNS,
        "MiB"
    );
    // With how many are to be understood a second.
    let rows = [
        (
            "200 recordings",
            Which::Ours,
            Load::Files,
            [15_000.0, 12_000.0],
        ),
        (
            "4,200 recordings, scattered",
            Which::Ours,
            Load::Scattered,
            [10_000.0; 2],
        ),
        ("mixed", Which::Ours, Load::Mixed, [0.0; 2]),
        (
            "200, PostgreSQL",
            Which::OnPostgres,
            Load::Files,
            [8_000.0; 2],
        ),
    ];
    for (name, which, load, least) in rows {
        if !is_wanted(name) {
            continue;
        }
        for (time, least) in times.into_iter().zip(least) {
            let name = format!("{name}, {time:?}");
            let server = Server::start(which).await;
            let figure = figure_of(&server, load, MANY, Pace::Sustained, time, true).await;
            println!(
                "{name:<32} {:>12.0} {:>9.0} {:>7} {:>8} {:>8} {:>9} {} {:>7}",
                figure.understood_per_second,
                figure.per_second,
                figure.processor.as_micros(),
                figure.lag,
                millis(figure.p99),
                behind(&server).await.as_millis(),
                figure.person,
                server.memory()
            );
            aims.sustained(&name, &figure, least);
            aims.person(&name, &figure);
        }
    }
}
