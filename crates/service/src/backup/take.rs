//! Makes a backup while the server runs.

use std::{
    io,
    path::{Path, absolute},
};

use reelroom_domain::time::Timestamp;
use reelroom_store::{DatabaseUrl, Store, StoreError};

use super::{
    copies::{self, Listed},
    error::BackupError,
    manifest::{BackupEngine, CALLS, DATABASE, FORMAT, LIST, Manifest},
    parts::{self, blocking},
};
use crate::{
    StorageLocation,
    ground::{crash, storage::Storage},
};

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// Its manifest.
    pub manifest: Manifest,
    /// The keys of copies that the database has and the storage has not.
    pub missing: Vec<String>,
}

/// Backs up the database and the list of the storage to `to`, where nothing is: a tar archive where the name ends in
/// `.tar`, else a folder. The database is not migrated, and others may write meanwhile. PostgreSQL's is not in the
/// backup.
pub async fn back_up(
    database: &DatabaseUrl,
    storage: &StorageLocation,
    to: &Path,
    now: Timestamp,
) -> Result<BackedUp, BackupError> {
    let to = absolute(to).map_err(BackupError::file(to))?;
    parts::refuse_existing(&to)?;
    parts::refuse_other_archive(&to)?;
    if let DatabaseUrl::Sqlite(path) = database
        && !path.is_file()
    {
        return Err(BackupError::NoDatabase);
    }
    let storage = Storage::open(storage)?;
    let folder = parts::unfinished(&to)?;
    let store = Store::connect(database).await?;
    let made = copy(&store, &storage, folder.path()).await;
    store.close().await;
    let (engine, schema, listed) = made?;
    let backed_up = blocking(move || {
        if engine == BackupEngine::Sqlite {
            parts::refuse_open(&folder.path().join(DATABASE))?;
            parts::refuse_open(&folder.path().join(CALLS))?;
        }
        crash::point("backup-listed");
        let manifest = Manifest {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            engine,
            schema,
            made_at: now,
            copies: listed.copies,
            copied_bytes: listed.bytes,
            parts: parts::describe(folder.path(), engine.parts())?,
            sha256: String::new(),
        };
        let manifest = manifest.sealed().map_err(io::Error::from);
        let manifest = manifest.map_err(BackupError::file(&to))?;
        crash::point("backup-hashed");
        parts::finish(folder, &manifest, &to)?;
        Ok(BackedUp {
            manifest,
            missing: listed.missing,
        })
    });
    backed_up.await
}

/// Copies what belongs into a backup.
async fn copy(
    store: &Store,
    storage: &Storage,
    folder: &Path,
) -> Result<(BackupEngine, i64, Listed), BackupError> {
    let schema = schema_of(store).await?;
    let list = folder.join(LIST);
    if store.is_shared() {
        let listed = copies::list(store, storage, &list).await?;
        return Ok((BackupEngine::Postgres, schema, listed));
    }
    let database = folder.join(DATABASE);
    store.copy_to(&database).await?;
    crash::point("backup-copied");
    // The list is that of the copied rows.
    let copied = Store::connect(&DatabaseUrl::Sqlite(database)).await?;
    let listed = copies::list(&copied, storage, &list).await;
    copied.close().await;
    Ok((BackupEngine::Sqlite, schema, listed?))
}

/// The schema of a database that has one.
pub(super) async fn schema_of(store: &Store) -> Result<i64, BackupError> {
    match store.schema().await {
        Err(StoreError::Refused(_)) => Err(BackupError::NoDatabase),
        schema => Ok(schema?),
    }
}
