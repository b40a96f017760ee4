//! `reelroom migrate`.

use crate::config::Config;
use reelroom_store::Store;

/// Migrates the schema and prints the database's address.
pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    let store = Store::connect(&config.database_url).await?;
    store.migrate().await?;
    store.close().await;
    println!("{} is up to date", config.database_url);
    Ok(())
}
