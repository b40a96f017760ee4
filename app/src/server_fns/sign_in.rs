use leptos::prelude::*;

use crate::error::ApiError;

/// Opens a session and redirects to `next`, if it is a page of this site.
#[server(prefix = "/fn", endpoint = "sign_in")]
pub async fn sign_in(name: String, password: String, next: String) -> Result<(), ApiError> {
    use http::header;
    use reelroom_service::SignInError;

    use crate::{
        paths::{self, LocalAddress},
        server::{add_header, back_to_form, browser, redirect, service},
    };

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
