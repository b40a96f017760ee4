//! Why the platform did not do what it was asked, in our own terms.

use reelroom_anyrtc::client::{NotSent, Outcome, Unknown};
use reelroom_domain::cause::Cause;

/// Why a call never left.
pub(super) fn not_sent(cause: NotSent) -> Cause {
    match cause {
        NotSent::NameNotFound => Cause::NameNotFound,
        NotSent::ConnectionRefused => Cause::ConnectionRefused,
        NotSent::TimedOut => Cause::NoConnection,
        NotSent::Tls(words) => Cause::Tls(words),
        NotSent::Other(words) => Cause::Words(words),
    }
}

/// Why a call came to anything but yes.
pub(super) fn cause(outcome: &Outcome) -> Option<Cause> {
    Some(match outcome {
        Outcome::Accepted => return None,
        Outcome::Refused { words } => Cause::Words(words.clone()),
        Outcome::NotSent { cause } => not_sent(cause.clone()),
        Outcome::Unknown(Unknown::TimedOut) => Cause::NoAnswer,
        Outcome::Unknown(Unknown::Broken) => Cause::Broken,
        Outcome::Unknown(Unknown::Redirected(status) | Unknown::Status(status)) => {
            Cause::Status(*status)
        }
        Outcome::Unknown(Unknown::Empty) => Cause::Empty,
        Outcome::Unknown(Unknown::TooLong) => Cause::TooLong,
        Outcome::Unknown(Unknown::Unreadable) => Cause::Unreadable,
    })
}
