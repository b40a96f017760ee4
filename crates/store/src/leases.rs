//! Leases: what one server alone does at a time. They end in the database's time, so that it does not
//! matter how the clocks of the servers differ.

use std::time::Duration;

use sqlx::{AssertSqlSafe, query};

use crate::{
    Conn, StoreError,
    engine::Engine,
    row::{Columns, millis},
};

/// Takes a lease, or renews it, for the time `lasts`; `false` where another holder has it.
pub async fn hold(
    conn: &mut Conn,
    name: &str,
    holder: &str,
    lasts: Duration,
) -> Result<bool, StoreError> {
    let now = Engine::of_connection(conn).now();
    let sql = format!(
        "INSERT INTO leases (name, holder, ends_at) VALUES ($1, $2, {now} + $3)
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, ends_at = excluded.ends_at
         WHERE leases.holder = excluded.holder OR leases.ends_at <= {now}"
    );
    let done = query(AssertSqlSafe(sql))
        .bind(name)
        .bind(holder)
        .bind(millis(lasts))
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives up what `holder` has.
pub async fn release(conn: &mut Conn, holder: &str) -> Result<(), StoreError> {
    query("DELETE FROM leases WHERE holder = $1")
        .bind(holder)
        .execute(conn)
        .await?;
    Ok(())
}

/// The holder of a lease that has not ended.
pub async fn holder(conn: &mut Conn, name: &str) -> Result<Option<String>, StoreError> {
    let now = Engine::of_connection(conn).now();
    let sql = format!("SELECT name, holder FROM leases WHERE name = $1 AND ends_at > {now}");
    let row = query(AssertSqlSafe(sql))
        .bind(name)
        .fetch_optional(conn)
        .await?;
    row.map(|row| Columns::new(&row, "leases", "name").text("holder"))
        .transpose()
}
