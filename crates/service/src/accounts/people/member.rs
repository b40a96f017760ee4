//! Add and remove members of a group that is not filled by single sign-on.

use reelroom_domain::{
    access::{Thing, Verb},
    act::{ActKind, detail},
    ids::{GroupId, UserId},
};
use reelroom_store::{
    Conn, acts,
    groups::{self, Group},
    users::{self, User},
};

use super::error::PeopleError;
use crate::{Browser, Found, Principal, Service};

impl Service {
    /// Adds the account of this sign-in name to a group. Its sessions stay, and its open pages load again.
    pub async fn add_member(
        &self,
        by: &Principal,
        browser: &Browser,
        group: GroupId,
        name: &str,
    ) -> Result<(), PeopleError> {
        by.require(Verb::Change, Thing::People)?;
        let mut tx = self.0.store.write().await?;
        let user = users::by_name(&mut tx, name.trim()).await?;
        let user = user.ok_or(PeopleError::NoSuchName)?;
        self.join_within(&mut tx, by, browser, group, &user).await?;
        tx.commit().await?;
        self.publish_access([user.id]);
        Ok(())
    }

    /// Adds an account to a group within a transaction.
    pub(super) async fn join_within(
        &self,
        conn: &mut Conn,
        by: &Principal,
        browser: &Browser,
        group: GroupId,
        user: &User,
    ) -> Result<(), PeopleError> {
        let group = by_hand(conn, group).await?;
        if groups::add_member(conn, group.id, user.id).await? {
            let act = self.act_about(by, browser, ActKind::GroupChanged, group.name.as_str());
            let act = act
                .with(detail::CHANGE, "member_added")
                .with(detail::MEMBER, &user.name);
            acts::append(conn, &act).await?;
        }
        Ok(())
    }

    /// Removes an account from a group. Its sessions stay, and its open pages load again.
    pub async fn remove_member(
        &self,
        by: &Principal,
        browser: &Browser,
        group: GroupId,
        id: UserId,
    ) -> Result<(), PeopleError> {
        by.require(Verb::Change, Thing::People)?;
        let mut tx = self.0.store.write().await?;
        let group = by_hand(&mut tx, group).await?;
        let user = users::get(&mut tx, id).await?.found()?;
        if !groups::remove_member(&mut tx, group.id, id).await? {
            return Ok(());
        }
        let act = self.act_about(by, browser, ActKind::GroupChanged, group.name.as_str());
        let act = act
            .with(detail::CHANGE, "member_removed")
            .with(detail::MEMBER, &user.name);
        acts::commit(tx, &act).await?;
        self.publish_access([id]);
        Ok(())
    }
}

/// The group of this id, whose members are chosen by hand.
async fn by_hand(conn: &mut Conn, id: GroupId) -> Result<Group, PeopleError> {
    let group = groups::get(conn, id).await?.found()?;
    match group.claim {
        None => Ok(group),
        Some(_) => Err(PeopleError::FromClaim),
    }
}
