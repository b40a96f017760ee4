//! `/login`: sign in, or set up the first administrator. No scripts.

mod lanes;
pub mod provider;

use axum::response::Response;
use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_service::{Service, ServiceError};

use self::{
    lanes::lanes,
    provider::{Provider, sign_on},
};
use crate::{
    components::{Banner, ErrorNote, FieldNote, Glyph, Icon, LanguageChoice, Tone},
    error::ApiError,
    form::failed,
    i18n::Locale,
    paths,
    server_fns::{SetUp, SignIn, SignInCode},
    start::language_tag,
    this_page::locale,
    visit::{OpenVisit, Page},
    words,
};

/// The sign-in page.
pub async fn login(visit: OpenVisit) -> Response {
    let loaded = load(&visit.service).await;
    let [name, next, step] = ["name", "next", "step"].map(|key| visit.query.get(key).to_owned());
    let has_ended = visit.query.get("ended") == "yes";
    let provider = Provider::of(&visit.service, visit.query.get("sso"));
    visit.answer(loaded.map_err(ApiError::from), |password_length| {
        let locale = locale();
        let form = match password_length {
            Some(length) => set_up_form(name, length).into_any(),
            None if step.is_empty() => sign_in_form(name, next, has_ended, provider).into_any(),
            None => code_form(step, next).into_any(),
        };
        let version = say!(locale, login.version, version = env!("CARGO_PKG_VERSION"));
        let door = view! {
            <main class="door">
                <div class="pane">
                    <span class="brand">
                        <Icon glyph=Glyph::Brand />
                        {say!(locale, common.product)}
                    </span>
                    <div class="door-form">{form}</div>
                    <footer><span>{version}</span><LanguageChoice chosen=language_tag(locale) /></footer>
                </div>
                {lanes()}
            </main>
        };
        Page::new(say!(locale, login.title), door)
    })
}

/// The least length of the first administrator's password; `None` where there is one already.
async fn load(service: &Service) -> Result<Option<u32>, ServiceError> {
    if !service.needs_set_up().await? {
        return Ok(None);
    }
    service.password_length().await.map(Some)
}

/// The sign-in form. After an error it keeps the name, but not the password. `next` is the page to go to
/// afterwards; `has_ended`: the reader comes from a session that ended.
fn sign_in_form(
    name: String,
    next: String,
    has_ended: bool,
    provider: Option<Provider>,
) -> impl IntoView {
    let locale = locale();
    let sign_on = provider.map(|provider| sign_on(provider, &next));
    let ended = has_ended.then(|| {
        let title = say!(locale, common.error.signed_out);
        view! { <Banner tone=Tone::Wait title=title><p>{say!(locale, login.ended)}</p></Banner> }
    });
    view! {
        <form method="post" action=SignIn::url() class="stack-form">
            <div>
                <h1>{say!(locale, login.title)}</h1>
                <p class="lead">{say!(locale, login.lead)}</p>
            </div>
            {ended}
            {failed::<SignIn>().map(|error| view! { <ErrorNote error=error /> })}
            {failed::<SignInCode>().map(not_finished)}
            {sign_on}
            <input type="hidden" name="next" value=next />
            <label class="field">
                <span class="label">{say!(locale, login.name)}</span>
                <input
                    class="input"
                    name="name"
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                    value=name
                    required
                    autofocus
                />
            </label>
            <label class="field">
                <span class="label">{say!(locale, login.password)}</span>
                <input
                    class="input"
                    name="password"
                    type="password"
                    autocomplete="current-password"
                    required
                />
            </label>
            <button class="btn primary lg">{say!(locale, login.submit)}</button>
            <p class="hint">
                {say!(locale, login.forgotten)} <br /> {say!(locale, login.no_account)}
            </p>
        </form>
    }
}

/// The error of a second step, after which sign-in starts again.
fn not_finished(error: ApiError) -> impl IntoView {
    let locale = locale();
    if error.problems_of("code").next().is_none() {
        return view! { <ErrorNote error=error /> }.into_any();
    }
    let (title, text) = (
        say!(locale, login.step.lapsed),
        say!(locale, login.step.lapsed_text),
    );
    view! { <Banner tone=Tone::Wait title=title focus=true><p>{text}</p></Banner> }.into_any()
}

/// The form for the code of a second factor. `step` is the token of the right password.
fn code_form(step: String, next: String) -> impl IntoView {
    let locale = locale();
    let error = failed::<SignInCode>();
    let wrong = error
        .as_ref()
        .and_then(|error| error.problems_of("code").next());
    let wrong = wrong.map(|_| say!(locale, login.step.wrong));
    let other = error.and_then(ApiError::of_no_field);
    let again = paths::login(&next).to_string();
    view! {
        <form method="post" action=SignInCode::url() class="stack-form">
            <div>
                <h1>{say!(locale, login.step.title)}</h1>
                <p class="lead">{say!(locale, login.step.lead)}</p>
            </div>
            {other.map(|error| view! { <ErrorNote error=error /> })}
            <input type="hidden" name="step" value=step />
            <input type="hidden" name="next" value=next />
            {code_field(say!(locale, login.step.code), say!(locale, login.step.hint), wrong, Some("32"))}
            <button class="btn primary lg">{say!(locale, login.step.submit)}</button>
            <p class="hint"><a href=again>{say!(locale, login.step.again)}</a></p>
        </form>
    }
}

/// The field of a one-time code, with the limit of its characters.
fn code_field(
    label: &'static str,
    hint: &'static str,
    wrong: Option<&'static str>,
    limit: Option<&'static str>,
) -> impl IntoView {
    view! {
        <div class="field">
            <label class="label" for="code">{label}</label>
            <input
                class="input mono"
                id="code"
                name="code"
                autocomplete="one-time-code"
                autocapitalize="none"
                spellcheck="false"
                maxlength=limit
                aria-describedby="code-note"
                aria-invalid=wrong.map(|_| "true")
                required
                autofocus
            />
            <FieldNote id="code-note" wrong=wrong hint=hint />
        </div>
    }
}

/// The message for an invalid field.
fn sentence(locale: Locale, code: &str) -> Option<&'static str> {
    match code {
        "wrong_code" => Some(say!(locale, login.set_up.wrong_code)),
        "bad_name" => Some(say!(locale, login.set_up.bad_name)),
        _ => words::bad_password(locale, code),
    }
}

/// The form that creates the first administrator, with the one-time code from the log. It keeps the name that
/// was typed. A password has `length` characters at least.
fn set_up_form(name: String, length: u32) -> impl IntoView {
    let locale = locale();
    let error = failed::<SetUp>();
    let wrong = |field: &str| {
        let mut codes = error.as_ref()?.problems_of(field);
        codes.find_map(|code| sentence(locale, code))
    };
    let [code, bad_name, password] = ["code", "name", "password"].map(wrong);
    let password_hint = say!(locale, login.new_password.hint, n = length);
    let invalid = |wrong: Option<&str>| wrong.map(|_| "true");
    let other = error.and_then(ApiError::of_no_field);
    view! {
        <form method="post" action=SetUp::url() class="stack-form">
            <div>
                <h1>{say!(locale, login.set_up.title)}</h1>
                <p class="lead">{say!(locale, login.set_up.lead)}</p>
            </div>
            {other.map(|error| view! { <ErrorNote error=error /> })}
            {code_field(say!(locale, login.set_up.code), say!(locale, login.set_up.code_hint), code, None)}
            <div class="field">
                <label class="label" for="name">{say!(locale, login.name)}</label>
                <input
                    class="input"
                    id="name"
                    name="name"
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                    value=name
                    aria-describedby="name-note"
                    aria-invalid=invalid(bad_name)
                    required
                />
                <FieldNote id="name-note" wrong=bad_name hint=say!(locale, login.set_up.name_hint) />
            </div>
            <div class="field">
                <label class="label" for="password">{say!(locale, login.password)}</label>
                <input
                    class="input"
                    id="password"
                    name="password"
                    type="password"
                    autocomplete="new-password"
                    aria-describedby="password-note password-hint"
                    aria-invalid=invalid(password)
                    required
                />
                <FieldNote id="password-note" wrong=password />
                <p class="hint" id="password-hint">{password_hint}</p>
            </div>
            <button class="btn primary lg">{say!(locale, login.set_up.submit)}</button>
            <p class="hint">{say!(locale, login.set_up.then)}</p>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_problem_of_the_form_has_its_sentence() {
        for code in ["wrong_code", "bad_name", "short"] {
            assert!(sentence(Locale::en, code).is_some(), "{code}");
        }
        assert_eq!(sentence(Locale::zh_CN, "else"), None);
    }
}
