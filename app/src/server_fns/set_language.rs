use leptos::prelude::*;

use crate::error::ApiError;

/// Stores the chosen language in a cookie. Works before sign-in.
#[server(prefix = "/fn", endpoint = "set_language")]
pub async fn set_language(language: String) -> Result<(), ApiError> {
    use crate::{
        server::keep_choice,
        start::{cookie, language_tag, locale_of},
    };

    let locale = locale_of(&language).ok_or_else(|| ApiError::invalid("language", "unknown"))?;
    keep_choice(cookie::LANGUAGE, language_tag(locale));
    Ok(())
}
