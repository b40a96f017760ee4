//! Remove the second factor of an account whose person has lost it.

use reelroom_domain::{
    access::{Thing, Verb},
    act::ActKind,
    ids::UserId,
};
use reelroom_store::{acts, factors, sessions, users};

use super::error::PeopleError;
use crate::{Browser, Found, Principal, Service};

impl Service {
    /// Removes the second factor of an account with its recovery codes, and ends its sessions. Refused for the
    /// account of `by`, which switches it off with its password.
    pub async fn reset_second_factor(
        &self,
        by: &Principal,
        browser: &Browser,
        id: UserId,
    ) -> Result<(), PeopleError> {
        by.require(Verb::Change, Thing::People)?;
        if id == by.user {
            return Err(PeopleError::Own);
        }
        let mut tx = self.0.store.write().await?;
        let user = users::get(&mut tx, id).await?.found()?;
        if !factors::remove(&mut tx, id).await? {
            return Ok(());
        }
        let ended = sessions::delete_of_user(&mut tx, id, None).await?;
        let act = self.act_about(by, browser, ActKind::SecondFactorOff, &user.name);
        acts::commit(tx, &act).await?;
        self.publish_ended(ended);
        tracing::info!(name = user.name, by = by.name, "second factor removed");
        Ok(())
    }
}
