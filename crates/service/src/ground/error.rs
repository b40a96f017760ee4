//! What can fail everywhere.

use reelroom_store::StoreError;

/// A use case did not work for a reason that its caller cannot mend.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// There is no such thing.
    #[error("not found")]
    NotFound,
    /// The account's role does not allow it.
    #[error("not allowed for this account")]
    Forbidden,
    /// The database did not answer, or held something that cannot be read.
    #[error("database: {0}")]
    Store(#[from] StoreError),
    /// The storage did not answer.
    #[error("storage: {0}")]
    Storage(#[from] object_store::Error),
    /// No app is configured.
    #[error("no anyRTC app is configured: add one in the settings, or start with --sandbox")]
    NoApp,
    /// A secret of an app does not open with this server's key: it is to be set again.
    #[error(transparent)]
    Sealed(#[from] super::secrets::SealError),
    /// A job of ours ended before its work was done.
    #[error("interrupted")]
    Interrupted,
}
