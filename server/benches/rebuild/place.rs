//! The measured binary.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use reelroom_store::{DatabaseUrl, testing::Databases};
use tempfile::TempDir;

/// A database without recordings, the folder of all else, and the storage.
pub struct Place {
    database: DatabaseUrl,
    folder: TempDir,
    files: PathBuf,
}

impl Place {
    /// A new one beside a storage, on PostgreSQL if its databases are given.
    pub fn new(on: Option<&Databases>, files: &Path, parent: &Path) -> Result<Self> {
        let folder = TempDir::new_in(parent)?;
        let sqlite = || DatabaseUrl::Sqlite(folder.path().join("reelroom.db"));
        Ok(Self {
            database: on.map_or_else(sqlite, Databases::another),
            folder,
            files: files.to_owned(),
        })
    }

    /// A file of the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The binary with the options that say where all is.
    fn command(&self, arguments: &[&str]) -> Command {
        let binary = std::env::var_os("REELROOM_BINARY");
        let binary = binary.map_or_else(|| env!("CARGO_BIN_EXE_reelroom").into(), PathBuf::from);
        // Displayed, the URL has no password and no parameters.
        let url = match &self.database {
            DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => url.to_string(),
        };
        let mut command = Command::new(binary);
        command
            .args(arguments)
            .env("REELROOM_DATA_DIR", self.folder.path())
            .env("REELROOM_DATABASE_URL", url)
            .env(
                "REELROOM_STORAGE_URL",
                format!("file:{}", self.files.display()),
            )
            .env("RUST_LOG", "error");
        command
    }

    /// Runs a command that must say `told`; returns how long it took.
    pub fn run(&self, arguments: &[&str], told: &str) -> Result<Duration> {
        let begun = Instant::now();
        let done = self.command(arguments).stderr(Stdio::inherit()).output()?;
        let took = begun.elapsed();
        let printed = String::from_utf8_lossy(&done.stdout);
        let is_well = done.status.success() && printed.contains(told);
        ensure!(is_well, "{arguments:?}: {}, {printed}", done.status);
        Ok(took)
    }
}
