//! `reelroom restore`.

use super::line::{self, minute};
use crate::config::Config;
use reelroom_domain::time::Clock;
use reelroom_service::{BackupError, DAYS_AFTER_RESTORE, SecretKeySource, SystemClock, restore};
use reelroom_store::DatabaseUrl;
use std::path::PathBuf;

/// What is restored.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The backup
    #[arg(value_name = "DIR|FILE")]
    from: PathBuf,
    /// Also read each copy in the storage and compare its SHA-256
    #[arg(long)]
    read_copies: bool,
}

/// Restores the backup and prints what is true now. An error means that nothing was restored, or that copies are
/// not as the database has them.
pub(super) async fn run(config: &Config, args: &Args) -> anyhow::Result<()> {
    let (database, storage) = (&config.database_url, &config.storage_url);
    let now = SystemClock.now();
    let restored = restore(database, storage, &args.from, args.read_copies, now).await;
    let restored = match (restored, database) {
        (Err(BackupError::NoDatabase), DatabaseUrl::Postgres(_)) => anyhow::bail!(
            "the database is empty; restore its dump first: \
             pg_restore --no-owner --no-privileges --dbname='{database}' reelroom.dump"
        ),
        (restored, _) => restored?,
    };
    let manifest = &restored.manifest;
    println!(
        "ok    {database}: as of {} UTC, by version {}, schema {} brought up to date",
        minute(manifest.made_at),
        manifest.version,
        manifest.schema
    );
    if let SecretKeySource::File(path) = &config.secret_key
        && !path.exists()
    {
        println!(
            "warn  {} is not there: put it back before the first start, or enter the secrets of the apps again",
            path.display()
        );
    }
    if restored.postponed > 0 {
        println!(
            "warn  deletions postponed: {}; what was restored or put on hold since the backup is to be so again \
             within {DAYS_AFTER_RESTORE} days",
            restored.postponed
        );
    }
    let copies = &restored.copies;
    println!("ok    copies as the database has them: {}", copies.good);
    for (what, keys) in [
        ("not in the storage", &copies.missing),
        ("of another size", &copies.resized),
        ("of other content", &copies.damaged),
        ("not in the list of the backup", &copies.unlisted),
    ] {
        if !keys.is_empty() {
            println!("fail  copies {what}: {}", line::keys(keys));
        }
    }
    anyhow::ensure!(
        copies.is_good(),
        "the database is restored, but not all copies are as it has them"
    );
    Ok(())
}
