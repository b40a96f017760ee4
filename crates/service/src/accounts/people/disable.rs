//! Disable and enable an account.

use reelroom_domain::{
    access::{Thing, Verb},
    act::ActKind,
    ids::UserId,
};
use reelroom_store::{acts, links, sessions, users};

use super::error::PeopleError;
use crate::{Browser, Principal, Service};

impl Service {
    /// Disables an account, which ends its sessions and its one-time link, or enables it.
    pub async fn disable_person(
        &self,
        by: &Principal,
        browser: &Browser,
        id: UserId,
        disabled: bool,
    ) -> Result<(), PeopleError> {
        by.require(Verb::Change, Thing::People)?;
        let mut tx = self.0.store.write().await?;
        let (user, must_stay) = self.lock_with_admins(&mut tx, id).await?;
        if user.disabled_at.is_some() == disabled {
            return Ok(());
        }
        if let Some(why) = must_stay.filter(|_| disabled) {
            return Err(why);
        }
        let at = disabled.then(|| self.now());
        users::set_disabled(&mut tx, id, at).await?;
        links::delete(&mut tx, id).await?;
        let ended = sessions::delete_of_user(&mut tx, id, None).await?;
        let kind = if disabled {
            ActKind::Disabled
        } else {
            ActKind::Enabled
        };
        acts::commit(tx, &self.act_about(by, browser, kind, &user.name)).await?;
        self.publish_ended(ended);
        tracing::info!(name = user.name, disabled, by = by.name, "account changed");
        Ok(())
    }
}
