//! The reader's own account: its password, second factor and sessions.

use leptos::prelude::*;
use reelroom_service::MyAccountError;

use crate::{
    error::ApiError,
    paths,
    server::{answer_form, browser, keep_session, principal, service},
};

/// Changes the password. The other sessions end, and this one gets a new id.
#[server(prefix = "/fn", endpoint = "my_password")]
pub async fn my_password(password: String, new: String, again: String) -> Result<(), ApiError> {
    let me = principal()?;
    let answer = if new == again {
        let (service, browser) = (service(), browser());
        let changed = service.change_password(&me, &browser, &password, &new);
        changed.await.map_err(ApiError::from)
    } else {
        Err(ApiError::invalid("again", "differs"))
    };
    if let Ok(signed_in) = &answer {
        keep_session(signed_in);
    }
    let page = paths::account();
    let done = page.with(&[("saved", "password")]);
    answer_form::<MyPassword, _>(answer.map(drop), &done, &page, &[])
}

/// Switches the second factor off.
#[server(prefix = "/fn", endpoint = "my_factor_off")]
pub async fn my_factor_off(password: String) -> Result<(), ApiError> {
    let me = principal()?;
    let answer = service().remove_factor(&me, &browser(), &password).await;
    let page = paths::account();
    let done = page.with(&[("saved", "factor_off")]);
    answer_form::<MyFactorOff, _>(answer.map_err(ApiError::from), &done, &page, &[])
}

/// Replaces the recovery codes by the sealed ones of the form.
#[server(prefix = "/fn", endpoint = "my_codes")]
pub async fn my_codes(sealed: String) -> Result<(), ApiError> {
    let me = principal()?;
    let answer = service().keep_codes(&me, &browser(), &sealed).await;
    let page = paths::account();
    let done = page.with(&[("saved", "codes")]);
    answer_form::<MyCodes, _>(answer.map_err(ApiError::from), &done, &page, &[])
}

/// Ends a session of the account.
#[server(prefix = "/fn", endpoint = "my_session")]
pub async fn my_session(session: String) -> Result<(), ApiError> {
    let me = principal()?;
    Ok(service().end_my_session(&me, &browser(), &session).await?)
}

/// Ends every session of the account but this one.
#[server(prefix = "/fn", endpoint = "my_sessions")]
pub async fn my_sessions() -> Result<(), ApiError> {
    let me = principal()?;
    let answer = service().end_my_other_sessions(&me, &browser()).await;
    let page = paths::account();
    let done = page.with(&[("saved", "sessions")]);
    answer_form::<MySessions, _>(answer.map_err(ApiError::from), &done, &page, &[])
}

impl From<MyAccountError> for ApiError {
    fn from(error: MyAccountError) -> Self {
        match error {
            MyAccountError::WrongPassword => Self::invalid("password", "wrong_password"),
            MyAccountError::BadPassword(why) => Self::invalid("new", why.code()),
            MyAccountError::WrongCode => Self::invalid("code", "wrong"),
            MyAccountError::Lapsed => Self::invalid("form", "lapsed"),
            MyAccountError::Demanded => Self::Forbidden,
            MyAccountError::TooManyTries => Self::TooManyTries,
            MyAccountError::Busy => Self::Busy,
            MyAccountError::Service(error) => error.into(),
        }
    }
}
