//! The routes and their middleware.

use std::time::Duration;

use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    http::{Extensions, HeaderMap, StatusCode, Version, header},
    middleware::{from_fn, from_fn_with_state},
    response::IntoResponse,
    routing::{any, get, post},
};
use reelroom_app::pages::leave::leave;
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, Predicate as _},
    },
    timeout::TimeoutLayer,
};

use crate::{
    assets, body, callback, certificates, cross_site, default_headers, events, export, files,
    health, metrics, oidc, pages, pictures, requests, session, shown_app, state::ServerState, zip,
};

/// The largest message of the provider of single sign-on in bytes.
const LARGEST_LOGOUT: usize = 64 << 10;
/// Time for a page or a server function. The longest of them waits for three calls to the platform.
const ANSWER: Duration = Duration::from_secs(90);

/// The whole site.
///
/// Assets, health, metrics, `/login`, `/auth/…`, one-time links, `/api/…` and the platform's calls need no session;
/// neither do server functions, which check it themselves. All else does. Pages of other sites reach nothing but health,
/// `/api/…`, the platform's calls and the provider's message of a logout, and may link to the rest.
pub fn router(state: ServerState) -> Router {
    let platform = Router::new()
        .route("/AR/V1/av", any(callback::file))
        .route("/AR/V1/av/{secret}", any(callback::file))
        .route("/{secret}/AR/V1/av", any(callback::file))
        .route("/AR/V1/status", any(callback::status))
        .route("/AR/V1/status/{secret}", any(callback::status))
        .route("/{secret}/AR/V1/status", any(callback::status))
        .layer(DefaultBodyLimit::disable())
        // A panic is answered with 503, as any error of ours.
        .layer(CatchPanicLayer::custom(|_| callback::not_now()));
    let signed_in = Router::new()
        .route("/events", get(events::events))
        .route("/files/{id}", get(files::file))
        .route("/files/{id}/{picture}", get(pictures::picture))
        .route("/recordings/zip", get(zip::archive))
        .route("/recordings/files.txt", get(zip::addresses))
        .route("/recordings/{id}/zip", get(zip::archive))
        .route("/recordings/{id}/files.txt", get(zip::addresses))
        .route("/recordings/export", get(export::recordings))
        .route("/certificates/{number}/json", get(certificates::json))
        .route("/settings/history/export", get(export::history))
        .route("/settings/people/export", get(export::people))
        .layer(from_fn(session::demand));
    let compression = CompressionLayer::new()
        // A fifth smaller than the fastest, for half a millisecond of a page of 100 kB.
        .quality(CompressionLevel::Precise(4))
        .compress_when(DefaultPredicate::new().and(may_be_transformed));
    let pages = pages::pages(&state)
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            ANSWER,
        ))
        .layer(from_fn(body::whole))
        .layer(compression)
        .layer(from_fn_with_state(
            state.service.clone(),
            shown_app::name_app,
        ))
        .layer(from_fn(session::demand_for_page));
    let open = Router::new()
        .route("/auth/start", get(oidc::start))
        .route("/auth/callback", get(oidc::callback))
        .route("/auth/end", get(leave));
    let messages = Router::new()
        .route("/auth/backchannel-logout", post(oidc::backchannel_logout))
        .layer(DefaultBodyLimit::max(LARGEST_LOGOUT));
    let people = Router::new()
        .merge(signed_in)
        .merge(open)
        .merge(pages)
        .layer(Extension(pages::mount(&state)))
        .layer(from_fn_with_state(state.clone(), session::identify))
        .layer(cross_site::reject_changes(state.service.public_url()))
        .layer(from_fn(cross_site::isolate))
        .layer(from_fn_with_state(state.clone(), callback::unknown_route));
    let public = state.service.public_url();
    let is_https = public.is_some_and(|url| url.scheme() == "https");
    Router::new()
        .merge(people)
        .merge(platform)
        .merge(assets::routes::<ServerState>().layer(from_fn(cross_site::isolate)))
        .merge(messages)
        .route("/api/{*rest}", any(no_api))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics::metrics))
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(state.requests.clone(), requests::record))
        .layer(from_fn_with_state(
            default_headers::of(is_https),
            default_headers::add_missing,
        ))
        .with_state(state)
}

/// The answer to programs, for which there is no interface yet: that of a page would be a redirect to `/login`.
async fn no_api() -> impl IntoResponse {
    let json = [(header::CONTENT_TYPE, "application/json")];
    (StatusCode::NOT_FOUND, json, r#"{"error":"not_found"}"#)
}

/// Whether an answer may be compressed. One with a secret has `no-transform` (RFC 9111), which also
/// applies to proxies.
fn may_be_transformed(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let directives = headers.get_all(header::CACHE_CONTROL);
    !directives
        .iter()
        .any(|value| value.as_bytes().ends_with(b"no-transform"))
}
