//! What a service is opened with.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use reelroom_domain::time::Clock;
use reelroom_store::{DatabaseUrl, Store, settings};
use url::Url;

use crate::{
    CallbackAuth, Chance, correlation::Correlator, error::OpenError, secrets::SecretKeySource,
};

/// Text that is never shown: a password, a secret of a callback.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps `text` from being shown.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

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

/// Secrets that outlive a restart.
pub(crate) struct Standing {
    pub callback: Vec<Secret>,
    pub correlator: Correlator,
}

/// Reads the secrets that are kept in the database, and makes those that are not there yet.
pub(crate) async fn standing_secrets(
    store: &Store,
    chance: &Chance,
    given: Vec<Secret>,
) -> Result<Standing, OpenError> {
    let mut tx = store.write().await?;
    let made = hex(&chance.bytes::<32>());
    let key = settings::set_if_absent(&mut tx, "correlation_key", &made).await?;
    let callback = if given.is_empty() {
        let made = chance.word(24);
        vec![Secret(
            settings::set_if_absent(&mut tx, "callback_secret", &made).await?,
        )]
    } else {
        given
    };
    tx.commit().await?;
    Ok(Standing {
        callback,
        correlator: Correlator::new(key.as_bytes()),
    })
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
