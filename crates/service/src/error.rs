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
    Sealed(#[from] crate::secrets::SealError),
    /// A job of ours ended before its work was done.
    #[error("interrupted")]
    Interrupted,
}

/// The service cannot do its work.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// The database or the storage does not answer.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// These background jobs make no progress.
    #[error("stuck: {}", .0.join(", "))]
    Stuck(Vec<&'static str>),
}

/// The service could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database.
    #[error("database: {0}")]
    Store(#[from] StoreError),
    /// The storage.
    #[error("storage: {0}")]
    Storage(#[from] object_store::Error),
    /// The storage's folder.
    #[error("storage folder {0}: {1}")]
    Folder(std::path::PathBuf, std::io::Error),
    /// The file of the key that seals secrets.
    #[error("secret key {0}: {1}")]
    SecretKey(std::path::PathBuf, std::io::Error),
    /// A thread.
    #[error("thread: {0}")]
    Thread(std::io::Error),
    /// The HTTP client for the platform.
    #[error("HTTP client: {0}")]
    Client(#[from] reelroom_anyrtc::client::ClientError),
    /// The HTTP client for files.
    #[error("HTTP client: {0}")]
    Http(#[from] reqwest::Error),
    /// An account.
    #[error("account: {0}")]
    User(#[from] crate::UserError),
    /// Anything else that a use case met.
    #[error(transparent)]
    Service(#[from] ServiceError),
}
