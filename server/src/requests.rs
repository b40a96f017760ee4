//! The number and the times of requests.

use std::{
    borrow::Cow,
    time::{Duration, Instant},
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};
use prometheus_client::{
    metrics::{family::Family, histogram::Histogram},
    registry::Registry,
};

/// The upper bounds of the time of a request in seconds.
const BOUNDS: [f64; 7] = [0.005, 0.025, 0.1, 0.5, 1.0, 5.0, 30.0];

/// A route and a class of status codes. The route is as the router spells it, without the values of its
/// parameters.
type Labels = [(&'static str, Cow<'static, str>); 2];

/// The times of requests until the headers of the response, by route and class of the status.
#[derive(Clone)]
pub(crate) struct Requests(Family<Labels, Histogram>);

impl Default for Requests {
    fn default() -> Self {
        Self(Family::new_with_constructor(|| Histogram::new(BOUNDS)))
    }
}

impl Requests {
    fn record(&self, route: Option<&MatchedPath>, status: StatusCode, took: Duration) {
        let route = route.map_or("none", MatchedPath::as_str).to_owned();
        let class = match status.as_u16() / 100 {
            1 => "1xx",
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            _ => "5xx",
        };
        let labels: Labels = [("route", route.into()), ("status", class.into())];
        self.0.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// Adds the times to `registry`.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "http_request_duration_seconds",
            "Time of a request until the headers of its response, by route and class of the status",
            self.0.clone(),
        );
    }
}

/// Records each request.
pub(crate) async fn record(
    State(requests): State<Requests>,
    request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    requests.record(route.as_ref(), response.status(), begun.elapsed());
    response
}
