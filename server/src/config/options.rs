//! The unparsed options: flags, variables, keys of the file.

use clap::{Args, builder::BoolishValueParser};
use figment::{
    Figment, Provider,
    error::Kind,
    providers::{Format, Serialized, Toml},
    value::{Dict, Empty, Value},
};
use serde::{Deserialize, Deserializer, Serialize};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::error::ConfigError;

pub(super) const DATA_DIR: &str = "./data";

/// Every option, unparsed, so that errors of any source are reported in one place.
///
/// [`super::Config::from_options`] sets the defaults, some of which depend on other options.
#[expect(
    clippy::doc_markdown,
    rustdoc::bare_urls,
    rustdoc::invalid_html_tags,
    reason = "`--help` shows these lines as they are"
)]
#[derive(Args, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[command(mut_args(|arg| arg.global(true).hide_env_values(true)))]
pub struct Options {
    /// File with options in TOML, keys spelled like `data_dir`; a flag wins over its variable, a
    /// variable over the file [default: <data-dir>/reelroom.toml, if it is there]
    #[arg(long, value_name = "FILE", env = "REELROOM_CONFIG")]
    #[serde(skip)]
    pub(crate) config: Option<PathBuf>,

    /// Address and port of the pages and the callback [default: 127.0.0.1:3000]
    #[arg(long, value_name = "ADDRESS", env = "REELROOM_LISTEN")]
    pub(crate) listen: Option<String>,

    /// Folder of all data; made if it does not exist [default: ./data]
    #[arg(long, value_name = "FOLDER", env = "REELROOM_DATA_DIR")]
    pub(crate) data_dir: Option<String>,

    /// Database: sqlite:<file> or postgres://user:password@host/name
    /// [default: sqlite:<data-dir>/reelroom.db]
    #[arg(long, value_name = "URL", env = "REELROOM_DATABASE_URL")]
    pub(crate) database_url: Option<String>,

    /// Storage of archived files: file:<folder> or s3://bucket/prefix, the latter with the usual
    /// AWS_… variables [default: file:<data-dir>/files]
    #[arg(long, value_name = "URL", env = "REELROOM_STORAGE_URL")]
    pub(crate) storage_url: Option<String>,

    /// Files that are fetched at the same time, 1 to 64 [default: 4]
    #[arg(long, value_name = "NUMBER", env = "REELROOM_FETCH_AT_ONCE")]
    #[serde(deserialize_with = "text_or_number", default)]
    pub(crate) fetch_at_once: Option<String>,

    /// Files that are fetched at the same time from one host, 1 to 64 [default: 3]
    #[arg(long, value_name = "NUMBER", env = "REELROOM_FETCH_PER_HOST")]
    #[serde(deserialize_with = "text_or_number", default)]
    pub(crate) fetch_per_host: Option<String>,

    /// Bytes a second that fetching takes at most, all files together; K, M or G stand for thousands,
    /// millions or billions, as in 10M [default: any number]
    #[arg(long, value_name = "BYTES", env = "REELROOM_FETCH_BANDWIDTH")]
    #[serde(deserialize_with = "text_or_number", default)]
    pub(crate) fetch_bandwidth: Option<String>,

    /// Percent of the disk that fetching leaves free, 0 to 90, and at least 2 GiB: below that it
    /// pauses, and callbacks are still taken [default: 5]
    #[arg(long, value_name = "PERCENT", env = "REELROOM_DISK_RESERVE")]
    #[serde(deserialize_with = "text_or_number", default)]
    pub(crate) disk_reserve: Option<String>,

    /// Sender of archived files: none (this server), or the proxy in front of it, by x-accel (nginx) or
    /// x-sendfile (Apache, lighttpd) [default: none]
    #[arg(long, value_name = "WAY", env = "REELROOM_FILE_OFFLOAD")]
    pub(crate) file_offload: Option<String>,

    /// Redirect downloads to the bucket in --storage-url, to an address that is valid for five minutes
    /// [default: false]
    #[arg(
        long,
        value_name = "BOOL",
        env = "REELROOM_S3_REDIRECT",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_parser = BoolishValueParser::new(),
        hide_possible_values = true
    )]
    pub(crate) s3_redirect: Option<bool>,

    /// Make posters and filmstrips of archived videos, on or off; off runs no decoder in C++ on files from
    /// outside [default: on]
    #[arg(long, value_name = "ON|OFF", env = "REELROOM_PICTURES")]
    pub(crate) pictures: Option<String>,

    /// Address under which anyRTC and the users reach this server, such as
    /// https://rec.example.com [default: none]
    #[arg(long, value_name = "URL", env = "REELROOM_PUBLIC_URL")]
    pub(crate) public_url: Option<String>,

    /// Start the emulated platform too, and register it as an app [default: false]
    #[arg(
        long,
        value_name = "BOOL",
        env = "REELROOM_SANDBOX",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_parser = BoolishValueParser::new(),
        hide_possible_values = true
    )]
    pub(crate) sandbox: Option<bool>,

    /// Address and port of the emulated platform [default: 127.0.0.1:3100]
    #[arg(long, value_name = "ADDRESS", env = "REELROOM_SANDBOX_LISTEN")]
    pub(crate) sandbox_listen: Option<String>,

    /// Secret in the callback's address; several, comma separated, for rotation; the first is shown
    /// in the settings [default: made at the first start and stored]
    #[arg(
        long,
        value_name = "SECRET",
        env = "REELROOM_CALLBACK_SECRET",
        value_delimiter = ','
    )]
    #[serde(deserialize_with = "one_or_many", default)]
    pub(crate) callback_secret: Option<Vec<String>>,

    /// Proof that a callback needs: secret; secret,ip; ip (an address in --callback-from); or open for
    /// none. A valid correlation token is always enough [default: secret]
    #[arg(long, value_name = "WAY", env = "REELROOM_CALLBACK_AUTH")]
    pub(crate) callback_auth: Option<String>,

    /// Addresses and networks of the callers of callbacks, comma separated (203.0.113.7,
    /// 198.51.100.0/24), for the ip in --callback-auth [default: none]
    #[arg(
        long,
        value_name = "NETWORKS",
        env = "REELROOM_CALLBACK_FROM",
        value_delimiter = ','
    )]
    #[serde(deserialize_with = "one_or_many", default)]
    pub(crate) callback_from: Option<Vec<String>>,

    /// Addresses and networks of proxies whose X-Forwarded-For is trusted, comma separated
    /// [default: none]
    #[arg(
        long,
        value_name = "NETWORKS",
        env = "REELROOM_TRUSTED_PROXIES",
        value_delimiter = ','
    )]
    #[serde(deserialize_with = "one_or_many", default)]
    pub(crate) trusted_proxies: Option<Vec<String>>,

    /// Addresses and networks that may read /metrics, comma separated; programs on this machine always may
    /// [default: none]
    #[arg(
        long,
        value_name = "NETWORKS",
        env = "REELROOM_METRICS_FROM",
        value_delimiter = ','
    )]
    #[serde(deserialize_with = "one_or_many", default)]
    pub(crate) metrics_from: Option<Vec<String>>,

    /// Form of the log on standard error: text, or json, which has an object on each line [default: text]
    #[arg(long, value_name = "FORM", env = "REELROOM_LOG_FORMAT")]
    pub(crate) log_format: Option<String>,

    /// Key that encrypts the secrets of the apps in the database: 32 bytes as 64 hexadecimal digits or
    /// in base64; the variable or the file keep it out of the process list [default: the file
    /// <data-dir>/secret.key, made at the first start]
    #[arg(long, value_name = "KEY", env = "REELROOM_SECRET_KEY")]
    pub(crate) secret_key: Option<String>,

    /// Name of an administrator to make if there is no account of that name [default: none: the
    /// first visit sets one up, with a one-time code that is printed at the start]
    #[arg(long, value_name = "NAME", env = "REELROOM_ADMIN_USER")]
    pub(crate) admin_user: Option<String>,

    /// Password of that administrator; the variable or the file keep it out of the process list
    /// [default: none]
    #[arg(long, value_name = "PASSWORD", env = "REELROOM_ADMIN_PASSWORD")]
    pub(crate) admin_password: Option<String>,

    /// Issuer of the OpenID Connect provider at which people sign in, exactly as it spells itself, such as
    /// https://id.example.com/realms/office; needs --oidc-client-id and --public-url [default: none]
    #[arg(long, value_name = "URL", env = "REELROOM_OIDC_ISSUER")]
    pub(crate) oidc_issuer: Option<String>,

    /// Client id of this server at the provider [default: none]
    #[arg(long, value_name = "ID", env = "REELROOM_OIDC_CLIENT_ID")]
    pub(crate) oidc_client_id: Option<String>,

    /// Client secret of this server at the provider; the variable or the file keep it out of the process list
    /// [default: none: a public client]
    #[arg(long, value_name = "SECRET", env = "REELROOM_OIDC_CLIENT_SECRET")]
    pub(crate) oidc_client_secret: Option<String>,

    /// Name of the provider on the sign-in page [default: the host of the issuer]
    #[arg(long, value_name = "NAME", env = "REELROOM_OIDC_NAME")]
    pub(crate) oidc_name: Option<String>,

    /// Claim with the groups of a person [default: groups]
    #[arg(long, value_name = "CLAIM", env = "REELROOM_OIDC_GROUPS_CLAIM")]
    pub(crate) oidc_groups_claim: Option<String>,

    /// Group whose members are administrators. With this or one of the next two, each sign-in sets the role: who
    /// is in none of them is a viewer. Without, the role is set on the page of people [default: none]
    #[arg(long, value_name = "GROUP", env = "REELROOM_OIDC_ADMIN_GROUP")]
    pub(crate) oidc_admin_group: Option<String>,

    /// Group whose members are operators [default: none]
    #[arg(long, value_name = "GROUP", env = "REELROOM_OIDC_OPERATOR_GROUP")]
    pub(crate) oidc_operator_group: Option<String>,

    /// Group whose members are auditors [default: none]
    #[arg(long, value_name = "GROUP", env = "REELROOM_OIDC_AUDITOR_GROUP")]
    pub(crate) oidc_auditor_group: Option<String>,
}

impl Options {
    /// These options, completed by those of the file. An empty value counts as not set, as compose files expect.
    pub(super) fn over_file(self) -> Result<Self, ConfigError> {
        let given = Value::serialize(&self).ok().and_then(Value::into_dict);
        let given: Dict = given
            .into_iter()
            .flatten()
            .filter(|(_, value)| is_set(value))
            .collect();
        let data_dir = given.get("data_dir").and_then(Value::as_str);
        let named = self.config.filter(|path| !path.as_os_str().is_empty());
        let path = named
            .clone()
            .unwrap_or_else(|| Path::new(data_dir.unwrap_or(DATA_DIR)).join("reelroom.toml"));
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error)
                if named.is_none()
                    && matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                String::new()
            }
            Err(error) => return Err(ConfigError::Unreadable { path, error }),
        };
        let file = Toml::string(&text).data().map(|file| {
            let file = file.into_values().flatten().map(|(key, value)| {
                // The key of an empty value stays: an unknown one is an error.
                let value = Some(value).filter(is_set).unwrap_or(Empty::None.into());
                // It may also be spelled like its option.
                (key.replace('-', "_"), value)
            });
            file.collect::<Dict>()
        });
        let merged = match file {
            Ok(file) => Figment::from(Serialized::globals(file))
                .merge(Serialized::globals(given))
                .extract(),
            Err(error) => Err(error),
        };
        merged.map_err(|error| ConfigError::File {
            path,
            what: in_one_line(&error),
        })
    }
}

/// Whether a value is set: neither empty nor a list of empty ones.
fn is_set(value: &Value) -> bool {
    match value {
        Value::Empty(..) => false,
        Value::String(_, text) => !text.trim().is_empty(),
        Value::Array(_, values) => values.iter().any(is_set),
        _ => true,
    }
}

/// `"4"` or `4`.
fn text_or_number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a text or a whole number")]
    enum TextOrNumber {
        Text(String),
        Number(u64),
    }
    let given = Option::<TextOrNumber>::deserialize(from)?;
    Ok(given.map(|given| match given {
        TextOrNumber::Text(text) => text,
        TextOrNumber::Number(number) => number.to_string(),
    }))
}

/// `"a,b"` or `["a", "b"]`, without the empty ones.
fn one_or_many<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<String>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a text or a list of texts")]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    let given = Option::<OneOrMany>::deserialize(from)?;
    Ok(given.map(|given| {
        let texts: Vec<String> = match given {
            OneOrMany::One(text) => text.split(',').map(str::to_owned).collect(),
            OneOrMany::Many(texts) => texts,
        };
        let texts = texts.iter().map(|text| text.trim().to_owned());
        texts.filter(|text| !text.is_empty()).collect()
    }))
}

/// The error of the file in one line, without values, which may be secrets.
fn in_one_line(error: &figment::Error) -> String {
    let key = error
        .path
        .last()
        .map(|key| format!("`{key}`: "))
        .unwrap_or_default();
    match &error.kind {
        Kind::UnknownField(name, _) => format!("there is no option `{name}`"),
        Kind::InvalidType(_, wanted) | Kind::InvalidValue(_, wanted) => {
            format!("{key}this is not {wanted}")
        }
        Kind::Message(text) => {
            let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            match (lines.next(), lines.next_back()) {
                (Some(first), Some(last)) => format!("{key}{first}: {last}"),
                (Some(only), None) => format!("{key}{only}"),
                _ => key,
            }
        }
        other => format!("{key}{other}"),
    }
}
