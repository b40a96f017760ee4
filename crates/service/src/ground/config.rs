//! The configuration of a service.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use ipnet::IpNet;
use openidconnect::IssuerUrl;
use reelroom_domain::{time::Clock, user::Role};
use reelroom_store::DatabaseUrl;
use url::{Host, Url};

use super::{clock::SystemClock, rng::SharedRng, secret::Secret, secrets::SecretKeySource};

/// The location of the archived files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StorageLocation {
    /// A folder; created if it does not exist.
    Folder(PathBuf),
    /// `s3://bucket/prefix`; the credentials come from the `AWS_…` variables.
    S3(Url),
}

/// Limits and timeouts. `docs/operating.md` lists the defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceLimits {
    /// The most unusable calls (unrecognised or malformed) that are stored.
    pub unusable_calls: u32,
    /// The most bytes that their bodies may take together.
    pub unusable_bytes: u64,
    /// The timeout of a test callback for the name lookup and for the connection each; twice that for
    /// the answer.
    pub test_patience: Duration,
    /// Fetching of files.
    pub fetch: FetchLimits,
}

/// Limits of fetching files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchLimits {
    /// Transfers at the same time.
    pub at_once: usize,
    /// Transfers at the same time from one host.
    pub per_host: usize,
    /// Bytes a second of all transfers together; `None`: any number.
    pub bandwidth: Option<u64>,
    /// Bytes a second under which a transfer is given up for now.
    pub least_speed: u64,
    /// After that time below the least speed.
    pub slow_for: Duration,
    /// The longest time of one try.
    pub deadline: Duration,
    /// The pause before a transfer that was cut goes on.
    pub after_cut: Duration,
    /// Percent of the disk that fetching leaves free.
    pub reserve_percent: u8,
    /// Bytes that it leaves free at least.
    pub reserve_bytes: u64,
}

impl Default for FetchLimits {
    fn default() -> Self {
        Self {
            at_once: 4,
            per_host: 3,
            bandwidth: None,
            least_speed: 10_000,
            slow_for: Duration::from_mins(1),
            deadline: Duration::from_hours(12),
            after_cut: Duration::from_secs(1),
            reserve_percent: 5,
            reserve_bytes: 2 << 30,
        }
    }
}

impl Default for ServiceLimits {
    fn default() -> Self {
        Self {
            unusable_calls: 20_000,
            unusable_bytes: 256 << 20,
            test_patience: Duration::from_secs(5),
            fetch: FetchLimits::default(),
        }
    }
}

/// How callbacks are authenticated. A valid correlation token is always sufficient.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum CallbackAuth {
    /// A secret in the path or the query.
    #[default]
    Secret,
    /// A secret, and an address in one of these networks.
    SecretFrom(Vec<IpNet>),
    /// An address in one of these networks.
    From(Vec<IpNet>),
    /// Not at all.
    Open,
}

/// The provider of single sign-on (OpenID Connect), and how its claims are read.
#[derive(Debug, Clone)]
pub struct OidcConfig {
    /// The issuer, exactly as the provider spells it.
    pub issuer: IssuerUrl,
    /// The id of this server at the provider.
    pub client_id: String,
    /// Its secret; `None` for a public client.
    pub client_secret: Option<Secret>,
    /// The provider's name for people; `None`: its host.
    pub name: Option<String>,
    /// The claim with the groups of a person.
    pub groups_claim: String,
    /// The groups that give a role, the strongest role first. Without any, claims give no role.
    pub roles: Vec<(String, Role)>,
}

impl OidcConfig {
    /// The provider's host.
    pub fn host(&self) -> &str {
        self.issuer.url().host_str().unwrap_or_default()
    }

    /// The role of a person in these groups; `None` where claims give no role.
    pub fn role_of(&self, groups: &[String]) -> Option<Role> {
        let mut roles = self.roles.iter();
        let found = roles.find(|(group, _)| groups.contains(group));
        let role = found.map_or(Role::Viewer, |(_, role)| *role);
        (!self.roles.is_empty()).then_some(role)
    }
}

/// Whether nobody in between can read or change the traffic to an address: https, or http to this machine.
pub fn is_protected(url: &Url) -> bool {
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => true,
        ("http", Some(Host::Domain(name))) => name == "localhost",
        ("http", Some(Host::Ipv4(ip))) => ip.is_loopback(),
        ("http", Some(Host::Ipv6(ip))) => ip.is_loopback(),
        _ => false,
    }
}

/// The configuration of a service.
pub struct ServiceConfig {
    /// SQLite or PostgreSQL.
    pub database: DatabaseUrl,
    /// The location of the archived files.
    pub storage: StorageLocation,
    /// The folder of files that are being fetched; created if it does not exist. Not shared by servers.
    pub staging: PathBuf,
    /// The public address of the server, if it is known.
    pub public_url: Option<Url>,
    /// How callbacks are authenticated.
    pub callback_auth: CallbackAuth,
    /// The valid secrets of callbacks. If empty, one is generated at the first start and stored.
    pub callback_secrets: Vec<Secret>,
    /// The source of the key that encrypts the secrets of apps.
    pub secret_key: SecretKeySource,
    /// The name and password of an administrator, created if no account has that name.
    pub admin: Option<(String, Secret)>,
    /// The provider of single sign-on, if there is one.
    pub oidc: Option<OidcConfig>,
    /// Whether pictures of archived videos are made.
    pub pictures: bool,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: SharedRng,
    /// Limits and timeouts.
    pub limits: ServiceLimits,
}

impl ServiceConfig {
    /// A configuration with all data but the database in `folder`, and nothing else that is special.
    pub fn new(database: DatabaseUrl, folder: &Path) -> Self {
        Self {
            database,
            storage: StorageLocation::Folder(folder.join("files")),
            staging: folder.join("staging"),
            public_url: None,
            callback_auth: CallbackAuth::default(),
            callback_secrets: Vec::new(),
            secret_key: SecretKeySource::File(folder.join("secret.key")),
            admin: None,
            oidc: None,
            pictures: true,
            clock: Arc::new(SystemClock),
            rng: SharedRng::from_os(),
            limits: ServiceLimits::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::oidc;

    #[test]
    fn the_strongest_group_gives_the_role() {
        let mut config = oidc();
        let groups = ["ops", "admins", "Auditors"].map(str::to_owned);
        assert_eq!(config.role_of(&groups), Some(Role::Admin));
        assert_eq!(config.role_of(&groups[..1]), Some(Role::Operator));
        assert_eq!(config.role_of(&groups[2..]), Some(Role::Viewer));
        config.roles.clear();
        assert_eq!(config.role_of(&groups), None);
        assert_eq!(config.host(), "id.example");
    }
}
