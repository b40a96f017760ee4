//! `reelroom migrate`.

use crate::config::Config;
use reelroom_store::Store;

/// Brings the schema up to date and says which database that was.
pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    let store = Store::connect(&config.database_url).await?;
    store.migrate().await?;
    store.close().await;
    println!("{} is up to date", config.database_url);
    Ok(())
}
