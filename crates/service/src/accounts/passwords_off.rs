//! The rule that people sign in at the provider of single sign-on only.

use reelroom_domain::act::ActKind;
use reelroom_store::users::User;

use crate::{Browser, Service, SignInError, accounts::rules::sign_in_rules};

impl Service {
    /// Refuses a right password where passwords are off, but that of the break-glass account. Without a provider
    /// the rule does not apply: nobody could sign in.
    pub(crate) async fn refuse_password(
        &self,
        user: &User,
        browser: &Browser,
    ) -> Result<(), SignInError> {
        if self.0.oidc.is_none() {
            return Ok(());
        }
        let rules = sign_in_rules(&mut *self.0.store.read().await?).await?;
        let is_break_glass = rules.break_glass.to_lowercase() == user.name.to_lowercase();
        if !rules.passwords_off || is_break_glass {
            return Ok(());
        }
        let act = self.act(Some((user.id, &user.name)), browser, ActKind::SignInRefused);
        self.record(&act).await?;
        Err(SignInError::PasswordsOff)
    }
}
