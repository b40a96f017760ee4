//! Rejected callbacks, as pages show them.

use crate::time::Timestamp;

/// Calls without a secret or a token, of which nothing was stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RejectedView {
    /// The number of calls from the last hundred addresses.
    pub calls: u64,
    /// The address of the last call.
    pub last: Option<RejectedFrom>,
}

/// Rejected calls of one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedFrom {
    /// The address; empty if unknown.
    pub remote: String,
    /// The number of calls.
    pub calls: u64,
    /// The first call.
    pub first_at: Timestamp,
    /// The last call.
    pub last_at: Timestamp,
}
