//! Notices between the servers that share a database: PostgreSQL's `NOTIFY` and `LISTEN`.

use std::{fmt, io};

use sqlx::{Executor, postgres::PgListener};

use crate::{Conn, Result, query::execute};

const CHANNEL: &str = "reelroom";

/// The most bytes of a notice.
pub const MAX_BYTES: usize = 7_999;

/// Sends a notice to every server that listens, this one too, with the commit.
pub async fn send(conn: &mut Conn, notice: &str) -> Result<()> {
    execute(conn, "SELECT pg_notify($1, $2)", (CHANNEL, notice)).await
}

/// A subscription, on a connection of its own.
pub struct Listener(PgListener);

impl Listener {
    pub(crate) async fn connect(url: &str) -> Result<Self> {
        let mut listener = PgListener::connect(url).await?;
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        Ok(Self(listener))
    }

    /// The next notice. After an error some may be lost, and the subscription is of no more use.
    pub async fn next(&mut self) -> Result<String> {
        let lost = || sqlx::Error::Io(io::ErrorKind::ConnectionAborted.into());
        let notice = self.0.try_recv().await?.ok_or_else(lost)?;
        Ok(notice.payload().to_owned())
    }

    /// Whether the connection still lives.
    pub async fn ping(&mut self) -> Result<()> {
        self.0.execute("SELECT 1").await?;
        Ok(())
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Listener(…)")
    }
}
