//! The second step of a sign-in: the code of the second factor.
//!
//! Between the steps there is no session. A sealed token in the form says that the password was right; it
//! is valid for five minutes, for that account and that password.

use data_encoding::HEXLOWER;
use reelroom_store::users::{self, User};
use sha2::{Digest, Sha256};

use super::session::Proof;
use crate::{Browser, Service, ServiceError, SignInError, SignedIn};

/// The owner of the token's seal.
const OWNER: &str = "sign-in";
/// How many minutes the token is valid.
const MINUTES: i64 = 5;

/// A digest of the password's hash.
fn digest_of(user: &User) -> String {
    let hash = user.password_hash.as_deref().unwrap_or_default();
    HEXLOWER.encode(&Sha256::digest(hash.as_bytes()))
}

impl Service {
    /// The token for an account whose password was right.
    pub(crate) fn second_step(&self, user: &User) -> Result<String, ServiceError> {
        let value = format!("{} {}", user.id, digest_of(user));
        self.seal_token(OWNER, MINUTES, &value)
    }

    /// Opens a session for the account of this token and a code, of its app or for recovery. Ends the browser's
    /// former session.
    pub async fn sign_in_with_code(
        &self,
        browser: &Browser,
        token: &str,
        code: &str,
    ) -> Result<SignedIn, SignInError> {
        let user = self.user_of_token(token).await?;
        let user = user.ok_or(SignInError::Lapsed)?;
        if user.disabled_at.is_some() {
            return Err(SignInError::Disabled);
        }
        self.refuse_password(&user, browser).await?;
        let tx = self.check_code(&user, browser, code).await?;
        let proof = Proof {
            second_factor: true,
            provider: None,
        };
        let signed_in = self.enter(tx, &user, browser, proof).await?;
        signed_in.ok_or(SignInError::Lapsed)
    }

    /// The account of a token, unless the token has lapsed or the password was changed.
    async fn user_of_token(&self, token: &str) -> Result<Option<User>, ServiceError> {
        let value = self.unseal_token(OWNER, token);
        let Some((id, digest)) = value.as_deref().and_then(|value| value.split_once(' ')) else {
            return Ok(None);
        };
        let Ok(id) = id.parse() else {
            return Ok(None);
        };
        let user = users::get(&mut *self.0.store.read().await?, id).await?;
        Ok(user.filter(|user| digest_of(user) == digest))
    }
}
