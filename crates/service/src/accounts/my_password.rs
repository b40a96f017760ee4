//! The password of an account, changed by itself.

use reelroom_domain::{
    act::ActKind,
    password::{BadPassword, MAX_BYTES},
};
use reelroom_store::{
    Conn, acts, links,
    sessions::{self, TokenHash},
    users::{self, User},
};

use crate::{
    Browser, Found, Principal, Service, ServiceError, SignedIn,
    accounts::session::Proof,
    ground::{gathered::Fact, tries},
};

/// The password or the second factor was not changed.
#[derive(Debug, thiserror::Error)]
pub enum MyAccountError {
    /// The password is wrong, or was changed meanwhile.
    #[error("wrong password")]
    WrongPassword,
    /// The new password breaks the rules.
    #[error(transparent)]
    BadPassword(#[from] BadPassword),
    /// Not the code that the app shows.
    #[error("wrong code")]
    WrongCode,
    /// The form is too old, or was used: begin again.
    #[error("the form has lapsed")]
    Lapsed,
    /// The account must have a second factor.
    #[error("a second factor is demanded")]
    Demanded,
    /// Too many wrong tries of this browser or address; again in five minutes.
    #[error("too many wrong tries")]
    TooManyTries,
    /// Too many wrong codes; again in an hour.
    #[error("too many wrong codes")]
    CodesClosed,
    /// Too many passwords are waiting to be verified; again in a few seconds.
    #[error("too many sign-ins at the moment")]
    Busy,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl Service {
    /// Changes the password of the account: ends its sessions and its one-time link, and opens a new session in this
    /// browser.
    pub async fn change_password(
        &self,
        by: &Principal,
        browser: &Browser,
        present: &str,
        new: &str,
    ) -> Result<SignedIn, MyAccountError> {
        let user = self.own_password(by, browser, present).await?;
        let hash = self.new_hash(&user.name, new).await??;
        let mut tx = self.0.store.write().await?;
        if !users::replace_password(&mut tx, &user, &hash, self.now()).await? {
            return Err(MyAccountError::WrongPassword);
        }
        links::close(&mut tx, user.id).await?;
        let user = User {
            password_hash: Some(hash),
            ..user
        };
        let renewed = self.renew_session(&mut tx, &user, browser).await?;
        let (signed_in, ended) = renewed.ok_or(MyAccountError::WrongPassword)?;
        let act = self.act(Some((by.user, &by.name)), browser, ActKind::PasswordSet);
        acts::commit(tx, &act).await?;
        self.publish_ended(ended);
        Ok(signed_in)
    }

    /// Ends every session of an account within a transaction, and opens a new one in this browser, with the proof of
    /// the present one. `None` where [`Service::open_session`] opens none.
    pub(super) async fn renew_session(
        &self,
        conn: &mut Conn,
        user: &User,
        browser: &Browser,
    ) -> Result<Option<(SignedIn, Vec<TokenHash>)>, ServiceError> {
        let proof = self.present_proof(conn, browser).await?;
        let ended = sessions::delete_of_user(conn, user.id, None).await?;
        let session = self.open_session(conn, user, browser, proof).await?;
        let device = self.device_of(browser, user.id);
        Ok(session.map(|session| (SignedIn { session, device }, ended)))
    }

    /// Verifies the password of `by`, and returns its account. A wrong one counts as a wrong sign-in.
    pub(crate) async fn own_password(
        &self,
        by: &Principal,
        browser: &Browser,
        password: &str,
    ) -> Result<User, MyAccountError> {
        if password.len() > MAX_BYTES {
            return Err(MyAccountError::WrongPassword);
        }
        let user = users::get(&mut *self.0.store.read().await?, by.user).await?;
        let user = user.found()?;
        let origin = browser.origin(Some(user.id));
        let queued = self.0.hashing.enqueue(&origin);
        let queued = queued.ok_or(MyAccountError::Busy)?;
        let targets = origin.sign_in_targets(&user.name);
        let spent = tries::reserve(&self.0.store, &origin, &targets, self.now()).await?;
        if spent.is_some() {
            self.record_wrong(browser, Some(user.id), Some(&user), Fact::Throttled);
            return Err(MyAccountError::TooManyTries);
        }
        let hash = user.password_hash.as_deref();
        if !self.0.hashing.verify(queued, password, hash).await? {
            self.record_wrong(browser, Some(user.id), Some(&user), Fact::WrongSignIn);
            return Err(MyAccountError::WrongPassword);
        }
        let mut tx = self.0.store.write().await?;
        tries::give_back(&mut tx, &origin, &targets).await?;
        tx.commit().await?;
        Ok(user)
    }

    /// How the session of the browser was opened.
    async fn present_proof(
        &self,
        conn: &mut Conn,
        browser: &Browser,
    ) -> Result<Proof, ServiceError> {
        let Some(token) = &browser.session else {
            return Ok(Proof::default());
        };
        let found = sessions::find(conn, &token.hash(), self.now()).await?;
        Ok(found.map_or_else(Proof::default, |(_, session)| Proof {
            second_factor: session.second_factor,
            provider: session.provider_session.zip(session.id_token),
        }))
    }
}
