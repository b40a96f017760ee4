//! The list of rooms and the event streams under load, with the real binary over loopback.
//!
//! `cargo bench -p reelroom --bench rooms`; with `--profile dev` it only shows that it works. It
//! seeds a database with 5,000 rooms and 20,000 recordings, then
//!
//! 1. asks for the list's HTML, beside a bare axum handler that serves the same bytes, and
//! 2. posts 1,000 status events a second with 200 event streams open, and checks that each stream
//!    was told of every room after its last event, and that a list that is loaded again when it is told
//!    of a change ends with everybody in every room.
//!
//! A missed aim is printed and, in an optimised build, ends the bench with an error.

mod events;
mod list;
mod page;
mod seed;
mod server;

use std::time::Instant;

use anyhow::{Result, ensure};
use reelroom_domain::time::Timestamp;

use self::{events::events, list::list, seed::seed, server::Server};

const ROOMS: usize = 5000;
const RECORDINGS: usize = 20_000;
const STREAMS: usize = 200;
/// Fewer than the server's limit for a session.
const STREAMS_A_SESSION: usize = 20;
/// Rooms with events, and events of each.
const BUSY: usize = 500;
const EVENTS: usize = 10;
const EVENTS_A_SECOND: usize = 1000;
/// Events in one call: the platform sends several together.
const CALL: usize = 20;
const PAGES: usize = 60;

const SECRET: &str = "bench-secret-of-callbacks";

#[tokio::main]
async fn main() -> Result<()> {
    // `cargo test --benches` only checks that it starts.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    // The client requires a provider, though nothing here uses TLS.
    let provider = rustls::crypto::ring::default_provider().install_default();
    ensure!(provider.is_ok(), "there is another TLS already");
    let folder = tempfile::tempdir()?;
    let begun = Instant::now();
    seed(&folder.path().join("reelroom.db")).await?;
    let seeded = begun.elapsed();
    println!(
        "{ROOMS} rooms, {RECORDINGS} recordings, seeded in {:.1} s{}",
        seeded.as_secs_f64(),
        if cfg!(debug_assertions) {
            "; not optimised: the numbers say nothing"
        } else {
            ""
        }
    );
    let server = Server::start(folder.path()).await?;
    let mut missed = Vec::new();
    list(&server, &mut missed).await?;
    events(&server, &mut missed).await?;
    drop(server);
    for aim in &missed {
        println!("missed: {aim}");
    }
    ensure!(
        missed.is_empty() || cfg!(debug_assertions),
        "{} aims were missed",
        missed.len()
    );
    Ok(())
}

/// The quantile `part` of the values, which it sorts; 0.5 is the median.
fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index of a list that fits in memory"
    )]
    let index = (part * (values.len().saturating_sub(1)) as f64).round() as usize;
    values.get(index).copied().unwrap_or_default()
}

fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

fn now() -> Timestamp {
    let millis = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_millis());
    Timestamp::from_millis(i64::try_from(millis).unwrap_or_default())
}
