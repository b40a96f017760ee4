//! The project's own tools: `cargo run -p xtask -- <command>`.
//!
//! * `site [--release]` builds the files for the browser into `target/site`.
//! * `arrows` checks the rules of the code base that the compiler does not.

mod arrows;
mod circles;
mod detours;
mod locales;
mod markup;
mod metadata;
mod pack;
mod site;
mod source;
mod spelling;
mod sql;
mod wasm;

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "usage: cargo run -p xtask -- site [--release] | arrows";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["site"] => site::build(&root(), site::Mode::Dev),
        ["site", "--release"] => site::build(&root(), site::Mode::Release),
        ["arrows"] => check(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The project's folder: the one above this crate, as `cargo run` reports it, because several clones may
/// share one target folder.
fn root() -> PathBuf {
    let mut root = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    root.pop();
    root
}

/// Checks every rule and prints each violation on its own line.
fn check() -> anyhow::Result<()> {
    let root = root();
    let mut breaches = arrows::check(&metadata::read(&root)?);
    breaches.extend(circles::check(&root)?);
    breaches.extend(spelling::check(&root)?);
    breaches.extend(detours::check(&root)?);
    breaches.extend(sql::check(&root)?);
    breaches.extend(markup::check(&root)?);
    breaches.extend(locales::check(&root.join("app/locales"))?);
    for breach in &breaches {
        eprintln!("{breach}");
    }
    anyhow::ensure!(
        breaches.is_empty(),
        "{} rules of the house are broken",
        breaches.len()
    );
    eprintln!("The rules of the house hold.");
    Ok(())
}
