//! What every handler may ask for.

use std::sync::Arc;

use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use reelroom_service::{Service, SessionToken};

use crate::{client_ip::TrustedProxies, events::Feed, limits::Limits, quota::Quota};

/// What handlers are given.
#[derive(Clone)]
pub struct ServerState {
    /// The use cases.
    pub service: Service,
    /// How pages name their assets.
    options: Arc<LeptosOptions>,
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
            .build()
            .into();
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
        LeptosOptions::clone(&state.options)
    }
}

impl FromRef<ServerState> for TrustedProxies {
    fn from_ref(state: &ServerState) -> Self {
        state.trusted_proxies.clone()
    }
}
