//! Settings that the binary stores for itself, by name: for example a key made at first start.

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Conn, Result,
    engine::json,
    query::{self, execute, query},
    row::Columns,
};

/// Locks the settings, the apps, the presets and the retention rules until the end of the transaction, so that
/// transactions that read them, decide, and change them run one after the other. Lock order: before accounts and rooms.
pub async fn lock(conn: &mut Conn) -> Result<()> {
    query::lock(conn, "SELECT pg_advisory_xact_lock(7366355823)").await
}

/// The value of `key`.
pub async fn get(conn: &mut Conn, key: &str) -> Result<Option<String>> {
    query("SELECT value FROM settings WHERE key = $1")
        .bind(key)
        .first(conn, Columns::value("settings", "value"))
        .await
}

/// Sets `key` unless it has a value. Returns the stored value, which a concurrent transaction may have
/// set.
pub async fn set_if_absent(conn: &mut Conn, key: &str, value: &str) -> Result<String> {
    let insert = "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    execute(conn, insert, (key, value)).await?;
    Ok(get(conn, key).await?.unwrap_or_else(|| value.to_owned()))
}

/// The value of `key`, from JSON; `None` also where it cannot be read.
pub async fn get_value<T: DeserializeOwned>(conn: &mut Conn, key: &str) -> Result<Option<T>> {
    let value = get(conn, key).await?;
    Ok(value.and_then(|value| serde_json::from_str(&value).ok()))
}

/// Sets `key` to a value, as JSON.
pub async fn set_value(conn: &mut Conn, key: &str, value: &impl Serialize) -> Result<()> {
    set(conn, key, &json(value)?).await
}

/// Removes `key`.
pub async fn remove(conn: &mut Conn, key: &str) -> Result<()> {
    execute(conn, "DELETE FROM settings WHERE key = $1", key).await
}

/// Sets `key`, whatever its value.
pub async fn set(conn: &mut Conn, key: &str, value: &str) -> Result<()> {
    let insert = "INSERT INTO settings (key, value) VALUES ($1, $2)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    execute(conn, insert, (key, value)).await
}
