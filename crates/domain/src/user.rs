//! Accounts and their roles.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::words::words;

words!(Role);

/// The role of an account; each includes the permissions of the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// Views, plays, downloads.
    Viewer,
    /// Starts and stops recordings too.
    Operator,
    /// Changes settings and accounts too.
    Admin,
}

impl Role {
    /// Whether recordings may be started and stopped.
    pub fn may_record(self) -> bool {
        self >= Self::Operator
    }
}
