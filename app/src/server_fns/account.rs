//! Sign-in and sign-out, and the first administrator.

use http::{header, request::Parts};
use leptos::prelude::*;
use reelroom_service::{SessionToken, SetUpError, SignInError};

use crate::{
    error::ApiError,
    paths::{self, LocalAddress},
    server::{add_header, back_to_form, browser, redirect, service},
};

/// Opens a session and redirects to `next`, if it is a page of this site.
#[server(prefix = "/fn", endpoint = "sign_in")]
pub async fn sign_in(name: String, password: String, next: String) -> Result<(), ApiError> {
    let service = service();
    let signed_in = match service.sign_in(&browser(), &name, &password).await {
        Ok(signed_in) => signed_in,
        Err(error) => {
            let error = match error {
                SignInError::Wrong => ApiError::WrongSignIn,
                SignInError::TooManyTries => ApiError::TooManyTries,
                SignInError::Busy => ApiError::Busy,
                SignInError::Service(error) => error.into(),
            };
            back_to_form::<SignIn>(&paths::login(&next), &[("name", &name)], &error);
            return Err(error);
        }
    };
    for cookie in service.sign_in_cookies(&signed_in) {
        add_header(header::SET_COOKIE, &cookie);
    }
    redirect(&LocalAddress::after_sign_in(&next));
    Ok(())
}

/// Ends the session, if there is one.
#[server(prefix = "/fn", endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), ApiError> {
    let service = service();
    let parts = use_context::<Parts>();
    let token = parts.and_then(|parts| parts.extensions.get::<SessionToken>().cloned());
    if let Some(token) = token {
        service.sign_out(&token).await?;
    }
    add_header(header::SET_COOKIE, &service.sign_out_cookie());
    redirect(&paths::login(""));
    Ok(())
}

/// Creates the first administrator, using the one-time code in the log, and signs them in.
#[server(prefix = "/fn", endpoint = "set_up")]
pub async fn set_up(code: String, name: String, password: String) -> Result<(), ApiError> {
    let service = service();
    let signed_in = match service.set_up(&browser(), &code, &name, &password).await {
        Ok(signed_in) => signed_in,
        Err(error) => {
            let error = match error {
                SetUpError::WrongCode => ApiError::invalid("code", "wrong_code"),
                SetUpError::BadName => ApiError::invalid("name", "bad_name"),
                SetUpError::WeakPassword => ApiError::invalid("password", "weak_password"),
                SetUpError::LongPassword => ApiError::invalid("password", "long_password"),
                SetUpError::TooManyTries => ApiError::TooManyTries,
                SetUpError::AlreadyDone => ApiError::NotAllowed,
                SetUpError::Service(error) => error.into(),
            };
            back_to_form::<SetUp>(&paths::login(""), &[("name", &name)], &error);
            return Err(error);
        }
    };
    for cookie in service.sign_in_cookies(&signed_in) {
        add_header(header::SET_COOKIE, &cookie);
    }
    redirect(&LocalAddress::or_home("/settings"));
    Ok(())
}
