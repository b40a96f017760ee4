//! Connections and transactions.

use std::{
    io,
    ops::{Deref, DerefMut},
    path::Path,
};

use sqlx::{Any, AnyPool, Transaction, migrate::Migrator};

use crate::{
    Conn, DatabaseUrl, Result, StoreError,
    engine::Engine,
    notices::Listener,
    pools::{self, CHECKPOINT_PAGES, Permit, Pools},
    query::query,
    row::Columns,
    url::path_of_calls,
};

/// The database. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Store {
    engine: Engine,
    database: Pools,
    /// On PostgreSQL the same as `database`.
    calls: Pools,
}

/// A transaction that reads one snapshot of the database. Keep it short.
#[derive(Debug)]
pub struct Read(Transaction<'static, Any>);

/// A transaction that writes. Rolls back unless [committed](Write::commit).
///
/// SQLite has one at a time: a second one of the same task is a deadlock.
#[derive(Debug)]
pub struct Write {
    tx: Transaction<'static, Any>,
    /// Released after the transaction.
    _turn: Option<Permit>,
}

impl Store {
    /// Connects to the database. Creates a SQLite file, unless its calls are there without it; its folder must exist.
    pub async fn connect(url: &DatabaseUrl) -> Result<Self> {
        let (database, calls) = pools::connect(url).await?;
        Ok(Self {
            engine: Engine::of(url),
            database,
            calls,
        })
    }

    /// The same database for work in the background, over new pools, whose connections are opened when they are
    /// needed. On SQLite each connection has a thread, with the priority of the thread that opens it, and a transaction
    /// of the original waits for at most one of these.
    #[must_use]
    pub fn in_background(&self) -> Self {
        let database = self.database.in_background();
        let calls = if self.has_calls_apart() {
            self.calls.in_background()
        } else {
            database.clone()
        };
        Self {
            engine: self.engine,
            database,
            calls,
        }
    }

    /// Migrates the schema. Fails on a database that a newer binary has migrated.
    pub async fn migrate(&self) -> Result<()> {
        self.bring_up(&self.database.writer, self.engine.migrator())
            .await?;
        if let Some(migrator) = self.engine.migrator_of_calls() {
            self.bring_up(&self.calls.writer, migrator).await?;
        }
        Ok(())
    }

    async fn bring_up(&self, pool: &AnyPool, migrator: Migrator) -> Result<()> {
        let mut conn = pool.acquire().await?;
        let prepare = self.engine.before_migrations();
        sqlx::query(prepare).execute(&mut *conn).await?;
        let migrated = migrator.run(&mut *conn).await;
        // What `prepare` set ends with the connection.
        conn.close().await?;
        migrated.map_err(StoreError::Migrate)
    }

    /// The number of the newest migration of the database. Refused where it has no schema yet.
    pub async fn schema(&self) -> Result<i64> {
        let mut conn = self.database.readers.acquire().await?;
        let newest = query("SELECT MAX(version) AS version FROM _sqlx_migrations");
        newest
            .one(&mut conn, Columns::value("_sqlx_migrations", "version"))
            .await
    }

    /// Copies SQLite's database into the new file `to`, and after that the calls beside it, each as it is at one
    /// moment, while others write. The copies are not synced. In this order: calls that were understood in between
    /// are understood again from the copies.
    pub async fn copy_to(&self, to: &Path) -> Result<()> {
        for (pools, to) in [
            (&self.database, to.to_owned()),
            (&self.calls, path_of_calls(to)),
        ] {
            let Some(path) = to.to_str() else {
                let source = io::Error::new(io::ErrorKind::InvalidFilename, "not UTF-8");
                return Err(StoreError::File { path: to, source });
            };
            // Connections that read may not write another file either.
            let mut conn = pools.writer.acquire().await?;
            query("VACUUM INTO $1")
                .bind(path)
                .execute(&mut conn)
                .await?;
        }
        Ok(())
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1")
            .execute(&self.database.readers)
            .await?;
        sqlx::query("SELECT 1").execute(&self.calls.readers).await?;
        Ok(())
    }

    /// Begins a transaction that reads.
    pub async fn read(&self) -> Result<Read> {
        self.begin_read(&self.database).await
    }

    /// Begins a transaction that writes.
    pub async fn write(&self) -> Result<Write> {
        self.begin_write(&self.database).await
    }

    /// Begins a transaction that reads [`calls`](crate::calls).
    pub async fn read_calls(&self) -> Result<Read> {
        self.begin_read(&self.calls).await
    }

    /// Begins a transaction that writes [`calls`](crate::calls).
    pub async fn write_calls(&self) -> Result<Write> {
        self.begin_write(&self.calls).await
    }

    /// Whether another task waits for the end of a [writing](Store::write) transaction, those behind another one in the
    /// background not counted; on a shared database always, since it is not known.
    pub fn is_write_awaited(&self) -> bool {
        self.database.is_awaited()
    }

    /// Copies SQLite's write-ahead log into the database file, if it is long. Other writers go on meanwhile;
    /// a checkpoint that belongs to a commit stops them.
    pub async fn checkpoint(&self) -> Result<()> {
        if self.is_shared() {
            return Ok(());
        }
        // Not the writer's connection: a task that has the turn to write would wait for it.
        let mut conn = self.database.readers.acquire().await?;
        let pages = query("PRAGMA wal_checkpoint(NOOP)").one(&mut conn, |row| {
            let row = Columns::new(row, "wal_checkpoint", "log");
            let (log, copied): (i64, i64) = (row.get("log")?, row.get("checkpointed")?);
            Ok(log - copied)
        });
        if pages.await? >= CHECKPOINT_PAGES {
            query("PRAGMA wal_checkpoint(PASSIVE)")
                .execute(&mut conn)
                .await?;
        }
        Ok(())
    }

    /// Whether calls have a database of their own, so that no transaction covers both.
    pub const fn has_calls_apart(&self) -> bool {
        self.engine.has_calls_apart()
    }

    /// Whether several servers may use the database at the same time.
    pub const fn is_shared(&self) -> bool {
        self.engine.is_shared()
    }

    /// Subscribes to the [notices](crate::notices) of the servers that share the database.
    pub async fn listen(&self) -> Result<Listener> {
        let options = self.database.writer.connect_options();
        Listener::connect(options.database_url.as_str()).await
    }

    async fn begin_read(&self, pools: &Pools) -> Result<Read> {
        let begin = self.engine.begin_read();
        Ok(Read(pools.readers.begin_with(begin).await?))
    }

    async fn begin_write(&self, pools: &Pools) -> Result<Write> {
        let begin = self.engine.begin_write();
        let turn = pools.turn().await?;
        let tx = match pools.writer.begin_with(begin).await {
            // SQLite rolled the last transaction back by itself, as it does where the disk is full, and the
            // driver did not notice: only another connection can write.
            Err(sqlx::Error::InvalidSavePointStatement) => {
                pools.writer.acquire().await?.close().await?;
                pools.writer.begin_with(begin).await?
            }
            tx => tx?,
        };
        Ok(Write { tx, _turn: turn })
    }

    /// Waits for running statements and closes every connection.
    pub async fn close(&self) {
        for pools in [&self.calls, &self.database] {
            pools.readers.close().await;
            pools.writer.close().await;
        }
    }
}

impl Write {
    /// Commits the transaction durably. After an error nothing was changed, unless the connection broke
    /// during the commit: then the outcome is unknown.
    pub async fn commit(self) -> Result<()> {
        Ok(self.tx.commit().await?)
    }
}

impl Deref for Read {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Read {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}

impl Deref for Write {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.tx
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.tx
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures::poll;

    use super::*;
    use crate::testing::{Databases, execute};

    #[tokio::test]
    async fn a_writer_waits_for_one_of_those_in_the_background() {
        let databases = Databases::on_sqlite();
        let store = databases.store().await;
        let background = store.in_background();
        let first = background.write().await.unwrap();
        let mut second = pin!(background.write());
        assert!(poll!(&mut second).is_pending());
        assert!(!store.is_write_awaited());
        let mut other = pin!(store.write());
        assert!(poll!(&mut other).is_pending());
        assert!(store.is_write_awaited());
        drop(first);
        // The second one, which began to wait before it, does not have the turn.
        drop(other.await.unwrap());
        second.await.unwrap();
    }

    /// A limit of pages stands for the full disk: both end in `SQLITE_FULL`.
    #[tokio::test]
    async fn writing_goes_on_once_a_full_disk_has_room_again() {
        let databases = Databases::on_sqlite();
        let store = databases.store().await;
        let write_much = async || {
            let mut tx = store.write().await?;
            let room = "PRAGMA max_page_count = 1";
            query(room).execute(&mut tx).await?;
            let text = "x".repeat(100_000);
            let insert = "INSERT INTO settings (key, value) VALUES ($1, $2)";
            for name in 0..1000_i64 {
                let name = name.to_string();
                query(insert).bind((&name, &text)).execute(&mut tx).await?;
            }
            tx.commit().await
        };
        let error = write_much().await.unwrap_err();
        assert!(error.is_passing(), "{error}");
        execute(&store, "PRAGMA max_page_count = 1073741823").await;
        let insert = "INSERT INTO settings (key, value) VALUES ('after', 'x')";
        execute(&store, insert).await;
    }
}
