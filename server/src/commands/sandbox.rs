//! `reelroom sandbox`: the emulated platform without the server.

use crate::config::Config;
use anyhow::Context;
use reelroom_sandbox::Sandbox;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// What only the sandbox is told; it listens on `--sandbox-listen`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Where finished files are announced; without it they are made and nobody is told
    #[arg(
        long,
        value_name = "URL",
        env = "REELROOM_SANDBOX_CALLBACK_URL",
        hide_env_values = true
    )]
    callback_url: Option<Url>,
    /// Where meetings and participants are announced [default: nowhere]
    #[arg(
        long,
        value_name = "URL",
        env = "REELROOM_SANDBOX_STATUS_URL",
        hide_env_values = true
    )]
    status_url: Option<Url>,
    /// The only AppID that it knows
    #[arg(
        long,
        value_name = "ID",
        env = "REELROOM_SANDBOX_APP_ID",
        hide_env_values = true,
        default_value = crate::serve::SANDBOX_APP_ID
    )]
    app_id: String,
    /// Seconds between a stop and its callbacks
    #[arg(
        long,
        value_name = "SECONDS",
        env = "REELROOM_SANDBOX_DELAY",
        hide_env_values = true,
        default_value_t = 3
    )]
    delay: u32,
    /// Folder of the files that it makes [default: <data-dir>/sandbox]
    #[arg(
        long,
        value_name = "FOLDER",
        env = "REELROOM_SANDBOX_MEDIA_DIR",
        hide_env_values = true
    )]
    media_dir: Option<PathBuf>,
    /// Start of its randomness: the same rooms and names each time [default: another each time]
    #[arg(
        long,
        value_name = "NUMBER",
        env = "REELROOM_SANDBOX_SEED",
        hide_env_values = true
    )]
    seed: Option<u64>,
}

/// Runs until it is told to end.
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
