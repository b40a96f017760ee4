//! Sealed values that a form carries back. A step that may never be finished needs no row, and no cookie.

use std::fmt::Display;

use data_encoding::BASE64URL_NOPAD;
use reelroom_domain::time::Timestamp;

use crate::{Secret, Service, ServiceError};

const MINUTE: i64 = 60_000;

impl Service {
    /// Seals a value for some minutes. `owner` says what it is for and whose it is.
    pub(crate) fn seal_for_form(
        &self,
        owner: impl Display,
        minutes: i64,
        value: &str,
    ) -> Result<String, ServiceError> {
        let until = self.now().plus_millis(minutes * MINUTE).as_millis();
        let secret = Secret::new(format!("{until} {value}"));
        let owner = format!("form {owner}");
        let sealed = self.0.vault.seal_for(&owner, &secret, &self.0.rng)?;
        Ok(BASE64URL_NOPAD.encode(&sealed))
    }

    /// The value that was sealed for the same owner; `None` if its time is over, or it is not ours.
    pub(crate) fn open_from_form(&self, owner: impl Display, sealed: &str) -> Option<String> {
        let sealed = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        let owner = format!("form {owner}");
        let opened = self.0.vault.unseal_for(&owner, &sealed).ok()?;
        let (until, value) = opened.reveal().split_once(' ')?;
        let until = Timestamp::from_millis(until.parse().ok()?);
        (self.now() < until).then(|| value.to_owned())
    }
}
