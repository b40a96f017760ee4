//! What a server function answers when it did not do what was asked.

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use reelroom_domain::{cause::Cause, time::Timestamp};
use serde::{Deserialize, Serialize};

/// Something typed that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The field's name in the form.
    pub field: String,
    /// What is wrong, as a word that the page knows a sentence for.
    pub code: String,
}

/// The one error on the wire. It holds what a page needs to say what happened and what is true now;
/// causes within the server stay in its log. `Display` is for logs: pages use `ErrorNote`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ApiError {
    /// Nobody is signed in, or no longer.
    #[error("signed out")]
    SignedOut,
    /// The account may not do that.
    #[error("not allowed for this account")]
    Forbidden,
    /// There is no such thing.
    #[error("not found")]
    NotFound,
    /// What was typed cannot be taken.
    #[error("invalid: {problems:?}")]
    Invalid {
        /// What is wrong with which field.
        problems: Vec<Problem>,
    },
    /// The room is being recorded already.
    #[error("the room is taken")]
    RoomTaken {
        /// Who started it, if somebody here did.
        by: Option<String>,
        /// Since when.
        since: Timestamp,
    },
    /// The meeting that was to be recorded is over.
    #[error("the meeting is over")]
    MeetingOver,
    /// The platform said no.
    #[error("refused by the platform: {words}")]
    Refused {
        /// Its own words.
        words: String,
    },
    /// The request did not reach the platform: nothing happened there.
    #[error("not sent: {cause}")]
    NotSent {
        /// Why.
        cause: Cause,
    },
    /// The thing is in a state that does not allow it.
    #[error("not allowed in this state")]
    NotAllowed,
    /// No account has this name and password, or the set-up code is wrong.
    #[error("wrong sign-in")]
    WrongSignIn,
    /// Tried too often with a wrong password or code; again in five minutes.
    #[error("too many tries")]
    TooManyTries,
    /// Too many sign-ins at the moment; again in a few seconds.
    #[error("busy")]
    Busy,
    /// No app is configured yet.
    #[error("no app")]
    NoApp,
    /// The server could not do it now: its database or storage did not answer.
    #[error("unavailable")]
    Unavailable,
    /// The call itself failed: no connection, or an answer that is not ours.
    #[error("wire: {0}")]
    Wire(ServerFnErrorErr),
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        Self::Wire(value)
    }
}

impl ApiError {
    /// Of one field.
    pub fn invalid(field: &str, code: &str) -> Self {
        Self::Invalid {
            problems: vec![Problem {
                field: field.to_owned(),
                code: code.to_owned(),
            }],
        }
    }

    /// The codes of what is wrong with `field`.
    pub fn problems_of<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        let problems = match self {
            Self::Invalid { problems } => problems.as_slice(),
            _ => &[],
        };
        problems
            .iter()
            .filter(move |problem| problem.field == field)
            .map(|problem| problem.code.as_str())
    }

    /// Whether what was shown before still holds, and only the newest is missing.
    pub const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Unavailable | Self::Wire(_) | Self::TooManyTries | Self::Busy
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_survives_the_wire() {
        for error in [
            ApiError::SignedOut,
            ApiError::RoomTaken {
                by: Some("u1001".to_owned()),
                since: Timestamp::from_millis(7),
            },
            ApiError::invalid("rule", "levels"),
        ] {
            assert_eq!(ApiError::de(error.ser()), error);
        }
    }

    #[test]
    fn problems_are_found_by_field() {
        let error = ApiError::invalid("rule", "levels");
        assert_eq!(error.problems_of("rule").collect::<Vec<_>>(), ["levels"]);
        assert_eq!(error.problems_of("path").count(), 0);
        assert_eq!(ApiError::NotFound.problems_of("rule").count(), 0);
    }
}
