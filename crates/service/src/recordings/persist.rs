//! What the platform answered is written down, also where the database cannot take it at first:
//! nobody hears the same answer twice.

use std::time::Duration;

use crate::ServiceError;

/// How long to wait before each further try.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];

/// Does `write`, which may be done twice, again and again until the database has taken it. What it
/// has not taken by then, the job of [`recover`](super::recover) settles.
pub(super) async fn persist<T, F>(write: impl Fn() -> F) -> Result<T, ServiceError>
where
    F: Future<Output = Result<T, ServiceError>>,
{
    for pause in PAUSES {
        match write().await {
            Err(ServiceError::Store(error)) => {
                tracing::warn!(%error, ?pause, "an answer is not written down yet");
                tokio::time::sleep(pause).await;
            }
            done => return done,
        }
    }
    write().await
}
