//! Sign-in and sign-out, the first administrator, and the choices that a browser keeps in cookies.

use http::header;
use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::account::{Choice, Preference};
use reelroom_service::{LinkError, ServiceError, SetUpError, SetUpProblem, SignInError, SignedIn};

use crate::{
    error::{ApiError, Problem},
    paths::{self, LocalAddress},
    reader::Zone,
    server::{
        add_header, back_to_form, browser, form_page, id_named, keep_session, principal, redirect,
        service, signed_in,
    },
    start::{Theme, cookie, language_tag, locale_of},
};

/// Opens a session and redirects to `next`, if it is a page of this site. An account with a second factor
/// is asked for its code first.
#[server(prefix = "/fn", endpoint = "sign_in")]
pub async fn sign_in(name: String, password: String, next: String) -> Result<(), ApiError> {
    let signed_in = service().sign_in(&browser(), &name, &password).await;
    let login = paths::login(&next);
    if let Err(SignInError::CodeNeeded(token)) = &signed_in {
        if form_page().is_some() {
            redirect(&login.with(&[("step", token)]));
        }
        return Err(ApiError::invalid("code", "needed"));
    }
    let page = LocalAddress::after_sign_in(&next);
    answer_signed_in::<SignIn>(signed_in.map_err(not_signed_in), &page, &login, &name).await
}

/// Opens a session with the code of a second factor. `step` is the token of the right password.
#[server(prefix = "/fn", endpoint = "sign_in_code")]
pub async fn sign_in_code(step: String, code: String, next: String) -> Result<(), ApiError> {
    let signed_in = service().sign_in_with_code(&browser(), &step, &code).await;
    let login = match &signed_in {
        Err(SignInError::Lapsed) => paths::login(&next),
        _ => paths::login(&next).with(&[("step", &step)]),
    };
    let page = LocalAddress::after_sign_in(&next);
    answer_signed_in::<SignInCode>(signed_in.map_err(not_signed_in), &page, &login, "").await
}

fn not_signed_in(error: SignInError) -> ApiError {
    match error {
        SignInError::Wrong => ApiError::WrongSignIn,
        SignInError::Disabled => ApiError::AccountDisabled,
        SignInError::PasswordsOff => ApiError::PasswordsOff,
        SignInError::CodeNeeded(_) => ApiError::invalid("code", "needed"),
        SignInError::WrongCode => ApiError::invalid("code", "wrong"),
        SignInError::Lapsed => ApiError::invalid("code", "lapsed"),
        SignInError::TooManyTries => ApiError::TooManyTries,
        SignInError::NameClosed => ApiError::NameClosed,
        SignInError::CodesClosed => ApiError::CodesClosed,
        SignInError::Busy => ApiError::Busy,
        SignInError::Service(error) => error.into(),
    }
}

/// Opens the session and redirects to `page`, or to the sign-in page with the error and the typed name.
async fn answer_signed_in<F: ServerFn<Error = ApiError>>(
    signed_in: Result<SignedIn, ApiError>,
    page: &LocalAddress,
    login: &LocalAddress,
    name: &str,
) -> Result<(), ApiError> {
    match &signed_in {
        Ok(signed_in) => {
            keep_session(signed_in);
            if let Ok(chosen) = service().preferences_of(signed_in).await {
                for cookie in cookie::of_account(&chosen) {
                    add_header(header::SET_COOKIE, &cookie);
                }
            }
            redirect(page);
        }
        Err(error) => back_to_form::<F>(login, &[("name", name)], error),
    }
    signed_in.map(drop)
}

/// Ends the session, if there is one. A browser that has signed in at the provider of single sign-on goes on there.
#[server(prefix = "/fn", endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), ApiError> {
    let service = service();
    let browser = browser();
    let mut next = paths::login("");
    if let Some(token) = &browser.session
        && let Some(cookie) = service.provider_sign_out_cookie(token).await?
    {
        add_header(header::SET_COOKIE, &cookie);
        next = LocalAddress::or_home("/auth/end");
    }
    service.sign_out(&browser).await?;
    add_header(header::SET_COOKIE, &service.sign_out_cookie());
    redirect(&next);
    Ok(())
}

/// Creates the first administrator, using the one-time code in the log, and signs them in.
#[server(prefix = "/fn", endpoint = "set_up")]
pub async fn set_up(code: String, name: String, password: String) -> Result<(), ApiError> {
    let signed_in = service().set_up(&browser(), &code, &name, &password).await;
    let signed_in = signed_in.map_err(|error| match error {
        SetUpError::Invalid(problems) => ApiError::Invalid {
            problems: problems.into_iter().map(set_up_problem).collect(),
        },
        SetUpError::TooManyTries => ApiError::TooManyTries,
        SetUpError::AlreadyDone => ApiError::NotAllowed,
        SetUpError::Service(error) => error.into(),
    });
    let settings = paths::first_settings();
    answer_signed_in::<SetUp>(signed_in, &settings, &paths::login(""), &name).await
}

fn set_up_problem(problem: SetUpProblem) -> Problem {
    match problem {
        SetUpProblem::WrongCode => Problem::new("code", "wrong_code"),
        SetUpProblem::BadName => Problem::new("name", "bad_name"),
        SetUpProblem::BadPassword(why) => Problem::new("password", why.code()),
    }
}

/// Sets the password of the account of a one-time link, and signs in; an account with a second factor is sent
/// to the sign-in. Works before sign-in.
#[server(prefix = "/fn", endpoint = "use_link")]
pub async fn use_link(token: String, password: String) -> Result<(), ApiError> {
    let answer = service().use_link(&browser(), &token, &password).await;
    let answer = answer.map_err(|error| match error {
        LinkError::BadPassword(why) => ApiError::invalid("password", why.code()),
        LinkError::TooManyTries => ApiError::TooManyTries,
        LinkError::Unknown => ApiError::NotFound,
        LinkError::Used(_) | LinkError::Lapsed(_) => ApiError::NotAllowed,
        LinkError::PasswordsOff => ApiError::PasswordsOff,
        LinkError::Service(error) => error.into(),
    });
    let Some(answer) = answer.transpose() else {
        redirect(&paths::login(""));
        return Ok(());
    };
    let home = LocalAddress::or_home("/");
    answer_signed_in::<UseLink>(answer, &home, &paths::once(&token), "").await
}

/// Stores the chosen language in a cookie, and for the account. Works before sign-in. Empty: as the browser. A form
/// goes back to its page, or to `next` where the browser does not name that.
#[server(prefix = "/fn", endpoint = "set_language")]
pub async fn set_language(
    language: String,
    #[server(default)] next: String,
) -> Result<(), ApiError> {
    let tag = match &*language {
        "" => "",
        tag => {
            let locale = locale_of(tag);
            language_tag(locale.ok_or_else(|| ApiError::invalid("language", "unknown"))?)
        }
    };
    choose(Preference::Language, cookie::LANGUAGE, tag).await?;
    if form_page().is_some() && !next.is_empty() {
        redirect(&LocalAddress::or_home(&next));
    }
    Ok(())
}

/// Stores the chosen theme in a cookie, and for the account. Works before sign-in.
#[server(prefix = "/fn", endpoint = "set_theme")]
pub async fn set_theme(theme: String) -> Result<(), ApiError> {
    let theme = Theme::parse(&theme).as_str();
    choose(Preference::Theme, cookie::THEME, theme).await
}

/// Stores the chosen time zone in a cookie, and for the account. Empty: as the device.
#[server(prefix = "/fn", endpoint = "my_zone")]
pub async fn my_zone(zone: String) -> Result<(), ApiError> {
    principal()?;
    if !zone.is_empty() && Zone::find(&zone).is_none() {
        return Err(ApiError::invalid("zone", "unknown"));
    }
    choose(Preference::Zone, cookie::CHOSEN_ZONE, &zone).await
}

/// Stores a choice in a cookie and, of someone who is signed in, for the account. Empty: none.
async fn choose(what: Preference, name: &str, value: &str) -> Result<(), ApiError> {
    let choice = Choice::parse(value);
    if let Some(by) = signed_in() {
        service().choose(&by, what, choice.as_ref()).await?;
    }
    let cookie = match choice {
        Some(choice) => cookie::set_cookie(name, choice.as_str()),
        None => cookie::drop_cookie(name),
    };
    add_header(header::SET_COOKIE, &cookie);
    Ok(())
}

/// Stores the chosen app, one that the account sees, in a cookie and redirects to `next` in that app.
#[server(prefix = "/fn", endpoint = "choose_app")]
pub async fn choose_app(app: String, #[server(default)] next: String) -> Result<(), ApiError> {
    let me = principal()?;
    let id = id_named(&app)?;
    if !service().app_ids_for(&me).await?.contains(&id) {
        return Err(ServiceError::NotFound.into());
    }
    let id = id.to_string();
    add_header(header::SET_COOKIE, &cookie::set_cookie(cookie::APP, &id));
    redirect(&LocalAddress::after_sign_in(&next).with(&[("app", &id)]));
    Ok(())
}
