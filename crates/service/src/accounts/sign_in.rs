//! Sign in with a name and a password.

use reelroom_domain::act::ActKind;
use reelroom_store::{acts, users};

use crate::{
    Browser, Service, ServiceError, SignedIn,
    accounts::{session::Proof, users::checked_name},
    ground::{
        password,
        tries::{self, Target},
    },
};

/// The sign-in failed.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// No account has this name and password.
    #[error("wrong name or password")]
    Wrong,
    /// Too many wrong tries of this browser or address; again in five minutes.
    #[error("too many wrong tries")]
    TooManyTries,
    /// Too many sign-ins are waiting to be verified; again in a few seconds.
    #[error("too many sign-ins at the moment")]
    Busy,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl Service {
    /// Opens a session for the account of this name and password. Ends the browser's former session.
    pub async fn sign_in(
        &self,
        browser: &Browser,
        name: &str,
        password: &str,
    ) -> Result<SignedIn, SignInError> {
        let name = checked_name(name).map_err(|_| SignInError::Wrong)?;
        if password.len() > password::LONGEST {
            return Err(SignInError::Wrong);
        }
        let user = users::by_name(&mut *self.0.store.read().await?, name).await?;
        let origin = browser.origin(user.as_ref().map(|user| user.id));
        let queued = self.0.hashing.enqueue(&origin).ok_or(SignInError::Busy)?;
        // Counted before verification, so that concurrent tries cannot exceed the limit.
        let targets = [Target::Account(name.to_lowercase()), Target::AnyAccount];
        if !tries::reserve(&self.0.store, &origin, &targets, self.now()).await? {
            return Err(SignInError::TooManyTries);
        }
        let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
        let right = self.0.hashing.verify(queued, password, hash).await?;
        let address = browser.address.map(tracing::field::display);
        let Some(user) = user else {
            // The name may be a password typed into the wrong field.
            tracing::info!(address, "wrong sign-in: no such account");
            return Err(SignInError::Wrong);
        };
        if !right {
            tracing::info!(name = user.name, address, "wrong sign-in");
            return Err(SignInError::Wrong);
        }
        let mut tx = self.0.store.write().await?;
        let Some(session) = self
            .open_session(&mut tx, &user, browser, Proof::default())
            .await?
        else {
            tracing::info!(name = user.name, address, "sign-in with an old password");
            return Err(SignInError::Wrong);
        };
        let former = match &browser.session {
            Some(former) => self.end_session(&mut tx, former).await?,
            None => None,
        };
        let act = self.act(Some((user.id, &user.name)), browser, ActKind::SignedIn);
        acts::append(&mut tx, &act).await?;
        tries::give_back(&mut tx, &origin, &targets).await?;
        tx.commit().await?;
        self.publish_ended(former);
        let device = self.device_of(browser, user.id);
        Ok(SignedIn { session, device })
    }
}
