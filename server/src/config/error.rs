//! The errors of options.

use std::path::PathBuf;

/// The error of options. Each message is one line, tells what to change, and contains no secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The cause.
        error: std::io::Error,
    },
    /// The file is not TOML, or names an option that does not exist.
    #[error("{}: {what}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The error and its place.
        what: String,
    },
    /// An invalid value.
    #[error("{option}: {what}")]
    Value {
        /// The flag's name.
        option: &'static str,
        /// The expected values.
        what: String,
    },
    /// There is no data where a command needs some.
    #[error("{0} is not there, and nothing was made: check --data-dir and --database-url")]
    NoData(String),
    /// The data folder cannot be made or written.
    #[error("--data-dir: cannot write to {}: {error}", path.display())]
    DataDir {
        /// The folder.
        path: PathBuf,
        /// The cause.
        error: std::io::Error,
    },
}
