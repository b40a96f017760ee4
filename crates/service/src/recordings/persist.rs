//! Retries for storing an answer of the platform, which is given only once.

use std::time::Duration;

use crate::ServiceError;

/// The pause before each retry.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];

/// Calls `write`, which must be idempotent, until the database accepts it, at most five times. What
/// was not stored then is left to [`recover`](super::recover).
pub(super) async fn persist<T, F>(write: impl Fn() -> F) -> Result<T, ServiceError>
where
    F: Future<Output = Result<T, ServiceError>>,
{
    for pause in PAUSES {
        match write().await {
            Err(ServiceError::Store(error)) => {
                tracing::warn!(%error, ?pause, "an answer is not stored yet");
                tokio::time::sleep(pause).await;
            }
            done => return done,
        }
    }
    write().await
}
