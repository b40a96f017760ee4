//! A library that comes back from its storage alone and from a backup, with the real binary.
//!
//! `cargo bench -p reelroom --bench rebuild`; with `--profile dev` it only shows that it works. A folder gets a tiny
//! copy and a description for each recording, the latter as the server writes it. `reelroom rebuild --from-storage`
//! makes a database of it, on SQLite and then on PostgreSQL, beside a plain loop that reads the descriptions. Then
//! `reelroom backup` and `reelroom restore`, on SQLite beside a copy of its file, on PostgreSQL beside the loop and
//! without its own dump. The time of a million is that of the same rate; `REELROOM_BENCH_RECORDINGS` says how many
//! recordings there are (100,000; a million needs 12 GB). A missed aim is printed and, in an optimised build, ends the
//! bench with an error.

mod place;
mod storage;

use std::{
    env,
    fs::{self, File},
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use reelroom_store::testing::Databases;
use tempfile::TempDir;

use self::{
    place::Place,
    storage::{fill, read_descriptions},
};

const MILLION: f64 = 1_000_000.0;
/// Within how many seconds a million recordings are back.
const AIM: f64 = 300.0;

fn main() -> Result<()> {
    // `cargo test --benches` only checks that it starts.
    if !env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let recordings = env::var("REELROOM_BENCH_RECORDINGS");
    let recordings = recordings.map_or(Ok(100_000), |text| text.parse::<u32>())?;
    // On the disk that the project is on: a folder in memory would be no measure.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = TempDir::new_in(target)?;
    let files = folder.path().join("files");
    fill(&files, recordings)?;
    // Else the kernel would write it to the disk meanwhile.
    ensure!(Command::new("sync").status()?.success(), "sync failed");
    println!("{recordings} recordings; aim: a million back in {AIM} s");
    println!(
        "{:<34} {:>8} {:>9} {:>12} {:>8}",
        "", "s", "a second", "a million, s", "× floor"
    );
    let mut table = Table {
        recordings,
        missed: Vec::new(),
    };
    let begun = Instant::now();
    let read = read_descriptions(&files)?;
    ensure!(read == recordings, "there are {read} descriptions");
    let floor = begun.elapsed();
    table.row("read each description", floor, floor);
    sqlite(&files, target, floor, &mut table)?;
    postgres(&files, target, floor, &mut table)?;
    table.end()
}

fn sqlite(files: &Path, target: &Path, floor: Duration, table: &mut Table) -> Result<()> {
    let place = Place::new(None, files, target)?;
    table.rebuild("SQLite, rebuild", &place, floor)?;
    let begun = Instant::now();
    let copy = place.path("copy.db");
    fs::copy(place.path("reelroom.db"), &copy)?;
    File::open(copy)?.sync_all()?;
    let floor = begun.elapsed();
    table.row("SQLite, copy of the file", floor, floor);
    let backup = place.path("backup");
    table.backup("SQLite, backup", &place, &backup, floor)?;
    let empty = Place::new(None, files, target)?;
    table.restore("SQLite, restore", &empty, &backup, floor)
}

fn postgres(files: &Path, target: &Path, floor: Duration, table: &mut Table) -> Result<()> {
    let databases = Databases::on_durable_postgres(target);
    let place = Place::new(Some(&databases), files, target)?;
    table.rebuild("PostgreSQL, rebuild", &place, floor)?;
    let backup = place.path("backup");
    table.backup("PostgreSQL, backup but the dump", &place, &backup, floor)?;
    table.restore("PostgreSQL, restore but the dump", &place, &backup, floor)
}

/// Prints what was measured, and collects the missed aims.
struct Table {
    recordings: u32,
    missed: Vec<String>,
}

impl Table {
    /// Makes the library of the storage.
    fn rebuild(&mut self, what: &str, place: &Place, floor: Duration) -> Result<()> {
        let n = self.recordings;
        let told = format!("ok    {n} recordings, {n} of them new; {n} files, {n} of them new");
        let took = place.run(&["rebuild", "--from-storage"], &told)?;
        self.aim(what, took, floor);
        Ok(())
    }

    fn backup(&self, what: &str, place: &Place, to: &Path, floor: Duration) -> Result<()> {
        let to = to.to_str().context("a path that is no text")?;
        let told = format!("the storage: {} copies", self.recordings);
        let took = place.run(&["backup", to], &told)?;
        self.row(what, took, floor);
        Ok(())
    }

    fn restore(&mut self, what: &str, place: &Place, from: &Path, floor: Duration) -> Result<()> {
        let from = from.to_str().context("a path that is no text")?;
        let told = format!("copies as the database has them: {}\n", self.recordings);
        let took = place.run(&["restore", from], &told)?;
        self.aim(what, took, floor);
        Ok(())
    }

    /// Prints a line.
    fn row(&self, what: &str, took: Duration, floor: Duration) {
        let seconds = took.as_secs_f64();
        let rate = f64::from(self.recordings) / seconds;
        println!(
            "{what:<34} {seconds:>8.1} {rate:>9.0} {:>12.0} {:>8.1}",
            MILLION / rate,
            seconds / floor.as_secs_f64()
        );
    }

    /// Prints a line that has the aim.
    fn aim(&mut self, what: &str, took: Duration, floor: Duration) {
        self.row(what, took, floor);
        let million = took.as_secs_f64() * MILLION / f64::from(self.recordings);
        if million > AIM {
            let missed = format!("{what}: {million:.0} s for a million, not {AIM} at most");
            self.missed.push(missed);
        }
    }

    /// Ends with an error if an aim was missed, where the build is optimised.
    fn end(self) -> Result<()> {
        for aim in &self.missed {
            println!("missed: {aim}");
        }
        let is_met = self.missed.is_empty() || cfg!(debug_assertions);
        ensure!(is_met, "{} aims were missed", self.missed.len());
        Ok(())
    }
}
