//! Connections to the database, and the turn to write.

use std::{
    fs::OpenOptions,
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sqlx::{
    AnyPool, Executor,
    any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers},
};
use tokio::{
    sync::{AcquireError, OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use url::Url;

use crate::{
    Result, StoreError,
    url::{DatabaseUrl, path_of_calls},
};

/// Settings of each SQLite connection. WAL: readers do not wait for the writer. FULL: a commit returns
/// when it is on the disk. The timeout is for locks of other processes: a backup, a second command.
const SQLITE_EACH: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;";

/// Settings of the connection that appends calls. SQLite's default size of a checkpoint (4 MiB) stays: a
/// larger one delays a group of calls by tens of milliseconds.
const SQLITE_CALLS: &str = "PRAGMA cache_size = -8192;";

/// Settings of a connection that reads. A list of the library reads the same pages of the index for each of its
/// numbers, which are more than fit into the 2 MiB of the default.
const SQLITE_READER: &str = "PRAGMA query_only = ON; PRAGMA cache_size = -8192;";

/// Settings of the connection that writes all else. A group of calls touches some thousand pages: pages
/// that do not fit into the cache are written before the commit and once more with it. The pages that a
/// statement changes are saved in memory until it succeeds, not in a temporary file. A commit checkpoints
/// at 64 MiB only, since other writers wait for it: [`checkpoint`](crate::Store::checkpoint) comes first.
const SQLITE_WRITER: &str = "PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY; \
     PRAGMA wal_autocheckpoint = 16384;";

/// The number of pages in the write-ahead log at which a checkpoint is due: 32 MiB, in place of 4, since a
/// page that many commits have changed is then copied once.
pub(crate) const CHECKPOINT_PAGES: i64 = 8192;

/// Settings of each PostgreSQL connection, whatever those of the server or the role. A commit returns
/// when it is on the disk; a server that also waits for replicas still does. The wait for a lock is
/// limited as the wait for a connection is, so that a call is answered in time that it was not stored. To compile a
/// statement takes longer than to run it.
const POSTGRES_EACH: &str = "SELECT set_config('synchronous_commit', 'on', false) \
     WHERE current_setting('synchronous_commit') = 'off'; SET lock_timeout = '10s'; SET jit = off;";

/// The timeout for a connection, after which the store counts as unavailable.
const PATIENCE: Duration = Duration::from_secs(10);

/// The pools for writing and for reading.
#[derive(Debug, Clone)]
pub(crate) struct Pools {
    pub(crate) writer: AnyPool,
    pub(crate) readers: AnyPool,
    turn: Option<Arc<Turn>>,
    is_background: bool,
}

/// The turn to write on SQLite, which allows one transaction at a time. Unlike SQLite's own lock it is
/// fair.
#[derive(Debug)]
struct Turn {
    semaphore: Arc<Semaphore>,
    /// The turn to wait in the background, where one task at a time does: each other writer has at most one of them
    /// before it.
    background: Arc<Semaphore>,
    /// Each task that waits has a clone.
    waiting: Arc<()>,
}

/// A turn to write, until it is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    _write: OwnedSemaphorePermit,
    _background: Option<OwnedSemaphorePermit>,
}

impl Pools {
    /// The same database for work in the background, over new connections.
    pub(crate) fn in_background(&self) -> Self {
        let again = |pool: &AnyPool| {
            let connect = AnyConnectOptions::clone(&pool.connect_options());
            pool.options().clone().connect_lazy_with(connect)
        };
        let writer = again(&self.writer);
        let readers = match self.turn {
            Some(_) => again(&self.readers),
            None => writer.clone(),
        };
        Self {
            writer,
            readers,
            turn: self.turn.clone(),
            is_background: true,
        }
    }

    /// Waits for the turn to write, if there is one.
    pub(crate) async fn turn(&self) -> Result<Option<Permit>, sqlx::Error> {
        let Some(turn) = &self.turn else {
            return Ok(None);
        };
        let permit = async {
            let background = if self.is_background {
                Some(turn.background.clone().acquire_owned().await?)
            } else {
                None
            };
            let _waiting = turn.waiting.clone();
            let write = turn.semaphore.clone().acquire_owned().await?;
            Ok(Some(Permit {
                _write: write,
                _background: background,
            }))
        };
        let permit = timeout(PATIENCE, permit).await;
        permit
            .map_err(|_| sqlx::Error::PoolTimedOut)?
            .map_err(|_: AcquireError| sqlx::Error::PoolClosed)
    }

    /// Whether a task waits for its turn to write, those behind another one in the background not counted; without
    /// turns always, since one may wait for a lock.
    pub(crate) fn is_awaited(&self) -> bool {
        let turn = self.turn.as_ref();
        turn.is_none_or(|turn| Arc::strong_count(&turn.waiting) > 1)
    }
}

/// The pools of the database, and those of the calls.
pub(crate) async fn connect(url: &DatabaseUrl) -> Result<(Pools, Pools)> {
    install_default_drivers();
    match url {
        DatabaseUrl::Sqlite(path) => {
            refuse_calls_alone(path)?;
            let database = connect_sqlite(path, SQLITE_WRITER).await?;
            let calls = connect_sqlite(&path_of_calls(path), SQLITE_CALLS).await?;
            Ok((database, calls))
        }
        DatabaseUrl::Postgres(url) => {
            let options: AnyConnectOptions = url.as_str().parse()?;
            let writer = pool(10, [POSTGRES_EACH]).connect_with(options).await?;
            let readers = writer.clone();
            let both = Pools {
                writer,
                readers,
                turn: None,
                is_background: false,
            };
            Ok((both.clone(), both))
        }
    }
}

/// Refuses calls without their database, as a restore that broke off leaves them: a new database would understand all
/// of them as if nothing else had been there.
fn refuse_calls_alone(path: &Path) -> Result<()> {
    let calls = path_of_calls(path);
    if path.exists() || !calls.exists() {
        return Ok(());
    }
    let why = format!(
        "it is missing, but {} is there: move that away, then start anew or restore a backup",
        calls.display()
    );
    Err(StoreError::File {
        path: path.to_owned(),
        source: io::Error::new(io::ErrorKind::NotFound, why),
    })
}

async fn connect_sqlite(path: &Path, writing: &'static str) -> Result<Pools> {
    let path = usable(path).map_err(|source| StoreError::File {
        path: path.to_owned(),
        source,
    })?;
    let options = sqlite_options(&path)?;
    // One writer: SQLite allows no more, and the pool is fairer than its lock.
    let writer = pool(1, [SQLITE_EACH, writing])
        // There is no server that could have gone away.
        .test_before_acquire(false)
        .connect_with(options.clone())
        .await?;
    let readers = pool(4, [SQLITE_EACH, SQLITE_READER])
        .test_before_acquire(false)
        .connect_lazy_with(options);
    Ok(Pools {
        writer,
        readers,
        turn: Some(Arc::new(Turn {
            semaphore: Arc::new(Semaphore::new(1)),
            background: Arc::new(Semaphore::new(1)),
            waiting: Arc::default(),
        })),
        is_background: false,
    })
}

/// A pool of connections with these settings.
fn pool<const N: usize>(connections: u32, settings: [&'static str; N]) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .after_connect(move |conn, _| {
            Box::pin(async move {
                for setting in settings {
                    conn.execute(setting).await?;
                }
                Ok(())
            })
        })
}

/// The absolute path of a file, which is created unless it exists. Only our account may read a new one,
/// and SQLite gives the files next to it the same permissions: they hold secrets.
fn usable(path: &Path) -> io::Result<PathBuf> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path)?;
    std::path::absolute(path)
}

/// The options for an absolute path, whose characters with a meaning in a URL are percent-encoded.
fn sqlite_options(path: &Path) -> Result<AnyConnectOptions> {
    let not_absolute = |()| sqlx::Error::Configuration("the path is not absolute".into());
    let url = Url::from_file_path(path).map_err(not_absolute)?;
    Ok(format!("sqlite://{}?mode=rwc", url.path()).parse()?)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use sqlx::Row;

    use super::*;

    #[tokio::test]
    async fn sqlite_is_durable() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.db");
        let url = DatabaseUrl::Sqlite(path.clone());
        let (database, calls) = connect(&url).await.unwrap();
        let pools = [database, calls].map(|pools| [pools.writer, pools.readers]);
        for pool in pools.into_iter().flatten() {
            let mut shown = Vec::new();
            for setting in ["synchronous", "foreign_keys", "busy_timeout"] {
                let sql = sqlx::AssertSqlSafe(format!("PRAGMA {setting}"));
                let row = sqlx::query(sql).fetch_one(&pool).await.unwrap();
                shown.push(row.get::<i64, _>(0));
            }
            assert_eq!(shown, [2, 1, 5000]);
            let mode = sqlx::query("PRAGMA journal_mode").fetch_one(&pool).await;
            assert_eq!(mode.unwrap().get::<String, _>(0), "wal");
        }
        for path in [&path, &path_of_calls(&path)] {
            let mode = path.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[tokio::test]
    async fn a_missing_folder_is_named() {
        let url = DatabaseUrl::Sqlite("/nowhere/at/all.db".into());
        let error = connect(&url).await.unwrap_err();
        assert!(error.to_string().contains("/nowhere/at/all.db"), "{error}");
    }

    #[tokio::test]
    async fn calls_without_their_database_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("half.db");
        let url = DatabaseUrl::Sqlite(path.clone());
        let calls = path_of_calls(&path);
        std::fs::write(&calls, "").unwrap();
        let error = connect(&url).await.unwrap_err().to_string();
        assert!(error.contains(&calls.display().to_string()), "{error}");
        assert!(!path.exists());
        std::fs::remove_file(&calls).unwrap();
        connect(&url).await.unwrap();
        assert!(path.exists() && calls.exists());
    }
}
