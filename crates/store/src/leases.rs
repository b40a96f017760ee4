//! Leases on work that one server does at a time. They end in the database's time, as the clocks of the servers
//! may differ.

use std::time::Duration;

use crate::{
    Conn, Result,
    engine::Engine,
    query::{affects_any, execute, query},
    row::Columns,
};

/// Takes a lease, or renews it, for the time `lasts`. Returns whether `holder` has it now.
pub async fn hold(conn: &mut Conn, name: &str, holder: &str, lasts: Duration) -> Result<bool> {
    let now = Engine::of_connection(conn).now();
    let insert = format!(
        "INSERT INTO leases (name, holder, ends_at) VALUES ($1, $2, {now} + $3)
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, ends_at = excluded.ends_at
         WHERE leases.holder = excluded.holder OR leases.ends_at <= {now}"
    );
    affects_any(conn, insert, (name, holder, lasts)).await
}

/// Releases the leases of `holder`.
pub async fn release(conn: &mut Conn, holder: &str) -> Result<()> {
    execute(conn, "DELETE FROM leases WHERE holder = $1", holder).await
}

/// The holder of a lease that has not ended.
pub async fn holder(conn: &mut Conn, name: &str) -> Result<Option<String>> {
    let now = Engine::of_connection(conn).now();
    query(format!(
        "SELECT holder FROM leases WHERE name = $1 AND ends_at > {now}"
    ))
    .bind(name)
    .first(conn, Columns::value("leases", "holder"))
    .await
}
