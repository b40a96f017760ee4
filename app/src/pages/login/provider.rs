//! Single sign-on on the sign-in page: the button, and the error of the last try.

use leptos::prelude::*;
use reelroom_service::{Service, SignOnError};

use crate::{
    components::{Banner, ErrorNote, Glyph, Tone, icon_link},
    error::ApiError,
    i18n::Locale,
    paths,
    this_page::locale,
};

/// The code of an error in the address of the sign-in page.
pub const fn code_of(error: &SignOnError) -> &'static str {
    match error {
        SignOnError::NoAnswer => "no_answer",
        SignOnError::Refused => "refused",
        SignOnError::Expired => "expired",
        SignOnError::NotVerified => "not_verified",
        SignOnError::Clock => "clock",
        SignOnError::Disabled => "disabled",
        SignOnError::NoProvider | SignOnError::Service(_) => "unavailable",
    }
}

/// The provider of single sign-on.
pub struct Provider {
    name: String,
    host: String,
    /// The code of the error of the last try; may be empty.
    why: String,
}

impl Provider {
    /// The provider of the server, if it has one.
    pub fn of(service: &Service, why: &str) -> Option<Self> {
        let (name, host) = service.provider_names()?;
        Some(Self {
            name: name.to_owned(),
            host: host.to_owned(),
            why: why.to_owned(),
        })
    }
}

/// The way to the provider, above the form. `next` is the page to go to afterwards; `passwords_off`: there is no other
/// way but for one account.
pub fn sign_on(provider: Provider, next: &str, passwords_off: bool) -> impl IntoView + use<> {
    let locale = locale();
    let Provider { name, host, why } = provider;
    let failed = match why.as_str() {
        "" => None,
        "disabled" => Some(view! { <ErrorNote error=ApiError::AccountDisabled /> }.into_any()),
        code => sentences(locale, code, &host, passwords_off).map(|(tone, title, then)| {
            let banner = view! { <Banner tone=tone title=title focus=true><p>{then}</p></Banner> };
            banner.into_any()
        }),
    };
    let start = paths::with_query("/auth/start", &[("next", next)]);
    view! {
        {failed}
        {icon_link("btn lg", start, Glyph::Key, say!(locale, login.sso.button, name = name))}
    }
}

/// The message of an error: its tone, what happened; and what is true now and what to do.
fn sentences(
    locale: Locale,
    code: &str,
    host: &str,
    passwords_off: bool,
) -> Option<(Tone, String, &'static str)> {
    macro_rules! both {
        ($tone:ident, $title:ident, $then:ident $(, $argument:ident)?) => {(
            Tone::$tone,
            String::from(say!(locale, login.sso.$title $(, $argument)?)),
            say!(locale, login.sso.$then),
        )};
    }
    Some(match code {
        "no_answer" if passwords_off => both!(Wait, no_answer, no_answer_only, host),
        "no_answer" => both!(Wait, no_answer, no_answer_then, host),
        "refused" => both!(Fault, refused, refused_then, host),
        "expired" => both!(Wait, expired, expired_then),
        "not_verified" => both!(Fault, not_verified, not_verified_then, host),
        "clock" => both!(Fault, clock, clock_then, host),
        "unavailable" => (
            Tone::Wait,
            say!(locale, common.error.unavailable).to_owned(),
            say!(locale, login.sso.unavailable_then),
        ),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_says_what_happened_that_nobody_is_signed_in_and_what_to_do() {
        for error in [
            SignOnError::NoAnswer,
            SignOnError::Refused,
            SignOnError::Expired,
            SignOnError::NotVerified,
            SignOnError::Clock,
            SignOnError::NoProvider,
        ] {
            let code = code_of(&error);
            for passwords_off in [false, true] {
                let said = |locale| sentences(locale, code, "id.example", passwords_off).unwrap();
                let (_, title, then) = said(Locale::en);
                assert!(!title.is_empty(), "{code}");
                let rest = then.strip_prefix("You are not signed in");
                assert!(rest.unwrap().len() > 20, "{code}: {then}");
                let (_, title, then) = said(Locale::zh_CN);
                assert!(!title.is_empty(), "{code}");
                assert!(then.starts_with("尚未登录"), "{code}: {then}");
            }
        }
        let no_answer = |passwords_off| {
            sentences(Locale::en, "no_answer", "id.example", passwords_off).unwrap()
        };
        let (_, title, then) = no_answer(false);
        assert_eq!(title, "id.example did not answer");
        assert!(then.contains("Sign in with a password"), "{then}");
        let (.., then) = no_answer(true);
        assert!(!then.contains("Sign in with a password"), "{then}");
        assert!(sentences(Locale::zh_CN, "else", "id.example", false).is_none());
    }
}
