//! The client, and the two calls that record.

use std::{fmt, time::Duration};

use super::{
    answer,
    request::{self, App, Start},
    tls::tls,
};
use crate::outcome::Outcome;

/// How long a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Name look-up, connection and TLS together.
    pub connect: Duration,
    /// The whole call, its answer read.
    pub whole: Duration,
}

impl Default for Timeouts {
    /// 3 s and 10 s.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            whole: Duration::from_secs(10),
        }
    }
}

/// The client could not be made.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct ClientError(#[from] reqwest::Error);

/// Calls the platform. Follows no redirect, asks no proxy variable, tries nothing twice.
#[derive(Clone)]
pub struct Client {
    pub(super) http: reqwest::Client,
    timeouts: Timeouts,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("timeouts", &self.timeouts)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client with these time-outs.
    pub fn new(timeouts: Timeouts) -> Result<Self, ClientError> {
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls())
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.whole)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .user_agent(concat!("reelroom/", env!("CARGO_PKG_VERSION")))
            // A kept connection may close under a call, and then nobody knows whether the platform
            // read it. Calls are rare: each has a connection of its own.
            .pool_max_idle_per_host(0)
            .build()?;
        Ok(Self { http, timeouts })
    }

    /// Asks for the recording of a room.
    pub async fn start(&self, app: &App, start: &Start<'_>) -> Outcome {
        self.call(request::start(&self.http, app, start)).await
    }

    /// Asks for the end of a room's recording; `kind` as at its start.
    pub async fn stop(&self, app: &App, room: &str, kind: &str) -> Outcome {
        self.call(request::stop(&self.http, app, room, kind)).await
    }

    async fn call(&self, request: reqwest::RequestBuilder) -> Outcome {
        match request.send().await {
            Ok(response) => answer::read(response).await,
            Err(error) => answer::without(error),
        }
    }
}
