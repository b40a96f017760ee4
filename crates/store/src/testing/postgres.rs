//! The PostgreSQL server that all tests of a run share.
//!
//! It runs in a folder for this checkout below the temporary one. The first test that needs it starts it, and its
//! shell stops it some time after the last process has released the folder's lock.

use std::{
    collections::hash_map::RandomState,
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

use sqlx::{
    AnyConnection, AssertSqlSafe, Connection, Executor, any::install_default_drivers, query_scalar,
};

use crate::{DatabaseUrl, Store, engine::Engine};

pub(super) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The account in the database. Only this machine account can reach the socket, so it has no
/// password.
const USER: &str = "reelroom";

/// Timeout of the server's start.
const PATIENCE: Duration = Duration::from_mins(1);

/// Listens on the socket only, with connections for many tests at once.
const SETTINGS: [&str; 2] = ["listen_addresses=", "max_connections=300"];

/// No data outlives the tests, so nothing is synced.
pub(super) const NOT_DURABLE: [&str; 4] = [
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
pub(super) struct Postgres {
    folder: PathBuf,
    /// The migrated database that is copied for each test; one for each schema.
    pub(super) template: String,
    _in_use: File,
}

impl Postgres {
    pub(super) fn share(parent: &Path, settings: &[&str]) -> Result<Self, Failure> {
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

    pub(super) async fn copy(&self, template: &str) -> Result<DatabaseUrl, Failure> {
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
pub(super) fn run<T: Send, F: Future<Output = Result<T, Failure>>>(
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
