//! Why the platform did not do what it was asked, in our own terms.

use reelroom_anyrtc::client::{NotSent, Outcome, Unknown};
use reelroom_domain::cause::Cause;

/// The platform did not take up what it was asked for: nothing was started or stopped by it.
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
        /// Why not.
        cause: Cause,
    },
}

/// `Ok` where it did, and where nobody knows: then the recording's state says so.
pub(crate) fn taken_up(outcome: Outcome) -> Result<(), PlatformError> {
    match outcome {
        Outcome::Accepted | Outcome::Unknown(_) => Ok(()),
        Outcome::Refused { words } => Err(PlatformError::Refused { words }),
        Outcome::NotSent { cause } => Err(PlatformError::NotSent {
            cause: not_sent(cause),
        }),
    }
}

/// Why a call never left.
pub(crate) fn not_sent(cause: NotSent) -> Cause {
    match cause {
        NotSent::NameNotFound => Cause::NameNotFound,
        NotSent::ConnectionRefused => Cause::ConnectionRefused,
        NotSent::TimedOut => Cause::NoConnection,
        NotSent::Tls(words) => Cause::Tls(words),
        NotSent::Other(words) => Cause::Words(words),
    }
}

/// Why a call came to anything but yes.
pub(crate) fn cause(outcome: &Outcome) -> Option<Cause> {
    Some(match outcome {
        Outcome::Accepted => return None,
        Outcome::Refused { words } => Cause::Words(words.clone()),
        Outcome::NotSent { cause } => not_sent(cause.clone()),
        Outcome::Unknown(why) => unknown(*why),
    })
}

/// Why nobody knows.
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
