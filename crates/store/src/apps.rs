//! The anyRTC applications that we serve.

use reelroom_domain::{ids::AppId, time::Timestamp};
use sqlx::{Any, AssertSqlSafe, any::AnyArguments, any::AnyRow, query, query::Query};

use crate::{Conn, StoreError, engine::text, row::Columns};

/// The video list's host as the platform's documents name it.
pub const VOD_BASE: &str = "https://vdn.anyrtc.cc";

/// A secret as it is kept: only the key that sealed it opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Nonce, ciphertext, tag.
    pub bytes: Vec<u8>,
    /// When it was set.
    pub set_at: Timestamp,
}

/// One anyRTC application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct App {
    /// Our id of it.
    pub id: AppId,
    /// The name that the administrator gave.
    pub name: String,
    /// The platform's AppID.
    pub app_id: String,
    /// The base address of its API.
    pub api_base: String,
    /// The HTTP method of start and stop.
    pub method: String,
    /// How the body of start is encoded.
    pub encoding: String,
    /// Which of the two answers its callbacks want.
    pub reply_form: String,
    /// The platform's zone, an IANA name.
    pub zone: String,
    /// Hosts that its files may come from, beside the API's own.
    pub allowed_hosts: Vec<String>,
    /// Whether it is a public cloud, which ignores naming rule and path.
    pub public_cloud: bool,
    /// Whether the platform extracts frames of its recordings.
    pub frames: bool,
    /// Whether it is the emulated platform; there is at most one.
    pub sandbox: bool,
    /// Which types its recordings may have; never empty, the first is the usual one.
    pub kinds: Vec<String>,
    /// The base address of the video list.
    pub vod_base: String,
    /// The secret that signs calls to the video list.
    pub vod_token: Option<Sealed>,
    /// When it was added.
    pub created_at: Timestamp,
}

/// The columns of an [`App`], in the order of [`bind`].
const COLUMNS: &str = "id, name, app_id, api_base, method, encoding, reply_form, zone,
    allowed_hosts, public_cloud, sandbox, created_at, kinds, vod_base, vod_token, vod_token_at,
    frames";

/// Everything but the id, in the order of [`bind`].
const SET: &str = "name = $2, app_id = $3, api_base = $4, method = $5, encoding = $6,
    reply_form = $7, zone = $8, allowed_hosts = $9, public_cloud = $10, sandbox = $11,
    created_at = $12, kinds = $13, vod_base = $14, vod_token = $15, vod_token_at = $16,
    frames = $17";

/// The values of [`COLUMNS`].
const VALUES: &str = "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17";

fn bind<'q>(query: Query<'q, Any, AnyArguments>, app: &App) -> Query<'q, Any, AnyArguments> {
    query
        .bind(app.id.to_string())
        .bind(text(&app.name))
        .bind(text(&app.app_id))
        .bind(text(&app.api_base))
        .bind(text(&app.method))
        .bind(text(&app.encoding))
        .bind(text(&app.reply_form))
        .bind(text(&app.zone))
        .bind(array(&app.allowed_hosts))
        .bind(i64::from(app.public_cloud))
        .bind(i64::from(app.sandbox))
        .bind(app.created_at.as_millis())
        .bind(array(&app.kinds))
        .bind(text(&app.vod_base))
        .bind(app.vod_token.as_ref().map(|token| token.bytes.clone()))
        .bind(app.vod_token.as_ref().map(|token| token.set_at.as_millis()))
        .bind(i64::from(app.frames))
}

fn array(texts: &[String]) -> String {
    serde_json::Value::from(texts).to_string()
}

impl App {
    fn read(row: &AnyRow) -> Result<Self, StoreError> {
        let row = Columns::new(row, "apps", "id");
        Ok(Self {
            id: row.id("id")?,
            name: row.text("name")?,
            app_id: row.text("app_id")?,
            api_base: row.text("api_base")?,
            method: row.text("method")?,
            encoding: row.text("encoding")?,
            reply_form: row.text("reply_form")?,
            zone: row.text("zone")?,
            allowed_hosts: row.word("allowed_hosts", |text| serde_json::from_str(text).ok())?,
            public_cloud: row.flag("public_cloud")?,
            frames: row.flag("frames")?,
            sandbox: row.flag("sandbox")?,
            kinds: row.word("kinds", |text| serde_json::from_str(text).ok())?,
            vod_base: row.text("vod_base")?,
            vod_token: match (row.opt_bytes("vod_token")?, row.opt_time("vod_token_at")?) {
                (Some(bytes), Some(set_at)) => Some(Sealed { bytes, set_at }),
                _ => None,
            },
            created_at: row.time("created_at")?,
        })
    }
}

/// Adds an app.
pub async fn insert(conn: &mut Conn, app: &App) -> Result<(), StoreError> {
    let sql = AssertSqlSafe(format!("INSERT INTO apps ({COLUMNS}) VALUES ({VALUES})"));
    bind(query(sql), app).execute(conn).await?;
    Ok(())
}

/// Sets all of an app but its id; `false` where there is none of that id.
pub async fn update(conn: &mut Conn, app: &App) -> Result<bool, StoreError> {
    let sql = AssertSqlSafe(format!("UPDATE apps SET {SET} WHERE id = $1"));
    let done = bind(query(sql), app).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// Adds the sandbox, or sets all of the one there is but its id and its date; the one that stands.
/// `app.sandbox` must be true.
pub async fn upsert_sandbox(conn: &mut Conn, app: &App) -> Result<App, StoreError> {
    let sql = AssertSqlSafe(format!(
        "INSERT INTO apps ({COLUMNS}) VALUES ({VALUES})
         ON CONFLICT (sandbox) WHERE sandbox = 1 DO UPDATE SET name = excluded.name,
         app_id = excluded.app_id, api_base = excluded.api_base, method = excluded.method,
         encoding = excluded.encoding, reply_form = excluded.reply_form, zone = excluded.zone,
         allowed_hosts = excluded.allowed_hosts, public_cloud = excluded.public_cloud,
         kinds = excluded.kinds, vod_base = excluded.vod_base, vod_token = excluded.vod_token,
         vod_token_at = excluded.vod_token_at, frames = excluded.frames
         RETURNING {COLUMNS}"
    ));
    App::read(&bind(query(sql), app).fetch_one(conn).await?)
}

/// The app of that id.
pub async fn get(conn: &mut Conn, id: AppId) -> Result<Option<App>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM apps WHERE id = $1");
    let row = query(AssertSqlSafe(sql))
        .bind(id.to_string())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(App::read).transpose()
}

/// Every app: real ones first, then by date.
pub async fn list(conn: &mut Conn) -> Result<Vec<App>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM apps ORDER BY sandbox, created_at, id");
    let rows = query(AssertSqlSafe(sql)).fetch_all(conn).await?;
    rows.iter().map(App::read).collect()
}

/// The app that is shown where nothing else is said: the oldest real one, else the sandbox.
pub async fn default_app(conn: &mut Conn) -> Result<Option<App>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM apps ORDER BY sandbox, created_at, id LIMIT 1");
    let row = query(AssertSqlSafe(sql)).fetch_optional(conn).await?;
    row.as_ref().map(App::read).transpose()
}

/// Removes an app with its rooms and meetings; `false` where there is none of that id, where it is
/// the sandbox, or where it has recordings.
pub async fn remove(conn: &mut Conn, id: AppId) -> Result<bool, StoreError> {
    let done = query(
        "DELETE FROM apps WHERE id = $1 AND sandbox = 0
         AND NOT EXISTS (SELECT 1 FROM recordings WHERE app_id = $1)",
    )
    .bind(id.to_string())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
