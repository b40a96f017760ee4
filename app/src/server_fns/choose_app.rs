use leptos::prelude::*;

use crate::error::ApiError;

/// Stores the chosen app in a cookie and redirects to `next` in that app.
#[server(prefix = "/fn", endpoint = "choose_app")]
pub async fn choose_app(app: String, #[server(default)] next: String) -> Result<(), ApiError> {
    use reelroom_domain::user::Role;
    use reelroom_service::ServiceError;

    use crate::{
        paths::LocalAddress,
        server::{app_named, keep_choice, redirect, require},
        start::cookie,
    };

    require(Role::Viewer)?;
    let id = app_named(&app)?.ok_or(ServiceError::NotFound)?.to_string();
    keep_choice(cookie::APP, &id);
    redirect(&LocalAddress::after_sign_in(&next).with(&[("app", &id)]));
    Ok(())
}
