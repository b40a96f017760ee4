//! The anyRTC applications that we serve.

use reelroom_domain::{ids::AppId, time::Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;

use crate::{
    Conn, Result, fields,
    query::{Query, affects_any, query},
    row::Columns,
    select::Select,
};

/// The video list's host as the platform's documents name it.
pub const VOD_BASE: &str = "https://vdn.anyrtc.cc";

/// A sealed secret, which only the key that sealed it opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Nonce, ciphertext, tag.
    pub bytes: Vec<u8>,
    /// When it was set.
    pub set_at: Timestamp,
}

/// One anyRTC application. As JSON, which goes beside the copies of its files, it is without what is secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    /// Its id.
    pub id: AppId,
    /// The name that the administrator gave.
    pub name: String,
    /// The platform's AppID.
    #[serde(skip)]
    pub app_id: String,
    /// The base address of its API.
    pub api_base: String,
    /// The HTTP method of start and stop.
    pub method: String,
    /// How the body of start is encoded.
    pub encoding: String,
    /// The form of the replies to its callbacks.
    pub reply_form: String,
    /// The platform's zone, an IANA name.
    pub zone: String,
    /// Hosts that its files may come from, besides the API's own.
    pub allowed_hosts: Vec<String>,
    /// Whether it is a public cloud, which ignores naming rule and path.
    pub public_cloud: bool,
    /// Whether the platform extracts frames of its recordings.
    pub frames: bool,
    /// Whether it is the emulated platform; there is at most one.
    pub sandbox: bool,
    /// The types that its recordings may have; never empty, the first is the default.
    pub kinds: Vec<String>,
    /// The base address of the video list.
    pub vod_base: String,
    /// The secret that signs calls to the video list.
    #[serde(skip)]
    pub vod_token: Option<Sealed>,
    /// When it was added.
    pub created_at: Timestamp,
}

/// The columns of an [`App`], in the order of [`bind`].
const COLUMNS: &str = "id, name, app_id, api_base, method, encoding, reply_form, zone,
    allowed_hosts, public_cloud, sandbox, created_at, kinds, vod_base, vod_token, vod_token_at,
    frames";

/// The values of [`COLUMNS`].
const VALUES: &str = "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17";

fn bind(query: Query, app: &App) -> Query {
    let array = |texts: &[String]| serde_json::Value::from(texts).to_string();
    let token = app.vod_token.as_ref();
    query
        .bind((app.id, &app.name, &app.app_id, &app.api_base, &app.method))
        .bind((&app.encoding, &app.reply_form, &app.zone))
        .bind((array(&app.allowed_hosts), app.public_cloud, app.sandbox))
        .bind((app.created_at, array(&app.kinds), &app.vod_base))
        .bind(token.map(|token| &token.bytes))
        .bind((token.map(|token| token.set_at), app.frames))
}

impl App {
    fn read(row: &AnyRow) -> Result<Self> {
        let row = Columns::new(row, "apps", "id");
        Ok(fields!(row => Self {
            id, name, app_id, api_base, method, encoding, reply_form, zone, public_cloud, frames,
            sandbox, vod_base, created_at,
            allowed_hosts = row.json("allowed_hosts")?,
            kinds = row.json("kinds")?,
            vod_token = match (row.get("vod_token")?, row.get("vod_token_at")?) {
                (Some(bytes), Some(set_at)) => Some(Sealed { bytes, set_at }),
                _ => None,
            }
        }))
    }
}

static APPS: Select<App> = Select::new(COLUMNS, "apps", App::read);

/// Adds an app.
pub async fn insert(conn: &mut Conn, app: &App) -> Result<()> {
    let insert = query(format!("INSERT INTO apps ({COLUMNS}) VALUES ({VALUES})"));
    bind(insert, app).execute(conn).await
}

/// Replaces everything of an app but its id; `false` where there is no app of that id.
pub async fn update(conn: &mut Conn, app: &App) -> Result<bool> {
    let update = format!("UPDATE apps SET ({COLUMNS}) = ({VALUES}) WHERE id = $1");
    bind(query(update), app).affects_any(conn).await
}

/// Inserts the sandbox, or replaces everything of the existing one but its id and its date. Returns
/// the stored sandbox. `app.sandbox` must be true.
pub async fn upsert_sandbox(conn: &mut Conn, app: &App) -> Result<App> {
    let upsert = query(format!(
        "INSERT INTO apps ({COLUMNS}) VALUES ({VALUES})
         ON CONFLICT (sandbox) WHERE sandbox = 1 DO UPDATE SET name = excluded.name,
         app_id = excluded.app_id, api_base = excluded.api_base, method = excluded.method,
         encoding = excluded.encoding, reply_form = excluded.reply_form, zone = excluded.zone,
         allowed_hosts = excluded.allowed_hosts, public_cloud = excluded.public_cloud,
         kinds = excluded.kinds, vod_base = excluded.vod_base, vod_token = excluded.vod_token,
         vod_token_at = excluded.vod_token_at, frames = excluded.frames
         RETURNING {COLUMNS}"
    ));
    bind(upsert, app).one(conn, App::read).await
}

/// The app of that id.
pub async fn get(conn: &mut Conn, id: AppId) -> Result<Option<App>> {
    APPS.first(conn, "WHERE id = $1", id).await
}

/// Every app: real ones before the sandbox, then by date.
pub async fn list(conn: &mut Conn) -> Result<Vec<App>> {
    let order = "ORDER BY sandbox, created_at, id";
    APPS.all(conn, order, ()).await
}

/// The app to show where none is chosen: the oldest real one, else the sandbox.
pub async fn default_app(conn: &mut Conn) -> Result<Option<App>> {
    let order = "ORDER BY sandbox, created_at, id LIMIT 1";
    APPS.first(conn, order, ()).await
}

/// Whether an app has recordings, also deleted ones or failed starts.
pub async fn has_recordings(conn: &mut Conn, id: AppId) -> Result<bool> {
    query("SELECT 1 AS yes FROM recordings WHERE app_id = $1 LIMIT 1")
        .bind(id)
        .exists(conn)
        .await
}

/// Removes an app with its rooms and meetings; `false` where there is no app of that id, where it is
/// the sandbox, or where it [has recordings](has_recordings).
pub async fn remove(conn: &mut Conn, id: AppId) -> Result<bool> {
    let delete = "DELETE FROM apps WHERE id = $1 AND sandbox = 0
         AND NOT EXISTS (SELECT 1 FROM recordings WHERE app_id = $1)";
    affects_any(conn, delete, id).await
}
