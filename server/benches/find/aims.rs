//! Prints the figures beside what they should be.

use std::time::Duration;

use anyhow::{Result, ensure};
use reelroom_domain::user::Role;

use crate::{MANY, figure::Figure, world::Account};

const RECORDINGS_A_SECOND: f64 = 10_000.0;
const P50: f64 = 10.0;
const P99: f64 = 25.0;
const LONGEST: f64 = 100.0;
/// How much slower the far page may be than the first.
const FAR: f64 = 1.5;
const KILOBYTES: f64 = 15.0;
const START: f64 = 150.0;
const MEMORY: f64 = 150.0;

/// A line of the table.
pub struct Row {
    pub what: String,
    /// With one client.
    pub one: Figure,
    /// With many.
    pub many: Figure,
    /// The size of the page, compressed.
    pub bytes: Option<usize>,
    /// How long a count without the index takes, in milliseconds.
    pub scan: Option<f64>,
}

/// The aims that were missed.
#[derive(Default)]
pub struct Aims {
    database: &'static str,
    missed: Vec<String>,
}

impl Aims {
    /// Begins with a database.
    pub fn begin(&mut self, database: &'static str) {
        self.database = database;
        println!("\n{database}");
    }

    /// Ends with an error if an aim was missed, where the build is optimised.
    pub fn end(self) -> Result<()> {
        for aim in &self.missed {
            println!("missed: {aim}");
        }
        let is_met = self.missed.is_empty() || cfg!(debug_assertions);
        ensure!(is_met, "{} aims were missed", self.missed.len());
        Ok(())
    }

    /// Notes an aim unless it is met.
    fn aim(&mut self, is_met: bool, missed: &str) {
        if !is_met {
            self.missed.push(format!("{}: {missed}", self.database));
        }
    }

    fn at_most(&mut self, what: &str, value: f64, most: f64, unit: &str) {
        let missed = format!("{what}: {value:.2} {unit}, not {most} at most");
        self.aim(value <= most, &missed);
    }

    pub fn demo(&mut self, recordings: u32, took: Duration) {
        let seconds = took.as_secs_f64();
        let rate = f64::from(recordings) / seconds;
        println!(
            "{recordings} recordings made and indexed in {seconds:.1} s: {rate:.0} a second (aim: {RECORDINGS_A_SECOND})"
        );
        let missed = format!("{rate:.0} recordings a second");
        self.aim(rate >= RECORDINGS_A_SECOND, &missed);
    }

    pub fn sizes(whole: u64, index: u64) {
        let mib = |bytes: u64| bytes / 1024 / 1024;
        println!(
            "database {} MiB, of which the index of the library {} MiB",
            mib(whole),
            mib(index)
        );
    }

    pub fn start(&mut self, took: Duration) {
        let took = took.as_secs_f64() * 1000.0;
        println!("start to the first answer: {took:.0} ms at the median (aim: {START})");
        self.at_most("start", took, START, "ms");
    }

    pub fn memory(&mut self, peak: f64) {
        println!("memory of the server at its peak: {peak:.0} MiB (aim: {MEMORY})");
        self.at_most("memory", peak, MEMORY, "MiB");
    }

    /// Prints what an account asked for. The page of an empty library takes `empty` ms.
    pub fn rows(&mut self, account: &Account, rows: &[Row], empty: f64) {
        let who = if account.principal.role() == Role::Admin {
            "administrator"
        } else {
            "viewer of 3 rooms"
        };
        println!(
            "\n{who}; ms; aims with one client: {P50} at the median, {P99} at 99 %, {LONGEST} at most, {KILOBYTES} kB; the page of an empty library {empty:.1}"
        );
        let [p50, p99] = ["p50", "p99"].map(|part| format!("{part} of {MANY}"));
        println!(
            "{:<24} {:>8} {:>8} {:>8} {p50:>10} {p99:>10} {:>8} {:>8} {:>9}",
            "", "p50", "p99", "longest", "kB", "× empty", "× LIKE"
        );
        for row in rows {
            self.row(who, row, empty);
        }
        let far = rows.iter().find(|row| row.what.starts_with("page "));
        if let (Some(first), Some(far)) = (rows.first(), far) {
            let ratio = far.one.p50 / first.one.p50;
            println!("{}: {ratio:.2} times the first page (aim: {FAR})", far.what);
            let what = format!("{who}, {}", far.what);
            self.at_most(&what, ratio, FAR, "times the first page");
        }
    }

    fn row(&mut self, who: &str, row: &Row, empty: f64) {
        let Row {
            what, one, many, ..
        } = row;
        let kilobytes = row
            .bytes
            .and_then(|bytes| u32::try_from(bytes).ok())
            .map(|bytes| f64::from(bytes) / 1000.0);
        let shown = |value: Option<f64>, digits: usize| {
            value.map_or_else(String::new, |value| format!("{value:.digits$}"))
        };
        println!(
            "{what:<24} {:>8.1} {:>8.1} {:>8.1} {:>10.1} {:>10.1} {:>8} {:>8} {:>9}",
            one.p50,
            one.p99,
            one.longest,
            many.p50,
            many.p99,
            shown(kilobytes, 1),
            shown(kilobytes.map(|_| one.p50 / empty), 1),
            shown(row.scan.map(|scan| one.p50 / scan), 3),
        );
        let what = format!("{who}, {what}");
        self.at_most(&format!("{what}, median"), one.p50, P50, "ms");
        self.at_most(&format!("{what}, 99 %"), one.p99, P99, "ms");
        self.at_most(&format!("{what}, longest"), one.longest, LONGEST, "ms");
        self.at_most(&what, kilobytes.unwrap_or_default(), KILOBYTES, "kB");
    }
}
