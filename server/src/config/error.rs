//! Why the options cannot be used.

use std::path::PathBuf;

/// The options cannot be used. Each message is one line, says what to change, and shows no secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file is not TOML, or names an option that does not exist.
    #[error("{}: {what}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Where and what.
        what: String,
    },
    /// A value that the option does not take.
    #[error("{option}: {what}")]
    Value {
        /// The flag's name.
        option: &'static str,
        /// What it takes instead.
        what: String,
    },
    /// The data folder cannot be made or written.
    #[error("--data-dir: cannot write to {}: {error}", path.display())]
    DataDir {
        /// The folder.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
}
