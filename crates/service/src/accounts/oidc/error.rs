//! The errors of single sign-on.

use crate::{ServiceError, ground::provider::ProviderError};

/// A sign-in at the provider failed, or a message of the provider was rejected. The log has the cause.
#[derive(Debug, thiserror::Error)]
pub enum SignOnError {
    /// There is no provider.
    #[error("no provider of single sign-on is configured")]
    NoProvider,
    /// The provider did not answer.
    #[error("the provider of single sign-on did not answer")]
    NoAnswer,
    /// The provider did not sign the person in.
    #[error("the provider of single sign-on refused")]
    Refused,
    /// The sign-in was not started in this browser within ten minutes.
    #[error("no sign-in was started in this browser")]
    Expired,
    /// A token or an answer of the provider is not valid.
    #[error("not verified")]
    NotVerified,
    /// The time of a token is outside the tolerance: the clocks differ, or the token is old.
    #[error("of another time")]
    Clock,
    /// The account is disabled.
    #[error("the account is disabled")]
    Disabled,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl From<ProviderError> for SignOnError {
    fn from(error: ProviderError) -> Self {
        match error {
            ProviderError::NoAnswer => Self::NoAnswer,
            ProviderError::Rejected => Self::NotVerified,
        }
    }
}
