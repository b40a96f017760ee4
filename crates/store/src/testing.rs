//! For tests: a PostgreSQL of a test's own, started here in a folder of its own and stopped when
//! dropped; empty databases of either kind; and a look at all that one holds.

use std::{
    collections::HashMap,
    ffi::OsStr,
    fs::File,
    io,
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread::sleep,
    time::{Duration, Instant},
};

use reelroom_domain::{
    callback::Verdict,
    ids::{CallId, RecordingId},
};
use sqlx::{AssertSqlSafe, Row, query};
use tempfile::TempDir;

use crate::{
    BadDatabaseUrl, Conn, DatabaseUrl, Store,
    calls::{self, Call},
    engine::Engine,
    inbox::{self, Entry, Filter},
};

/// The account in the database. Nobody else can reach the socket, so it has no password.
const USER: &str = "reelroom";

/// How long a start may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// Why there is no PostgreSQL for a test.
#[derive(Debug, thiserror::Error)]
pub enum NoPostgres {
    /// It is not installed.
    #[error("PostgreSQL's `{0}` is neither in /usr/lib/postgresql/*/bin nor on the PATH")]
    NotInstalled(&'static str),
    /// We are root, PostgreSQL refuses to be, and there is no account to lend it.
    #[error("PostgreSQL does not run as root, and there is no account `postgres` or `nobody`")]
    NoAccount,
    /// A program of it failed, and said this.
    #[error("{0}: {1}")]
    Failed(&'static str, String),
    /// A folder or program could not be used.
    #[error("PostgreSQL for a test: {0}")]
    Io(#[from] io::Error),
    /// Its folder has a name that a URL cannot hold.
    #[error(transparent)]
    Url(#[from] BadDatabaseUrl),
}

/// A running PostgreSQL, reached by a socket in a temporary folder.
#[derive(Debug)]
pub struct Postgres {
    server: Child,
    programs: Programs,
    folder: TempDir,
}

#[derive(Debug)]
struct Programs {
    folder: PathBuf,
    /// Whom to run as: user and group.
    account: Option<(u32, u32)>,
    workplace: PathBuf,
}

impl Postgres {
    /// Makes a cluster and starts it; some seconds.
    pub fn start() -> Result<Self, NoPostgres> {
        let folder = tempfile::Builder::new().prefix("reelroom-pg-").tempdir()?;
        let account = if folder.path().metadata()?.uid() == 0 {
            let (user, group) = unprivileged()?;
            chown(folder.path(), Some(user), Some(group))?;
            Some((user, group))
        } else {
            None
        };
        let programs = Programs {
            folder: installed()?,
            account,
            workplace: folder.path().to_owned(),
        };
        programs.run(
            "initdb",
            &[
                "--pgdata=data",
                "--username",
                USER,
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
            ],
        )?;
        let log = File::create(folder.path().join("log"))?;
        let server = programs
            .command("postgres")
            // No port of the machine, only the socket. Nothing here outlives the test: no fsync.
            .args(["-D", "data", "-p", "5432", "-c", "listen_addresses="])
            .args(["-c", "fsync=off", "-c", "max_connections=50", "-k"])
            .arg(folder.path())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let mut postgres = Self {
            server,
            programs,
            folder,
        };
        postgres.wait_until_ready()?;
        Ok(postgres)
    }

    /// Makes a database of that name and says where it is. `name`: letters, digits, underscores.
    pub fn database(&self, name: &str) -> Result<DatabaseUrl, NoPostgres> {
        let socket = self.folder.path().to_string_lossy();
        self.programs
            .run("createdb", &["-h", &socket, "-p", "5432", "-U", USER, name])?;
        let url = format!("postgres://{USER}@localhost:5432/{name}?host={socket}");
        Ok(url.parse()?)
    }

    fn wait_until_ready(&mut self) -> Result<(), NoPostgres> {
        let socket = self.folder.path().to_string_lossy().into_owned();
        let begun = Instant::now();
        loop {
            let asked = self
                .programs
                .run("pg_isready", &["-h", &socket, "-p", "5432"]);
            match asked {
                Ok(()) => return Ok(()),
                Err(error @ (NoPostgres::Io(_) | NoPostgres::NotInstalled(_))) => {
                    return Err(error);
                }
                Err(_) if self.server.try_wait()?.is_none() && begun.elapsed() < PATIENCE => {
                    sleep(Duration::from_millis(50));
                }
                Err(_) => {
                    let log = std::fs::read_to_string(self.folder.path().join("log"))?;
                    return Err(NoPostgres::Failed("postgres", log));
                }
            }
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // `immediate`: no checkpoint for data that is deleted next.
        let stopped = self
            .programs
            .run("pg_ctl", &["stop", "--pgdata=data", "--mode=immediate"]);
        if stopped.is_err() {
            // Nothing more can be done about a failure here.
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
    }
}

impl Programs {
    fn command(&self, program: &'static str) -> Command {
        let mut command = Command::new(self.folder.join(program));
        command
            .current_dir(&self.workplace)
            .env("LC_ALL", "C")
            .env_remove("PGOPTIONS")
            .stdin(Stdio::null());
        if let Some((user, group)) = self.account {
            command.uid(user).gid(group);
        }
        command
    }

    fn run(&self, program: &'static str, arguments: &[&str]) -> Result<(), NoPostgres> {
        let output = self.command(program).args(arguments).output()?;
        if output.status.success() {
            return Ok(());
        }
        let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
        said.push_str(&String::from_utf8_lossy(&output.stderr));
        Err(NoPostgres::Failed(program, said))
    }
}

/// The folder of the newest PostgreSQL's programs.
fn installed() -> Result<PathBuf, NoPostgres> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    folders.sort_by_key(|folder| {
        let version = folder.file_name().and_then(OsStr::to_str);
        version.and_then(|version| version.parse::<u32>().ok())
    });
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders
        .into_iter()
        .rev()
        .map(|folder| folder.join("bin"))
        .chain(std::env::split_paths(&path))
        .find(|folder| has(folder, "initdb") && has(folder, "postgres"))
        .ok_or(NoPostgres::NotInstalled("initdb"))
}

fn has(folder: &Path, program: &str) -> bool {
    folder.join(program).is_file()
}

/// The user and group that PostgreSQL runs as where we are root.
fn unprivileged() -> Result<(u32, u32), NoPostgres> {
    let accounts = std::fs::read_to_string("/etc/passwd")?;
    ["postgres", "nobody"]
        .into_iter()
        .find_map(|name| {
            let line = accounts
                .lines()
                .find(|line| line.split(':').next() == Some(name))?;
            let mut columns = line.split(':').skip(2);
            Some((columns.next()?.parse().ok()?, columns.next()?.parse().ok()?))
        })
        .ok_or(NoPostgres::NoAccount)
}

/// Databases of a test's own, all of one kind, gone when this is dropped.
#[derive(Debug)]
pub struct Databases {
    place: Place,
    made: AtomicU32,
}

#[derive(Debug)]
enum Place {
    Folder(TempDir),
    Server(Postgres),
}

impl Databases {
    /// SQLite's.
    ///
    /// # Panics
    ///
    /// Where no folder can be made.
    #[must_use]
    pub fn on_sqlite() -> Self {
        Self::at(Place::Folder(TempDir::new().expect("a folder")))
    }

    /// PostgreSQL's, started for them.
    ///
    /// # Panics
    ///
    /// Where it cannot be.
    #[must_use]
    pub fn on_postgres() -> Self {
        Self::at(Place::Server(
            Postgres::start().unwrap_or_else(|why| panic!("{why}")),
        ))
    }

    const fn at(place: Place) -> Self {
        let made = AtomicU32::new(0);
        Self { place, made }
    }

    /// An empty one.
    ///
    /// # Panics
    ///
    /// Where it is refused.
    pub fn another(&self) -> DatabaseUrl {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        match &self.place {
            Place::Folder(folder) => {
                DatabaseUrl::Sqlite(folder.path().join(format!("{number}.db")))
            }
            Place::Server(postgres) => postgres
                .database(&format!("test_{number}"))
                .unwrap_or_else(|why| panic!("{why}")),
        }
    }
}

/// All that a database holds, a line a row, the same for the same content; without these columns.
///
/// # Panics
///
/// Where it cannot be read.
pub async fn dump(store: &Store, without: &[&str]) -> String {
    const TABLES: [&str; 13] = [
        "apps",
        "expected_tracks",
        "file_versions",
        "files",
        "history",
        "inbox",
        "meetings",
        "participants",
        "recordings",
        "room_status",
        "rooms",
        "settings",
        "turned_away",
    ];
    const TABLES_OF_CALLS: [&str; 2] = ["calls", "waiting"];
    let mut database = store.read().await.expect("a reader");
    let mut calls = store.read_calls().await.expect("a reader of calls");
    let mut lines = Vec::new();
    for table in TABLES.into_iter().chain(TABLES_OF_CALLS) {
        let read = if TABLES_OF_CALLS.contains(&table) {
            &mut calls
        } else {
            &mut database
        };
        let mut columns = columns(read, table).await;
        columns.retain(|column| !without.contains(&column.as_str()));
        let sql = AssertSqlSafe(format!("SELECT {} FROM {table}", columns.join(", ")));
        let rows = query(sql).fetch_all(&mut **read).await.expect("the rows");
        for row in rows {
            let mut line = vec![table.to_owned()];
            for (at, column) in columns.iter().enumerate() {
                let value = row
                    .try_get::<Option<String>, _>(at)
                    .map(|value| format!("{value:?}"))
                    .or_else(|_| row.try_get::<Option<i64>, _>(at).map(|n| format!("{n:?}")))
                    .or_else(|_| {
                        row.try_get::<Option<Vec<u8>>, _>(at)
                            .map(|b| format!("{b:?}"))
                    })
                    .expect("text, a number or bytes");
                line.push(format!("{column}={value}"));
            }
            lines.push(line.join(" "));
        }
    }
    lines.sort_unstable();
    lines.join("\n")
}

/// A call, and how it was understood, if it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCall {
    /// The call.
    pub call: Call,
    /// Its entry of the inbox.
    pub entry: Option<Entry>,
}

impl KnownCall {
    /// How it was understood.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        Some(self.entry.as_ref()?.understood.verdict)
    }

    /// Why so.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.entry.as_ref()?.understood.reason.as_deref()
    }

    /// The recording that it belongs to.
    #[must_use]
    pub fn recording(&self) -> Option<RecordingId> {
        self.entry.as_ref()?.understood.recording
    }
}

/// Every call in the order of arrival.
///
/// # Panics
///
/// Where one cannot be read.
pub async fn all_calls(store: &Store) -> Vec<KnownCall> {
    let mut read = store.read_calls().await.expect("a reader of calls");
    let calls = calls::all(&mut read).await.expect("the calls");
    drop(read);
    let mut read = store.read().await.expect("a reader");
    let lines = inbox::page(&mut read, Filter::default(), None, u32::MAX).await;
    let lines = lines.expect("the entries").into_iter();
    let mut entries: HashMap<_, _> = lines.map(|line| (line.entry.id, line.entry)).collect();
    calls
        .into_iter()
        .map(|call| KnownCall {
            entry: entries.remove(&call.id),
            call,
        })
        .collect()
}

/// How many calls wait.
///
/// # Panics
///
/// Where they cannot be counted.
pub async fn count_waiting(store: &Store) -> u32 {
    let mut read = store.read_calls().await.expect("a reader of calls");
    let count = calls::count_waiting(&mut read, CallId::default(), u32::MAX).await;
    count.expect("the calls that wait")
}

/// The names of every table of ours.
#[cfg(test)]
pub(crate) async fn tables(conn: &mut Conn) -> Vec<String> {
    let rows = query(match Engine::of_connection(conn) {
        Engine::Sqlite => {
            "SELECT name FROM sqlite_master
             WHERE type = 'table' AND name NOT LIKE '%sqlite%' AND name NOT LIKE '%sqlx%'"
        }
        Engine::Postgres => {
            "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables
             WHERE schemaname = 'public' AND tablename NOT LIKE '%sqlx%'"
        }
    });
    let rows = rows.fetch_all(conn).await.expect("the tables");
    rows.iter().map(|row| row.get("name")).collect()
}

/// The names of a table's columns, in their order.
async fn columns(conn: &mut Conn, table: &str) -> Vec<String> {
    let sql = match Engine::of_connection(conn) {
        Engine::Sqlite => "SELECT name FROM pragma_table_xinfo($1) ORDER BY cid",
        Engine::Postgres => {
            "SELECT CAST(column_name AS TEXT) AS name FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position"
        }
    };
    let rows = query(sql).bind(table).fetch_all(conn).await;
    let rows = rows.expect("the columns");
    rows.iter().map(|row| row.get("name")).collect()
}

/// Runs a statement that no part of the product would.
///
/// # Panics
///
/// Where it is refused.
pub async fn execute(store: &Store, sql: &'static str) {
    let mut write = store.write().await.expect("the writer");
    query(sql)
        .execute(&mut *write)
        .await
        .expect("the statement");
    write.commit().await.expect("the commit");
}
