//! Make a one-time link, with which a person sets the password of an account.

use reelroom_domain::{
    access::{Thing, Verb},
    act::ActKind,
    ids::UserId,
};
use reelroom_store::{
    Conn, acts,
    links::{self, Link},
    users::{self, User},
};

use super::error::PeopleError;
use crate::{Browser, Found, LinkToken, Principal, Service, accounts::rules::sign_in_rules};

const HOUR: i64 = 60 * 60_000;

impl Service {
    /// Makes a link for an account, which replaces the former one. Refused for the account of `by`, whose password
    /// could be set with a stolen session, and for an account that does not sign in by a password.
    pub async fn make_link(
        &self,
        by: &Principal,
        browser: &Browser,
        id: UserId,
    ) -> Result<LinkToken, PeopleError> {
        by.require(Verb::Change, Thing::People)?;
        if id == by.user {
            return Err(PeopleError::Own);
        }
        let mut tx = self.0.store.write().await?;
        let user = users::get(&mut tx, id).await?.found()?;
        if user.disabled_at.is_some() {
            return Err(PeopleError::Disabled);
        }
        let link = self.link_within(&mut tx, by, browser, &user).await?;
        tx.commit().await?;
        Ok(link)
    }

    /// Makes a link within a transaction.
    pub(super) async fn link_within(
        &self,
        conn: &mut Conn,
        by: &Principal,
        browser: &Browser,
        user: &User,
    ) -> Result<LinkToken, PeopleError> {
        if !self.takes_password(conn, user).await? {
            return Err(PeopleError::PasswordsOff);
        }
        let token = LinkToken::new(&self.0.rng);
        let hours = sign_in_rules(conn).await?.link_hours;
        let link = Link {
            user: user.id,
            made_by: by.name.clone(),
            expires_at: self.now().plus_millis(i64::from(hours) * HOUR),
            used_at: None,
        };
        links::set(conn, &token.hash(), &link).await?;
        let act = self.act_about(by, browser, ActKind::LinkMade, &user.name);
        acts::append(conn, &act).await?;
        Ok(token)
    }

    /// The whole address of a link, and whether it begins with the public address of this server.
    pub fn link_address(&self, link: &LinkToken) -> (String, bool) {
        let address = format!("{}/once/{}", self.site(), link.as_str());
        (address, self.public_url().is_some())
    }
}
