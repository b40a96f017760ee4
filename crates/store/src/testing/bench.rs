//! Support for benches: the library without its index of terms, and the sizes of both.

use crate::{
    Conn, Result,
    engine::{Engine, pattern},
    query::query,
    row::Columns,
};

/// The number of recordings whose texts contain a folded text, at most `limit`, by reading the rows one after the
/// other.
pub async fn scan(conn: &mut Conn, text: &str, limit: u32) -> Result<u32> {
    query(
        "SELECT COUNT(*) AS n FROM
             (SELECT 1 FROM library WHERE words LIKE $1 ESCAPE '\\' LIMIT $2) one",
    )
    .bind((pattern(text), limit))
    .count(conn)
    .await
}

/// The size of the database in bytes, and that of the index of the library in it.
pub async fn sizes(conn: &mut Conn) -> Result<(u64, u64)> {
    query(match Engine::of_connection(conn) {
        Engine::Sqlite => {
            "SELECT SUM(pgsize) AS whole, SUM(CASE WHEN name IN
                 (SELECT m.name FROM sqlite_master m WHERE m.tbl_name LIKE 'library%')
                 THEN pgsize ELSE 0 END) AS part
             FROM dbstat WHERE aggregate = 1"
        }
        Engine::Postgres => {
            "SELECT pg_database_size(current_database()) AS whole,
                 pg_total_relation_size('library') + pg_total_relation_size('library_numbers') AS part"
        }
    })
    .one(conn, Columns::values("the database", ["whole", "part"]))
    .await
}
