//! Sign-in and sign-out, the first administrator, and the choices that a browser keeps in cookies.

use http::header;
use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_service::{ServiceError, SetUpError, SignInError, SignedIn};

use crate::{
    error::ApiError,
    paths::{self, LocalAddress},
    server::{
        add_header, back_to_form, browser, id_named, keep_choice, principal, redirect, service,
    },
    start::{Theme, cookie, language_tag, locale_of},
};

/// Opens a session and redirects to `next`, if it is a page of this site.
#[server(prefix = "/fn", endpoint = "sign_in")]
pub async fn sign_in(name: String, password: String, next: String) -> Result<(), ApiError> {
    let signed_in = service().sign_in(&browser(), &name, &password).await;
    let signed_in = signed_in.map_err(|error| match error {
        SignInError::Wrong => ApiError::WrongSignIn,
        SignInError::Disabled => ApiError::AccountDisabled,
        SignInError::PasswordsOff => ApiError::PasswordsOff,
        SignInError::TooManyTries => ApiError::TooManyTries,
        SignInError::NameClosed => ApiError::NameClosed,
        SignInError::Busy => ApiError::Busy,
        SignInError::Service(error) => error.into(),
    });
    let page = LocalAddress::after_sign_in(&next);
    answer_signed_in::<SignIn>(signed_in, &page, &paths::login(&next), &name)
}

/// Opens the session and redirects to `page`, or to the sign-in page with the error and the typed name.
fn answer_signed_in<F: ServerFn<Error = ApiError>>(
    signed_in: Result<SignedIn, ApiError>,
    page: &LocalAddress,
    login: &LocalAddress,
    name: &str,
) -> Result<(), ApiError> {
    match &signed_in {
        Ok(signed_in) => {
            for cookie in service().sign_in_cookies(signed_in) {
                add_header(header::SET_COOKIE, &cookie);
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
        && let Some(cookie) = service.sign_out_errand(token).await?
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
        SetUpError::WrongCode => ApiError::invalid("code", "wrong_code"),
        SetUpError::BadName => ApiError::invalid("name", "bad_name"),
        SetUpError::BadPassword(why) => ApiError::invalid("password", why.code()),
        SetUpError::TooManyTries => ApiError::TooManyTries,
        SetUpError::AlreadyDone => ApiError::NotAllowed,
        SetUpError::Service(error) => error.into(),
    });
    let settings = LocalAddress::or_home("/settings");
    answer_signed_in::<SetUp>(signed_in, &settings, &paths::login(""), &name)
}

/// Stores the chosen language in a cookie. Works before sign-in.
#[server(prefix = "/fn", endpoint = "set_language")]
pub async fn set_language(language: String) -> Result<(), ApiError> {
    let locale = locale_of(&language).ok_or_else(|| ApiError::invalid("language", "unknown"))?;
    keep_choice(cookie::LANGUAGE, language_tag(locale));
    Ok(())
}

/// Stores the chosen theme in a cookie. Works before sign-in.
#[server(prefix = "/fn", endpoint = "set_theme")]
pub async fn set_theme(theme: String) -> Result<(), ApiError> {
    keep_choice(cookie::THEME, Theme::parse(&theme).as_str());
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
    keep_choice(cookie::APP, &id);
    redirect(&LocalAddress::after_sign_in(&next).with(&[("app", &id)]));
    Ok(())
}
