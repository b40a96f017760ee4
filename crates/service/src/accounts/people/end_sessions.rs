//! End sessions of an account.

use reelroom_domain::{
    access::{Thing, Verb},
    act::ActKind,
    ids::UserId,
};
use reelroom_store::{acts, sessions, users};

use super::error::PeopleError;
use crate::{Browser, Found, Principal, Service, ServiceError, accounts::session_view::token_of};

impl Service {
    /// Ends one session of an account, or all where `session` is `None`.
    pub async fn end_sessions_of_person(
        &self,
        by: &Principal,
        browser: &Browser,
        id: UserId,
        session: Option<&str>,
    ) -> Result<(), PeopleError> {
        by.require(Verb::Change, Thing::People)?;
        let mut tx = self.0.store.write().await?;
        let user = users::get(&mut tx, id).await?.found()?;
        let ended = match session {
            None => sessions::delete_of_user(&mut tx, id, None).await?,
            Some(session) => {
                let token = token_of(session).found()?;
                if !sessions::delete_own(&mut tx, id, &token).await? {
                    return Err(ServiceError::NotFound.into());
                }
                vec![token]
            }
        };
        if ended.is_empty() {
            return Ok(());
        }
        let act = self.act_about(by, browser, ActKind::SessionsEnded, &user.name);
        let act = act.with("sessions", ended.len().to_string());
        acts::commit(tx, &act).await?;
        self.publish_ended(ended);
        Ok(())
    }
}
