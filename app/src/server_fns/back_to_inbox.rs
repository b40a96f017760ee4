//! Redirects plain forms back to the inbox.

use leptos::server_fn::ServerFn;

use crate::{
    error::ApiError,
    paths::LocalAddress,
    server::{back_to_form, is_plain_form, redirect},
};

/// Redirects a plain form to the inbox page that it came from, with the error if there is one.
pub fn back_to_inbox<F, T>(back: &str, answer: Result<T, ApiError>) -> Result<T, ApiError>
where
    F: ServerFn<Error = ApiError>,
{
    const INBOX: &str = "/callbacks";
    let page = LocalAddress::parse(back)
        .filter(|page| page.path() == INBOX)
        .unwrap_or_else(|| LocalAddress::or_home(INBOX));
    match &answer {
        Ok(_) if is_plain_form() => redirect(&page),
        Ok(_) => {}
        Err(error) => back_to_form::<F>(&page, &[], error),
    }
    answer
}
