//! The state of every handler.

use std::sync::Arc;

use axum::extract::FromRef;
use ipnet::IpNet;
use reelroom_service::{Service, SessionToken};

use crate::{
    client_ip::TrustedProxies, delivery::Delivery, events::Feed, limits::Limits, quota::Quota,
    requests::Requests,
};

/// The state of every handler.
#[derive(Clone)]
pub struct ServerState {
    /// The use cases.
    pub service: Service,
    /// The proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: TrustedProxies,
    /// The sender of the bytes of copies.
    pub delivery: Delivery,
    /// The events for open pages.
    pub(crate) feed: Feed,
    /// The open event streams of each session.
    pub(crate) streams: Quota<SessionToken>,
    /// The times of requests.
    pub(crate) requests: Requests,
    /// The networks that may read the metrics, beside this machine.
    pub metrics_from: Arc<[IpNet]>,
}

impl ServerState {
    /// The state with default limits; to be called inside a Tokio runtime.
    pub fn new(service: Service, trusted_proxies: TrustedProxies) -> Self {
        Self {
            feed: Feed::start(&service),
            service,
            trusted_proxies,
            delivery: Delivery::Direct,
            streams: Quota::new(usize::MAX, Limits::default().streams_per_session),
            requests: Requests::default(),
            metrics_from: Arc::default(),
        }
    }

    /// Changes the limits.
    #[must_use]
    pub fn with_limits(mut self, limits: &Limits) -> Self {
        self.streams = Quota::new(usize::MAX, limits.streams_per_session);
        self
    }
}

impl FromRef<ServerState> for Service {
    fn from_ref(state: &ServerState) -> Self {
        state.service.clone()
    }
}

impl FromRef<ServerState> for Delivery {
    fn from_ref(state: &ServerState) -> Self {
        state.delivery
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
