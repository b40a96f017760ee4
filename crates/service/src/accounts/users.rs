//! Accounts: created and changed on the command line, at the first visit, or by configuration.

use reelroom_domain::{
    access::{Grant, Right, Rights},
    ids::UserId,
    password::{self, BadPassword},
    time::Timestamp,
    user::{PersonName, Role},
};
use reelroom_store::{
    grants::{self, Holder},
    users::{self, Inserted, User},
};

use crate::{Secret, Service, ServiceError, accounts::rules::sign_in_rules};

/// An account was not created or changed.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// The name is empty, over 64 characters, or has control characters.
    #[error("a name is 1 to 64 characters long and has no line breaks")]
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
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// One account, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserLine {
    /// The sign-in name.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// The time when it was created.
    pub created_at: Timestamp,
}

pub(crate) fn checked_name(name: &str) -> Result<&str, UserError> {
    let name = name.trim();
    let good =
        !name.is_empty() && name.chars().count() <= 64 && !name.chars().any(char::is_control);
    if good {
        Ok(name)
    } else {
        Err(UserError::BadName)
    }
}

impl Service {
    /// Creates an account that reaches every room. An administrator has all rights, others may download.
    pub async fn add_user(&self, name: &str, pass: &str, role: Role) -> Result<UserId, UserError> {
        let name = checked_name(name)?;
        let hash = self.new_hash(name, pass).await?;
        let mut tx = self.0.store.write().await?;
        let user = self.new_user(name, hash, role);
        match users::insert(&mut tx, &user).await? {
            Inserted::Yes => {}
            Inserted::NameTaken => return Err(UserError::NameTaken),
        }
        if role != Role::Admin {
            grants::add(&mut tx, Holder::User(user.id), &Grant::Everything).await?;
        }
        tx.commit().await?;
        Ok(user.id)
    }

    /// The hash of a new password of the account `name`. Every way to set a password leads through here.
    pub(crate) async fn new_hash(&self, name: &str, pass: &str) -> Result<String, UserError> {
        let mut read = self.0.store.read().await?;
        let rules = sign_in_rules(&mut read).await?;
        drop(read);
        password::check(&rules, name, pass)?;
        Ok(self.0.hashing.hash(pass, &self.0.rng).await?)
    }

    pub(crate) fn new_user(&self, name: &str, password_hash: String, role: Role) -> User {
        let now = self.now();
        User {
            id: self.0.rng.id(now),
            name: name.to_owned(),
            person: PersonName::default(),
            password_hash: Some(password_hash),
            password_at: Some(now),
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

    /// Changes the password of an account and ends its sessions.
    pub async fn set_password(&self, name: &str, pass: &str) -> Result<(), UserError> {
        let hash = self.new_hash(name, pass).await?;
        let mut tx = self.0.store.write().await?;
        let user = users::by_name(&mut tx, name)
            .await?
            .ok_or(UserError::NoSuchUser)?;
        users::set_password(&mut tx, user.id, &hash, self.now()).await?;
        let ended = self.end_sessions_of(&mut tx, user.id, None).await?;
        tx.commit().await?;
        self.publish_ended(ended);
        Ok(())
    }

    /// All accounts, by name.
    pub async fn users(&self) -> Result<Vec<UserLine>, ServiceError> {
        let mut read = self.0.store.read().await?;
        let users = users::list(&mut read).await?;
        Ok(users
            .into_iter()
            .map(|user| UserLine {
                name: user.name,
                role: user.role,
                created_at: user.created_at,
            })
            .collect())
    }

    /// Creates the administrator of the configuration. An account of that name stays as it is, with its
    /// password.
    pub(crate) async fn ensure_admin(&self, name: &str, pass: &Secret) -> Result<(), UserError> {
        let mut read = self.0.store.read().await?;
        let exists = users::by_name(&mut read, name.trim()).await?.is_some();
        drop(read);
        if exists {
            return Ok(());
        }
        match self.add_user(name, pass.reveal(), Role::Admin).await {
            Ok(_) | Err(UserError::NameTaken) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
