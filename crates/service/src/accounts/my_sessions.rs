//! The sessions of an account, ended by itself.

use reelroom_domain::act::ActKind;
use reelroom_store::{acts, sessions};

use super::session_view::token_of;
use crate::{Browser, Found, Principal, Service, ServiceError, SessionToken};

impl Service {
    /// Ends a session of the account; `id` is as in [`SessionView`](reelroom_domain::account::SessionView).
    pub async fn end_my_session(
        &self,
        by: &Principal,
        browser: &Browser,
        id: &str,
    ) -> Result<(), ServiceError> {
        let token = token_of(id).found()?;
        let mut tx = self.0.store.write().await?;
        if !sessions::delete_own(&mut tx, by.user, &token).await? {
            return Err(ServiceError::NotFound);
        }
        let act = self.act_about(by, browser, ActKind::SessionsEnded, &by.name);
        acts::commit(tx, &act).await?;
        self.publish_ended([token]);
        Ok(())
    }

    /// Ends every session of the account but that of this browser.
    pub async fn end_my_other_sessions(
        &self,
        by: &Principal,
        browser: &Browser,
    ) -> Result<(), ServiceError> {
        let this = browser.session.as_ref().map(SessionToken::hash);
        let mut tx = self.0.store.write().await?;
        let ended = sessions::delete_of_user(&mut tx, by.user, this.as_ref()).await?;
        if ended.is_empty() {
            return Ok(());
        }
        let act = self.act_about(by, browser, ActKind::SessionsEnded, &by.name);
        acts::commit(tx, &act).await?;
        self.publish_ended(ended);
        Ok(())
    }
}
