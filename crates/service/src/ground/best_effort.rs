//! Writes that a page can do without.

use std::time::Duration;

use tokio::time::timeout;

use super::error::ServiceError;

/// How long a page waits for such a write, where another process has locked the database, or another task writes.
const PATIENCE: Duration = Duration::from_secs(1);

/// Makes a write that can be skipped, since the next page tries it again, such as the last use of a session. Returns
/// whether it was made; else the log has a line that begins with `skipped`.
pub(crate) async fn best_effort(
    skipped: &str,
    write: impl Future<Output = Result<(), ServiceError>>,
) -> bool {
    match timeout(PATIENCE, write).await {
        Ok(Ok(())) => return true,
        Ok(Err(error)) => tracing::warn!(%error, "{skipped}"),
        Err(_) => tracing::warn!("{skipped}: the database is busy"),
    }
    false
}
