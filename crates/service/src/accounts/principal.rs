//! Who asks.

use reelroom_domain::{ids::UserId, user::Role, view::Me};

use crate::ServiceError;

/// A signed-in account; the proof that a use case asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The account.
    pub user: UserId,
    /// Its sign-in name.
    pub name: String,
    /// What it may do.
    pub role: Role,
}

impl Principal {
    /// As pages show it.
    pub fn me(&self) -> Me {
        Me {
            name: self.name.clone(),
            role: self.role,
        }
    }
}

/// Refuses an account that may do less than `role`.
pub fn require(principal: Principal, role: Role) -> Result<Principal, ServiceError> {
    if principal.role >= role {
        Ok(principal)
    } else {
        Err(ServiceError::Forbidden)
    }
}
