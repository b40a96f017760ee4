//! The differences between SQLite and PostgreSQL.

use std::{
    fs::OpenOptions,
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use reelroom_domain::search::SearchText;
use serde::Serialize;
use sqlx::{
    AnyConnection, AnyPool, Executor, SqlSafeStr,
    any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers},
    migrate::{Migration, MigrationType, Migrator},
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

/// A connection, in a transaction. Every function that reads or writes takes one.
pub type Conn = AnyConnection;

/// The database system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// A migration: its number, its name, and its text for each engine, from the file of this name in each folder.
macro_rules! migration {
    ($number:literal, $name:literal, $file:literal) => {
        (
            $number,
            $name,
            include_str!(concat!("../../../migrations/sqlite/", $file)),
            include_str!(concat!("../../../migrations/postgres/", $file)),
        )
    };
}

/// The migrations: number, name, and text for each engine.
pub(crate) const MIGRATIONS: &[(i64, &str, &str, &str)] = &[
    migration!(1, "first", "0001_first.sql"),
    migration!(2, "tries", "0002_tries.sql"),
    migration!(3, "copies", "0003_copies.sql"),
    migration!(4, "queue", "0004_queue.sql"),
    migration!(5, "people", "0005_people.sql"),
    migration!(6, "find", "0006_find.sql"),
    migration!(7, "growth", "0007_growth.sql"),
    migration!(8, "backup", "0008_backup.sql"),
    migration!(9, "keep", "0009_keep.sql"),
    migration!(10, "retention", "0010_retention.sql"),
    migration!(11, "signs", "0011_signs.sql"),
    migration!(12, "numbers", "0012_numbers.sql"),
    migration!(13, "shown", "0013_shown.sql"),
];

/// The migrations of SQLite's file of calls. On PostgreSQL its tables belong to the one database.
pub(crate) const MIGRATIONS_OF_CALLS: &[(i64, &str, &str)] = &[
    (
        1,
        "first",
        include_str!("../../../migrations/sqlite-calls/0001_first.sql"),
    ),
    (
        7,
        "growth",
        include_str!("../../../migrations/sqlite-calls/0007_growth.sql"),
    ),
];

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
/// limited as the wait for a connection is, so that a call is answered in time that it was not stored.
const POSTGRES_EACH: &str = "SELECT set_config('synchronous_commit', 'on', false) \
     WHERE current_setting('synchronous_commit') = 'off'; SET lock_timeout = '10s';";

/// The timeout for a connection, after which the store counts as unavailable.
const PATIENCE: Duration = Duration::from_secs(10);

impl Engine {
    pub(crate) const fn of(url: &DatabaseUrl) -> Self {
        match url {
            DatabaseUrl::Sqlite(_) => Self::Sqlite,
            DatabaseUrl::Postgres(_) => Self::Postgres,
        }
    }

    pub(crate) fn of_connection(conn: &Conn) -> Self {
        match conn.backend_name() {
            "SQLite" => Self::Sqlite,
            _ => Self::Postgres,
        }
    }

    /// The statement that begins a transaction that writes. SQLite locks at once: a transaction that
    /// reads first and locks later can fail and cannot be retried. PostgreSQL uses indexes: a write touches few rows of
    /// tables that grow, and during a flood of calls the planner's statistics are too old to show how large they are.
    pub(crate) const fn begin_write(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => {
                "BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; \
                 SET LOCAL enable_mergejoin = off"
            }
        }
    }

    /// The statement that begins a transaction that reads one snapshot of the database.
    pub(crate) const fn begin_read(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    /// The statement that prepares a connection for migrations. PostgreSQL: no timeout for locks, since
    /// another process may be migrating. SQLite: what is sorted for a new index is in a file, not in memory.
    pub(crate) const fn before_migrations(self) -> &'static str {
        match self {
            Self::Sqlite => "PRAGMA temp_store = FILE",
            Self::Postgres => "SET lock_timeout = 0",
        }
    }

    /// The statement that gives a connection memory for the pages of transactions over many thousand rows, of
    /// which each is then written once. Commits are as durable as ever. PostgreSQL needs none.
    pub(crate) const fn before_bulk(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => Some("PRAGMA cache_size = -131072"),
            Self::Postgres => None,
        }
    }

    /// The clause that makes SQLite use this index of a table. PostgreSQL chooses by itself.
    pub(crate) fn indexed_by(self, index: &str) -> String {
        match self {
            Self::Sqlite => format!(" INDEXED BY {index}"),
            Self::Postgres => String::new(),
        }
    }

    /// The end of a statement that locks the rows which it reads of a table until the end of the
    /// transaction. SQLite has one writer and needs no lock.
    pub(crate) fn lock_rows(self, table: &str) -> String {
        match self {
            Self::Sqlite => String::new(),
            Self::Postgres => format!(" FOR UPDATE OF {table}"),
        }
    }

    /// The end of a statement that locks the rows which it reads, and skips those that another transaction
    /// has locked. SQLite has one writer and needs no lock.
    pub(crate) const fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// The database's time, in milliseconds since the epoch.
    pub(crate) const fn now(self) -> &'static str {
        match self {
            Self::Sqlite => "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
            Self::Postgres => "CAST(EXTRACT(EPOCH FROM now()) * 1000 AS BIGINT)",
        }
    }

    /// The table of the texts in a JSON array, which this placeholder stands for; its column is `value`.
    pub(crate) fn texts(self, array: &str) -> String {
        match self {
            Self::Sqlite => format!("json_each({array})"),
            Self::Postgres => format!("json_array_elements_text(CAST({array} AS json))"),
        }
    }

    /// Whether several servers may use the database, and several transactions write, at the same time.
    pub(crate) const fn is_shared(self) -> bool {
        matches!(self, Self::Postgres)
    }

    /// Whether calls have a database of their own.
    pub(crate) const fn has_calls_apart(self) -> bool {
        matches!(self, Self::Sqlite)
    }

    pub(crate) fn migrator(self) -> Migrator {
        migrator(MIGRATIONS.iter().map(|&(number, name, sqlite, postgres)| {
            let sql = match self {
                Self::Sqlite => sqlite,
                Self::Postgres => postgres,
            };
            (number, name, sql)
        }))
    }

    /// The migrator of the calls, where they have a database of their own.
    pub(crate) fn migrator_of_calls(self) -> Option<Migrator> {
        self.has_calls_apart()
            .then(|| migrator(MIGRATIONS_OF_CALLS.iter().copied()))
    }
}

fn migrator(all: impl Iterator<Item = (i64, &'static str, &'static str)>) -> Migrator {
    let kind = MigrationType::Simple;
    let all = all.map(|(number, name, sql)| {
        Migration::new(number, name.into(), kind, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(all.collect())
}

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

/// Text that both engines can store: PostgreSQL cannot store NUL, which becomes U+FFFD.
/// Raw bodies are bytes and keep it.
pub(crate) fn text(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// The subquery of the texts in a JSON array, for which the placeholder `array` stands.
pub(crate) fn listed(conn: &Conn, array: &str) -> String {
    let texts = Engine::of_connection(conn).texts(array);
    format!("(SELECT value FROM {texts})")
}

/// A value as JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<String, sqlx::Error> {
    let text_of =
        serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(error.into()))?;
    Ok(text(&text_of))
}

/// The key by which text is compared without regard to case. In Rust, because SQLite folds only ASCII.
pub(crate) fn key(name: &str) -> String {
    text(name).to_lowercase()
}

/// A `LIKE … ESCAPE '\'` pattern for keys that contain `search`; `None` without a search.
pub(crate) fn containing(search: Option<&SearchText>) -> Option<String> {
    search.map(|search| pattern(&key(search.as_str())))
}

/// A `LIKE … ESCAPE '\'` pattern for texts that contain `part`.
pub(crate) fn pattern(part: &str) -> String {
    let mut pattern = String::from("%");
    for letter in part.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use sqlx::Row;

    use super::*;

    #[test]
    fn every_migration_is_in_the_binary_for_both_engines() {
        let all = || MIGRATIONS.iter().map(|(number, name, ..)| (number, name));
        let calls = MIGRATIONS_OF_CALLS
            .iter()
            .map(|(number, name, _)| (number, name));
        for (engine, embedded) in [
            ("sqlite", all().collect::<Vec<_>>()),
            ("postgres", all().collect()),
            ("sqlite-calls", calls.collect()),
        ] {
            let folder = format!("{}/../../migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
            let mut names: Vec<String> = std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            let embedded: Vec<String> = embedded
                .into_iter()
                .map(|(number, name)| format!("{number:04}_{name}.sql"))
                .collect();
            assert_eq!(names, embedded, "{engine}");
        }
    }

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

    #[test]
    fn a_search_is_literal() {
        let pattern = |typed| containing(SearchText::parse(typed).as_ref());
        assert_eq!(pattern(" 50%_A\\ "), Some(r"%50\%\_a\\%".into()));
        assert_eq!(pattern("  "), None);
    }
}
