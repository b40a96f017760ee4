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
    /// What decides about it.
    pub access: Access,
    /// Whether it must switch a second factor on first: until then it reaches its own page alone.
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

    /// Whether it may do this with that.
    pub fn may(&self, verb: Verb, thing: Thing<'_>) -> bool {
        decide(&self.access, verb, thing) == Decision::Allowed
    }

    /// Rejects what it may not do; a hidden thing is not found.
    pub fn require(&self, verb: Verb, thing: Thing<'_>) -> Result<(), ServiceError> {
        match decide(&self.access, verb, thing) {
            Decision::Allowed => Ok(()),
            Decision::Refused => Err(ServiceError::Forbidden),
            Decision::Hidden => Err(ServiceError::NotFound),
        }
    }
}
