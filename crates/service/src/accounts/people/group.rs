//! Add, rename and delete groups.

use reelroom_domain::{
    access::{Thing, Verb},
    act::{ActKind, detail},
    ids::GroupId,
    user::GroupName,
    visible::hides_in_name,
};
use reelroom_store::{
    acts,
    groups::{self, Group},
};

use super::error::PeopleError;
use crate::{Browser, Found, Principal, Service};

/// The limit of a claim in bytes.
const CLAIM_BYTES: usize = 200;

impl Service {
    /// Adds a group. If `claim` is not blank, its members are those of that group of single sign-on.
    pub async fn add_group(
        &self,
        by: &Principal,
        browser: &Browser,
        name: &str,
        claim: &str,
    ) -> Result<GroupId, PeopleError> {
        by.require(Verb::Change, Thing::People)?;
        let now = self.now();
        let group = Group {
            id: self.0.rng.id(now),
            name: checked_group_name(name)?,
            claim: checked_claim(claim)?,
            created_at: now,
        };
        let mut tx = self.0.store.write().await?;
        if !groups::insert(&mut tx, &group).await? {
            return Err(PeopleError::GroupTaken);
        }
        let act = self.act_about(by, browser, ActKind::GroupChanged, group.name.as_str());
        let act = act.with(detail::CHANGE, "added");
        acts::commit(tx, &act).await?;
        Ok(group.id)
    }

    /// Renames a group.
    pub async fn rename_group(
        &self,
        by: &Principal,
        browser: &Browser,
        id: GroupId,
        name: &str,
    ) -> Result<(), PeopleError> {
        by.require(Verb::Change, Thing::People)?;
        let name = checked_group_name(name)?;
        let mut tx = self.0.store.write().await?;
        let group = groups::get(&mut tx, id).await?.found()?;
        if group.name == name {
            return Ok(());
        }
        if !groups::rename(&mut tx, id, &name).await? {
            return Err(PeopleError::GroupTaken);
        }
        let act = self.act_about(by, browser, ActKind::GroupChanged, name.as_str());
        let act = act
            .with(detail::CHANGE, "renamed")
            .with(detail::NAME_FROM, group.name.as_str());
        Ok(acts::commit(tx, &act).await?)
    }

    /// Deletes a group with its grants. Its members keep their sessions, and their open pages load again.
    pub async fn delete_group(
        &self,
        by: &Principal,
        browser: &Browser,
        id: GroupId,
    ) -> Result<(), PeopleError> {
        by.require(Verb::Change, Thing::People)?;
        let mut tx = self.0.store.write().await?;
        let group = groups::get(&mut tx, id).await?.found()?;
        let members = groups::members_of(&mut tx, id).await?;
        groups::delete(&mut tx, id).await?;
        let act = self.act_about(by, browser, ActKind::GroupChanged, group.name.as_str());
        let act = act.with(detail::CHANGE, "deleted");
        acts::commit(tx, &act).await?;
        self.publish_access(members);
        Ok(())
    }
}

fn checked_group_name(name: &str) -> Result<GroupName, PeopleError> {
    let name = GroupName::parse(name).ok();
    let is_shown = |name: &str| !name.is_empty() && !name.contains(hides_in_name);
    let name = name.filter(|name| is_shown(name.as_str()));
    name.ok_or(PeopleError::GroupName)
}

fn checked_claim(claim: &str) -> Result<Option<String>, PeopleError> {
    let claim = claim.trim();
    if claim.len() > CLAIM_BYTES || claim.chars().any(char::is_control) {
        return Err(PeopleError::Claim);
    }
    Ok((!claim.is_empty()).then(|| claim.to_owned()))
}
