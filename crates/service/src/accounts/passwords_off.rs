//! The rule that people sign in at the provider of single sign-on only.

use reelroom_domain::act::{ActKind, PASSWORDS_OFF, detail};
use reelroom_store::{Conn, users::User};

use crate::{Browser, Service, ServiceError, SignInError, accounts::rules::sign_in_rules};

impl Service {
    /// Whether nobody but the break-glass account signs in by a password. Without a provider the rule does not
    /// apply, since nobody could sign in.
    pub async fn passwords_off(&self) -> Result<bool, ServiceError> {
        let mut read = self.0.store.read().await?;
        self.passwords_off_for(&mut read).await
    }

    /// As [`Service::passwords_off`], within a transaction.
    pub(crate) async fn passwords_off_for(&self, conn: &mut Conn) -> Result<bool, ServiceError> {
        Ok(self.0.oidc.is_some() && sign_in_rules(conn).await?.passwords_off)
    }

    /// Whether an account may sign in by its password: where passwords are off, only the break-glass account may.
    pub(crate) async fn takes_password(
        &self,
        conn: &mut Conn,
        user: &User,
    ) -> Result<bool, ServiceError> {
        Ok(!self.passwords_off_for(conn).await? || self.is_break_glass(conn, user).await?)
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
        self.record(&act.with(detail::REFUSED, PASSWORDS_OFF))
            .await?;
        Err(SignInError::PasswordsOff)
    }
}
