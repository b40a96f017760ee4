//! `reelroom demo`.

use crate::config::Config;
use reelroom_service::Service;
use std::time::Instant;

/// The size of a demo, and what it is made from.
#[derive(clap::Args)]
pub(super) struct Args {
    /// How many recordings to make
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    recordings: u32,
    /// Seed of names, times and sizes: the same one makes the same recordings
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
}

/// Fills the database, if it is empty, and prints what is there and how long it took.
pub(super) async fn run(config: &Config, args: &Args) -> anyhow::Result<()> {
    let service = Service::connect(crate::serve::service_config(config)).await?;
    let begun = Instant::now();
    let filled = service.fill_with_demo(args.recordings, args.seed).await;
    let took = begun.elapsed().as_secs_f64();
    service.close().await;
    let filled = filled?;
    let (recordings, rooms, files) = (filled.recordings, filled.rooms, filled.files);
    println!("{recordings} recordings in {rooms} rooms, {files} files: {took:.1} s");
    Ok(())
}
