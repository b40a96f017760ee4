use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::password::PasswordField;
use crate::{
    action::action,
    components::{ErrorNote, FieldNote, Glyph, Icon},
    error::ApiError,
    i18n::{Locale, td_string, use_i18n},
    server_fns::SetUp,
};

/// The sentence for a problem of the set-up form.
fn sentence(locale: Locale, code: &str) -> Option<&'static str> {
    match code {
        "wrong_code" => Some(td_string!(locale, login.set_up.wrong_code)),
        "bad_name" => Some(td_string!(locale, login.set_up.bad_name)),
        "weak_password" => Some(td_string!(locale, login.set_up.weak_password)),
        "long_password" => Some(td_string!(locale, login.set_up.long_password)),
        _ => None,
    }
}

/// The first administrator, with the one-time code of the log.
#[component]
pub fn SetUpForm() -> impl IntoView {
    let i18n = use_i18n();
    let typed_name = use_query_map()
        .with_untracked(|query| query.get("name"))
        .unwrap_or_default();
    let action = action::<SetUp>();
    let error = Memo::new(move |_| action.value().get().and_then(Result::err));
    let wrong = move |field: &'static str| {
        Signal::derive(move || {
            let locale = i18n.get_locale();
            error.with(|error| {
                let mut codes = error.as_ref()?.problems_of(field);
                codes.find_map(|code| sentence(locale, code))
            })
        })
    };
    let other = move || {
        error
            .get()
            .filter(|error| !matches!(error, ApiError::Invalid { .. }))
    };
    let invalid = move |field| move || wrong(field).get().map(|_| "true");
    let pending = action.pending();
    view! {
        <ActionForm action=action attr:class="stack-form">
            <div>
                <h1>{say!(i18n, login.set_up.title)}</h1>
                <p class="lead">{say!(i18n, login.set_up.lead)}</p>
            </div>
            {move || other().map(|error| view! { <ErrorNote error=error /> })}
            <div class="field">
                <label class="label" for="code">
                    {say!(i18n, login.set_up.code)}
                </label>
                <input
                    class="input mono"
                    id="code"
                    name="code"
                    autocomplete="one-time-code"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby="code-note"
                    aria-invalid=invalid("code")
                    required
                    autofocus
                />
                <FieldNote
                    id="code-note"
                    wrong=wrong("code")
                    hint=say!(i18n, login.set_up.code_hint)
                />
            </div>
            <div class="field">
                <label class="label" for="name">
                    {say!(i18n, login.name)}
                </label>
                <input
                    class="input"
                    id="name"
                    name="name"
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                    value=typed_name
                    aria-describedby="name-note"
                    aria-invalid=invalid("name")
                    required
                />
                <FieldNote
                    id="name-note"
                    wrong=wrong("name")
                    hint=say!(i18n, login.set_up.name_hint)
                />
            </div>
            <div class="field">
                <PasswordField
                    autocomplete="new-password"
                    described_by="password-note"
                    invalid=Signal::derive(move || wrong("password").get().is_some())
                />
                <FieldNote
                    id="password-note"
                    wrong=wrong("password")
                    hint=say!(i18n, login.set_up.password_hint)
                />
            </div>
            <button class="btn primary lg" aria-busy=move || pending.get().then_some("true")>
                {move || {
                    pending.get().then(|| view! { <Icon glyph=Glyph::Spinner class="spin" /> })
                }}
                {say!(i18n, login.set_up.submit)}
            </button>
            <p class="hint">{say!(i18n, login.set_up.then)}</p>
        </ActionForm>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_problem_of_the_form_has_its_sentence() {
        for code in ["wrong_code", "bad_name", "weak_password", "long_password"] {
            assert!(sentence(Locale::en, code).is_some(), "{code}");
        }
        assert_eq!(sentence(Locale::zh_CN, "else"), None);
    }
}
