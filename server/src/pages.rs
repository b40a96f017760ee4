//! The pages and their server functions, rendered by Leptos.

use axum::{Router, middleware::from_fn, routing::post};
use leptos::prelude::provide_context;
use leptos_axum::{LeptosRoutes, generate_route_list, render_app_async_with_context};
use reelroom_app::{App, LastEvent, NamedModules, Site, server::RevealSecret, shell};

use crate::{ServerState, assets, functions};

/// Every page that the app's router knows, every server function at `/fn/<name>`, and for all other
/// addresses the page that says so.
pub(crate) fn pages(state: &ServerState) -> Router<ServerState> {
    let given = state.clone();
    let site = Site::new(assets::build_id(), assets::modules());
    let context = move || {
        provide_context(given.service.clone());
        // Before anything is loaded: what changes from now on is told after this event.
        provide_context(LastEvent(given.feed.last()));
        provide_context(site.clone());
        provide_context(NamedModules::default());
    };
    let with_secret = {
        let context = context.clone();
        move || {
            context();
            provide_context(RevealSecret);
        }
    };
    let routes = generate_route_list(App);
    Router::new()
        .leptos_routes_with_context(state, routes, context.clone(), shell)
        .route_layer(from_fn(functions::around))
        // The same page, with the secret; a form asks for it.
        .route(
            "/callbacks",
            post(render_app_async_with_context(with_secret, shell)),
        )
        .fallback(render_app_async_with_context(context, shell))
}
