//! The pages and their server functions, rendered by Leptos.

use axum::{
    Router,
    extract::{Request, State},
    response::Response,
    routing::any,
};
use leptos::prelude::provide_context;
use leptos_axum::{LeptosRoutes, generate_route_list, handle_server_fns_with_context};

use reelroom_app::{App, BuildId, shell};

use crate::{ServerState, assets};

/// Every page that the app's router knows.
pub(crate) fn pages(state: &ServerState) -> Router<ServerState> {
    let (given, options) = (state.clone(), state.options.clone());
    let context = move || provide(&given);
    let shell = move || shell(options.clone());
    let routes = generate_route_list(App);
    Router::new().leptos_routes_with_context(state, routes, context, shell)
}

/// The server functions, each at `/fn/<name>`.
pub(crate) fn server_functions() -> Router<ServerState> {
    Router::new().route("/fn/{*name}", any(server_function))
}

async fn server_function(State(state): State<ServerState>, request: Request) -> Response {
    let context = move || provide(&state);
    axum::response::IntoResponse::into_response(handle_server_fns_with_context(context, request).await)
}

/// What pages and server functions find in their context.
fn provide(state: &ServerState) {
    provide_context(state.service.clone());
    provide_context(BuildId(assets::build_id().to_owned()));
}
