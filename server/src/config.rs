//! The configuration: flags, variables, a TOML file, defaults, in this order.

mod error;
mod oidc;
mod options;
#[cfg(test)]
mod tests;

pub use error::ConfigError;
pub use options::Options;

use crate::{Delivery, LogFormat};
use ipnet::IpNet;
use reelroom_service::{
    BadSecretKey, CallbackAuth, FetchLimits, OidcConfig, Secret, SecretKeySource, StorageLocation,
};
use reelroom_store::{BadDatabaseUrl, DatabaseUrl, Store, StoreError};
use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;
use url::Url;

use options::DATA_DIR;

const LISTEN: SocketAddr = loopback(3000);
const SANDBOX_LISTEN: SocketAddr = loopback(3100);

const fn loopback(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

/// The parsed options.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address of the pages and the callback.
    pub listen: SocketAddr,
    /// The folder of all data.
    pub data_dir: PathBuf,
    /// SQLite or PostgreSQL.
    pub database_url: DatabaseUrl,
    /// The storage of archived files.
    pub storage_url: StorageLocation,
    /// Limits of fetching files.
    pub fetch: FetchLimits,
    /// The sender of archived files.
    pub delivery: Delivery,
    /// Whether pictures of archived videos are made.
    pub pictures: bool,
    /// The public URL, if set.
    pub public_url: Option<Url>,
    /// Whether the emulated platform starts too.
    pub sandbox: bool,
    /// Its address.
    pub sandbox_listen: SocketAddr,
    /// The secrets of the callback; if empty, one is made at the first start and stored.
    pub callback_secrets: Vec<Secret>,
    /// The proof that a callback needs.
    pub callback_auth: CallbackAuth,
    /// The proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// The networks that may read the metrics, beside this machine.
    pub metrics_from: Vec<IpNet>,
    /// The form of the log.
    pub log_format: LogFormat,
    /// The key that encrypts the secrets of an app.
    pub secret_key: SecretKeySource,
    /// The administrator to make, and the password.
    pub admin: Option<(String, Secret)>,
    /// The provider of single sign-on, if there is one.
    pub oidc: Option<OidcConfig>,
}

/// The networks that an option names, each as an address or in CIDR notation (RFC 4632).
fn networks(option: &'static str, texts: &[String]) -> Result<Vec<IpNet>, ConfigError> {
    texts
        .iter()
        .map(|text| {
            text.parse()
                .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
                .map_err(|_| {
                    let what = format!(
                        "`{text}` is neither an address nor a network such as 203.0.113.0/24"
                    );
                    value(option, what)
                })
        })
        .collect()
}

impl Config {
    /// Reads the file and parses every value. Has no other effects.
    pub fn from_options(options: Options) -> Result<Self, ConfigError> {
        let options = options.over_file()?;
        let data_dir = PathBuf::from(options.data_dir.as_deref().unwrap_or(DATA_DIR));
        let fetch = fetch_limits(&options)?;
        let oidc = oidc::of(&options)?;
        let storage_url = match options.storage_url {
            None => StorageLocation::Folder(data_dir.join("files")),
            Some(text) => storage(&text)?,
        };
        Ok(Self {
            listen: address("--listen", options.listen.as_deref())?.unwrap_or(LISTEN),
            database_url: match options.database_url {
                None => DatabaseUrl::Sqlite(data_dir.join("reelroom.db")),
                Some(text) => text
                    .parse()
                    .map_err(|error: BadDatabaseUrl| value("--database-url", error.to_string()))?,
            },
            delivery: delivery(
                options.file_offload.as_deref(),
                options.s3_redirect.unwrap_or(false),
                &storage_url,
            )?,
            storage_url,
            fetch,
            oidc,
            pictures: match options.pictures.as_deref() {
                None | Some("on") => true,
                Some("off") => false,
                Some(other) => {
                    let what = format!("`{other}` is neither on nor off");
                    return Err(value("--pictures", what));
                }
            },
            public_url: options.public_url.as_deref().map(public_url).transpose()?,
            sandbox: options.sandbox.unwrap_or(false),
            sandbox_listen: address("--sandbox-listen", options.sandbox_listen.as_deref())?
                .unwrap_or(SANDBOX_LISTEN),
            callback_secrets: callback_secrets(options.callback_secret.unwrap_or_default())?,
            callback_auth: callback_auth(
                options.callback_auth.as_deref().unwrap_or("secret"),
                networks(
                    "--callback-from",
                    &options.callback_from.unwrap_or_default(),
                )?,
            )?,
            trusted_proxies: networks(
                "--trusted-proxies",
                &options.trusted_proxies.unwrap_or_default(),
            )?,
            metrics_from: networks("--metrics-from", &options.metrics_from.unwrap_or_default())?,
            log_format: match options.log_format.as_deref() {
                None | Some("text") => LogFormat::Text,
                Some("json") => LogFormat::Json,
                Some(other) => {
                    let what = format!("`{other}` is neither text nor json");
                    return Err(value("--log-format", what));
                }
            },
            secret_key: match options.secret_key {
                None => SecretKeySource::File(data_dir.join("secret.key")),
                Some(text) => SecretKeySource::Given(
                    text.parse()
                        .map_err(|bad: BadSecretKey| value("--secret-key", bad.to_string()))?,
                ),
            },
            admin: match (options.admin_user, options.admin_password) {
                (None, None) => None,
                (Some(name), Some(password)) => Some((name, Secret::new(password))),
                _ => {
                    let what = "--admin-user and --admin-password belong together";
                    return Err(value("--admin-user", what));
                }
            },
            data_dir,
        })
    }

    /// Makes the data folder if it does not exist, and checks that it is writable.
    pub fn prepare_data_dir(&self) -> Result<(), ConfigError> {
        let made = std::fs::create_dir_all(&self.data_dir);
        made.map_err(|error| self.unusable(error))?;
        self.try_data_dir()
    }

    /// Checks that the data folder is there and writable.
    pub fn try_data_dir(&self) -> Result<(), ConfigError> {
        let probe = self
            .data_dir
            .join(format!(".writable-{}", std::process::id()));
        std::fs::write(&probe, [])
            .and_then(|()| std::fs::remove_file(&probe))
            .map_err(|error| self.unusable(error))
    }

    /// Refuses a place without data, for a command that makes none. A server that does not answer is the command's
    /// error.
    pub async fn require_data(&self) -> Result<(), ConfigError> {
        let missing = match &self.database_url {
            _ if !self.data_dir.is_dir() => self.data_dir.display().to_string(),
            DatabaseUrl::Sqlite(path) if !path.is_file() => path.display().to_string(),
            url @ DatabaseUrl::Postgres(_) if has_no_schema(url).await => {
                format!("a Reelroom database at {url}")
            }
            _ => return Ok(()),
        };
        Err(ConfigError::NoData(missing))
    }

    fn unusable(&self, error: std::io::Error) -> ConfigError {
        ConfigError::DataDir {
            path: self.data_dir.clone(),
            error,
        }
    }
}

async fn has_no_schema(url: &DatabaseUrl) -> bool {
    let Ok(store) = Store::connect(url).await else {
        return false;
    };
    let schema = store.schema().await;
    store.close().await;
    matches!(schema, Err(StoreError::Refused(_)))
}

fn value(option: &'static str, what: impl Into<String>) -> ConfigError {
    ConfigError::Value {
        option,
        what: what.into(),
    }
}

fn address(option: &'static str, text: Option<&str>) -> Result<Option<SocketAddr>, ConfigError> {
    text.map(str::parse).transpose().map_err(|_| {
        let text = text.unwrap_or_default();
        value(
            option,
            format!("`{text}` is not an address and port such as 127.0.0.1:3000"),
        )
    })
}

fn storage(text: &str) -> Result<StorageLocation, ConfigError> {
    let location = if let Some(folder) = text.strip_prefix("file:") {
        let folder = folder.strip_prefix("//").unwrap_or(folder);
        (!folder.is_empty()).then(|| StorageLocation::Folder(folder.into()))
    } else {
        let url = Url::parse(text).ok();
        url.filter(|url| url.scheme() == "s3" && url.has_host() && url.password().is_none())
            .map(StorageLocation::S3)
    };
    location.ok_or_else(|| {
        let what = "this is neither file:<folder> nor s3://bucket/prefix";
        value("--storage-url", what)
    })
}

fn fetch_limits(options: &Options) -> Result<FetchLimits, ConfigError> {
    let default = FetchLimits::default();
    let at_once = options.fetch_at_once.as_deref();
    let per_host = options.fetch_per_host.as_deref();
    let bytes = options.fetch_bandwidth.as_deref();
    let reserve = options.disk_reserve.as_deref();
    Ok(FetchLimits {
        at_once: number("--fetch-at-once", at_once, 1..=64, default.at_once)?,
        per_host: number("--fetch-per-host", per_host, 1..=64, default.per_host)?,
        bandwidth: bytes.map(bandwidth).transpose()?,
        reserve_percent: number("--disk-reserve", reserve, 0..=90, default.reserve_percent)?,
        ..default
    })
}

/// The whole number of an option, in `range`.
fn number<T: FromStr + PartialOrd + Display>(
    option: &'static str,
    text: Option<&str>,
    range: RangeInclusive<T>,
    default: T,
) -> Result<T, ConfigError> {
    let Some(text) = text else {
        return Ok(default);
    };
    let number: Option<T> = text.trim().parse().ok();
    number
        .filter(|number| range.contains(number))
        .ok_or_else(|| {
            let (from, to) = range.into_inner();
            value(
                option,
                format!("`{text}` is not a whole number from {from} to {to}"),
            )
        })
}

/// Bytes a second, such as `500K`.
fn bandwidth(text: &str) -> Result<u64, ConfigError> {
    let text = text.trim();
    let (digits, unit) = match text.char_indices().next_back() {
        Some((at, 'K' | 'k')) => (&text[..at], 1_000),
        Some((at, 'M' | 'm')) => (&text[..at], 1_000_000),
        Some((at, 'G' | 'g')) => (&text[..at], 1_000_000_000),
        _ => (text, 1),
    };
    let bytes = digits
        .parse()
        .ok()
        .and_then(|number: u64| number.checked_mul(unit));
    bytes.filter(|bytes| *bytes > 0).ok_or_else(|| {
        let what = format!("`{text}` is not a number of bytes a second such as 500K, 10M or 1G");
        value("--fetch-bandwidth", what)
    })
}

fn delivery(
    offload: Option<&str>,
    redirects: bool,
    storage: &StorageLocation,
) -> Result<Delivery, ConfigError> {
    use StorageLocation::{Folder, S3};
    let proxy = match offload {
        None | Some("none") => None,
        Some("x-accel") => Some(Delivery::XAccel),
        Some("x-sendfile") => Some(Delivery::XSendfile),
        Some(other) => {
            let what = format!("`{other}` is none of none; x-accel; x-sendfile");
            return Err(value("--file-offload", what));
        }
    };
    match (proxy, redirects, storage) {
        (Some(_), _, S3(_)) => {
            let what = "a proxy can read a folder only, and --storage-url is a bucket";
            Err(value("--file-offload", what))
        }
        (_, true, Folder(_)) => {
            let what = "only a bucket has addresses to redirect to, and --storage-url is a folder";
            Err(value("--s3-redirect", what))
        }
        (Some(proxy), false, Folder(_)) => Ok(proxy),
        (None, true, S3(_)) => Ok(Delivery::Bucket),
        (None, false, _) => Ok(Delivery::Direct),
    }
}

fn public_url(text: &str) -> Result<Url, ConfigError> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .filter(|url| url.query().is_none() && url.fragment().is_none())
        .ok_or_else(|| {
            let what = format!("`{text}` is not an address such as https://rec.example.com");
            value("--public-url", what)
        })
}

/// Parses secrets, which must not need escaping in an address.
fn callback_secrets(texts: Vec<String>) -> Result<Vec<Secret>, ConfigError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~');
    let good = |text: &String| text.len() >= 16 && text.chars().all(plain);
    if !texts.iter().all(good) {
        let what = "a secret has at least 16 characters, only of A-Z a-z 0-9 - _ . ~";
        return Err(value("--callback-secret", what));
    }
    Ok(texts.into_iter().map(Secret::new).collect())
}

fn callback_auth(text: &str, from: Vec<IpNet>) -> Result<CallbackAuth, ConfigError> {
    let wrong = |what| Err(value("--callback-auth", what));
    match text {
        "secret" => Ok(CallbackAuth::Secret),
        "open" => Ok(CallbackAuth::Open),
        "ip" | "secret,ip" | "ip,secret" if from.is_empty() => {
            wrong(format!("`{text}` needs the addresses in --callback-from"))
        }
        "ip" => Ok(CallbackAuth::From(from)),
        "secret,ip" | "ip,secret" => Ok(CallbackAuth::SecretFrom(from)),
        _ => wrong(format!("`{text}` is none of secret; secret,ip; ip; open")),
    }
}
