//! The error of server functions.

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use reelroom_domain::{cause::Cause, time::Timestamp};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

/// An invalid value of a form field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The field's name in the form.
    pub field: String,
    /// The problem, as a code that the page has a sentence for.
    pub code: String,
}

impl Problem {
    /// Creates a problem of one field.
    pub fn new(field: &str, code: &str) -> Self {
        Self {
            field: field.to_owned(),
            code: code.to_owned(),
        }
    }
}

/// The one error on the wire. It holds what a page needs to say what happened and what is true now;
/// causes within the server stay in its log. `Display` is for logs: pages use `ErrorNote`.
///
/// An address names an error by its code, without its texts: a link must not be able to inject text into an
/// alert.
#[derive(
    Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error, EnumString, IntoStaticStr,
)]
#[cfg_attr(test, derive(strum::EnumIter))]
#[strum(serialize_all = "snake_case")]
pub enum ApiError {
    /// There is no session, or it has expired.
    #[error("signed out")]
    SignedOut,
    /// The account lacks the permission.
    #[error("not allowed for this account")]
    Forbidden,
    /// Not found.
    #[error("not found")]
    NotFound,
    /// Invalid input.
    #[error("invalid: {problems:?}")]
    Invalid {
        /// The problems, by field.
        problems: Vec<Problem>,
    },
    /// The room is being recorded already.
    #[error("the room is taken")]
    RoomTaken {
        /// The account that started it; `None` if it was not started here.
        by: Option<String>,
        /// Since when; `None` in an address.
        since: Option<Timestamp>,
    },
    /// The meeting that was to be recorded is over.
    #[error("the meeting is over")]
    MeetingOver,
    /// The platform refused the request.
    #[error("refused by the platform: {words:?}")]
    Refused {
        /// The platform's message; `None` in an address.
        words: Option<String>,
    },
    /// The request did not reach the platform, so nothing happened there.
    #[error("not sent: {cause:?}")]
    NotSent {
        /// Why; `None` in an address.
        cause: Option<Cause>,
    },
    /// The thing is in a state that does not allow it.
    #[error("not allowed in this state")]
    NotAllowed,
    /// No account has this name and password, or the set-up code is wrong.
    #[error("wrong sign-in")]
    WrongSignIn,
    /// The password is right, and people sign in at the provider of single sign-on only.
    #[error("password sign-in is off")]
    PasswordsOff,
    /// A one-time link would set a password that does not sign in: people sign in at the provider of single sign-on
    /// only.
    #[error("no one-time link while passwords are off")]
    NoLink,
    /// Too many attempts with a wrong password or code; retry in five minutes.
    #[error("too many tries")]
    TooManyTries,
    /// Too many attempts at this name from unknown browsers.
    #[error("too many tries at this name")]
    NameClosed,
    /// Too many wrong codes of a second factor; retry in an hour.
    #[error("too many wrong codes")]
    CodesClosed,
    /// The password is right, and the account is disabled.
    #[error("disabled")]
    AccountDisabled,
    /// Too many sign-ins at the moment; retry in a few seconds.
    #[error("busy")]
    Busy,
    /// No app is configured yet.
    #[error("no app")]
    NoApp,
    /// The recording is in the trash, and the account may restore it.
    #[error("in the trash")]
    InTrash,
    /// The recording is on hold.
    #[error("on hold")]
    Held,
    /// The recording is being purged, or was.
    #[error("purged")]
    Purged,
    /// No room is granted to the account.
    #[error("no room is granted")]
    NothingGranted,
    /// The database or the storage did not answer.
    #[error("unavailable")]
    Unavailable,
    /// The request failed: no connection, or an invalid response.
    #[error("wire: {0}")]
    #[strum(disabled)]
    Wire(ServerFnErrorErr),
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        Self::Wire(value)
    }
}

/// Whether `text` is one of our codes and not a sentence.
fn is_name(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

impl ApiError {
    /// The error as an address carries it: its code, and a `field.code` for each problem. `None` for a failed
    /// request, which redirects to no page.
    pub fn code(&self) -> Option<String> {
        if matches!(self, Self::Wire(_)) {
            return None;
        }
        let mut code = <&str>::from(self).to_owned();
        if let Self::Invalid { problems } = self {
            let names = problems.iter();
            code.extend(names.flat_map(|Problem { field, code }| [" ", field, ".", code]));
        }
        Some(code)
    }

    /// Parses the error in an address. The pages show only the codes that they have a sentence for.
    pub fn from_code(code: &str) -> Option<Self> {
        let mut words = code.split(' ');
        let mut error: Self = words.next()?.parse().ok()?;
        if let Self::Invalid { problems } = &mut error {
            let names = words.filter_map(|word| word.split_once('.'));
            let names = names.filter(|(field, code)| is_name(field) && is_name(code));
            problems.extend(names.map(|(field, code)| Problem::new(field, code)));
        }
        Some(error)
    }

    /// A problem of one field.
    pub fn invalid(field: &str, code: &str) -> Self {
        Self::of_fields([field], code)
    }

    /// The same problem of several fields.
    pub fn of_fields<'a>(fields: impl IntoIterator<Item = impl Into<&'a str>>, code: &str) -> Self {
        let fields = fields.into_iter();
        Self::Invalid {
            problems: fields
                .map(|field| Problem::new(field.into(), code))
                .collect(),
        }
    }

    /// The error, unless it is about the fields of a form.
    pub fn of_no_field(self) -> Option<Self> {
        (!matches!(self, Self::Invalid { .. })).then_some(self)
    }

    /// The codes of what is wrong with `field`.
    pub fn problems_of<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        let problems = match self {
            Self::Invalid { problems } => problems.as_slice(),
            _ => &[],
        };
        let of_field = problems.iter().filter(move |one| one.field == field);
        of_field.map(|problem| problem.code.as_str())
    }

    /// The first of these codes.
    pub fn problem_of<'a>(&'a self, field: &'a str) -> Option<&'a str> {
        self.problems_of(field).next()
    }

    /// Whether something is wrong with `field`.
    pub fn is_about(&self, field: &str) -> bool {
        self.problem_of(field).is_some()
    }

    /// Whether the error is temporary, so that content shown before is still valid.
    pub const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Unavailable
                | Self::Wire(_)
                | Self::TooManyTries
                | Self::NameClosed
                | Self::CodesClosed
                | Self::Busy
        )
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator as _;

    use super::*;

    #[test]
    fn it_survives_the_wire() {
        for error in [
            ApiError::SignedOut,
            ApiError::RoomTaken {
                by: Some("u1001".to_owned()),
                since: Some(Timestamp::from_millis(7)),
            },
            ApiError::invalid("rule", "levels"),
        ] {
            assert_eq!(ApiError::de(error.ser()), error);
        }
    }

    #[test]
    fn an_address_names_every_error_and_carries_no_words() {
        for error in ApiError::iter() {
            let code = error.code().unwrap();
            assert_eq!(ApiError::from_code(&code), Some(error), "{code}");
        }
        let codes: Vec<String> = ApiError::iter().filter_map(|error| error.code()).collect();
        assert_eq!(
            codes.join(" "),
            "signed_out forbidden not_found invalid room_taken meeting_over refused not_sent \
             not_allowed wrong_sign_in passwords_off no_link too_many_tries name_closed \
             codes_closed account_disabled busy no_app in_trash held purged nothing_granted \
             unavailable"
        );
        let words = "call 555 now";
        let refused = |words: Option<&str>| ApiError::Refused {
            words: words.map(str::to_owned),
        };
        let code = refused(Some(words)).code().unwrap();
        assert_eq!(ApiError::from_code(&code), Some(refused(None)));

        let error = ApiError::invalid("rule", "levels");
        let code = error.code().unwrap();
        assert_eq!(code, "invalid rule.levels");
        assert_eq!(ApiError::from_code(&code), Some(error));
        let none = ApiError::Invalid { problems: vec![] };
        let crafted = "invalid rule.Call <b>555</b>.now! a. .b é.é";
        assert_eq!(ApiError::from_code(crafted), Some(none));
        for other in ["", words, "Refused", "wire", "refused call"] {
            let held = ApiError::from_code(other).map(|error| format!("{error:?}"));
            assert!(!held.is_some_and(|held| held.contains("call")), "{other}");
        }
        let wire = ApiError::Wire(ServerFnErrorErr::Args(words.to_owned()));
        assert_eq!(wire.code(), None);
    }

    #[test]
    fn problems_are_found_by_field() {
        let error = ApiError::invalid("rule", "levels");
        assert_eq!(error.problems_of("rule").collect::<Vec<_>>(), ["levels"]);
        assert_eq!(error.problems_of("path").count(), 0);
        assert_eq!(ApiError::NotFound.problems_of("rule").count(), 0);
    }
}
