//! The `reelroom` binary.

use std::process::ExitCode;

/// For each worker: rendering a page walks deep.
const STACK: usize = 8 << 20;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK)
        .build();
    match runtime {
        Ok(runtime) => runtime.block_on(reelroom::commands::run()),
        Err(error) => {
            eprintln!("reelroom: cannot start its threads: {error}");
            ExitCode::FAILURE
        }
    }
}
