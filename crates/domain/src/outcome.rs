//! The outcomes of an action on several recordings.

use std::collections::BTreeMap;

use crate::{ids::RecordingId, keep::Denied};

/// The outcome for each of several recordings.
pub type Outcomes = BTreeMap<RecordingId, ItemOutcome>;

/// The outcome for one recording of an action on several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemOutcome {
    /// The action is done, or there was nothing to do.
    Done,
    /// The recording does not allow it.
    Denied(Denied),
    /// It would have too many tags; it keeps those that it has.
    TooManyTags,
    /// The account may not do it.
    Refused,
    /// There is no such recording, or the account does not see it.
    Gone,
}
