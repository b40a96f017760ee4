//! The first visit: the first administrator, with a one-time code from the log.

use std::sync::PoisonError;

use reelroom_domain::user::Role;
use reelroom_store::users;
use subtle::ConstantTimeEq;

use crate::{
    Browser, Service, ServiceError, SignedIn, UserError,
    accounts::users::{check_password, checked_name},
    ground::tries::{Origin, Target},
};

/// The first administrator was not made.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// Not the code of the log.
    #[error("wrong code")]
    WrongCode,
    /// Too many wrong codes from this address; again in five minutes.
    #[error("too many wrong codes")]
    TooManyTries,
    /// There is an account: sign in with it.
    #[error("already set up")]
    AlreadyDone,
    /// A name that cannot be one.
    #[error("not a usable name")]
    BadName,
    /// Too short.
    #[error("too short a password")]
    WeakPassword,
    /// Too long.
    #[error("too long a password")]
    LongPassword,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl From<UserError> for SetUpError {
    fn from(error: UserError) -> Self {
        match error {
            UserError::BadName => Self::BadName,
            UserError::WeakPassword => Self::WeakPassword,
            UserError::LongPassword => Self::LongPassword,
            // Somebody was faster.
            UserError::NameTaken | UserError::NoSuchUser => Self::AlreadyDone,
            UserError::Service(error) => Self::Service(error),
        }
    }
}

impl Service {
    /// Whether there is no account yet.
    pub async fn needs_set_up(&self) -> Result<bool, ServiceError> {
        let mut read = self.0.store.read().await?;
        Ok(users::count(&mut read).await? == 0)
    }

    /// The code that the first visit asks for, while there is no account. The same until it is
    /// used or the process ends.
    pub async fn set_up_code(&self) -> Result<Option<String>, ServiceError> {
        if !self.needs_set_up().await? {
            return Ok(None);
        }
        let mut code = self
            .0
            .set_up_code
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Ok(Some(
            code.get_or_insert_with(|| self.0.chance.word(12)).clone(),
        ))
    }

    /// Makes the first administrator and signs them in.
    pub async fn set_up(
        &self,
        browser: &Browser,
        code: &str,
        name: &str,
        password: &str,
    ) -> Result<SignedIn, SetUpError> {
        let Some(right) = self.set_up_code().await? else {
            return Err(SetUpError::AlreadyDone);
        };
        let (origin, targets) = (Origin::stranger(browser.address), [Target::SetUp]);
        if !self.0.tries.reserve(&origin, &targets, self.now()) {
            return Err(SetUpError::TooManyTries);
        }
        if !bool::from(right.as_bytes().ct_eq(code.trim().as_bytes())) {
            return Err(SetUpError::WrongCode);
        }
        self.0.tries.give_back(&origin, &targets);
        let name = checked_name(name)?;
        check_password(password)?;
        let hash = self.0.hashing.hash(password, &self.0.chance).await?;
        let user = self.new_user(name, hash, Role::Admin);
        let mut tx = self.0.store.write().await.map_err(ServiceError::from)?;
        // Of two who have the code, one is the first.
        if !users::insert_first(&mut tx, &user)
            .await
            .map_err(ServiceError::from)?
        {
            return Err(SetUpError::AlreadyDone);
        }
        let Some(session) = self.open_session(&mut tx, &user).await? else {
            return Err(SetUpError::AlreadyDone);
        };
        tx.commit().await.map_err(ServiceError::from)?;
        *self
            .0
            .set_up_code
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = None;
        let device = self.device_of(browser, user.id);
        Ok(SignedIn { session, device })
    }
}
