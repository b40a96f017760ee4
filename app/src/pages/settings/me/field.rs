//! Parts of the page's forms.

use leptos::prelude::*;
use reelroom_domain::account::OwnerProof;

use crate::{
    components::{ErrorNote, Field},
    error::ApiError,
    i18n::Locale,
    this_page::locale,
    words,
};

/// The message for an invalid field.
pub fn sentence(locale: Locale, code: &str) -> Option<&'static str> {
    match code {
        "wrong_password" => Some(say!(locale, me.password.wrong)),
        "differs" => Some(say!(locale, me.password.differs)),
        "wrong" => Some(say!(locale, me.factor.wrong_code)),
        _ => words::bad_password(locale, code),
    }
}

/// The field for the password or a code that proves who uses the browser, with the error of its form.
pub fn proof_field(id: &str, asked: OwnerProof, error: Option<ApiError>) -> impl IntoView + use<> {
    let locale = locale();
    let wrong = error.as_ref().and_then(|error| {
        let [password, code] = ["password", "code"].map(|field| error.problems_of(field));
        let mut codes = password.chain(code);
        codes.find_map(|code| sentence(locale, code))
    });
    let other = error.and_then(ApiError::of_no_field);
    let (label, kind, autocomplete) = match asked {
        OwnerProof::Password => (
            say!(locale, me.password.present),
            "password",
            "current-password",
        ),
        OwnerProof::Code => (say!(locale, me.factor.code), "text", "one-time-code"),
    };
    let (input, note) = (id.to_owned(), format!("{id}-note"));
    view! {
        {other.map(|error| view! { <ErrorNote error=error /> })}
        <Field id=id label=label wrong=wrong>
            <input
                class="input"
                id=input
                name="proof"
                type=kind
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=note
                aria-invalid=wrong.map(|_| "true")
                autofocus=wrong.is_some()
                required
            />
        </Field>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_problem_has_its_sentence() {
        for code in ["wrong_password", "short", "differs", "wrong"] {
            assert!(sentence(Locale::en, code).is_some(), "{code}");
        }
        assert_eq!(sentence(Locale::zh_CN, "else"), None);
    }
}
