//! The signed-in account of a request.

use reelroom_domain::{ids::UserId, user::Role, view::Me};

use crate::ServiceError;

/// A signed-in account, which a use case requires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The account.
    pub user: UserId,
    /// Its sign-in name.
    pub name: String,
    /// Its role.
    pub role: Role,
}

impl Principal {
    /// The account as pages show it.
    pub fn me(&self) -> Me {
        Me {
            name: self.name.clone(),
            role: self.role,
        }
    }
}

/// Rejects an account with a lower role than `role`.
pub fn require(principal: Principal, role: Role) -> Result<Principal, ServiceError> {
    if principal.role >= role {
        Ok(principal)
    } else {
        Err(ServiceError::Forbidden)
    }
}
