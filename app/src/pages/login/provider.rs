//! Single sign-on on the sign-in page: the button, and the error of the last try.

use leptos::prelude::*;
use reelroom_service::{Service, SignOnError};

use crate::{
    components::{Banner, ErrorNote, Glyph, Icon, Tone},
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

/// The way to the provider, above the form. `next` is the page to go to afterwards.
pub fn sign_on(provider: Provider, next: &str) -> impl IntoView + use<> {
    let locale = locale();
    let Provider { name, host, why } = provider;
    let note = |error| view! { <ErrorNote error=error /> }.into_any();
    let failed = match why.as_str() {
        "" => None,
        "disabled" => Some(note(ApiError::AccountDisabled)),
        "unavailable" => Some(note(ApiError::Unavailable)),
        code => sentences(locale, code, &host).map(|(tone, title, then)| {
            let banner = view! { <Banner tone=tone title=title focus=true><p>{then}</p></Banner> };
            banner.into_any()
        }),
    };
    let start = paths::with_query("/auth/start", &[("next", next)]);
    view! {
        {failed}
        <a class="btn lg" href=start>
            <Icon glyph=Glyph::Key />
            {say!(locale, login.sso.button, name = name)}
        </a>
    }
}

/// The message of an error: its tone, its title, and what to do.
fn sentences(locale: Locale, code: &str, host: &str) -> Option<(Tone, String, &'static str)> {
    let host = host.to_owned();
    Some(match code {
        "no_answer" => (
            Tone::Wait,
            say!(locale, login.sso.no_answer, host = host),
            say!(locale, login.sso.no_answer_then),
        ),
        "refused" => (
            Tone::Fault,
            say!(locale, login.sso.refused, host = host),
            say!(locale, login.sso.refused_then),
        ),
        "expired" => (
            Tone::Wait,
            say!(locale, login.sso.expired).to_owned(),
            say!(locale, login.sso.expired_then),
        ),
        "not_verified" => (
            Tone::Fault,
            say!(locale, login.sso.not_verified, host = host),
            say!(locale, login.sso.not_verified_then),
        ),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_has_its_sentences() {
        for error in [
            SignOnError::NoAnswer,
            SignOnError::Refused,
            SignOnError::Expired,
            SignOnError::NotVerified,
        ] {
            let code = code_of(&error);
            assert!(
                sentences(Locale::en, code, "id.example").is_some(),
                "{code}"
            );
        }
        let (_, title, _) = sentences(Locale::en, "no_answer", "id.example").unwrap();
        assert_eq!(title, "id.example did not answer");
        assert!(sentences(Locale::zh_CN, "else", "id.example").is_none());
    }
}
