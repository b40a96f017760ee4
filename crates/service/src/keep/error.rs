//! Errors and outcomes of keeping and deleting.

use reelroom_domain::{
    ids::RequestId,
    keep::{Denied, KeepField},
};

use crate::{MyAccountError, ServiceError};

/// A recording was not held, released or deleted, or a case not changed.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// The recording does not allow it.
    #[error("{0}")]
    Denied(Denied),
    /// It is not on hold.
    #[error("it is not on hold")]
    NotHeld,
    /// The case is closed.
    #[error("the case is closed")]
    Closed,
    /// The form has mistakes.
    #[error("wrong: {0:?}")]
    Invalid(Vec<KeepField>),
    /// The request was answered, has lapsed, or is one's own, or what it asks for has changed since.
    #[error("not an open request of somebody else, or an outdated one")]
    NotOpen,
    /// The password that signs an answer is wrong, or cannot be verified now.
    #[error(transparent)]
    Password(MyAccountError),
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// The request to a second administrator to agree to an action; `None`: it is done.
pub type Consent = Option<RequestId>;
