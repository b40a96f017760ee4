//! `reelroom sandbox`: the emulated platform without the server.

use crate::config::Config;
use anyhow::Context;
use reelroom_sandbox::Sandbox;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// The options of the sandbox alone; it listens on `--sandbox-listen`.
#[derive(clap::Args)]
#[command(mut_args(|arg| arg.hide_env_values(true)))]
pub(super) struct Args {
    /// Address of callbacks of files [default: none]
    #[arg(long, value_name = "URL", env = "REELROOM_SANDBOX_CALLBACK_URL")]
    callback_url: Option<Url>,
    /// Address of callbacks of meetings and participants [default: none]
    #[arg(long, value_name = "URL", env = "REELROOM_SANDBOX_STATUS_URL")]
    status_url: Option<Url>,
    /// Its only AppID
    #[arg(long, value_name = "ID", env = "REELROOM_SANDBOX_APP_ID", default_value = crate::serve::SANDBOX_APP_ID)]
    app_id: String,
    /// Seconds between a stop and its callbacks
    #[arg(
        long,
        value_name = "SECONDS",
        env = "REELROOM_SANDBOX_DELAY",
        default_value_t = 3
    )]
    delay: u32,
    /// Folder of its files [default: <data-dir>/sandbox]
    #[arg(long, value_name = "FOLDER", env = "REELROOM_SANDBOX_MEDIA_DIR")]
    media_dir: Option<PathBuf>,
    /// Seed of its random rooms and names [default: random]
    #[arg(long, value_name = "NUMBER", env = "REELROOM_SANDBOX_SEED")]
    seed: Option<u64>,
}

/// Runs until SIGINT or SIGTERM.
pub(super) async fn run(config: &Config, args: Args) -> anyhow::Result<()> {
    let media_dir = args
        .media_dir
        .unwrap_or_else(|| config.data_dir.join("sandbox"));
    let sandbox = Sandbox::start(reelroom_sandbox::Config {
        callback_url: args.callback_url,
        status_url: args.status_url,
        delay: Duration::from_secs(args.delay.into()),
        seed: args.seed.unwrap_or_else(rand::random),
        ..reelroom_sandbox::Config::new(config.sandbox_listen, args.app_id.as_str(), media_dir)
    })
    .await
    .with_context(|| format!("cannot start the sandbox on {}", config.sandbox_listen))?;
    println!(
        "Sandbox    http://{} (AppID {})",
        sandbox.addr(),
        args.app_id
    );
    crate::serve::end_signal().await;
    sandbox.shutdown().await;
    Ok(())
}
