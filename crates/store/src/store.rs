//! Connections and transactions.

use std::ops::{Deref, DerefMut};

use sqlx::{Any, AnyConnection, AnyPool, Transaction, migrate::Migrator};
use tokio::sync::OwnedSemaphorePermit;

use crate::{
    DatabaseUrl, StoreError,
    engine::{self, Engine, Pools},
};

/// What every function of this crate that asks or changes something is given.
pub type Conn = AnyConnection;

/// The database. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Store {
    engine: Engine,
    database: Pools,
    /// On PostgreSQL the same as `database`.
    calls: Pools,
}

/// One state of the database, read only; later commits are not seen. Hold it briefly.
#[derive(Debug)]
pub struct Read(Transaction<'static, Any>);

/// A transaction. Dropped without [`Write::commit`], nothing of it has happened.
///
/// On SQLite there is one at a time: never ask for a second while holding one.
#[derive(Debug)]
pub struct Write {
    tx: Transaction<'static, Any>,
    /// Given back after the transaction.
    _turn: Option<OwnedSemaphorePermit>,
}

impl Store {
    /// Connects; a SQLite file is made where there is none, its folder is not.
    pub async fn connect(url: &DatabaseUrl) -> Result<Self, StoreError> {
        let (database, calls) = engine::connect(url).await?;
        Ok(Self {
            engine: Engine::of(url),
            database,
            calls,
        })
    }

    /// The same database over connections of their own, which are opened as they are needed: on SQLite
    /// each has a thread, of the priority of the thread that opens it.
    #[must_use]
    pub fn again(&self) -> Self {
        Self {
            engine: self.engine,
            database: self.database.again(),
            calls: self.calls.again(),
        }
    }

    /// Brings the schema up to date. Refuses a database that a newer binary has changed.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        self.bring_up(&self.database.writer, self.engine.migrator())
            .await?;
        if let Some(migrator) = self.engine.migrator_of_calls() {
            self.bring_up(&self.calls.writer, migrator).await?;
        }
        Ok(())
    }

    async fn bring_up(&self, pool: &AnyPool, migrator: Migrator) -> Result<(), StoreError> {
        let mut conn = pool.acquire().await?;
        if let Some(wait) = self.engine.wait_for_locks() {
            sqlx::query(wait).execute(&mut *conn).await?;
        }
        let migrated = migrator.run(&mut *conn).await;
        // The next one has its own settings again.
        conn.close().await?;
        migrated.map_err(StoreError::Migrate)
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1")
            .execute(&self.database.readers)
            .await?;
        sqlx::query("SELECT 1").execute(&self.calls.readers).await?;
        Ok(())
    }

    /// For reading.
    pub async fn read(&self) -> Result<Read, StoreError> {
        self.begin_read(&self.database).await
    }

    /// For writing.
    pub async fn write(&self) -> Result<Write, StoreError> {
        self.begin_write(&self.database).await
    }

    /// For reading [`calls`](crate::calls).
    pub async fn read_calls(&self) -> Result<Read, StoreError> {
        self.begin_read(&self.calls).await
    }

    /// For writing [`calls`](crate::calls).
    pub async fn write_calls(&self) -> Result<Write, StoreError> {
        self.begin_write(&self.calls).await
    }

    /// Whether calls lie in a database of their own, so that no transaction covers both.
    pub const fn has_calls_apart(&self) -> bool {
        self.engine.has_calls_apart()
    }

    async fn begin_read(&self, pools: &Pools) -> Result<Read, StoreError> {
        let begin = self.engine.begin_read();
        Ok(Read(pools.readers.begin_with(begin).await?))
    }

    async fn begin_write(&self, pools: &Pools) -> Result<Write, StoreError> {
        let begin = self.engine.begin_write();
        let turn = pools.turn().await?;
        Ok(Write {
            tx: pools.writer.begin_with(begin).await?,
            _turn: turn,
        })
    }

    /// Waits for what runs and closes every connection.
    pub async fn close(&self) {
        for pools in [&self.calls, &self.database] {
            pools.readers.close().await;
            pools.writer.close().await;
        }
    }
}

impl Write {
    /// Makes it durable. When it fails, nothing of it has happened, except where the connection
    /// broke at that very moment: then nobody knows.
    pub async fn commit(self) -> Result<(), StoreError> {
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
