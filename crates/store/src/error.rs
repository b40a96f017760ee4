//! Errors of the store.

use std::{io, path::PathBuf};

use sqlx::migrate::MigrateError;

/// The result of a function of the store.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Why a function of the store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite's file cannot be created or written: fix a setting or the machine.
    #[error("the database file {} cannot be used: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The database cannot be reached or is busy: retry later.
    #[error("the database does not answer")]
    Unavailable(#[source] sqlx::Error),
    /// The database refused a statement, which is a bug: a retry does not help.
    #[error("the database refused a statement")]
    Refused(#[source] sqlx::Error),
    /// The schema could not be migrated: the binary must not go on.
    #[error("the database's schema cannot be brought up to date")]
    Migrate(#[source] MigrateError),
    /// A column holds a value that the domain does not know; nothing was changed.
    #[error("{table}.{column} of {id} cannot be read")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's key as text.
        id: String,
    },
    /// Other transactions took the room and left it several times between two statements: retry.
    #[error("too many changes at once in one room")]
    Contended,
}

impl StoreError {
    /// Whether a retry may succeed.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Contended)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if is_passing(&error) {
            Self::Unavailable(error)
        } else {
            Self::Refused(error)
        }
    }
}

/// Whether a retry of the statement may succeed: no server, no free connection, a lock, a full disk, a
/// shutdown, or a conflict of two transactions.
fn is_passing(error: &sqlx::Error) -> bool {
    use sqlx::Error as E;
    match error {
        E::Io(_) | E::Tls(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed => true,
        E::Database(error) => error.code().is_some_and(|code| {
            if code.len() == 5 {
                // PostgreSQL's classes: connection, rollback, resources, intervention, system; and
                // the timeout for a lock.
                ["08", "40", "53", "57", "58", "55P03"]
                    .iter()
                    .any(|class| code.starts_with(class))
            } else {
                // SQLite: BUSY, LOCKED, NOMEM, IOERR, FULL, CANTOPEN; the upper bits are details.
                code.parse::<u32>()
                    .is_ok_and(|code| [5, 6, 7, 10, 13, 14].contains(&(code & 0xff)))
            }
        }),
        _ => false,
    }
}
