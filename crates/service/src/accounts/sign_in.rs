//! Sign in with a name and a password.

use reelroom_domain::{
    act::{Act, ActKind, DISABLED, detail},
    password::MAX_BYTES,
};
use reelroom_store::{
    Write, acts, factors, sessions,
    users::{self, User},
};

use crate::{
    Browser, Service, ServiceError, SessionToken, SignedIn,
    accounts::{session::Proof, users::trimmed_name},
    ground::{
        gathered::Fact,
        tries::{self, Target},
    },
};

/// The sign-in failed.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// No account has this name and password.
    #[error("wrong name or password")]
    Wrong,
    /// The name and the password are right, and the account is disabled.
    #[error("the account is disabled")]
    Disabled,
    /// The password is right, and people sign in at the provider of single sign-on only.
    #[error("password sign-in is off")]
    PasswordsOff,
    /// The password is right; the code of the second factor is asked for next, with this token.
    #[error("the second factor is missing")]
    CodeNeeded(String),
    /// Not a code of the second factor, or a used one.
    #[error("wrong code")]
    WrongCode,
    /// The token has lapsed, or the password was changed: begin again.
    #[error("the sign-in has lapsed")]
    Lapsed,
    /// Too many wrong tries of this browser or address; again in five minutes.
    #[error("too many wrong tries")]
    TooManyTries,
    /// Too many wrong passwords for this name, of all unknown browsers together; again in an hour.
    #[error("too many wrong tries at this name")]
    NameClosed,
    /// Too many wrong codes for this account, of this browser or of all unknown ones together; again in an hour.
    #[error("too many wrong codes")]
    CodesClosed,
    /// Too many sign-ins are waiting to be verified; again in a few seconds.
    #[error("too many sign-ins at the moment")]
    Busy,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl Service {
    /// Opens a session for the account of this name and password. Ends the browser's former session.
    ///
    /// An unknown name and an account without a password get the same error as a wrong password, for the same
    /// work and counted in the same way, so that nobody learns which names there are.
    pub async fn sign_in(
        &self,
        browser: &Browser,
        name: &str,
        password: &str,
    ) -> Result<SignedIn, SignInError> {
        let name = trimmed_name(name).ok_or(SignInError::Wrong)?;
        if password.len() > MAX_BYTES {
            return Err(SignInError::Wrong);
        }
        let user = users::by_name(&mut *self.0.store.read().await?, name).await?;
        let origin = browser.origin(user.as_ref().map(|user| user.id));
        let queued = self.0.hashing.enqueue(&origin).ok_or(SignInError::Busy)?;
        // Counted before verification, so that concurrent tries cannot exceed the limit.
        let targets = origin.sign_in_targets(name);
        let spent = tries::reserve(&self.0.store, &origin, &targets, self.now()).await?;
        if let Some(spent) = spent {
            self.record_wrong(browser, None, user.as_ref(), Fact::Throttled);
            return Err(match spent {
                Target::AccountOfStrangers(_) => SignInError::NameClosed,
                _ => SignInError::TooManyTries,
            });
        }
        let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
        let is_right = self.0.hashing.verify(queued, password, hash).await?;
        let Some(user) = user.as_ref().filter(|_| is_right) else {
            self.record_wrong(browser, None, user.as_ref(), Fact::WrongSignIn);
            return Err(SignInError::Wrong);
        };
        if user.disabled_at.is_some() {
            let by = Some((user.id, &*user.name));
            let act = self.act(by, browser, ActKind::SignInRefused);
            self.record(&act.with(detail::REFUSED, DISABLED)).await?;
            return Err(SignInError::Disabled);
        }
        self.refuse_password(user, browser).await?;
        let mut tx = self.0.store.write().await?;
        tries::give_back(&mut tx, &origin, &targets).await?;
        if factors::get(&mut tx, user.id).await?.is_some() {
            tx.commit().await?;
            return Err(SignInError::CodeNeeded(self.second_step(user)?));
        }
        let signed_in = self.enter(tx, user, browser, Proof::default()).await?;
        signed_in.ok_or_else(|| {
            let address = browser.address.map(tracing::field::display);
            tracing::info!(name = user.name, address, "sign-in with an old password");
            SignInError::Wrong
        })
    }

    /// Opens a session for an account that has proved who it is, and ends the browser's former one. Commits
    /// the transaction; `None`, and nothing is done, where [`Service::open_session`] opens none.
    pub(super) async fn enter(
        &self,
        mut tx: Write,
        user: &User,
        browser: &Browser,
        proof: Proof,
    ) -> Result<Option<SignedIn>, ServiceError> {
        let act = self.signed_in_act(user, browser, &proof);
        let Some(session) = self.open_session(&mut tx, user, browser, proof).await? else {
            return Ok(None);
        };
        let mut former = browser.session.as_ref().map(SessionToken::hash);
        if let Some(token) = &former
            && !sessions::delete(&mut tx, token).await?
        {
            former = None;
        }
        acts::commit(tx, &act).await?;
        self.publish_ended(former);
        let device = self.device_of(browser, user.id);
        Ok(Some(SignedIn { session, device }))
    }

    /// The act of a sign-in, with the details of its provider, of whether it had a second factor and whether its
    /// browser is new.
    fn signed_in_act(&self, user: &User, browser: &Browser, proof: &Proof) -> Act {
        let device = browser.device.as_ref();
        let is_known = device.is_some_and(|device| device.user == user.id);
        let mut act = self.act(Some((user.id, &user.name)), browser, ActKind::SignedIn);
        if let Some(provider) = self.0.oidc.as_ref().filter(|_| proof.provider.is_some()) {
            act = act.with("provider", provider.config.host());
        }
        if proof.second_factor {
            act = act.with(detail::SECOND_FACTOR, "yes");
        }
        if !is_known {
            act = act.with(detail::NEW_DEVICE, "yes");
        }
        act
    }
}
