//! The errors that every use case may have.

use std::error::Error;

use reelroom_store::StoreError;

/// A failure that the caller of a use case cannot fix.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The item does not exist.
    #[error("not found")]
    NotFound,
    /// The account's role does not allow it.
    #[error("not allowed for this account")]
    Forbidden,
    /// The recording is in the trash, and the account may restore it.
    #[error("in the trash")]
    InTrash,
    /// The recording is being deleted for good, or was, and the account may know.
    #[error("deleted for good")]
    Purged,
    /// No room is granted to the account.
    #[error("no room is granted to this account")]
    NothingGranted,
    /// The database is unavailable, or a row is invalid.
    #[error("database: {0}")]
    Store(#[from] StoreError),
    /// The storage is unavailable.
    #[error("storage: {0}")]
    Storage(#[from] object_store::Error),
    /// No app is configured.
    #[error("no anyRTC app is configured: add one in the settings, or start with --sandbox")]
    NoApp,
    /// A secret of an app was encrypted with another key; it must be entered again.
    #[error(transparent)]
    Sealed(#[from] super::secrets::SealError),
    /// A task ended before its result.
    #[error("interrupted")]
    Interrupted,
}

/// The result of a search for an item that must exist.
pub(crate) trait Found<T> {
    /// The item; [`ServiceError::NotFound`] if it does not exist.
    fn found(self) -> Result<T, ServiceError>;
}

impl<T> Found<T> for Option<T> {
    fn found(self) -> Result<T, ServiceError> {
        self.ok_or(ServiceError::NotFound)
    }
}

/// The message of the innermost cause of an error.
pub(crate) fn innermost(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

/// The messages of an error and of its causes, without those that are repeated.
pub(crate) fn in_one_line(error: &dyn Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        let words = deeper.to_string();
        if !line.contains(&words) {
            line = format!("{line}: {words}");
        }
        cause = deeper.source();
    }
    line
}
