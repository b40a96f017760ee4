//! What a browser carries while it is at the provider: a sealed cookie, so that nothing is kept here for
//! people who never come back.

use data_encoding::BASE64URL_NOPAD;
use reelroom_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Browser, Secret, Service};

/// The owner of the seal.
const OWNER: &str = "errand at the provider";
/// How long an errand is valid, in milliseconds.
const VALID: i64 = 10 * 60_000;
/// The longest value of a cookie that browsers keep, with room for its name and attributes (RFC 6265 §6.1).
const LONGEST: usize = 3_800;

/// The errand of a browser at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Errand {
    /// Signing in.
    SignIn(SignInErrand),
    /// Signing out, with the ID token of the session that ended.
    SignOut { id_token: Option<String> },
}

/// What the answer to a sign-in is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SignInErrand {
    /// The `state` of the request.
    pub state: String,
    /// The nonce of the ID token.
    pub nonce: String,
    /// The verifier of PKCE (RFC 7636).
    pub verifier: String,
    /// The page to show afterwards.
    pub next: String,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    until: Timestamp,
    errand: Errand,
}

impl Service {
    /// The value of the cookie of an errand; `None` where it would be too long.
    pub(super) fn seal_errand(&self, errand: Errand) -> Option<String> {
        let until = self.now().plus_millis(VALID);
        let text = serde_json::to_string(&Sealed { until, errand }).ok()?;
        let sealed = self
            .0
            .vault
            .seal_for(OWNER, &Secret::new(text), &self.0.rng);
        let value = BASE64URL_NOPAD.encode(&sealed.ok()?);
        (value.len() <= LONGEST).then_some(value)
    }

    /// The errand of a browser, unless its time is over.
    pub(super) fn errand(&self, browser: &Browser) -> Option<Errand> {
        let sealed = BASE64URL_NOPAD.decode(browser.errand.as_deref()?.as_bytes());
        let text = self.0.vault.unseal_for(OWNER, &sealed.ok()?).ok()?;
        let Sealed { until, errand } = serde_json::from_str(text.reveal()).ok()?;
        (self.now() < until).then_some(errand)
    }
}
