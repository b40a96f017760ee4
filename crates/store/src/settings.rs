//! Settings that the binary stores for itself, by name: for example a key made at first start.

use crate::{Conn, Result, query::query, row::Columns};

/// The value of `key`.
pub async fn get(conn: &mut Conn, key: &str) -> Result<Option<String>> {
    query("SELECT key, value FROM settings WHERE key = $1")
        .bind(key)
        .first(conn, |row| {
            Columns::new(row, "settings", "key").get("value")
        })
        .await
}

/// Sets `key` unless it has a value. Returns the stored value, which a concurrent transaction may have
/// set.
pub async fn set_if_absent(conn: &mut Conn, key: &str, value: &str) -> Result<String> {
    query("INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind((key, value))
        .execute(conn)
        .await?;
    Ok(get(conn, key).await?.unwrap_or_else(|| value.to_owned()))
}

/// Sets `key`, whatever its value.
pub async fn set(conn: &mut Conn, key: &str, value: &str) -> Result<()> {
    query(
        "INSERT INTO settings (key, value) VALUES ($1, $2)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    .bind((key, value))
    .execute(conn)
    .await
}
