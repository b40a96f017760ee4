//! For who operates it: does the process live, do database and storage answer.

use axum::{extract::State, http::StatusCode, response::IntoResponse};
use reelroom_service::Service;

/// `GET /healthz`: the process lives.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: database and storage answer.
pub(crate) async fn readyz(State(service): State<Service>) -> impl IntoResponse {
    match service.ready().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
        }
    }
}
