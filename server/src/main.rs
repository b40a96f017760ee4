//! The `reelroom` binary.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    reelroom::commands::run().await
}
