//! Connections and transactions.

use std::ops::{Deref, DerefMut};

use sqlx::{Any, AnyConnection, AnyPool, Transaction};

use crate::{DatabaseUrl, StoreError, engine, engine::Engine};

/// What every function of this crate that asks or changes something is given.
pub type Conn = AnyConnection;

/// The database. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Store {
    engine: Engine,
    writer: AnyPool,
    readers: AnyPool,
}

/// One state of the database, read only; later commits are not seen. Hold it briefly.
#[derive(Debug)]
pub struct Read(Transaction<'static, Any>);

/// A transaction. Dropped without [`Write::commit`], nothing of it has happened.
///
/// On SQLite there is one at a time: never ask for a second while holding one.
#[derive(Debug)]
pub struct Write(Transaction<'static, Any>);

impl Store {
    /// Connects; a SQLite file is made where there is none, its folder is not.
    pub async fn connect(url: &DatabaseUrl) -> Result<Self, StoreError> {
        let (writer, readers) = engine::connect(url).await?;
        Ok(Self {
            engine: Engine::of(url),
            writer,
            readers,
        })
    }

    /// Brings the schema up to date. Refuses a database that a newer binary has changed.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let migrator = self.engine.migrator();
        let mut conn = self.writer.acquire().await?;
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
        sqlx::query("SELECT 1").execute(&self.readers).await?;
        Ok(())
    }

    /// For reading.
    pub async fn read(&self) -> Result<Read, StoreError> {
        let begin = self.engine.begin_read();
        Ok(Read(self.readers.begin_with(begin).await?))
    }

    /// For writing.
    pub async fn write(&self) -> Result<Write, StoreError> {
        let begin = self.engine.begin_write();
        Ok(Write(self.writer.begin_with(begin).await?))
    }

    /// Waits for what runs and closes every connection.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

impl Write {
    /// Makes it durable. When it fails, nothing of it has happened, except where the connection
    /// broke at that very moment: then nobody knows.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.0.commit().await?)
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
        &self.0
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}
