//! The signed-in account of a request, and what it may do.

use reelroom_domain::{
    access::{Access, Decision, Thing, Verb, decide},
    ids::UserId,
    user::Role,
    view::Me,
};

use crate::ServiceError;

/// A signed-in account, which a use case requires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The account.
    pub user: UserId,
    /// Its sign-in name.
    pub name: String,
    /// Its role, rights and grants.
    pub access: Access,
    /// Whether it must switch a second factor on first, or sign in with one. Until then it reaches only its own
    /// page.
    pub needs_second_factor: bool,
}

impl Principal {
    /// Its role.
    pub const fn role(&self) -> Role {
        self.access.role
    }

    /// The account as pages show it.
    pub fn me(&self) -> Me {
        Me {
            name: self.name.clone(),
            role: self.role(),
        }
    }

    /// Whether it may do this with a thing.
    pub fn may(&self, verb: Verb, thing: Thing<'_>) -> bool {
        decide(&self.access, verb, thing) == Decision::Allowed
    }

    /// Rejects an action that it may not do; a hidden thing is not found.
    pub fn require(&self, verb: Verb, thing: Thing<'_>) -> Result<(), ServiceError> {
        match decide(&self.access, verb, thing) {
            Decision::Allowed => Ok(()),
            Decision::Refused => Err(ServiceError::Forbidden),
            Decision::Hidden => Err(ServiceError::NotFound),
        }
    }
}
