//! Passes the error of a form back to its page, as codes in the address. A link must not be able to inject
//! text into an alert.

use leptos::{
    prelude::{expect_context, use_context},
    server_fn::ServerFn,
};
use reelroom_domain::app::AppForm;
use serde::de::DeserializeOwned;

use crate::{error::ApiError, paths::LocalAddress, query::Query};

/// The query parameter that names the failed server function.
const FAILED: &str = "failed";
/// The query parameter with the code of its error (see [`ApiError::code`]).
const WHY: &str = "why";

/// The query parameter that names the typed values which the address does not carry, with commas.
const LONG: &str = "long";

/// The maximum length in bytes of a field that an address carries back.
const LONGEST_TYPED: usize = AppForm::LIST_BYTES;

/// The value of a switch in a form or an address; an empty one is off.
pub const fn yes(is_on: bool) -> &'static str {
    if is_on { "yes" } else { "" }
}

/// The name of a server function: the last segment of its path.
pub fn name<S: ServerFn>() -> &'static str {
    last_segment(S::PATH)
}

fn last_segment(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// The error of the server function `S`, if its form was redirected back to this page.
pub fn failed<S: ServerFn>() -> Option<ApiError> {
    failed_at(name::<S>())
}

/// The error of the form of that name, if it was redirected back to this page.
pub fn failed_at(name: &str) -> Option<ApiError> {
    let query = use_context::<Query>()?;
    (query.get(FAILED) == name).then(|| ApiError::from_code(query.get(WHY)))?
}

/// The form of the server function `S`: as typed if it was redirected back to this page, else as `stored`.
pub fn shown<S: ServerFn, T: DeserializeOwned + Default>(stored: T) -> T {
    match failed::<S>() {
        Some(_) => expect_context::<Query>().form(),
        None => stored,
    }
}

/// The text that was typed into a field of the form of `S`, if it was redirected back to this page.
pub fn typed<S: ServerFn>(field: &str) -> Option<String> {
    failed::<S>().map(|_| expect_context::<Query>().get(field).to_owned())
}

/// The address of `page` without the error of an earlier form.
pub fn without_error(page: &LocalAddress) -> LocalAddress {
    page.without(&[FAILED, WHY, LONG])
}

/// The address of `page` with the error of the server function at `path`.
pub fn with_error(page: &LocalAddress, path: &str, error: &ApiError) -> LocalAddress {
    let code = error.code().unwrap_or_default();
    let page = page.without(&[FAILED, WHY]);
    page.with(&[(FAILED, last_segment(path)), (WHY, &code)])
}

/// The address of `page` with the `typed` values that are not too long for it, and the names of the others.
pub fn with_typed(page: &LocalAddress, typed: &[(&str, &str)]) -> LocalAddress {
    let typed = typed.iter().copied();
    let (long, typed): (Vec<_>, Vec<_>) = typed.partition(|(_, value)| value.len() > LONGEST_TYPED);
    let long: Vec<&str> = long.into_iter().map(|(name, _)| name).collect();
    page.with(&typed).with(&[(LONG, &long.join(","))])
}

/// Whether what was typed into a field is too long for the address of its page.
pub fn is_long(query: &Query, field: &str) -> bool {
    query.get(LONG).split(',').any(|name| name == field)
}

#[cfg(test)]
mod tests {
    use leptos::prelude::{Owner, provide_context};

    use super::*;
    use crate::server_fns::{SignIn, SignOut};

    #[test]
    fn a_form_comes_back_with_its_error_and_what_was_typed() {
        let page =
            LocalAddress::or_home("/login?failed=set_up&why=forbidden").with(&[("name", "u 1")]);
        let back = with_error(&page, SignIn::PATH, &ApiError::WrongSignIn);
        let address = "/login?name=u%201&failed=sign_in&why=wrong_sign_in";
        assert_eq!(back.as_str(), address);

        Owner::new().with(|| {
            assert_eq!(failed::<SignIn>(), None);
            provide_context(Query::of(&address.parse().unwrap()));
            assert_eq!(failed::<SignIn>(), Some(ApiError::WrongSignIn));
            assert_eq!(failed::<SignOut>(), None);
        });
    }

    #[test]
    fn an_address_names_the_values_that_are_too_long_for_it() {
        let long = "x".repeat(LONGEST_TYPED + 1);
        let typed = [("title", ""), ("tags", "a"), ("notes", &long)];
        let back = with_typed(&LocalAddress::or_home("/x"), &typed);
        let failed = with_error(&back, "/fn/y", &ApiError::NotFound);
        assert_eq!(back.as_str(), "/x?tags=a&long=notes");
        assert_eq!(
            failed.as_str(),
            "/x?tags=a&long=notes&failed=y&why=not_found"
        );
        assert_eq!(without_error(&failed).as_str(), "/x?tags=a");
        let query = Query::parse("tags=a&long=notes");
        let is_long = ["title", "tags", "notes"].map(|field| is_long(&query, field));
        assert_eq!(is_long, [false, false, true]);
    }
}
