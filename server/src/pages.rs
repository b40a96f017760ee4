//! The pages and their server functions, rendered by Leptos.

use std::{sync::Arc, time::Instant};

use axum::{
    Extension, Router,
    extract::{Request, State},
    http::{HeaderName, HeaderValue},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::get,
};
use leptos::prelude::provide_context;
use leptos_axum::{LeptosRoutes, generate_route_list};
use reelroom_app::{
    App, LastEvent, NamedModules, Site, WholeSite,
    pages::{
        callbacks::{callbacks, callbacks_with_secret},
        jump::jump,
        library::library,
        login::login,
    },
    shell,
    visit::{Mount, nowhere},
};

use crate::{ServerState, assets, events::Feed, functions};

/// The pages, the server functions at `/fn/<name>`, and the page for unknown addresses.
pub(crate) fn pages(state: &ServerState) -> Router<ServerState> {
    let feed = state.feed.clone();
    let mount = Mount {
        service: state.service.clone(),
        site: Site {
            build: assets::build_id().to_owned(),
        },
        last_event: Arc::new(move || feed.last()),
    };
    let pages = Router::new()
        .route("/callbacks", get(callbacks).post(callbacks_with_secret))
        .route("/jump", get(jump))
        .route("/login", get(login))
        .route("/recordings", get(library))
        .fallback(nowhere)
        .layer(from_fn_with_state(state.clone(), refresh_after))
        .layer(Extension(mount));
    pages.merge(whole(state))
}

/// Says in `Refresh-After`, in milliseconds, how soon an open page may ask again when something changed:
/// all that are open together take half a core at most, and one of them a twentieth.
async fn refresh_after(State(feed): State<Feed>, request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let mut response = next.run(request).await;
    let pages = u32::try_from(feed.readers()).unwrap_or(u32::MAX);
    let pause = begin
        .elapsed()
        .saturating_mul(pages.saturating_mul(2).max(20));
    let millis = HeaderValue::from(u64::try_from(pause.as_millis()).unwrap_or(u64::MAX));
    let name = HeaderName::from_static("refresh-after");
    response.headers_mut().insert(name, millis);
    response
}

/// The pages that the browser's half takes over as a whole, and the server functions.
fn whole(state: &ServerState) -> Router<ServerState> {
    let given = state.clone();
    let site = WholeSite::new(assets::build_id(), assets::modules());
    let context = move || {
        provide_context(given.service.clone());
        // Before anything is loaded, so that later changes have a later event.
        provide_context(LastEvent(given.feed.last()));
        provide_context(site.clone());
        provide_context(NamedModules::default());
    };
    let routes = generate_route_list(App);
    Router::new()
        .leptos_routes_with_context(state, routes, context, shell)
        .route_layer(from_fn(functions::around))
}
