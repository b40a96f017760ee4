//! The choices of a browser, in cookies.

use leptos::prelude::*;
use reelroom_domain::user::Role;
use reelroom_service::ServiceError;

use crate::{
    error::ApiError,
    paths::LocalAddress,
    server::{app_named, keep_choice, redirect, require},
    start::{Theme, cookie, language_tag, locale_of},
};

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

/// Stores the chosen app in a cookie and redirects to `next` in that app.
#[server(prefix = "/fn", endpoint = "choose_app")]
pub async fn choose_app(app: String, #[server(default)] next: String) -> Result<(), ApiError> {
    require(Role::Viewer)?;
    let id = app_named(&app)?.ok_or(ServiceError::NotFound)?.to_string();
    keep_choice(cookie::APP, &id);
    redirect(&LocalAddress::after_sign_in(&next).with(&[("app", &id)]));
    Ok(())
}
