//! End sessions of an account.

use data_encoding::HEXLOWER;
use reelroom_domain::{
    access::{Thing, Verb},
    act::{Act, ActKind},
    ids::UserId,
};
use reelroom_store::{
    acts,
    sessions::{self, TokenHash},
};

use super::{
    error::PeopleError,
    target::{account, details},
};
use crate::{Browser, EndedSession, Principal, Service, ServiceError};

/// The name of a session in a form.
pub(super) fn session_id(hash: &TokenHash) -> String {
    HEXLOWER.encode(hash)
}

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
        let user = account(&mut tx, id).await?;
        let ended = match session {
            None => self.end_sessions_of(&mut tx, id, None).await?,
            Some(session) => {
                let all = sessions::of_user(&mut tx, id, self.now()).await?;
                let found = all.iter().find(|one| session_id(&one.token) == session);
                let token = found.ok_or(ServiceError::NotFound)?.token;
                sessions::delete(&mut tx, &token).await?;
                vec![EndedSession(token)]
            }
        };
        if ended.is_empty() {
            return Ok(());
        }
        let act = Act {
            detail: details([("sessions", &ended.len().to_string())]),
            ..self.act_about(by, browser, ActKind::SessionsEnded, &user.name)
        };
        acts::append(&mut tx, &act).await?;
        tx.commit().await?;
        self.publish_ended(ended);
        Ok(())
    }
}
