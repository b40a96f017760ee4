//! Brings a backup back into an empty place, and checks it.

use std::{
    env,
    path::{Path, absolute},
};

use reelroom_domain::{certificate::DeletedWhy, time::Timestamp, usage::DAY};
use reelroom_store::{
    DatabaseUrl, Store, StoreError, path_of_calls, purges, recordings::keep, retention,
};

use super::{
    copies,
    error::BackupError,
    manifest::{BackupEngine, CALLS, DATABASE, LIST, Manifest},
    parts::{self, blocking},
    report::CopiesReport,
    take::schema_of,
};
use crate::{
    StorageLocation,
    ground::{crash, storage::Storage},
};

/// The days for which nothing of the trash is purged after a restore: people may have restored it, or put it on hold,
/// since the backup.
pub const DAYS_AFTER_RESTORE: i64 = 7;

/// A backup that was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Its manifest.
    pub manifest: Manifest,
    /// How the copies in the storage agree with the database.
    pub copies: CopiesReport,
    /// The number of deletions that were due earlier than [`DAYS_AFTER_RESTORE`], and are due then: of recordings, and
    /// of files of a kind.
    pub postponed: u64,
}

/// Restores the backup `from`, of which every hash is verified first, and migrates the schema. SQLite: its files are
/// created, and must not be there. PostgreSQL: the database is there already, from its dump. What is due to be deleted
/// is due [`DAYS_AFTER_RESTORE`] after `now`. Then the copies of the database are compared with the storage, and with
/// their content if `reads_copies`.
pub async fn restore(
    database: &DatabaseUrl,
    storage: &StorageLocation,
    from: &Path,
    reads_copies: bool,
    now: Timestamp,
) -> Result<Restored, BackupError> {
    let target = match database {
        DatabaseUrl::Sqlite(path) => Some(absolute(path).map_err(BackupError::file(path))?),
        DatabaseUrl::Postgres(_) => None,
    };
    if let Some(target) = &target {
        refuse_database(target)?;
    }
    let beside = target.clone();
    let beside = beside.unwrap_or_else(|| env::temp_dir().join(DATABASE));
    let folder = parts::unfinished(&beside)?;
    let (from, into) = (from.to_owned(), folder.path().to_owned());
    let manifest = blocking(move || parts::fetch(&from, &into)).await?;
    crash::point("restore-fetched");
    let unpacked = match (manifest.engine, &target) {
        (BackupEngine::Sqlite, Some(_)) => DatabaseUrl::Sqlite(folder.path().join(DATABASE)),
        (BackupEngine::Postgres, None) => database.clone(),
        (engine, _) => return Err(BackupError::OtherEngine(engine.name())),
    };
    let storage = Storage::open(storage)?;
    let store = Store::connect(&unpacked).await?;
    let checked = check(&store, &storage, folder.path(), reads_copies, now).await;
    store.close().await;
    let (copies, postponed) = checked?;
    crash::point("restore-checked");
    if let Some(target) = target {
        blocking(move || place(folder.path(), &target)).await?;
    }
    Ok(Restored {
        manifest,
        copies,
        postponed,
    })
}

/// Migrates the database, postpones its deletions, and compares its copies with the storage. Returns how many deletions
/// are postponed.
async fn check(
    store: &Store,
    storage: &Storage,
    folder: &Path,
    reads: bool,
    now: Timestamp,
) -> Result<(CopiesReport, u64), BackupError> {
    schema_of(store).await?;
    store.migrate().await?;
    let postponed = postpone(store, now.plus_millis(DAYS_AFTER_RESTORE * DAY)).await?;
    let copies = copies::compare(store, storage, &folder.join(LIST), reads).await?;
    Ok((copies, postponed))
}

/// Postpones all deletions until `until` at least, and forgets which ones people wanted at once. Those that have begun
/// go on: they cannot be held.
async fn postpone(store: &Store, until: Timestamp) -> Result<u64, StoreError> {
    let mut tx = store.write().await?;
    let postponed =
        keep::postpone(&mut tx, until).await? + retention::postpone(&mut tx, until).await?;
    for (id, why) in purges::not_begun(&mut tx).await? {
        if why.asked.is_none() {
            continue;
        }
        if why.rule.is_none() {
            purges::remove(&mut tx, id).await?;
            continue;
        }
        // As the rule left it.
        let why = DeletedWhy {
            rule: why.rule,
            trashed: why.trashed,
            ..DeletedWhy::default()
        };
        purges::ask(&mut tx, id, &why).await?;
    }
    tx.commit().await?;
    Ok(postponed)
}

/// Refuses a place with a file of a database.
fn refuse_database(path: &Path) -> Result<(), BackupError> {
    for file in [path.to_owned(), path_of_calls(path)] {
        parts::refuse_existing(&file)?;
        parts::refuse_existing(&parts::log_of(&file))?;
    }
    Ok(())
}

/// Moves the files of the database to their place, where nothing is. The calls come first: a database without them
/// would give their numbers to new ones. Calls without a database, which a crash leaves, are refused at each start.
fn place(folder: &Path, target: &Path) -> Result<(), BackupError> {
    let [calls, database] = [CALLS, DATABASE].map(|name| folder.join(name));
    let moves = [
        (calls, path_of_calls(target), "restore-calls-placed"),
        (database, target.to_owned(), "restore-placed"),
    ];
    for (file, ..) in &moves {
        parts::refuse_open(file)?;
        parts::sync(file).map_err(BackupError::file(file))?;
    }
    for (file, to, point) in moves {
        parts::put(&file, &to)?;
        crash::point(point);
    }
    Ok(())
}
