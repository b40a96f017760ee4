//! The rule that people sign in at the provider of single sign-on only.

use reelroom_domain::act::ActKind;
use reelroom_store::{Conn, users::User};

use crate::{Browser, Service, ServiceError, SignInError, accounts::rules::sign_in_rules};

impl Service {
    /// Whether an account may sign in by its password. Where passwords are off, only the break-glass account may.
    /// Without a provider the rule does not apply, since nobody could sign in.
    pub(crate) async fn takes_password(
        &self,
        conn: &mut Conn,
        user: &User,
    ) -> Result<bool, ServiceError> {
        if self.0.oidc.is_none() {
            return Ok(true);
        }
        let rules = sign_in_rules(conn).await?;
        Ok(!rules.passwords_off || rules.is_break_glass(&user.name))
    }

    /// Whether an account is the only one that signs in by its password.
    pub(crate) async fn is_break_glass(
        &self,
        conn: &mut Conn,
        user: &User,
    ) -> Result<bool, ServiceError> {
        let rules = sign_in_rules(conn).await?;
        Ok(self.0.oidc.is_some() && rules.is_break_glass(&user.name))
    }

    /// Refuses a right password where [`Service::takes_password`] says so.
    pub(crate) async fn refuse_password(
        &self,
        user: &User,
        browser: &Browser,
    ) -> Result<(), SignInError> {
        let mut read = self.0.store.read().await?;
        let takes = self.takes_password(&mut read, user).await?;
        drop(read);
        if takes {
            return Ok(());
        }
        let act = self.act(Some((user.id, &user.name)), browser, ActKind::SignInRefused);
        self.record(&act).await?;
        Err(SignInError::PasswordsOff)
    }
}
