//! The parts of a backup, and its manifest.

use data_encoding::HEXLOWER;
use reelroom_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The format of backups that are written and read.
pub(super) const FORMAT: u32 = 1;

/// The manifest, written last: a folder without it is no backup.
pub(super) const MANIFEST: &str = "manifest.json";
/// SQLite's database, and the calls beside it.
pub(super) const DATABASE: &str = "reelroom.db";
pub(super) const CALLS: &str = "reelroom.calls.db";
/// The list of the storage: a [`ListedCopy`] on each line.
pub(super) const LIST: &str = "storage.jsonl";

/// The database system of a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackupEngine {
    /// The database is in the backup.
    Sqlite,
    /// The database is dumped by PostgreSQL's own program.
    Postgres,
}

impl BackupEngine {
    /// The names of the parts, without the manifest.
    pub(super) const fn parts(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => &[DATABASE, CALLS, LIST],
            Self::Postgres => &[LIST],
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupPart {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256, hex.
    pub sha256: String,
}

/// The manifest of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The format of the backup.
    pub format: u32,
    /// The version of the program that made it.
    pub version: String,
    /// The database system.
    pub engine: BackupEngine,
    /// The number of the newest migration of the database.
    pub schema: i64,
    /// When it was begun, in milliseconds since 1970 (UTC).
    pub made_at: Timestamp,
    /// The number of copies in the list of the storage.
    pub copies: u64,
    /// The bytes of these copies, which are not in the backup.
    pub copied_bytes: u64,
    /// The other files.
    pub parts: Vec<BackupPart>,
    /// The SHA-256 of the manifest without this, hex.
    pub sha256: String,
}

impl Manifest {
    /// The manifest with its hash.
    pub(super) fn sealed(mut self) -> Result<Self, serde_json::Error> {
        self.sha256.clear();
        let text = serde_json::to_vec(&self)?;
        self.sha256 = HEXLOWER.encode(&Sha256::digest(text));
        Ok(self)
    }
}

/// A line of the list of the storage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ListedCopy {
    pub key: String,
    pub size: u64,
    pub sha256: String,
}
