//! Sealed tokens: values that a form or a cookie carries back within some minutes. A step that may never be
//! finished needs no row.

use std::fmt::Display;

use data_encoding::BASE64URL_NOPAD;
use reelroom_domain::time::Timestamp;

use crate::{Secret, Service, ServiceError};

const MINUTE: i64 = 60_000;

impl Service {
    /// Seals a value for some minutes. `owner` says what it is for and whose it is.
    pub(crate) fn seal_token(
        &self,
        owner: impl Display,
        minutes: i64,
        value: &str,
    ) -> Result<String, ServiceError> {
        let until = self.now().plus_millis(minutes * MINUTE).as_millis();
        let secret = Secret::new(format!("{until} {value}"));
        let owner = format!("token {owner}");
        let sealed = self.0.vault.seal(&owner, &secret, &self.0.rng)?;
        Ok(BASE64URL_NOPAD.encode(&sealed))
    }

    /// The value of a token that was sealed for the same owner; `None` if it has lapsed, or is not ours.
    pub(crate) fn unseal_token(&self, owner: impl Display, token: &str) -> Option<String> {
        let sealed = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
        let owner = format!("token {owner}");
        let opened = self.0.vault.unseal(&owner, &sealed).ok()?;
        let (until, value) = opened.reveal().split_once(' ')?;
        let until = Timestamp::from_millis(until.parse().ok()?);
        (self.now() < until).then(|| value.to_owned())
    }
}
