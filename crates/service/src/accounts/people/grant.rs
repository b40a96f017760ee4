//! Add and remove grants of an account or a group.

use reelroom_domain::{
    access::{Grant, Thing, Verb},
    act::{Act, ActKind, detail},
    ids::UserId,
};
use reelroom_store::{
    Conn, acts, apps,
    grants::{self, Holder},
    groups, users,
};

use super::error::PeopleError;
use crate::{Browser, Found, Principal, Service, ServiceError};

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
        let app = app_of(conn, grant).await?;
        if grant.app().is_some() && app.is_none() {
            return Err(ServiceError::NotFound);
        }
        let name = name_of(conn, holder).await?;
        if grants::add(conn, holder, grant).await? {
            let act = self.act_about(by, browser, ActKind::GrantAdded, &name);
            acts::append(conn, &with_grant(act, grant, app)).await?;
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
        let app = app_of(&mut tx, grant).await?;
        let act = self.act_about(by, browser, ActKind::GrantRemoved, &name);
        acts::append(&mut tx, &with_grant(act, grant, app)).await?;
        let users = users_of(&mut tx, holder).await?;
        tx.commit().await?;
        self.publish_access(users);
        Ok(())
    }
}

/// The act with a grant as its details. The room or prefix is one of them, so that the act is not one about
/// the room.
fn with_grant(act: Act, grant: &Grant, app: Option<String>) -> Act {
    let mut act = act.with(detail::GRANT, grant.kind());
    if let Some(app) = app {
        act = act.with(detail::APP, app);
    }
    if let Some(room) = grant.room() {
        act = act.with(detail::ROOM, room.to_string());
    }
    act
}

/// The name of a grant's app; `None` for a grant of every room, or if the app is gone.
async fn app_of(conn: &mut Conn, grant: &Grant) -> Result<Option<String>, ServiceError> {
    let Some(id) = grant.app() else {
        return Ok(None);
    };
    Ok(apps::get(conn, id).await?.map(|app| app.name))
}

/// The name of an account or a group.
async fn name_of(conn: &mut Conn, holder: Holder) -> Result<String, ServiceError> {
    match holder {
        Holder::User(id) => Ok(users::get(conn, id).await?.found()?.name),
        Holder::Group(id) => {
            let group = groups::get(conn, id).await?.found()?;
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
