//! What pages show of the intake of callbacks.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Calls that showed neither secret nor token: nothing of them was kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TurnedAwayView {
    /// How many there were, of the addresses that are remembered (the last hundred).
    pub calls: u64,
    /// Whoever called last; `None`: nobody was turned away.
    pub last: Option<TurnedAwayFrom>,
}

/// Calls of one address that were turned away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnedAwayFrom {
    /// The address; empty where it is not known.
    pub remote: String,
    /// How many calls.
    pub calls: u64,
    /// The first of them.
    pub first_at: Timestamp,
    /// The last.
    pub last_at: Timestamp,
}
