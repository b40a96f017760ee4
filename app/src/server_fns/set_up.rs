use leptos::prelude::*;

use crate::error::ApiError;

/// Creates the first administrator, using the one-time code in the log, and signs them in.
#[server(prefix = "/fn", endpoint = "set_up")]
pub async fn set_up(code: String, name: String, password: String) -> Result<(), ApiError> {
    use http::header;
    use reelroom_service::SetUpError;

    use crate::{
        paths::{self, LocalAddress},
        server::{add_header, back_to_form, browser, redirect, service},
    };

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
