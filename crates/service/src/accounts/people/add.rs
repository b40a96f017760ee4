//! Add an account without a password.

use reelroom_domain::{
    access::{Grant, Rights, Thing, Verb},
    act::ActKind,
    ids::{GroupId, UserId},
    user::Role,
};
use reelroom_store::{
    acts,
    grants::Holder,
    users::{self, User},
};

use super::{change::checked_person_name, error::PeopleError};
use crate::{Browser, LinkToken, Principal, Service, accounts::users::checked_name};

/// An account to add.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// The sign-in name, as typed.
    pub name: String,
    /// The person's name, as typed; may be empty.
    pub person: String,
    /// Its role.
    pub role: Role,
    /// Its rights.
    pub rights: Rights,
    /// Its first grant.
    pub grant: Option<Grant>,
    /// Its first group.
    pub group: Option<GroupId>,
}

impl Service {
    /// Adds an account without a password, and makes a link with which the person sets one. While passwords are off it
    /// adds none: people get an account when they first sign in by single sign-on.
    pub async fn add_person(
        &self,
        by: &Principal,
        browser: &Browser,
        new: NewPerson,
    ) -> Result<(UserId, LinkToken), PeopleError> {
        by.require(Verb::Change, Thing::People)?;
        let name = checked_name(&new.name).ok_or(PeopleError::Name)?;
        let person = checked_person_name(&new.person)?;
        let user = User {
            person,
            rights: new.rights,
            created_by: by.name.clone(),
            ..self.new_user(name, None, new.role)
        };
        let mut tx = self.0.store.write().await?;
        if !users::insert(&mut tx, &user).await? {
            return Err(PeopleError::NameTaken);
        }
        let rights = user.rights.to_string();
        let act = self.act_about(by, browser, ActKind::AccountAdded, &user.name);
        let act = act.with("role", user.role.as_str()).with("rights", &rights);
        acts::append(&mut tx, &act).await?;
        if let Some(grant) = &new.grant {
            let holder = Holder::User(user.id);
            self.grant_within(&mut tx, by, browser, holder, grant)
                .await?;
        }
        if let Some(group) = new.group {
            self.join_within(&mut tx, by, browser, group, &user).await?;
        }
        let link = self.link_within(&mut tx, by, browser, &user).await?;
        tx.commit().await?;
        tracing::info!(
            name = user.name,
            role = user.role.as_str(),
            by = by.name,
            "account added"
        );
        Ok((user.id, link))
    }
}
