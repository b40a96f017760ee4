//! Single sign-on: the way to the provider and back, and the messages of the provider.

use axum::{
    Extension, Form,
    extract::{Query, State, rejection::FormRejection},
    http::{StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
};
use reelroom_app::{
    pages::login::provider::code_of,
    paths::{self, LocalAddress},
    start::cookie::of_account,
};
use reelroom_service::{Browser, ProviderAnswer, Service, SignOnError};
use serde::Deserialize;

use crate::callback::not_now;

/// The query of `/auth/start`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Start {
    next: String,
}

/// `GET /auth/start`: sends the browser to the provider.
pub(crate) async fn start(
    State(service): State<Service>,
    Query(Start { next }): Query<Start>,
) -> Response {
    let next = LocalAddress::after_sign_in(&next);
    match service.start_sign_on(next.as_str()).await {
        Ok(to) => {
            let cookie = [(header::SET_COOKIE, to.cookie)];
            let location = [(header::LOCATION, String::from(to.url))];
            (StatusCode::SEE_OTHER, cookie, location).into_response()
        }
        Err(error) => back(next.as_str(), &error),
    }
}

/// `GET /auth/callback`: opens a session for the person whom the provider has signed in. Whatever the answer is,
/// the browser's flow there is over.
pub(crate) async fn callback(
    State(service): State<Service>,
    Extension(browser): Extension<Browser>,
    Query(answer): Query<ProviderAnswer>,
) -> Response {
    let next = service.sign_on_next(&browser);
    let over = (header::SET_COOKIE, service.end_flow_cookie());
    match service.finish_sign_on(&browser, &answer).await {
        Ok(signed_in) => {
            let chosen = service.preferences_of(&signed_in).await;
            let cookies = service.sign_in_cookies(&signed_in).into_iter();
            let cookies = cookies.chain(of_account(&chosen.unwrap_or_default()));
            let cookies = cookies.map(|cookie| (header::SET_COOKIE, cookie));
            let page = LocalAddress::after_sign_in(&next);
            (AppendHeaders(cookies.chain([over])), page).into_response()
        }
        Err(error) => (AppendHeaders([over]), back(&next, &error)).into_response(),
    }
}

/// The sign-in page, which tells the error.
fn back(next: &str, error: &SignOnError) -> Response {
    match error {
        SignOnError::NoProvider => return StatusCode::NOT_FOUND.into_response(),
        SignOnError::Service(error) => tracing::error!(%error, "single sign-on"),
        _ => {}
    }
    let why = code_of(error);
    paths::login(next).with(&[("sso", why)]).into_response()
}

/// The body of a logout message.
#[derive(Deserialize)]
pub(crate) struct Logout {
    logout_token: String,
}

/// `POST /auth/backchannel-logout`: ends the sessions of a person who has signed out at the provider (OpenID
/// Connect Back-Channel Logout 1.0). No browser sends it: the token proves the sender.
pub(crate) async fn backchannel_logout(
    State(service): State<Service>,
    form: Result<Form<Logout>, FormRejection>,
) -> Response {
    let ended = match form {
        Ok(Form(form)) => service.end_provider_sessions(&form.logout_token).await,
        Err(_) => Err(SignOnError::NotVerified),
    };
    match ended {
        Ok(()) => StatusCode::OK.into_response(),
        Err(SignOnError::NoProvider) => StatusCode::NOT_FOUND.into_response(),
        Err(SignOnError::Service(error)) => {
            tracing::error!(%error, "ending sessions of single sign-on");
            not_now()
        }
        Err(SignOnError::NoAnswer) => not_now(),
        Err(_) => {
            let kind = [(header::CONTENT_TYPE, "application/json")];
            let body = r#"{"error":"invalid_request"}"#;
            (StatusCode::BAD_REQUEST, kind, body).into_response()
        }
    }
}
