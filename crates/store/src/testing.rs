//! Support for tests: databases of a test's own on either engine, and their content.
//!
//! All tests of a run share one PostgreSQL server. It runs in a folder for this checkout below the
//! temporary one. The first test that needs it starts it, and its shell stops it some time after
//! the last process has released the folder's lock.

pub mod bench;

use std::{
    collections::{HashMap, hash_map::RandomState},
    env, fs,
    fs::{DirBuilder, File},
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
    os::unix::{
        fs::{DirBuilderExt, MetadataExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use reelroom_domain::{
    callback::Verdict,
    ids::{AppId, CallId, Ids, RecordingId},
    ledger::Patience,
    meeting::{RoomEvent, What},
    room::RoomId,
    time::Timestamp,
    understanding::{Meaning, ReadCall, StatusCall, decide},
};
use sqlx::{
    AnyConnection, AssertSqlSafe, Connection, Executor, Row, any::install_default_drivers, query,
    query_scalar,
};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{
    Conn, DatabaseUrl, Store, StoreError, Write,
    calls::{self, Call},
    engine::Engine,
    inbox::{self, Entry, Filter},
    understanding,
};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The account in the database. Only this machine account can reach the socket, so it has no
/// password.
const USER: &str = "reelroom";

/// Timeout of the server's start.
const PATIENCE: Duration = Duration::from_mins(1);

/// Listens on the socket only, with connections for many tests at once.
const SETTINGS: [&str; 2] = ["listen_addresses=", "max_connections=300"];

/// No data outlives the tests, so nothing is synced.
const NOT_DURABLE: [&str; 4] = [
    "shared_buffers=32MB",
    "fsync=off",
    "full_page_writes=off",
    "autovacuum=off",
];

/// Runs the server, and stops it when it is unused. The lock keeps new users out meanwhile.
const KEEPER: &str = r#"
"$@" >log 2>&1 &
exec 9<.
while sleep 20 && kill -0 $!; do
    if flock --nonblock 9; then
        kill -QUIT $!
        wait $!
        rm -rf data
        exit
    fi
done"#;

/// The server, which runs at least as long as this value exists.
#[derive(Debug)]
struct Postgres {
    folder: PathBuf,
    /// The migrated database that is copied for each test; one for each schema.
    template: String,
    _in_use: File,
}

impl Postgres {
    fn share(parent: &Path, settings: &[&str]) -> Result<Self, Failure> {
        let stable = BuildHasherDefault::<DefaultHasher>::new();
        let us = tempfile::tempfile()?.metadata()?.uid();
        let checkout = stable.hash_one(env!("CARGO_MANIFEST_DIR"));
        let folder = parent.join(format!("reelroom-postgres-{us}-{checkout:x}"));
        // PostgreSQL refuses to run as root.
        let account = (us == 0).then(unprivileged).transpose()?;
        DirBuilder::new()
            .mode(0o700)
            .recursive(true)
            .create(&folder)?;
        if let Some((user, group)) = account {
            chown(&folder, Some(user), Some(group))?;
        }
        let in_use = File::open(&folder)?;
        in_use.lock_shared()?;
        let schema: Vec<_> = Engine::Postgres.migrator().iter().cloned().collect();
        let schema = stable.hash_one(format!("{schema:?}"));
        let postgres = Self {
            folder,
            template: format!("template_{schema:x}"),
            _in_use: in_use,
        };
        // One process at a time, until the lock is dropped.
        let preparing = File::create(postgres.folder.join("preparing"))?;
        preparing.lock()?;
        if run(|| postgres.connect()).is_err() {
            postgres.start(account, settings)?;
        }
        run(|| postgres.prepare())?;
        Ok(postgres)
    }

    fn start(&self, account: Option<(u32, u32)>, settings: &[&str]) -> Result<(), Failure> {
        let data = self.folder.join("data");
        if data.exists() {
            fs::remove_dir_all(data)?;
        }
        let programs = installed()?;
        let command = |program: &str| {
            let mut command = Command::new(program);
            command
                .current_dir(&self.folder)
                .env("LC_ALL", "C")
                .env_remove("PGOPTIONS")
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            if let Some((user, group)) = account {
                command.uid(user).gid(group);
            }
            command
        };
        let made = command(&programs.join("initdb").to_string_lossy())
            .args(["--pgdata=data", "--username", USER, "--auth=trust"])
            .args(["--encoding=UTF8", "--locale=C", "--no-sync"])
            .stderr(Stdio::piped())
            .output()?;
        if !made.status.success() {
            return Err(String::from_utf8_lossy(&made.stderr).into());
        }
        let mut keeper = command("sh")
            .args(["-c", KEEPER, "sh"])
            .arg(programs.join("postgres"))
            .args(["-D", "data", "-p", "5432", "-k"])
            .arg(&self.folder)
            .args(
                settings
                    .iter()
                    .chain(&SETTINGS)
                    .flat_map(|setting| ["-c", setting]),
            )
            // Neither the test's end nor Ctrl-C stops the server.
            .process_group(0)
            .spawn()?;
        let begun = Instant::now();
        while let Err(error) = run(|| self.connect()) {
            if keeper.try_wait()?.is_some() || begun.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.folder.join("log"))?;
                return Err(format!("{error}: {log}").into());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Creates the template of this schema, unless it exists.
    async fn prepare(&self) -> Result<(), Failure> {
        let Self { template, .. } = self;
        let mut conn = self.connect().await?;
        let made: i64 = query_scalar("SELECT count(*) FROM pg_database WHERE datname = $1")
            .bind(template)
            .fetch_one(&mut conn)
            .await?;
        if made == 0 {
            // Removes what an interrupted process left.
            let sql = format!("DROP DATABASE IF EXISTS new_{template}");
            conn.execute(AssertSqlSafe(sql)).await?;
            let sql = format!("CREATE DATABASE new_{template}");
            conn.execute(AssertSqlSafe(sql)).await?;
            let store = Store::connect(&self.url(&format!("new_{template}"))?).await?;
            store.migrate().await?;
            store.close().await;
            let sql = format!("ALTER DATABASE new_{template} RENAME TO {template}");
            conn.execute(AssertSqlSafe(sql)).await?;
        }
        Ok(())
    }

    async fn copy(&self, template: &str) -> Result<DatabaseUrl, Failure> {
        let name = format!("test_{:016x}", RandomState::new().hash_one(()));
        let sql = format!("CREATE DATABASE {name} TEMPLATE {template}");
        let mut conn = self.connect().await?;
        conn.execute(AssertSqlSafe(sql)).await?;
        self.url(&name)
    }

    async fn connect(&self) -> Result<AnyConnection, Failure> {
        install_default_drivers();
        let url = self.address("postgres");
        Ok(AnyConnection::connect(&url).await?)
    }

    fn url(&self, database: &str) -> Result<DatabaseUrl, Failure> {
        Ok(self.address(database).parse()?)
    }

    fn address(&self, database: &str) -> String {
        let socket = self.folder.display();
        format!("postgres://{USER}@localhost:5432/{database}?host={socket}")
    }
}

/// Waits for a future in a thread of its own, as the caller may be in a runtime.
fn run<T: Send, F: Future<Output = Result<T, Failure>>>(
    future: impl FnOnce() -> F + Send,
) -> Result<T, Failure> {
    let wait = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(future())
    };
    thread::scope(|scope| scope.spawn(wait).join()).unwrap_or_else(|_| Err("it panicked".into()))
}

/// The folder with the programs of the newest PostgreSQL.
fn installed() -> Result<PathBuf, Failure> {
    let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    folders.sort_by_key(|folder| {
        let version = folder.file_name().and_then(|name| name.to_str());
        version.and_then(|version| version.parse::<u32>().ok())
    });
    let path = env::var_os("PATH").unwrap_or_default();
    folders
        .into_iter()
        .rev()
        .map(|folder| folder.join("bin"))
        .chain(env::split_paths(&path))
        .find(|folder| folder.join("initdb").is_file())
        .ok_or_else(|| "`initdb` is neither in /usr/lib/postgresql/*/bin nor on the PATH".into())
}

/// The user and group that PostgreSQL runs as when we are root.
fn unprivileged() -> Result<(u32, u32), Failure> {
    let accounts = fs::read_to_string("/etc/passwd")?;
    ["postgres", "nobody"]
        .into_iter()
        .find_map(|name| {
            let line = accounts
                .lines()
                .find(|line| line.split(':').next() == Some(name))?;
            let mut columns = line.split(':').skip(2);
            Some((columns.next()?.parse().ok()?, columns.next()?.parse().ok()?))
        })
        .ok_or_else(|| "there is no account `postgres` or `nobody`".into())
}

/// Databases of a test's own, all of one engine.
#[derive(Debug)]
pub struct Databases(Place);

#[derive(Debug)]
enum Place {
    /// Deleted with the test.
    Folder(TempDir),
    /// Deleted with the server.
    Server(Postgres),
}

impl Databases {
    /// Databases of SQLite.
    ///
    /// # Panics
    ///
    /// If no folder can be created.
    #[must_use]
    pub fn on_sqlite() -> Self {
        Self(Place::Folder(TempDir::new().expect("a folder")))
    }

    /// Databases of PostgreSQL, on a server that other tests use, too.
    ///
    /// # Panics
    ///
    /// If the server cannot be started.
    #[must_use]
    pub fn on_postgres() -> Self {
        Self::on_server(&env::temp_dir(), &NOT_DURABLE)
    }

    /// As [`Databases::on_postgres`], on a server in `folder` with synced commits.
    ///
    /// # Panics
    ///
    /// If the server cannot be started.
    #[must_use]
    pub fn on_durable_postgres(folder: &Path) -> Self {
        Self::on_server(folder, &[])
    }

    fn on_server(folder: &Path, settings: &[&str]) -> Self {
        let postgres = Postgres::share(folder, settings);
        let postgres = postgres.unwrap_or_else(|why| panic!("PostgreSQL: {why}"));
        Self(Place::Server(postgres))
    }

    /// Creates a database. On PostgreSQL it has its tables already.
    pub fn another(&self) -> DatabaseUrl {
        self.copy(|postgres| &*postgres.template)
    }

    /// Creates an empty database.
    pub fn empty(&self) -> DatabaseUrl {
        self.copy(|_| "template0")
    }

    fn copy(&self, template: impl Fn(&Postgres) -> &str + Sync) -> DatabaseUrl {
        match &self.0 {
            Place::Folder(folder) => {
                let name = format!("{:016x}.db", RandomState::new().hash_one(()));
                DatabaseUrl::Sqlite(folder.path().join(name))
            }
            Place::Server(postgres) => run(|| postgres.copy(template(postgres)))
                .unwrap_or_else(|why| panic!("a database: {why}")),
        }
    }
}

/// The content of a database without these columns, one line for each row, in a stable order.
///
/// # Panics
///
/// If it cannot be read.
pub async fn dump(store: &Store, without: &[&str]) -> String {
    const TABLES: [&str; 12] = [
        "apps",
        "expected_tracks",
        "files",
        "history",
        "inbox",
        "meetings",
        "participants",
        "recordings",
        "room_status",
        "rooms",
        "settings",
        "rejected",
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

/// A call with its entry in the inbox, if it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCall {
    /// The call.
    pub call: Call,
    /// Its entry in the inbox.
    pub entry: Option<Entry>,
}

impl KnownCall {
    /// The verdict.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        Some(self.entry.as_ref()?.understood.verdict)
    }

    /// The reason of the verdict.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.entry.as_ref()?.understood.reason.as_deref()
    }

    /// The recording it belongs to.
    #[must_use]
    pub fn recording(&self) -> Option<RecordingId> {
        self.entry.as_ref()?.understood.recording
    }
}

/// Every call in the order of arrival.
///
/// # Panics
///
/// If one cannot be read.
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

/// The number of waiting calls.
///
/// # Panics
///
/// If they cannot be counted.
pub async fn count_waiting(store: &Store) -> u32 {
    let mut read = store.read_calls().await.expect("a reader of calls");
    let count = calls::count_waiting(&mut read, CallId::default(), u32::MAX).await;
    count.expect("the calls that wait")
}

/// Begins a transaction that keeps all others from storing calls until its end.
///
/// # Panics
///
/// If they cannot be locked.
pub async fn lock_calls(store: &Store) -> Write {
    let mut write = store.write_calls().await.expect("the writer of calls");
    // SQLite has no other writer.
    if store.is_shared() {
        let lock = query("LOCK TABLE calls IN ACCESS EXCLUSIVE MODE");
        lock.execute(&mut *write).await.expect("the lock");
    }
    write
}

/// The names of all tables.
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

/// The names of a table's columns, in order.
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

/// Stores the Begin of a meeting, and the meeting with the id `id`.
///
/// # Errors
///
/// If the database refuses.
pub async fn begin_meeting(
    conn: &mut Conn,
    (app, room): (AppId, &RoomId),
    at: Timestamp,
    id: u128,
) -> Result<(), StoreError> {
    struct One(Uuid);
    impl Ids for One {
        fn next(&mut self, _: Timestamp) -> Uuid {
            self.0
        }
    }
    let event = RoomEvent {
        at,
        what: What::Begin,
        who: None,
    };
    let call = ReadCall {
        id: CallId::default(),
        received_at: at,
        meaning: Meaning::Status(StatusCall {
            app,
            rooms: vec![room.clone()],
            events: vec![(room.clone(), event)],
            skipped: 0,
        }),
    };
    let mut world =
        understanding::load(conn, at, Patience::default(), std::slice::from_ref(&call)).await?;
    decide(&mut world, &[call], &mut One(Uuid::from_u128(id)));
    understanding::apply(conn, &world, &[]).await
}

/// The number of statements that were made on this thread, to compare what use cases cost.
pub fn statements() -> usize {
    crate::query::statements()
}

/// Runs a statement that the product has no function for.
///
/// # Panics
///
/// If it is refused.
pub async fn execute(store: &Store, sql: &'static str) {
    let mut write = store.write().await.expect("the writer");
    query(sql)
        .execute(&mut *write)
        .await
        .expect("the statement");
    write.commit().await.expect("the commit");
}
