//! Every route and what it demands.

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version, header},
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};
use leptos::config::LeptosOptions;
use reelroom_service::{Service, SessionToken};
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, Predicate as _},
    },
    csrf::CsrfLayer,
    set_header::SetResponseHeaderLayer,
};

use crate::{
    Limits, assets, body, callback, client_ip::TrustedProxies, events, events::Feed, files, health,
    pages, quota::Quota, session, shown_app,
};

/// What handlers are given.
#[derive(Clone)]
pub struct ServerState {
    /// The use cases.
    pub service: Service,
    /// How pages name their assets.
    pub options: LeptosOptions,
    /// Whom to believe where a call comes from.
    pub trusted_proxies: TrustedProxies,
    /// What every open page is told.
    pub(crate) feed: Feed,
    /// The open event streams of each session.
    pub(crate) streams: Quota<SessionToken>,
}

impl ServerState {
    /// For this service; to be called where tasks can be spawned.
    pub fn new(service: Service, trusted_proxies: TrustedProxies) -> Self {
        let options = LeptosOptions::builder()
            .output_name("reelroom")
            .site_pkg_dir("pkg")
            .build();
        Self {
            feed: Feed::start(&service),
            service,
            options,
            trusted_proxies,
            streams: streams(&Limits::default()),
        }
    }

    /// With other limits than the default ones.
    #[must_use]
    pub fn with_limits(mut self, limits: &Limits) -> Self {
        self.streams = streams(limits);
        self
    }
}

fn streams(limits: &Limits) -> Quota<SessionToken> {
    Quota::new(usize::MAX, limits.streams_per_session)
}

impl FromRef<ServerState> for Service {
    fn from_ref(state: &ServerState) -> Self {
        state.service.clone()
    }
}

impl FromRef<ServerState> for Feed {
    fn from_ref(state: &ServerState) -> Self {
        state.feed.clone()
    }
}

impl FromRef<ServerState> for Quota<SessionToken> {
    fn from_ref(state: &ServerState) -> Self {
        state.streams.clone()
    }
}

impl FromRef<ServerState> for LeptosOptions {
    fn from_ref(state: &ServerState) -> Self {
        state.options.clone()
    }
}

/// The whole site.
///
/// What anybody may ask: assets, health, `/login`, and the platform's calls, which show a secret.
/// Server functions are anybody's too; each asks for itself who calls. All else is for who is
/// signed in.
pub fn router(state: ServerState) -> Router {
    let platform = Router::new()
        .route("/AR/V1/av", post(callback::file))
        .route("/AR/V1/av/{secret}", post(callback::file))
        .route("/{secret}/AR/V1/av", post(callback::file))
        .route("/AR/V1/status", post(callback::status))
        .route("/AR/V1/status/{secret}", post(callback::status))
        .route("/{secret}/AR/V1/status", post(callback::status))
        .layer(DefaultBodyLimit::disable())
        // Whatever a body does to us, its sender is told to come again, and nothing else.
        .layer(CatchPanicLayer::custom(|_| callback::not_now()));
    let signed_in = Router::new()
        .route("/events", get(events::events))
        .route("/files/{id}", get(files::file))
        .layer(from_fn(session::demand));
    let compression = CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(DefaultPredicate::new().and(may_be_transformed));
    let pages = pages::pages(&state)
        .layer(from_fn(body::whole))
        .layer(compression)
        .layer(from_fn_with_state(
            state.service.clone(),
            shown_app::name_app,
        ))
        .layer(from_fn(session::demand_for_page));
    let people = Router::new()
        .merge(signed_in)
        .merge(pages)
        .layer(from_fn_with_state(state.clone(), session::identify))
        // Rejects cross-site posts (403), also in browsers that ignore `SameSite=Lax`.
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(state.clone(), callback::astray));
    let header =
        |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    Router::new()
        .merge(people)
        .merge(platform)
        .merge(assets::routes())
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::X_FRAME_OPTIONS, "DENY"))
        .layer(header(header::REFERRER_POLICY, "same-origin"))
        // The default; public and partly cacheable responses set their own.
        .layer(header(header::CACHE_CONTROL, "no-store"))
        .layer(CatchPanicLayer::new())
        .with_state(state)
}

/// Whether an answer may be compressed. One that holds a secret says `no-transform` (RFC 9111), which
/// holds for the proxies on its way, too.
fn may_be_transformed(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let directives = headers.get_all(header::CACHE_CONTROL);
    !directives
        .iter()
        .any(|value| value.as_bytes().ends_with(b"no-transform"))
}
