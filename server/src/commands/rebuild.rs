//! `reelroom rebuild`.

use super::line::keys;
use crate::config::Config;
use reelroom_service::Service;
use std::time::Instant;

/// What the library is made of.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Of the descriptions in the storage, which is the only way there is
    #[arg(long, required = true)]
    from_storage: bool,
}

/// Adds what the descriptions in the storage contain to the database, and prints it. An error also means that some
/// descriptions cannot be read, or are of another format.
pub(super) async fn run(config: &Config, args: &Args) -> anyhow::Result<()> {
    debug_assert!(args.from_storage, "it is required");
    // A first start would make the folder, and an empty one gives no library.
    Service::try_storage(&config.storage_url).await?;
    let service = Service::connect(crate::serve::service_config(config)).await?;
    let begun = Instant::now();
    let rebuilt = service.rebuild_from_storage().await;
    let took = begun.elapsed().as_secs_f64();
    service.close().await;
    let rebuilt = rebuilt?;
    println!(
        "ok    {} recordings, {} of them new; {} files, {} of them new: {took:.1} s",
        rebuilt.recordings, rebuilt.new_recordings, rebuilt.files, rebuilt.new_files
    );
    if !rebuilt.missing.is_empty() {
        println!("warn  described, and not there: {}", keys(&rebuilt.missing));
    }
    if rebuilt.unreadable.is_empty() {
        return Ok(());
    }
    println!(
        "fail  not readable, or of another format: {}",
        keys(&rebuilt.unreadable)
    );
    anyhow::bail!("some descriptions are not readable")
}
