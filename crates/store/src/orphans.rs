//! Objects of the storage without a row, as the last sweep found them.

use std::collections::BTreeSet;

use reelroom_domain::{time::Timestamp, usage::Orphan};

use crate::{
    Conn, Result,
    bulk::Bulk,
    query::{query, query_over},
    reader,
    row::Columns,
};

/// Those of these keys under which a file has its copy.
pub async fn known(conn: &mut Conn, keys: &[String]) -> Result<BTreeSet<String>> {
    let text = "SELECT DISTINCT storage_key FROM files WHERE storage_key IN {list}";
    let known: Vec<String> = query_over(conn, text, keys)?
        .all(conn, Columns::value("files", "storage_key"))
        .await?;
    Ok(known.into_iter().collect())
}

/// Replaces the orphans that the last sweep found.
pub async fn replace(conn: &mut Conn, orphans: &[Orphan]) -> Result<()> {
    static INSERT: Bulk = Bulk::new("INSERT INTO orphans (key, size, modified_at) VALUES {}");
    query("DELETE FROM orphans").execute(conn).await?;
    let rows = orphans
        .iter()
        .map(|one| (&one.key, one.size, one.modified_at));
    INSERT.execute(conn, rows).await
}

/// The oldest orphans, at most `limit`.
pub async fn list(conn: &mut Conn, limit: u32) -> Result<Vec<Orphan>> {
    let read = reader!(orphans.key => Orphan { key, size, modified_at });
    query("SELECT key, size, modified_at FROM orphans ORDER BY modified_at, key LIMIT $1")
        .bind(limit)
        .all(conn, read)
        .await
}

/// The number of orphans, their bytes, and when the oldest one was modified.
pub async fn totals(conn: &mut Conn) -> Result<(u32, u64, Option<Timestamp>)> {
    query(
        "SELECT COUNT(*) AS n, CAST(COALESCE(SUM(size), 0) AS BIGINT) AS bytes, MIN(modified_at) AS since
         FROM orphans",
    )
    .one(conn, Columns::values("orphans", ["n", "bytes", "since"]))
    .await
}
