use leptos::prelude::*;

use crate::error::ApiError;

/// Stores the chosen theme in a cookie. Works before sign-in.
#[server(prefix = "/fn", endpoint = "set_theme")]
pub async fn set_theme(theme: String) -> Result<(), ApiError> {
    use crate::{
        server::keep_choice,
        start::{Theme, cookie},
    };

    keep_choice(cookie::THEME, Theme::parse(&theme).as_str());
    Ok(())
}
