//! `GET /metrics`: the process, the database and the requests, for Prometheus.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{Extensions, HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use prometheus_client::{
    encoding::prometheus_text::{CONTENT_TYPE, encode},
    registry::Registry,
};

use crate::ServerState;

/// The headers of a request that a proxy passes on.
const FORWARDED: [&str; 2] = ["forwarded", "x-forwarded-for"];

/// Whether a request is from this machine or from `--metrics-from`. A proxy that is not trusted hides who sent it.
fn may_read(state: &ServerState, extensions: &Extensions, headers: &HeaderMap) -> bool {
    let proxies = &state.trusted_proxies;
    let is_forwarded = FORWARDED.iter().any(|name| headers.contains_key(*name));
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    if is_forwarded && peer.is_none_or(|ConnectInfo(peer)| !proxies.trust(peer.ip())) {
        return false;
    }
    proxies.caller(extensions, headers).is_some_and(|caller| {
        let mut readers = state.metrics_from.iter();
        caller.is_loopback() || readers.any(|network| network.contains(&caller))
    })
}

/// `GET /metrics`; 404 for everybody who may not read it.
pub(crate) async fn metrics(State(state): State<ServerState>, request: Request) -> Response {
    if !may_read(&state, request.extensions(), request.headers()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut registry = Registry::with_prefix("reelroom");
    state.service.register_metrics(&mut registry).await;
    state.requests.register(&mut registry);
    let mut text = String::new();
    match encode(&mut text, &registry) {
        Ok(()) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
