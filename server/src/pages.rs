//! The pages and the server functions.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse as _, Response},
    routing::{MethodRouter, get, post},
};
use leptos::{prelude::provide_context, server_fn::axum::server_fn_paths};
use leptos_axum::handle_server_fns_with_context;
use reelroom_app::{
    Site,
    pages::{
        callbacks::{callbacks, callbacks_with_secret},
        cases::cases,
        certificates::{certificate, certificates},
        jump::jump,
        library::{act_on_selected, library, narrow::narrow, saved::saved_views},
        login::login,
        once::once,
        recording::recording,
        rooms::{room, rooms},
        settings::{
            deleting::deleting,
            history::history,
            me::{me, me_step},
            people::people,
            retention::retention,
            settings,
            sign_in::sign_in,
            storage::storage,
        },
        trash::trash,
    },
    visit::{Mount, nowhere},
};
use reelroom_service::Service;

use crate::{ServerState, assets, events::Feed, functions};

/// Every page, by its path.
fn routes() -> [(&'static str, MethodRouter<ServerState>); 24] {
    [
        ("/", get(rooms)),
        ("/callbacks", get(callbacks).post(callbacks_with_secret)),
        ("/cases", get(cases)),
        ("/certificates", get(certificates)),
        ("/certificates/{number}", get(certificate)),
        ("/jump", get(jump)),
        ("/login", get(login)),
        ("/once/{token}", get(once)),
        ("/recordings", get(library).post(act_on_selected)),
        ("/recordings/narrow", get(narrow)),
        ("/recordings/views", get(saved_views)),
        ("/recordings/{id}", get(recording)),
        ("/rooms/", get(room)),
        ("/rooms/{room}", get(room)),
        ("/settings", get(settings)),
        ("/settings/apps", get(settings)),
        ("/settings/sign-in", get(sign_in)),
        ("/settings/deleting", get(deleting)),
        ("/settings/history", get(history)),
        ("/settings/me", get(me).post(me_step)),
        ("/settings/people", get(people)),
        ("/settings/retention", get(retention)),
        ("/settings/storage", get(storage)),
        ("/trash", get(trash).post(act_on_selected)),
    ]
}

/// The paths of all pages, as axum spells them.
pub fn paths() -> impl Iterator<Item = &'static str> {
    routes().into_iter().map(|(path, _)| path)
}

/// The state of pages, an extension of their requests.
pub(crate) fn mount(state: &ServerState) -> Mount {
    let feed = state.feed.clone();
    Mount {
        service: state.service.clone(),
        site: Site {
            build: assets::build_id().to_owned(),
        },
        last_event: Arc::new(move || feed.last()),
    }
}

/// The pages, the server functions at `/fn/<name>`, and the page for unknown addresses.
pub(crate) fn pages(state: &ServerState) -> Router<ServerState> {
    let pages = routes()
        .into_iter()
        .fold(Router::new(), |pages, (path, page)| pages.route(path, page))
        .fallback(nowhere)
        .layer(from_fn_with_state(state.clone(), refresh_after));
    pages.merge(server_functions(state.service.clone()))
}

/// The longest pause of a page that is open alone, also where the server is slow.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Says in `Refresh-After`, in milliseconds, how soon an open page may ask again when something changed:
/// all that are open together take half a core at most, and one of them a twentieth, unless it would wait for long.
async fn refresh_after(State(feed): State<Feed>, request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let mut response = next.run(request).await;
    let pages = u32::try_from(feed.readers()).unwrap_or(u32::MAX);
    let took = begin.elapsed();
    let alone = took.saturating_mul(20).min(LONGEST_PAUSE);
    let pause = took.saturating_mul(pages.saturating_mul(2)).max(alone);
    let millis = HeaderValue::from(u64::try_from(pause.as_millis()).unwrap_or(u64::MAX));
    let name = HeaderName::from_static("refresh-after");
    response.headers_mut().insert(name, millis);
    response
}

/// The server functions, which forms post to.
fn server_functions(service: Service) -> Router<ServerState> {
    let call = async move |request: Request| {
        let context = {
            let service = service.clone();
            move || provide_context(service.clone())
        };
        let answer = async {
            handle_server_fns_with_context(context, request)
                .await
                .into_response()
        };
        let answer = service.run_to_end(answer).await;
        answer.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
    };
    server_fn_paths()
        .fold(Router::new(), |functions, (path, _)| {
            functions.route(path, post(call.clone()))
        })
        .layer(from_fn(functions::around))
}
