//! What the figures should be.

use std::{fmt::Debug, time::Duration};

use anyhow::{Result, ensure};

use crate::{load::Figure, person::Waits};

/// Acknowledgements, as a part of those of the bare handler.
const OF_BARE: f64 = 0.20;
/// As [`OF_BARE`], where nothing is understood.
const OF_BARE_ALONE: f64 = 0.35;
const P99: Duration = Duration::from_millis(20);
/// How long after a burst the last call is understood.
const UNDERSTOOD_AFTER: Duration = Duration::from_secs(30);
/// How long a call waits at the usual rate until it is understood.
const BEHIND: Duration = Duration::from_millis(50);
const PERSON: Duration = Duration::from_millis(200);
const MEBIBYTES: u64 = 128;

/// The aims that were missed.
#[derive(Default)]
pub struct Aims(Vec<String>);

impl Aims {
    /// Ends with an error if an aim was missed, where the build is optimised.
    pub fn end(self) -> Result<()> {
        for aim in &self.0 {
            println!("missed: {aim}");
        }
        let is_met = self.0.is_empty() || cfg!(debug_assertions);
        ensure!(is_met, "{} aims were missed", self.0.len());
        Ok(())
    }

    fn at_most<T: Copy + PartialOrd + Debug>(&mut self, what: &str, value: T, most: T) {
        let is_met = value <= most;
        if !is_met {
            let missed = format!("{what}: {value:.2?}, not {most:?} at most");
            self.0.push(missed);
        }
    }

    fn at_least(&mut self, what: &str, value: f64, least: f64) {
        let is_met = value >= least;
        if !is_met {
            let missed = format!("{what}: {value:.2}, not {least} at least");
            self.0.push(missed);
        }
    }

    /// The acknowledgements where nothing is understood.
    pub fn alone(&mut self, of_bare: f64) {
        self.at_least("kept only, of the bare handler", of_bare, OF_BARE_ALONE);
    }

    /// A burst on SQLite, after which the last call was understood `behind` later.
    pub fn burst(&mut self, name: &str, figure: &Figure, of_bare: f64, behind: Duration) {
        self.at_least(&format!("{name}, of the bare handler"), of_bare, OF_BARE);
        self.at_most(&format!("{name}, 99 %"), figure.p99, P99);
        let what = format!("{name}, understood after the burst");
        self.at_most(&what, behind, UNDERSTOOD_AFTER);
    }

    pub fn memory(&mut self, name: &str, memory: u64) {
        self.at_most(&format!("{name}, MiB"), memory, MEBIBYTES);
    }

    pub fn person(&mut self, name: &str, figure: &Figure) {
        let Waits { title, start, stop } = figure.person;
        for (action, took) in [("title", title), ("start", start), ("stop", stop)] {
            self.at_most(&format!("{name}, a person's {action}"), took, PERSON);
        }
    }

    pub fn rate(&mut self, behind: Duration) {
        self.at_most("at 500 a second, behind", behind, BEHIND);
    }

    pub fn sustained(&mut self, name: &str, figure: &Figure, least: f64) {
        let what = format!("{name}, understood a second");
        self.at_least(&what, figure.understood_per_second, least);
    }
}
