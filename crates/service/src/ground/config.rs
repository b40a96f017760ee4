//! What a service is opened with.

use std::{path::PathBuf, sync::Arc, time::Duration};

use ipnet::IpNet;
use reelroom_domain::time::Clock;
use reelroom_store::DatabaseUrl;
use url::Url;

use super::{chance::Chance, secret::Secret, secrets::SecretKeySource};

/// Where our copies are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StorageLocation {
    /// A folder; made if it is not there.
    Folder(PathBuf),
    /// `s3://bucket/prefix`; the credentials come from the `AWS_…` variables.
    S3(Url),
}

/// How much is kept and how long is waited, as `docs/operating.md` says unless told otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceLimits {
    /// What nobody can use (unrecognised, malformed) is kept up to so many calls.
    pub unusable_calls: u32,
    /// Their bodies are kept up to so many bytes together.
    pub unusable_bytes: u64,
    /// How long a test callback waits for a name and for a connection each; for an answer, twice
    /// that.
    pub test_patience: Duration,
}

impl Default for ServiceLimits {
    fn default() -> Self {
        Self {
            unusable_calls: 20_000,
            unusable_bytes: 256 << 20,
            test_patience: Duration::from_secs(5),
        }
    }
}

/// What a callback must show. A valid correlation token is always enough.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum CallbackAuth {
    /// A secret in the path or the query.
    #[default]
    Secret,
    /// A secret, and it comes from one of these networks.
    SecretFrom(Vec<IpNet>),
    /// It comes from one of these networks.
    From(Vec<IpNet>),
    /// Nothing.
    Open,
}

/// What a service is opened with.
pub struct ServiceConfig {
    /// SQLite or PostgreSQL.
    pub database: DatabaseUrl,
    /// Where our copies are kept.
    pub storage: StorageLocation,
    /// Where the world reaches us, if it is known.
    pub public_url: Option<Url>,
    /// Who may call back.
    pub callback_auth: CallbackAuth,
    /// The secrets that a callback may carry; empty: one is made at the first start and kept.
    pub callback_secrets: Vec<Secret>,
    /// The key that seals what is secret of an app.
    pub secret_key: SecretKeySource,
    /// The first administrator, made if there is no account of that name.
    pub admin: Option<(String, Secret)>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Chance,
    /// How much is kept and how long is waited.
    pub limits: ServiceLimits,
}
