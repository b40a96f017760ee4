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
    components::{
        Banner, ErrorNote, FieldNote, Glyph, Icon, LanguageChoice, NameField, PasswordField, Tone,
        fold_title, form_error,
    },
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
    visit.answer(loaded, |stage| {
        let locale = locale();
        let form = match stage {
            Stage::SetUp { password_length } => set_up_form(name, password_length).into_any(),
            Stage::SignIn { .. } if !step.is_empty() => code_form(step, next).into_any(),
            Stage::SignIn { passwords_off } => {
                sign_in_form(name, next, has_ended, provider, passwords_off).into_any()
            }
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
        Page::new(say!(locale, common.action.sign_in), door)
    })
}

/// The form that the page shows.
enum Stage {
    /// The first administrator, whose password has a least length.
    SetUp { password_length: u32 },
    /// The name and the password; where passwords are off, of the one account that keeps its password.
    SignIn { passwords_off: bool },
}

async fn load(service: &Service) -> Result<Stage, ServiceError> {
    Ok(if service.needs_set_up().await? {
        let password_length = service.password_length().await?;
        Stage::SetUp { password_length }
    } else {
        let passwords_off = service.passwords_off().await?;
        Stage::SignIn { passwords_off }
    })
}

/// The sign-in form. After an error it keeps the name, but not the password. `next` is the page to go to
/// afterwards; `has_ended`: the reader comes from a session that ended.
fn sign_in_form(
    name: String,
    next: String,
    has_ended: bool,
    provider: Option<Provider>,
    passwords_off: bool,
) -> impl IntoView {
    let locale = locale();
    let or = (provider.is_some() && !passwords_off).then(|| {
        view! { <div class="or">{say!(locale, login.sso.or)}</div> }
    });
    let sign_on = provider.map(|provider| sign_on(provider, &next, passwords_off));
    let ended = has_ended.then(|| {
        let title = say!(locale, common.error.signed_out);
        view! { <Banner tone=Tone::Wait title=title><p>{say!(locale, login.ended)}</p></Banner> }
    });
    view! {
        <form method="post" action=SignIn::url() class="stack-form">
            <div>
                <h1>{say!(locale, common.action.sign_in)}</h1>
                <p class="lead">{say!(locale, login.lead)}</p>
            </div>
            {ended}
            {failed::<SignIn>().map(|error| view! { <ErrorNote error=error /> })}
            {failed::<SignInCode>().map(not_finished)}
            {sign_on}
            {or}
            <input type="hidden" name="next" value=next />
            {name_and_password(name, passwords_off)}
        </form>
    }
}

/// The fields of the sign-in form; where passwords are off, folded up for the one account that keeps its password.
fn name_and_password(name: String, passwords_off: bool) -> AnyView {
    let locale = locale();
    let has_failed = !name.is_empty();
    let fields = view! {
        <NameField value=name autofocus=!passwords_off />
        <PasswordField label=say!(locale, common.word.password) />
        <button class="btn primary lg">{say!(locale, common.action.sign_in)}</button>
    };
    if passwords_off {
        return view! {
            <details class="fold" open=has_failed>
                {fold_title(say!(locale, login.one_password))}
                <div class="stack-form">
                    <p class="hint">{say!(locale, login.one_password_hint)}</p>
                    {fields}
                </div>
            </details>
        }
        .into_any();
    }
    view! {
        {fields}
        <p class="hint">
            {say!(locale, login.forgotten)} <br /> {say!(locale, login.no_account)}
        </p>
    }
    .into_any()
}

/// The error of a second step, after which sign-in starts again.
fn not_finished(error: ApiError) -> impl IntoView {
    let locale = locale();
    if !error.is_about("code") {
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
    let wrong = error.as_ref().and_then(|error| error.problem_of("code"));
    let wrong = wrong.map(|_| say!(locale, login.step.wrong));
    let again = paths::login(&next).to_string();
    view! {
        <form method="post" action=SignInCode::url() class="stack-form">
            <div>
                <h1>{say!(locale, common.word.second_factor)}</h1>
                <p class="lead">{say!(locale, login.step.lead)}</p>
            </div>
            {form_error::<SignInCode>()}
            <input type="hidden" name="step" value=step />
            <input type="hidden" name="next" value=next />
            {code_field(
                say!(locale, login.step.code),
                say!(locale, login.step.hint),
                wrong,
                Some("32"),
                true,
            )}
            <button class="btn primary lg">{say!(locale, common.action.sign_in)}</button>
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
    autofocus: bool,
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
                aria-describedby="code-note code-hint"
                aria-invalid=wrong.map(|_| "true")
                required
                autofocus=autofocus
            />
            <FieldNote id="code-note" wrong=wrong />
            // After a wrong code, too: it says what else can be typed, or where the code is.
            <p class="hint" id="code-hint">{hint}</p>
        </div>
    }
}

/// The message for an invalid field.
fn sentence(locale: Locale, code: &str) -> Option<&'static str> {
    match code {
        "wrong_code" => Some(say!(locale, login.set_up.wrong_code)),
        "bad_name" => Some(say!(locale, people.person.bad_name)),
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
    // The first field that is wrong, else the first one.
    let is_first = code.is_some() || (bad_name.is_none() && password.is_none());
    let password_hint = say!(locale, login.new_password.hint, n = length);
    view! {
        <form method="post" action=SetUp::url() class="stack-form">
            <div>
                <h1>{say!(locale, login.set_up.title)}</h1>
                <p class="lead">{say!(locale, login.set_up.lead)}</p>
            </div>
            {form_error::<SetUp>()}
            {code_field(
                say!(locale, login.set_up.code),
                say!(locale, login.set_up.code_hint),
                code,
                None,
                is_first,
            )}
            <NameField
                value=name
                wrong=bad_name
                hint=Some(say!(locale, login.set_up.name_hint))
                autofocus=bad_name.is_some()
            />
            <PasswordField label=say!(locale, common.word.password) wrong=password is_new=true>
                <p class="hint" id="new-hint">{password_hint}</p>
            </PasswordField>
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
