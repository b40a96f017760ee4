//! Settings that the binary keeps for itself, by name: for example a key made at first start.

use serde::{Serialize, de::DeserializeOwned};
use sqlx::{Row, query};

use crate::{Conn, StoreError, engine::json};

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

/// The value of `key`, from JSON; `None` also where it cannot be read.
pub async fn get_value<T: DeserializeOwned>(
    conn: &mut Conn,
    key: &str,
) -> Result<Option<T>, StoreError> {
    let value = get(conn, key).await?;
    Ok(value.and_then(|value| serde_json::from_str(&value).ok()))
}

/// Sets `key` to a value, as JSON.
pub async fn set_value(
    conn: &mut Conn,
    key: &str,
    value: &impl Serialize,
) -> Result<(), StoreError> {
    set(conn, key, &json(value)?).await
}

/// Removes `key`.
pub async fn remove(conn: &mut Conn, key: &str) -> Result<(), StoreError> {
    query("DELETE FROM settings WHERE key = $1")
        .bind(key)
        .execute(conn)
        .await?;
    Ok(())
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
