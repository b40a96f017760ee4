//! The reader's own account: its password, second factor and sessions.

use leptos::{prelude::*, server_fn::ServerFn};
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
    let changed = if new == again {
        let (service, browser) = (service(), browser());
        let changed = service.change_password(&me, &browser, &password, &new);
        changed.await.map_err(ApiError::from)
    } else {
        Err(ApiError::invalid("again", "differs"))
    };
    answer::<MyPassword>(
        changed.map(|signed_in| keep_session(&signed_in)),
        "password",
    )
}

/// Switches the second factor off. `proof` is the password, or a code of an account without one.
#[server(prefix = "/fn", endpoint = "my_factor_off")]
pub async fn my_factor_off(proof: String) -> Result<(), ApiError> {
    let me = principal()?;
    let removed = service().remove_factor(&me, &browser(), &proof).await;
    answer::<MyFactorOff>(removed, "factor_off")
}

/// Replaces the recovery codes by the sealed ones of the form.
#[server(prefix = "/fn", endpoint = "my_codes")]
pub async fn my_codes(sealed: String) -> Result<(), ApiError> {
    let me = principal()?;
    let kept = service().keep_codes(&me, &browser(), &sealed).await;
    answer::<MyCodes>(kept, "codes")
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
    let ended = service().end_my_other_sessions(&me, &browser()).await;
    answer::<MySessions>(ended, "sessions")
}

/// Answers a form of the page, which shows that `saved` was accepted.
fn answer<F: ServerFn<Error = ApiError>>(
    done: Result<(), impl Into<ApiError>>,
    saved: &str,
) -> Result<(), ApiError> {
    let page = paths::account();
    let next = page.with(&[("saved", saved)]);
    answer_form::<F, _>(done, &next, &page, &[])
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
            MyAccountError::CodesClosed => Self::CodesClosed,
            MyAccountError::Busy => Self::Busy,
            MyAccountError::Service(error) => error.into(),
        }
    }
}
