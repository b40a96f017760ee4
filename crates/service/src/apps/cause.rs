//! The platform's outcomes as causes in the domain's terms.

use reelroom_anyrtc::client::{NotSent, Outcome, Unknown};
use reelroom_domain::cause::Cause;

/// The platform did not accept a request, which had no effect.
#[derive(Debug, thiserror::Error)]
pub enum PlatformError {
    /// It refused.
    #[error("the platform refused: {words}")]
    Refused {
        /// Its own words.
        words: String,
    },
    /// It was not reached.
    #[error("the platform was not reached: {cause}")]
    NotSent {
        /// The cause.
        cause: Cause,
    },
}

/// `Ok` if the platform accepted a request, or if the outcome is unknown, which the recording's state tells.
pub(crate) fn taken_up(outcome: Outcome) -> Result<(), PlatformError> {
    match outcome {
        Outcome::Accepted | Outcome::Unknown(_) => Ok(()),
        Outcome::Refused { words } => Err(PlatformError::Refused { words }),
        Outcome::NotSent { cause } => Err(PlatformError::NotSent {
            cause: not_sent(cause),
        }),
    }
}

/// The cause of a call that was not sent.
pub(crate) fn not_sent(cause: NotSent) -> Cause {
    match cause {
        NotSent::NameNotFound => Cause::NameNotFound,
        NotSent::ConnectionRefused => Cause::ConnectionRefused,
        NotSent::TimedOut => Cause::NoConnection,
        NotSent::Tls(words) => Cause::Tls(words),
        NotSent::Other(words) => Cause::Words(words),
    }
}

/// The cause of any outcome but acceptance.
pub(crate) fn cause(outcome: &Outcome) -> Option<Cause> {
    Some(match outcome {
        Outcome::Accepted => return None,
        Outcome::Refused { words } => Cause::Words(words.clone()),
        Outcome::NotSent { cause } => not_sent(cause.clone()),
        Outcome::Unknown(why) => unknown(*why),
    })
}

/// The cause of an unknown outcome.
pub(crate) fn unknown(why: Unknown) -> Cause {
    match why {
        Unknown::TimedOut => Cause::NoAnswer,
        Unknown::Broken => Cause::Broken,
        Unknown::Redirected(status) | Unknown::Status(status) => Cause::Status(status),
        Unknown::Empty => Cause::Empty,
        Unknown::TooLong => Cause::TooLong,
        Unknown::Unreadable => Cause::Unreadable,
    }
}
