use leptos::prelude::*;

use crate::error::ApiError;

/// Ends the session, if there is one.
#[server(prefix = "/fn", endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), ApiError> {
    use http::{header, request::Parts};
    use reelroom_service::SessionToken;

    use crate::{
        paths,
        server::{add_header, redirect, service},
    };

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
