//! The client, and the two calls that record.

use std::time::Duration;

use super::{
    answer,
    request::{self, App, Start},
    tls::tls,
};
use crate::outcome::Outcome;

/// The timeouts of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Name look-up, connection and TLS together.
    pub connect: Duration,
    /// The whole call, including the answer's body.
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

/// The error of making a client.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct ClientError(#[from] reqwest::Error);

/// A client of the platform. It follows no redirects, ignores proxy variables and never retries.
#[derive(Debug, Clone)]
pub struct Client {
    pub(super) http: reqwest::Client,
}

impl Client {
    /// A client with these timeouts.
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
            // Each call has its own connection: a pooled one may close during a call, and then its
            // outcome is unknown.
            .pool_max_idle_per_host(0)
            .build()?;
        Ok(Self { http })
    }

    /// Starts the recording of a room.
    pub async fn start(&self, app: &App, start: &Start<'_>) -> Outcome {
        self.call(request::start(&self.http, app, start)).await
    }

    /// Stops the recording of a room; `kind` as in its start.
    pub async fn stop(&self, app: &App, room: &str, kind: &str) -> Outcome {
        self.call(request::stop(&self.http, app, room, kind)).await
    }

    async fn call(&self, request: reqwest::RequestBuilder) -> Outcome {
        match request.send().await {
            Ok(response) => answer::read(response).await,
            Err(error) => match answer::failure(error) {
                Ok(why) => Outcome::Unknown(why),
                Err(cause) => Outcome::NotSent { cause },
            },
        }
    }
}
