//! Accounts of ours and what they may do.

use serde::{Deserialize, Serialize};

/// What an account may do; each role may do all that the one before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks, plays, downloads.
    Viewer,
    /// Starts and stops recordings too.
    Operator,
    /// Changes settings and accounts too.
    Admin,
}

impl Role {
    /// The name in the database and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Admin => "admin",
        }
    }

    /// Whether recordings may be started and stopped.
    pub fn may_record(self) -> bool {
        self >= Self::Operator
    }

    /// The role of that name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Viewer, Self::Operator, Self::Admin]
            .into_iter()
            .find(|role| role.as_str() == text)
    }
}
