//! What forms do, with JavaScript and without: the actions that call server functions, and the address
//! that a plain form is sent back to when its function failed.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::{
    hooks::{use_location, use_query_map},
    params::ParamsMap,
};

use crate::{
    error::ApiError,
    form::{FAILED, WHY, name},
    whole::shared::shared,
};

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

fn error_of<S: ServerFn>(query: &ParamsMap) -> Option<ApiError> {
    let failed = query.get_str(FAILED)?;
    (failed == name::<S>()).then(|| ApiError::from_code(query.get_str(WHY)?))?
}
