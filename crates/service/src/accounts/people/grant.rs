//! Add and remove grants of an account or a group.

use reelroom_domain::{
    access::{Grant, Thing, Verb},
    act::{Act, ActKind},
    ids::UserId,
};
use reelroom_store::{
    Conn, acts, apps,
    grants::{self, Holder},
    groups,
};

use super::{error::PeopleError, target::account};
use crate::{Browser, Principal, Service, ServiceError};

impl Service {
    /// Adds a grant to an account or a group. The sessions stay, and open pages load again.
    pub async fn add_grant(
        &self,
        by: &Principal,
        browser: &Browser,
        holder: Holder,
        grant: &Grant,
    ) -> Result<(), PeopleError> {
        by.require(Verb::Change, Thing::People)?;
        let mut tx = self.0.store.write().await?;
        self.grant_within(&mut tx, by, browser, holder, grant)
            .await?;
        let users = users_of(&mut tx, holder).await?;
        tx.commit().await?;
        self.publish_access(users);
        Ok(())
    }

    /// Adds a grant within a transaction.
    pub(super) async fn grant_within(
        &self,
        conn: &mut Conn,
        by: &Principal,
        browser: &Browser,
        holder: Holder,
        grant: &Grant,
    ) -> Result<(), ServiceError> {
        if let Some(app) = grant.app() {
            let found = apps::get(conn, app).await?;
            found.ok_or(ServiceError::NotFound)?;
        }
        let name = name_of(conn, holder).await?;
        if grants::add(conn, holder, grant).await? {
            let act = self.act_of(by, browser, ActKind::GrantAdded, &name, grant);
            acts::append(conn, &act).await?;
        }
        Ok(())
    }

    /// Removes a grant from an account or a group. The sessions stay, and open pages load again.
    pub async fn remove_grant(
        &self,
        by: &Principal,
        browser: &Browser,
        holder: Holder,
        grant: &Grant,
    ) -> Result<(), PeopleError> {
        by.require(Verb::Change, Thing::People)?;
        let mut tx = self.0.store.write().await?;
        let name = name_of(&mut tx, holder).await?;
        if !grants::remove(&mut tx, holder, grant).await? {
            return Ok(());
        }
        let act = self.act_of(by, browser, ActKind::GrantRemoved, &name, grant);
        acts::append(&mut tx, &act).await?;
        let users = users_of(&mut tx, holder).await?;
        tx.commit().await?;
        self.publish_access(users);
        Ok(())
    }

    /// An act about a grant of the holder of this name. A room or a prefix is a detail of it, so that the
    /// act is not one about the room.
    fn act_of(
        &self,
        by: &Principal,
        browser: &Browser,
        kind: ActKind,
        name: &str,
        grant: &Grant,
    ) -> Act {
        let act = self.act_about(by, browser, kind, name);
        let mut act = act.with("grant", grant.kind());
        if let Some(app) = grant.app() {
            act = act.with("app", app.to_string());
        }
        if let Some(room) = grant.room() {
            act = act.with("room", room.to_string());
        }
        act
    }
}

/// The name of an account or a group.
async fn name_of(conn: &mut Conn, holder: Holder) -> Result<String, ServiceError> {
    match holder {
        Holder::User(id) => Ok(account(conn, id).await?.name),
        Holder::Group(id) => {
            let group = groups::get(conn, id).await?.ok_or(ServiceError::NotFound)?;
            Ok(group.name.into())
        }
    }
}

/// The accounts that have the grants of a holder.
async fn users_of(conn: &mut Conn, holder: Holder) -> Result<Vec<UserId>, ServiceError> {
    match holder {
        Holder::User(id) => Ok(vec![id]),
        Holder::Group(id) => Ok(groups::members_of(conn, id).await?),
    }
}
