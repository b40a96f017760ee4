//! What forms do, with JavaScript and without: the actions that call server functions, and the address
//! that a plain form is sent back to when its function failed.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::{
    hooks::{use_location, use_query_map},
    params::ParamsMap,
};

use crate::{error::ApiError, paths::LocalAddress, shared::shared};

/// Names the server function that failed.
const FAILED: &str = "failed";
/// Holds the code of its error (see [`ApiError::code`]).
const WHY: &str = "why";

/// The query of the page, for [`action`].
#[derive(Clone, Copy)]
struct Query(Memo<ParamsMap>);

/// Makes the address of the page ready to be read anywhere below the router, its query also by
/// [`action`].
pub fn provide_address() {
    shared(use_location().pathname);
    provide_context(Query(shared(use_query_map())));
}

/// A new action that calls `S`. Where a plain form of `S` was sent back, it holds the error that the
/// address names. Leptos itself would take a whole error, words and all, from any address
/// (`__err`), so that this is the only place that makes an action.
pub fn action<S>() -> ServerAction<S>
where
    S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let action = ServerAction::new();
    let query = use_context::<Query>();
    let error = query.and_then(|Query(query)| query.with_untracked(|query| error_of::<S>(query)));
    action.value().set(error.map(Err));
    action
}

fn name<S: ServerFn>() -> &'static str {
    S::PATH.rsplit('/').next().unwrap_or_default()
}

fn error_of<S: ServerFn>(query: &ParamsMap) -> Option<ApiError> {
    let failed = query.get_str(FAILED)?;
    (failed == name::<S>()).then(|| ApiError::from_code(query.get_str(WHY)?))?
}

/// The address of `page` without the error of an earlier form.
pub fn without_error(page: &LocalAddress) -> LocalAddress {
    page.without(&[FAILED, WHY])
}

/// The address of `page` that says that the server function at `path` failed with `error`.
pub fn with_error(page: &LocalAddress, path: &str, error: &ApiError) -> LocalAddress {
    let name = path.rsplit('/').next().unwrap_or_default();
    let code = error.code().unwrap_or_default();
    without_error(page).with(&[(FAILED, name), (WHY, &code)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server_fns::{SignIn, SignOut};

    #[test]
    fn a_plain_form_comes_back_with_its_error_and_what_was_typed() {
        let page =
            LocalAddress::or_home("/login?failed=set_up&why=forbidden").with(&[("name", "u 1")]);
        let back = with_error(&page, SignIn::PATH, &ApiError::WrongSignIn);
        let address = "/login?name=u%201&failed=sign_in&why=wrong_sign_in";
        assert_eq!(back.as_str(), address);

        let query = [("failed", "sign_in"), ("why", "wrong_sign_in")];
        let query: ParamsMap = query.into_iter().collect();
        assert_eq!(error_of::<SignIn>(&query), Some(ApiError::WrongSignIn));
        assert_eq!(error_of::<SignOut>(&query), None);
        assert_eq!(error_of::<SignIn>(&ParamsMap::new()), None);
    }
}
