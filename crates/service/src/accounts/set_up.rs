//! The first visit: the first administrator, with a one-time code from the log.

use reelroom_domain::{
    password::{self, BadPassword},
    user::Role,
};
use reelroom_store::{settings, users};
use subtle::ConstantTimeEq;

use crate::{
    Browser, Service, ServiceError, SignedIn,
    accounts::{rules::sign_in_rules, session::Proof, users::checked_name},
    ground::tries::{self, Origin, Target},
};

/// The name of the code among the settings.
const CODE: &str = "set_up_code";

/// A problem of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetUpProblem {
    /// Not the code of the log.
    WrongCode,
    /// A name that cannot be one.
    BadName,
    /// A password that breaks the rules.
    BadPassword(BadPassword),
}

/// The first administrator was not made.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// All problems of the form, in the order of its fields.
    #[error("problems of the form: {0:?}")]
    Invalid(Vec<SetUpProblem>),
    /// Too many wrong codes from this address; again in five minutes.
    #[error("too many wrong codes")]
    TooManyTries,
    /// There is an account: sign in with it.
    #[error("already set up")]
    AlreadyDone,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl From<BadPassword> for SetUpError {
    fn from(why: BadPassword) -> Self {
        Self::Invalid(vec![SetUpProblem::BadPassword(why)])
    }
}

impl Service {
    /// Whether there is no account yet.
    pub async fn needs_set_up(&self) -> Result<bool, ServiceError> {
        Ok(users::count(&mut *self.0.store.read().await?).await? == 0)
    }

    /// The code that the first visit asks for, while there is no account. The same until it is used.
    pub async fn set_up_code(&self) -> Result<Option<String>, ServiceError> {
        if !self.needs_set_up().await? {
            return Ok(None);
        }
        let mut read = self.0.store.read().await?;
        if let Some(code) = settings::get(&mut read, CODE).await? {
            return Ok(Some(code));
        }
        drop(read);
        let mut tx = self.0.store.write().await?;
        let code = settings::set_if_absent(&mut tx, CODE, &self.0.rng.word(12)).await?;
        tx.commit().await?;
        Ok(Some(code))
    }

    /// Makes the first administrator and signs them in. All problems of the form are returned at once: the rules of
    /// name and password are public, and nothing is hashed before the code is right.
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
        let store = &self.0.store;
        let spent = tries::reserve(store, &origin, &targets, self.now()).await?;
        if spent.is_some() {
            return Err(SetUpError::TooManyTries);
        }
        let is_right = bool::from(right.as_bytes().ct_eq(code.trim().as_bytes()));
        if is_right {
            let mut tx = store.write().await?;
            tries::give_back(&mut tx, &origin, &targets).await?;
            tx.commit().await?;
        }
        let name = name.trim();
        let mut problems = Vec::new();
        if !is_right {
            problems.push(SetUpProblem::WrongCode);
        }
        if checked_name(name).is_none() {
            problems.push(SetUpProblem::BadName);
        }
        let rules = sign_in_rules(&mut *store.read().await?).await?;
        if let Err(why) = password::check(&rules, name, password) {
            problems.push(SetUpProblem::BadPassword(why));
        }
        if !problems.is_empty() {
            return Err(SetUpError::Invalid(problems));
        }
        let hash = self.new_hash(name, password).await??;
        let user = self.new_user(name, Some(hash), Role::Admin);
        let mut tx = store.write().await?;
        // Of two concurrent requests with the code, one succeeds.
        if !users::insert_first(&mut tx, &user).await? {
            return Err(SetUpError::AlreadyDone);
        }
        settings::remove(&mut tx, CODE).await?;
        let signed_in = self.enter(tx, &user, browser, Proof::default()).await?;
        signed_in.ok_or(SetUpError::AlreadyDone)
    }
}
