//! The pages and their server functions, rendered by Leptos.

use axum::Router;
use leptos::prelude::provide_context;
use leptos_axum::{LeptosRoutes, generate_route_list, render_app_async_with_context};
use reelroom_app::{App, BuildId, shell};

use crate::{ServerState, assets};

/// Every page that the app's router knows, every server function at `/fn/<name>`, and for all other
/// addresses the page that says so.
pub(crate) fn pages(state: &ServerState) -> Router<ServerState> {
    let (given, options) = (state.clone(), state.options.clone());
    let context = move || provide(&given);
    let shell = move || shell(options.clone());
    let routes = generate_route_list(App);
    Router::new()
        .leptos_routes_with_context(state, routes, context.clone(), shell.clone())
        .fallback(render_app_async_with_context(context, shell))
}

/// What pages and server functions find in their context.
fn provide(state: &ServerState) {
    provide_context(state.service.clone());
    provide_context(BuildId(assets::build_id().to_owned()));
}
