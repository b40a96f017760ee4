//! Why a backup is not made or not restored.

use std::{io, path::PathBuf};

use reelroom_store::StoreError;

use crate::StorageError;

/// A backup is not made, or not restored. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Something is there already: choose another place.
    #[error("{} is there already, and nothing is overwritten", .0.display())]
    Exists(PathBuf),
    /// A name of an archive that is not made: choose another name.
    #[error("{} is not made: a backup is a file that ends in .tar, or a folder", .0.display())]
    OtherArchive(PathBuf),
    /// There is no database to back up, or, on PostgreSQL, none to check.
    #[error("there is no database yet")]
    NoDatabase,
    /// It is no backup, or not a whole one.
    #[error("{} is no whole backup: {why}", path.display())]
    NotWhole {
        /// The backup.
        path: PathBuf,
        /// The part that is missing or differs.
        why: String,
    },
    /// The backup is of the other database system.
    #[error("it is a backup of {0}: set --database-url to such a database")]
    OtherEngine(&'static str),
    /// A file or a folder.
    #[error("{}: {source}", path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The database.
    #[error("database: {0}")]
    Store(#[from] StoreError),
    /// The storage cannot be opened.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The storage does not answer.
    #[error("storage: {0}")]
    Objects(#[from] object_store::Error),
    /// A task ended before its result.
    #[error("interrupted")]
    Interrupted,
}

impl BackupError {
    /// The error of a file.
    pub(super) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}
