//! Why a rule or the schedule was not changed.

use reelroom_domain::retention::RuleField;

use crate::ServiceError;

/// A rule or the schedule was not changed.
#[derive(Debug, thiserror::Error)]
pub enum RetentionError {
    /// These fields are invalid.
    #[error("{0:?} are not usable")]
    Fields(Vec<RuleField>),
    /// There are as many rules as there may be.
    #[error("there are too many rules")]
    Full,
    /// The rule was changed since its dry run was looked at, or never looked at.
    #[error("its dry run was not looked at")]
    NotLookedAt,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}
