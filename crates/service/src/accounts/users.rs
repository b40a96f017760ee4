//! Accounts: created and changed on the command line, at the first visit, or by configuration.

use reelroom_domain::{
    access::{Grant, Right, Rights},
    act::{Act, ActKind},
    ids::UserId,
    password::{self, BadPassword},
    user::{PersonName, Role},
    visible::hides_in_name,
};
use reelroom_store::{
    acts, factors,
    grants::{self, Holder},
    links, sessions,
    users::{self, User},
};

use crate::{Browser, Secret, Service, ServiceError, accounts::rules::sign_in_rules};

/// An account was not created or changed.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// The name is empty, over 64 characters, or has line breaks or invisible characters.
    #[error("a name is 1 to 64 characters long and has no line breaks or invisible characters")]
    BadName,
    /// The password breaks the rules.
    #[error(transparent)]
    BadPassword(#[from] BadPassword),
    /// There is an account of this name.
    #[error("there is an account of that name already")]
    NameTaken,
    /// There is no account of this name.
    #[error("there is no account of that name")]
    NoSuchUser,
    /// Nobody but the break-glass account signs in by a password.
    #[error(
        "passwords are off: people sign in by single sign-on, which adds their accounts. Nothing was changed. To use \
         passwords, turn them on under Settings, Sign-in"
    )]
    PasswordsOff,
    /// The account has no second factor.
    #[error("the account has no second factor; nothing was changed")]
    NoSecondFactor,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// The trimmed name, if an account could have it.
pub(super) fn trimmed_name(name: &str) -> Option<&str> {
    let name = name.trim();
    let has_length = (1..=64).contains(&name.chars().count());
    (has_length && !name.contains(char::is_control)).then_some(name)
}

/// The trimmed name, if a new account can have it. Invisible characters could make it look like that of another account.
pub(super) fn checked_name(name: &str) -> Option<&str> {
    trimmed_name(name).filter(|name| !name.contains(hides_in_name))
}

impl Service {
    /// Creates an account that reaches every room; an auditor reads all and is granted none, so no pictures or sound.
    /// An administrator has all rights, others may download what they are granted. Refused while passwords are off.
    pub async fn add_user(&self, name: &str, pass: &str, role: Role) -> Result<UserId, UserError> {
        if self.passwords_off().await? {
            return Err(UserError::PasswordsOff);
        }
        self.create_user(name, pass, role).await
    }

    async fn create_user(&self, name: &str, pass: &str, role: Role) -> Result<UserId, UserError> {
        let name = checked_name(name).ok_or(UserError::BadName)?;
        let hash = self.new_hash(name, pass).await??;
        let mut tx = self.0.store.write().await?;
        let user = self.new_user(name, Some(hash), role);
        if !users::insert(&mut tx, &user).await? {
            return Err(UserError::NameTaken);
        }
        if matches!(role, Role::Viewer | Role::Operator) {
            grants::add(&mut tx, Holder::User(user.id), &Grant::Everything).await?;
        }
        tx.commit().await?;
        Ok(user.id)
    }

    /// The hash of a new password of the account `name`. Every way to set a password leads through here.
    pub(super) async fn new_hash(
        &self,
        name: &str,
        pass: &str,
    ) -> Result<Result<String, BadPassword>, ServiceError> {
        let rules = sign_in_rules(&mut *self.0.store.read().await?).await?;
        if let Err(why) = password::check(&rules, name, pass) {
            return Ok(Err(why));
        }
        Ok(Ok(self.0.hashing.hash(pass, &self.0.rng).await?))
    }

    /// A new account, which is not stored yet.
    pub(crate) fn new_user(&self, name: &str, password_hash: Option<String>, role: Role) -> User {
        let now = self.now();
        User {
            id: self.0.rng.id(now),
            name: name.to_owned(),
            person: PersonName::default(),
            password_at: password_hash.is_some().then_some(now),
            password_hash,
            role,
            rights: if role == Role::Admin {
                Rights::all()
            } else {
                Rights::from_iter([Right::Download])
            },
            created_at: now,
            created_by: String::new(),
            disabled_at: None,
            last_seen_at: None,
        }
    }

    /// Changes the password of an account, and ends its sessions and its one-time link. Refused for an account that
    /// does not sign in by a password.
    pub async fn set_password(&self, name: &str, pass: &str) -> Result<(), UserError> {
        let hash = self.new_hash(name, pass).await??;
        let mut tx = self.0.store.write().await?;
        let user = users::by_name(&mut tx, name)
            .await?
            .ok_or(UserError::NoSuchUser)?;
        if !self.takes_password(&mut tx, &user).await? {
            return Err(UserError::PasswordsOff);
        }
        users::set_password(&mut tx, user.id, &hash, self.now()).await?;
        links::close(&mut tx, user.id).await?;
        let ended = sessions::delete_of_user(&mut tx, user.id, None).await?;
        tx.commit().await?;
        self.publish_ended(ended);
        Ok(())
    }

    /// Removes the second factor of an account with its recovery codes, and ends its sessions: for an administrator
    /// whom nobody else can help.
    pub async fn reset_second_factor_of(&self, name: &str) -> Result<(), UserError> {
        let mut tx = self.0.store.write().await?;
        let user = users::by_name(&mut tx, name)
            .await?
            .ok_or(UserError::NoSuchUser)?;
        if !factors::remove(&mut tx, user.id).await? {
            return Err(UserError::NoSecondFactor);
        }
        let ended = sessions::delete_of_user(&mut tx, user.id, None).await?;
        let act = Act {
            subject: user.name,
            ..self.act(None, &Browser::default(), ActKind::SecondFactorOff)
        };
        acts::commit(tx, &act).await?;
        self.publish_ended(ended);
        Ok(())
    }

    /// All accounts, by name.
    pub async fn users(&self) -> Result<Vec<User>, ServiceError> {
        Ok(users::list(&mut *self.0.store.read().await?).await?)
    }

    /// Creates the administrator of the configuration. An account of that name stays as it is, with its
    /// password.
    pub(crate) async fn ensure_admin(&self, name: &str, pass: &Secret) -> Result<(), UserError> {
        let known = users::by_name(&mut *self.0.store.read().await?, name.trim()).await?;
        if known.is_some() {
            return Ok(());
        }
        match self.create_user(name, pass.reveal(), Role::Admin).await {
            Ok(_) | Err(UserError::NameTaken) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
