//! The pages and their server functions, rendered by Leptos.

use axum::{Router, middleware::from_fn, routing::post};
use leptos::prelude::provide_context;
use leptos_axum::{LeptosRoutes, generate_route_list, render_app_async_with_context};
use reelroom_app::{App, LastEvent, NamedModules, Site, server::RevealSecret, shell};

use crate::{ServerState, assets, functions};

/// The pages of the app's router, the server functions at `/fn/<name>`, and the page for unknown
/// addresses.
pub(crate) fn pages(state: &ServerState) -> Router<ServerState> {
    let given = state.clone();
    let site = Site::new(assets::build_id(), assets::modules());
    let context = move || {
        provide_context(given.service.clone());
        // Before anything is loaded, so that later changes have a later event.
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
        // The same page with the secret, which a form reveals.
        .route(
            "/callbacks",
            post(render_app_async_with_context(with_secret, shell)),
        )
        .fallback(render_app_async_with_context(context, shell))
}
