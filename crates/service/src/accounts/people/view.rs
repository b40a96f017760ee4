//! One account, beside the list.

use reelroom_domain::{
    access::{Thing, Verb},
    ids::UserId,
    people::{NewLink, PersonView},
    user::Role,
};
use reelroom_store::{Conn, StoreError, factors, links, sessions};

use super::{
    known::{Known, count_fits},
    target::is_acting_admin,
};
use crate::{Browser, Found, Principal, Service, ServiceError, accounts::session_view::view_of};

impl Service {
    /// The account of this id, with the one-time link that the browser has just made for it.
    pub async fn person(
        &self,
        by: &Principal,
        browser: &Browser,
        id: UserId,
    ) -> Result<PersonView, ServiceError> {
        by.require(Verb::See, Thing::People)?;
        let now = self.now();
        let mut read = self.0.store.read().await?;
        let known = Known::load(&mut read, now).await?;
        let user = known.users.iter().find(|user| user.id == id).found()?;
        let mut rows = known.rows().into_iter();
        let mut row = rows.find(|row| row.id == id).found()?;
        count_fits(&mut read, &mut row.grants).await?;
        let grants = row.grants.iter().map(|line| line.grant.clone()).collect();
        let factor = factors::get(&mut read, id).await?;
        let acting = known.users.iter().filter(|user| is_acting_admin(user));
        let is_break_glass = self.is_break_glass(&mut read, user).await?;
        let sessions = sessions::of_user(&mut read, id, now).await?.into_iter();
        Ok(PersonView {
            created_at: user.created_at,
            created_by: user.created_by.clone(),
            password_at: user.password_at,
            second_factor_at: factor.map(|factor| factor.since),
            sessions: sessions.map(|session| view_of(session, browser)).collect(),
            rooms: known.rooms_seen(&mut read, user.role, grants).await?,
            all_rooms: known.rooms_seen(&mut read, Role::Admin, Vec::new()).await?,
            is_last_admin: is_acting_admin(user) && acting.count() == 1,
            is_break_glass: user.role == Role::Admin && is_break_glass,
            is_own: by.user == id,
            link: self.new_link(&mut read, browser, id).await?,
            row,
        })
    }

    /// The link that the browser has just made for this account, unless it was used already.
    async fn new_link(
        &self,
        conn: &mut Conn,
        browser: &Browser,
        id: UserId,
    ) -> Result<Option<NewLink>, StoreError> {
        let Some(token) = &browser.link else {
            return Ok(None);
        };
        let link = links::find(conn, &token.hash()).await?;
        let link = link.filter(|link| link.user == id && link.is_open(self.now()));
        Ok(link.map(|link| {
            let (address, has_site) = self.link_address(token);
            NewLink {
                address,
                has_site,
                until: link.expires_at,
            }
        }))
    }
}
