//! `reelroom restore`.

use super::keys::shown;
use crate::config::Config;
use reelroom_domain::time::{Civil, Clock};
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
    let at = Civil::at(manifest.made_at, 0);
    println!(
        "ok    {database}: as of {:04}-{:02}-{:02} {:02}:{:02} UTC, by version {}, schema {} brought up to date",
        at.year, at.month, at.day, at.hour, at.minute, manifest.version, manifest.schema
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
            println!("fail  copies {what}: {}", shown(keys));
        }
    }
    anyhow::ensure!(
        copies.is_good(),
        "the database is restored, but not all copies are as it has them"
    );
    Ok(())
}
