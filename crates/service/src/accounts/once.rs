//! One-time links: the person of an account sets its password.

use reelroom_domain::{act::ActKind, password::BadPassword, time::Timestamp};
use reelroom_store::{
    acts, factors,
    links::{self, Link},
    sessions,
    users::{self, User},
};

use crate::{
    Browser, LinkToken, Service, ServiceError, SignedIn,
    accounts::session::Proof,
    ground::tries::{self, Origin, Target},
};

/// A link cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// There is no such link: its text is incomplete, or a newer link or a new password has replaced it.
    #[error("no such link")]
    Unknown,
    /// It was used before.
    #[error("used at {0:?}")]
    Used(Timestamp),
    /// It has lapsed.
    #[error("lapsed at {0:?}")]
    Lapsed(Timestamp),
    /// Nobody signs in by a password.
    #[error("passwords are off")]
    PasswordsOff,
    /// Too many wrong links from this address; again in five minutes.
    #[error("too many wrong links")]
    TooManyTries,
    /// The password breaks the rules.
    #[error(transparent)]
    BadPassword(#[from] BadPassword),
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl Service {
    /// The sign-in name of the account whose password a link sets. `text` is the token as its address has it.
    pub async fn link(&self, browser: &Browser, text: &str) -> Result<String, LinkError> {
        let (_, _, user) = self.check_link(browser, text).await?;
        Ok(user.name)
    }

    /// Sets the password of an account by a link, ends the sessions of the account and that of the browser,
    /// and signs in; `None` for an account with a second factor, which the sign-in asks for.
    pub async fn use_link(
        &self,
        browser: &Browser,
        text: &str,
        password: &str,
    ) -> Result<Option<SignedIn>, LinkError> {
        let (token, link, user) = self.check_link(browser, text).await?;
        let hash = self.new_hash(&user.name, password).await??;
        let now = self.now();
        let mut tx = self.0.store.write().await?;
        // Lock order: the account before the link, as everywhere. Otherwise two transactions could deadlock.
        users::set_password(&mut tx, user.id, &hash, now).await?;
        // Of two concurrent uses, one succeeds.
        if !links::use_up(&mut tx, &token.hash(), now).await? {
            let link = links::find(&mut tx, &token.hash()).await?;
            return Err(link.map_or(LinkError::Unknown, |link| why_closed(&link)));
        }
        let ended = sessions::delete_of_user(&mut tx, user.id, None).await?;
        let user = User {
            password_hash: Some(hash),
            ..user
        };
        let by = Some((user.id, user.name.as_str()));
        let act = self.act(by, browser, ActKind::PasswordSet);
        let act = act.with("link_by", link.made_by);
        acts::append(&mut tx, &act).await?;
        if factors::get(&mut tx, user.id).await?.is_some() {
            tx.commit().await?;
            self.publish_ended(ended);
            return Ok(None);
        }
        let entered = self.enter(tx, &user, browser, Proof::default()).await?;
        let signed_in = entered.ok_or(LinkError::Unknown)?;
        self.publish_ended(ended);
        Ok(Some(signed_in))
    }

    /// The link of this text that can be used, and its account. Wrong texts are counted.
    async fn check_link(
        &self,
        browser: &Browser,
        text: &str,
    ) -> Result<(LinkToken, Link, User), LinkError> {
        let (origin, targets) = (Origin::stranger(browser.address), [Target::Link]);
        let spent = tries::reserve(&self.0.store, &origin, &targets, self.now()).await?;
        if spent.is_some() {
            return Err(LinkError::TooManyTries);
        }
        let token = LinkToken::parse(text).ok_or(LinkError::Unknown)?;
        let mut tx = self.0.store.write().await?;
        let link = links::find(&mut tx, &token.hash()).await?;
        let link = link.ok_or(LinkError::Unknown)?;
        tries::give_back(&mut tx, &origin, &targets).await?;
        let user = users::get(&mut tx, link.user).await?;
        if !link.is_open(self.now()) {
            tx.commit().await?;
            return Err(why_closed(&link));
        }
        let user = user.ok_or(LinkError::Unknown)?;
        let takes_password = self.takes_password(&mut tx, &user).await?;
        tx.commit().await?;
        if !takes_password {
            return Err(LinkError::PasswordsOff);
        }
        Ok((token, link, user))
    }
}

/// Why a link cannot be used any more.
fn why_closed(link: &Link) -> LinkError {
    match link.used_at {
        Some(at) => LinkError::Used(at),
        None => LinkError::Lapsed(link.expires_at),
    }
}
