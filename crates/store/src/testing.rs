//! Support for tests: databases of a test's own on either engine, and their content.

pub mod bench;
mod postgres;

use std::{
    collections::{HashMap, hash_map::RandomState},
    env,
    hash::BuildHasher,
    path::Path,
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
use sqlx::{AssertSqlSafe, Row, query};
use tempfile::TempDir;
use uuid::Uuid;

use self::postgres::{NOT_DURABLE, Postgres, run};
pub use crate::query::statements;
use crate::{
    Conn, DatabaseUrl, Store, StoreError, Write,
    calls::{self, Call},
    engine::Engine,
    inbox::{self, Entry, Filter},
    library::Batch,
    recordings::{self, Summary},
    row::Columns,
    understanding,
};

/// Indexes the first recordings of the queue, at most `limit`; returns whether there were any.
///
/// # Errors
///
/// If the database fails.
pub async fn index(conn: &mut Conn, limit: usize) -> Result<bool, StoreError> {
    let batch = Batch::read(conn, limit).await?;
    batch.write(conn).await?;
    Ok(!batch.is_empty())
}

/// Makes tests on both engines of functions that take [`Databases`], in a module of each function's name.
#[macro_export]
macro_rules! on_both {
    ($($name:ident),+) => {$(
        mod $name {
            #[tokio::test]
            async fn on_sqlite() {
                super::$name(&$crate::testing::Databases::on_sqlite()).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                super::$name(&$crate::testing::Databases::on_postgres()).await;
            }
        }
    )+};
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

    /// A store over another database, which has its tables.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub async fn store(&self) -> Store {
        let store = Store::connect(&self.another()).await.expect("a database");
        store.migrate().await.expect("its tables");
        store
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

/// The recordings of an app that are not deleted, without failed starts; the newest first.
///
/// # Panics
///
/// If they cannot be read.
pub async fn recordings_of(conn: &mut Conn, app: AppId) -> Vec<Summary> {
    let ids = crate::query::query(
        "SELECT id FROM recordings WHERE app_id = $1 AND keep = 'kept' AND state <> 'failed'
         ORDER BY requested_at DESC, id DESC",
    );
    let read = Columns::value::<RecordingId>("recordings", "id");
    let ids = ids.bind(app).all(conn, read).await;
    let summaries = recordings::summaries(conn, &ids.expect("the recordings")).await;
    summaries.expect("their summaries")
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
            was_accepted: false,
        }),
    };
    let mut world =
        understanding::load(conn, at, Patience::default(), std::slice::from_ref(&call)).await?;
    decide(&mut world, &[call], &mut One(Uuid::from_u128(id)));
    understanding::apply(conn, &world, &[]).await
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
