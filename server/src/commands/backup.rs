//! `reelroom backup`.

use super::line::keys;
use crate::config::Config;
use reelroom_domain::time::Clock;
use reelroom_service::{BackupEngine, SecretKeySource, SystemClock, back_up};
use std::path::PathBuf;

/// Where the backup is put.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The folder to make, or with a name that ends in .tar the file; nothing is overwritten
    #[arg(value_name = "DIR|FILE")]
    to: PathBuf,
}

/// Makes the backup and prints what is in it and what is not.
pub(super) async fn run(config: &Config, args: &Args) -> anyhow::Result<()> {
    let now = SystemClock.now();
    let made = back_up(&config.database_url, &config.storage_url, &args.to, now).await?;
    let manifest = &made.manifest;
    for part in &manifest.parts {
        println!("{}  {} ({} bytes)", part.sha256, part.name, part.size);
    }
    if !made.missing.is_empty() {
        println!("warn  not in the storage: {}", keys(&made.missing));
    }
    println!(
        "The backup {} is whole. Not in it, so keep copies of:",
        args.to.display()
    );
    println!(
        "- the storage: {} copies, {} bytes",
        manifest.copies, manifest.copied_bytes
    );
    if let SecretKeySource::File(path) = &config.secret_key {
        println!("- the key of the secrets: {}", path.display());
    }
    if manifest.engine == BackupEngine::Postgres {
        println!("- the database, dumped from now on, since its list comes first:");
        println!(
            "  pg_dump --format=custom --no-owner --no-privileges --file=reelroom.dump '{}'",
            config.database_url
        );
    }
    Ok(())
}
