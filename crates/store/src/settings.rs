//! Settings that the binary keeps for itself, by name: for example a key made at first start.

use sqlx::{Row, query};

use crate::{Conn, StoreError};

/// The value of `key`.
pub async fn get(conn: &mut Conn, key: &str) -> Result<Option<String>, StoreError> {
    let row = query("SELECT value FROM settings WHERE key = $1")
        .bind(key)
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|row| row.try_get("value")).transpose()?)
}

/// Sets `key` where it has no value yet; the value that stands afterwards, whoever set it.
pub async fn set_if_absent(conn: &mut Conn, key: &str, value: &str) -> Result<String, StoreError> {
    query("INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(key)
        .bind(value)
        .execute(&mut *conn)
        .await?;
    Ok(get(conn, key).await?.unwrap_or_else(|| value.to_owned()))
}

/// Sets `key`, whatever it was.
pub async fn set(conn: &mut Conn, key: &str, value: &str) -> Result<(), StoreError> {
    query(
        "INSERT INTO settings (key, value) VALUES ($1, $2)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    .bind(key)
    .bind(value)
    .execute(conn)
    .await?;
    Ok(())
}
